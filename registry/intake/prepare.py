"""Makes a batch fit for the store: persons become pseudonyms, addresses become BAG objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from importers.issues import Level
from importers.partial_dates import first_day
from importers.records import KADASTRALE_ADRESSEN, OVERDRACHTEN, VERBLIJVEN, Protection, RecordType
from importers.source import Source
from registry.crypto import BsnCipher
from registry.domain import adres as spelling
from registry.errors import SourceRefusedError
from registry.intake.address_decisions import BESLUIT, BESLUITEN, address_form, address_text, apply_decisions
from registry.intake.kadaster import flag_future, link_kadastrale_adressen
from registry.intake.linking import link
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import read_adressen
from registry.store.queries.review import read_besluiten

_FEW = 20  # objects: their addresses are asked one by one
# What of an address can be looked up, besides the id of an object (``linking.ADRESSEN``).
_WRITTEN = ("nummeraanduiding_id", "adres", "straat", "huisnummer", "suffix", "postcode", "woonplaats")


@dataclass(frozen=True)
class Preparation:
    """What the rows of one delivery need before they can be stored.

    Attributes:
        connection: reads the addresses to link to.
        source: the source of the delivery.
        known: the last run that counts.
        cipher: makes pseudonyms and encrypts BSNs.
        keep_names: whether the municipality keeps the names of residents.
    """

    connection: ReadConnection
    source: Source
    known: int
    cipher: BsnCipher
    keep_names: bool

    @cached_property
    def kandidaten(self) -> pl.DataFrame:
        """Every address that the registry knows, with its periods."""
        return read_adressen(self.connection, known=self.known)

    @cached_property
    def besluiten(self) -> pl.DataFrame:
        """What people decided about addresses of this source."""
        return read_besluiten(self.connection, BESLUITEN, bron=self.source.name)

    def prepare(
        self, record: RecordType, frame: pl.DataFrame, leverdatum: date, headers: Mapping[str, str]
    ) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """The frame as its table holds it, and the issues that came up (schema ``ISSUE`` plus ``kandidaten``).

        Args:
            record: the kind of record.
            frame: as the importer gave it.
            leverdatum: the day on which a current address of the delivery was meant.
            headers: of the file, by field; a row that does not link is kept under them.
        """
        unlinked = None
        if record.address_day is not None or record is KADASTRALE_ADRESSEN:
            frame, unlinked = self._link(record, frame, leverdatum, headers)
        elif record is VERBLIJVEN:
            frame = self._link_verblijven(frame, leverdatum)
        elif record is OVERDRACHTEN:
            frame, unlinked = flag_future(frame, leverdatum)
        return self._protect(record, frame), unlinked

    def _protect(self, record: RecordType, frame: pl.DataFrame) -> pl.DataFrame:
        """Columns about persons as they are stored; what is not stored at all is dropped here."""
        for name in record.protected(Protection.PSEUDONYM):
            frame = frame.with_columns(self._hashed(frame, name).alias(name))
        for name in record.protected(Protection.ENCRYPTED):
            sealed = pl.Series(f"{name}_versleuteld", self.cipher.encrypt_all(frame[name].to_list()), dtype=pl.String)
            frame = frame.with_columns(sealed, self._hashed(frame, name).alias(f"{name}_hash")).drop(name)
        if not self.keep_names:
            frame = frame.with_columns(
                pl.lit(None, pl.String).alias(name) for name in record.protected(Protection.NAME)
            )
        return frame.drop(record.protected(Protection.NEVER))

    def _hashed(self, frame: pl.DataFrame, name: str) -> pl.Series:
        """A column, or every element of a column of lists, as keyed hashes."""
        values = frame[name]
        if values.dtype == pl.List:
            lists = [None if texts is None else self.cipher.hash_all(texts) for texts in values.to_list()]
            return pl.Series(name, lists, dtype=pl.List(pl.String))
        return pl.Series(name, self.cipher.hash_all(values.to_list()), dtype=pl.String)

    def _link_verblijven(self, frame: pl.DataFrame, leverdatum: date) -> pl.DataFrame:
        """Find the object of a stay that comes with an address but without its id.

        A stay that cannot be linked is kept: it still ends the one before it.
        """
        given = pl.when(pl.col("adresseerbaar_object_id").is_not_null()).then(pl.lit("adresseerbaar_object_id"))
        rows = frame.with_row_index("row_nr").with_columns(pl.col("row_nr").cast(pl.Int64), koppelniveau=given)
        missing = rows.filter(
            pl.col("adresseerbaar_object_id").is_null()
            & (pl.col("nummeraanduiding_id").is_not_null() | pl.col("huisnummer").is_not_null())
        )
        missing = missing.filter(~self._lies_elsewhere(missing))
        if missing.is_empty() or self.kandidaten.is_empty():
            return rows.drop("row_nr")
        moment = pl.when(pl.col("volgnummer") > 0).then(first_day(pl.col("datum_aanvang_adreshouding")))
        links = link(
            missing.with_columns(
                op=moment.fill_null(leverdatum),
                adres=pl.lit(None, pl.String),
                straat=pl.coalesce("naam_openbare_ruimte", "straatnaam"),
                suffix=pl.concat_str("huisletter", "huisnummertoevoeging", ignore_nulls=True),
            ),
            self.kandidaten,
        ).filter(status="gekoppeld")
        found = links.select("row_nr", "adresseerbaar_object_id", "nummeraanduiding_id", koppelniveau="level")
        return rows.update(found, on="row_nr").drop("row_nr")

    def _lies_elsewhere(self, rows: pl.DataFrame) -> pl.Expr:
        """Where the address names both a woonplaats and a postcode area (four figures) that the BAG here does not have.

        Most former addresses of residents are such; they need not be looked for.
        """
        names = {row: spelling.fold_woonplaats(row) for row in rows["woonplaats"].drop_nulls().unique()}
        other = [name for name, key in names.items() if key not in self._places]
        area = pl.col("postcode").str.extract(r"^([1-9][0-9]{3})")
        elsewhere = pl.col("woonplaats").is_in(other) & ~area.is_in(self._postcode_areas)
        return pl.col("nummeraanduiding_id").is_null() & elsewhere.fill_null(value=False)

    @cached_property
    def _places(self) -> set[str]:
        return {spelling.fold_woonplaats(name) for name in self.kandidaten["woonplaats"].drop_nulls().unique()}

    @cached_property
    def _postcode_areas(self) -> list[str]:
        return self.kandidaten["postcode"].drop_nulls().str.slice(0, 4).unique().to_list()

    def _link(
        self, record: RecordType, frame: pl.DataFrame, leverdatum: date, headers: Mapping[str, str]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Link every row as of its day; what does not link for certain is set aside with its candidates."""
        rows = frame.with_row_index("row_nr").with_columns(pl.col("row_nr").cast(pl.Int64))
        kandidaten = self._kandidaten_for(record, rows)
        if kandidaten.is_empty():
            raise SourceRefusedError(
                "Er zijn nog geen adressen om aan te koppelen. Lees eerst de BAG in: woonregister import bag BESTAND."
            )
        if record.address_day is None:
            links = link_kadastrale_adressen(rows, kandidaten, leverdatum)
        else:
            links = link(rows.with_columns(op=pl.col(record.address_day)), kandidaten)
        asked = rows.with_columns(op=leverdatum if record.address_day is None else pl.col(record.address_day))
        links = apply_decisions(links, asked, self.besluiten, kandidaten)
        found = links.filter(status="gekoppeld").select(
            "row_nr", "adresseerbaar_object_id", "nummeraanduiding_id", koppelniveau="level"
        )
        linked = rows.drop("adresseerbaar_object_id", "nummeraanduiding_id").join(found, on="row_nr").drop("row_nr")
        # A source may have columns of these names itself (the status of a permit).
        said = links.filter(pl.col("reden").is_not_null()).select(
            "row_nr", *(pl.col(name).alias(f"link_{name}") for name in ("status", "level", "reden", "kandidaten"))
        )
        remarked = rows.join(said, on="row_nr")
        return linked, self._address_issues(record, remarked, headers)

    def _kandidaten_for(self, record: RecordType, rows: pl.DataFrame) -> pl.DataFrame:
        """The addresses that can matter for these rows: of a few known objects theirs, else every one.

        A visit that is typed names its object and no address; to read a whole municipality for it would keep all who
        write waiting. Where a person has decided about addresses, any object may be meant.
        """
        ids = [] if record.address_day is None else rows["adresseerbaar_object_id"].unique().to_list()
        written = pl.any_horizontal(pl.col(name).is_not_null() for name in _WRITTEN)
        if None in ids or not 0 < len(ids) <= _FEW or rows.select(written.any()).item() or self.besluiten.height:
            return self.kandidaten
        found = [read_adressen(self.connection, known=self.known, only=one) for one in ids]
        return self.kandidaten if any(part.is_empty() for part in found) else pl.concat(found)

    def _address_issues(self, record: RecordType, remarked: pl.DataFrame, headers: Mapping[str, str]) -> pl.DataFrame:
        """Rows that were not linked are set aside; of linked ones an old address or a decision is mentioned.

        A row that a decision linked is kept too: when the decision is revoked, it waits for another one.
        """
        unlinked, decided = pl.col("link_status") != "gekoppeld", pl.col("link_level").eq_missing(pl.lit(BESLUIT))
        names = {
            column.field: headers.get(column.field) or column.headers[0]
            for column in self.source.columns
            if column.field in record.columns
        }
        kept = pl.struct(_as_cell(record, field).alias(header) for field, header in names.items())
        return remarked.select(
            level=pl.when(unlinked).then(pl.lit(Level.UITVAL.value)).otherwise(pl.lit(Level.WAARSCHUWING.value)),
            code="adres_" + pl.when(decided).then(pl.lit(BESLUIT)).otherwise("link_status"),
            text=pl.col("link_reden"),
            source_file="source_file",
            source_row="source_row",
            column=pl.lit(None, pl.String),
            original=address_text(),
            adresvorm=pl.when(unlinked | decided).then(address_form()),
            row=pl.when(unlinked | decided).then(kept.struct.json_encode()),
            kandidaten=pl.when(pl.col("link_kandidaten").list.len() > 0).then(
                pl.struct(kandidaten="link_kandidaten").struct.json_encode()
            ),
        )


def _as_cell(record: RecordType, field: str) -> pl.Expr:
    """A column as the text of a cell: a list of codes with spaces between them."""
    column = pl.col(field)
    return column.list.join(" ") if isinstance(record.columns[field].dtype, pl.List) else column.cast(pl.String)
