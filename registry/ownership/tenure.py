"""Tenure of every dwelling on a day, after the idea of CBS's A-method: who owns it is compared with who lives there.

CBS, "Eigendom woningvoorraad": the number of an owner is matched with that of a resident. What that cannot tell stays
``onbekend``; CBS's B-method, which infers from how many dwellings somebody owns, is left out on purpose.
"""

from datetime import date
from typing import Final

import polars as pl

from registry.ownership.verdict import Eigendom, verdict
from registry.store.engine import ReadConnection
from registry.store.queries.eigendom import OWNER_RIGHTS, find_persoonslijsten, read_bewoners, read_holders, read_rights
from registry.store.queries.runs import imported_sources

OBJECT = "adresseerbaar_object_id"
TENURE = pl.Schema(
    {
        OBJECT: pl.String(),
        "eigendom": pl.String(),  # a value of Eigendom
        "reden": pl.String(),  # Dutch: why
        "eigenaren": pl.List(pl.String()),  # keys of rechthebbenden who certainly owned it on the day
    }
)
# Flags of an object with which nobody can say whose it is.
_CONFLICTS: Final = ("meer_dan_een_hele_eigenaar", "aandelen_boven_een")


def read_tenure(
    connection: ReadConnection,
    *,
    op: date,
    known: int,
    objects: pl.DataFrame,
    sources: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The tenure of dwellings on a day, as known just after a run (schema ``TENURE``).

    Args:
        connection: where to read.
        op: the day.
        known: a run number.
        objects: the wanted dwellings, column ``adresseerbaar_object_id``.
        sources: what ``imported_sources`` gives, for who read it already.
    """
    if sources is None:
        sources = imported_sources(connection, known=known)
    ids = objects[OBJECT].unique()
    only = ids[0] if len(ids) == 1 else None
    persons = find_persoonslijsten(connection, known=known, only=only)
    return derive_tenure(
        objects,
        rights=read_rights(connection, known=known, only=only, persons=persons),
        holders=read_holders(connection, peildatum=op, known=known, only=only, persons=persons),
        bewoning=read_bewoners(connection, op=op, known=known, only=only),
        op=op,
        bronnen=frozenset(sources["bron"].to_list()),
    )


def derive_tenure(
    objects: pl.DataFrame,
    *,
    rights: pl.DataFrame,
    holders: pl.DataFrame,
    bewoning: pl.DataFrame,
    op: date,
    bronnen: frozenset[str],
) -> pl.DataFrame:
    """The tenure of each dwelling, in the order of ``objects``.

    Args:
        objects: column ``adresseerbaar_object_id``.
        rights: schema ``queries.eigendom.RIGHTS``, of any period.
        holders: schema ``queries.eigendom.HOLDERS``, as of ``op``.
        bewoning: the residents on ``op``: adresseerbaar_object_id, persoon, zekerheid.
        op: the day.
        bronnen: the sources that were ever imported.
    """
    owners = owners_on(rights, op).join(
        holders.select(
            "rechthebbende", "type", "rsin", "kvk", "corporatie", "vve", identified=pl.col("bsn_hash").is_not_null()
        ),
        on="rechthebbende",
        how="left",
    )
    residents = _residents(bewoning)
    counted = residents.group_by(OBJECT).agg(residents=pl.col("certain_resident").sum(), possible_residents=pl.len())
    facts = (
        objects.select(OBJECT)
        .unique(OBJECT, maintain_order=True)
        .join(_per_dwelling(owners.join(residents, on=[OBJECT, "persoon"], how="left")), on=OBJECT, how="left",
              maintain_order="left")
        .join(counted, on=OBJECT, how="left", maintain_order="left")
        .with_columns(pl.col(pl.Boolean).fill_null(value=False))
        .with_columns(pl.col("residents", "possible_residents", "owners").fill_null(0))
    )  # fmt: skip
    return facts.with_columns(verdict(op, bronnen)).unnest("verdict").select(TENURE.names()).cast(TENURE)


def owners_on(rights: pl.DataFrame, op: date) -> pl.DataFrame:
    """The rights of ownership on a day, with ``certain``: false when an imprecise date leaves it open.

    Where a dwelling stands on leased ground, whoever holds the lease owns it; the owner of the ground does not count.
    """
    day = pl.lit(op)
    possible = (pl.col("valid_from_eerste").is_null() | (pl.col("valid_from_eerste") <= day)) & (
        pl.col("valid_until_laatste").is_null() | (pl.col("valid_until_laatste") > day)
    )
    # A begin of which not even the last possible day is known had come when the right was delivered.
    begun = pl.col("valid_from_laatste").is_null() | (pl.col("valid_from_laatste") <= day)
    lasting = pl.col("valid_until_eerste").is_null() | (pl.col("valid_until_eerste") > day)
    held = rights.filter(pl.col("aard_recht").is_in(OWNER_RIGHTS) & possible).with_columns(certain=begun & lasting)
    lease = pl.col("aard_recht") != "eigenaar"
    leased = held.filter(lease).select(OBJECT).unique()
    return pl.concat([held.filter(lease), held.filter(~lease).join(leased, on=OBJECT, how="anti")])


def _residents(bewoning: pl.DataFrame) -> pl.DataFrame:
    """Who lives where, once each: certainly when any of the rows is certain."""
    told = bewoning.select(OBJECT, "persoon", certain_resident=pl.col("zekerheid") == "zeker")
    once = pl.struct(OBJECT, "persoon").is_unique()
    # Hardly anybody stands somewhere twice: grouping everybody would cost more than all else here.
    twice = told.filter(~once).group_by(OBJECT, "persoon").agg(pl.col("certain_resident").any())
    return pl.concat([told.filter(once), twice])


def _per_dwelling(owners: pl.DataFrame) -> pl.DataFrame:
    """What counts of the owners of each dwelling.

    A dwelling with one owner, as most have, needs no grouping: that is half the work of a whole stock.
    """
    told = owners.select(OBJECT, "rechthebbende", **_of_one_owner())
    alone = pl.col(OBJECT).is_unique()
    one = told.filter(alone).select(
        OBJECT,
        *_ANY,
        *_ALL,
        owners=pl.col("certain").cast(pl.UInt32),
        eigenaren=pl.when("certain").then(pl.concat_list("rechthebbende")).otherwise(pl.lit([], pl.List(pl.String))),
    )
    certainly = pl.col("rechthebbende").filter("certain").unique()
    more = (
        told.filter(~alone)
        .group_by(OBJECT)
        .agg(pl.col(_ANY).any(), pl.col(_ALL).all(), owners=certainly.len(), eigenaren=certainly.sort())
    )
    return pl.concat([one, more])


_ANY: Final = (
    "doubtful",
    "owner_lives_there",
    "owner_may_live_there",
    "unmatched",
    "some_kind_unknown",
    "corporatie_unknown",
    "some_corporatie",
    "some_vve",
    "conflict",
    "incomplete",
)
_ALL: Final = ("all_natural", "all_corporatie", "all_vve", "all_legal")


def _of_one_owner() -> dict[str, pl.Expr]:
    """What each owner tells, never null: of a dwelling it holds when any owner says so (``all_``: when all do)."""
    certain = pl.col("certain")
    natural = (pl.col("type") == "natuurlijk_persoon").fill_null(value=False)
    legal = (pl.col("type") == "rechtspersoon").fill_null(value=False)
    vve = pl.col("vve").fill_null(value=False)
    corporatie = pl.col("corporatie").fill_null(value=False) & ~vve
    lives_there = pl.col("certain_resident").fill_null(value=False)
    return {
        "certain": certain,
        "doubtful": ~certain,
        "owner_lives_there": certain & natural & lives_there,
        "owner_may_live_there": pl.col("certain_resident").is_not_null() & ~lives_there,
        "unmatched": natural & ~pl.col("identified").fill_null(value=False),
        "all_natural": natural,
        "all_corporatie": corporatie,
        "all_vve": vve,
        "all_legal": legal,
        "some_kind_unknown": pl.col("type").is_null(),
        # A legal person that may or may not be a corporatie: no list, or no number to look it up by.
        "corporatie_unknown": legal & pl.col("corporatie").is_null() & ~vve,
        "some_corporatie": corporatie,
        "some_vve": vve,
        "conflict": _flagged(*_CONFLICTS),
        "incomplete": _flagged("aandelen_onder_een"),
    }


def _flagged(*flags: str) -> pl.Expr:
    return pl.any_horizontal(pl.col("vlaggen").list.contains(flag).fill_null(value=False) for flag in flags)


__all__ = ["OBJECT", "TENURE", "Eigendom", "derive_tenure", "owners_on", "read_tenure"]
