"""Answers of an API as a municipality saves them: one file, lines of JSON, a zip or a folder of files.

A document is one answer. Numbers with a fraction come out as they stood in the file only up to the precision of a
double; the APIs of the base registers give whole numbers.
"""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers.zip_damage import refusing_damage
from registry.errors import SourceRefusedError

_ENDINGS = (".json", ".jsonl", ".ndjson")
_MAX_BYTES = 2 * 1024**3
_MAX_RATIO, _RATIO_COUNTS_FROM = 500, 10 * 1024**2  # answers compress 10 to 60 times; a small one cannot hurt
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # not where somebody wrote a backslash and the word behind it
_NO_TEXT = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """One answer: the file that it stood in, its ordinal there (from 1), and its content."""

    source_file: str
    ordinal: int
    content: Any


def is_json(path: Path) -> bool:
    """Whether this is a folder, a zip with JSON in it, or a text that starts as JSON; a workbook is no such zip.

    Raises:
        SourceRefusedError: the file cannot be opened.
    """
    if path.is_dir():
        return True
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise SourceRefusedError(f"Het bestand {path.name} is niet te openen: {error.strerror}.") from error
    if head.startswith(b"PK"):
        return zipfile.is_zipfile(path) and bool(_members(path))
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


def read_documents(path: Path) -> Iterator[Document]:
    """Every answer, in the order of file names; a list of answers counts as several.

    Raises:
        SourceRefusedError: a file is no JSON or cannot be read, an answer is an error message, or nothing is found.
    """
    found = False
    for name, text in _texts(path):
        for ordinal, content in enumerate(_contents(name, text), start=1):
            found = True
            _refuse_errors(name, content)
            yield Document(name, ordinal, content)
    if not found:
        raise SourceRefusedError(
            f"In {path.name} staat geen antwoord (.json). Kies het bestand of de map met antwoorden."
        )


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        for member in sorted(file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS):
            yield member.relative_to(path).as_posix(), _decoded(member.name, member.read_bytes())
    elif zipfile.is_zipfile(path):
        yield from ((name, _decoded(name, raw)) for name, raw in _unpacked(path))
    else:
        yield path.name, _decoded(path.name, path.read_bytes())


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    for name in _members(path):
        with refusing_damage(lambda _: _damaged(path)), zipfile.ZipFile(path) as archive:
            info = archive.getinfo(name)
            if info.file_size > _RATIO_COUNTS_FROM and info.file_size > _MAX_RATIO * max(info.compress_size, 1):
                raise SourceRefusedError(f"{path.name}: {name} is uitgepakt veel groter dan een antwoord kan zijn.")
            if info.file_size > _MAX_BYTES:
                raise SourceRefusedError(f"{path.name}: {name} is uitgepakt groter dan 2 GB. Splits het bestand.")
            raw = archive.read(name)
        yield name, raw


def _members(path: Path) -> list[str]:
    with refusing_damage(lambda _: _damaged(path)), zipfile.ZipFile(path) as archive:
        return sorted(name for name in archive.namelist() if name.lower().endswith(_ENDINGS))


def _damaged(path: Path) -> SourceRefusedError:
    return SourceRefusedError(
        f"De zip {path.name} is beschadigd, onvolledig of met een wachtwoord beveiligd. Maak haar opnieuw."
    )


def _decoded(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceRefusedError(f"{name} is geen UTF-8. Bewaar het antwoord zoals de API het gaf.") from error


def _contents(name: str, text: str) -> Iterator[Any]:
    """The answers in one text: a JSON value, a list of them, or one per line."""
    try:
        whole = _parsed(name, text, 1)
    except json.JSONDecodeError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or (error.lineno == 1 and error.msg != "Extra data"):
            raise _unreadable(name, error.lineno) from error
        for number, line in enumerate(lines, start=1):
            try:
                yield _parsed(name, line, number)
            except json.JSONDecodeError as broken:
                raise _unreadable(name, number) from broken
        return
    yield from whole if isinstance(whole, list) else [whole]


def _parsed(name: str, text: str, line: int) -> Any:
    """The JSON value; what is no JSON stays a ``JSONDecodeError`` for the caller."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if _NO_TEXT.search(text):
            # Half a character or a nul, written as an escape: no database keeps it.
            json.dumps(value, ensure_ascii=False).encode()
            _refuse_nul(value)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError) as error:  # nested too deep, or a number of thousands of digits
        raise _unreadable(name, line) from error
    return value


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON, though the reader knows it")


def _refuse_nul(value: object) -> None:
    if _NUL.search(json.dumps(value)):
        raise ValueError("a nul in a text")


def _unreadable(name: str, line: int) -> SourceRefusedError:
    return SourceRefusedError(
        f"{name} is geen JSON (regel {line}). Het bestand is misschien niet helemaal overgekomen; haal het opnieuw op."
    )


def _refuse_errors(name: str, content: Any) -> None:
    if not isinstance(content, dict):
        raise SourceRefusedError(f"{name}: een antwoord is geen JSON-object. Bewaar het zoals de API het gaf.")
    # problem+json (RFC 7807) has these; an object of a register has neither.
    if isinstance(content.get("status"), int) and "title" in content:
        raise SourceRefusedError(
            f"{name} is een foutmelding van de API (status {content['status']}). Stel de vraag opnieuw."
        )
