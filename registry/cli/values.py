"""``woz``: what a dwelling was worth."""

from dataclasses import asdict
from datetime import datetime
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
from registry.signals.run import known_run
from registry.stock.woz import find_value

_SHOWN = ("waardepeildatum", "ingangsdatum", "waarde", "woz_object", "beschikkingsstatussen", "bezwaar", "oordeel")


def woz(
    verblijfsobject_id: Annotated[str, typer.Argument(help="BAG-id van het verblijfsobject, de lig- of standplaats.")],
    *,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De WOZ-waarde van een woning op een dag, met de reden en alle geleverde waarden."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        answer = find_value(connection, verblijfsobject_id, op=day, known=known)
    if as_json:
        show_json(asdict(answer))
        return
    value = "onbekend" if answer.waarde is None else f"€ {answer.waarde:,}".replace(",", ".")
    typer.echo(f"WOZ-waarde van {verblijfsobject_id} op {day:%d-%m-%Y}: {value}")
    for reason in answer.redenen:
        typer.echo(f"- {reason}")
    if answer.waarden:
        show_table([{name: _text(row[name]) for name in _SHOWN} for row in answer.waarden], "Alle geleverde waarden")
    remark(f"Met wat bekend was na run {known}.")


def _text(value: object) -> object:
    """A cell of the table: lists joined, truth in Dutch."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return value
