"""``lijst veldformulier``: the files that an inspector takes along."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from registry import clock
from registry.cli.list_access import record_list
from registry.cli.shared import DatabaseUrl, open_registry, remark
from registry.cli.worklists import Nummer
from registry.errors import UsageError
from registry.exports.take_along import write_take_along
from registry.privacy.access import Handeling
from registry.settings import Settings
from registry.store.queries.residents import read_residents
from registry.worklists.opened import open_list


def veldformulier(
    nummer: Nummer,
    *,
    uit: Annotated[Path, typer.Option(help="Bestaande map voor de bestanden.")],
    namen: Annotated[
        bool, typer.Option("--namen", help="Met namen van bewoners, als de gemeente die bewaart.")
    ] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """De lijst om mee te nemen: een bestand voor de telefoon, een pagina voor op papier en een werkmap."""
    if namen and Settings().persoonsgegevens != "namen":
        raise UsageError("Deze gemeente bewaart geen namen van bewoners (persoonsgegevens = minimaal).")
    with open_registry(database_url) as store, store.read() as connection:
        opened = open_list(connection, nummer)
        objects = {one.row.adresseerbaar_object_id for one in opened.rows}
        residents = read_residents(connection, objects, on=opened.stored.datum, known=opened.stored.known_run_id)
        record_list(store, Handeling.EXPORTEREN, opened, "veldformulier")
        taken = write_take_along(
            uit,
            connection,
            opened,
            made_by="woonregister lijst veldformulier",
            made_at=clock.local_now(),
            bewoners=_names(residents) if namen else None,
        )
    remark(f"{taken.doors} woningen. Telefoon: {taken.form}; papier: {taken.page}; Excel: {taken.workbook}")


def _names(residents: pl.DataFrame) -> dict[str, list[str]]:
    named = residents.filter(zekerheid="zeker").drop_nulls("naam").group_by("adresseerbaar_object_id").agg("naam")
    return {row[0]: sorted(row[1]) for row in named.iter_rows()}
