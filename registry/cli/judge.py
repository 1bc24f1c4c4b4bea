"""``evaluate``, ``explain`` and ``scenarios``: what the law says of the facts."""

from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.access import record_access
from registry.cli.layers import follow
from registry.cli.shared import (
    ATTENTION,
    DONE,
    AsJson,
    BekendOp,
    DatabaseUrl,
    Peildatum,
    day_of,
    open_registry,
    progress,
    remark,
    show,
)
from registry.privacy.access import Handeling
from registry.privacy.purposes import activity_of, missing_decision
from registry.signals.receipts import reproduce
from registry.signals.run import explain_case, known_run, run_evaluations
from rules.catalogue import RULES, find_rule
from rules.parameters import shipped_law
from rules.scenarios import run_scenarios


def evaluate(
    *,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    regel: Annotated[list[str] | None, typer.Option(help="Alleen deze regel (mag vaker).")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Elke woning toetsen aan het recht van de juiste datum, en de signalen bewaren."""
    rules = [find_rule(name) for name in regel or RULES]
    with open_registry(database_url) as store, progress() as shown:
        shown.add_task("toetsen", total=None)
        results = run_evaluations(
            store, rules, shipped_law(), peildatum=day_of(peildatum) or clock.today(), bekend_op=day_of(bekend_op)
        )
        for rule, result in zip(rules, results, strict=True):
            record_access(
                store,
                Handeling.TOETSEN,
                activity_of(rule, result.peildatum),
                objecten=None,
                on=result.peildatum,
                known=result.known,
                regel=f"{rule.id} {rule.version}",
            )
        with store.read() as connection:
            missing = [missing_decision(connection, rule, day_of(peildatum) or clock.today()) for rule in rules]
        follow(store)
    for text in filter(None, missing):
        remark(text)
    rows = [
        {"regel": result.regel, "peildatum": result.peildatum.isoformat(), "evaluatie": result.evaluatie_id}
        | result.tellingen
        for result in results
    ]
    show(rows, as_json=as_json)


def explain(
    regel: Annotated[str, typer.Argument(help=f"Een van: {', '.join(RULES)}.")],
    verblijfsobject_id: Annotated[str, typer.Argument(help="BAG-id van het verblijfsobject, de lig- of standplaats.")],
    *,
    overdracht: Annotated[str | None, typer.Option(help="Deze overdracht; anders de laatste.")] = None,
    beding: Annotated[str | None, typer.Option(help="Dit beding; anders wat er geldt.")] = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Stap voor stap uitleggen hoe een woning tot haar uitkomst komt."""
    with open_registry(database_url) as store, store.read() as connection:
        explanation = explain_case(
            connection,
            find_rule(regel),
            shipped_law(),
            verblijfsobject_id,
            peildatum=day_of(peildatum) or clock.today(),
            known=known_run(connection, day_of(bekend_op)),
            case_id=overdracht or beding,
        )
        rule, day = find_rule(regel), day_of(peildatum) or clock.today()
        record_access(
            store,
            Handeling.UITLEGGEN,
            activity_of(rule, day),
            objecten=[verblijfsobject_id],
            on=day,
            regel=f"{rule.id} {rule.version}",
        )
    typer.echo(explanation.to_json() if as_json else explanation.text())


def bewijs(
    nummer: Annotated[str, typer.Argument(help="Het bewijsnummer van een uitkomst.")],
    *,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een oude uitkomst narekenen: met wat toen bekend was en de wet die toen gold."""
    with open_registry(database_url) as store, store.read() as connection:
        found = reproduce(connection, nummer)
        rule = find_rule(found.explanation.regel)
        record_access(
            store,
            Handeling.UITLEGGEN,
            activity_of(rule, found.peildatum),
            objecten=[found.object_id],
            on=found.peildatum,
            known=found.known_run_id,
            regel=f"{rule.id} {rule.version}",
        )
    typer.echo(found.explanation.to_json() if as_json else found.explanation.text())
    if not found.equal:
        remark(f"De uitkomst is niet meer dezelfde: dit programma komt nu op bewijs {found.explanation.bewijs}.")
    raise typer.Exit(DONE if found.equal else ATTENTION)


def scenarios(paden: Annotated[list[Path], typer.Argument(help="Scenariobestanden of mappen daarmee.")]) -> None:
    """Scenariobestanden uitvoeren: een regel per verwachting."""
    failed = 0
    for result in run_scenarios(paden, shipped_law()):
        failed += not result.passed
        typer.echo(str(result))
    raise typer.Exit(ATTENTION if failed else DONE)
