"""One function per kind of trouble: it turns an object into that case, by construction.

Every function leaves the object on the side of the norm that ``troubles.TROUBLES`` says; all stays in it began
longer ago than any inspection, unless the case is about a recent one.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from registry.demo.casebook import NORM, NORM_WOONWAGEN, Case, Cases, on_the_norm, over_the_norm, within_the_norm
from registry.demo.names import surname
from registry.demo.people import Bevolking, Persoonslijst, Verblijf, with_month_unknown, ymd
from registry.demo.town import AdresseerbaarObject
from registry.demo.visit_cases import VISIT_CASES


def _boven_norm(cases: Cases, target: AdresseerbaarObject) -> None:
    """Over the norm; of some it was established how many households live there (urgentie, not uitkomst)."""
    over_the_norm(cases, target)
    chance = cases.rng.random()
    if chance < 0.25:
        cases.establish(target, "gezamenlijk_huishouden", "ja")
    elif chance < 0.4:
        cases.establish(target, "huishoudens", str(cases.rng.randint(2, 4)))


def _with_uncounted(add: Callable[[Bevolking, AdresseerbaarObject], Persoonslijst]) -> Case:
    """On the norm, with one or two people who must not be counted."""

    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        on_the_norm(cases, target)
        for _ in range(cases.rng.choice((1, 1, 2))):
            add(cases.bevolking, target)

    return case


def _kleine_studio(cases: Cases, target: AdresseerbaarObject) -> None:
    target.oppervlakte = 11
    cases.bevolking.household(target, 1)


def _zuigeling(cases: Cases, target: AdresseerbaarObject) -> None:
    on_the_norm(cases, target)
    cases.bevolking.child(target, cases.bevolking.days_ago(15, 80), surname(cases.rng))


def _nevenadressen(cases: Cases, target: AdresseerbaarObject) -> None:
    size = cases.rng.randint(2, 3)
    target.oppervlakte = 2 * size * NORM - cases.rng.randint(1, NORM)
    nevenadres = cases.town.add_nevenadres(target)
    cases.bevolking.household(target, size)
    for person in cases.bevolking.household(target, size):
        person.verblijven[0].adres = nevenadres


def _in_onderzoek(cases: Cases, target: AdresseerbaarObject) -> None:
    on_the_norm(cases, target)
    person = cases.bevolking.household(target, 1)[0]
    person.verblijven[0].onderzoek = "080000", ymd(cases.bevolking.days_ago(5, 200)), ""


def _onderzoek_beeindigd(cases: Cases, target: AdresseerbaarObject) -> None:
    on_the_norm(cases, target)
    person = cases.bevolking.household(target, 1)[0]
    person.verblijven[0].onderzoek = (
        "089999",
        ymd(cases.bevolking.days_ago(300, 400)),
        ymd(cases.bevolking.days_ago(100, 200)),
    )


def _jaar_verstreken(cases: Cases, target: AdresseerbaarObject) -> None:
    on_the_norm(cases, target)
    person = cases.bevolking.household(target, 1)[0]
    person.verblijven[0].datum = f"{cases.peildatum.year - 1}0000"


def _gemeten(bag_area: int) -> Case:
    """A measured area that the norm allows to the square metre, while the BAG says something else."""

    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        size = on_the_norm(cases, target)
        target.oppervlakte = bag_area
        cases.establish(target, "gemeten_oppervlakte", str(size * NORM))

    return case


def _verbouwing(cases: Cases, target: AdresseerbaarObject) -> None:
    over_the_norm(cases, target)
    target.status = "Verbouwing verblijfsobject"


def _woonwagen(excess: int) -> Case:
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        size = cases.rng.randint(4, 6)
        cases.establish(target, "woonwagen", "ja")
        cases.establish(target, "gemeten_oppervlakte", str(size * NORM_WOONWAGEN))
        cases.bevolking.household(target, size + excess)

    return case


def _coa(cases: Cases, target: AdresseerbaarObject) -> None:
    over_the_norm(cases, target)
    cases.establish(target, "coa_opvang", "ja", style="adres")


def _unknown_area(area: int | None) -> Case:
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        target.oppervlakte = area
        cases.bevolking.household(target, cases.rng.randint(4, 8))

    return case


def _verhuisd_binnen_gemeente(cases: Cases, target: AdresseerbaarObject) -> None:
    on_the_norm(cases, target)
    cases.movers.append(cases.bevolking.household(target, 1)[0])


def _mogelijk_altijd(cases: Cases, target: AdresseerbaarObject) -> None:
    """Someone came at a wholly unknown moment (LO BRP rule 3)."""
    on_the_norm(cases, target)
    person = cases.bevolking.household(target, 1)[0]
    person.verblijven[0].datum = "00000000"
    person.lives_in = None


def _mogelijk_begin(cases: Cases, target: AdresseerbaarObject) -> None:
    """Someone came at an unknown moment in the year of the peildatum (LO BRP rule 4)."""
    on_the_norm(cases, target)
    person = cases.bevolking.household(target, 1)[0]
    person.verblijven[0].datum = f"{cases.peildatum.year}0000"
    person.lives_in = None


def _mogelijk_einde(cases: Cases, target: AdresseerbaarObject) -> None:
    """Someone left at an unknown moment in the year of the peildatum (LO BRP rule 5)."""
    on_the_norm(cases, target)
    person = cases.bevolking.moved_away(target)
    person.verblijven[0].datum = f"{cases.peildatum.year}0000"


def _geen_woonfunctie(cases: Cases, target: AdresseerbaarObject) -> None:
    over_the_norm(cases, target)
    target.gebruiksdoelen = (cases.rng.choice(("winkelfunctie", "kantoorfunctie", "industriefunctie")),)


def _ingetrokken(cases: Cases, target: AdresseerbaarObject) -> None:
    over_the_norm(cases, target)
    target.status = "Verblijfsobject ingetrokken"
    target.ended = cases.town.stand - timedelta(days=cases.rng.randint(30, 700))


def _onmogelijke_datum(cases: Cases, target: AdresseerbaarObject) -> None:
    """One more persoonslijst, of one row, whose aanvang adreshouding is no date; there would be room for it."""
    within_the_norm(cases, target)
    verblijf = Verblijf(f"{cases.peildatum.year - 3}1341", target.hoofdadres, target)
    _extra(cases, verblijf)


def _ongeldig_bsn(cases: Cases, target: AdresseerbaarObject) -> None:
    within_the_norm(cases, target)
    _extra(cases, Verblijf(ymd(cases.bevolking.days_ago(913, 4_000)), target.hoofdadres, target)).valid_bsn = False


def _extra(cases: Cases, verblijf: Verblijf) -> Persoonslijst:
    born = with_month_unknown(ymd(cases.bevolking.days_ago(9_000, 20_000)))
    return cases.bevolking.add(Persoonslijst("Zimi", surname(cases.rng), born, [verblijf]))


CASES: Final[dict[str, Case]] = VISIT_CASES | {
    "boven_norm": _boven_norm,
    "kleine_studio": _kleine_studio,
    "zuigeling": _zuigeling,
    "nevenadressen": _nevenadressen,
    "in_onderzoek": _in_onderzoek,
    "verbouwing": _verbouwing,
    "onderzoek_beeindigd": _onderzoek_beeindigd,
    "jaar_verstreken": _jaar_verstreken,
    "op_norm": on_the_norm,
    "gemeten_groter": _gemeten(bag_area=24),
    "gemeten_bekend": _gemeten(bag_area=999_999),
    "woonwagen_boven_norm": _woonwagen(1),
    "woonwagen_op_norm": _woonwagen(0),
    "coa": _coa,
    "oppervlakte_999999": _unknown_area(999_999),
    "oppervlakte_9999": _unknown_area(9_999),
    "oppervlakte_1": _unknown_area(1),
    "ligplaats_zonder_oppervlakte": _unknown_area(None),
    "mogelijk_begin": _mogelijk_begin,
    "mogelijk_einde": _mogelijk_einde,
    "mogelijk_altijd": _mogelijk_altijd,
    "briefadres": _with_uncounted(Bevolking.with_briefadres),
    "overleden": _with_uncounted(Bevolking.deceased),
    "geemigreerd": _with_uncounted(Bevolking.emigrated),
    "vertrokken": _with_uncounted(Bevolking.moved_away),
    "verhuisd_binnen_gemeente": _verhuisd_binnen_gemeente,
    "niet_ingezetene": _with_uncounted(Bevolking.niet_ingezetene),
    "verblijft_niet_op_adres": _with_uncounted(Bevolking.absent),
    "persoonslijst_fout": _with_uncounted(Bevolking.wrong_list),
    "geen_woonfunctie": _geen_woonfunctie,
    "ingetrokken": _ingetrokken,
    "brp_onmogelijke_datum": _onmogelijke_datum,
    "brp_ongeldig_bsn": _ongeldig_bsn,
}
