"""Files about persons that leave the registry: first written down in the access log, only then made."""

from dataclasses import dataclass

from registry.cases.file import CaseFile
from registry.errors import UsageError
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.store.queries.access import Head

VERWERKING = "handhavingszaak"


@dataclass(frozen=True, slots=True)
class Release:
    """Who takes a file out, as what, and why."""

    gebruiker: Gebruiker
    what: str
    reason: str


def record_release(log: AccessLog, file: CaseFile, release: Release) -> Head:
    """Write down who takes which file out, why, and whose data it holds; without that it is not made.

    Raises:
        AccessLogError: it could not be written down.
        UsageError: there is no reason.
    """
    if not release.reason.strip():
        raise UsageError("Vermeld waarvoor het bestand is: zonder reden gaat er niets naar buiten.")
    subject, people = file.subject, file.parties
    access = Access(
        release.gebruiker,
        Handeling.EXPORTEREN,
        VERWERKING,
        Betrokkenen(people.persoonslijsten, people.rechthebbenden),
        zaak=None if subject.zaak is None else subject.zaak["zaak"],
        object_id=subject.objects[0] if len(subject.objects) == 1 else None,
        toelichting=f"{release.what}; {len(subject.objects)} woningen; {release.reason}",
    )
    return log.record(access)


def people_in(file: CaseFile) -> int:
    """How many people a file concerns; natural and legal persons together."""
    return len(set(file.parties.persoonslijsten) | set(file.parties.rechthebbenden))
