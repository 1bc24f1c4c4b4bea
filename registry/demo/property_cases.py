"""Cases of opkoopbescherming and zelfbewoningsplicht, and property rows that must be set aside, by construction.

The expected outcomes follow from the Huisvestingswet 2014 chapter 7 and the ordinance of Schiedam (transfers inscribed
since 1 November 2022 in Oost), not from the code that the demo puts to the test. Where the limit of the ordinance is
known only as a range, a case lies outside the range or, on purpose, inside it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Final, Literal

from registry.demo.casebook import Cases
from registry.demo.owners import EIGENAAR_BEWONER, VERHUUR_BEDRIJF, VERHUUR_PERSOON, Recht, residents_of
from registry.demo.owners import start_of as start_of_stay
from registry.demo.people import Persoonslijst, ymd
from registry.demo.property_maker import (
    BEFORE_SALE,
    Maker,
    begins_later,
    bound,
    exempted,
    inherited,
    let_to_child,
    missing_from_list,
    misspelt_number,
    sold,
    sold_between_limits,
    sold_with_permit,
    undated_permit,
    without_debtor,
    without_deed,
    without_term,
)
from registry.demo.registers import CHEAP, DEAR, Registers
from registry.demo.town import AdresseerbaarObject
from registry.demo.troubles import scaled_number

IN_FORCE: Final = date(2022, 11, 1)
_NOT_BEFORE: Final = IN_FORCE + BEFORE_SALE + timedelta(days=5)  # so that the contract too is later than the ordinance

_LONG_AGO: Final = timedelta(days=330)  # longer ago than any permit was requested

_LET: Final = (VERHUUR_PERSOON, VERHUUR_BEDRIJF)

Regel = Literal["opkoopbescherming", "zelfbewoningsplicht", ""]
Uitkomst = Literal["signaal", "juridisch_toetsen", "onbekend", ""]
Place = Literal["verhuurd_sinds_koop", "bewoond_door_eigenaar", "verhuurd"]


@dataclass(frozen=True, slots=True)
class PropertyCase:
    """One kind of case.

    Attributes:
        name: key in the manifest.
        description: what it is, in Dutch.
        number: how many there are per 5,400 dwellings, as far as there are dwellings that fit.
        place: what kind of dwelling it needs.
        make: turns the dwelling into the case.
        regel: the rule that judges it.
        uitkomst: the expected uitkomst where it is kept; empty where the rule clears the case or does not reach it.
        set_aside: the source of which one row must be set aside.
    """

    name: str
    description: str
    number: int
    place: Place
    make: Callable[[Maker, AdresseerbaarObject], object]
    regel: Regel = ""
    uitkomst: Uitkomst = ""
    set_aside: str = ""


PROPERTY_CASES: Final[tuple[PropertyCase, ...]] = (
    PropertyCase(
        "koop_verhuurd", "gekocht na invoering, leeg opgeleverd, verhuurd zonder vergunning", 20,
        "verhuurd_sinds_koop", sold(CHEAP), "opkoopbescherming", "signaal",
    ),
    PropertyCase(
        "koop_bedrijf", "gekocht door een bedrijf na invoering en verhuurd zonder vergunning", 6,
        "verhuurd_sinds_koop", sold(CHEAP, bedrijf=True), "opkoopbescherming", "signaal",
    ),
    PropertyCase(
        "koop_vergund", "gekocht na invoering, verhuurd met vergunning", 6,
        "verhuurd_sinds_koop", sold_with_permit("verleend", 200, grond="lokaal"), "opkoopbescherming",
    ),
    PropertyCase(
        "koop_familie", "gekocht na invoering, met vergunning verhuurd aan een kind van de eigenaar", 3,
        "verhuurd_sinds_koop", let_to_child, "opkoopbescherming",
    ),
    PropertyCase(
        "koop_vergunning_voorbij", "gekocht na invoering, de vergunning is afgelopen", 3,
        "verhuurd_sinds_koop", sold_with_permit("verleend", 300, 10, grond="lokaal"), "opkoopbescherming", "signaal",
    ),
    PropertyCase(
        "koop_aangevraagd", "gekocht na invoering, vergunning dertig dagen geleden aangevraagd", 2,
        "verhuurd_sinds_koop", sold_with_permit("aangevraagd", 30), "opkoopbescherming", "signaal",
    ),
    PropertyCase(
        "koop_niet_beslist", "gekocht na invoering, tien weken na de aanvraag is niet beslist", 2,
        "verhuurd_sinds_koop", sold_with_permit("aangevraagd", 70), "opkoopbescherming", "juridisch_toetsen",
    ),
    PropertyCase(
        "koop_duur", "gekocht na invoering, WOZ-waarde boven elke grens", 8,
        "verhuurd_sinds_koop", sold(DEAR), "opkoopbescherming",
    ),
    PropertyCase(
        "koop_tussen_grenzen", "gekocht na invoering, WOZ-waarde waar de grens niet zeker is", 4,
        "verhuurd_sinds_koop", sold_between_limits, "opkoopbescherming", "juridisch_toetsen",
    ),
    PropertyCase(
        "koop_zonder_waarde", "gekocht na invoering, WOZ-waarde niet bekend", 3,
        "verhuurd_sinds_koop", sold(None), "opkoopbescherming", "onbekend",
    ),
    PropertyCase(
        "geerfd", "geërfd na invoering en verhuurd", 3,
        "verhuurd_sinds_koop", inherited, "opkoopbescherming",
    ),
    PropertyCase(
        "beding_nagekomen", "zelfbewoningsbeding; de debiteur woont er", 12,
        "bewoond_door_eigenaar", Maker.clause, "zelfbewoningsplicht",
    ),
    PropertyCase(
        "beding_anderen", "zelfbewoningsbeding; anderen wonen er, de debiteur niet", 4,
        "verhuurd_sinds_koop", bound, "zelfbewoningsplicht", "signaal",
    ),
    PropertyCase(
        "beding_ontheffing", "zelfbewoningsbeding met ontheffing", 3,
        "verhuurd_sinds_koop", exempted, "zelfbewoningsplicht",
    ),
    PropertyCase(
        "beding_zonder_termijn", "oud zelfbewoningsbeding zonder termijn", 1,
        "verhuurd_sinds_koop", without_term, "zelfbewoningsplicht", "juridisch_toetsen",
    ),
    PropertyCase(
        "beding_zonder_debiteur", "zelfbewoningsbeding waarvan de debiteur niet bekend is", 2,
        "verhuurd_sinds_koop", without_debtor, "zelfbewoningsplicht", "onbekend",
    ),
    PropertyCase(
        "beding_begint_later", "zelfbewoningsbeding waarvan de termijn nog niet is begonnen", 2,
        "verhuurd_sinds_koop", begins_later, "zelfbewoningsplicht",
    ),
    PropertyCase(
        "beding_zonder_akte", "beding zonder datum van de akte", 1,
        "bewoond_door_eigenaar", without_deed, set_aside="bedingen",
    ),
    PropertyCase(
        "vergunning_zonder_datum", "verleende vergunning zonder enige datum", 2,
        "verhuurd", undated_permit, set_aside="vergunningen",
    ),
    PropertyCase(
        "melding_adres_onbekend", "melding op een adres dat niet bestaat", 2,
        "verhuurd", lambda maker, target: maker.registers.report(target, adres_onbekend=True), set_aside="meldingen",
    ),
    PropertyCase(
        "woz_onmogelijk", "WOZ-waarde onder nul", 1,
        "verhuurd", lambda maker, target: maker.registers.woz_wrong.add(target.adresseerbaar_object_id),
        set_aside="woz",
    ),
    PropertyCase(
        "brk_ontbreekt", "woning die in de lijst van het Kadaster ontbreekt: eigendom onbekend", 3,
        "verhuurd", missing_from_list,
    ),
    PropertyCase(
        "brk_rsin_fout", "eigenaar met een RSIN dat de controle niet doorstaat: eigendom onbekend", 2,
        "verhuurd", misspelt_number,
    ),
)  # fmt: skip


def make_property_cases(
    cases: Cases, registers: Registers, woningen: int
) -> dict[str, tuple[AdresseerbaarObject, ...]]:
    """Make the cases in ordinary dwellings that fit; the objects per case. A small town may lack dwellings for some."""
    residents = residents_of(cases.bevolking)
    maker = Maker(cases, registers, residents, _moved_in(residents))
    free = _free_places(registers, maker)
    placed: dict[str, tuple[AdresseerbaarObject, ...]] = {}
    for case in PROPERTY_CASES:
        wanted = scaled_number(case.number, woningen)
        targets = tuple(target for _ in range(wanted) if (target := next(free[case.place], None)) is not None)
        for target in targets:
            case.make(maker, target)
        placed[case.name] = targets
    return placed


def _moved_in(residents: dict[str, list[Persoonslijst]]) -> dict[str, date]:
    """The first day of the present residents, of the objects where it is fully known."""
    found = {}
    for key, people in residents.items():
        starts = [start_of_stay(person) for person in people]
        if None not in starts:
            found[key] = min(start for start in starts if start is not None)
    return found


def _free_places(registers: Registers, maker: Maker) -> dict[Place, Iterator[AdresseerbaarObject]]:
    """Ordinary dwellings per kind of place, each once."""
    since, until = _first_day(registers.peildatum), registers.peildatum - _LONG_AGO
    recent: list[AdresseerbaarObject] = []
    earlier: list[AdresseerbaarObject] = []
    troubled: list[AdresseerbaarObject] = []
    owned: list[Recht] = []
    for key, recht in registers.owners.rechten.items():
        target = recht.adresseerbaar_object
        moved_in = maker.moved_in.get(key)
        let_by_small = recht.soort in _LET and recht.houders[0] not in registers.owners.largest
        if target.trouble and let_by_small:
            troubled.append(target)
        if target.trouble or moved_in is None:
            continue
        if recht.soort == EIGENAAR_BEWONER:
            owned.append(recht)
        elif let_by_small:
            if since <= moved_in <= until:
                recent.append(target)
            elif moved_in < since:
                earlier.append(target)
    let = iter(earlier)
    return {
        "verhuurd_sinds_koop": chain(recent, _move_in_later(maker, let, since, until)),
        # Clauses are of these years: who bought last comes first.
        "bewoond_door_eigenaar": (
            recht.adresseerbaar_object
            for recht in sorted(owned, key=lambda recht: str(recht.inschrijving), reverse=True)
        ),
        "verhuurd": chain(troubled, let),
    }


def _move_in_later(
    maker: Maker, targets: Iterator[AdresseerbaarObject], since: date, until: date
) -> Iterator[AdresseerbaarObject]:
    """Dwellings whose residents now come within the term; none when the ordinance is too young for it."""
    if since > until:
        return
    for target in targets:
        key = target.adresseerbaar_object_id
        moved = since + timedelta(days=maker.registers.rng.randint(0, (until - since).days))
        for person in maker.residents[key]:
            stay = person.verblijven[0]
            if stay.datum < ymd(moved):
                stay.datum, stay.aangifte = ymd(moved), "I"
        maker.moved_in[key] = moved
        yield target


def _first_day(peildatum: date) -> date:
    """From when residents may have come, so that the term of four years since the purchase still runs."""
    term = peildatum - timedelta(days=4 * 365 - 10)
    return max(_NOT_BEFORE, term) + timedelta(days=45)
