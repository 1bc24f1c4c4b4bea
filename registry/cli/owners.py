"""``eigenaren``: who owns the stock."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import (
    ISO,
    AsJson,
    BekendOp,
    DatabaseUrl,
    day_of,
    open_registry,
    remark,
    show_json,
    show_table,
)
from registry.cli.stock import HIDDEN, Afscherming, Alleen, own_limits, parse_selection
from registry.errors import UsageError
from registry.exports.notes import source_notes
from registry.exports.owners import write_owner_workbook
from registry.signals.run import known_run
from registry.stock.owner_view import OwnerView, publish_classes, read_owner_view
from registry.store.queries.runs import imported_sources
from rules.parameters import shipped_law


def eigenaren(
    *,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    sinds: Annotated[
        datetime | None,
        typer.Option(help="Vanaf wanneer aankopen tellen; standaard het begin van de opkoopbescherming.", formats=ISO),
    ] = None,
    alleen: Alleen = None,
    aantal: Annotated[int, typer.Option(min=1, help="Hoeveel van de grootste eigenaren er worden getoond.")] = 25,
    namen: Annotated[
        bool, typer.Option("--namen", help="Ook namen van natuurlijke personen, als u die mag zien.")
    ] = False,
    uit: Annotated[Path | None, typer.Option(help="Schrijf alles naar een Excelbestand (.xlsx).")] = None,
    bekend_op: BekendOp = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Van wie de woningvoorraad is: concentratie, portefeuilles naar grootte, en feiten per eigenaar."""
    if uit is not None and (uit.suffix.lower() != ".xlsx" or afscherming):
        raise UsageError("Het Excelbestand eindigt op .xlsx en is voor eigen gebruik: laat --afscherming weg.")
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        view = read_owner_view(
            connection, shipped_law(), op=day, known=known, since=day_of(sinds),
            only=parse_selection(alleen or []), names=namen,
        )  # fmt: skip
        sources = source_notes(imported_sources(connection, known=known))
    if uit is not None:
        write_owner_workbook(uit, view, sources=sources, made_by="woonregister eigenaren", made_at=clock.local_now())
        remark(f"Geschreven: {uit}")
        return
    _show(view, aantal, afscherming=afscherming, as_json=as_json)


def _show(view: OwnerView, count: int, *, afscherming: bool, as_json: bool) -> None:
    classes = (publish_classes(view, own_limits()) if afscherming else view.classes).to_dicts()
    owners = [] if afscherming else view.owners.head(count).drop("sleutel").to_dicts()
    largest = [] if afscherming else view.concentration.to_dicts()
    if as_json:
        show_json({"op": view.op, "sinds": view.since, "klassen": classes, "eigenaren": owners, "concentratie": largest,
                   "definitie": view.definition})  # fmt: skip
        return
    rows = [{name: HIDDEN if value is None else value for name, value in row.items()} for row in classes]
    show_table(rows, f"Eigenaren naar grootte en soort op {view.op:%d-%m-%Y}; aankopen sinds {view.since:%d-%m-%Y}")
    if not afscherming:
        show_table([row | {"aandeel": _percent(row["aandeel"])} for row in largest],
                   f"De grootste eigenaren, zonder corporaties, van {view.let} verhuurde woningen")  # fmt: skip
        show_table([row | {"aandeel": _percent(row["aandeel"])} for row in owners], "De grootste eigenaren")
    for text in (*view.remarks, view.definition):
        remark(text)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %".replace(".", ",")
