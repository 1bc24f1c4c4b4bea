"""``import`` and ``runs``: what comes in, and what became of it."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from importers.issues import Level
from importers.source import Levering
from registry import clock
from registry.cli.history import show_changes, withdraw
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
    show,
    show_json,
    show_table,
)
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.exports.set_aside import SetAsideRow, write_set_aside
from registry.intake.corrections import open_row
from registry.intake.run import IMPORTERS, ImportRequest, ImportResult, run_import
from registry.settings import Settings
from registry.store.queries.runs import get_run, list_runs, read_issues
from registry.worklists.at_visit import freeze_visits
from rules.parameters import shipped_law

_FIRST = 5
_LISTED = ("run", "bron", "bestand", "leverdatum", "status", "gelezen", "nieuw", "gewijzigd", "verdwenen", "uitval")


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


def runs(
    wat: Annotated[
        str | None,
        typer.Argument(help="Het nummer van een run, of: uitval, wijzigingen, intrekken.", show_default=False),
    ] = None,
    run: Annotated[
        int | None, typer.Argument(help="Met uitval, wijzigingen of intrekken: het nummer.", show_default=False)
    ] = None,
    *,
    uit: Annotated[Path | None, typer.Option(help="Met uitval of wijzigingen: het Excelbestand.")] = None,
    proef: Annotated[bool, typer.Option("--proef", help="Met intrekken: alleen de gevolgen tonen.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Met intrekken: niet vragen of het de bedoeling is.")] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De imports tonen, een ervan, de uitval of de wijzigingen van een run (--uit BESTAND), of een run intrekken."""
    if wat == "intrekken":
        withdraw(run, proef=proef, ja=ja, database_url=database_url, as_json=as_json)
        return
    if wat == "wijzigingen":
        show_changes(run, uit=uit, database_url=database_url, as_json=as_json)
        return
    with open_registry(database_url) as store, store.read() as connection:
        if wat is None:
            found = list_runs(connection)
            show(found if as_json else [{name: row[name] for name in _LISTED} for row in found], as_json=as_json)
            return
        if wat != "uitval":
            one = get_run(connection, _number(wat))
            show_json(one) if as_json else show_table([{"": name, "waarde": value} for name, value in one.items()])
            return
        if run is None:
            raise UsageError("Geef het nummer van de run: woonregister runs uitval RUN --uit BESTAND.")
        title = f"Uitval van run {run} ({get_run(connection, run)['bestand']})"
        issues = read_issues(connection, run, level=Level.UITVAL.value, still_open=True)
        cipher = own_cipher(store)
    if uit is None:
        columns = ("issue_id", "source_file", "source_row", "column", "text")
        show(issues.select(columns).to_dicts(), as_json=as_json, title=title)
        return
    written = _write_set_aside(uit, issues, title, cipher)
    remark(f"{written} rijen in {uit}. Verbeter ze en lees het bestand in met dezelfde opdracht als de levering.")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"'{text}' is geen nummer van een run. 'woonregister runs' geeft de lijst.")
    return int(text)


def _write_set_aside(path: Path, issues: pl.DataFrame, title: str, cipher: BsnCipher) -> int:
    rows = issues.rename({"issue_id": "id"}).select(list(SetAsideRow.__dataclass_fields__)).to_dicts()
    return write_set_aside(
        path,
        [SetAsideRow(**row | {"row": open_row(row["row"], cipher)}) for row in rows],
        title=title,
        made_by="woonregister runs uitval",
        made_at=clock.local_now(),
    )
