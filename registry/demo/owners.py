"""Who owns the dwellings of the synthetic municipality: owner-occupiers, landlords small and large, and corporaties.

The shares are those of Schiedam-Oost: 52 % owner-occupied, 25 % let by private landlords, 23 % of corporaties. The
generator has a random source of its own, so that what it adds changes nothing of the buildings and the people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Final

from registry.demo.names import given_name, surname
from registry.demo.people import Bevolking, Persoonslijst
from registry.demo.town import AdresseerbaarObject
from registry.demo.troubles import DWELLINGS_OF_REFERENCE

SHARE_CORPORATIE, SHARE_VERHUUR = 0.23, 0.25
EIGENAAR_BEWONER: Final = "eigenaar_bewoner"
VERHUUR_PERSOON: Final = "particulier_verhuurd"
VERHUUR_BEDRIJF: Final = "bedrijf"
CORPORATIE: Final = "corporatie"
ONBEKEND: Final = "onbekend"
_ADULT_DAYS: Final = 18 * 366
_SETTLED: Final = date(2018, 12, 31)  # a transfer that no ordinance of today reaches
_LARGEST: Final = (300, 40, 25)  # dwellings of the largest landlords, per 5,400
_PORTFOLIOS: Final = ((1, 2, 3, 5, 9), (64, 20, 9, 5, 2))


@dataclass(slots=True, eq=False)
class Rechthebbende:
    """Who holds a right: a resident, someone from elsewhere, or a company."""

    naam: str
    persoon: Persoonslijst | None = None  # of someone from elsewhere only where a resident is family of his
    bsn: str = ""  # of someone from elsewhere; given out when the list is written
    rsin: str = ""
    kvk: str = ""

    @property
    def is_bedrijf(self) -> bool:
        """Whether it is a legal person."""
        return bool(self.kvk)

    @property
    def number(self) -> str:
        """The BSN under which the lists know a natural person."""
        return self.persoon.bsn if self.persoon is not None else self.bsn


@dataclass(slots=True, eq=False)
class Recht:
    """The ownership of one dwelling, with the transfer by which it was acquired."""

    adresseerbaar_object: AdresseerbaarObject
    houders: list[Rechthebbende]
    soort: str  # how the dwelling is held: one of the constants above
    inschrijving: date | int  # a day, or the year when no more is known
    aard: str = "levering"
    koopovereenkomst: date | None = None
    vorige: Rechthebbende | None = None  # the owner before, since 1996
    wrong_number: bool = False  # the list misspells the RSIN, so that nobody can tell whose it is
    absent: bool = False  # the list does not have it


def rsins() -> Iterator[str]:
    """RSINs that pass the elfproef, of a range that was never given out."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    for number in count(1_000):
        text = f"{number:09d}"
        if sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True)) % 11 == 0:
            yield text


@dataclass(slots=True)
class Owners:
    """All rights, and what the next person or company is called."""

    rng: Random
    peildatum: date
    rechten: dict[str, Recht] = field(default_factory=dict)
    outsiders: list[Rechthebbende] = field(default_factory=list)
    bedrijven: list[Rechthebbende] = field(default_factory=list)
    corporaties: list[Rechthebbende] = field(default_factory=list)
    largest: list[Rechthebbende] = field(default_factory=list)  # landlords who keep exactly what they have
    _serials: Iterator[int] = field(default_factory=lambda: count(1))
    _rsins: Iterator[str] = field(default_factory=rsins)

    def outsider(self) -> Rechthebbende:
        """A natural person who lives elsewhere."""
        voorvoegsel, naam = surname(self.rng)
        made = Rechthebbende(" ".join(part for part in (given_name(self.rng), voorvoegsel, naam) if part))
        self.outsiders.append(made)
        return made

    def bedrijf(self, form: str = "Vastgoed BV") -> Rechthebbende:
        """A company."""
        naam = f"{given_name(self.rng)}{given_name(self.rng).lower()} {form}"
        made = Rechthebbende(naam, rsin=next(self._rsins), kvk=f"{next(self._serials) + 1000:08d}")
        self.bedrijven.append(made)
        return made

    def settle(self, target: AdresseerbaarObject, houders: list[Rechthebbende], soort: str) -> Recht:
        """A right that was acquired long before any ordinance: some on a known day, some in a known year."""
        rng = self.rng
        latest = min(_SETTLED, self.peildatum - timedelta(days=5 * 366))
        day = latest - timedelta(days=rng.randint(0, 9_000))
        recht = Recht(target, houders, soort, day.year if rng.random() < 0.2 else day)
        if rng.random() < 0.05:
            recht.aard = "vererving"
        elif rng.random() < 0.2 and day > date(2000, 1, 1) and soort != CORPORATIE:
            recht.vorige = self.outsider()
        self.rechten[target.adresseerbaar_object_id] = recht
        return recht


def assign_owners(bevolking: Bevolking, stock: Sequence[AdresseerbaarObject], *, rng: Random) -> Owners:
    """Give every dwelling of the stock an owner, in the shares of the mission."""
    owners = Owners(rng, bevolking.peildatum)
    households = residents_of(bevolking)
    order = list(stock)
    rng.shuffle(order)
    corporatie, verhuur = (round(share * len(order)) for share in (SHARE_CORPORATIE, SHARE_VERHUUR))
    # A vacant dwelling has no owner-occupier, and whether it is let nobody can see: it is the corporatie's.
    order.sort(key=lambda dwelling: bool(households.get(dwelling.adresseerbaar_object_id)))
    of_corporatie, rest = order[:corporatie], order[corporatie:]
    # Who cannot be an owner-occupier comes first among what is let.
    rest.sort(key=lambda dwelling: bool(_occupiers(households, dwelling)))
    owners.corporaties = [owners.bedrijf("Wonen"), owners.bedrijf("Wonen")]
    for number, dwelling in enumerate(of_corporatie):
        owners.settle(dwelling, [owners.corporaties[0 if number % 4 else 1]], CORPORATIE)
    landlords = _landlords(owners, len(stock))
    for number, dwelling in enumerate(rest):
        occupiers = _occupiers(households, dwelling)
        if number >= verhuur and occupiers:
            _settle_occupiers(owners, occupiers, dwelling)
            continue
        landlord = next(landlords)
        owners.settle(dwelling, [landlord], VERHUUR_BEDRIJF if landlord.is_bedrijf else VERHUUR_PERSOON)
    return owners


def residents_of(bevolking: Bevolking) -> dict[str, list[Persoonslijst]]:
    """Everyone who certainly lives at an object, by its id."""
    found: dict[str, list[Persoonslijst]] = {}
    for person in bevolking.persoonslijsten:
        if person.lives_in is not None:
            found.setdefault(person.lives_in.adresseerbaar_object_id, []).append(person)
    return found


def start_of(person: Persoonslijst) -> date | None:
    """The day on which the present stay began; null when it is not fully known."""
    datum = person.verblijven[0].datum
    return None if datum.endswith("00") else date.fromisoformat(datum)


def _landlords(owners: Owners, woningen: int) -> Iterator[Rechthebbende]:
    """The landlord of each next dwelling: three large ones, then many small ones."""
    for size in _LARGEST:
        landlord = owners.bedrijf()
        owners.largest.append(landlord)
        for _ in range(round(size * woningen / DWELLINGS_OF_REFERENCE)):
            yield landlord
    while True:
        landlord = owners.bedrijf() if owners.rng.random() < 0.2 else owners.outsider()
        for _ in range(owners.rng.choices(*_PORTFOLIOS)[0]):
            yield landlord


def _occupiers(households: dict[str, list[Persoonslijst]], dwelling: AdresseerbaarObject) -> list[Persoonslijst]:
    """Residents who can be owner-occupiers: of age when they came, with a known day of arrival and a good BSN."""
    found = []
    for person in households.get(dwelling.adresseerbaar_object_id, []):
        start = start_of(person)
        born = person.geboortedatum
        if start is None or not person.valid_bsn or person.opschorting[1] or person.verblijven[0].onderzoek[0]:
            continue
        if start - date(int(born[:4]), int(born[4:6]) or 12, 28) >= timedelta(days=_ADULT_DAYS):
            found.append(person)
    return found


def _settle_occupiers(owners: Owners, occupiers: list[Persoonslijst], dwelling: AdresseerbaarObject) -> None:
    """One resident owns the dwelling, or two partners each a half, since shortly before they came."""
    first = occupiers[0]
    buyers = [first]
    if first.partner is not None and first.partner.lives_in is dwelling and first.partner.valid_bsn:
        buyers.append(first.partner)
    start = start_of(first)
    if start is None:
        raise ValueError("an owner-occupier has a known day of arrival")
    bought = start - timedelta(days=owners.rng.randint(1, 30))
    houders = [Rechthebbende(" ".join((buyer.voornamen, *filter(None, buyer.naam))), buyer) for buyer in buyers]
    owners.rechten[dwelling.adresseerbaar_object_id] = Recht(
        dwelling, houders, EIGENAAR_BEWONER, bought, koopovereenkomst=bought - timedelta(days=90)
    )
