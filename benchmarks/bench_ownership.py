"""Ten years of ownership and WOZ of 40,000 dwellings, from file to tenure and portfolios.

The peer is the standard library alone, on the same files: ``csv`` for the lists, ``json`` for the answers. It only
parses; we also check, link, encrypt, compare with what is known and write to SQLite.
"""

import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from importers.records import NUMMERAANDUIDINGEN, OPENBARE_RUIMTEN, VERBLIJFSOBJECTEN, WOONPLAATSEN, RecordType
from registry import clock
from registry.crypto import BsnCipher, generate_keys
from registry.demo.identifiers import bsns
from registry.intake.run import ImportRequest, run_import
from registry.ownership.portfolios import read_portfolios
from registry.ownership.tenure import OBJECT, read_tenure
from registry.store.engine import Store, WriteConnection, open_store
from registry.store.history import Absence, Staging
from registry.store.queries.records import read_objecten
from registry.store.queries.runs import NewRun, finish_run, last_run, start_run
from registry.store.tables import metadata

DWELLINGS = 40_000
YEARS = range(2016, 2026)
PEILDATUM = date(2026, 1, 1)
COMPANIES = 400
_NAMED, _USED = "Naamgeving uitgegeven", "Verblijfsobject in gebruik"
_LIST = "Kadastrale aanduiding;BAG-id;Aard recht;Aandeel;BSN;RSIN;Naam;Aanvang;Einde;Inschrijving;Aard akte;Koopsom"
_WOZ = "WOZ-objectnummer;BAG-id;Waardepeildatum;Ingangsdatum;WOZ-waarde;Status;Bezwaar"


def run() -> dict[str, float | int | str]:
    """The figures, in seconds unless they say otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> dict[str, float | int | str]:
    dwellings = [f"0606010000{number:06d}" for number in range(DWELLINGS)]
    files = {
        "brk": _write(folder / "brk.csv", [_LIST, *_rights(dwellings)]),
        "woz": _write(folder / "woz.csv", [_WOZ, *_values(dwellings)]),
        "answers": _write(folder / "brk.jsonl", _answers(dwellings)),
    }
    store, cipher = open_store(f"sqlite:///{folder / 'woonregister.db'}"), BsnCipher(generate_keys())
    _insert_bag(store, dwellings)
    took: dict[str, float] = {}
    cpu: list[float] = []  # a busy machine stretches the seconds, and hardly these
    for name, path in files.items():
        bron = "brk" if name == "answers" else name
        request = ImportRequest(bron, path, PEILDATUM)
        took[name] = _timed(partial(run_import, store, request, cipher=cipher), None if name == "answers" else cpu)
        took[f"{name} again"] = _timed(partial(run_import, store, request, cipher=cipher))
        took[f"{name} peer"] = _timed(partial(_parse, path))
    with store.read() as connection:
        known = last_run(connection)
        objects = read_objecten(connection, peildatum=PEILDATUM, known=known).select(OBJECT)
        took["tenure"] = _timed(lambda: read_tenure(connection, op=PEILDATUM, known=known, objects=objects), cpu)
        took["portfolios"] = _timed(lambda: read_portfolios(connection, op=PEILDATUM, known=known).sizes())
    store.close()
    total = took["brk"] + took["woz"] + took["tenure"]
    return {
        "dwellings": DWELLINGS,
        "rows of ownership": _lines(files["brk"]),
        "rows of WOZ": _lines(files["woz"]),
        "ownership, WOZ and tenure": total,
        "the same, processor": sum(cpu),
        "bound in seconds": 30,
        **took,
        "ownership / csv": took["brk"] / took["brk peer"],
        "answers / json": took["answers"] / took["answers peer"],
    }


def _timed(work: Callable[[], object], cpu: list[float] | None = None) -> float:
    """Seconds that it took; the seconds that the processors worked on it are added to ``cpu``."""
    begin, worked = time.perf_counter(), time.process_time()
    work()
    if cpu is not None:
        cpu.append(time.process_time() - worked)
    return time.perf_counter() - begin


def _parse(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as stream:
        if path.suffix == ".csv":
            return sum(1 for _ in csv.reader(stream, delimiter=";"))
        return len([json.loads(line) for line in stream])


def _write(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream) - 1


def _rights(dwellings: list[str]) -> Iterator[str]:
    """Sales over ten years: one in ten dwellings a year, half of them to two people."""
    rng, people = Random(1), bsns(len(dwellings))  # noqa: S311 - the same sales every time, no secret
    companies = [str(number).zfill(9) for number in bsns(len(dwellings) + COMPANIES)[-COMPANIES:]]
    for place, dwelling in enumerate(dwellings):
        days = sorted(date(rng.choice(YEARS), rng.randint(1, 12), rng.randint(1, 28)) for _ in range(rng.randint(1, 2)))
        for turn, day in enumerate(days):
            end = days[turn + 1].isoformat() if turn + 1 < len(days) else ""
            buyers = rng.choice(([1], [2], [0]))[0]
            holders = [("", rng.choice(companies))] if buyers == 0 else [
                (people[(place + other * 7) % len(people)], "") for other in range(buyers)
            ]  # fmt: skip
            for bsn, rsin in holders:
                yield (
                    f"Schiedam K {place} A1;{dwelling};eigendom;1/{len(holders)};{bsn};{rsin};Naam;{day};{end};{day};"
                    f"Akte van levering;{rng.randint(90, 500)}000"
                )


def _values(dwellings: list[str]) -> Iterator[str]:
    for place, dwelling in enumerate(dwellings):
        for year in YEARS:
            yield f"0606{place:08d};{dwelling};{year}-01-01;{year + 1}-01-01;{200 + year % 100}000;01;nee"


def _answers(dwellings: list[str]) -> Iterator[str]:
    """The holders of today, as BRK Bevragen tells them."""
    people = bsns(len(dwellings))
    for place, dwelling in enumerate(dwellings):
        persoon = {"type": "ingeschreven_natuurlijk_persoon", "identificatie": people[place], "omschrijving": "Naam"}
        holder = {
            "identificatie": str(place), "type": "eigenaar", "aanvangsdatum": "2019-03-01", "persoon": persoon,
            "tenaamstelling": {"aandeel": {"teller": 1, "noemer": 1}},
        }  # fmt: skip
        yield json.dumps(
            {
                "identificatie": f"{76870000000000 + place:014d}",
                "type": "appartementsrecht",
                "koopsom": {"koopsom": 250000, "koopjaar": 2019},
                "adressen": [{"adresseerbaarObjectIdentificatie": dwelling}],
                "_embedded": {"zakelijkGerechtigden": [holder]},
            }
        )


def _insert_bag(store: Store, dwellings: list[str]) -> None:
    """Dwellings with an address each, as an import of the BAG leaves them."""
    numbers = [f"0606200000{number:06d}" for number in range(len(dwellings))]
    woonplaats, street = ["1000"], ["0606300000000001"]
    with store.write_transaction() as connection:
        new = NewRun("bag", "bag", "stand", None, "benchmark", clock.now())
        run_id = start_run(connection, new)
        for record, columns in (
            (WOONPLAATSEN, {"woonplaats_id": woonplaats, "naam": ["Schiedam"], "status": ["Woonplaats aangewezen"]}),
            (
                OPENBARE_RUIMTEN,
                {"openbare_ruimte_id": street, "naam": ["Kade"], "woonplaats_id": woonplaats, "status": [_NAMED]},
            ),
            (
                NUMMERAANDUIDINGEN,
                {"nummeraanduiding_id": numbers, "huisnummer": list(range(1, len(numbers) + 1)),
                 "openbare_ruimte_id": street * len(numbers), "postcode": ["3111AA"] * len(numbers),
                 "status": [_NAMED] * len(numbers)},
            ),
            (
                VERBLIJFSOBJECTEN,
                {"verblijfsobject_id": dwellings, "hoofdadres_id": numbers, "status": [_USED] * len(numbers),
                 "gebruiksdoelen": [["woonfunctie"]] * len(numbers), "oppervlakte": [70] * len(numbers)},
            ),
        ):  # fmt: skip
            _stage(connection, record, columns, run_id)
        finish_run(connection, run_id, status="gelukt", klaar=clock.now(), values={"leverdatum": PEILDATUM})


def _stage(connection: WriteConnection, record: RecordType, columns: Mapping[str, Sequence[Any]], run_id: int) -> None:
    size = len(next(iter(columns.values())))
    frame = pl.DataFrame(columns).with_columns(
        voorkomen=pl.lit(1), valid_from=pl.lit(date(2010, 1, 1)), source_row=pl.int_range(size)
    )
    missing = {name: dtype for name, dtype in record.schema.items() if name not in frame.columns}
    full = frame.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in missing.items())
    staging = Staging(connection, metadata.tables[record.name])
    staging.add(full)
    staging.merge(run_id, Absence.NOTHING)
