"""Writes small deliveries of a town with two dwellings, takes them in, and reads what the registry believes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa
from bag_files import CODES, extract_tree, object_xml, write_zip

from importers.source import Levering
from registry.crypto import BsnCipher
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.store.engine import ReadConnection, Store
from registry.store.queries.runs import imported_sources
from registry.store.queries.versions import read_versions
from registry.store.tables import metadata

DWELLINGS = ("0606010000000001", "0606010000000002")
NUMBERS = ("0606200000000001", "0606200000000002")
PEOPLE = (("8940402024", "999993653"), ("8320968431", "999990639"), ("1234567899", "999991103"))
HISTORY = [table for table in metadata.sorted_tables if table.info.get("key")]


@dataclass(frozen=True, slots=True)
class Voorkomen:
    """One voorkomen of a dwelling, as a generated history has it."""

    dwelling: int
    number: int
    van: str
    tot: str | None
    oppervlakte: int


def bag(folder: Path, stand: str, voorkomens: Sequence[Voorkomen]) -> Path:
    """A whole extract: one street, an address per dwelling, and these voorkomens."""
    objects: dict[str, list[str]] = {code: [] for code in CODES}
    for code in ("WPL", "OPR", "PND"):
        objects[code] = [object_xml(code)]
    objects["NUM"] = [
        object_xml("NUM", identificatie=number, huisnummer=12 + place) for place, number in enumerate(NUMBERS)
    ]
    objects["VBO"] = [voorkomen_xml(one) for one in voorkomens]
    return write_zip(folder / f"BAGGEM0606L-{stand}.zip", extract_tree(objects, stand=stand))


def voorkomen_xml(one: Voorkomen) -> str:
    """The voorkomen as the extract writes it; what the LV recorded follows from its days."""
    ended = None if one.tot is None else f"{one.tot}T12:00:00.000"
    return object_xml(
        "VBO",
        identificatie=DWELLINGS[one.dwelling],
        hoofdadres=NUMBERS[one.dwelling],
        voorkomenidentificatie=one.number,
        oppervlakte=one.oppervlakte,
        beginGeldigheid=one.van,
        eindGeldigheid=one.tot,
        tijdstipRegistratie=f"{one.van}T10:00:00.000",
        tijdstipRegistratieLV=f"{one.van}T10:00:00.000",
        eindRegistratie=ended,
        tijdstipEindRegistratieLV=ended,
    )


def brp(folder: Path, homes: Mapping[int, tuple[int, str]]) -> Path:
    """Persons with the dwelling where they live and since when."""
    headers = ("01.01.10", "01.01.20", "07.67.10", "07.67.20", "08.10.10", "08.10.30", "08.11.80", "08.11.90")
    lines = [";".join(headers)]
    for person, (dwelling, since) in sorted(homes.items()):
        lines.append(";".join((*PEOPLE[person], "", "", "W", since, DWELLINGS[dwelling], NUMBERS[dwelling])))
    path = folder / "brp.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return path


def vaststellingen(folder: Path, facts: Mapping[int, tuple[int, int]]) -> Path:
    """By number: the dwelling and its measured area."""
    lines = ["Vaststellingnummer;BAG-id;Feit;Waarde;Van;Bewijs"]
    lines += [
        f"V{number};{DWELLINGS[dwelling]};gemeten oppervlakte;{area};2026-01-02;rapport"
        for number, (dwelling, area) in sorted(facts.items())
    ]
    path = folder / "vaststellingen.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def take(
    store: Store, cipher: BsnCipher, bron: str, path: Path, day: date | None = None, *, levering: Levering | None = None
) -> ImportResult:
    """Import a file."""
    return run_import(store, ImportRequest(bron, path, day, levering), cipher=cipher)


def believed(connection: ReadConnection, known: int) -> dict[str, pl.DataFrame]:
    """What every table with history says as known just after a run, and which sources count."""
    found = {table.name: _plain(read_versions(connection, table, _compared(table), known=known)) for table in HISTORY}
    return found | {"bronnen": imported_sources(connection, known=known).sort("bron", "levering")}


def _compared(table: sa.Table) -> list[str]:
    """Ciphertext and provenance may differ where the fact does not."""
    uncompared = table.info["uncompared"] | {"run_id"}
    return [column.name for column in table.columns if column.name not in uncompared]


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in a fixed order, lists as text."""
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    flat = frame.with_columns(pl.col(name).list.join("|") for name in lists)
    return flat.sort(flat.columns, nulls_last=True)


def same(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> list[str]:
    """The tables in which two beliefs differ."""
    return [name for name in one if not one[name].equals(other[name])]


def all_rows(connection: ReadConnection) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Every version that was ever recorded, by table and row, without the one column that may change."""
    rows = {}
    for table in HISTORY:
        columns = [column for column in table.columns if column.name != "superseded_run_id"]
        for row in connection.execute(sa.select(*columns)):
            rows[table.name, row.id] = tuple(row)
    return rows
