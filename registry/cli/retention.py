"""``retention``: how long data is kept, what is due, and destroying it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.dutch import Commands
from registry.cli.shared import (
    ATTENTION,
    DONE,
    ISO,
    AsJson,
    DatabaseUrl,
    day_of,
    open_registry,
    own_access_log,
    own_user,
    remark,
    show,
)
from registry.privacy.retention import (
    Bewaartermijn,
    Due,
    destroy,
    destroy_backups,
    old_backups,
    preview,
    read_terms,
    shipped_terms,
)
from registry.settings import Settings
from registry.store.queries.retention import list_destructions

Op = Annotated[
    datetime | None, typer.Option(help="De dag waarop de termijnen worden geteld; standaard vandaag.", formats=ISO)
]

retention = Commands(help="Bewaartermijnen, en vernietigen wat lang genoeg is bewaard.", no_args_is_help=True)


@retention.command("lijst")
def lijst(*, op: Op = None, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """De termijnen, en hoeveel er nu zou worden vernietigd; er gebeurt nog niets."""
    with open_registry(database_url) as store, store.read() as connection:
        found = preview(connection, _terms(), day_of(op) or clock.today())
    show([_row(one) for one in found], as_json=as_json, title="Bewaartermijnen")


@retention.command("uitvoeren")
def uitvoeren(
    *,
    soort: Annotated[str | None, typer.Option(help="Alleen deze soort gegevens.", show_default=False)] = None,
    ja: Annotated[bool, typer.Option("--ja", help="Niet vragen of het zeker is.")] = False,
    op: Op = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Vernietigen wat over de termijn is, met een verklaring van vernietiging."""
    day = day_of(op) or clock.today()
    with open_registry(database_url) as store:
        with store.read() as connection:
            found = preview(connection, _terms(), day)
        due = sum(one.aantal for one in found if soort in (None, one.termijn.gegevenssoort) and not one.termijn.wacht)
        if due and not ja:
            typer.confirm(f"Er worden {due} rijen vernietigd; dat is niet terug te draaien. Doorgaan?", abort=True)
        done = destroy(store, _terms(), day, gebruiker=own_user(), log=own_access_log(store), only=soort)
    show([_row(one) for one in done], as_json=as_json, title="Vernietigd")


@retention.command("verslag")
def verslag(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """De verklaringen van vernietiging: wat, hoeveel, wanneer, door wie, op grond waarvan."""
    with open_registry(database_url) as store, store.read() as connection:
        rows = list_destructions(connection)
    show(rows, as_json=as_json, title="Verklaringen van vernietiging")


@retention.command("reservekopieen")
def reservekopieen(
    folder: Annotated[Path, typer.Argument(metavar="MAP", help="De map met reservekopieën.")],
    *,
    verwijder: Annotated[bool, typer.Option("--verwijder", help="Ze verwijderen, met een verklaring.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Niet vragen of het zeker is.")] = False,
    op: Op = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De reservekopieën die langer worden bewaard dan hun termijn: daarin leeft voort wat hier is vernietigd."""
    day = day_of(op) or clock.today()
    found = old_backups(folder, _terms(), day)
    if verwijder and found:
        if not ja:
            typer.confirm(f"Er worden {len(found)} reservekopieën verwijderd. Doorgaan?", abort=True)
        with open_registry(database_url) as store:
            found = destroy_backups(store, folder, _terms(), day, gebruiker=own_user(), log=own_access_log(store))
    show(
        [{"bestand": str(one.bestand), "gemaakt": one.gemaakt} for one in found],
        as_json=as_json,
        title=f"{'Verwijderd' if verwijder else 'Te oude reservekopieën'}: {len(found)}",
    )
    raise typer.Exit(ATTENTION if found and not verwijder else DONE)


def _terms() -> tuple[Bewaartermijn, ...]:
    path = Settings().bewaartermijnen
    terms = read_terms(path) if path else shipped_terms()
    unsure = [one.gegevenssoort for one in terms if one.status == "te_bevestigen"]
    if unsure:
        remark(f"Nog door de gemeente te bevestigen: {', '.join(dict.fromkeys(unsure))}.")
    return terms


def _row(one: Due) -> dict[str, object]:
    months = one.termijn.maanden
    return {
        "gegevenssoort": one.termijn.gegevenssoort,
        "termijn": "nog vast te stellen" if months is None else f"{months} maanden",
        "vanaf": one.termijn.vanaf,
        "voor": one.voor.isoformat() if one.voor else None,
        "aantal": one.aantal,
        "wacht op vaststelling": "ja" if one.termijn.wacht or months is None else "nee",
        "bron": one.termijn.bron,
    }
