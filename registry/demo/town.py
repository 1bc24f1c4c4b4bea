"""The buildings of the synthetic municipality: streets, plots, panden, adresseerbare objecten and their geometry.

Coordinates are metres in RD (EPSG:28992). Every buurt is a rectangle; its streets run from west to east, with houses
on both sides, so that no object lies nearer than four metres to a border.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Final

from registry.demo.names import BUURTEN, postcodes, street_names

GEMEENTE: Final = "0606"
WOONPLAATS_ID: Final = "9606"
WEST, SOUTH = 87_000, 436_000
BUURT_WIDTH: Final = 200
STREET_PITCH: Final = 44
STRIP: Final = 30  # south of the first street, for lig- and standplaatsen
PLOTS_PER_SIDE: Final = 20
PLACES_PER_BUURT: Final = 25

_UNITS: Final = ((1, 2, 3, 4, 6, 8), (18, 22, 30, 18, 8, 4))
# Weights of building periods per buurt: before 1919, 1920-1939, 1946-1965, 1980-1989, later.
_PERIODS: Final = ((1900, 1919), (1920, 1939), (1946, 1965), (1980, 1989), (1998, 2012))
_INTERWAR: Final = (4, 88, 4, 2, 2)
_WEIGHTS: Final = (
    _INTERWAR,
    _INTERWAR,
    (3, 85, 6, 4, 2),
    (3, 82, 8, 5, 2),
    _INTERWAR,
    (1, 35, 52, 8, 4),
    (0, 30, 12, 52, 6),
)
_AREAS: Final = ((45, 92), (45, 85), (50, 88), (55, 110), (55, 110))


@dataclass(slots=True, eq=False)
class OpenbareRuimte:
    """A street."""

    openbare_ruimte_id: str
    naam: str


@dataclass(slots=True, eq=False)
class Nummeraanduiding:
    """An address."""

    nummeraanduiding_id: str
    openbare_ruimte: OpenbareRuimte
    huisnummer: int
    huisletter: str
    huisnummertoevoeging: str
    postcode: str
    soort: str

    @property
    def suffix(self) -> str:
        """Huisletter and huisnummertoevoeging as people write them behind a number: ``A``, ``-2``, ``A-2``."""
        return self.huisletter + (f"-{self.huisnummertoevoeging}" if self.huisnummertoevoeging else "")


@dataclass(frozen=True, slots=True)
class Plot:
    """A piece of ground along a street, with its number; ``x`` and ``y`` are its south-west corner."""

    openbare_ruimte: OpenbareRuimte
    huisnummer: int
    postcode: str
    x: int
    y: int
    buurt: int


@dataclass(slots=True, eq=False)
class Pand:
    """A building: a rectangle of 8 by 10 metres on its plot."""

    pand_id: str
    bouwjaar: int
    plot: Plot
    objecten: list["AdresseerbaarObject"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class AdresseerbaarObject:
    """A verblijfsobject, ligplaats or standplaats as it stands today; its history is made up when it is written."""

    adresseerbaar_object_id: str
    soort: str
    status: str
    gebruiksdoelen: tuple[str, ...]
    oppervlakte: int | None
    panden: list[Pand]
    hoofdadres: Nummeraanduiding
    x: float
    y: float
    buurt: int
    begin: date
    nevenadressen: list[Nummeraanduiding] = field(default_factory=list)
    ended: date | None = None  # since when it is ingetrokken
    trouble: str = ""

    @property
    def capacity(self) -> int:
        """Persons with which it stays clearly within the norm of 12 m2: one fewer than the norm allows."""
        return max((self.oppervlakte or 0) // 12 - 1, 0)


class Town:
    """All buildings and addresses, and the numbers that the next one gets."""

    def __init__(self, rng: Random, stand: date) -> None:
        self.rng = rng
        self.stand = stand
        self.openbare_ruimten: list[OpenbareRuimte] = []
        self.nummeraanduidingen: list[Nummeraanduiding] = []
        self.panden: list[Pand] = []
        self.objecten: list[AdresseerbaarObject] = []
        self.places = {"Ligplaats": 0, "Standplaats": 0}
        self._names = street_names(rng)
        self._postcodes = postcodes()
        self._serial: dict[str, int] = {}
        self._place_addresses: dict[str, tuple[OpenbareRuimte, str]] = {}

    def next_id(self, objecttypecode: str) -> str:
        """The next identificatie of sixteen digits (BAG: gemeentecode, objecttypecode, volgnummer)."""
        self._serial[objecttypecode] = serial = self._serial.get(objecttypecode, 0) + 1
        return f"{GEMEENTE}{objecttypecode}{serial:010d}"

    def add_openbare_ruimte(self) -> OpenbareRuimte:
        """A new street."""
        street = OpenbareRuimte(self.next_id("30"), next(self._names))
        self.openbare_ruimten.append(street)
        return street

    def next_postcode(self) -> str:
        """A postcode that no other side of a street has."""
        return next(self._postcodes)

    def add_nummeraanduiding(
        self, street: OpenbareRuimte, huisnummer: int, suffix: tuple[str, str], *, postcode: str, soort: str
    ) -> Nummeraanduiding:
        """A new address."""
        adres = Nummeraanduiding(self.next_id("20"), street, huisnummer, *suffix, postcode, soort)
        self.nummeraanduidingen.append(adres)
        return adres

    def add_verblijfsobject(
        self,
        pand: Pand,
        suffix: tuple[str, str],
        *,
        oppervlakte: int,
        gebruiksdoelen: tuple[str, ...] = ("woonfunctie",),
    ) -> AdresseerbaarObject:
        """A new verblijfsobject in use, in a pand."""
        plot = pand.plot
        adres = self.add_nummeraanduiding(
            plot.openbare_ruimte, plot.huisnummer, suffix, postcode=plot.postcode, soort="Verblijfsobject"
        )
        made = AdresseerbaarObject(
            self.next_id("01"),
            "Verblijfsobject",
            "Verblijfsobject in gebruik",
            gebruiksdoelen,
            oppervlakte,
            [pand],
            adres,
            plot.x + self.rng.randint(1000, 7000) / 1000,
            plot.y + self.rng.randint(1000, 9000) / 1000,
            plot.buurt,
            self._begin(pand.bouwjaar),
        )
        pand.objecten.append(made)
        self.objecten.append(made)
        return made

    def add_place(self, soort: str) -> AdresseerbaarObject:
        """A new lig- or standplaats on the strip south of a buurt."""
        number = self.places[soort]
        self.places[soort] += 1
        buurt, position = number % len(BUURTEN), number // len(BUURTEN)
        if soort not in self._place_addresses:
            self._place_addresses[soort] = self.add_openbare_ruimte(), self.next_postcode()
        street, postcode = self._place_addresses[soort]
        adres = self.add_nummeraanduiding(street, number + 1, ("", ""), postcode=postcode, soort=soort)
        made = AdresseerbaarObject(
            self.next_id("02" if soort == "Ligplaats" else "03"),
            soort,
            "Plaats aangewezen",
            (),
            None,
            [],
            adres,
            WEST + buurt * BUURT_WIDTH + 10 + 7 * position,
            SOUTH + (6 if soort == "Ligplaats" else 16),
            buurt,
            self._begin(1960),
        )
        self.objecten.append(made)
        return made

    def add_nevenadres(self, target: AdresseerbaarObject) -> Nummeraanduiding:
        """A second address of an object, with a suffix that the pand does not use."""
        hoofdadres = target.hoofdadres
        adres = self.add_nummeraanduiding(
            hoofdadres.openbare_ruimte,
            hoofdadres.huisnummer,
            ("", f"N{len(target.nevenadressen) + 1}{len(target.panden[0].objecten)}"),
            postcode=hoofdadres.postcode,
            soort="Verblijfsobject",
        )
        target.nevenadressen.append(adres)
        return adres

    def _begin(self, bouwjaar: int) -> date:
        """Begin of the first voorkomen: most municipalities filled the BAG in 2009 and 2010."""
        begin = date(max(bouwjaar, 2009), 1, 5) + timedelta(days=self.rng.randrange(600))
        return min(begin, self.stand - timedelta(days=800))


def streets_per_buurt(town: Town) -> int:
    """Streets of the longest buurt."""
    return max((pand.plot.y - SOUTH - STRIP) // STREET_PITCH + 1 for pand in town.panden)


def build_town(rng: Random, stand: date, woningen: int) -> Town:
    """Panden with ``woningen`` dwellings, all in use, spread over the seven buurten."""
    town = Town(rng, stand)
    for buurt in range(len(BUURTEN)):
        share = woningen // len(BUURTEN) + (buurt < woningen % len(BUURTEN))
        plots = _plots(town, buurt)
        while share > 0:
            units = min(rng.choices(_UNITS[0], _UNITS[1])[0], share)
            _build_pand(town, next(plots), units)
            share -= units
    return town


def _plots(town: Town, buurt: int) -> Iterator[Plot]:
    """Plots along the streets of a buurt, one after the other, without end."""
    for street_number in count():
        street = town.add_openbare_ruimte()
        south = SOUTH + STRIP + street_number * STREET_PITCH
        postcodes_of_sides = (town.next_postcode(), town.next_postcode())
        for position in range(2 * PLOTS_PER_SIDE):
            side = position % 2
            x = WEST + buurt * BUURT_WIDTH + 10 + 9 * (position // 2)
            yield Plot(street, position + 1, postcodes_of_sides[side], x, south + 4 + 22 * side, buurt)


def _build_pand(town: Town, plot: Plot, units: int) -> None:
    """One pand with its dwellings, of one building period."""
    rng = town.rng
    style = rng.choice((0, 0, 1, 2))
    period = rng.choices(range(len(_PERIODS)), _WEIGHTS[plot.buurt])[0]
    pand = Pand(town.next_id("10"), rng.randint(*_PERIODS[period]), plot)
    for number in range(units):
        area = rng.randint(111, 165) if rng.random() < 0.03 else rng.randint(*_AREAS[period])
        town.add_verblijfsobject(pand, _suffix(style, number, units), oppervlakte=area)
    neighbour = town.panden[-1] if town.panden else None
    if units == 1 and neighbour is not None and neighbour.plot.buurt == plot.buurt and rng.random() < 0.08:
        pand.objecten[0].panden.append(neighbour)
    town.panden.append(pand)


def _suffix(style: int, number: int, units: int) -> tuple[str, str]:
    """Huisletter and huisnummertoevoeging of a dwelling; none in a pand with one."""
    if units == 1:
        return "", ""
    if style == 0:
        return "", str(number + 1)
    if style == 1:
        return "ABCDEFGH"[number], ""
    return "AB"[number % 2], str(number // 2 + 1)
