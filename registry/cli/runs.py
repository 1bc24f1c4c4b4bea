"""``runs``: what became of what came in."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from importers.issues import Level
from registry import clock
from registry.cli.history import show_changes, withdraw
from registry.cli.shared import AsJson, DatabaseUrl, open_registry, own_cipher, remark, show, show_json, show_table
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.exports.set_aside import set_aside_rows, write_set_aside
from registry.store.queries.runs import get_run, list_runs, read_issues

_LISTED = ("run", "bron", "bestand", "leverdatum", "status", "gelezen", "nieuw", "gewijzigd", "verdwenen", "uitval")


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
    rows = set_aside_rows(issues, cipher)
    return write_set_aside(path, rows, title=title, made_by="woonregister runs uitval", made_at=clock.local_now())
