"""What dwellings were worth: the WOZ values as known at a run, for the rules and for who asks about one dwelling."""

from collections.abc import Sequence

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.spans import Only, is_in_frame, is_of
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from rules.frames import WOZ_WAARDEN

HISTORY = (
    "woz_object", "adresseerbaar_object_id", "waardepeildatum", "ingangsdatum", "ingangsdatum_afgeleid", "waarde",
    "beschikkingsstatussen", "bezwaar", "source_file", "source_row",
)  # fmt: skip
ANNULLED = "02"  # status beschikking: vernietigingsbeschikking
LEAST_VALUE = 2  # euro; 0 and 1 are how tax software says that no value was determined


def is_annulled() -> pl.Expr:
    """Whether 02 is the only status that a value has (column ``beschikkingsstatussen``); never null.

    Source: Haal Centraal WOZ bevragen, waarden.
    """
    statuses = pl.col("beschikkingsstatussen")
    return ((statuses.list.len() == 1) & (statuses.list.first() == ANNULLED)).fill_null(value=False)


def is_determined() -> pl.Expr:
    """Whether column ``waarde`` (euro) is a value."""
    return pl.col("waarde") >= LEAST_VALUE


def read_woz_history(
    connection: ReadConnection, *, known: int, only: Only | None = None, columns: Sequence[str] = HISTORY
) -> pl.DataFrame:
    """Every value that was delivered, annulled ones included, with how many dwellings and WOZ objects it concerns.

    Args:
        connection: where to read.
        known: a run number.
        only: the dwellings that are asked about.
        columns: those of ``HISTORY`` that are wanted.

    Returns:
        The wanted columns, ``aantal_objecten`` and ``aantal_woz`` (null where only annulled values remain).
    """
    table = registers.woz_waarden
    shared = None
    if only is not None:
        # The other dwellings of its WOZ objects are needed to count them.
        of_dwelling = sa.select(table.c.woz_object).where(is_of(table.c.adresseerbaar_object_id, only))
        shared = table.c.woz_object.in_(of_dwelling)
    rows = read_versions(connection, table, columns, known=known, where=shared)
    counting = rows.filter(~is_annulled())
    moment = "waardepeildatum"
    dwellings = counting.group_by("woz_object", moment).agg(
        aantal_objecten=pl.col("adresseerbaar_object_id").n_unique().cast(pl.Int64)
    )
    woz_objects = counting.group_by("adresseerbaar_object_id", moment).agg(
        aantal_woz=pl.col("woz_object").n_unique().cast(pl.Int64)
    )
    counted = rows.join(dwellings, on=["woz_object", moment], how="left").join(
        woz_objects, on=["adresseerbaar_object_id", moment], how="left"
    )
    return counted if only is None else counted.filter(is_in_frame(pl.col("adresseerbaar_object_id"), only))


def read_woz_waarden(connection: ReadConnection, *, known: int, only: Only | None = None) -> pl.DataFrame:
    """The values that count (schema ``rules.frames.WOZ_WAARDEN``).

    Every ingangsdatum of a waardepeildatum is there: which of them counts depends on the day that is asked about. A
    value of 0 or 1 euro comes out as null: it was not determined.
    """
    wanted = [name for name in HISTORY if name in WOZ_WAARDEN or name == "beschikkingsstatussen"]
    history = read_woz_history(connection, known=known, only=only, columns=wanted)
    return (
        history.filter(~is_annulled())
        .with_columns(waarde=pl.when(is_determined()).then("waarde"))
        .select(WOZ_WAARDEN.names())
        .sort("adresseerbaar_object_id", "waardepeildatum", "ingangsdatum", "woz_object")
    )
