"""What every command shares: options, the open registry, and how results are shown."""

import getpass
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from registry.crypto import BsnCipher
from registry.privacy.access import AccessLog, Gebruiker, GebruikerSoort
from registry.privacy.activities import read_activities
from registry.privacy.keyring import Keyring
from registry.settings import Settings
from registry.store.engine import Store, open_store

DONE, ATTENTION, REFUSED = 0, 1, 2
_WIDE = 200
ISO = ["%Y-%m-%d"]

# Results go to stdout, where a program may read them; progress and remarks go to stderr.
remarks = Console(stderr=True, highlight=False)

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url", help="Adres van de database (anders WOONREGISTER_DATABASE_URL).", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Uitvoer voor een programma, op stdout.")]
Peildatum = Annotated[
    datetime | None, typer.Option(help="De dag waarvan de toestand telt; standaard vandaag.", formats=ISO)
]
BekendOp = Annotated[datetime | None, typer.Option(help="Met wat aan het eind van deze dag bekend was.", formats=ISO)]


@contextmanager
def open_registry(url: str | None) -> Iterator[Store]:
    """The registry of ``--database-url``, else of the settings."""
    store = open_store(url or Settings().database_url)
    try:
        yield store
    finally:
        store.close()


def own_keyring(store: Store) -> Keyring:
    """The keys of the settings: from a vault, else from the key file (made only for an empty registry)."""
    settings = Settings()
    given = settings.sleutels.get_secret_value() if settings.sleutels else None
    return Keyring(store, settings.sleutelbestand, given, production=settings.omgeving == "productie")


def own_cipher(store: Store) -> BsnCipher:
    """The cipher of the settings, for a command that is done soon."""
    return own_keyring(store).cipher()


def own_access_log(store: Store) -> AccessLog:
    """The access log of the settings."""
    settings = Settings()
    register = read_activities(settings.verwerkingsregister) if settings.verwerkingsregister else None
    return AccessLog(store, register=register, anchors=settings.toegangslog_ankers)


def own_user() -> Gebruiker:
    """Who is at the command line: the account of the machine."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number without a name
        name = "onbekend"
    return Gebruiker(name, GebruikerSoort.OPDRACHTREGEL)


def day_of(moment: datetime | None) -> date | None:
    """The date of an option."""
    return None if moment is None else moment.date()


@contextmanager
def progress() -> Iterator[Progress]:
    """A line on stderr that shows what is being done and for how long; gone when it is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=remarks, transient=True) as shown:
        yield shown


def remark(text: str) -> None:
    """A line for the user that is no result."""
    remarks.print(text, markup=False, soft_wrap=True)


def show_json(value: object) -> None:
    """A result for a program."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_table(rows: Sequence[dict[str, Any]], title: str = "") -> None:
    """A result for a person; the keys of the first row are the headings."""
    table = Table(title=title or None, title_justify="left")
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    # A pipe or a file has no width of its own; nothing needs to be folded there.
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _WIDE).print(table)


def show(rows: Sequence[dict[str, Any]], *, as_json: bool, title: str = "") -> None:
    """A result for whoever asked."""
    if as_json:
        show_json(rows)
    else:
        show_table(rows, title)
