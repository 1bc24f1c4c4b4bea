"""``aankopen``: transfers to landlords around opkoopbescherming."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

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
from registry.cli.stock import HIDDEN, Afscherming, own_limits
from registry.exports.notes import source_notes
from registry.exports.pictures import source_line, write_picture
from registry.exports.purchase_pictures import draw_purchases
from registry.signals.run import known_run
from registry.stock.publish import describe
from registry.stock.purchases import STEPS, Purchases, publish_purchases, read_purchases
from registry.store.queries.runs import imported_sources
from rules.parameters import shipped_law


def aankopen(
    *,
    gemeente: Annotated[
        str | None,
        typer.Option(help="De gemeentecode waarvan de verordening geldt; standaard die van de meeste woningen."),
    ] = None,
    stap: Annotated[str, typer.Option(help=f"{', '.join(STEPS)}.")] = "jaar",
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    grafiek: Annotated[Path | None, typer.Option(help="Teken het aandeel per periode, met interval (.svg).")] = None,
    bekend_op: BekendOp = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Overdrachten naar verhuurders, voor en na de opkoopbescherming, binnen en buiten het gebied en rond de grens."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        found = read_purchases(connection, shipped_law(), gemeente=gemeente, op=day, known=known, step=stap)
        source = source_line(source_notes(imported_sources(connection, known=known)))
    if grafiek is not None and not afscherming:
        write_picture(grafiek, draw_purchases(found, source))
        remark(f"Getekend: {grafiek}.")
    if afscherming:
        _show({"perioden": publish_purchases(found, own_limits()).to_dicts()}, found, as_json=as_json)
        remark(describe(own_limits()))
        return
    tables = {"perioden": found.periods, "prijs": found.prices, "termijnen": found.terms}
    _show({name: table.to_dicts() for name, table in tables.items()}, found, as_json=as_json)


def _show(tables: dict[str, list[dict[str, Any]]], found: Purchases, *, as_json: bool) -> None:
    if as_json:
        show_json({"op": found.op, "begin": found.since, **tables, "zonder_dag": found.undated,
                   "definitie": found.definition})  # fmt: skip
        return
    titles = {
        "perioden": f"Overdrachten naar verhuurders per periode; de verordening begon op {found.since:%d-%m-%Y}",
        "prijs": "Voor en na, even lang, naar WOZ-waarde ten opzichte van de grens",
        "termijnen": "Termijnen die eindigen, per maand",
    }
    for name, rows in tables.items():
        show_table([{key: _shown(value) for key, value in row.items()} for row in rows], titles[name])
    remark(f"{found.undated} overdrachten zonder bekende dag tellen niet mee. {found.definition}")


def _shown(value: Any) -> Any:
    if value is None:
        return HIDDEN
    return f"{value:.2f}".replace(".", ",") if isinstance(value, float) else value
