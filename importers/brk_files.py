"""Files with answers of BRK Bevragen: JSON with one answer or a list of them, JSON lines, or a zip of such files."""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from registry.errors import SourceRefusedError

Json = Any
_SUFFIXES = (".json", ".jsonl", ".ndjson")
_MAX_UNPACKED = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: where it stands (ordinal from 1), the path that was asked when the file tells, and what came."""

    source_file: str
    source_row: int
    request: str | None
    body: Json


def holds_answers(path: Path) -> bool:
    """Whether a file holds JSON, by itself or zipped; a workbook is a zip without."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(name.lower().endswith(_SUFFIXES) for name in archive.namelist())
        with path.open("rb") as stream:
            return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceRefusedError(f"Het bestand {path.name} is niet te openen. Lever het opnieuw aan.") from error


def read_answers(path: Path) -> Iterator[Answer]:
    """Every answer of a file, in order.

    An answer may stand in an envelope ``{"request": path, "response": answer}``, as a program that asked them keeps
    them: the path tells of which object a collection is.

    Raises:
        SourceRefusedError: no JSON, or too large when unpacked.
    """
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            yield from _numbered(path.name, _documents(stream, path.name))
        return
    with zipfile.ZipFile(path) as archive:
        members = sorted(
            (member for member in archive.infolist() if member.filename.lower().endswith(_SUFFIXES)),
            key=lambda member: member.filename,
        )
        if sum(member.file_size for member in members) > _MAX_UNPACKED:
            raise SourceRefusedError(f"De inhoud van {path.name} is uitgepakt te groot. Lever haar in delen aan.")
        for member in members:
            with archive.open(member) as stream:
                yield from _numbered(member.filename, _documents(stream, member.filename))


def _documents(stream: IO[bytes], name: str) -> Iterator[Json]:
    """Each JSON document: one per line, or one that fills the file."""
    first = stream.readline()
    try:
        document = json.loads(first.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        yield _load(first + stream.read(), name)
        return
    yield document
    for number, line in enumerate(stream, start=2):
        if line.strip():
            yield _load(line, name, f" (regel {number})")


def _load(text: bytes, name: str, where: str = "") -> Json:
    try:
        return json.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        # The text of the error may repeat a part of the file, and so a number of a person: only its place is told.
        place = f"positie {error.start if isinstance(error, UnicodeDecodeError) else error.pos}"
        raise SourceRefusedError(
            f"{name}{where} is geen JSON ({place}). Lever de antwoorden van BRK Bevragen onbewerkt aan."
        ) from None


def _numbered(name: str, documents: Iterator[Json]) -> Iterator[Answer]:
    number = 0
    for document in documents:
        for body in document if isinstance(document, list) else [document]:
            number += 1
            request = None
            answer = body
            if isinstance(body, dict) and "response" in body and "identificatie" not in body:
                request, answer = body.get("request"), body["response"]
            for part in answer if isinstance(answer, list) else [answer]:
                yield Answer(name, number, _path(request, part), part)


def _path(request: object, body: Json) -> str | None:
    """The path of the question, without what stands before it: that of the envelope, else of ``_links.self``."""
    links = body.get("_links") if isinstance(body, dict) else None
    own = links.get("self", {}).get("href") if isinstance(links, dict) and isinstance(links.get("self"), dict) else None
    href = own if isinstance(own, str) else request
    if not isinstance(href, str):
        return None
    found = re.search(
        r"/(?:kadastraalonroerendezaken|kadasternatuurlijkpersonen|kadasternietnatuurlijkpersonen|stukken|stukdelen)"
        r"(?:[/?].*)?$",
        href,
    )
    return found[0] if found else None
