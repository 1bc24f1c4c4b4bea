"""What a user is told when the database fails or refuses, in Dutch and with what he can do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import sqlalchemy as sa

from registry.errors import StoreBusyError, StoreError, StoreFullError

BUSY: Final = (
    "Een andere opdracht schrijft op dit moment in de database. Wacht tot die klaar is en herhaal de opdracht."
)
_CROWDED: Final = "Het is op dit moment te druk: alle verbindingen met de database zijn bezet. Probeer het zo opnieuw."

_NO_PERMISSION: Final = {"42501", "25006"}  # SQLSTATE of insufficient privilege and of a read-only transaction
_MIGRATING: Final = {
    "55P03": (
        "De database is in gebruik en kon daarom niet worden bijgewerkt. Stop de webtoepassing en de worker, wacht tot "
        "een lopende opdracht klaar is, en herhaal 'woonregister migrate'. Er is niets gewijzigd."
    ),
    "42501": (
        "Alleen de eigenaar van de database mag haar opzetten of bijwerken. Voer 'woonregister migrate' uit met het "
        "adres van die gebruiker. Er is niets gewijzigd."
    ),
}


@contextmanager
def dutch_errors(*, migrating: bool = False) -> Iterator[None]:
    """Turn what a user can do something about into a text for him; other errors are mistakes in our statements.

    Args:
        migrating: whether the schema is being changed, which only its owner may, and only when nobody holds it.

    Raises:
        StoreError: the database failed, is full, or refuses this role.
        StoreBusyError: another one writes, and did so for longer than was waited, or all connections are in use.
        StoreFullError: there is no room on its disk.
    """
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise StoreBusyError(_CROWDED) from error
    # COPY and reading of frames go past SQLAlchemy: what fails there is of the driver.
    except (sa.exc.DBAPIError, psycopg.Error, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        state = getattr(cause, "sqlstate", None)
        if not _is_foreseen(error) and state not in _NO_PERMISSION:
            raise
        if migrating and state in _MIGRATING:
            raise StoreError(_MIGRATING[state]) from error
        reason = str(cause)
        kind = StoreBusyError if _is_busy(reason) else StoreFullError if _is_full(reason) else StoreError
        raise kind(_explain(reason, state)) from error


def _is_foreseen(error: Exception) -> bool:
    """Whether it is about the database and not about our statement."""
    plain = (sa.exc.DatabaseError, psycopg.DatabaseError, sqlite3.DatabaseError)
    return type(error) in plain or isinstance(
        error, (sa.exc.OperationalError, psycopg.OperationalError, sqlite3.OperationalError)
    )


def _is_busy(reason: str) -> bool:
    return "database is locked" in reason.lower() or "lock timeout" in reason.lower()


def _is_full(reason: str) -> bool:
    return "disk is full" in reason.lower() or "no space left" in reason.lower() or "disk quota" in reason.lower()


def _explain(reason: str, state: str | None = None) -> str:
    reason = " ".join(reason.split())
    lowered = reason.lower()
    if state == "42501":
        return (
            "Deze gebruiker van de database heeft daar het recht niet toe; er is niets gewijzigd. Welke rol wat mag, "
            f"zegt: woonregister database rollen ({reason})."
        )
    if state in _NO_PERMISSION or "readonly" in lowered or "unable to open database" in lowered:
        return (
            "In de database mag niet worden geschreven; er is niets gewijzigd. Controleer de rechten op de database, "
            f"en bij SQLite ook op haar map ({reason})."
        )
    if _is_full(reason):
        return "De schijf is vol. Maak ruimte en herhaal de opdracht; er is niets gewijzigd."
    if _is_busy(reason):
        return BUSY
    if "not a database" in lowered or "malformed" in lowered:
        return f"Het bestand is geen (gave) SQLite-database: {reason}. Herstel een reservekopie."
    return f"De database is niet bereikbaar of weigert de opdracht: {reason}"
