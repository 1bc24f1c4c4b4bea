"""Who looks at a list or a case looks at the people of its dwellings: that is written down first."""

from collections.abc import Iterable
from datetime import date

from registry.privacy.access import Access, Betrokkenen, Gebruiker, Handeling
from registry.privacy.purposes import purpose_of
from registry.store.queries.runs import last_run
from registry.store.queries.subjects import persons_of
from registry.web.state import Web
from rules.catalogue import find_rule

SUPERVISION = "toezicht_huisvestingswet"


def write_down(
    web: Web,
    gebruiker: Gebruiker,
    handeling: Handeling,
    cases: Iterable[tuple[str, str]],
    *,
    day: date,
    toelichting: str,
    zaak: str | None = None,
) -> None:
    """Write down whose data is about to be seen, per activity that the rules of the cases serve.

    Args:
        web: the application.
        gebruiker: who looks.
        handeling: what is done.
        cases: rule and dwelling of each.
        day: whose residents are meant.
        toelichting: what is seen; no personal data.
        zaak: the list or case.

    Raises:
        AccessLogError: it could not be written: nothing may be shown.
    """
    objects: dict[str, set[str]] = {}
    for regel, object_id in cases:
        found = purpose_of(find_rule(regel), day)
        objects.setdefault(SUPERVISION if found is None else found.code, set()).add(object_id)
    for activity, of_activity in sorted(objects.items()):
        with web.store.read() as connection:
            residents, owners = persons_of(connection, sorted(of_activity), known=last_run(connection), on=day)
        people = Betrokkenen(residents, owners)
        [one] = of_activity if len(of_activity) == 1 else [None]
        web.access_log.record(
            Access(gebruiker, handeling, activity, people, zaak=zaak, object_id=one, toelichting=toelichting)
        )
