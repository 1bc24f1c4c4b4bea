"""What the offices of the synthetic municipality keep: WOZ values, permits, clauses and reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from registry.demo.owners import EIGENAAR_BEWONER, Owners, Rechthebbende
from registry.demo.town import AdresseerbaarObject
from registry.demo.troubles import scaled_number

SOURCES: Final = (
    "bag", "gebieden", "brp", "corporaties", "brk", "woz", "vergunningen", "bedingen", "meldingen", "inspecties",
    "vaststellingen",
)  # fmt: skip
WOZ_YEARS: Final = 5
CHEAP, DEAR = 330_000, 480_000  # below and above every limit that the ordinance of Schiedam ever had
_PER_M2: Final = (3_100, 3_900)
_ONDERWERPEN: Final = ("te veel bewoners", "kamerverhuur", "verhuur", "leegstand", "onderhoud", "zelfbewoning")
_KANALEN: Final = ("telefoon", "website", "e-mail", "brief", "wijkteam")


@dataclass(slots=True)
class Vergunning:
    """One permit or request as it stands in the list; null is an empty cell."""

    adresseerbaar_object: AdresseerbaarObject
    soort: str
    status: str
    grond: str = ""
    aangevraagd_op: date | None = None
    besluit_op: date | None = None
    van: date | None = None
    tot: date | None = None
    gebruiksvorm: str = ""
    houder: Rechthebbende | None = None


@dataclass(slots=True)
class Beding:
    """One clause of a deed, with the exemption from it."""

    adresseerbaar_object: AdresseerbaarObject
    debiteur: Rechthebbende | None
    akte: date | None
    aanvang_datum: date
    maanden: int | None
    soort: str = "zelfbewoning"
    ontheffing: tuple[str, date] | None = None


@dataclass(frozen=True, slots=True)
class Melding:
    """One report."""

    adresseerbaar_object: AdresseerbaarObject
    datum: date
    soort: str
    onderwerp: str
    kanaal: str
    adres_onbekend: bool = False


@dataclass(slots=True)
class Registers:
    """All that the offices keep, beside the owners."""

    owners: Owners
    woz: dict[str, list[int | None]] = field(default_factory=dict)  # per object, of each year; null is no row
    woz_wrong: set[str] = field(default_factory=set)  # objects with one more row, of an impossible value
    vergunningen: list[Vergunning] = field(default_factory=list)
    bedingen: list[Beding] = field(default_factory=list)
    meldingen: list[Melding] = field(default_factory=list)

    @property
    def rng(self) -> Random:
        """The random source of everything about property."""
        return self.owners.rng

    @property
    def peildatum(self) -> date:
        """The day on which the municipality is judged."""
        return self.owners.peildatum

    def value(self, target: AdresseerbaarObject, waarde: int | None) -> None:
        """The same value in every year, or none."""
        self.woz[target.adresseerbaar_object_id] = [waarde] * WOZ_YEARS

    def report(self, target: AdresseerbaarObject, *, adres_onbekend: bool = False) -> None:
        """Write down a report of the last two years."""
        rng = self.rng
        self.meldingen.append(
            Melding(
                target,
                self.peildatum - timedelta(days=rng.randint(1, 730)),
                "handhavingsverzoek" if rng.random() < 0.15 else "melding",
                rng.choice(_ONDERWERPEN),
                rng.choice(_KANALEN),
                adres_onbekend,
            )
        )


def keep_registers(owners: Owners) -> Registers:
    """WOZ values of every dwelling, rising over the years; the rest is filled by the cases."""
    registers = Registers(owners)
    for recht in owners.rechten.values():
        target = recht.adresseerbaar_object
        area = target.oppervlakte or 0
        first = owners.rng.randint(*_PER_M2) * (area if 10 <= area < 1_000 else 60)
        values: list[int | None] = [round(first * (1 + 0.04 * year) / 1_000) * 1_000 for year in range(WOZ_YEARS)]
        registers.woz[target.adresseerbaar_object_id] = values
    return registers


def add_ordinary(registers: Registers, stock: Sequence[AdresseerbaarObject], woningen: int) -> None:
    """Reports, permits of other kinds and clauses against speculation, as any municipality has them."""
    rng, owners = registers.rng, registers.owners
    for target in rng.sample(stock, scaled_number(60, woningen)):
        registers.report(target)
    for target in rng.sample(stock, scaled_number(20, woningen)):
        requested = registers.peildatum - timedelta(days=rng.randint(400, 4_000))
        decided = requested + timedelta(days=rng.randint(10, 50))
        soort = rng.choice(("splitsing", "onttrekking", "overig"))
        refused = rng.random() < 0.2
        registers.vergunningen.append(
            Vergunning(
                target,
                soort,
                "geweigerd" if refused else "verleend",
                aangevraagd_op=requested,
                besluit_op=decided,
                van=None if refused else decided,
            )
        )
    sold = [recht for recht in owners.rechten.values() if recht.soort == EIGENAAR_BEWONER]
    for recht in rng.sample(sold, scaled_number(10, woningen)):
        if isinstance(recht.inschrijving, date):
            registers.bedingen.append(
                Beding(
                    recht.adresseerbaar_object, recht.houders[0], recht.inschrijving, recht.inschrijving, 60,
                    soort="antispeculatie",
                )
            )  # fmt: skip


def count_registers(registers: Registers) -> dict[str, int]:
    """How many rows of each kind must be found in the registry."""
    listed = [recht for recht in registers.owners.rechten.values() if not recht.absent]
    kept = [beding for beding in registers.bedingen if beding.akte is not None]
    return {
        "overdrachten": len(listed) + sum(recht.vorige is not None for recht in listed),
        "woz_waarden": sum(value is not None for values in registers.woz.values() for value in values),
        "vergunningen": sum(_is_dated(vergunning) for vergunning in registers.vergunningen),
        "bedingen": len(kept),
        "ontheffingen": sum(beding.ontheffing is not None for beding in kept),
        "meldingen": sum(not melding.adres_onbekend for melding in registers.meldingen),
    }


def registers_set_aside(registers: Registers) -> dict[str, int]:
    """How many rows must be set aside, per source."""
    return {
        "woz": len(registers.woz_wrong),
        "vergunningen": sum(not _is_dated(vergunning) for vergunning in registers.vergunningen),
        "bedingen": sum(beding.akte is None for beding in registers.bedingen),
        "meldingen": sum(melding.adres_onbekend for melding in registers.meldingen),
    }


def _is_dated(vergunning: Vergunning) -> bool:
    return vergunning.aangevraagd_op is not None or vergunning.besluit_op is not None
