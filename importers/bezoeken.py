"""The field form that comes back as JSON: visits with rooms, people, statements and photos (docs/veldformulier.md).

Its visits become the same table as the rows of a workbook, so that every cell meets the same checks and what does not
fit is set aside with all that was typed. Only a file that is no field form at all is refused.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from importers.issues import ISSUE, Level, no_issues
from importers.json_files import Document, read_documents
from importers.photos import clean_photo
from importers.readers import UITVAL, Failure, Table
from importers.records import FOTOS, PROVENANCE, Batch
from importers.source import Source
from registry.errors import SourceRefusedError

FORMAAT: Final = "woonregister-veldformulier"
VERSIE: Final = 1

_Text = Annotated[str, Field(max_length=10_000)]
_Cell = _Text | int | float | bool | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ruimte(_Strict):
    """A room as measured: its floor area in m2 and the sleeping places in it."""

    naam: Annotated[str, Field(min_length=1, max_length=200)]
    oppervlakte: Annotated[float, Field(gt=0, le=100_000)] | None = None
    slaapplaatsen: Annotated[int, Field(ge=0, le=999)] | None = None


class Aangetroffen(_Strict):
    """Someone who was there, without a name: what he said of himself.

    ``sinds`` is as stated ('mei 2024'), ``huur`` in EUR per month, ``ingeschreven`` whether he said to be registered.
    """

    omschrijving: Annotated[str, Field(min_length=1, max_length=500)]
    aantal: Annotated[int, Field(ge=1, le=999)] = 1
    relatie: _Text | None = None
    sinds: _Text | None = None
    huur: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    verhuurder: _Text | None = None
    ingeschreven: bool | None = None


class Verklaring(_Strict):
    """A statement: of whom (a role, no name), in which language, through which interpreter.

    ``cautie`` says whether the right to silence was told (Awb 5:10a), which matters where a fine may follow.
    """

    van: Annotated[str, Field(min_length=1, max_length=500)]
    tekst: Annotated[str, Field(min_length=1, max_length=10_000)]
    taal: _Text
    tolk: _Text | None = None
    cautie: bool | None = None


class FormFoto(_Strict):
    """A photo in a form: the file as base64."""

    inhoud: str
    omschrijving: _Text | None = None
    plaats_en_tijd_bewaren: bool = False


class LosseFoto(FormFoto):
    """A photo that was added to a visit later."""

    inspectie: Annotated[str, Field(min_length=1, max_length=200)]


class _Veldformulier(_Strict):
    formaat: Literal["woonregister-veldformulier"]
    versie: Literal[1]
    lijst: int | None = None
    bezoeken: tuple[dict[str, Any], ...] = ()
    fotos: tuple[LosseFoto, ...] = ()


LISTS: Final[dict[str, TypeAdapter[Any]]] = {
    "ruimten": TypeAdapter(tuple[Ruimte, ...]),
    "aangetroffen": TypeAdapter(tuple[Aangetroffen, ...]),
    "verklaringen": TypeAdapter(tuple[Verklaring, ...]),
}
"""The fields that hold a list, as JSON in one cell."""

_FOTOS: Final = TypeAdapter(tuple[FormFoto, ...])
_CELL: Final[TypeAdapter[_Cell]] = TypeAdapter(_Cell)


def read_form(path: Path, source: Source) -> tuple[Table, Batch]:
    """The visits of field forms as a table of texts, and their photos.

    Args:
        path: a .json file, a zip or a folder of them.
        source: the description of inspecties.

    Raises:
        SourceRefusedError: a file is no field form of this version, or has fields that the form does not have.
    """
    fields = [column.field for column in source.columns]
    rows: list[dict[str, Any]] = []
    photos: list[dict[str, Any]] = []
    issues: list[dict[str, Any]] = []
    read = 0
    for document in read_documents(path):
        form = _parsed(document, fields)
        read += len(form.bezoeken) + len(form.fotos)
        for number, visit in enumerate(form.bezoeken, start=1):
            place = (document.source_file, number)
            rows.append(_row(visit, form.lijst, fields, place))
            _take_photos(_fotos_of(visit, place), visit.get("inspectie"), place, photos, issues)
        for number, loose in enumerate(form.fotos, start=len(form.bezoeken) + 1):
            _take_photos([loose], loose.inspectie, (document.source_file, number), photos, issues)
    schema = dict.fromkeys([*fields, UITVAL], pl.String()) | PROVENANCE
    headers = {column.field: column.headers[0] for column in source.columns}
    frame = pl.DataFrame(rows, schema=schema)
    table = Table(frame, headers, no_issues(), read, None, source.personal)
    found = pl.DataFrame(photos, schema=FOTOS.schema).unique(["inspectie", "sha256"], keep="first", maintain_order=True)
    return table, Batch(FOTOS, found, pl.DataFrame(issues, schema=ISSUE), 0)


def list_failures() -> list[Failure]:
    """Cells of ``LISTS`` that hold no such list."""
    text = (
        "'{kolom}' is geen lijst zoals het veldformulier die geeft (docs/veldformulier.md). Verbeter haar, of zet de "
        "inhoud bij de opmerkingen."
    )
    return [
        Failure(name, pl.col(name).map_elements(_refuses(adapter), return_dtype=pl.Boolean), "lijst", text)
        for name, adapter in LISTS.items()
    ]


def canonical_lists() -> list[pl.Expr]:
    """The cells of ``LISTS`` in one spelling, so that the same list compares equal; every cell passed the check."""
    return [
        pl.col(name).map_elements(_spelled(adapter), return_dtype=pl.String).alias(name)
        for name, adapter in LISTS.items()
    ]


def _refuses(adapter: TypeAdapter[Any]) -> Callable[[str], bool]:
    def refuse(text: str) -> bool:
        try:
            adapter.validate_json(text)
        except ValidationError:
            return True
        return False

    return refuse


def _spelled(adapter: TypeAdapter[Any]) -> Callable[[str], str]:
    return lambda text: adapter.dump_json(adapter.validate_json(text), exclude_none=True).decode()


def _parsed(document: Document, fields: Iterable[str]) -> _Veldformulier:
    if document.content.get("formaat") != FORMAAT or document.content.get("versie") != VERSIE:
        raise SourceRefusedError(
            f"{document.source_file} is geen veldformulier van versie {VERSIE}. Kies het bestand dat het veldformulier "
            "bewaarde."
        )
    try:
        form = _Veldformulier.model_validate(document.content)
    except ValidationError as error:
        where = " > ".join(str(part) for part in error.errors()[0]["loc"])
        raise SourceRefusedError(
            f"{document.source_file} is geen heel veldformulier: bij '{where}' staat iets anders dan in "
            "docs/veldformulier.md. Bewaar het formulier opnieuw."
        ) from error
    unknown = {name for visit in form.bezoeken for name in visit} - {*fields, "fotos"}
    if unknown:
        raise SourceRefusedError(
            f"{document.source_file} heeft velden die een bezoek niet kent: {', '.join(sorted(unknown))}. Zie "
            "docs/veldformulier.md."
        )
    return form


def _row(visit: dict[str, Any], lijst: int | None, fields: Iterable[str], place: tuple[str, int]) -> dict[str, Any]:
    given = {"lijst": lijst} | visit
    cells = {name: _text(name, given.get(name)) for name in fields}
    return cells | {UITVAL: None, "source_file": place[0], "source_row": place[1]}


def _text(name: str, value: Any) -> str | None:
    """A value of the form as the text of a cell; of a wrong kind it stays JSON and meets the check of its field."""
    if value is None or value in ("", []):
        return None
    if name == "bewijs" and isinstance(value, list):
        return " ".join(str(part) for part in value)
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _fotos_of(visit: dict[str, Any], place: tuple[str, int]) -> Iterable[FormFoto]:
    try:
        found: tuple[FormFoto, ...] = _FOTOS.validate_python(visit.get("fotos") or ())
    except ValidationError as error:
        raise SourceRefusedError(
            f"{place[0]}: de foto's van bezoek {place[1]} zijn niet te lezen. Bewaar het formulier opnieuw."
        ) from error
    if found and not visit.get("inspectie"):
        raise SourceRefusedError(
            f"{place[0]}: bezoek {place[1]} heeft foto's maar geen nummer ('inspectie'). Bewaar het formulier opnieuw."
        )
    return found


def _take_photos(
    fotos: Iterable[FormFoto],
    inspectie: Any,
    place: tuple[str, int],
    photos: list[dict[str, Any]],
    issues: list[dict[str, Any]],
) -> None:
    for foto in fotos:
        try:
            encoded = foto.inhoud.rpartition(",")[2] if foto.inhoud.startswith("data:") else foto.inhoud
            raw = base64.b64decode(encoded, validate=True)
            cleaned = clean_photo(raw, keep_place_and_time=foto.plaats_en_tijd_bewaren)
        except (SourceRefusedError, binascii.Error) as error:
            reason = str(error) if isinstance(error, SourceRefusedError) else "De foto is niet te lezen."
            issues.append(_photo_issue(reason, place))
            continue
        photos.append(
            {
                "inspectie": str(inspectie),
                "sha256": cleaned.sha256,
                "sha256_ontvangen": cleaned.sha256_received,
                "media_type": cleaned.media_type,
                "omvang": len(cleaned.content),
                "breedte": cleaned.width,
                "hoogte": cleaned.height,
                "omschrijving": foto.omschrijving,
                "gemaakt_op": cleaned.taken_at,
                "breedtegraad": cleaned.latitude,
                "lengtegraad": cleaned.longitude,
                "inhoud": cleaned.content,
                "source_file": place[0],
                "source_row": place[1],
            }
        )


def _photo_issue(reason: str, place: tuple[str, int]) -> dict[str, Any]:
    """A photo that cannot be kept: a warning, since its visit does go in."""
    return {
        "level": Level.WAARSCHUWING.value,
        "code": "foto",
        "text": f"{reason} Het bezoek is ingelezen zonder deze foto; voeg haar later toe.",
        "source_file": place[0],
        "source_row": place[1],
        "column": "fotos",
        "original": None,
        "row": None,
    }
