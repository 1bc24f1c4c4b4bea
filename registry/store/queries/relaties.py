"""Who is family of whom, on a peildatum and as known at a run: by the keyed BSN of the persons in the BRP.

A person is known by the key of the persoonslijst; who has none here (an owner who lives elsewhere) by the key of the
rechthebbende; and who has neither (a parent who lives elsewhere, by whom others are related) by the keyed BSN.
"""

from datetime import date

import polars as pl
import sqlalchemy as sa

from importers.partial_dates import first_day, last_day
from registry.store.engine import ReadConnection
from registry.store.history import known_at
from registry.store.queries.family import derive_relaties
from registry.store.queries.spans import Only, is_of
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.types import one_of
from rules import facts

_LINK = (
    "persoonslijst", "relatie", "gerelateerde", "datum_aanvang", "ingangsdatum_geldigheid", "datum_einde",
    "in_onderzoek",
)  # fmt: skip
_STEPS = 3  # parent of a parent of a partner: no relation to the second degree takes more links
_PART = 250_000  # values per condition
_FEW = 1_000  # sooner compared as texts than joined as frames


def read_relaties(connection: ReadConnection, *, peildatum: date, known: int, only: Only | None = None) -> pl.DataFrame:
    """The proven relations (schema ``facts.RELATIES``); of some objects those of everyone who ever lived there.

    A relation counts when its begin is certain and past, its end is not possibly past, no investigation into it is
    open, and the last delivery of the persoonslijst still held it.
    """
    if only is None:
        links = _read_links(connection, known)
        people, owners = _read_people(connection, known), _read_owners(connection, known)
    else:
        links, people, owners = _read_around(connection, only, known)
    nodes = people.filter(pl.col("bsn_hash").is_not_null())
    of_list = links.join(nodes, on="persoonslijst", how="left")
    proven = of_list.filter(_is_proven(peildatum)).select(
        persoon=pl.coalesce("bsn_hash", "persoonslijst"), andere="gerelateerde", relatie="relatie"
    )
    found = derive_relaties(proven)
    keys = _keys(people, owners)
    named = found.with_columns(pl.col("persoon", "andere_persoon").replace(keys["node"], keys["key"]))
    return named.unique().sort("persoon", "andere_persoon", "relatie").cast(facts.RELATIES)


def _is_proven(peildatum: date) -> pl.Expr:
    begun = pl.coalesce(last_day(pl.col("datum_aanvang")), last_day(pl.col("ingangsdatum_geldigheid"))) <= peildatum
    lasts = pl.col("datum_einde").is_null() | (first_day(pl.col("datum_einde")) > peildatum)
    return begun & lasts & ~pl.col("in_onderzoek")


def _keys(people: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """Node (keyed BSN, or persoonslijst without one) -> key of a person in the record frames."""
    own = people.select(node=pl.coalesce("bsn_hash", "persoonslijst"), key="persoonslijst")
    elsewhere = owners.select(node="bsn_hash", key="rechthebbende").drop_nulls()
    return pl.concat([own, elsewhere]).unique("node", keep="first", maintain_order=True)


def _read_links(connection: ReadConnection, known: int, where: sa.ColumnElement[bool] | None = None) -> pl.DataFrame:
    table = registers.relaties
    still = table.c.gone_since_run_id.is_(None)
    condition = still if where is None else sa.and_(still, where)
    return read_versions(connection, table, _LINK, known=known, where=condition)


def _read_people(connection: ReadConnection, known: int, where: sa.ColumnElement[bool] | None = None) -> pl.DataFrame:
    return read_versions(
        connection, registers.persoonslijsten, ("persoonslijst", "bsn_hash"), known=known, where=where
    ).sort("persoonslijst")


def _read_owners(connection: ReadConnection, known: int, where: sa.ColumnElement[bool] | None = None) -> pl.DataFrame:
    return read_versions(
        connection, registers.rechthebbenden, ("rechthebbende", "bsn_hash"), known=known, where=where
    ).sort("rechthebbende")


def _read_around(connection: ReadConnection, only: Only, known: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Links, people and owners within ``_STEPS`` links of everyone who ever lived in an object."""
    bewoning, relaties, lijsten = registers.bewoning, registers.relaties, registers.persoonslijsten
    keyed = registers.rechthebbenden.c.bsn_hash
    # The first link of a span is that of nearly everybody: the database finds them without a list of who they are.
    residents = sa.select(bewoning.c.persoonslijst).where(
        known_at(bewoning, known), is_of(bewoning.c.adresseerbaar_object_id, only)
    )
    theirs = sa.select(lijsten.c.bsn_hash).where(known_at(lijsten, known), lijsten.c.persoonslijst.in_(residents))
    first = _read_people(connection, known, lijsten.c.persoonslijst.in_(residents))
    links = pl.concat([
        _read_links(connection, known, relaties.c.persoonslijst.in_(residents)),
        _read_links(connection, known, relaties.c.gerelateerde.in_(theirs)),
    ]).unique()  # fmt: skip
    doubles = _read_people(connection, known, lijsten.c.bsn_hash.in_(theirs))
    links, people = _follow(connection, known, first, doubles, links)
    hashes = _others(pl.concat([people["bsn_hash"], links["gerelateerde"]]), first["bsn_hash"])
    conditions = (keyed.in_(theirs), *_in_parts(keyed, hashes))
    return links, people, pl.concat([_read_owners(connection, known, each) for each in conditions])


def _follow(
    connection: ReadConnection, known: int, first: pl.DataFrame, doubles: pl.DataFrame, links: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The links and people up to ``_STEPS`` links away; nobody is asked for twice.

    Args:
        connection: where to read.
        known: the last run that counts.
        first: people, whose links are
        links: these.
        doubles: whoever has a BSN of ``first``.
    """
    relaties, lijsten = registers.relaties, registers.persoonslijsten
    asked_lists, asked_hashes = first["persoonslijst"], first["bsn_hash"]
    named_hashes, people = asked_hashes, pl.concat([first, doubles]).unique()
    for step in range(_STEPS):
        if step:
            lists = _others(pl.concat([people["persoonslijst"], links["persoonslijst"]]), asked_lists)
            hashes = _others(pl.concat([people["bsn_hash"], links["gerelateerde"]]), asked_hashes)
            asked = (*_in_parts(relaties.c.persoonslijst, lists), *_in_parts(relaties.c.gerelateerde, hashes))
            if not asked:
                break
            links = pl.concat([links, *(_read_links(connection, known, each) for each in asked)]).unique()
            asked_lists, asked_hashes = pl.concat([asked_lists, lists]), pl.concat([asked_hashes, hashes])
        named = _others(links["gerelateerde"], named_hashes)
        unknown = _others(links["persoonslijst"], people["persoonslijst"])
        asked = (*_in_parts(lijsten.c.persoonslijst, unknown), *_in_parts(lijsten.c.bsn_hash, named))
        people = pl.concat([people, *(_read_people(connection, known, each) for each in asked)]).unique()
        named_hashes = pl.concat([named_hashes, named])
    return links, people.sort("persoonslijst")


def _others(values: pl.Series, seen: pl.Series) -> pl.Series:
    """The different values that were not seen before, in order."""
    if values.len() < _FEW:
        return pl.Series("value", sorted({*values.drop_nulls()}.difference(seen)), dtype=pl.String)
    different = values.drop_nulls().unique().to_frame("value")
    return different.join(seen.to_frame("value"), on="value", how="anti")["value"].sort()


def _in_parts(column: sa.ColumnElement[str], values: pl.Series) -> list[sa.ColumnElement[bool]]:
    """Conditions that together say ``column IN values`` (sorted texts), without a parameter per value."""
    return [column.in_(one_of(values.slice(start, _PART).to_list())) for start in range(0, values.len(), _PART)]
