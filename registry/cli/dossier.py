"""``terugmelding``: where the registers contradict each other."""

from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import AsJson, BekendOp, DatabaseUrl, Peildatum, day_of, open_registry, remark, show, show_json
from registry.exports.notes import source_notes
from registry.exports.terugmelding import write_terugmelding
from registry.intake.contradictions import find_contradictions
from registry.signals.run import known_run
from registry.store.queries.runs import imported_sources


def terugmelding(
    *,
    uit: Annotated[Path | None, typer.Option(help="Het Excelbestand om te maken.")] = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Waar de registers elkaar tegenspreken, en aan welk register dat is terug te melden."""
    day = day_of(peildatum) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        found = find_contradictions(connection, peildatum=day, known=known)
        sources = source_notes(imported_sources(connection, known=known))
    if uit is not None:
        written = write_terugmelding(
            uit,
            found,
            peildatum=day,
            sources=sources,
            made_by="woonregister terugmelding",
            made_at=clock.local_now(),
        )
        remark(f"{written} tegenspraken in {uit}")
    elif as_json:
        show_json(found.to_dicts())
    else:
        counted = found.group_by("register", "soort").len("aantal").sort("register", "soort")
        show(counted.to_dicts(), as_json=False, title=f"Tegenspraken op {day:%d-%m-%Y}: {found.height}")
        remark("De hele lijst: woonregister terugmelding --uit terugmeldingen.xlsx")
