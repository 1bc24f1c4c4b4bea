"""What the cases of the synthetic municipality are made of, and the visits and facts that they leave behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from registry.demo.field import AddressStyle, Inspectie, Vaststelling
from registry.demo.people import Bevolking, Persoonslijst
from registry.demo.town import AdresseerbaarObject, Town

NORM: Final = 12  # m2 per person, Bouwbesluit 2012 art. 7.18 lid 1
NORM_WOONWAGEN: Final = 6  # lid 2
_INSPECTEURS: Final = ("insp. Tovo", "insp. Balund", "insp. Mirasen")
_RESULTATEN: Final = {"geteld": "toegang met toestemming", "afwezig": "niemand thuis"}
_STYLES: Final[tuple[AddressStyle, ...]] = ("bag", "adres", "velden")


@dataclass(slots=True)
class Cases:
    """What the cases are made of, and what they add."""

    town: Town
    bevolking: Bevolking
    rng: Random
    peildatum: date
    inspecties: list[Inspectie] = field(default_factory=list)
    vaststellingen: list[Vaststelling] = field(default_factory=list)
    movers: list[Persoonslijst] = field(default_factory=list)  # still to be given a dwelling elsewhere in the town

    def recent(self) -> date:
        """A day on which an inspection still counts."""
        return self.peildatum - timedelta(days=self.rng.randint(10, 330))

    def inspect(
        self,
        target: AdresseerbaarObject,
        aantal: int | str | None,
        *,
        datum: date | str | None = None,
        style: AddressStyle | None = None,
        gemeten: float | None = None,
        resultaat: str = "geteld",
    ) -> None:
        """Write down a visit; its time is its own, so that no two rows are the same."""
        rng = self.rng
        number = len(self.inspecties)
        persons = aantal if isinstance(aantal, int) else None
        self.inspecties.append(
            Inspectie(
                adresseerbaar_object=target,
                style=rng.choice(_STYLES) if style is None else style,
                datum=datum or self.recent(),
                tijd=f"{9 + number // 60 % 9:02d}:{number % 60:02d}",
                inspecteur=rng.choice(_INSPECTEURS),
                resultaat=_RESULTATEN[resultaat],
                aantal=aantal,
                huishoudens=None if persons is None else max(1, persons // 2),
                slaapplaatsen=None if persons is None else persons + rng.randint(0, 2),
                kamers=rng.randint(2, 5),
                gemeten=gemeten,
                gebreken=rng.choice(("", "", "vocht in de slaapkamer", "geen rookmelder")),
                opmerkingen=rng.choice(("", "", "bewoner werkte mee", "afspraak gemaakt")),
            )
        )

    def establish(
        self,
        target: AdresseerbaarObject,
        feit: str,
        waarde: str,
        style: AddressStyle = "bag",
        *,
        van: date | None = None,
    ) -> None:
        """Write down an established fact, since a known day or one of some years ago."""
        van = van or date(self.peildatum.year - 4, 1, 1) + timedelta(days=self.rng.randrange(300))
        self.vaststellingen.append(Vaststelling(target, style, feit, waarde, van, "dossierstuk", "afdeling wonen"))


Case = Callable[[Cases, AdresseerbaarObject], object]


def over_the_norm(cases: Cases, target: AdresseerbaarObject) -> None:
    """Certain residents, one to three more than the norm allows."""
    size = cases.rng.randint(4, 8)
    excess = 1 if size < 6 else cases.rng.choice((1, 2, 3))
    target.oppervlakte = (size - excess) * NORM + cases.rng.randint(0, NORM - 1)
    cases.bevolking.household(target, size)


def on_the_norm(cases: Cases, target: AdresseerbaarObject) -> int:
    """As many certain residents as the norm allows, to the square metre."""
    size = cases.rng.randint(3, 6)
    target.oppervlakte = size * NORM
    cases.bevolking.household(target, size)
    return size


def within_the_norm(cases: Cases, target: AdresseerbaarObject) -> int:
    """Two to four certain residents with room for two more."""
    size = cases.rng.randint(2, 4)
    target.oppervlakte = (size + 2) * NORM + cases.rng.randint(0, NORM)
    cases.bevolking.household(target, size)
    return size
