"""The residents of the synthetic municipality: households, their stays and where they lived before.

A person is a persoonslijst with its verblijven, the newest first, as LO BRP categories 08 and 58 hold them. Beside it
stands the truth that the generator knows: where this person certainly lives on the peildatum.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from registry.demo.names import given_name, street_names, surname
from registry.demo.town import AdresseerbaarObject, Nummeraanduiding

SETTLED_DAYS: Final = 913  # longer ago than any inspection of the demo
_GEMEENTEN: Final = (("0599", "Rotterdam", "3099"), ("0622", "Vlaardingen", "3139"), ("0518", "'s-Gravenhage", "2599"))
_HOUSEHOLD_SIZES: Final = ((0, 1, 2, 3, 4, 5, 6), (4, 36, 31, 14, 10, 4, 1))


@dataclass(frozen=True, slots=True)
class Elders:
    """An address in another municipality; half of them come without BAG ids, as in old history."""

    gemeente: str
    woonplaats: str
    straat: str
    huisnummer: int
    postcode: str
    object_serial: int | None


@dataclass(slots=True)
class Verblijf:
    """One stay; exactly one of ``adres`` (here), ``elders`` and abroad (neither)."""

    datum: str  # aanvang adreshouding, or aanvang buitenland; JJJJMMDD, possibly incomplete
    adres: Nummeraanduiding | None = None
    adresseerbaar_object: AdresseerbaarObject | None = None
    elders: Elders | None = None
    functie: str = "W"
    aangifte: str = "I"
    onderzoek: tuple[str, str, str] = ("", "", "")  # aanduiding, datum ingang and datum einde
    gemeente: str = "0606"


@dataclass(slots=True, eq=False)
class Persoonslijst:
    """One person."""

    voornamen: str
    naam: tuple[str, str]
    geboortedatum: str
    verblijven: list[Verblijf]
    opschorting: tuple[str, str] = ("", "")
    geheim: int = 0
    valid_bsn: bool = True
    lives_in: AdresseerbaarObject | None = None  # certain resident on the peildatum
    ouders: list["Persoonslijst"] = field(default_factory=list)
    kinderen: list["Persoonslijst"] = field(default_factory=list)
    partner: "Persoonslijst | None" = None
    bsn: str = ""  # given out when the delivery is written
    a_nummer: str = ""


def ymd(day: date) -> str:
    """A date as LO BRP writes it."""
    return f"{day:%Y%m%d}"


def with_month_unknown(datum: str) -> str:
    """The same date of which only the year is known."""
    return f"{datum[:4]}0000"


class Bevolking:
    """Everyone with a persoonslijst in the municipality, past residents included."""

    def __init__(self, rng: Random, peildatum: date) -> None:
        self.rng = rng
        self.peildatum = peildatum
        self.persoonslijsten: list[Persoonslijst] = []
        names = street_names(Random(0))  # noqa: S311 (invented names, no secret)
        self._streets_elsewhere = [name.replace("singel", "dreef") for name, _ in zip(names, range(60), strict=False)]

    def days_ago(self, least: int, most: int) -> date:
        """A day between so many days before the peildatum."""
        return self.peildatum - timedelta(days=self.rng.randint(least, most))

    def elders(self) -> Elders:
        """An address elsewhere."""
        rng = self.rng
        gemeente, woonplaats, digits = rng.choice(_GEMEENTEN)
        serial = rng.randrange(9_000_000_000, 9_999_999_999) if rng.random() < 0.5 else None
        postcode = digits + rng.choice("BCDGHK") + rng.choice("BCDGHK")
        return Elders(gemeente, woonplaats, rng.choice(self._streets_elsewhere), rng.randint(1, 250), postcode, serial)

    def household(self, target: AdresseerbaarObject, size: int, *, settled: bool = True) -> list[Persoonslijst]:
        """So many people who certainly live in an object: a family, people who share, or one person.

        ``settled``: they have lived there for longer than any inspection is old.
        """
        rng = self.rng
        least = SETTLED_DAYS if settled else 10
        most = least + (400 if rng.random() < 0.25 else 9_000)
        family = size > 1 and rng.random() < (0.85 if size == 2 else 0.8)
        parents = 1 if size == 2 and rng.random() < 0.15 else 2
        name, start = surname(rng), self.days_ago(least, most)
        made = []
        for number in range(size):
            if family and number >= parents:
                made.append(self._child(target, name, start, least))
            else:
                own_name = name if family and (number == 0 or rng.random() < 0.6) else surname(rng)
                own_start = start if family else self.days_ago(least, most)
                made.append(self.adult(target, own_start, naam=own_name))
        if family:
            _relate(made[:parents], made[parents:])
        return made

    def adult(self, target: AdresseerbaarObject, start: date, *, naam: tuple[str, str] | None = None) -> Persoonslijst:
        """A person of age who has lived in an object since ``start`` and somewhere else before."""
        rng = self.rng
        born = start - timedelta(days=rng.randint(18 * 366, 60 * 365))
        verblijven = [Verblijf(ymd(start), target.hoofdadres, target)]
        if rng.random() < 0.7:
            earlier = start - timedelta(days=rng.randint(200, 5_000))
            verblijven.append(Verblijf(ymd(max(earlier, born)), elders=self.elders(), aangifte="I"))
        return self.add(Persoonslijst(given_name(rng), naam or surname(rng), ymd(born), verblijven, lives_in=target))

    def child(self, target: AdresseerbaarObject, born: date, naam: tuple[str, str]) -> Persoonslijst:
        """A child who has lived in an object since birth."""
        verblijf = Verblijf(ymd(born), target.hoofdadres, target, aangifte="G")
        return self.add(Persoonslijst(given_name(self.rng), naam, ymd(born), [verblijf], lives_in=target))

    def _child(self, target: AdresseerbaarObject, naam: tuple[str, str], start: date, least: int) -> Persoonslijst:
        """A child that came with its parents or was born later, at the latest ``least`` days ago."""
        born = min(start + timedelta(days=self.rng.randint(-5_500, 3_000)), self.days_ago(least, least + 300))
        if born >= start:
            return self.child(target, born, naam)
        verblijf = Verblijf(ymd(start), target.hoofdadres, target)
        return self.add(Persoonslijst(given_name(self.rng), naam, ymd(born), [verblijf], lives_in=target))

    def add(self, person: Persoonslijst) -> Persoonslijst:
        """Take a person into the administration."""
        if self.rng.random() < 0.03:
            person.geheim = self.rng.randint(1, 7)
        self.persoonslijsten.append(person)
        return person

    # People who are not counted (any more); each lived or is registered at the object.

    def moved_away(self, target: AdresseerbaarObject) -> Persoonslijst:
        """Someone who moved to another municipality."""
        person = self._former(target)
        person.verblijven.insert(0, Verblijf(self._ended(person), elders=self.elders()))
        return person

    def deceased(self, target: AdresseerbaarObject) -> Persoonslijst:
        """Someone who died while living there (opschorting O)."""
        person = self._former(target)
        person.opschorting = self._ended(person), "O"
        return person

    def emigrated(self, target: AdresseerbaarObject) -> Persoonslijst:
        """Someone who moved abroad (opschorting E)."""
        person = self._former(target)
        ended = self._ended(person)
        person.verblijven.insert(0, Verblijf(ended, aangifte="B"))
        person.opschorting = ended, "E"
        return person

    def niet_ingezetene(self, target: AdresseerbaarObject) -> Persoonslijst:
        """Someone who left and is now in the RNI (gemeente 1999, opschorting R)."""
        person = self._former(target)
        ended = self._ended(person)
        person.verblijven.insert(0, Verblijf(ended, aangifte="B", gemeente="1999"))
        person.opschorting = ended, "R"
        return person

    def with_briefadres(self, target: AdresseerbaarObject) -> Persoonslijst:
        """Someone who only gets mail there."""
        person = self._former(target)
        person.verblijven[0].functie = "B"
        return person

    def wrong_list(self, target: AdresseerbaarObject) -> Persoonslijst:
        """A persoonslijst that was made by mistake (opschorting F): never a resident anywhere."""
        person = self._former(target)
        person.opschorting = self._ended(person), "F"
        return person

    def absent(self, target: AdresseerbaarObject) -> Persoonslijst:
        """Someone of whom it was established that he does not live there (083 = 089999, still open)."""
        person = self._former(target)
        person.verblijven[0].onderzoek = "089999", self._ended(person), ""
        return person

    def _former(self, target: AdresseerbaarObject) -> Persoonslijst:
        person = self.adult(target, self.days_ago(SETTLED_DAYS, 6_000))
        person.lives_in = None
        return person

    def _ended(self, person: Persoonslijst) -> str:
        start = date.fromisoformat(person.verblijven[0].datum)
        return ymd(min(start + timedelta(days=self.rng.randint(60, 3_000)), self.days_ago(20, 700)))


def _relate(parents: list[Persoonslijst], children: list[Persoonslijst]) -> None:
    """Make a family of people; partners with two names are not married, so that the BRP does not know of them."""
    if len(parents) == 2 and parents[0].naam == parents[1].naam:
        parents[0].partner, parents[1].partner = parents[1], parents[0]
    for parent in parents:
        parent.kinderen += children
    for child in children:
        child.ouders += parents


def populate(bevolking: Bevolking, dwellings: list[AdresseerbaarObject], residents: int) -> None:
    """Give ordinary dwellings ``residents`` people together, each household clearly within the norm.

    The number is exact as long as the dwellings can hold it; former residents and incomplete dates come on top.
    """
    rng = bevolking.rng
    sizes = [min(rng.choices(*_HOUSEHOLD_SIZES)[0], dwelling.capacity) for dwelling in dwellings]
    short = residents - sum(sizes)
    order = list(range(len(dwellings)))
    while short != 0 and order:
        rng.shuffle(order)
        order = [
            number
            for number in order
            if (sizes[number] < min(dwellings[number].capacity, 6) if short > 0 else sizes[number])
        ]
        for number in order[: abs(short)]:
            sizes[number] += 1 if short > 0 else -1
        short = residents - sum(sizes)
    for dwelling, size in zip(dwellings, sizes, strict=True):
        for person in bevolking.household(dwelling, size, settled=False):
            _roughen(bevolking, person, dwellings)
        if rng.random() < 0.05:
            former = (bevolking.moved_away, bevolking.deceased, bevolking.emigrated, bevolking.with_briefadres)
            rng.choice(former)(dwelling)


def _roughen(bevolking: Bevolking, person: Persoonslijst, dwellings: list[AdresseerbaarObject]) -> None:
    """Incomplete dates of long ago, and moves within the municipality: certain all the same on the peildatum."""
    rng = bevolking.rng
    here = person.verblijven[0]
    chance = rng.random()
    if chance < 0.02 and int(here.datum[:4]) < bevolking.peildatum.year - 3 and here.aangifte != "G":
        here.datum = with_month_unknown(here.datum)
    elif chance < 0.03:
        person.geboortedatum = with_month_unknown(person.geboortedatum)
    elif chance < 0.2 and len(person.verblijven) > 1:
        origin = rng.choice(dwellings)
        if origin is not here.adresseerbaar_object:
            person.verblijven[1].elders = None
            person.verblijven[1].adresseerbaar_object, person.verblijven[1].adres = origin, origin.hoofdadres
    elif chance < 0.22:
        here.onderzoek = "080000", ymd(bevolking.days_ago(5, 9)), ""
