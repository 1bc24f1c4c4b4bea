"""``wat-als``: another norm, limit, area or term, per area against now; kept under a name, repeated, withdrawn."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.shared import (
    AsJson,
    BekendOp,
    DatabaseUrl,
    Peildatum,
    day_of,
    open_registry,
    remark,
    show_json,
    show_table,
)
from registry.cli.stock import HIDDEN, Afscherming, own_limits
from registry.exports.notes import source_notes
from registry.exports.pictures import source_line, write_picture
from registry.exports.reach_pictures import draw_reach_chart, draw_reach_map
from registry.stock.reach import PER, Reach, publish_reach, read_reach
from registry.stock.reach_changes import parse_reach_changes
from registry.stock.what_ifs import Kept, keep_what_if, list_what_ifs, repeat_what_if, withdraw_what_if
from registry.store.engine import ReadConnection
from registry.store.queries.runs import imported_sources
from registry.store.queries.stock import read_area_shapes
from rules.catalogue import RULES, find_rule
from rules.parameters import shipped_law

what_if = Commands(help="Verkenningen: wat een regel zou bereiken met andere getallen.", no_args_is_help=True)
Regel = Annotated[str, typer.Argument(help=f"Een van: {', '.join(RULES)}.")]
Naam = Annotated[str, typer.Argument(help="De naam van de verkenning.")]
Stel = Annotated[
    list[str],
    typer.Option(help="PARAMETER=WAARDE (mag vaker), bijvoorbeeld opkoopbescherming.grens=400000."),
]
Per = Annotated[str, typer.Option(help=f"Per {', '.join(PER)}.")]
Auteur = Annotated[str, typer.Option(help="Wie dit doet.")]
Kaart = Annotated[Path | None, typer.Option(help="Teken ook een kaart van het verschil (.svg).")]
Grafiek = Annotated[Path | None, typer.Option(help="Teken ook een grafiek van nu en dan (.svg).")]


@what_if.command("reken")
def calculate(
    regel: Regel,
    *,
    stel: Stel,
    per: Per = "buurt",
    kaart: Kaart = None,
    grafiek: Grafiek = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Uitrekenen wat een regel per gebied zou bereiken met andere getallen, naast nu; er wordt niets bewaard."""
    with open_registry(database_url) as store, store.read() as connection:
        found = _reach(connection, regel, stel, per=per, day=day_of(peildatum), bekend_op=day_of(bekend_op))
        _draw(connection, found, kaart, grafiek, afscherming=afscherming)
    _show(found, afscherming=afscherming, as_json=as_json)


@what_if.command("bewaar")
def keep(
    naam: Naam,
    regel: Regel,
    *,
    stel: Stel,
    auteur: Auteur,
    per: Per = "buurt",
    toelichting: Annotated[str | None, typer.Option(help="Waarvoor deze verkenning is gemaakt.")] = None,
    peildatum: Peildatum = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een verkenning uitrekenen en onder een naam bewaren, met haar uitkomst."""
    with open_registry(database_url) as store:
        with store.read() as connection:
            found = _reach(connection, regel, stel, per=per, day=day_of(peildatum), bekend_op=None)
        with store.write_transaction() as connection:
            keep_what_if(
                connection, found, shipped_law(), naam=naam, auteur=auteur, moment=clock.now(), toelichting=toelichting
            )
    _show(found, afscherming=False, as_json=as_json)
    remark(f"Bewaard als '{naam}'.")


@what_if.command("lijst")
def show_list(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Alle bewaarde verkenningen, ook de herroepen, met wie ze maakte."""
    with open_registry(database_url) as store, store.read() as connection:
        kept = list_what_ifs(connection)
    rows = [_listed(one) for one in kept]
    if as_json:
        show_json(rows)
        return
    show_table(rows, "Verkenningen")


@what_if.command("herhaal")
def repeat(
    naam: Naam,
    *,
    kaart: Kaart = None,
    grafiek: Grafiek = None,
    peildatum: Peildatum = None,
    afscherming: Afscherming = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een bewaarde verkenning opnieuw uitrekenen, met wat nu bekend is, en zeggen wat er sindsdien veranderde."""
    day = day_of(peildatum) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        again = repeat_what_if(connection, naam, shipped_law(), peildatum=day)
        _draw(connection, again.now, kaart, grafiek, afscherming=afscherming)
    _show(again.now, afscherming=afscherming, as_json=as_json)
    same = again.now.rows.to_dicts() == again.kept.then
    remark("De uitkomst is gelijk aan de bewaarde." if same else "De uitkomst is anders dan de bewaarde.")
    for reason in again.reasons:
        remark(reason)


@what_if.command("herroep")
def withdraw(
    naam: Naam,
    *,
    auteur: Auteur,
    reden: Annotated[str, typer.Option(help="Waarom de verkenning vervalt.")],
    database_url: DatabaseUrl = None,
) -> None:
    """Een verkenning herroepen; zij blijft in de lijst staan, met wie het deed en waarom."""
    with open_registry(database_url) as store, store.write_transaction() as connection:
        withdraw_what_if(connection, naam, auteur=auteur, moment=clock.now(), reden=reden)
    remark(f"Herroepen: '{naam}'.")


def _listed(one: Kept) -> dict[str, object]:
    return {
        "naam": one.naam,
        "regel": one.regel,
        "stel": ", ".join(f"{name}={value}" for name, value in one.changes.items()),
        "per": one.per,
        "peildatum": one.peildatum,
        "auteur": one.auteur,
        "bewaard": f"{one.kept_at:%d-%m-%Y}",
        "toelichting": one.toelichting,
        "herroepen": one.withdrawn,
    }


def _reach(
    connection: ReadConnection, regel: str, stel: list[str], *, per: str, day: date | None, bekend_op: date | None
) -> Reach:
    law = shipped_law()
    changes = parse_reach_changes(stel, law)
    return read_reach(
        connection, find_rule(regel), law, changes, per=per, peildatum=day or clock.today(), bekend_op=bekend_op
    )


def _draw(
    connection: ReadConnection, found: Reach, kaart: Path | None, grafiek: Path | None, *, afscherming: bool
) -> None:
    limits = own_limits() if afscherming else None
    source = source_line(source_notes(imported_sources(connection, known=found.known)))
    if grafiek is not None:
        write_picture(grafiek, draw_reach_chart(found, source=source, limits=limits))
        remark(f"Getekend: {grafiek}.")
    if kaart is not None:
        shapes = read_area_shapes(connection, found.per, op=found.op, known=found.known)
        write_picture(kaart, draw_reach_map(found, shapes, source=source, limits=limits))
        remark(f"Getekend: {kaart}.")


def _show(found: Reach, *, afscherming: bool, as_json: bool) -> None:
    rows = (publish_reach(found, own_limits()) if afscherming else found.rows).to_dicts()
    if as_json:
        show_json({"regel": found.regel, "stel": found.changes, "op": found.op, "rijen": rows,
                   "totaal": None if afscherming else found.total, "definitie": found.definition})  # fmt: skip
        return
    total = [] if afscherming else [{found.per: "samen", **found.total}]
    table = [{name: HIDDEN if value is None else value for name, value in row.items()} for row in [*rows, *total]]
    show_table(table, f"{found.regel} op {found.op:%d-%m-%Y}, nu en dan")
    remark(found.definition)
