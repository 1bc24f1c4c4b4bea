"""What a person or the FG is handed: everything about one person, and the access log, as a workbook or as JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from registry import clock
from registry.domain.partial_dates import PartialDate
from registry.errors import InvalidDateError
from registry.exports.cells import ColumnSpec, Kind, Sheet
from registry.exports.files import replacing
from registry.exports.notes import Notes
from registry.exports.workbook import write_workbook
from registry.privacy.retention import shipped_terms, terms_on
from registry.privacy.subjects import Inzage
from registry.store.engine import to_json
from registry.store.queries.access import SealedAccess

_REMARKS = (
    "Dit is alles wat deze registratie over u bewaart (AVG art. 15). Waar 'iemand anders' staat, is dat een ander.",
    "Een signaal is geen besluit: een medewerker beoordeelt elk signaal. U kunt onjuiste gegevens laten verbeteren.",
)
TECHNICAL_COLUMNS: Mapping[str, str] = {
    "valid_from": "geldig vanaf",
    "valid_until": "geldig tot",
    "recorded_run_id": "ingelezen in run",
    "superseded_run_id": "vervangen in run",
    "source_file": "bronbestand",
    "source_row": "regel in het bestand",
}
"""What the registry adds to each row, in words for the person whom it is about."""
_BRP_DAY = re.compile(r"\d{8}")
_TEXT = frozenset({"huisnummer"})  # numbers that nobody counts with
_SHEET_NAME = 31  # characters that Excel allows
LOG_COLUMNS: Mapping[str, str] = {
    "volgnummer": "plaats in het toegangslog",
    "tijdstip": "wanneer",
    "gebruiker": "wie",
    "rol": "in welke rol",
    "handeling": "wat er werd gedaan",
    "verwerking": "verwerking in het register van verwerkingsactiviteiten",
    "grondslag": "grondslag op die dag",
    "zaak": "voor welke zaak",
    "adresseerbaar_object_id": "woning",
    "regel": "regel",
    "toelichting": "filters of reden",
    "aantal": "aantal betrokkenen",
    "status": "Ok of Error",
}


def write_inzage(path: Path, inzage: Inzage, *, made_by: str) -> int:
    """Write everything about one person; the number of rows. A name that ends in .json gives JSON.

    Raises:
        ExportError: the file cannot be written.
    """
    parts = dict(_parts(inzage))
    if path.suffix.lower() == ".json":
        content = {"gemaakt": inzage.gemaakt, "beperkt": inzage.beperkt} | parts
        with replacing(path) as temporary:
            temporary.write_text(to_json(content) + "\n", encoding="utf-8")
        return sum(len(rows) for rows in parts.values())
    sheets = [_sheet(name, rows) for name, rows in parts.items()]
    notes = Notes("Inzage in uw gegevens", made_by, inzage.gemaakt, remarks=_REMARKS)
    return sum(write_workbook(path, sheets, created=inzage.gemaakt, notes=notes).values())


def write_access_log(path: Path, rows: Sequence[Mapping[str, Any]], *, made_by: str, made_at: datetime) -> int:
    """Write rows of the access log for the FG; how many.

    Raises:
        ExportError: the file cannot be written.
    """
    sheet = _sheet("Toegangslog", rows, columns=LOG_COLUMNS)
    notes = Notes("Toegangslog", made_by, made_at)
    return write_workbook(path, [sheet], created=made_at, notes=notes)[sheet.title]


def log_row(row: SealedAccess) -> dict[str, Any]:
    """A row of the access log with the columns of ``LOG_COLUMNS``, the moment in Dutch time."""
    said: dict[str, Any] = {name: getattr(row.access, name, None) for name in LOG_COLUMNS}
    moment = row.access.tijdstip.astimezone(clock.AMSTERDAM).replace(tzinfo=None)
    return said | {"volgnummer": row.volgnummer, "tijdstip": moment}


def _parts(inzage: Inzage) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield from inzage.tabellen.items()
    yield "signalen over uw woning", inzage.signalen
    yield "wie uw gegevens zag", inzage.toegangen
    yield (
        "hoe lang wij bewaren",
        [
            {
                "gegevens": one.naam,
                "termijn": "nog vast te stellen" if one.maanden is None else f"{one.maanden} maanden",
                "vanaf": one.vanaf,
                "grond": one.bron,
            }
            for one in terms_on(shipped_terms(), inzage.gemaakt.date())
        ],
    )


def _sheet(title: str, rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str] | None = None) -> Sheet:
    names = list(columns or dict.fromkeys(name for row in rows for name in row)) or ["inhoud"]
    specs = [
        ColumnSpec(
            TECHNICAL_COLUMNS.get(name, name if columns else name.replace("_", " ")), _kind(rows, name),
            help=(columns or {}).get(name, ""),
        ) for name in names
    ]  # fmt: skip
    values = [[told(name, row.get(name)) for name in names] for row in rows]
    return Sheet(title[:_SHEET_NAME], specs, values, empty_text="Hierover is niets bewaard.")


def _kind(rows: Sequence[Mapping[str, Any]], name: str) -> Kind:
    types = {type(row[name]) for row in rows if row.get(name) is not None}
    kinds: dict[type, Kind] = {datetime: "datetime", date: "date", bool: "boolean", int: "integer", float: "decimal"}
    return kinds.get(types.pop(), "text") if len(types) == 1 and name not in _TEXT else "text"


def told(name: str, value: object) -> object:
    """A value of a column as its person reads it: a day of the BRP (``19430109``, ``19430000``) as people write it."""
    if isinstance(value, datetime):
        return clock.to_local(value) if value.tzinfo else value
    if isinstance(value, str) and "datum" in name and _BRP_DAY.fullmatch(value):
        try:
            return PartialDate.parse(value).dutch()
        except InvalidDateError:  # then it is told as it came
            return value
    return value
