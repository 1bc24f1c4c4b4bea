"""The schema ``kaart`` of PostgreSQL: what QGIS and reports read. The registry writes it; it is never the only copy.

Migration 0004 makes the tables. With PostGIS they get real geometry columns, generated from the WKB beside them, with
a spatial index; without it everything but drawing works. SQLite has no users to keep apart: there it does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import polars as pl
import sqlalchemy as sa

from registry.errors import StoreError
from registry.store.engine import ReadConnection, Store, WriteConnection, insert_frame, read_frame, temporary_table

KAART_LOCK = 7_606_003  # filling a layer waits for another filling, not for an import
_SCHEMA: Final = sa.MetaData(schema="kaart")


def _layer(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, _SCHEMA, *columns)


def _texts(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, sa.Text()) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, sa.BigInteger()) for name in names)


def _wkb() -> sa.Column[Any]:
    return sa.Column("geometrie", sa.LargeBinary())


_STAND: Final = _layer(
    "stand", *_texts("onderdeel"), sa.Column("peildatum", sa.Date()), *_numbers("run_id"),
    sa.Column("gemaakt", sa.DateTime(timezone=True)), *_texts("toelichting"),
)  # fmt: skip
LAYERS: Final[Mapping[str, sa.Table]] = {
    table.name: table
    for table in (
        _layer("gebieden", *_texts("gebied_code", "soort", "naam"), _wkb()),
        _layer("panden", *_texts("pand_id"), *_numbers("bouwjaar", "woningen"), *_texts("gebieden"), _wkb()),
        _layer(
            "woningen",
            *_texts("adresseerbaar_object_id", "adres", "wijk", "buurt", "status", "gebruiksdoelen"),
            *_numbers("oppervlakte", "bouwjaar"),
            *_texts("bouwperiode", "woningtype"),
            *_texts("gebieden"),
            _wkb(),
        ),
        _layer(
            "signalen",
            *_numbers("signaal_id"),
            *_texts("adresseerbaar_object_id", "adres", "regel", "uitkomst", "urgentie"),
            *(sa.Column(name, sa.Date()) for name in ("periode_van", "tot", "peildatum")),
            *_texts("gebieden"),
            _wkb(),
        ),
        _layer(
            "voorraad",
            *_numbers("volgnummer"),
            *_texts("gebied_code", "gebied", "onderwerp", "klasse"),
            *_numbers("aantal"),
            sa.Column("aandeel", sa.Double()),
            sa.Column("peildatum", sa.Date()),
        ),
    )
}
_SHAPES: Final = {"gebieden": "MultiPolygon", "panden": "MultiPolygon", "woningen": "Point", "signalen": "Point"}


class PostGIS(StrEnum):
    """Whether layers can be drawn."""

    GEEN_POSTGRESQL = "de database is geen PostgreSQL"
    ONTBREEKT = "PostGIS staat niet op de databaseserver"
    UIT = "PostGIS staat op de databaseserver, maar niet aan in deze database"
    ZONDER_KOLOMMEN = "PostGIS staat aan, de lagen hebben nog geen geometrie"
    AAN = "PostGIS staat aan, en QGIS kan de lagen tekenen"


@dataclass(frozen=True, slots=True)
class LayerStand:
    """Of when a layer is."""

    onderdeel: str
    peildatum: date
    run_id: int
    gemaakt: datetime
    toelichting: str | None


def has_kaart(store: Store) -> bool:
    """Whether this database has the schema at all."""
    return store.engine.url.get_backend_name() == "postgresql"


def has_readers(connection: ReadConnection) -> bool:
    """Whether any role of the server may read the schema: without one nobody waits for what is in it."""
    readers = sa.text("SELECT count(*) FROM pg_roles WHERE rolname IN ('woonregister_veld', 'woonregister_beleid')")
    return bool(connection.execute(readers).scalar_one())


def read_stand(connection: ReadConnection) -> list[LayerStand]:
    """The layers that were ever filled."""
    return [LayerStand(*row) for row in connection.execute(sa.select(_STAND).order_by(_STAND.c.onderdeel))]


def replace_layer(connection: WriteConnection, frame: pl.DataFrame, stand: LayerStand) -> None:
    """Put a frame in the place of what a layer held; who reads it sees the old one until the transaction ends.

    Args:
        connection: where to write.
        frame: the columns of the layer.
        stand: of when it is; ``onderdeel`` names the layer.
    """
    table = LAYERS[stand.onderdeel]
    names = [column.name for column in table.columns]
    # PostgreSQL refuses COPY into a table with row-level security, to whom that applies.
    staged = temporary_table(connection, f"kaart_{table.name}", [sa.Column(c.name, c.type) for c in table.columns])
    insert_frame(connection, staged, frame.select(names))
    connection.execute(table.delete())
    connection.execute(table.insert().from_select(names, sa.select(staged)))
    connection.execute(_STAND.delete().where(_STAND.c.onderdeel == stand.onderdeel))
    values = {name: getattr(stand, name) for name in LayerStand.__dataclass_fields__}
    connection.execute(_STAND.insert().values(values))


def clear_layers(connection: WriteConnection) -> None:
    """Empty every layer: what it was made from is no longer there."""
    for table in (*LAYERS.values(), _STAND):
        connection.execute(table.delete())


def read_layer(connection: ReadConnection, name: str, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Some columns of a layer, in no order."""
    return read_frame(connection, sa.select(*(LAYERS[name].c[column] for column in schema)), schema)


def postgis_state(connection: ReadConnection) -> PostGIS:
    """How far PostGIS is in this database."""
    if connection.engine.url.get_backend_name() != "postgresql":
        return PostGIS.GEEN_POSTGRESQL
    installed = connection.execute(
        sa.text("SELECT installed_version FROM pg_available_extensions WHERE name = 'postgis'")
    )
    row = installed.first()
    if row is None:
        return PostGIS.ONTBREEKT
    if row.installed_version is None:
        return PostGIS.UIT
    return PostGIS.ZONDER_KOLOMMEN if _without_geometry(connection) else PostGIS.AAN


def enable_postgis(connection: WriteConnection) -> PostGIS:
    """Give the layers geometry columns, with PostGIS turned on first where that is allowed.

    Raises:
        StoreError: the role may not do so; the text says who may.
    """
    if postgis_state(connection) is PostGIS.UIT:
        allowed = sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not connection.execute(allowed).scalar_one():
            raise StoreError(
                "PostGIS aanzetten mag alleen de beheerder van de databaseserver. Laat die in deze database uitvoeren: "
                "CREATE EXTENSION postgis; en herhaal daarna deze opdracht."
            )
        connection.execute(sa.text("CREATE EXTENSION postgis"))
    add_geometry(connection)
    return postgis_state(connection)


def add_geometry(connection: WriteConnection) -> None:
    """Add what is missing of the geometry columns, their indexes and the layer that draws counts; needs the owner."""
    if postgis_state(connection) is not PostGIS.ZONDER_KOLOMMEN:
        return
    for name in _without_geometry(connection):
        shape = _SHAPES[name]
        made = "ST_GeomFromWKB(geometrie, 28992)"
        made = f"ST_Multi({made})" if shape.startswith("Multi") else made
        for statement in (
            f"ALTER TABLE kaart.{name} ADD COLUMN geom geometry({shape}, 28992) GENERATED ALWAYS AS ({made}) STORED",
            f"COMMENT ON COLUMN kaart.{name}.geom IS 'geometrie in EPSG:28992, voor QGIS'",
            f"CREATE INDEX ix_{name}_geom ON kaart.{name} USING gist (geom)",
        ):
            connection.execute(sa.text(statement))
    for statement in _DRAWN_STOCK:
        connection.execute(sa.text(statement))


_DRAWN_STOCK: Final = (
    (
        "CREATE OR REPLACE VIEW kaart.voorraad_vlakken AS SELECT v.*, g.geom FROM kaart.voorraad v "
        "JOIN kaart.gebieden g ON g.gebied_code = v.gebied_code"
    ),
    "COMMENT ON VIEW kaart.voorraad_vlakken IS 'De voorraad met de omtrek van de buurt; sleutel is volgnummer'",
)


def _without_geometry(connection: ReadConnection) -> list[str]:
    """The layers with a shape that have no geometry column yet."""
    catalog = sa.text(
        "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'kaart' AND a.attname = 'geom' "
        "AND NOT a.attisdropped"
    )
    found = set(connection.execute(catalog).scalars())
    return [name for name in _SHAPES if name not in found]
