"""When the data of one person must be gone: the retention terms, counted from what the registry holds about him."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from registry.privacy.retention import Bewaartermijn
from registry.privacy.subjects import YOU, Inzage

_LEFT, _SIGNALS, _LOG = "vertrokken_bewoners", "signalen_zonder_opvolging", "toegangslog"


@dataclass(frozen=True, slots=True)
class PersonTerm:
    """When one kind of data about a person goes.

    Attributes:
        naam: the kind of data.
        aantal: how many rows there are about him.
        termijn: in words.
        vanaf: the first day on which something of it is due; None while the term does not run.
        uitleg: why, in Dutch.
    """

    naam: str
    aantal: int
    termijn: str
    vanaf: date | None
    uitleg: str


def person_terms(inzage: Inzage, terms: Sequence[Bewaartermijn]) -> list[PersonTerm]:
    """The kinds of data that are held about a person, each with when it must be gone.

    Args:
        inzage: everything about him.
        terms: those that hold today (``retention.terms_on``).
    """
    by_kind = {one.gegevenssoort: one for one in terms}
    found = [_registration(inzage, by_kind.get(_LEFT)), _rights(inzage), _signals(inzage, by_kind.get(_SIGNALS)),
             _accesses(inzage, by_kind.get(_LOG))]  # fmt: skip
    return [one for one in found if one.aantal]


def _registration(inzage: Inzage, term: Bewaartermijn | None) -> PersonTerm:
    rows = sum(len(inzage.tabellen.get(name, [])) for name in ("persoonslijsten", "verblijven", "relaties", "bewoning"))
    own = [row for row in inzage.tabellen.get("bewoning", []) if row.get("persoonslijst") == YOU]
    ends = [row.get("valid_until") for row in own]
    if not own or None in ends:
        why = "De termijn begint wanneer deze persoon hier nergens meer is ingeschreven"
        return PersonTerm("Inschrijvingen (BRP)", rows, _words(term), None, why)
    last = max(end for end in ends if end is not None)
    why = f"De laatste inschrijving hier eindigde op {last:%d-%m-%Y}"
    return PersonTerm("Inschrijvingen (BRP)", rows, _words(term), _after(last, term), why)


def _rights(inzage: Inzage) -> PersonTerm:
    rows = sum(len(inzage.tabellen.get(name, [])) for name in ("rechthebbenden", "tenaamstellingen"))
    why = "Voor gegevens van het Kadaster is geen termijn ingesteld; er gaat niets vanzelf weg"
    return PersonTerm("Rechten op woningen (Kadaster)", rows, "geen termijn", None, why)


def _signals(inzage: Inzage, term: Bewaartermijn | None) -> PersonTerm:
    days = [row["peildatum"] for row in inzage.signalen]
    first = min(days, default=None)
    why = "Van elke toetsing apart; wat iemand beoordeelde of in een zaak zette, blijft daarbij"
    return PersonTerm("Uitkomsten van toetsingen", len(days), _words(term), _after(first, term), why)


def _accesses(inzage: Inzage, term: Bewaartermijn | None) -> PersonTerm:
    moments: list[datetime] = [row["tijdstip"] for row in inzage.toegangen]
    first = min((moment.date() for moment in moments), default=None)
    return PersonTerm("Wie zijn gegevens zag", len(moments), _words(term), _after(first, term), "Van elke keer apart")


def _words(term: Bewaartermijn | None) -> str:
    return "nog vast te stellen" if term is None or term.maanden is None else f"{term.maanden} maanden"


def _after(day: date | None, term: Bewaartermijn | None) -> date | None:
    if day is None or term is None or term.maanden is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + term.maanden, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
