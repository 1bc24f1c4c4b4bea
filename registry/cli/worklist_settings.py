"""``lijst bewaar``, ``lijst instellingen``: what a planner asks, kept under a name."""

from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import AsJson, DatabaseUrl, open_registry, remark, show
from registry.cli.worklists import Auteur
from registry.errors import UsageError
from registry.worklists.planner_settings import PlannerSettings, make_settings, read_settings
from registry.worklists.reasons import REASONS
from registry.worklists.saved_settings import list_settings, save_settings, withdraw_settings

Naam = Annotated[str, typer.Argument(help="Naam van de instellingen.")]


def bewaar(
    naam: Naam,
    *,
    auteur: Auteur,
    regel: Annotated[list[str] | None, typer.Option(help="Regel (mag vaker); standaard overbewoning.")] = None,
    uitkomst: Annotated[list[str] | None, typer.Option(help="Uitkomst (mag vaker); standaard signaal.")] = None,
    wijk: Annotated[list[str] | None, typer.Option(help="Naam van een wijk (mag vaker).")] = None,
    buurt: Annotated[list[str] | None, typer.Option(help="Naam van een buurt (mag vaker).")] = None,
    gebied: Annotated[list[str] | None, typer.Option(help="Code van een gebied, ook een eigen (mag vaker).")] = None,
    veelhoek: Annotated[str, typer.Option(help="Vlak in RD als WKT: POLYGON ((x y, …)).")] = "",
    urgentie: Annotated[list[str] | None, typer.Option(help="hoog, midden of laag (mag vaker).")] = None,
    termijn_binnen: Annotated[int | None, typer.Option(help="Termijn eindigt binnen zoveel dagen.")] = None,
    niet_bezocht: Annotated[int | None, typer.Option(help="Zoveel dagen niet bezocht, of nooit.")] = None,
    eigenaar: Annotated[str, typer.Option(help="RSIN, KvK-nummer of sleutel van een eigenaar.")] = "",
    melding_binnen: Annotated[int | None, typer.Option(help="Een melding in de laatste zoveel dagen.")] = None,
    aanvraag: Annotated[bool, typer.Option("--aanvraag", help="Er wacht een vergunningaanvraag.")] = False,
    adressen: Annotated[int, typer.Option(help="Aantal adressen, 1 tot en met 20.")] = 8,
    reden: Annotated[
        list[str] | None,
        typer.Option(help=f"Reden met gewicht, bijvoorbeeld urgentie=3 (mag vaker). Redenen: {', '.join(REASONS)}."),
    ] = None,
    enkele_reis: Annotated[bool, typer.Option("--enkele-reis", help="De ronde eindigt bij het laatste adres.")] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """Instellingen van een lijst onder een naam bewaren; eerdere versies blijven."""
    chosen = {
        "regels": regel,
        "uitkomsten": uitkomst,
        "wijken": wijk,
        "buurten": buurt,
        "gebieden": gebied,
        "urgenties": urgentie,
        "weights": None if reden is None else _weights(reden),
    }
    settings = make_settings(
        **{name: value for name, value in chosen.items() if value is not None},
        polygon=veelhoek,
        ends_within_days=termijn_binnen,
        unvisited_days=niet_bezocht,
        rechthebbende=eigenaar,
        melding_days=melding_binnen,
        aangevraagd=aanvraag,
        length=adressen,
        returns=not enkele_reis,
    )
    with open_registry(database_url) as store:
        saved = save_settings(store, naam, settings, author=auteur, now=clock.now())
    remark(f"Instellingen '{saved.naam}' bewaard als versie {saved.version}: {_in_words(settings)}")


def instellingen(
    *,
    vergeet: Annotated[str | None, typer.Option(help="Deze naam uit gebruik nemen.", show_default=False)] = None,
    auteur: Annotated[str, typer.Option(help="Wie de naam uit gebruik neemt.")] = "",
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De bewaarde instellingen; of een ervan uit gebruik nemen."""
    with open_registry(database_url) as store:
        if vergeet is not None:
            withdraw_settings(store, vergeet, author=auteur, now=clock.now())
            remark(f"Instellingen '{vergeet}' zijn uit gebruik.")
            return
        with store.read() as connection:
            saved = list_settings(connection)
    rows = [
        {"naam": one.naam, "versie": one.version, "auteur": one.auteur, "bewaard": one.saved_at}
        | {"instellingen": _in_words(read_settings(one.settings or "{}"))}
        for one in saved
    ]
    show(rows, as_json=as_json, title="Instellingen van lijsten")


def _weights(texts: list[str]) -> dict[str, float]:
    weights = {}
    for text in texts:
        code, sign, number = text.partition("=")
        try:
            weights[code.strip()] = float(number.replace(",", ".")) if sign else 1.0
        except ValueError as error:
            raise UsageError(f"'{text}' is geen reden met een gewicht. Voorbeeld: urgentie=3.") from error
    return weights


def _in_words(settings: PlannerSettings) -> str:
    return "; ".join(f"{name}: {value}" for name, value in settings.describe().items())
