"""The record frames that rules start from; the registry's queries and the scenario reader both give exactly these.

Periods are half-open; null ``valid_from`` = since always, null ``valid_until`` = still so. ``persoon`` keys are opaque
and one key space: the pseudonym of the persoonslijst where a rechthebbende is known in the BRP, else the key of the
rechthebbende.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

ADRESSEERBARE_OBJECTEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "objecttype": pl.String(),  # verblijfsobject | ligplaats | standplaats
        "gemeente": pl.String(),  # GM0606; null = unknown
        "status": pl.String(),  # BAG text
        "gebruiksdoelen": pl.List(pl.String()),  # empty for lig- and standplaatsen
        "oppervlakte": pl.Int64(),  # m2 as delivered (1, 9999, 999999 mean unknown); null = not delivered
        "gebieden": pl.List(pl.String()),  # codes of every area in which it lies on the peildatum
        "in_onderzoek": pl.List(pl.String()),  # BAG kenmerken in onderzoek on the peildatum
    }
)
BEWONING = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "persoon": pl.String(),  # opaque, never a BSN
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
        "zekerheid": pl.String(),  # zeker | mogelijk
        "in_onderzoek": pl.Boolean(),
        "geboortedatum": pl.String(),  # JJJJMMDD, mogelijk onvolledig; null = unknown
    }
)
RELATIES = pl.Schema(
    {
        "persoon": pl.String(),
        "andere_persoon": pl.String(),
        "relatie": pl.String(),  # kind ouder partner broer_zus kleinkind grootouder huishouden geen
    }
)
INSPECTIES = pl.Schema(
    {
        "inspectie": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "datum": pl.Date(),
        "aantal_personen": pl.Int64(),
        "huishoudens": pl.Int64(),
        "gemeten_oppervlakte": pl.Float64(),
    }
)
VASTSTELLINGEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "feit": pl.String(),
        "waarde": pl.String(),
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
        "bewijs": pl.String(),
    }
)
OVERDRACHTEN = pl.Schema(
    {
        "overdracht": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "inschrijving_eerste": pl.Date(),  # inclusive; equal to the last when the day is known; both null = unknown
        "inschrijving_laatste": pl.Date(),
        "inschrijving": pl.String(),  # as known: 2023, 2023-05, 2023-05-02
        "aard": pl.String(),  # levering | vererving | verdeling | correctie; null = unknown
        "verkrijgers": pl.List(pl.String()),  # persoon keys
        "koopovereenkomst": pl.Date(),
        # one of vrij, gebruikt_korter_dan_6_maanden, gebruikt_6_maanden_of_langer, verhuurd_met_vergunning
        "staat": pl.String(),
    }
)
PERSONEN = pl.Schema(
    {
        "persoon": pl.String(),
        "type": pl.String(),  # natuurlijk_persoon | rechtspersoon
        "rsin": pl.String(),
        "kvk": pl.String(),
        "corporatie": pl.Boolean(),  # null = no list of corporaties was imported
        "vve": pl.Boolean(),
    }
)
EIGENDOM = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "persoon": pl.String(),
        # eigenaar | erfpachter | opstalhouder | erfpachter_opstalhouder | gebruik_bewoning | vruchtgebruiker | overig
        "aard_recht": pl.String(),
        "aandeel": pl.Float64(),  # 0..1; null = unknown
        "valid_from_eerste": pl.Date(),
        "valid_from_laatste": pl.Date(),
        "valid_until_eerste": pl.Date(),
        "valid_until_laatste": pl.Date(),
    }
)
VERGUNNINGEN = pl.Schema(
    {
        "vergunning": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "soort": pl.String(),  # opkoopbescherming | omzetting | splitsing | onttrekking | overig
        "grond": pl.String(),  # familie | tijdelijk | bedrijfsruimte | lokaal; null = unknown
        "status": pl.String(),  # aangevraagd | verleend | geweigerd | ingetrokken
        "aangevraagd_op": pl.Date(),
        "verlengd_op": pl.Date(),
        "besluit_op": pl.Date(),
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
        "gebruiksvorm": pl.String(),  # what it was granted for, as typed
        "overdracht": pl.String(),  # the transfer that it belongs to; null = not known
    }
)
BEDINGEN = pl.Schema(
    {
        "beding": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "soort": pl.String(),  # zelfbewoning | antispeculatie
        "debiteur": pl.String(),  # persoon key; null = unknown
        "akte": pl.Date(),
        "aanvang": pl.String(),  # levering | oplevering | brp_inschrijving; null = unknown
        "aanvang_datum": pl.Date(),
        "maanden": pl.Int64(),  # null = the clause names no term
        "aaneengesloten": pl.Boolean(),
        "doorverkoop_toegestaan": pl.Boolean(),  # null = the clause is silent
        "gedeeltelijke_verhuur_toegestaan": pl.Boolean(),  # null = the clause is silent
        "kettingbeding_tot": pl.Date(),
        "inschrijftermijn_dagen": pl.Int64(),
    }
)
ONTHEFFINGEN = pl.Schema(
    {
        "beding": pl.String(),
        "reden": pl.String(),  # werk | overlijden | echtscheiding | gezondheid | financieel | overig
        "valid_from": pl.Date(),
        "valid_until": pl.Date(),
    }
)
WOZ_WAARDEN = pl.Schema(
    {
        "adresseerbaar_object_id": pl.String(),
        "woz_object": pl.String(),
        "waardepeildatum": pl.Date(),
        "ingangsdatum": pl.Date(),
        "waarde": pl.Int64(),  # euro, of the whole WOZ object; null = not determined. Annulled ones are left out.
        "bezwaar": pl.Boolean(),  # an objection or appeal runs; null = unknown
        "aantal_objecten": pl.Int64(),  # dwellings in that WOZ object at that waardepeildatum
        "aantal_woz": pl.Int64(),  # WOZ objects of that dwelling at that waardepeildatum
    }
)


@dataclass(frozen=True, slots=True)
class RecordFrames:
    """What is known on one record date: all frames, and which sources were ever imported.

    A source that was never imported makes its facts unknown, not empty; ``bronnen`` holds those that were
    (``bag brp brk woz gebieden vergunningen bedingen inspecties vaststellingen meldingen corporaties bewoning``, and
    ``coa`` where a municipality declares its list of COA locations complete).
    """

    peildatum: date
    adresseerbare_objecten: pl.DataFrame
    bewoning: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BEWONING))
    relaties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RELATIES))
    inspecties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=INSPECTIES))
    vaststellingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VASTSTELLINGEN))
    overdrachten: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OVERDRACHTEN))
    personen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PERSONEN))
    eigendom: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EIGENDOM))
    vergunningen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VERGUNNINGEN))
    bedingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BEDINGEN))
    ontheffingen: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ONTHEFFINGEN))
    woz_waarden: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=WOZ_WAARDEN))
    bronnen: frozenset[str] = frozenset()
    # Facts that were derived already: rules about the same kind of case share them.
    derived: dict[object, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)
