"""The kinds of trouble that come from visits and established facts, those whose rows must be set aside included."""

from typing import Final

from registry.demo.casebook import NORM, Case, Cases, on_the_norm, within_the_norm
from registry.demo.field import AddressStyle
from registry.demo.town import AdresseerbaarObject


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


def _refused_visit(style: AddressStyle | None = None, aantal: int | str = 3, datum: str | None = None) -> Case:
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        within_the_norm(cases, target)
        cases.inspect(target, aantal, style=style, datum=datum and f"{datum}-{cases.peildatum.year}")

    return case


def _refused_fact(feit: str, style: AddressStyle) -> Case:
    def case(cases: Cases, target: AdresseerbaarObject) -> None:
        within_the_norm(cases, target)
        cases.establish(target, feit, "ja", style=style)

    return case


VISIT_CASES: Final[dict[str, Case]] = {
    "inspectie_telt_meer": _telt_meer,
    "inspectie_telt_minder": _telt_minder,
    "inspectie_meet_kleiner": _meet_kleiner,
    "inspectie_anders_binnen_norm": _anders_binnen_norm,
    "inspectie_klopt": _klopt,
    "inspectie_te_oud": _te_oud,
    "inspectie_achterhaald": _achterhaald,
    "niemand_thuis": _niemand_thuis,
    "inspectie_adres_meerduidig": _refused_visit(style="zonder_toevoeging"),
    "inspectie_adres_onbekend": _refused_visit(style="onbekend"),
    "inspectie_circa": _refused_visit(aantal="ca. 6"),
    "inspectie_onmogelijke_datum": _refused_visit(datum="31-02"),
    "vaststelling_onbekend_feit": _refused_fact("zwembad", "bag"),
    "vaststelling_adres_onbekend": _refused_fact("woonwagen", "onbekend"),
}
