"""Who lives at some dwellings on a day: for who must know whose data is handed out, and, where kept, their names."""

from collections.abc import Collection
from datetime import date

import polars as pl

from registry.store.engine import ReadConnection
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

_NAME = ("voornamen", "voorvoegsel", "geslachtsnaam")


def read_residents(connection: ReadConnection, objects: Collection[str], *, on: date, known: int) -> pl.DataFrame:
    """The residents of some dwellings, possible ones too.

    Returns:
        adresseerbaar_object_id, persoonslijst (pseudonym), zekerheid, and naam: null unless the municipality keeps the
        names of residents.
    """
    bewoning, persoonslijsten = registers.bewoning, registers.persoonslijsten
    columns = ("adresseerbaar_object_id", "persoonslijst", "zekerheid")
    here = bewoning.c.adresseerbaar_object_id.in_(sorted(objects))
    stays = read_versions(connection, bewoning, columns, known=known, on=on, where=here)
    keys = sorted(stays["persoonslijst"].unique())
    names = read_versions(
        connection, persoonslijsten, ("persoonslijst", *_NAME), known=known,
        where=persoonslijsten.c.persoonslijst.in_(keys),
    )  # fmt: skip
    naam = pl.concat_str([pl.col(part) for part in _NAME], separator=" ", ignore_nulls=True)
    named = names.select("persoonslijst", naam=pl.when(naam != "").then(naam))
    return stays.join(named, on="persoonslijst", how="left").sort("adresseerbaar_object_id", "persoonslijst")
