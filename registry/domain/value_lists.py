"""Official value lists of the BAG: the member is the snake form, the value is the text of the catalogue.

Source: LVBAG XSD 2.1.0 (20200601) and the BAG catalogus, domeinwaarden. A list here is closed: a text that is not in
it is no value of the BAG.
"""

from enum import StrEnum


class StatusWoonplaats(StrEnum):
    """Life cycle of a woonplaats."""

    AANGEWEZEN = "Woonplaats aangewezen"
    INGETROKKEN = "Woonplaats ingetrokken"


class StatusNaamgeving(StrEnum):
    """Life cycle of an openbare ruimte and of a nummeraanduiding."""

    UITGEGEVEN = "Naamgeving uitgegeven"
    INGETROKKEN = "Naamgeving ingetrokken"


class StatusPlaats(StrEnum):
    """Life cycle of a ligplaats and of a standplaats."""

    AANGEWEZEN = "Plaats aangewezen"
    INGETROKKEN = "Plaats ingetrokken"


class StatusVerblijfsobject(StrEnum):
    """Life cycle of a verblijfsobject."""

    GEVORMD = "Verblijfsobject gevormd"
    NIET_GEREALISEERD = "Niet gerealiseerd verblijfsobject"
    IN_GEBRUIK_NIET_INGEMETEN = "Verblijfsobject in gebruik (niet ingemeten)"
    IN_GEBRUIK = "Verblijfsobject in gebruik"
    VERBOUWING = "Verbouwing verblijfsobject"
    INGETROKKEN = "Verblijfsobject ingetrokken"
    BUITEN_GEBRUIK = "Verblijfsobject buiten gebruik"
    TEN_ONRECHTE_OPGEVOERD = "Verblijfsobject ten onrechte opgevoerd"


class StatusPand(StrEnum):
    """Life cycle of a pand."""

    BOUWVERGUNNING_VERLEEND = "Bouwvergunning verleend"
    NIET_GEREALISEERD = "Niet gerealiseerd pand"
    BOUW_GESTART = "Bouw gestart"
    IN_GEBRUIK_NIET_INGEMETEN = "Pand in gebruik (niet ingemeten)"
    IN_GEBRUIK = "Pand in gebruik"
    VERBOUWING = "Verbouwing pand"
    SLOOPVERGUNNING_VERLEEND = "Sloopvergunning verleend"
    GESLOOPT = "Pand gesloopt"
    BUITEN_GEBRUIK = "Pand buiten gebruik"
    TEN_ONRECHTE_OPGEVOERD = "Pand ten onrechte opgevoerd"


class Gebruiksdoel(StrEnum):
    """What a verblijfsobject may be used for; one object can have several."""

    WOONFUNCTIE = "woonfunctie"
    BIJEENKOMSTFUNCTIE = "bijeenkomstfunctie"
    CELFUNCTIE = "celfunctie"
    GEZONDHEIDSZORGFUNCTIE = "gezondheidszorgfunctie"
    INDUSTRIEFUNCTIE = "industriefunctie"
    KANTOORFUNCTIE = "kantoorfunctie"
    LOGIESFUNCTIE = "logiesfunctie"
    ONDERWIJSFUNCTIE = "onderwijsfunctie"
    SPORTFUNCTIE = "sportfunctie"
    WINKELFUNCTIE = "winkelfunctie"
    OVERIGE_GEBRUIKSFUNCTIE = "overige gebruiksfunctie"


class TypeOpenbareRuimte(StrEnum):
    """Kind of an openbare ruimte."""

    WEG = "Weg"
    WATER = "Water"
    SPOORBAAN = "Spoorbaan"
    TERREIN = "Terrein"
    KUNSTWERK = "Kunstwerk"
    LANDSCHAPPELIJK_GEBIED = "Landschappelijk gebied"
    ADMINISTRATIEF_GEBIED = "Administratief gebied"


class TypeAdresseerbaarObject(StrEnum):
    """Kind of object that a nummeraanduiding is given to."""

    VERBLIJFSOBJECT = "Verblijfsobject"
    STANDPLAATS = "Standplaats"
    LIGPLAATS = "Ligplaats"


class StatusGemeenteWoonplaats(StrEnum):
    """Status of a row of the table that relates gemeenten and woonplaatsen; only ``definitief`` is to be used."""

    DEFINITIEF = "definitief"
    VOORLOPIG = "voorlopig"


WONINGVOORRAAD_STATUSSEN: frozenset[str] = frozenset(
    {
        StatusVerblijfsobject.IN_GEBRUIK.value,
        StatusVerblijfsobject.IN_GEBRUIK_NIET_INGEMETEN.value,
        StatusVerblijfsobject.BUITEN_GEBRUIK.value,
    }
)
"""The statuses of a dwelling that counts as stock (CBS, begrip woningvoorraad), as plain texts for frames.

CBS does not name ``Verbouwing verblijfsobject``; whoever counts may add it by setting.
"""

EINDSTATUSSEN: frozenset[str] = frozenset(
    {
        StatusWoonplaats.INGETROKKEN.value,
        StatusNaamgeving.INGETROKKEN.value,
        StatusPlaats.INGETROKKEN.value,
        StatusVerblijfsobject.NIET_GEREALISEERD.value,
        StatusVerblijfsobject.INGETROKKEN.value,
        StatusVerblijfsobject.TEN_ONRECHTE_OPGEVOERD.value,
        StatusPand.NIET_GEREALISEERD.value,
        StatusPand.GESLOOPT.value,
        StatusPand.TEN_ONRECHTE_OPGEVOERD.value,
    }
)
"""Statuses after which an object no longer exists (Kadaster's list for *huidig*)."""

ONBEKEND_BOUWJAAR = 9999
EERSTE_BEKENDE_BOUWJAAR = 1000
"""A bouwjaar of 9999, or below 1000, stands for unknown (CBS, onderzoeksomschrijving Voorraad woningen)."""

ONBEKENDE_OPPERVLAKTEN: frozenset[int] = frozenset({1, 9999, 999999})
"""An oppervlakte with one of these values, or of 10,000 m2 and more, is unknown for a dwelling (CBS, the same text)."""
