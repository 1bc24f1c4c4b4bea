"""``stock`` and ``export``: what comes out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import (
    ISO,
    AsJson,
    DatabaseUrl,
    Peildatum,
    day_of,
    open_registry,
    remark,
    show_json,
    show_table,
)
from registry.exports.notes import source_notes
from registry.exports.worklist import write_worklist
from registry.ownership.tenure import read_tenure
from registry.signals.run import known_run
from registry.stock.composition import DIMENSIONS, count_stock
from registry.store.queries.stock import read_stock
from registry.worklists.lists import make_worklist
from registry.worklists.planning import WorklistFilters


def stock(
    *,
    per: Annotated[list[str] | None, typer.Option(help=f"Indeling (mag vaker): {', '.join(DIMENSIONS)}.")] = None,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De woningvoorraad tellen, naar de definitie van CBS."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, None)
        objects = read_stock(connection, op=day, known=known)
        if "eigendom" in (per or []):
            objects = objects.join(
                read_tenure(connection, op=day, known=known, objects=objects), on="adresseerbaar_object_id", how="left"
            )
    found = count_stock(objects, per=per or [], op=day)
    if as_json:
        show_json({"totaal": found.total, "rijen": found.rows.to_dicts(), "definitie": found.definition, "op": day})
        return
    show_table(found.rows.to_dicts(), f"Woningvoorraad op {day:%d-%m-%Y}: {found.total}")
    remark(found.definition)


def export_werklijst(
    *,
    uit: Annotated[Path, typer.Option(help="Het Excelbestand om te maken.")],
    regel: Annotated[list[str] | None, typer.Option(help="Regel (mag vaker); standaard overbewoning.")] = None,
    uitkomst: Annotated[list[str] | None, typer.Option(help="Uitkomst (mag vaker); standaard signaal.")] = None,
    buurt: Annotated[list[str] | None, typer.Option(help="Naam van een buurt (mag vaker).")] = None,
    wijk: Annotated[list[str] | None, typer.Option(help="Naam van een wijk (mag vaker).")] = None,
    urgentie: Annotated[list[str] | None, typer.Option(help="hoog, midden of laag (mag vaker).")] = None,
    aantal: Annotated[int | None, typer.Option(help="Ten hoogste zoveel rijen.")] = None,
    peildatum: Peildatum = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een werklijst voor inspecteurs maken uit de laatste toetsing."""
    filters = WorklistFilters(
        regels=tuple(regel or ("overbewoning",)),
        uitkomsten=tuple(uitkomst or ("signaal",)),
        wijken=tuple(wijk or ()),
        buurten=tuple(buurt or ()),
        urgenties=tuple(urgentie or ()),
        limit=aantal,
    )
    with open_registry(database_url) as store, store.read() as connection:
        made = make_worklist(connection, filters=filters, peildatum=day_of(peildatum))
    written = write_worklist(
        uit,
        made.rows,
        filters=filters,
        sources=source_notes(made.sources),
        made_by="woonregister export werklijst",
        made_at=clock.local_now(),
    )
    remark(f"{written.rows} woningen in {written.path}")
