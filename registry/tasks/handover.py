"""Handing a signal over to the case system of the municipality: asked for on a page, done by a worker."""

from dataclasses import dataclass
from datetime import datetime

from registry.cases.zaaksysteem import Zaaksysteem
from registry.errors import UsageError
from registry.settings import Settings
from registry.store.engine import TASK_LOCK, ReadConnection, Store
from registry.store.queries.handover import ZaakOverdracht, overdracht_of
from registry.store.queries.tasks import BUSY, WAITS, Task, insert_task, latest_task

HANDOVER = "overdracht"


@dataclass(frozen=True, slots=True)
class HandoverState:
    """How far the hand-over of a signal is.

    Attributes:
        done: the zaak that was made; None when there is none yet.
        task: what was asked of a worker last; None when nobody asked.
    """

    done: ZaakOverdracht | None
    task: Task | None

    @property
    def goes_on(self) -> bool:
        """Whether a worker has it, or will have it."""
        return self.done is None and self.task is not None and self.task.status in (WAITS, BUSY)


def handover_of(connection: ReadConnection, bewijs: str) -> HandoverState:
    """How far the hand-over of the signal with this receipt is."""
    return HandoverState(overdracht_of(connection, bewijs), latest_task(connection, HANDOVER, {"bewijs": bewijs}))


def ask_handover(store: Store, bewijs: str, *, auteur: str, moment: datetime) -> bool:
    """Ask a worker to hand a signal over; false when that was done, or is asked for, already.

    Two people who ask in the same instant both get true: the zaak is one all the same (``registry.cases.zaaksysteem``).
    """
    with store.write_transaction(TASK_LOCK) as connection:
        state = handover_of(connection, bewijs)
        if state.done is not None or state.goes_on:
            return False
        insert_task(connection, HANDOVER, {"bewijs": bewijs}, auteur=auteur, moment=moment)
    return True


def zaaksysteem_of(settings: Settings) -> Zaaksysteem:
    """The case system of the settings.

    Raises:
        UsageError: it is not set, or not whole.
    """
    needed = {
        "WOONREGISTER_ZAAKSYSTEEM_URL": settings.zaaksysteem_url,
        "WOONREGISTER_ZAAKSYSTEEM_CLIENT": settings.zaaksysteem_client,
        "WOONREGISTER_ZAAKSYSTEEM_GEHEIM": settings.zaaksysteem_geheim,
        "WOONREGISTER_ZAAKSYSTEEM_ZAAKTYPE": settings.zaaksysteem_zaaktype,
        "WOONREGISTER_GEMEENTE_RSIN": settings.gemeente_rsin,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing or settings.zaaksysteem_geheim is None:
        raise UsageError(f"Er is geen zaaksysteem ingesteld. Nog nodig: {', '.join(missing)}.")
    return Zaaksysteem(
        url=str(settings.zaaksysteem_url).rstrip("/"),
        client_id=str(settings.zaaksysteem_client),
        secret=settings.zaaksysteem_geheim.get_secret_value(),
        zaaktype=str(settings.zaaksysteem_zaaktype),
        rsin=str(settings.gemeente_rsin),
    )
