"""What follows a visit: assessing signals, the terms that run, and what visits yield."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import polars as pl
import typer

from registry import clock
from registry.cases.assessment import (
    AlreadyAssessedError,
    Assessment,
    Weerlegging,
    assess,
    assessments_of,
    require_signal,
)
from registry.cases.deadlines import read_deadlines
from registry.cases.yields import Area, Method, Share, Yield, read_yields
from registry.cli.access import record_access
from registry.cli.shared import (
    ATTENTION,
    ISO,
    AsJson,
    DatabaseUrl,
    day_of,
    open_registry,
    remark,
    show,
    show_json,
)
from registry.errors import UsageError
from registry.privacy.access import Handeling
from registry.signals.silence import Oordeel, silenced_cases
from registry.store.queries.assessments import read_assessments
from rules.parameters import shipped_law

Bewijs = Annotated[str, typer.Argument(help="Het bewijsnummer van het signaal (werklijst, uitleg).")]
Van = Annotated[datetime | None, typer.Option(help="Eerste dag.", formats=ISO, show_default=False)]
TotEnMet = Annotated[datetime | None, typer.Option(help="Laatste dag.", formats=ISO, show_default=False)]
_SHOWN = ("versie", "oordeel", "reden", "toelichting", "inspectie", "overgedragen_aan", "auteur", "beoordeeld_op")


def beoordeel(
    bewijs: Bewijs,
    oordeel: Annotated[Oordeel, typer.Argument(help="Wat u van het signaal vindt.")],
    *,
    auteur: Annotated[str, typer.Option(help="Wie beoordeelt.")],
    toelichting: Annotated[str, typer.Option(help="Waarom, in woorden.")],
    reden: Annotated[Weerlegging | None, typer.Option(help="Bij weerlegd: waarom.", show_default=False)] = None,
    bezoek: Annotated[str | None, typer.Option(help="Het bezoek waarop het oordeel rust.", show_default=False)] = None,
    aan: Annotated[str | None, typer.Option(help="Bij overgedragen: aan wie.", show_default=False)] = None,
    na: Annotated[int, typer.Option(help="De laatste beoordeling van deze zaak die u zag; 0 is geen.")] = 0,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een signaal beoordelen; was een collega u voor, dan wordt dat gezegd en niets bewaard."""
    assessment = Assessment(
        bewijs, oordeel, toelichting, auteur, na, reden=reden, inspectie=bezoek, overgedragen_aan=aan
    )
    with open_registry(database_url) as store:
        try:
            done = assess(store, assessment)
        except AlreadyAssessedError as error:
            raise UsageError(f"{error} Doe dat met --na {error.latest.get('versie', 0)}.") from error
    if as_json:
        show_json(asdict(done))
    else:
        remark(f"Beoordeling {done.beoordeling_id} bewaard: {oordeel.replace('_', ' ')}, versie {done.versie}.")


def beoordelingen(
    bewijs: Annotated[str | None, typer.Argument(help="Alleen van de zaak van dit bewijsnummer.")] = None,
    *,
    regel: Annotated[str | None, typer.Option(help="Alleen van deze regel.", show_default=False)] = None,
    teruggekomen: Annotated[
        bool, typer.Option("--teruggekomen", help="Alleen wat terugkwam omdat een feit veranderde.")
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De beoordelingen, of welke beantwoorde signalen zijn teruggekomen en door welk feit."""
    with open_registry(database_url) as store:
        objecten = None
        with store.read() as connection:
            if bewijs is not None:
                objecten = [require_signal(connection, bewijs)["adresseerbaar_object_id"]]
        record_access(store, Handeling.INZIEN, "toezicht_huisvestingswet", objecten=objecten, regel=regel)
        with store.read() as connection:
            if teruggekomen:
                if regel is None:
                    raise UsageError("Noem met --regel van welke regel u wilt zien wat terugkwam.")
                back = silenced_cases(connection, regel).filter(pl.col("gewijzigd").list.len() > 0)
                show(back.drop("stil").to_dicts(), as_json=as_json, title=f"Teruggekomen: {back.height}")
                return
            rows = read_assessments(connection, regel=regel) if bewijs is None else assessments_of(connection, bewijs)
    shown = rows.select("regel", "adresseerbaar_object_id", "bewijs", *_SHOWN)
    show(shown.to_dicts(), as_json=as_json, title=f"Beoordelingen: {rows.height}")


def termijnen(
    *,
    dagen: Annotated[int, typer.Option(help="Wat binnen zoveel dagen eindigt.", min=0)] = 30,
    alle: Annotated[bool, typer.Option("--alle", help="Alles wat loopt, ook wat later eindigt of stilstaat.")] = False,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)] = None,
    gemeente: Annotated[str | None, typer.Option(help="Code van de gemeente, voor haar eigen termijnen.")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Welke termijnen binnenkort eindigen, elk met zijn bron."""
    today = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        found = read_deadlines(connection, law=shipped_law(), gemeente=gemeente, today=today)
    chosen = [one for one in found if alle or one.ends_within(today, dagen)]
    rows = [asdict(one) | {"soort": one.soort.value} for one in chosen]
    if as_json:
        show_json(rows)
        return
    show([_line(row) for row in rows], as_json=False, title=f"Termijnen vanaf {today:%d-%m-%Y}: {len(rows)}")


def opbrengst(
    *,
    regel: Annotated[str | None, typer.Option(help="Alleen deze regel.", show_default=False)] = None,
    per: Annotated[Area, typer.Option(help="Per gemeente, wijk of buurt.")] = "gemeente",
    van: Van = None,
    tot_en_met: TotEnMet = None,
    methode: Annotated[Method, typer.Option(help="Van het interval: wilson of exact.")] = "wilson",
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Wat bezoeken opleveren per regel, naast de steekproef, met het interval dat kleine aantallen verdienen."""
    with open_registry(database_url) as store, store.read() as connection:
        found = read_yields(
            connection, since=day_of(van), until=day_of(tot_en_met), regel=regel, per=per, method=methode
        )
    if as_json:
        show_json([asdict(one) for one in found])
        return
    if not found:
        remark("Er is in deze periode geen bezoek voor een signaal afgelegd.")
        raise typer.Exit(ATTENTION)
    show([_yield_line(one) for one in found], as_json=False, title="Opbrengst van bezoeken")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    last = row["laatste_dag"]
    return {
        "laatste dag": "staat stil" if last is None else f"{last:%d-%m-%Y}",
        "termijn": row["soort"],
        "wat": row["omschrijving"],
        "object": row["adresseerbaar_object_id"],
        "zaak": row["zaak"],
        "bron": row["bron"] + (" (te bevestigen)" if row["status"] == "te_bevestigen" else ""),
    }


def _yield_line(one: Yield) -> dict[str, Any]:
    return {
        "regel": f"{one.regel} v{one.regel_versie}",
        "gebied": one.gebied,
        "steekproef": "ja" if one.steekproef else "nee",
        "bezocht": one.bezocht,
        "niemand": one.niemand,
        "binnen": one.binnen,
        "bevestigd": one.bevestigd,
        "weerlegd": one.weerlegd,
        "redenen": ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in one.redenen.items()),
        "nog open": one.bezocht - one.bevestigd - one.weerlegd - one.overgedragen,
        "opbrengst": _percentage(one.opbrengst),
    }


def _percentage(share: Share) -> str:
    if share.deel is None or share.van is None or share.tot is None:
        return ""
    return f"{share.deel:.0%} ({share.van:.0%} tot {share.tot:.0%})"
