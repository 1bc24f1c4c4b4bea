"""The typed frames of a synthetic gemeente, many times over, as two monthly deliveries: one per cent differs.

Every copy has identifications, persons and street names of its own. Frames are made batch by batch, so that the whole
of a large city is never in memory at once.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl

from importers import bag, brp
from importers.issues import no_issues
from importers.records import (
    NUMMERAANDUIDINGEN,
    PANDEN,
    PERSOONSLIJSTEN,
    RECORD_TYPES,
    VERBLIJFSOBJECTEN,
    VERBLIJVEN,
    WOONPLAATSEN,
    Batch,
    Delivery,
)
from importers.source import load_source
from registry.demo.manifest import read_manifest

READERS: dict[str, Callable[..., Delivery]] = {"bag": bag.read, "brp": brp.read}
_SHARED = {WOONPLAATSEN.name, "gemeente_woonplaatsen"}  # every copy lies in the same woonplaats
_PERSONS = ("persoonslijst", "gerelateerde", "a_nummer", "bsn")
_STREETS = ("straatnaam", "naam_openbare_ruimte", "verkorte_naam")
_ONE_IN = 100  # a row of so many changes
_MOVED_ON = "20261115"


class BigTown:
    """The deliveries of a gemeente that is ``copies`` times the one whose files are in a folder."""

    def __init__(self, folder: Path, copies: int, day: date) -> None:
        """Read the files of the demo once."""
        self.copies, self.day, self.files = copies, day, read_manifest(folder).bestanden
        paths = {bron: folder / self.files[bron] for bron in READERS}
        self._frames = {bron: _read(bron, path) for bron, path in paths.items()}
        self._area = {bron: READERS[bron](path, source=load_source(bron)).area for bron, path in paths.items()}

    def delivery(self, bron: str, *, changed: bool) -> Delivery:
        """The first delivery of a source, or the next one."""
        leverdatum = self.day if not changed else self.day.replace(month=self.day.month + 1)
        batches = self._batches(bron, changed=changed)
        return Delivery(leverdatum, batches, self._area[bron], levering="stand")

    def _batches(self, bron: str, *, changed: bool) -> Iterator[Batch]:
        for copy in range(self.copies):
            for name, frame in self._frames[bron].items():
                if name in _SHARED and copy:
                    continue
                own = frame if name in _SHARED else _copied(frame, name, copy)
                now = _changed(own, name) if changed else own
                yield Batch(RECORD_TYPES[name], now, no_issues(), now.height)


def _read(bron: str, path: Path) -> dict[str, pl.DataFrame]:
    found: dict[str, list[pl.DataFrame]] = {}
    for batch in READERS[bron](path, source=load_source(bron)).batches:
        found.setdefault(batch.record.name, []).append(batch.frame)
    return {name: pl.concat(parts) for name, parts in found.items()}


def _copied(frame: pl.DataFrame, name: str, copy: int) -> pl.DataFrame:
    """The same rows about other objects and persons."""

    def renumber(identification: pl.Expr) -> pl.Expr:
        whole = identification.str.len_chars() == 16  # of an object; a woonplaats has four
        other = identification.str.slice(0, 6) + f"{copy:03d}" + identification.str.slice(9)
        return pl.when(whole).then(other).otherwise(identification)

    letters = f" {chr(97 + copy // 26)}{chr(97 + copy % 26)}"
    streets = [*_STREETS, "naam"] if name == "openbare_ruimten" else _STREETS
    here = set(frame.columns)
    return frame.with_columns(
        *(renumber(pl.col(column)).alias(column) for column in here if column.endswith("_id")),
        *(pl.col(column).list.eval(renumber(pl.element())) for column in here if column.endswith("_ids")),
        *((f"{copy:02d}" + pl.col(column)).alias(column) for column in here.intersection(_PERSONS)),
        *((pl.col(column) + letters).alias(column) for column in here.intersection(streets)),
    )


def _changed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row in a hundred differs; of the persons one in a hundred moved, and one in a thousand is gone."""
    place = pl.int_range(pl.len())
    chosen = place % _ONE_IN == 0
    if name in (NUMMERAANDUIDINGEN.name, PANDEN.name):
        return frame.with_columns(documentnummer=pl.when(chosen).then(pl.lit("2026-12")).otherwise("documentnummer"))
    if name == VERBLIJFSOBJECTEN.name:
        return frame.with_columns(oppervlakte=pl.when(chosen).then(pl.col("oppervlakte") + 1).otherwise("oppervlakte"))
    if name == PERSOONSLIJSTEN.name:
        return frame.filter(place % (10 * _ONE_IN) != 1)
    return _moved(frame) if name == VERBLIJVEN.name else frame


def _moved(stays: pl.DataFrame) -> pl.DataFrame:
    """One person in a hundred lives at the address of another one now; his stays each count one further back."""
    persons = stays["persoonslijst"].unique(maintain_order=True)
    movers = persons.gather_every(_ONE_IN)
    gone = persons.gather_every(10 * _ONE_IN, offset=1)
    moves = pl.col("persoonslijst").is_in(movers.implode())
    current = stays.filter(moves, pl.col("volgnummer") == 0)
    address = ("adresseerbaar_object_id", "nummeraanduiding_id", "straatnaam", "huisnummer", "huisletter", "postcode")
    new = current.with_columns(
        *(pl.col(name).shift(-1).fill_null(pl.col(name).first()) for name in address),
        datum_aanvang_adreshouding=pl.lit(_MOVED_ON),
    )
    older = stays.with_columns(volgnummer=pl.col("volgnummer") + moves.cast(pl.Int64))
    return pl.concat([new, older]).filter(~pl.col("persoonslijst").is_in(gone.implode()))
