"""The answers in files of BRK Bevragen, each with the path that was asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers.json_files import read_documents
from importers.json_values import as_dict

_PATH = re.compile(
    r"/(?:kadastraalonroerendezaken|kadasternatuurlijkpersonen|kadasternietnatuurlijkpersonen|stukken|stukdelen)"
    r"(?:[/?].*)?$"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: where it stands (ordinal from 1), the path that was asked when the file tells, and what came."""

    source_file: str
    source_row: int
    request: str | None
    body: Any


def read_answers(path: Path) -> Iterator[Answer]:
    """Every answer of a file, zip or folder, in order.

    An answer may stand in an envelope ``{"request": path, "response": answer}``, as a program that asked them keeps
    them: the path tells of which object a collection is.

    Raises:
        SourceRefusedError: no JSON, too large when unpacked, or an error message instead of an answer.
    """
    for document in read_documents(path):
        request, body = None, document.content
        if "response" in body and "identificatie" not in body:
            request, body = body.get("request"), body["response"]
        for part in body if isinstance(body, list) else [body]:
            yield Answer(document.source_file, document.ordinal, _path(request, part), part)


def _path(request: object, body: Any) -> str | None:
    """The path of the question, without what stands before it: that of ``_links.self``, else of the envelope."""
    own = as_dict(as_dict(as_dict(body).get("_links")).get("self")).get("href")
    href = own if isinstance(own, str) else request
    found = _PATH.search(href) if isinstance(href, str) else None
    return found[0] if found else None
