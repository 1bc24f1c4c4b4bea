"""The files about property: lists of the Kadaster, the corporaties, the WOZ and the offices of the municipality."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Final

from registry.demo.field import address_cells
from registry.demo.identifiers import bsns
from registry.demo.owners import Owners, Rechthebbende
from registry.demo.registers import WOZ_YEARS, Beding, Melding, Registers, Vergunning
from registry.exports.workbook import ColumnSpec, write_table

BRK_NAME: Final = "brk.csv"
CORPORATIES_NAME: Final = "corporaties.csv"
WOZ_NAME: Final = "woz.csv"
VERGUNNINGEN_NAME: Final = "vergunningen.csv"
BEDINGEN_NAME: Final = "bedingen.csv"
MELDINGEN_NAME: Final = "meldingen.xlsx"

_BRK_HEADERS: Final = (
    "Kadastrale gemeente", "Sectie", "Perceelnummer", "Appartementsindex", "Soort object", "BAG-id", "Aard recht",
    "Aandeel", "BSN", "RSIN", "KvK-nummer", "Naam", "Aanvangsdatum", "Einddatum", "Datum inschrijving", "Aard akte",
    "Stuk", "Datum koopovereenkomst",
)  # fmt: skip
_WOZ_HEADERS: Final = ("WOZ-objectnummer", "BAG-id", "Waardepeildatum", "Ingangsdatum", "Vastgestelde waarde")
_VERGUNNING_HEADERS: Final = (
    "Zaaknummer", "BAG-id", "Soort", "Grond", "Status", "Aangevraagd op", "Besluit op", "Van", "Tot", "Gebruiksvorm",
    "BSN houder", "RSIN houder", "KvK houder", "Houder",
)  # fmt: skip
_BEDING_HEADERS: Final = (
    "Bedingnummer", "BAG-id", "Soort", "BSN debiteur", "RSIN debiteur", "Debiteur", "Schuldeiser", "Datum akte",
    "Aanvang", "Datum aanvang", "Maanden", "Gedeeltelijke verhuur toegestaan", "Doorverkoop toegestaan",
    "Ontheffing reden", "Ontheffing van",
)  # fmt: skip
_MELDING_HEADERS: Final = (
    "Meldingsnummer",
    "BAG-id",
    "Adres",
    "Datum melding",
    "Soort",
    "Onderwerp",
    "Kanaal",
    "Melder",
)
_WRONG_VALUE: Final = "-1"


def number_outsiders(owners: Owners, persons: int) -> None:
    """Give everyone who lives elsewhere a BSN that no resident has."""
    numbers = islice(iter(bsns(persons + len(owners.outsiders))), persons, None)
    for outsider, bsn in zip(owners.outsiders, numbers, strict=True):
        outsider.bsn = bsn
        if outsider.persoon is not None:
            outsider.persoon.bsn = bsn


def write_brk(folder: Path, owners: Owners) -> str:
    """Write the list of the Kadaster, one row per right and holder; the file name."""
    return _write(folder / BRK_NAME, _BRK_HEADERS, _brk_rows(owners))


def write_corporaties(folder: Path, owners: Owners) -> str:
    """Write the list of corporaties; the file name."""
    rows = ((corporatie.rsin, corporatie.kvk, corporatie.naam) for corporatie in owners.corporaties)
    return _write(folder / CORPORATIES_NAME, ("RSIN", "KvK-nummer", "Naam"), rows)


def write_woz(folder: Path, registers: Registers) -> str:
    """Write the values of every year, and one more of those that must be set aside; the file name."""
    return _write(folder / WOZ_NAME, _WOZ_HEADERS, _woz_rows(registers))


def write_vergunningen(folder: Path, vergunningen: Iterable[Vergunning]) -> str:
    """Write the permits; the file name."""
    rows = (_vergunning_row(number, vergunning) for number, vergunning in enumerate(vergunningen, 1))
    return _write(folder / VERGUNNINGEN_NAME, _VERGUNNING_HEADERS, rows)


def write_bedingen(folder: Path, bedingen: Iterable[Beding]) -> str:
    """Write the clauses; the file name."""
    rows = (_beding_row(number, beding) for number, beding in enumerate(bedingen, 1))
    return _write(folder / BEDINGEN_NAME, _BEDING_HEADERS, rows)


def write_meldingen(folder: Path, meldingen: Iterable[Melding], *, peildatum: date) -> str:
    """Write the workbook of reports, with a column that must not be read; the file name."""
    columns = [
        ColumnSpec(header, kind="date" if header == "Datum melding" else "text", width=18)
        for header in _MELDING_HEADERS
    ]
    rows = (_melding_row(number, melding) for number, melding in enumerate(meldingen, 1))
    write_table(folder / MELDINGEN_NAME, "Meldingen", columns, rows, created=datetime.combine(peildatum, time(9)))
    return MELDINGEN_NAME


def _write(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV, UTF-8 with BOM, ``;``; dates as dd-mm-jjjj."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headers)
        writer.writerows([_cell(value) for value in row] for row in rows)
    return path.name


def _cell(value: object) -> object:
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    return "" if value is None else value


def _brk_rows(owners: Owners) -> Iterator[tuple[object, ...]]:
    parcels: dict[str, int] = {}
    for recht in owners.rechten.values():
        if recht.absent:
            continue
        pand = recht.adresseerbaar_object.panden[0]
        parcel = parcels.setdefault(pand.pand_id, len(parcels) + 1)
        index = pand.objecten.index(recht.adresseerbaar_object) + 1 if len(pand.objecten) > 1 else None
        soort = "perceel" if index is None else "appartementsrecht"
        place = ("Schiedam", "A", parcel, index, soort, recht.adresseerbaar_object.adresseerbaar_object_id, "eigendom")
        if recht.vorige is not None:
            yield (*place, "1/1", *_numbers(recht.vorige), 1996, recht.inschrijving, 1996, "levering", None, None)
        share = f"1/{len(recht.houders)}"
        deed = f"Hyp4 {parcel}/{index or 0}"
        for houder in recht.houders:
            number = _misspelt(houder) if recht.wrong_number else _numbers(houder)
            begun = recht.inschrijving
            yield *place, share, *number, begun, None, begun, recht.aard, deed, recht.koopovereenkomst


def _numbers(houder: Rechthebbende) -> tuple[str, ...]:
    """BSN, RSIN, KvK and name."""
    if houder.is_bedrijf:
        return "", houder.rsin, houder.kvk, houder.naam
    return houder.number, "", "", houder.naam


def _misspelt(houder: Rechthebbende) -> tuple[str, ...]:
    return "", houder.rsin[:-1] + str((int(houder.rsin[-1]) + 1) % 10), "", houder.naam


def _woz_rows(registers: Registers) -> Iterator[tuple[object, ...]]:
    first = registers.peildatum.year - WOZ_YEARS + 1
    for number, (key, values) in enumerate(registers.woz.items(), 1):
        woz_object = f"0606{number:08d}"
        for year, waarde in enumerate(values, first):
            if waarde is not None:
                yield woz_object, key, date(year - 1, 1, 1), date(year, 1, 1), waarde
        if key in registers.woz_wrong:
            yield woz_object, key, date(first - 2, 1, 1), date(first - 1, 1, 1), _WRONG_VALUE


def _vergunning_row(number: int, vergunning: Vergunning) -> tuple[object, ...]:
    return (
        f"Z-{number:05d}",
        vergunning.adresseerbaar_object.adresseerbaar_object_id,
        vergunning.soort,
        vergunning.grond,
        vergunning.status,
        vergunning.aangevraagd_op,
        vergunning.besluit_op,
        vergunning.van,
        vergunning.tot,
        vergunning.gebruiksvorm,
        *(_numbers(vergunning.houder) if vergunning.houder is not None else ("", "", "", "")),
    )


def _beding_row(number: int, beding: Beding) -> tuple[object, ...]:
    bsn, rsin, _, naam = _numbers(beding.debiteur) if beding.debiteur is not None else ("", "", "", "")
    return (
        f"B-{number:05d}",
        beding.adresseerbaar_object.adresseerbaar_object_id,
        beding.soort,
        bsn,
        rsin,
        naam,
        "gemeente",
        beding.akte,
        "levering",
        beding.aanvang_datum,
        beding.maanden,
        "",  # the clause does not mention it: partners without a marriage would be unknown company
        "nee",
        *(beding.ontheffing or ("", "")),
    )


def _melding_row(number: int, melding: Melding) -> tuple[object, ...]:
    target = melding.adresseerbaar_object
    bag_id, adres = address_cells(target, "onbekend" if melding.adres_onbekend else "adres")[:2]
    return (
        f"M-{number:05d}",
        bag_id,
        adres,
        melding.datum,
        melding.soort,
        melding.onderwerp,
        melding.kanaal,
        "NIET-OVERNEMEN",
    )
