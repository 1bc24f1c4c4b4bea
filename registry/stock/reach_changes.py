"""The other values of a what-if: read from text, checked, and spread over the parameters that they stand for."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from registry.errors import UsageError
from registry.signals.whatif import Change, parse_changes
from rules.facts import RecordFrames
from rules.opkoopbescherming_conditions import GEBIEDEN, GRENS_MAX, GRENS_MIN
from rules.parameters import Law

# One limit in a law file is two numbers here, because some are known only as a range.
_TOGETHER: Final = {"opkoopbescherming.grens": (GRENS_MIN, GRENS_MAX)}


def law_hash(law: Law) -> str:
    """One hash of the law of every gemeente, for what holds everywhere."""
    parts = (law.hash_for(gemeente) for gemeente in [None, *sorted(law.gemeenten)])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def parse_reach_changes(texts: Sequence[str], law: Law) -> dict[str, Change]:
    """``PARAMETER=WAARDE`` as changes; ``opkoopbescherming.grens`` may be used as if it were one parameter.

    Raises:
        UsageError: as ``signals.whatif.parse_changes``.
    """
    changes: dict[str, Change] = {}
    for text in texts:
        name = text.partition("=")[0].strip()
        known = _TOGETHER.get(name, (name,))[0]
        [value] = parse_changes([text.replace(name, known, 1)], law).values()
        changes[name] = value
    return changes


def spread_changes(changes: Mapping[str, Change]) -> dict[str, Change]:
    """The changes with ``opkoopbescherming.grens`` as the two parameters that it is."""
    spread: dict[str, Change] = {}
    for name, value in changes.items():
        spread |= dict.fromkeys(_TOGETHER.get(name, (name,)), value)
    return spread


def check_changes(changes: Mapping[str, Change], frames: RecordFrames) -> None:
    """Refuse what cannot be.

    Raises:
        UsageError: a number is negative, or no dwelling lies in an area.
    """
    for name, value in changes.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and value < 0:
            raise UsageError(f"{name} kan niet kleiner zijn dan nul ({value}).")
    wanted = changes.get(GEBIEDEN)
    if isinstance(wanted, str):
        codes = {code.strip() for code in wanted.split(",")}
        held = set(frames.adresseerbare_objecten["gebieden"].explode().drop_nulls().unique())
        if absent := sorted(codes - held):
            raise UsageError(f"In deze gebieden ligt geen enkele woning: {', '.join(absent)}. Kies uit: "
                             f"{', '.join(sorted(held)[:20])}.")  # fmt: skip
