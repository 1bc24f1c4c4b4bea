"""The command line: translates arguments, shows results, and is one of the two places that catch every error.

What can be read by a program goes to stdout (``--json``); progress and remarks go to stderr. Exit codes: 0 done; 1 done,
but something needs attention; 2 refused, nothing written.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import structlog
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from importers.issues import Level
from registry import clock
from registry.crypto import BsnCipher
from registry.demo.run import run_demo
from registry.errors import UsageError, WoonregisterError
from registry.exports.notes import SourceNote
from registry.exports.set_aside import SetAsideRow, write_set_aside
from registry.exports.worklist import write_worklist
from registry.intake.run import IMPORTERS, ImportRequest, ImportResult, run_import
from registry.keys import open_cipher
from registry.logs import configure_logs
from registry.settings import Settings
from registry.signals.run import explain_case, known_run, run_evaluations
from registry.stock.composition import count_stock
from registry.store.engine import Store, migrate, open_store
from registry.store.queries.runs import get_run, list_runs, read_issues
from registry.store.queries.stock import read_stock
from registry.worklists.lists import make_worklist
from registry.worklists.planning import WorklistFilters
from rules.catalogue import RULES, find_rule
from rules.parameters import shipped_law
from rules.scenarios import run_scenarios

app = typer.Typer(
    name="woonregister",
    help="Register van de particuliere woningvoorraad van een gemeente.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
export_app = typer.Typer(help="Bestanden maken: werklijsten voor inspecteurs.", no_args_is_help=True)
app.add_typer(export_app, name="export")

screen = Console(stderr=True, highlight=False)

DONE, ATTENTION, REFUSED = 0, 1, 2
_ISO = "%Y-%m-%d"

DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database-url", help="Adres van de database (anders WOONREGISTER_DATABASE_URL).", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Uitvoer voor een programma, op stdout.")]
Peildatum = Annotated[
    datetime | None, typer.Option(help="De dag waarop de toestand wordt getoetst; standaard vandaag.", formats=[_ISO])
]
BekendOp = Annotated[
    datetime | None, typer.Option(help="Met wat aan het eind van deze dag bekend was.", formats=[_ISO])
]


@contextmanager
def _store(url: str | None) -> Iterator[Store]:
    store = open_store(url or Settings().database_url)
    try:
        yield store
    finally:
        store.close()


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _show_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def _show_table(rows: list[dict[str, Any]], title: str = "") -> None:
    table = Table(title=title or None, title_justify="left")
    for name in rows[0] if rows else ():
        table.add_column(name)
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(highlight=False).print(table)


@app.command("import")
def import_(
    bron: Annotated[str, typer.Argument(help=f"Een van: {', '.join(sorted(IMPORTERS))}.")],
    bestand: Annotated[Path, typer.Argument(help="Het bestand (of de uitgepakte map) van de levering.")],
    leverdatum: Annotated[datetime | None, typer.Option(help="Datum van de levering.", formats=[_ISO])] = None,
    levering: Annotated[str | None, typer.Option(help="stand (alles) of deel; standaard wat bij de bron hoort.")] = None,
    indeling: Annotated[Path | None, typer.Option(help="YAML met eigen kolomnamen.")] = None,
    proef: Annotated[bool, typer.Option("--proef", help="Alleen proberen: er wordt niets gewijzigd.")] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een levering van een bron inlezen."""
    if levering not in (None, "stand", "deel"):
        raise UsageError("--levering is stand of deel.")
    settings = Settings()
    request = ImportRequest(bron, bestand, _day(leverdatum), levering, indeling, proef)  # type: ignore[arg-type]
    with _store(database_url) as store, _progress() as progress:
        task = progress.add_task(f"{bestand.name} lezen", total=None)
        read: dict[str, int] = {}

        def show(name: str, rows: int) -> None:
            read[name] = read.get(name, 0) + rows
            progress.update(task, description=f"{bestand.name}: {name} {read[name]:,}".replace(",", "."))

        result = run_import(
            store,
            request,
            cipher=_cipher(settings),
            keep_names=settings.persoonsgegevens == "namen",
            progress=show,
        )
    _show_import(result, as_json=as_json)
    raise typer.Exit(ATTENTION if result.attention else DONE)


def _cipher(settings: Settings) -> BsnCipher:
    given = settings.sleutels.get_secret_value() if settings.sleutels else None
    return open_cipher(settings.sleutelbestand, given)


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        yield progress


def _show_import(result: ImportResult, *, as_json: bool) -> None:
    with_counts = {
        "run": result.run_id,
        "status": result.status,
        "leverdatum": result.leverdatum,
        "levering": result.levering,
        "gelezen": result.gelezen,
        "nieuw": result.counts.nieuw,
        "gewijzigd": result.counts.gewijzigd,
        "ongewijzigd": result.counts.ongewijzigd,
        "verdwenen": result.counts.verdwenen,
        "uitval": result.uitval,
    }
    if as_json:
        tables = {name: vars_of(counts) for name, counts in result.per_table.items()}
        _show_json(with_counts | {"tabellen": tables, "opmerkingen": result.notes})
        return
    rows = [{"tabel": name} | vars_of(counts) for name, counts in result.per_table.items()]
    _show_table(rows, f"Run {result.run_id}: {result.status}, leverdatum {result.leverdatum:%d-%m-%Y}")
    for note in result.notes:
        screen.print(note)
    _show_issues(result)


def vars_of(counts: Any) -> dict[str, int]:
    """The counts of a merge by name."""
    return {name: getattr(counts, name) for name in ("nieuw", "gewijzigd", "ongewijzigd", "verdwenen")}


def _show_issues(result: ImportResult) -> None:
    for level, title in ((Level.UITVAL, "Uitval"), (Level.WAARSCHUWING, "Waarschuwingen")):
        issues = result.issues.filter(level=level.value)
        if issues.is_empty():
            continue
        screen.print(f"{title}: {issues.height}. De eerste:")
        for row in issues.head(5).iter_rows(named=True):
            screen.print(f"  {row['source_file'] or ''} regel {row['source_row'] or '-'}: {row['text']}", markup=False)
    if result.uitval:
        screen.print(f"Alles zien of verbeteren: woonregister runs uitval {result.run_id} --uit uitval.xlsx")


@app.command()
def runs(
    wat: Annotated[str | None, typer.Argument(help="Het nummer van een run, of: uitval.", show_default=False)] = None,
    run: Annotated[int | None, typer.Argument(help="Het nummer van de run.", show_default=False)] = None,
    uit: Annotated[Path | None, typer.Option(help="Met uitval: het Excelbestand om te maken.")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De imports tonen, een ervan, of de uitval van een run (runs uitval RUN --uit BESTAND)."""
    with _store(database_url) as store, store.read() as connection:
        if wat is None:
            found = list_runs(connection)
            shown = ("run", "bron", "bestand", "leverdatum", "status", "gelezen", "nieuw", "gewijzigd", "verdwenen", "uitval")
            _show_json(found) if as_json else _show_table([{name: row[name] for name in shown} for row in found])
            return
        if wat != "uitval":
            number = int(wat) if wat.isdigit() else -1
            found_run = get_run(connection, number)
            _show_json(found_run) if as_json else _show_table([{"": k, "waarde": v} for k, v in found_run.items()])
            return
        if run is None:
            raise UsageError("Geef het nummer van de run: woonregister runs uitval RUN --uit BESTAND.")
        issues = read_issues(connection, run, level=Level.UITVAL.value)
        title = f"Uitval van run {run} ({get_run(connection, run)['bestand']})"
    if uit is None:
        columns = ("issue_id", "source_file", "source_row", "column", "text")
        rows = issues.select(columns).to_dicts()
        _show_json(rows) if as_json else _show_table(rows, title)
        return
    written = _write_set_aside(uit, issues, title)
    screen.print(f"{written} rijen in {uit}. Verbeter ze en lees het bestand in met dezelfde import-opdracht.")


def _write_set_aside(path: Path, issues: pl.DataFrame, title: str) -> int:
    rows = issues.with_columns(id=pl.col("issue_id")).select(list(SetAsideRow.__dataclass_fields__)).to_dicts()
    cipher = _cipher(Settings())
    # Only rows of sources with personal data are encrypted; a JSON text starts with a bracket.
    opened = [
        row | {"row": cipher.decrypt(row["row"])} if row["row"] and row["row"][0] not in "[{" else row for row in rows
    ]
    made_at = clock.now().astimezone(clock.AMSTERDAM).replace(tzinfo=None)
    return write_set_aside(
        path, [SetAsideRow(**row) for row in opened], title=title, made_by="woonregister runs uitval", made_at=made_at
    )


@app.command()
def evaluate(
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    regel: Annotated[list[str] | None, typer.Option(help="Alleen deze regel (mag vaker).")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Elke woning toetsen aan het recht van de juiste datum, en de signalen bewaren."""
    rules = [find_rule(name) for name in regel] if regel else list(RULES.values())
    with _store(database_url) as store, _progress() as progress:
        progress.add_task("toetsen", total=None)
        results = run_evaluations(
            store, rules, shipped_law(), peildatum=_day(peildatum) or clock.today(), bekend_op=_day(bekend_op)
        )
    rows = [{"regel": r.regel, "peildatum": r.peildatum.isoformat(), "evaluatie": r.evaluatie_id} | r.tellingen for r in results]
    _show_json(rows) if as_json else _show_table(rows)


@app.command()
def explain(
    regel: Annotated[str, typer.Argument(help=f"Een van: {', '.join(RULES)}.")],
    verblijfsobject_id: Annotated[str, typer.Argument(help="BAG-id van het verblijfsobject (of lig- of standplaats).")],
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Stap voor stap uitleggen hoe een woning tot haar uitkomst komt."""
    with _store(database_url) as store, store.read() as connection:
        explanation = explain_case(
            connection,
            find_rule(regel),
            shipped_law(),
            verblijfsobject_id,
            peildatum=_day(peildatum) or clock.today(),
            bekend_op=_day(bekend_op),
        )
    typer.echo(explanation.to_json() if as_json else explanation.text())


@app.command()
def scenarios(paden: Annotated[list[Path], typer.Argument(help="Scenariobestanden of mappen.")]) -> None:
    """Scenariobestanden uitvoeren: een regel per scenario."""
    failed = 0
    for result in run_scenarios(paden, shipped_law()):
        failed += not result.passed
        typer.echo(str(result))
    raise typer.Exit(ATTENTION if failed else DONE)


@app.command()
def stock(
    per: Annotated[list[str] | None, typer.Option(help="Indeling (mag vaker): gemeente, wijk, buurt, bouwperiode, …")] = None,
    op: Annotated[datetime | None, typer.Option(help="De dag; standaard vandaag.", formats=[_ISO])] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De samenstelling van de woningvoorraad tellen, naar de definitie van CBS."""
    day = _day(op) or clock.today()
    with _store(database_url) as store, store.read() as connection:
        found = count_stock(read_stock(connection, op=day, known=known_run(connection, None)), per=per or [], op=day)
    if as_json:
        _show_json({"totaal": found.total, "rijen": found.rows.to_dicts(), "definitie": found.definition, "op": day})
        return
    _show_table(found.rows.to_dicts(), f"Woningvoorraad op {day:%d-%m-%Y}: {found.total}")
    screen.print(found.definition)


@export_app.command("werklijst")
def export_werklijst(
    uit: Annotated[Path, typer.Option(help="Het Excelbestand om te maken.")],
    regel: Annotated[list[str] | None, typer.Option(help="Regel (mag vaker); standaard overbewoning.")] = None,
    uitkomst: Annotated[list[str] | None, typer.Option(help="Uitkomst (mag vaker); standaard signaal.")] = None,
    buurt: Annotated[list[str] | None, typer.Option(help="Naam van een buurt (mag vaker).")] = None,
    wijk: Annotated[list[str] | None, typer.Option(help="Naam van een wijk (mag vaker).")] = None,
    urgentie: Annotated[list[str] | None, typer.Option(help="hoog, midden of laag (mag vaker).")] = None,
    aantal: Annotated[int | None, typer.Option(help="Ten hoogste zoveel rijen.")] = None,
    peildatum: Peildatum = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een werklijst voor inspecteurs maken uit de laatste toetsing."""
    filters = WorklistFilters(
        regels=tuple(regel or ("overbewoning",)),
        uitkomsten=tuple(uitkomst or ("signaal",)),
        wijken=tuple(wijk or ()),
        buurten=tuple(buurt or ()),
        urgenties=tuple(urgentie or ()),
        limit=aantal,
    )
    with _store(database_url) as store, store.read() as connection:
        made = make_worklist(connection, regels=filters.regels, filters=filters, peildatum=_day(peildatum))
    written = write_worklist(
        uit,
        made.rows,
        filters=filters,
        sources=[SourceNote(row["bron"], row["leverdatum"]) for row in made.sources.to_dicts()],
        made_by="woonregister export werklijst",
        made_at=clock.now().astimezone(clock.AMSTERDAM).replace(tzinfo=None),
    )
    screen.print(f"{written.rows} woningen in {written.path}")


@app.command()
def demo(
    map_: Annotated[Path, typer.Option("--map", help="De map om te vullen.")] = Path("demo"),
    woningen: Annotated[int, typer.Option(help="Aantal woningen.", min=60)] = 5400,
    database_url: DatabaseUrl = None,
) -> None:
    """Een verzonnen gemeente maken, inlezen en toetsen, met een werklijst als resultaat."""
    with _progress() as progress:
        task = progress.add_task("demo", total=None)
        outcome = run_demo(
            map_, woningen=woningen, database_url=database_url, show=lambda text: progress.update(task, description=text)
        )
    _show_table(outcome.rows, f"Demo: verwacht en gevonden in {map_}")
    raise typer.Exit(DONE if outcome.as_expected else ATTENTION)


@app.command("migrate")
def migrate_(database_url: DatabaseUrl = None) -> None:
    """De database opzetten of bijwerken naar deze versie."""
    url = database_url or Settings().database_url
    migrate(url)
    screen.print("De database is bijgewerkt.")


def main() -> None:
    """Run the command line; every error ends here as a Dutch text and an exit code."""
    configure_logs()
    try:
        app()
    except WoonregisterError as error:
        screen.print(f"[bold red]Geweigerd:[/] ", end="")
        screen.print(str(error), markup=False)
        sys.exit(REFUSED)
    except Exception:
        structlog.get_logger().exception("unexpected_error")
        screen.print("Er ging iets mis dat niet had mogen gebeuren; er is niets gewijzigd. De regels hierboven zeggen wat.")
        sys.exit(REFUSED)
