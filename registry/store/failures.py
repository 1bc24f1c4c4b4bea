"""What a user is told when the database fails or refuses, in Dutch and with what he can do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from registry.errors import StoreBusyError, StoreError

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
        StoreBusyError: another one writes, and did so for longer than was waited.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        foreseen = isinstance(error, sa.exc.OperationalError) or type(error) is sa.exc.DatabaseError
        if not foreseen and state not in _NO_PERMISSION:
            raise
        if migrating and state in _MIGRATING:
            raise StoreError(_MIGRATING[state]) from error
        kind = StoreBusyError if _is_busy(str(error.orig)) else StoreError
        raise kind(_explain(str(error.orig), state)) from error


def _is_busy(reason: str) -> bool:
    return "database is locked" in reason.lower() or "lock timeout" in reason.lower()


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
    if "disk is full" in lowered or "no space left" in lowered:
        return "De schijf is vol. Maak ruimte en herhaal de opdracht; er is niets gewijzigd."
    if _is_busy(reason):
        return (
            "Een andere opdracht schrijft op dit moment in de database. Wacht tot die klaar is en herhaal de opdracht."
        )
    if "not a database" in lowered or "malformed" in lowered:
        return f"Het bestand is geen (gave) SQLite-database: {reason}. Herstel een reservekopie."
    return f"De database is niet bereikbaar of weigert de opdracht: {reason}"
