"""What commands share that show data on persons: the access is written down first."""

from collections.abc import Iterable
from datetime import date

from registry.cli.shared import own_access_log, own_user
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.store.engine import Store
from registry.store.queries.runs import last_run
from registry.store.queries.subjects import persons_of


def record_access(
    store: Store,
    handeling: Handeling,
    verwerking: str,
    *,
    objecten: Iterable[str] | None,
    on: date | None = None,
    known: int | None = None,
    regel: str | None = None,
    zaak: str | None = None,
    toelichting: str | None = None,
) -> None:
    """Write down that somebody at the command line is about to see data about these dwellings.

    Args:
        store: the registry.
        handeling: what is done.
        verwerking: the processing activity.
        objecten: the dwellings; None is all of them.
        on: the day whose residents are meant; None is every day.
        known: with what was known just after this run; None is now.
        regel: rule and version.
        zaak: the case it is needed for.
        toelichting: filters or reason; no personal data.

    Raises:
        AccessLogError: it could not be written: nothing may be shown.
    """
    objects = None if objecten is None else sorted(set(objecten))
    with store.read() as connection:
        counted = last_run(connection) if known is None else known
        residents, owners = persons_of(connection, objects, known=counted, on=on)
    access = Access(
        own_user(),
        handeling,
        verwerking,
        Betrokkenen(residents, owners),
        zaak=zaak,
        object_id=objects[0] if objects and len(objects) == 1 else None,
        regel=regel,
        toelichting=toelichting,
    )
    own_access_log(store).record(access)
