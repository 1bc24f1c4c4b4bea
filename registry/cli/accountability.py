"""``export algoritmeregister``, ``dpia`` and ``gelijkheid``, and ``init``: what a municipality must account for."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.shared import ATTENTION, DONE, ISO, AsJson, DatabaseUrl, day_of, open_registry, remark, show
from registry.cli.stock import own_limits
from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.files import replacing
from registry.exports.notes import Notes
from registry.exports.workbook import write_workbook
from registry.keys import create_keys
from registry.privacy.activities import Verwerkingsregister, read_activities, shipped_activities
from registry.privacy.publication import algorithm_entries, dpia_blocks
from registry.privacy.retention import read_terms, shipped_terms
from registry.privacy.setup import missing_parts
from registry.settings import Settings
from registry.signals.run import known_run
from registry.stock.fairness import read_fairness
from registry.store.engine import to_json
from rules.catalogue import RULES
from rules.parameters import shipped_law

Uit = Annotated[Path, typer.Option(help="Het bestand om te maken.")]
Gemeente = Annotated[str, typer.Option(help="Naam van de gemeente.")]
Op = Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=ISO)]


def export_algoritmeregister(*, uit: Uit, gemeente: Gemeente = "[in te vullen: gemeente]") -> None:
    """Een concept voor het Algoritmeregister (publicatiestandaard 1.0), een per regel, als JSON."""
    entries = algorithm_entries(list(RULES.values()), _register(), gemeente=gemeente, day=clock.today())
    with replacing(uit) as temporary:
        temporary.write_text(to_json(entries) + "\n", encoding="utf-8")
    remark(f"{len(entries)} regels in {uit}; vul in wat met [in te vullen] is gemerkt.")


def export_dpia(*, uit: Uit, gemeente: Gemeente = "[in te vullen: gemeente]") -> None:
    """Bouwstenen voor een DPIA uit de regels en registers die in gebruik zijn, als Markdown."""
    path = Settings().bewaartermijnen
    terms = read_terms(path) if path else shipped_terms()
    text = dpia_blocks(list(RULES.values()), _register(), terms, gemeente=gemeente, day=clock.today())
    with replacing(uit) as temporary:
        temporary.write_text(text, encoding="utf-8")
    remark(f"Bouwstenen voor de DPIA in {uit}.")


def export_gelijkheid(*, uit: Uit, op: Op = None, database_url: DatabaseUrl = None) -> None:
    """Voor de FG: hoe vaak regels en bezoeken soorten woningen raken, vergeleken met de voorraad."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        found = read_fairness(connection, list(RULES), op=day, known=known_run(connection, None), limits=own_limits())
    columns = [
        ColumnSpec("onderdeel", width=26, help="regel, of de bezoeken van het laatste jaar"),
        ColumnSpec("indeling", help="waarnaar is vergeleken"),
        ColumnSpec("klasse", width=24),
        ColumnSpec("woningen", "integer", help="woningen van de klasse"),
        ColumnSpec("geraakt", "integer", help="waarvan met een signaal, of bezocht"),
        ColumnSpec("aandeel", "decimal", help="geraakt gedeeld door woningen"),
        ColumnSpec("ondergrens", "decimal", help="van het 95 %-interval"),
        ColumnSpec("bovengrens", "decimal", help="van het 95 %-interval"),
        ColumnSpec("aandeel van alle woningen", "decimal", help="hetzelfde over de hele voorraad"),
        ColumnSpec(
            "opvallend", help="hoger of lager dan de hele voorraad, buiten de marge", emphasis=("hoger", "lager")
        ),
    ]
    made = clock.local_now()
    notes = Notes("Gelijke behandeling", "woonregister export gelijkheid", made, remarks=found.remarks)
    rows = write_workbook(uit, [Sheet("Gelijkheid", columns, found.rows.iter_rows())], created=made, notes=notes)
    remark(f"{rows['Gelijkheid']} vergelijkingen in {uit}.")


def init(
    *,
    gemeente: Annotated[str | None, typer.Option(help="Gemeentecode, bijvoorbeeld GM0606.", show_default=False)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De registratie opzetten: database en sleutels maken, en zeggen wat er nog ontbreekt."""
    settings = Settings()
    if settings.sleutels is None and not settings.sleutelbestand.exists():
        create_keys(settings.sleutelbestand)
        remark(f"Sleutels gemaakt in {settings.sleutelbestand}: bewaar een kopie buiten deze machine.")
    with open_registry(database_url) as store, store.read() as connection:
        rows = missing_parts(connection, settings, shipped_law(), gemeente=gemeente, day=clock.today())
    show([one.as_row() for one in rows], as_json=as_json, title="Inrichting")
    raise typer.Exit(ATTENTION if any(not one.gereed for one in rows) else DONE)


def _register() -> Verwerkingsregister:
    path = Settings().verwerkingsregister
    return read_activities(path) if path else shipped_activities()
