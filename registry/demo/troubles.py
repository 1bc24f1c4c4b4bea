"""The troubles of the synthetic municipality: what they are, how many there are and what must come of them.

The expected outcomes follow from the texts of the law and of LO BRP (named per trouble), not from the code that the
demo puts to the test: whoever changes one side sees the other disagree.
"""

from dataclasses import dataclass
from typing import Final, Literal

DWELLINGS_OF_REFERENCE: Final = 5400
RESIDENTS_OF_REFERENCE: Final = 11_000

Place = Literal["woning", "portiek", "verblijfsobject", "standplaats", "ligplaats"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble.

    Attributes:
        name: key in the manifest.
        description: what it is, in Dutch.
        number: how many there are per 5,400 dwellings.
        place: ``woning`` and ``portiek`` lie in the dwelling stock; the rest is added beside it.
        overbewoning: expected uitkomst where it is ``signaal`` or ``onbekend``; empty for the rest.
        reason: the unknown fact behind ``onbekend``.
        adresverschil: expected uitkomst where it is ``signaal``.
        set_aside: the source of which one row per trouble must be set aside.
    """

    name: str
    description: str
    number: int
    place: Place = "woning"
    overbewoning: Literal["signaal", "onbekend", ""] = ""
    reason: Literal["oppervlakte", "mogelijke_bewoners", ""] = ""
    adresverschil: Literal["signaal", ""] = ""
    set_aside: Literal["brp", "inspecties", "vaststellingen", ""] = ""

    @property
    def in_stock(self) -> bool:
        """Whether its object is one of the dwellings of the stock (CBS definition)."""
        return self.place in {"woning", "portiek"}


TROUBLES: Final[tuple[Trouble, ...]] = (
    # Bouwbesluit 2012 art. 7.18 lid 1, since 2024 in the omgevingsplan: aantal x 12 m2 > gebruiksoppervlakte.
    Trouble("boven_norm", "meer zekere bewoners dan de getalsnorm toelaat", 58, overbewoning="signaal"),
    Trouble("kleine_studio", "studio van 11 m2 met één bewoner", 2, overbewoning="signaal"),
    Trouble("zuigeling", "een pasgeborene telt mee en brengt de woning boven de norm", 4, overbewoning="signaal"),
    Trouble(
        "nevenadressen", "hoofd- en nevenadres samen boven de norm, elk apart niet", 5, overbewoning="signaal"
    ),  # LO BRP rule 10: who lives at a nevenadres counts for the object
    Trouble(
        "in_onderzoek",
        "boven de norm; van een bewoner is de verblijfplaats in onderzoek (telt mee)",
        6,
        overbewoning="signaal",
    ),
    Trouble(
        "verbouwing",
        "boven de norm in een verblijfsobject met status Verbouwing",
        2,
        "verblijfsobject",
        overbewoning="signaal",
    ),
    Trouble(
        "onderzoek_beeindigd",
        "boven de norm; een bewoner bleek na onderzoek toch op het adres te verblijven",
        2,
        overbewoning="signaal",
    ),  # LO BRP rule 8
    Trouble(
        "jaar_verstreken",
        "boven de norm; van een bewoner is alleen het jaar van aankomst bekend, dat voorbij is",
        4,
        overbewoning="signaal",
    ),  # LO BRP rule 4: after the uncertainty the resident is certain
    Trouble("op_norm", "precies op de getalsnorm", 25),
    # A vaststelling wins over a derived fact.
    Trouble("gemeten_groter", "volgens de BAG boven de norm, volgens een meting niet", 3),
    Trouble("gemeten_bekend", "oppervlakte onbekend in de BAG, wel gemeten; binnen de norm", 2),
    # Art. 7.18 lid 2: woonwagen 6 m2; lid 3: COA.
    Trouble("woonwagen_boven_norm", "woonwagen boven 6 m2 per persoon", 2, "standplaats", overbewoning="signaal"),
    Trouble("woonwagen_op_norm", "woonwagen precies op 6 m2 per persoon", 3, "standplaats"),
    Trouble("coa", "COA-opvang boven de norm: de norm geldt niet", 2),
    # Areas that mean "unknown" (CBS cleaning rules) and places without an area.
    Trouble(
        "oppervlakte_999999",
        "oppervlakte 999999 in de BAG, veel bewoners",
        5,
        overbewoning="onbekend",
        reason="oppervlakte",
    ),
    Trouble(
        "oppervlakte_9999",
        "oppervlakte 9999 in de BAG, veel bewoners",
        3,
        overbewoning="onbekend",
        reason="oppervlakte",
    ),
    Trouble(
        "oppervlakte_1", "oppervlakte 1 in de BAG, veel bewoners", 4, overbewoning="onbekend", reason="oppervlakte"
    ),
    Trouble(
        "ligplaats_zonder_oppervlakte",
        "bewoonde ligplaats waarvan geen oppervlakte bekend is",
        2,
        "ligplaats",
        overbewoning="onbekend",
        reason="oppervlakte",
    ),
    # LO BRP rules 4 and 5: possible residents.
    Trouble(
        "mogelijk_begin",
        "alleen boven de norm met een bewoner van wie de begindatum onvolledig is",
        6,
        overbewoning="onbekend",
        reason="mogelijke_bewoners",
    ),
    Trouble(
        "mogelijk_einde",
        "alleen boven de norm met iemand van wie de vertrekdatum onvolledig is",
        4,
        overbewoning="onbekend",
        reason="mogelijke_bewoners",
    ),
    Trouble(
        "mogelijk_altijd",
        "alleen boven de norm met een bewoner van wie de begindatum geheel onbekend is",
        2,
        overbewoning="onbekend",
        reason="mogelijke_bewoners",
    ),
    # LO BRP rules 1, 2, 7 and 8: who does not count (the rest is exactly on the norm).
    Trouble("briefadres", "op de norm; briefadressen tellen niet mee", 8),
    Trouble("overleden", "op de norm; een overledene telt niet mee", 6),
    Trouble("geemigreerd", "op de norm; een geëmigreerde telt niet mee", 6),
    Trouble("vertrokken", "op de norm; iemand is naar elders verhuisd", 6),
    Trouble("verhuisd_binnen_gemeente", "op de norm; iemand verhuisde naar een andere woning in de gemeente", 6),
    Trouble("niet_ingezetene", "op de norm; iemand staat nu in de RNI", 3),
    Trouble("verblijft_niet_op_adres", "op de norm; van iemand is vastgesteld dat hij er niet verblijft", 5),
    Trouble("persoonslijst_fout", "op de norm; een persoonslijst is wegens fout opgeschort", 1),
    # Inspections: a separate ground, for twelve months; adresverschil against the registered residents.
    Trouble(
        "inspectie_telt_meer",
        "inspectie telde meer personen dan ingeschreven en boven de norm",
        7,
        overbewoning="signaal",
        adresverschil="signaal",
    ),
    Trouble(
        "inspectie_telt_minder",
        "inspectie telde minder personen; de inschrijvingen blijven boven de norm",
        3,
        overbewoning="signaal",
        adresverschil="signaal",
    ),
    Trouble(
        "inspectie_meet_kleiner",
        "inspectie mat een kleinere oppervlakte, waarmee de norm is overschreden",
        3,
        overbewoning="signaal",
    ),
    Trouble(
        "inspectie_anders_binnen_norm", "inspectie telde een ander aantal, binnen de norm", 5, adresverschil="signaal"
    ),
    Trouble("inspectie_klopt", "inspectie telde wat er is ingeschreven", 20),
    Trouble("inspectie_te_oud", "inspectie boven de norm, langer dan twaalf maanden geleden", 6),
    Trouble("inspectie_achterhaald", "een nieuwere inspectie telde wat er is ingeschreven, de vorige niet", 4),
    Trouble("niemand_thuis", "bezoek zonder telling", 8),
    # Other objects: leads, never a breach of the getalsnorm.
    Trouble("geen_woonfunctie", "bewoners in een object zonder woonfunctie", 6, "verblijfsobject"),
    Trouble("ingetrokken", "bewoners op een ingetrokken verblijfsobject", 4, "verblijfsobject"),
    # Rows that must be set aside and change nothing.
    Trouble("brp_onmogelijke_datum", "persoonslijst met een datum die niet bestaat", 5, set_aside="brp"),
    Trouble("brp_ongeldig_bsn", "persoonslijst met een BSN dat niet aan de elfproef voldoet", 4, set_aside="brp"),
    Trouble(
        "inspectie_adres_meerduidig",
        "inspectie op een huisnummer met meer adressen",
        4,
        "portiek",
        set_aside="inspecties",
    ),
    Trouble("inspectie_adres_onbekend", "inspectie op een adres dat niet bestaat", 3, set_aside="inspecties"),
    Trouble("inspectie_circa", "inspectie met 'ca. 6' als aantal personen", 3, set_aside="inspecties"),
    Trouble("inspectie_onmogelijke_datum", "inspectie op een datum die niet bestaat", 2, set_aside="inspecties"),
    Trouble(
        "vaststelling_onbekend_feit",
        "vaststelling van een feit dat het register niet kent",
        1,
        set_aside="vaststellingen",
    ),
    Trouble("vaststelling_adres_onbekend", "vaststelling op een adres dat niet bestaat", 1, set_aside="vaststellingen"),
)


def scaled_number(number: int, woningen: int) -> int:
    """A number per 5,400 dwellings for another size of municipality; at least one, so that every kind occurs."""
    return max(1, round(number * woningen / DWELLINGS_OF_REFERENCE))
