"""One function per kind of trouble: it turns an object into that case, by construction.

Every function leaves the object on the side of the norm that ``troubles.TROUBLES`` says; all stays in it began
longer ago than any inspection, unless the case is about a recent one.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from registry.demo.casebook import Cases
from registry.demo.field import AddressStyle
from registry.demo.names import surname
from registry.demo.people import Bevolking, Persoonslijst, Verblijf, with_month_unknown, ymd
from registry.demo.town import AdresseerbaarObject

NORM: Final = 12  # m2 per person, Bouwbesluit 2012 art. 7.18 lid 1
NORM_WOONWAGEN: Final = 6  # lid 2


def over_the_norm(cases: Cases, target: AdresseerbaarObject) -> None:
    """Certain residents, one to three more than the norm allows."""
    size = cases.rng.randint(4, 8)
    excess = 1 if size < 6 else cases.rng.choice((1, 2, 3))
    target.oppervlakte = (size - excess) * NORM + cases.rng.randint(0, NORM - 1)
    cases.bevolking.household(target, size)


def _boven_norm(cases: Cases, target: AdresseerbaarObject) -> None:
    """Over the norm; of some it was established how many households live there (urgentie, not uitkomst)."""
    over_the_norm(cases, target)
    chance = cases.rng.random()
    if chance < 0.25:
        cases.establish(target, "gezamenlijk_huishouden", "ja")
    elif chance < 0.4:
        cases.establish(target, "huishoudens", str(cases.rng.randint(2, 4)))


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


def _with_uncounted(add: Callable[[Bevolking, AdresseerbaarObject], Persoonslijst]) -> "Case":
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


def _gemeten(bag_area: int) -> "Case":
    """A measured area that the norm allows to the square metre, while the BAG says something else."""

    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        size = on_the_norm(cases, target)
        target.oppervlakte = bag_area
        cases.establish(target, "gemeten_oppervlakte", str(size * NORM))

    return case


def _verbouwing(cases: Cases, target: AdresseerbaarObject) -> None:
    over_the_norm(cases, target)
    target.status = "Verbouwing verblijfsobject"


def _woonwagen(excess: int) -> "Case":
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        size = cases.rng.randint(4, 6)
        cases.establish(target, "woonwagen", "ja")
        cases.establish(target, "gemeten_oppervlakte", str(size * NORM_WOONWAGEN))
        cases.bevolking.household(target, size + excess)

    return case


def _coa(cases: Cases, target: AdresseerbaarObject) -> None:
    over_the_norm(cases, target)
    cases.establish(target, "coa_opvang", "ja", style="adres")


def _unknown_area(area: int | None) -> "Case":
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


def _telt_meer(cases: Cases, target: AdresseerbaarObject) -> None:
    registered = within_the_norm(cases, target)
    cases.inspect(target, registered + 4)


def _telt_minder(cases: Cases, target: AdresseerbaarObject) -> None:
    size = on_the_norm(cases, target)
    cases.bevolking.household(target, 1)
    cases.inspect(target, size - 1)


def _meet_kleiner(cases: Cases, target: AdresseerbaarObject) -> None:
    size = on_the_norm(cases, target)
    cases.inspect(target, size, gemeten=size * NORM - 3.5)


def _anders_binnen_norm(cases: Cases, target: AdresseerbaarObject) -> None:
    registered = within_the_norm(cases, target)
    cases.inspect(target, registered + cases.rng.choice((-1, 1)))


def _klopt(cases: Cases, target: AdresseerbaarObject) -> None:
    registered = within_the_norm(cases, target)
    cases.inspect(target, registered, gemeten=cases.rng.choice((None, float(target.oppervlakte or 0))))


def _te_oud(cases: Cases, target: AdresseerbaarObject) -> None:
    registered = within_the_norm(cases, target)
    cases.inspect(target, registered + 5, datum=cases.bevolking.days_ago(400, 800))


def _achterhaald(cases: Cases, target: AdresseerbaarObject) -> None:
    registered = within_the_norm(cases, target)
    cases.inspect(target, registered + 1, datum=cases.bevolking.days_ago(200, 330))
    cases.inspect(target, registered, datum=cases.bevolking.days_ago(10, 150))


def _niemand_thuis(cases: Cases, target: AdresseerbaarObject) -> None:
    within_the_norm(cases, target)
    cases.inspect(target, None, resultaat="afwezig")


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


def _refused_visit(style: AddressStyle | None = None, aantal: int | str = 3, datum: str | None = None) -> "Case":
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        within_the_norm(cases, target)
        cases.inspect(target, aantal, style=style, datum=datum and f"{datum}-{cases.peildatum.year}")

    return case


def _refused_fact(feit: str, style: AddressStyle) -> "Case":
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        within_the_norm(cases, target)
        cases.establish(target, feit, "ja", style=style)

    return case


Case = Callable[[Cases, AdresseerbaarObject], object]

CASES: Final[dict[str, Case]] = {
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
    "inspectie_telt_meer": _telt_meer,
    "inspectie_telt_minder": _telt_minder,
    "inspectie_meet_kleiner": _meet_kleiner,
    "inspectie_anders_binnen_norm": _anders_binnen_norm,
    "inspectie_klopt": _klopt,
    "inspectie_te_oud": _te_oud,
    "inspectie_achterhaald": _achterhaald,
    "niemand_thuis": _niemand_thuis,
    "geen_woonfunctie": _geen_woonfunctie,
    "ingetrokken": _ingetrokken,
    "brp_onmogelijke_datum": _onmogelijke_datum,
    "brp_ongeldig_bsn": _ongeldig_bsn,
    "inspectie_adres_meerduidig": _refused_visit(style="zonder_toevoeging"),
    "inspectie_adres_onbekend": _refused_visit(style="onbekend"),
    "inspectie_circa": _refused_visit(aantal="ca. 6"),
    "inspectie_onmogelijke_datum": _refused_visit(datum="31-02"),
    "vaststelling_onbekend_feit": _refused_fact("zwembad", "bag"),
    "vaststelling_adres_onbekend": _refused_fact("woonwagen", "onbekend"),
}
