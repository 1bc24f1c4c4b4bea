"""What the cases of the synthetic municipality are made of, and the visits and facts that they leave behind."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from registry.demo.field import AddressStyle, Inspectie, Vaststelling
from registry.demo.people import Bevolking, Persoonslijst
from registry.demo.town import AdresseerbaarObject, Town

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

    def establish(self, target: AdresseerbaarObject, feit: str, waarde: str, style: AddressStyle = "bag") -> None:
        """Write down an established fact."""
        van = date(self.peildatum.year - 4, 1, 1) + timedelta(days=self.rng.randrange(300))
        self.vaststellingen.append(Vaststelling(target, style, feit, waarde, van, "dossierstuk", "afdeling wonen"))
