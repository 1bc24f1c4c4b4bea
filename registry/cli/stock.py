"""``stock``: what the housing stock is made of."""

from datetime import datetime
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
from registry.errors import UsageError
from registry.settings import Settings
from registry.signals.run import known_run
from registry.stock.composition import Composition, read_composition
from registry.stock.dimensions import DIMENSIONS
from registry.stock.disclosure import Limits
from registry.stock.publish import Published, publish

Per = Annotated[list[str] | None, typer.Option(help=f"Indeling (mag vaker): {', '.join(DIMENSIONS)}.")]
HIDDEN = "."  # as the CBS marks it
Afscherming = Annotated[
    bool, typer.Option("--afscherming/--geen-afscherming", help="Kleine aantallen verbergen, de rest afronden.")
]
Alleen = Annotated[
    list[str] | None, typer.Option(help="Tel alleen INDELING=KLASSE, bijvoorbeeld wijk=Oost (mag vaker).")
]


def stock(
    *,
    per: Per = None,
    alleen: Alleen = None,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    bekend_op: BekendOp = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De woningvoorraad tellen, naar de definitie van CBS."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        counted = read_composition(connection, per=per or [], op=day, known=known, only=parse_selection(alleen or []))
    found = publish([counted], own_limits())[0] if afscherming else counted
    if as_json:
        show_json(_as_json(found))
        return
    show_table(shown_rows(found), f"Woningvoorraad op {day:%d-%m-%Y}: {_number(found.total)}")
    for text in (*found.remarks, found.definition):
        remark(text)


def own_limits() -> Limits:
    """What the municipality set for tables that leave the policy team."""
    settings = Settings()
    return Limits(settings.afscherming_minimum, settings.afscherming_afronding)


def parse_selection(texts: list[str]) -> dict[str, list[str]]:
    """``INDELING=KLASSE`` as a selection; classes of one dimension add up.

    Raises:
        UsageError: a text has no ``=``.
    """
    chosen: dict[str, list[str]] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not value:
            raise UsageError(f"'{text}' is geen INDELING=KLASSE, zoals wijk=Oost.")
        chosen.setdefault(name, []).append(value)
    return chosen


def shown_rows(found: Composition | Published) -> list[dict[str, Any]]:
    """The rows for a person: Dutch headings, shares as percentages."""
    headers = {name: DIMENSIONS[name].header for name in found.per}
    return [
        {headers[name]: row[name] for name in found.per}
        | {
            "Aantal": _number(row["aantal"]),
            "Aandeel": HIDDEN if row["aandeel"] is None else f"{100 * row['aandeel']:.1f} %".replace(".", ","),
            "Oppervlakte (m2)": _number(row["oppervlakte"]),
        }
        | ({"Oppervlakte onbekend": row["oppervlakte_onbekend"]} if "oppervlakte_onbekend" in row else {})
        for row in found.rows.to_dicts()
    ]


def _number(value: int | None) -> int | str:
    return HIDDEN if value is None else value


def _as_json(found: Composition | Published) -> dict[str, Any]:
    return {
        "totaal": found.total,
        "rijen": found.rows.to_dicts(),
        "definitie": found.definition,
        "opmerkingen": found.remarks,
        "op": found.op,
    }
