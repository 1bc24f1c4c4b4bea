"""``verloop`` and ``overbewoond``: how the stock changes, and where it is crowded."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import ISO, AsJson, BekendOp, DatabaseUrl, day_of, open_registry, remark, show_json, show_table
from registry.cli.stock import HIDDEN, Afscherming, Per, own_limits
from registry.signals.run import known_run
from registry.stock.change import DEFINITION, days_between, flows, follow
from registry.stock.composition import parts_of
from registry.stock.crowding import publish_crowding, read_crowding
from registry.stock.publish import describe
from registry.stock.publish_change import PublishedChange, describe_change, publish_change
from registry.stock.records import read_stock_records
from rules.parameters import shipped_law


def verloop(
    *,
    van: Annotated[datetime, typer.Option(help="De eerste dag.", formats=ISO)],
    tot: Annotated[datetime | None, typer.Option(help="De laatste dag; standaard vandaag.", formats=ISO)] = None,
    stap: Annotated[str, typer.Option(help="jaar of maand.")] = "jaar",
    per: Per = None,
    bekend_op: BekendOp = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De woningvoorraad door de tijd, met wat er bij kwam, af ging en van eigenaar veranderde."""
    days = days_between(van.date(), day_of(tot) or clock.today(), stap)
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        records = read_stock_records(connection, known=known, parts={*parts_of(per or []), "eigendom"})
    if afscherming:
        _show_protected(publish_change(records, per=per or [], days=days, limits=own_limits()), as_json=as_json)
        return
    table = follow(records, per=per or [], days=days).to_dicts()
    steps = [flows(records, per=per or [], first=one, last=other) for one, other in pairwise(days)]
    streams = [{"van": step.first, "tot": step.last} | row for step in steps for row in step.rows.to_dicts()]
    moves = [
        {"tussen": f"{step.first} en {step.last}"} | row
        for step in steps
        for row in step.transitions["eigendom"].to_dicts()
        if row["van"] != row["naar"]
    ]
    if as_json:
        show_json({"standen": table, "stromen": streams, "eigendom": moves, "definitie": DEFINITION})
        return
    show_table(table, "Woningvoorraad per dag")
    show_table(streams, "Stromen")
    show_table(moves, "Van eigendom veranderd")
    remark(f"{DEFINITION} Deze tabellen zijn niet afgeschermd.")


def _show_protected(found: PublishedChange, *, as_json: bool) -> None:
    tables = {"standen": found.states, "stromen": found.flows, "eigendom": found.moves}
    text = f"{DEFINITION} {describe_change(found.release.limits)}"
    if as_json:
        show_json({name: frame.to_dicts() for name, frame in tables.items()} | {"definitie": text})
        return
    titles = ("Woningvoorraad per dag", "Stromen", "Van eigendom veranderd")
    for title, frame in zip(titles, tables.values(), strict=True):
        rows = [{key: HIDDEN if value is None else value for key, value in row.items()} for row in frame.to_dicts()]
        show_table(rows, title)
    remark(text)


def overbewoond(
    *,
    per: Per = None,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    bekend_op: BekendOp = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Woningen en personen boven de getalsnorm tellen, zeker en mogelijk, en wat niet te zeggen is."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        found = read_crowding(connection, shipped_law(), per=per or [], op=day, bekend_op=day_of(bekend_op))
    limits = own_limits()
    shown = publish_crowding(found, limits) if afscherming else found
    rows = shown.rows.to_dicts()
    if as_json:
        show_json({"totaal": shown.total, "rijen": rows, "onbekend_door": shown.unknown.to_dicts(), "op": day,
                   "definitie": shown.definition})  # fmt: skip
        return
    show_table(
        [{name: HIDDEN if value is None else value for name, value in row.items()} for row in rows],
        f"Overbewoning in de woningvoorraad op {day:%d-%m-%Y}",
    )
    if not shown.unknown.is_empty():
        show_table(shown.unknown.to_dicts(), "Waardoor het niet (zeker) te zeggen is")
    remark(f"{shown.definition} {describe(limits) if afscherming else ''}".strip())
