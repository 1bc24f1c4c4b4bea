"""``lijst``: the planner's day, from settings to a list that an inspector takes along."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.list_access import record_list, record_list_access
from registry.cli.shared import (
    ATTENTION,
    DONE,
    ISO,
    AsJson,
    DatabaseUrl,
    day_of,
    open_registry,
    remark,
    show,
    show_json,
)
from registry.privacy.access import Handeling
from registry.settings import Settings
from registry.store.engine import ReadConnection
from registry.worklists.opened import OpenedList, OpenedRow, open_list, overview
from registry.worklists.placing import drop, place, reorder, replace_case, withdraw_list
from registry.worklists.plan import Proposal, plan
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.recheck import Recheck, Result, compare_rows, recheck
from registry.worklists.saved_settings import find_settings
from rules.parameters import shipped_law

Nummer = Annotated[int, typer.Argument(help="Het nummer van de lijst (lijst overzicht).")]
Zaak = Annotated[int, typer.Argument(help="Het nummer van de zaak (lijst toon).")]
Auteur = Annotated[str, typer.Option(help="Wie dit doet.")]
Reden = Annotated[str, typer.Option(help="Waarom dit gebeurt.")]
Dag = Annotated[
    datetime | None, typer.Option(help="De dag van de bezoeken; standaard morgen.", formats=ISO, show_default=False)
]
Instellingen = Annotated[
    str | None,
    typer.Option(help="Bewaarde instellingen (lijst instellingen); anders de standaard.", show_default=False),
]
Begin = Annotated[
    str | None,
    typer.Option(help="Beginpunt: een adres, of 'x,y' in RD; anders het midden van de adressen.", show_default=False),
]
Zaad = Annotated[int | None, typer.Option(help="Getal dat een eerdere steekproef opnieuw trekt.", show_default=False)]

lijst = Commands(help="Bezoeklijsten plannen, vastleggen en meenemen.", no_args_is_help=True)


@lijst.command("plan")
def plan_(
    *,
    instellingen: Instellingen = None,
    dag: Dag = None,
    begin: Begin = None,
    zaad: Zaad = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een lijst voorstellen; er wordt niets bewaard."""
    with open_registry(database_url) as store, store.read() as connection:
        proposal, _ = _propose(connection, instellingen, dag=dag, begin=begin, zaad=zaad)
        cases = proposal.rows.select("regel", "adresseerbaar_object_id").rows()
        record_list_access(
            store, Handeling.INZIEN, cases, day=proposal.day, toelichting="voorstel voor een bezoeklijst"
        )
    rows = [
        {"nr": number, "adres": row["adres"], "buurt": row["buurt"], "regel": row["regel"], "punten": row["points"]}
        | {"redenen": json.loads(row["reasons"])}
        for number, row in enumerate(proposal.rows.iter_rows(named=True), 1)
    ]
    if as_json:
        show_json(
            {"dag": proposal.day, "begin": proposal.start.label, "meters": round(proposal.distance)}
            | {"zaad": proposal.seed, "open": proposal.open_cases, "instellingen": proposal.settings.model_dump()}
            | {"rijen": rows}
        )
        return
    show([row | {"redenen": _told(row["redenen"])} for row in rows], as_json=False, title=_title(proposal))


@lijst.command("leg-vast")
def leg_vast(
    *,
    planner: Annotated[str, typer.Option(help="Wie de lijst vastlegt.")],
    inspecteurs: Annotated[str | None, typer.Option(help="Wie de bezoeken aflegt.", show_default=False)] = None,
    instellingen: Instellingen = None,
    dag: Dag = None,
    begin: Begin = None,
    zaad: Zaad = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een lijst maken en vastleggen, met de redenen en het bewijs van dit moment."""
    with open_registry(database_url) as store:
        with store.read() as connection:
            proposal, settings_id = _propose(connection, instellingen, dag=dag, begin=begin, zaad=zaad)
        number = place(
            store, proposal, planner=planner, now=clock.now(), inspecteurs=inspecteurs, settings_id=settings_id
        )
    if as_json:
        show_json({"lijst": number, "zaken": proposal.rows.height, "meters": round(proposal.distance)})
    else:
        remark(f"Lijst {number} vastgelegd: {_title(proposal)}")


@lijst.command("overzicht")
def overzicht(*, dag: Dag = None, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """De vastgelegde lijsten, de laatste dag eerst."""
    with open_registry(database_url) as store, store.read() as connection:
        lines = [asdict(line) for line in overview(connection, datum=day_of(dag))]
    show(lines, as_json=as_json, title="Bezoeklijsten")


@lijst.command("toon")
def toon(
    nummer: Nummer,
    *,
    analist: Annotated[bool, typer.Option("--analist", help="Ook tonen welke zaken steekproef zijn.")] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een lijst met redenen, gewichten en wat er sinds het vastleggen is veranderd."""
    with open_registry(database_url) as store, store.read() as connection:
        opened = open_list(connection, nummer, analyst=analist)
        record_list(store, Handeling.INZIEN, opened, "bezoeklijst tonen")
        waiting = [one.row for one in opened.rows if not one.visited]
        today = {
            found.row.worklist_row_id: found
            for found in compare_rows(connection, waiting, shipped_law(), day=clock.today())
        }
    rows = [_line(one, today.get(one.row.worklist_row_id), analyst=analist) for one in opened.rows]
    dropped = [{"zaak": one.row.worklist_row_id, "adres": one.row.adres, "reden": one.row.dropped_reason}
               for one in opened.dropped]  # fmt: skip
    if as_json:
        show_json(_head(opened) | {"zaken": rows, "vervallen": dropped})
        return
    title = f"Lijst {nummer}, {opened.stored.datum:%d-%m-%Y}: {opened.addresses} adressen, {_metres(opened)}"
    show([row | {"redenen": _told(row["redenen"])} for row in rows], as_json=False, title=title)
    if dropped:
        show(dropped, as_json=False, title="Van de lijst gehaald")


@lijst.command("volgorde")
def volgorde(
    nummer: Nummer,
    zaken: Annotated[list[int], typer.Argument(help="Alle zaken van de lijst, in de nieuwe volgorde.")],
    *,
    auteur: Auteur,
    database_url: DatabaseUrl = None,
) -> None:
    """De volgorde van de bezoeken wijzigen."""
    with open_registry(database_url) as store:
        metres = reorder(store, nummer, zaken, author=auteur, now=clock.now())
    remark(f"Volgorde van lijst {nummer} bewaard: {metres:.0f} meter.")


@lijst.command("haal-af")
def haal_af(nummer: Nummer, zaak: Zaak, *, auteur: Auteur, reden: Reden, database_url: DatabaseUrl = None) -> None:
    """Een zaak van een lijst halen; zij mag dan op een andere lijst van die dag."""
    with open_registry(database_url) as store:
        drop(store, nummer, zaak, reason=reden, author=auteur, now=clock.now())
    remark(f"Zaak {zaak} is van lijst {nummer} gehaald.")


@lijst.command("vervang")
def vervang(nummer: Nummer, zaak: Zaak, *, auteur: Auteur, reden: Reden, database_url: DatabaseUrl = None) -> None:
    """Een zaak van een lijst halen en de eerstvolgende ervoor in de plaats zetten."""
    with open_registry(database_url) as store:
        new = replace_case(store, nummer, zaak, reason=reden, author=auteur, now=clock.now())
    if new is None:
        remark(f"Zaak {zaak} is van lijst {nummer} gehaald; er is geen andere die aan de instellingen voldoet.")
        raise typer.Exit(ATTENTION)
    remark(f"Zaak {zaak} op lijst {nummer} is vervangen door zaak {new}.")


@lijst.command("trek-in")
def trek_in(nummer: Nummer, *, auteur: Auteur, reden: Reden, database_url: DatabaseUrl = None) -> None:
    """Een hele lijst intrekken; haar zaken mogen dan op een andere lijst."""
    with open_registry(database_url) as store:
        count = withdraw_list(store, nummer, reason=reden, author=auteur, now=clock.now())
    remark(f"Lijst {nummer} ingetrokken: {count} zaken.")


@lijst.command("hercontrole")
def hercontrole(
    nummer: Nummer,
    *,
    auteur: Auteur,
    alleen_markeren: Annotated[
        bool, typer.Option("--alleen-markeren", help="Zaken die vervallen zijn op de lijst laten staan.")
    ] = False,
    dag: Annotated[datetime | None, typer.Option(help="Peildatum; standaard vandaag.", formats=ISO)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Elke zaak opnieuw toetsen met wat nu bekend is; wat is vervallen gaat met zijn reden van de lijst."""
    with open_registry(database_url) as store:
        with store.read() as connection:
            record_list(store, Handeling.TOETSEN, open_list(connection, nummer), "hercontrole van een bezoeklijst")
        found = recheck(
            store,
            nummer,
            shipped_law(),
            day=day_of(dag) or clock.today(),
            author=auteur,
            now=clock.now(),
            drop=not alleen_markeren,
        )
    lines = [
        {"zaak": one.row.worklist_row_id, "adres": one.row.adres, "resultaat": one.result.value, "reden": one.reden}
        | {"van_de_lijst": one.dropped}
        for one in found
    ]
    show(lines, as_json=as_json, title=f"Hercontrole van lijst {nummer}")
    raise typer.Exit(ATTENTION if any(one.result is Result.VERVALLEN for one in found) else DONE)


def _propose(
    connection: ReadConnection,
    name: str | None,
    *,
    dag: datetime | None,
    begin: str | None,
    zaad: int | None,
) -> tuple[Proposal, int | None]:
    settings, number = PlannerSettings(), None
    if name is not None:
        saved, settings = find_settings(connection, name)
        number = saved.settings_id
    day = day_of(dag) or clock.today() + timedelta(days=1)
    share = Settings().steekproef_aandeel
    return plan(connection, settings, day=day, start=begin, control_share=share, seed=zaad), number


def _title(proposal: Proposal) -> str:
    shortest = "kortste ronde" if proposal.proven else "ronde"
    return (
        f"{proposal.day:%d-%m-%Y}: {proposal.rows['stop'].n_unique()} adressen, {proposal.rows.height} zaken uit "
        f"{proposal.open_cases}; {shortest} {proposal.distance:.0f} meter hemelsbreed vanaf {proposal.start.label}"
    )


def _line(one: OpenedRow, today: Recheck | None, *, analyst: bool) -> dict[str, Any]:
    line = {
        "nr": one.number,
        "zaak": one.row.worklist_row_id,
        "adres": one.row.adres,
        "regel": one.row.regel,
        "meter": None if one.metres is None else round(one.metres),
        "punten": one.points,
        "redenen": one.reasons,
        "bewijs": one.row.bewijs,
        "bezocht": "ja" if one.visited else "nee",
        "sindsdien": None if today is None else today.reden,
    }
    return line | ({"steekproef": "ja" if one.is_control else "nee"} if analyst else {})


def _told(reasons: Any) -> str:
    return "\n".join(
        f"{reason['titel']}: {reason['feit']} ({reason['waarde']:g} × {reason['gewicht']:g} = {reason['punten']:g})"
        for reason in reasons
    )


def _head(opened: OpenedList) -> dict[str, Any]:
    stored = opened.stored
    return {
        "lijst": stored.worklist_id,
        "dag": stored.datum,
        "planner": stored.planner,
        "inspecteurs": stored.inspecteurs,
        "begin": stored.start_label,
        "meters": round(opened.order.distance),
        "instellingen": opened.settings.describe(),
        "vervalt": stored.expires_on,
    }


def _metres(opened: OpenedList) -> str:
    return f"{opened.order.distance:.0f} meter"
