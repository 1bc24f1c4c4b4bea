"""Who looks at a list looks at the people of its dwellings: that is written down first."""

from collections.abc import Iterable
from datetime import date

from registry.cli.access import record_access
from registry.privacy.access import Handeling
from registry.privacy.purposes import activity_of
from registry.store.engine import Store
from registry.worklists.opened import OpenedList
from rules.catalogue import find_rule


def record_list_access(
    store: Store,
    handeling: Handeling,
    cases: Iterable[tuple[str, str]],
    *,
    day: date,
    toelichting: str,
    zaak: str | None = None,
) -> None:
    """Write down whose data is about to be seen, per activity that the rules of the cases serve.

    Args:
        store: the registry.
        handeling: what is done.
        cases: rule and dwelling of each.
        day: of the list.
        toelichting: what is seen.
        zaak: the list.

    Raises:
        AccessLogError: it could not be written: nothing may be shown.
    """
    objects: dict[str, set[str]] = {}
    for regel, object_id in cases:
        objects.setdefault(activity_of(find_rule(regel), day), set()).add(object_id)
    for activity, of_activity in sorted(objects.items()):
        record_access(store, handeling, activity, objecten=of_activity, on=day, zaak=zaak, toelichting=toelichting)


def record_list(store: Store, handeling: Handeling, opened: OpenedList, toelichting: str) -> None:
    """``record_list_access`` for a list that was placed."""
    cases = [(one.row.regel, one.row.adresseerbaar_object_id) for one in opened.rows]
    zaak = f"bezoeklijst {opened.stored.worklist_id}"
    record_list_access(store, handeling, cases, day=opened.stored.datum, toelichting=toelichting, zaak=zaak)
