"""``lijst veldformulier``: the files that an inspector takes along."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from registry import clock
from registry.cli.shared import DatabaseUrl, open_registry, own_access_log, own_user, remark
from registry.cli.worklists import Nummer
from registry.errors import UsageError
from registry.exports.field_sheet import write_field_form, write_print_page
from registry.exports.route_map import draw_route, map_points
from registry.exports.worklist import write_field_workbook
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.privacy.purposes import purpose_of
from registry.settings import Settings
from registry.store.queries.residents import read_residents
from registry.store.queries.surroundings import read_panden_around
from registry.worklists.doors import list_doors
from registry.worklists.opened import OpenedList, open_list
from rules.catalogue import find_rule

_AROUND = 150.0  # metres of buildings that a map shows around an address
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
    with open_registry(database_url) as store:
        with store.read() as connection:
            opened = open_list(connection, nummer)
            known, day = opened.stored.known_run_id, opened.stored.datum
            objects = {one.row.adresseerbaar_object_id for one in opened.rows}
            residents = read_residents(connection, objects, on=day, known=known)
            panden = read_panden_around(connection, map_points(opened), metres=_AROUND, on=day, known=known)
        _log(own_access_log(store), own_user(), opened, residents)
    doors = list_doors(opened, _names(residents) if namen else None)
    picture = draw_route(opened, panden, source="Panden: BAG. Afstanden zijn hemelsbreed, in de volgorde van bezoek.")
    base = uit / f"bezoeklijst-{nummer}"
    moment = clock.local_now()
    form = write_field_form(base.with_suffix(".html"), opened, doors, picture)
    page = write_print_page(uit / f"bezoeklijst-{nummer}-papier.html", opened, doors, picture, made_at=moment)
    book = write_field_workbook(
        base.with_suffix(".xlsx"), opened, doors, made_by="woonregister lijst veldformulier", made_at=moment
    )
    remark(f"{len(doors)} woningen. Telefoon: {form}; papier: {page}; Excel: {book.path}")


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
