"""``import``: what comes in."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from importers.issues import Level
from importers.source import Levering
from registry import clock
from registry.cli.layers import follow
from registry.cli.shared import (
    ATTENTION,
    DONE,
    ISO,
    AsJson,
    DatabaseUrl,
    day_of,
    open_registry,
    own_cipher,
    own_user,
    progress,
    remark,
    show_json,
    show_table,
)
from registry.intake.run import IMPORTERS, ImportRequest, ImportResult, run_import
from registry.settings import Settings
from registry.worklists.at_visit import freeze_visits
from rules.parameters import shipped_law

_FIRST = 5


def import_(
    bron: Annotated[str, typer.Argument(help=f"Een van: {', '.join(sorted(IMPORTERS))}.")],
    bestand: Annotated[Path, typer.Argument(help="Het bestand (of de uitgepakte map) van de levering.")],
    *,
    leverdatum: Annotated[datetime | None, typer.Option(help="Datum van de levering.", formats=ISO)] = None,
    levering: Annotated[Levering | None, typer.Option(help="Alles van de bron (stand) of een deel.")] = None,
    indeling: Annotated[Path | None, typer.Option(help="YAML-bestand met eigen kolomnamen.")] = None,
    proef: Annotated[bool, typer.Option("--proef", help="Alleen proberen: er wordt niets gewijzigd.")] = False,
    nieuwe_gemeente: Annotated[
        bool, typer.Option("--nieuwe-gemeente", help="Een BAG-extract van een gemeente erbij nemen.")
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een levering van een bron inlezen."""
    request = ImportRequest(bron, bestand, day_of(leverdatum), levering, indeling, proef, nieuwe_gemeente)
    with open_registry(database_url) as store, progress() as shown:
        task = shown.add_task(f"{bestand.name} lezen", total=None)
        read: dict[str, int] = {}

        def tell(name: str, rows: int) -> None:
            read[name] = read.get(name, 0) + rows
            shown.update(task, description=f"{bestand.name}: {name} {read[name]}")

        result = run_import(
            store,
            request,
            cipher=own_cipher(store),
            keep_names=Settings().persoonsgegevens == "namen",
            progress=tell,
        )
        if bron == "inspecties" and not proef:
            freeze_visits(store, result.run_id, shipped_law(), author=own_user().naam, now=clock.now())
        if not proef:
            follow(store)
    _show_result(result, as_json=as_json)
    raise typer.Exit(ATTENTION if result.attention else DONE)


def _show_result(result: ImportResult, *, as_json: bool) -> None:
    if as_json:
        head = {"run": result.run_id, "status": result.status, "leverdatum": result.leverdatum}
        counts = {"gelezen": result.gelezen, **asdict(result.counts)}
        counts |= {"uitval": result.uitval, "hersteld": result.hersteld}
        tables = {name: asdict(counts) for name, counts in result.per_table.items()}
        show_json(head | {"levering": result.levering} | counts | {"tabellen": tables, "opmerkingen": result.notes})
        return
    rows = [{"tabel": name} | asdict(counts) for name, counts in result.per_table.items()]
    show_table(rows, f"Run {result.run_id}: {result.status}, leverdatum {result.leverdatum:%d-%m-%Y}")
    for note in result.notes:
        remark(note)
    for level, title in ((Level.UITVAL, "Uitval"), (Level.WAARSCHUWING, "Waarschuwingen")):
        issues = result.issues.filter(level=level.value)
        if not issues.is_empty():
            remark(f"{title}: {issues.height}. De eerste:")
            for row in issues.head(_FIRST).iter_rows(named=True):
                remark(f"  {row['source_file'] or ''} regel {row['source_row'] or '-'}: {row['text']}")
    if result.hersteld:
        remark(f"Hersteld: {result.hersteld} opzij gezette rijen zijn nu ingelezen.")
    if result.uitval:
        remark(f"Alles zien en verbeteren: woonregister runs uitval {result.run_id} --uit uitval.xlsx")
