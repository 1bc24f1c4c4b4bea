"""``funnel``, ``simulate`` and ``verschillen``: what a rule does to the stock, and what changed it."""

from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import AsJson, BekendOp, DatabaseUrl, Peildatum, day_of, open_registry, remark, show
from registry.signals.attribution import attribute_changes
from registry.signals.whatif import compare_outcomes, count_steps, judge_on, parse_changes
from rules.catalogue import RULES, find_rule
from rules.parameters import shipped_law

Regel = Annotated[str, typer.Argument(help=f"Een van: {', '.join(RULES)}.")]
Per = Annotated[str | None, typer.Option(help="Per gemeente, wijk of buurt.")]


def funnel(
    regel: Regel,
    *,
    per: Per = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Tellen hoeveel gevallen elke stap van een regel bereiken, en waar ze eindigen."""
    rule = find_rule(regel)
    day = day_of(peildatum) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        judged = judge_on(connection, rule, {"nu": shipped_law()}, peildatum=day, bekend_op=day_of(bekend_op), per=per)
    show(count_steps(rule, judged["nu"]).to_dicts(), as_json=as_json, title=f"{rule.title} op {day:%d-%m-%Y}")


def simulate(
    regel: Regel,
    *,
    stel: Annotated[list[str], typer.Option(help="PARAMETER=WAARDE (mag vaker).")],
    per: Per = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Uitrekenen wat een regel zou vinden met andere getallen; er wordt niets bewaard."""
    rule, law = find_rule(regel), shipped_law()
    laws = {"nu": law, "dan": law.replace(parse_changes(stel, law))}
    day = day_of(peildatum) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        judged = judge_on(connection, rule, laws, peildatum=day, bekend_op=day_of(bekend_op), per=per)
    rows = compare_outcomes(judged["nu"], judged["dan"]).to_dicts()
    show(rows, as_json=as_json, title=f"{rule.title} op {day:%d-%m-%Y} met {', '.join(stel)}")


def verschillen(regel: Regel, *, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Tonen welke gevallen sinds de vorige toetsing een andere uitkomst kregen, en waardoor."""
    with open_registry(database_url) as store, store.read() as connection:
        changes = attribute_changes(connection, find_rule(regel))
    rows = [
        {
            "geval": change.key,
            "van": change.van,
            "naar": change.naar,
            "oorzaak": change.oorzaak,
            "feiten": "; ".join(f"{name}: {old} -> {new}" for name, (old, new) in change.feiten.items()),
        }
        for change in changes
    ]
    show(rows, as_json=as_json)
    if not rows:
        remark("Geen enkele uitkomst is veranderd.")
