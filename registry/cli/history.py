"""``runs intrekken``, ``backup``, ``restore`` and ``check``: going back, and being sure."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.layers import follow
from registry.cli.shared import ATTENTION, DONE, AsJson, DatabaseUrl, open_registry, remark, show, show_json, show_table
from registry.errors import UsageError
from registry.exports.changes import write_changes
from registry.intake.withdraw import Withdrawal, withdraw_run
from registry.settings import Settings
from registry.store.backup import make_backup, restore_backup
from registry.store.integrity import check_registry
from registry.store.queries.changes import read_changes
from registry.store.queries.runs import get_run


def withdraw(run: int | None, *, proef: bool, ja: bool, database_url: str | None, as_json: bool) -> None:
    """Show what withdrawing a run does, ask whether that is meant, and do it."""
    if run is None:
        raise UsageError("Geef het nummer van de run: woonregister runs intrekken RUN.")
    with open_registry(database_url) as store:
        if proef or not ja:
            tried = withdraw_run(store, run, proef=True)
            _show_withdrawal(tried, as_json=as_json and proef)
            if proef:
                return
            typer.confirm("Deze run intrekken?", abort=True, err=True)
        done = withdraw_run(store, run)
        follow(store)
    if as_json:
        _show_withdrawal(done, as_json=True)
    remark(
        f"Run {run} is ingetrokken door run {done.run_id}. Wat eerder bekend was, blijft op te vragen. "
        "Toets opnieuw: woonregister evaluate."
    )


def _show_withdrawal(done: Withdrawal, *, as_json: bool) -> None:
    tables = {
        name: {"vervalt": found.vervallen, "keert_terug": found.teruggekeerd} for name, found in done.per_table.items()
    }
    if as_json:
        rest = {"verwijzingen": done.verwijzingen, "evaluaties": done.evaluaties, "signalen": done.signalen}
        show_json({"run": done.run["run"], "intrekking": done.run_id, "tabellen": tables} | rest)
        return
    rows = [{"tabel": name} | counts for name, counts in tables.items()]
    show_table(rows, f"Run {done.run['run']} intrekken: {done.run['bron']}, {done.run['bestand']}")
    for name, count in done.verwijzingen.items():
        remark(f"{count} rijen van {name} gaan over objecten die hierdoor niet meer bekend zijn.")
    if done.evaluaties:
        remark(
            f"{done.evaluaties} toetsingen ({done.signalen} bewaarde uitkomsten) telden deze run mee; ze blijven "
            "bewaard als wat toen bekend was."
        )


def show_changes(run: int | None, *, uit: Path | None, database_url: str | None, as_json: bool) -> None:
    """What a run wrote: counted per table, or row by row as JSON or workbook."""
    if run is None:
        raise UsageError("Geef het nummer van de run: woonregister runs wijzigingen RUN.")
    with open_registry(database_url) as store, store.read() as connection:
        title = f"Wijzigingen door run {run} ({get_run(connection, run)['bestand']})"
        found = read_changes(connection, run)
    if uit is not None:
        written = write_changes(
            uit, found, title=title, made_by="woonregister runs wijzigingen", made_at=clock.local_now()
        )
        remark(f"{written} wijzigingen in {uit}")
        return
    counted = found.group_by("tabel", "wijziging").len("aantal").sort("tabel", "wijziging")
    show(found.to_dicts() if as_json else counted.to_dicts(), as_json=as_json, title=title)


def backup(
    *,
    uit: Annotated[Path, typer.Option(help="Het bestand om te maken (.zip).")],
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een reservekopie maken, gecontroleerd op aantallen en inhoud. De sleutels zitten er niet in."""
    with open_registry(database_url) as store:
        made = make_backup(store, uit, made=clock.now(), software=version("woonregister"))
    rows = [{"tabel": name, "rijen": found.aantal} for name, found in made.tabellen.items()]
    show(rows, as_json=as_json, title=f"Reservekopie {uit}")
    remark(
        f"Bewaar het sleutelbestand ({Settings().sleutelbestand}) apart: zonder is geen burgerservicenummer te lezen."
    )


def restore(
    bestand: Annotated[Path, typer.Argument(help="De reservekopie.")],
    *,
    vervang: Annotated[bool, typer.Option("--vervang", help="Ook als de database al een registratie bevat.")] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een reservekopie terugzetten, en nagaan dat alles er weer is."""
    restored = restore_backup(database_url or Settings().database_url, bestand, replace=vervang)
    rows = [{"tabel": name, "rijen": found.aantal} for name, found in restored.tabellen.items()]
    show(rows, as_json=as_json, title=f"Teruggezet: reservekopie van {restored.gemaakt}")
    with open_registry(database_url) as store:
        follow(store)


def check(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Nagaan dat de registratie klopt: versies, verwijzingen, tellingen, bewijsnummers."""
    with open_registry(database_url) as store, store.read() as connection:
        checks = list(check_registry(connection))
    rows = [{"controle": one.controle, "bekeken": one.bekeken, "fout": one.fout} for one in checks]
    show(rows, as_json=as_json, title="Controle van de registratie")
    for one in checks:
        for example in one.voorbeelden:
            remark(f"{one.controle}: {example}")
    raise typer.Exit(ATTENTION if any(one.fout for one in checks) else DONE)
