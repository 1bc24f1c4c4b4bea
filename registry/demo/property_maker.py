"""One function per kind of case about property: it turns a dwelling into that case, by construction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from registry.demo.casebook import Cases
from registry.demo.owners import ONBEKEND, VERHUUR_BEDRIJF, VERHUUR_PERSOON, Recht
from registry.demo.people import Persoonslijst
from registry.demo.registers import CHEAP, DEAR, Beding, Registers, Vergunning
from registry.demo.town import AdresseerbaarObject

BEFORE_SALE: Final = timedelta(days=60)
_CHANGE: Final = date(2025, 1, 1)  # another range of the limit


@dataclass(slots=True)
class Maker:
    """What the cases are made of."""

    cases: Cases
    registers: Registers
    residents: dict[str, list[Persoonslijst]]
    moved_in: dict[str, date]  # per object the first day of the present residents

    @property
    def peildatum(self) -> date:
        """The day on which the municipality is judged."""
        return self.registers.peildatum

    def sell(self, target: AdresseerbaarObject, waarde: int | None, *, bedrijf: bool = False) -> Recht:
        """Someone from elsewhere buys it, empty, shortly before the present residents come."""
        owners = self.registers.owners
        recht = owners.rechten[target.adresseerbaar_object_id]
        bought = self.moved_in[target.adresseerbaar_object_id] - timedelta(days=owners.rng.randint(31, 45))
        recht.houders = [owners.bedrijf() if bedrijf else owners.outsider()]
        recht.soort = VERHUUR_BEDRIJF if bedrijf else VERHUUR_PERSOON
        recht.inschrijving, recht.aard, recht.vorige = bought, "levering", None
        recht.koopovereenkomst = bought - BEFORE_SALE
        self.registers.value(target, waarde)
        self.cases.establish(target, "staat_bij_overdracht", "vrij", van=bought)
        return recht

    def permit(
        self, target: AdresseerbaarObject, status: str, requested: int, until: int | None = None, *, grond: str = ""
    ) -> None:
        """A permit, or a request for one: requested so many days ago, and valid until so many days ago."""
        requested_on = self.peildatum - timedelta(days=requested)
        granted = status == "verleend"
        self.registers.vergunningen.append(
            Vergunning(
                target,
                "opkoopbescherming",
                status,
                grond=grond,
                aangevraagd_op=requested_on,
                besluit_op=requested_on + timedelta(days=20) if granted else None,
                van=requested_on + timedelta(days=21) if granted else None,
                tot=None if until is None else self.peildatum - timedelta(days=until),
                gebruiksvorm="verhuur aan familie" if grond == "familie" else "",
                houder=self.registers.owners.rechten[target.adresseerbaar_object_id].houders[0],
            )
        )

    def clause(self, target: AdresseerbaarObject, *, maanden: int | None = 60) -> Beding:
        """A clause in the deed by which the present owner acquired it."""
        recht = self.registers.owners.rechten[target.adresseerbaar_object_id]
        if not isinstance(recht.inschrijving, date):
            raise TypeError("a clause needs a deed of which the day is known")
        made = Beding(target, recht.houders[0], recht.inschrijving, recht.inschrijving, maanden)
        self.registers.bedingen.append(made)
        return made


def sold(waarde: int | None, *, bedrijf: bool = False) -> Callable[[Maker, AdresseerbaarObject], object]:
    """Sold and let, at this WOZ value in every year, or without one."""
    return lambda maker, target: maker.sell(target, waarde, bedrijf=bedrijf)


def sold_between_limits(maker: Maker, target: AdresseerbaarObject) -> None:
    """Sold and let, at a value of which the ordinance does not say for certain that it lies under the limit."""
    recht = maker.sell(target, None)
    first = isinstance(recht.inschrijving, date) and recht.inschrijving < _CHANGE
    maker.registers.value(target, 370_000 if first else 420_000)


def sold_with_permit(
    status: str, requested: int, until: int | None = None, *, grond: str = ""
) -> Callable[[Maker, AdresseerbaarObject], object]:
    """Sold and let with a permit or a request, as ``Maker.permit``."""

    def make(maker: Maker, target: AdresseerbaarObject) -> None:
        maker.sell(target, CHEAP)
        maker.permit(target, status, requested, until, grond=grond)

    return make


def let_to_child(maker: Maker, target: AdresseerbaarObject) -> None:
    """The buyer is a parent of a resident: the relation that the permit for family asks for is in the BRP."""
    buyer = maker.sell(target, CHEAP).houders[0]
    resident = maker.residents[target.adresseerbaar_object_id][0]
    born = f"{int(resident.geboortedatum[:4]) - 27}0612"
    buyer.persoon = Persoonslijst(buyer.naam.split()[0], ("", buyer.naam.split()[-1]), born, [])
    resident.ouders = [buyer.persoon]
    maker.permit(target, "verleend", 200, grond="familie")


def inherited(maker: Maker, target: AdresseerbaarObject) -> None:
    """Came to its owner by inheritance: there is no deed of delivery."""
    recht = maker.sell(target, CHEAP)
    recht.aard, recht.koopovereenkomst = "vererving", None


def bound(maker: Maker, target: AdresseerbaarObject) -> Beding:
    """The owner is bound to live there and lives elsewhere; too dear for the opkoopbescherming."""
    maker.sell(target, DEAR)
    return maker.clause(target)


def exempted(maker: Maker, target: AdresseerbaarObject) -> None:
    """Bound, and exempted since shortly after."""
    beding = bound(maker, target)
    beding.ontheffing = "werk", beding.aanvang_datum + timedelta(days=20)


def without_term(maker: Maker, target: AdresseerbaarObject) -> None:
    """A clause without an end of twenty-five years ago: whether it still binds is a matter of law."""
    owners = maker.registers.owners
    recht = owners.rechten[target.adresseerbaar_object_id]
    recht.houders, recht.soort, recht.vorige = [owners.outsider()], VERHUUR_PERSOON, None
    recht.inschrijving, recht.aard = maker.peildatum - timedelta(days=25 * 366), "levering"
    maker.clause(target, maanden=None)


def without_debtor(maker: Maker, target: AdresseerbaarObject) -> None:
    """Bound, but of the debtor no number is known."""
    bound(maker, target).debiteur = None


def begins_later(maker: Maker, target: AdresseerbaarObject) -> None:
    """Bound from a day after the peildatum."""
    bound(maker, target).aanvang_datum = maker.peildatum + timedelta(days=90)


def without_deed(maker: Maker, target: AdresseerbaarObject) -> None:
    """A clause of which the list does not tell the day of the deed."""
    maker.clause(target).akte = None


def undated_permit(maker: Maker, target: AdresseerbaarObject) -> None:
    """A granted permit without any date."""
    maker.registers.vergunningen.append(Vergunning(target, "omzetting", "verleend"))


def missing_from_list(maker: Maker, target: AdresseerbaarObject) -> None:
    """The Kadaster list does not have it."""
    recht = maker.registers.owners.rechten[target.adresseerbaar_object_id]
    recht.absent, recht.soort = True, ONBEKEND


def misspelt_number(maker: Maker, target: AdresseerbaarObject) -> None:
    """The RSIN of its owner fails the elfproef, so nobody can tell whether it is a corporatie."""
    recht = maker.registers.owners.rechten[target.adresseerbaar_object_id]
    recht.houders, recht.vorige = [maker.registers.owners.bedrijf()], None
    recht.wrong_number, recht.soort = True, ONBEKEND
