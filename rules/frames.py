"""The record frames of ownership, permits and clauses: who transferred what, who holds which right, what was allowed.

The registry's queries and the scenario reader both give exactly these. Periods are half-open; null is open. ``persoon``
keys are opaque and one key space with ``BEWONING``: the pseudonym of the persoonslijst where a rechthebbende is known
in the BRP, else the key of the rechthebbende.
"""

import polars as pl

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
