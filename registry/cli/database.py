"""``database``: what only PostgreSQL has: roles, layers for QGIS, PostGIS."""

from typing import Annotated

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.layers import own_limits
from registry.cli.shared import ATTENTION, DONE, AsJson, DatabaseUrl, open_registry, progress, remark, show
from registry.errors import UsageError
from registry.stock.kaart import fill_kaart
from registry.store.after_migration import settle
from registry.store.database_roles import PURPOSES, READS, DatabaseRole, present_roles, table_rights
from registry.store.engine import Store
from registry.store.kaart import PostGIS, enable_postgis, has_kaart, postgis_state, read_stand
from registry.store.roles_script import roles_script

database = Commands(help="PostgreSQL: rollen en rechten, PostGIS, en de lagen voor QGIS.", no_args_is_help=True)


@database.command()
def rollen(
    *,
    script: Annotated[bool, typer.Option("--script", help="Het SQL-script dat de rollen maakt, op stdout.")] = False,
    toepassen: Annotated[
        bool, typer.Option("--toepassen", help="De rechten opnieuw geven; voer dit uit als de eigenaar.")
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De rollen op de databaseserver en wat elke rol mag; of het script dat ze maakt."""
    if script:
        typer.echo(roles_script())
        return
    with open_registry(database_url) as store:
        _require_postgresql(store)
        if toepassen:
            with store.write_transaction() as connection:
                settle(connection)
        with store.read() as connection:
            there = present_roles(connection)
    rows = [
        {"rol": role.value, "aanwezig": "ja" if role in there else "nee", "voor": PURPOSES[role], "mag": _may(role)}
        for role in DatabaseRole
    ]
    show(rows, as_json=as_json, title="Rollen op de databaseserver")
    if toepassen:
        remark(f"De rechten van {len(there)} rollen zijn opnieuw gegeven.")


def _may(role: DatabaseRole) -> str:
    if role is DatabaseRole.EIGENAAR:
        return "alles"
    if role in READS:
        return f"lezen: {', '.join(READS[role])}"
    rights = table_rights(role)
    changed = sum(1 for one in rights if one.changes)
    removed = [one.table for one in rights if one.removes]
    several = f"{len(removed)} tabellen" if len(removed) > 1 else removed[0]
    return (
        f"{len(rights)} tabellen lezen en aanvullen, van {changed} enkele kolommen wijzigen, verwijderen uit {several}"
    )


@database.command()
def postgis(*, database_url: DatabaseUrl = None) -> None:
    """PostGIS aanzetten: de lagen krijgen geometrie met een ruimtelijke index, zodat QGIS ze tekent."""
    with open_registry(database_url) as store:
        _require_postgresql(store)
        with store.write_transaction() as connection:
            state = enable_postgis(connection)
            settle(connection)
    remark(f"{state.value}.")
    raise typer.Exit(DONE if state is PostGIS.AAN else ATTENTION)


@database.command()
def kaart(
    *,
    opnieuw: Annotated[
        bool,
        typer.Option(
            "--opnieuw",
            help="Ook de aantallen van deze maand opnieuw maken; naast de vorige verraden die samen meer dan een.",
        ),
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De lagen voor QGIS en rapporten vullen met wat nu bekend is; na inlezen en toetsen gebeurt dat vanzelf."""
    with open_registry(database_url) as store:
        _require_postgresql(store)
        with progress() as shown:
            shown.add_task("lagen vullen", total=None)
            fill_kaart(store, op=clock.today(), limits=own_limits(), now=clock.now(), again=opnieuw)
    _show_stand(database_url, as_json=as_json)


@database.command()
def lagen(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Van wanneer elke laag is, en of PostGIS aan staat."""
    _show_stand(database_url, as_json=as_json)


def _show_stand(database_url: str | None, *, as_json: bool) -> None:
    with open_registry(database_url) as store:
        _require_postgresql(store)
        with store.read() as connection:
            stands, state = read_stand(connection), postgis_state(connection)
    rows = [
        {"laag": f"kaart.{one.onderdeel}", "peildatum": one.peildatum, "run": one.run_id, "gevuld": one.gemaakt}
        for one in stands
    ]
    show(rows, as_json=as_json, title="Lagen voor QGIS")
    remark(f"{state.value}.")


def _require_postgresql(store: Store) -> None:
    if not has_kaart(store):
        raise UsageError(
            "Dit kan alleen met PostgreSQL. Een kaartlaag als bestand maakt ook SQLite: woonregister export geo."
        )
