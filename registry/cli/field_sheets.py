"""``lijst veldformulier``: the files that an inspector takes along."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from registry import clock
from registry.cli.shared import DatabaseUrl, open_registry, own_access_log, own_user, remark
from registry.cli.worklists import Nummer
from registry.errors import UsageError
from registry.exports.take_along import write_take_along
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.privacy.purposes import purpose_of
from registry.settings import Settings
from registry.store.queries.residents import read_residents
from registry.worklists.opened import OpenedList, open_list
from rules.catalogue import find_rule

_NO_RULE = "toezicht_huisvestingswet"


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
        _log(own_access_log(store), own_user(), opened, residents)
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


def _log(log: AccessLog, user: Gebruiker, opened: OpenedList, residents: pl.DataFrame) -> None:
    """Write down whose data goes out, per activity that the rules of the list serve."""
    objects: dict[str, set[str]] = {}
    for one in opened.rows:
        found = purpose_of(find_rule(one.row.regel), opened.stored.datum)
        objects.setdefault(found.code if found else _NO_RULE, set()).add(one.row.adresseerbaar_object_id)
    for activity, of_activity in sorted(objects.items()):
        here = residents.filter(pl.col("adresseerbaar_object_id").is_in(sorted(of_activity)))
        log.record(
            Access(
                user,
                Handeling.EXPORTEREN,
                activity,
                Betrokkenen(persoonslijsten=here["persoonslijst"].unique().sort().to_list()),
                zaak=f"bezoeklijst {opened.stored.worklist_id}",
                toelichting="veldformulier",
            )
        )
