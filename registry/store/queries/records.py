"""The record frames that rules start from, as of a peildatum and as known at a run."""

from collections.abc import Callable, Collection
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.adressen import OBJECT_TABLES, read_adressen
from registry.store.queries.eigendom import eigendom_of, read_overdrachten, read_personen, read_rights
from registry.store.queries.one_object import read_object
from registry.store.queries.relaties import read_relaties
from registry.store.queries.rights import restricted_at
from registry.store.queries.runs import imported_sources
from registry.store.queries.spans import Only, is_of
from registry.store.queries.vergunningen import read_bedingen, read_ontheffingen, read_vergunningen
from registry.store.queries.versions import bag_versions, read_versions
from registry.store.queries.woz import read_woz_waarden
from registry.store.tables import registers
from rules import facts

_SINCE_ALWAYS = date.min


def read_record_frames(
    connection: ReadConnection,
    *,
    peildatum: date,
    known: int,
    only: Only | None = None,
    parts: Collection[str] | None = None,
) -> facts.RecordFrames:
    """What rules may need, for every adresseerbaar object that exists on the peildatum or only for some.

    Args:
        connection: where to read.
        peildatum: the day.
        known: the last run that counts.
        only: the wanted object or span of objects; None is all.
        parts: the frames that are wanted besides the objects (``facts.FRAMES_OF`` of a kind of case), the others stay
            empty; None is all.
    """
    sources = imported_sources(connection, known=known)
    bronnen = set(sources["bron"].to_list())
    # Vaststellingen delivered as a stand are declared complete: no COA location among them means that there is none.
    if not sources.filter(bron="vaststellingen", levering="stand").is_empty():
        bronnen.add("coa")
    readers = _readers(connection, peildatum=peildatum, known=known, only=only)
    read: dict[str, Any] = {name: make() for name, make in readers.items() if parts is None or name in parts}
    return facts.RecordFrames(
        peildatum=peildatum,
        adresseerbare_objecten=read_objecten(connection, peildatum=peildatum, known=known, only=only),
        bronnen=frozenset(bronnen),
        **read,
    )


def _readers(
    connection: ReadConnection, *, peildatum: date, known: int, only: Only | None
) -> dict[str, Callable[[], pl.DataFrame]]:
    """How each frame beside that of the objects is read."""

    def of_object(table: sa.Table, columns: Collection[str]) -> pl.DataFrame:
        return read_versions(connection, table, list(columns), known=known, where=_only(table, only))

    def relaties() -> pl.DataFrame:
        found = read_relaties(connection, peildatum=peildatum, known=known, only=only)
        return _without_restricted(connection, found, known)

    @cache
    def rights() -> pl.DataFrame:
        return read_rights(connection, known=known, only=only)

    return {
        "bewoning": lambda: _read_bewoning(connection, known=known, only=only),
        "relaties": relaties,
        "inspecties": lambda: of_object(registers.inspecties, facts.INSPECTIES),
        "vaststellingen": lambda: of_object(registers.vaststellingen, facts.VASTSTELLINGEN),
        "overdrachten": lambda: read_overdrachten(connection, known=known, only=only),
        "personen": lambda: read_personen(connection, rights(), peildatum=peildatum, known=known, only=only),
        "eigendom": lambda: eigendom_of(rights()),
        "vergunningen": lambda: read_vergunningen(connection, known=known, only=only),
        "bedingen": lambda: read_bedingen(connection, known=known, only=only),
        "ontheffingen": lambda: read_ontheffingen(connection, known=known, only=only),
        "woz_waarden": lambda: read_woz_waarden(connection, known=known, only=only),
    }


def _only(table: sa.Table, only: Only | None, column: str = "adresseerbaar_object_id") -> sa.ColumnElement[bool] | None:
    return None if only is None else is_of(table.c[column], only)


def read_objecten(connection: ReadConnection, *, peildatum: date, known: int, only: Only | None = None) -> pl.DataFrame:
    """The adresseerbare objecten of a day, or only some of them (schema ``facts.ADRESSEERBARE_OBJECTEN``)."""
    if isinstance(only, str):
        return read_object(connection, only, on=peildatum, known=known)
    parts = []
    for objecttype, table in OBJECT_TABLES.items():
        key = f"{objecttype}_id"
        own = ("gebruiksdoelen", "oppervlakte") if objecttype == "verblijfsobject" else ()
        part = bag_versions(connection, table, (key, "voorkomen", "status", *own), known=known, on=peildatum, only=only)
        if not own:
            part = part.with_columns(gebruiksdoelen=pl.lit([], pl.List(pl.String)), oppervlakte=pl.lit(None, pl.Int64))
        # Should two voorkomens overlap, the later one speaks (BAG: order by voorkomenidentificatie).
        latest = part.sort("voorkomen").unique(key, keep="last", maintain_order=True)
        parts.append(latest.rename({key: "adresseerbaar_object_id"}).with_columns(objecttype=pl.lit(objecttype)))
    objects = pl.concat(parts, how="diagonal")
    for frame in (
        _gemeenten(connection, peildatum=peildatum, known=known, only=only),
        read_gebieden(connection, peildatum=peildatum, known=known, only=only)
        .group_by("adresseerbaar_object_id")
        .agg(gebieden=pl.col("gebied_code").unique().sort()),
        _in_onderzoek(connection, peildatum=peildatum, known=known, only=only),
    ):
        objects = objects.join(frame, on="adresseerbaar_object_id", how="left")
    empty = pl.lit([], pl.List(pl.String))
    return objects.with_columns(pl.col("gebieden").fill_null(empty), pl.col("in_onderzoek").fill_null(empty)).select(
        list(facts.ADRESSEERBARE_OBJECTEN)
    )


def read_gebieden(connection: ReadConnection, *, peildatum: date, known: int, only: Only | None = None) -> pl.DataFrame:
    """In which areas each object, or one, lies on a day: adresseerbaar_object_id, gebied_code, soort."""
    columns = ("adresseerbaar_object_id", "gebied_code", "soort")
    table = registers.ligging
    return read_versions(connection, table, columns, known=known, on=peildatum, where=_only(table, only))


def _gemeenten(connection: ReadConnection, *, peildatum: date, known: int, only: Only | None) -> pl.DataFrame:
    """The gemeente of each object: by the woonplaats of its hoofdadres, else by the area in which it lies.

    The first four digits of an id are the gemeente at registration, not of today.
    """
    adressen = read_adressen(connection, known=known, on=peildatum, only=only).filter("is_hoofdadres")
    woonplaatsen = read_versions(
        connection,
        registers.gemeente_woonplaatsen,
        ("woonplaats_id", "gemeente_code"),
        known=known,
        on=peildatum,
        where=registers.gemeente_woonplaatsen.c.status == "definitief",
    )
    by_woonplaats = adressen.join(woonplaatsen, on="woonplaats_id").select(
        "adresseerbaar_object_id", gemeente="GM" + pl.col("gemeente_code")
    )
    by_area = (
        read_gebieden(connection, peildatum=peildatum, known=known, only=only)
        .filter(soort="gemeente")
        .select("adresseerbaar_object_id", gemeente="gebied_code")
    )
    return pl.concat([by_woonplaats, by_area]).unique("adresseerbaar_object_id", keep="first", maintain_order=True)


def _in_onderzoek(connection: ReadConnection, *, peildatum: date, known: int, only: Only | None) -> pl.DataFrame:
    table = registers.bag_in_onderzoek
    found = read_versions(
        connection, table, ("object_id", "kenmerk"), known=known, on=peildatum,
        where=sa.and_(
            table.c.in_onderzoek,
            table.c.eind_registratie.is_(None),
            sa.true() if only is None else is_of(table.c.object_id, only),
        ),
    )  # fmt: skip
    return (
        found.rename({"object_id": "adresseerbaar_object_id"})
        .group_by("adresseerbaar_object_id")
        .agg(in_onderzoek=pl.col("kenmerk").unique().sort())
    )


def _read_bewoning(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    """The bewoning; of some objects also where their residents lived besides, which may contradict."""
    bewoning, persoonslijsten = registers.bewoning, registers.persoonslijsten
    objects = sa.false() if only is None else is_of(bewoning.c.adresseerbaar_object_id, only)
    residents = sa.select(bewoning.c.persoonslijst).where(objects)
    columns = ("adresseerbaar_object_id", "persoonslijst", "valid_from", "valid_until", "zekerheid", "in_onderzoek")

    def theirs(table: sa.Table) -> sa.ColumnElement[bool] | None:
        return None if only is None else table.c.persoonslijst.in_(residents)

    stays = read_versions(connection, bewoning, columns, known=known, where=theirs(bewoning))
    births = read_versions(
        connection, persoonslijsten, ("persoonslijst", "geboortedatum"), known=known, where=theirs(persoonslijsten)
    )
    # Data that may only be kept decides nothing: that he lives there is possible, not certain (AVG art. 18 lid 2).
    restricted = pl.col("persoonslijst").is_in(_restricted(connection, known))
    return (
        stays.join(births, on="persoonslijst", how="left")
        .with_columns(
            valid_from=pl.when(pl.col("valid_from") > _SINCE_ALWAYS).then("valid_from"),
            zekerheid=pl.when(restricted).then(pl.lit("mogelijk")).otherwise("zekerheid"),
        )
        .rename({"persoonslijst": "persoon"})
        .select(list(facts.BEWONING))
    )


def _restricted(connection: ReadConnection, known: int) -> list[str]:
    return [str(key) for key in connection.execute(restricted_at(known)).scalars()]


def _without_restricted(connection: ReadConnection, relaties: pl.DataFrame, known: int) -> pl.DataFrame:
    """The relations of nobody whose data may only be kept."""
    restricted = _restricted(connection, known)
    return relaties.filter(~pl.col("persoon").is_in(restricted) & ~pl.col("andere_persoon").is_in(restricted))
