"""Log lines to stderr, never with a BSN in them: a processor masks what looks like one, also in tracebacks.

``configure_logs`` is called once, by the program that runs; modules ask ``structlog.get_logger()``. Lines of libraries
that use the standard library pass the same processors.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Any, TextIO

import structlog
from stdnum.nl import bsn

from registry import clock

MASK = "*********"
# Fields that are masked whole, whatever they hold.
PERSONAL_KEYS = frozenset({"bsn", "burgerservicenummer", "a_nummer", "anummer"})
# Nine digits, eight where the leading zero was lost, or set apart by dots, spaces or hyphens; no part of a longer
# number.
_CANDIDATE = re.compile(r"(?<![\d])(?:\d{8,9}|\d{4}[. -]\d{2}[. -]\d{3}|\d{3}[. -]\d{3}[. -]\d{3})(?![\d])")
_SEPARATORS = re.compile(r"[. -]")
_DATE_LENGTH = 8


def redact(text: str) -> str:
    """The text with every valid BSN masked."""
    return _CANDIDATE.sub(lambda found: MASK if _is_bsn(found.group()) else found.group(), text)


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: masks BSNs in keys that hold them and in every text or number, however deep."""
    return {key: MASK if key.lower() in PERSONAL_KEYS else _redact_value(value) for key, value in event.items()}


def configure_logs(*, level: str = "INFO", as_json: bool = False, stream: TextIO | None = None) -> None:
    """Set up logging for this process.

    Args:
        level: the lowest level that is shown.
        as_json: one JSON object per line, for a log collector; otherwise lines for people.
        stream: where the lines go; stderr by default, because stdout is for output.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        _add_moment,
        structlog.processors.format_exc_info,
        redact_event,
    ]
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # A migration or a file that goes well is no news, and an address that is asked may say whom it is about.
    for library in ("alembic", "pyogrio", "httpx", "httpx2", "httpcore", "urllib3"):
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _add_moment(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["timestamp"] = clock.now().isoformat(timespec="milliseconds")
    return event


def _redact_value(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: MASK if str(key).lower() in PERSONAL_KEYS else _redact_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_value(item) for item in value]
    if value is None or isinstance(value, bool | float | datetime):
        return value
    if isinstance(value, int):
        return MASK if _CANDIDATE.fullmatch(str(value)) and _is_bsn(str(value)) else value
    # Anything else is written by its text, and that is what must be clean.
    return redact(str(value))


def _is_bsn(found: str) -> bool:
    digits = _SEPARATORS.sub("", found)
    if len(digits) == _DATE_LENGTH:
        return not _is_date(digits) and bool(bsn.is_valid(digits.zfill(9)))
    return bool(bsn.is_valid(digits))


def _is_date(digits: str) -> bool:
    """Whether eight digits are a day (``JJJJMMDD``, zeros allowed for what is unknown) rather than a BSN."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return 1800 <= year <= 2199 and month <= 12 and day <= 31
