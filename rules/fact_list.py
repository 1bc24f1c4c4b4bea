"""Every fact column: its type, unit, meaning in Dutch and where it comes from, per kind of case."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact column: its type, unit, meaning in Dutch and where it comes from.

    ``bronnen`` are the deliveries without which the fact is unknown; ``herkomst`` names the fact column that tells
    which source gave the value, where more than one can.
    """

    dtype: pl.DataType
    meaning: str
    source: str
    unit: str | None = None
    bronnen: frozenset[str] = frozenset()
    herkomst: str | None = None


def _fact(
    dtype: pl.DataType,
    meaning: str,
    source: str,
    *,
    unit: str | None = None,
    bronnen: tuple[str, ...] = (),
    herkomst: str | None = None,
) -> Fact:
    return Fact(dtype, meaning, source, unit, frozenset(bronnen), herkomst)


DWELLING_FACTS: dict[str, Fact] = {
    "gemeente": _fact(pl.String(), "gemeente waarin het object ligt", "BAG, gemeente-woonplaatsrelatie"),
    "peildatum": _fact(pl.Date(), "peildatum", "vraag"),
    "objecttype": _fact(pl.String(), "soort adresseerbaar object", "BAG", bronnen=("bag",)),
    "status": _fact(pl.String(), "status in de BAG", "BAG: status", bronnen=("bag",)),
    "woonfunctie": _fact(pl.Boolean(), "woonfunctie", "BAG: gebruiksdoel", bronnen=("bag",)),
    "soort": _fact(
        pl.String(), "woning of woonwagen", "BAG, vaststelling", bronnen=("bag",), herkomst="soort_herkomst"
    ),
    "soort_herkomst": _fact(pl.String(), "herkomst van de soort", "BAG, vaststelling"),
    "gebruiksoppervlakte": _fact(
        pl.Float64(),
        "gebruiksoppervlakte",
        "vaststelling, anders BAG, anders inspectie",
        unit="m2",
        herkomst="gebruiksoppervlakte_herkomst",
    ),
    "gebruiksoppervlakte_herkomst": _fact(pl.String(), "herkomst van de oppervlakte", "BAG, vaststelling, inspectie"),
    "oppervlakte_in_onderzoek": _fact(pl.Boolean(), "oppervlakte in onderzoek", "BAG: in onderzoek", bronnen=("bag",)),
    "coa_opvang": _fact(pl.Boolean(), "opvang van asielzoekers door het COA", "vaststelling of lijst van COA-locaties"),
    "bewoners_min": _fact(pl.Int64(), "zekere bewoners", "BRP", unit="personen", bronnen=("brp",)),
    "bewoners_max": _fact(pl.Int64(), "zekere en mogelijke bewoners", "BRP", unit="personen", bronnen=("brp",)),
    "bewoners_tegenstrijdig": _fact(
        pl.Int64(), "bewoners die ook elders zeker ingeschreven staan", "BRP", unit="personen", bronnen=("brp",)
    ),
    "bewoners_in_onderzoek": _fact(
        pl.Int64(), "bewoners met een adres in onderzoek", "BRP", unit="personen", bronnen=("brp",)
    ),
    "geteld": _fact(pl.Boolean(), "personen geteld bij een inspectie", "inspectie", bronnen=("inspecties",)),
    "inspectie": _fact(pl.String(), "inspectie", "inspectie", bronnen=("inspecties",)),
    "inspectie_datum": _fact(pl.Date(), "datum van de laatste telling", "inspectie", bronnen=("inspecties",)),
    "inspectie_personen": _fact(pl.Int64(), "getelde personen", "inspectie", unit="personen", bronnen=("inspecties",)),
    "inspectie_oppervlakte": _fact(
        pl.Float64(), "oppervlakte bij de telling", "inspectie, anders als oppervlakte", unit="m2"
    ),
    "inspectiedag_min": _fact(
        pl.Int64(), "zekere bewoners op de dag van de telling", "BRP", unit="personen", bronnen=("brp", "inspecties")
    ),
    "inspectiedag_max": _fact(
        pl.Int64(),
        "zekere en mogelijke bewoners op de dag van de telling",
        "BRP",
        unit="personen",
        bronnen=("brp", "inspecties"),
    ),
    "huishoudens": _fact(
        pl.Int64(),
        "vastgestelde huishoudens",
        "vaststelling, anders de laatste telling",
        unit="huishoudens",
        herkomst="huishoudens_herkomst",
    ),
    "gebieden": _fact(pl.List(pl.String()), "gebieden waarin de woning ligt", "gebiedsindeling", bronnen=("gebieden",)),
    "gebieden_bekend": _fact(pl.Boolean(), "de gebiedsindeling is ingelezen", "gebiedsindeling"),
    "bewoners_verbonden": _fact(pl.Boolean(), "bewezen relaties verbinden alle bewoners", "BRP", bronnen=("brp",)),
    "bewoners_vreemd": _fact(
        pl.Boolean(), "vastgesteld dat tussen bewoners geen relatie bestaat", "vaststelling", bronnen=("brp",)
    ),
    "omzetting_vergund": _fact(
        pl.Boolean(), "omzettingsvergunning op de peildatum", "vergunningen", bronnen=("vergunningen",)
    ),
    "leeg_sinds": _fact(pl.Date(), "dag waarop de laatste bewoner vertrok", "BRP", bronnen=("brp",)),
    "huishoudens_herkomst": _fact(pl.String(), "herkomst van de huishoudens", "vaststelling, inspectie"),
}


def complete(table: pl.DataFrame, facts: Mapping[str, Fact], *keys: str) -> pl.DataFrame:
    """The keys and facts of a table, in order; a fact that nothing gave is null."""
    return table.select(
        *keys,
        *(
            pl.col(name) if name in table.columns else pl.lit(None, dtype=declared.dtype).alias(name)
            for name, declared in facts.items()
        ),
    )


_BRK, _BRP, _WOZ = ("brk",), ("brp",), ("woz",)
TRANSFER_FACTS: dict[str, Fact] = {
    "gemeente": DWELLING_FACTS["gemeente"],
    "peildatum": DWELLING_FACTS["peildatum"],
    "woonfunctie": DWELLING_FACTS["woonfunctie"],
    "inschrijving": _fact(pl.String(), "inschrijving van de akte, zoals bekend", "BRK", bronnen=_BRK),
    "inschrijving_dag": _fact(pl.Date(), "dag van inschrijving van de akte", "BRK", bronnen=_BRK),
    "inschrijving_eerste": _fact(pl.Date(), "eerst mogelijke dag van inschrijving", "BRK", bronnen=_BRK),
    "inschrijving_laatste": _fact(pl.Date(), "laatst mogelijke dag van inschrijving", "BRK", bronnen=_BRK),
    "aard": _fact(pl.String(), "aard van de overdracht", "BRK: akte", bronnen=_BRK),
    "koopovereenkomst": _fact(pl.Date(), "datum van de koopovereenkomst", "akte, vaststelling", bronnen=_BRK),
    "opgevolgd": _fact(pl.Boolean(), "daarna opnieuw geleverd", "BRK", bronnen=_BRK),
    "opgevolgd_op": _fact(pl.Date(), "dag van de volgende levering", "BRK", bronnen=_BRK),
    "gebieden": DWELLING_FACTS["gebieden"],
    "gebieden_bekend": DWELLING_FACTS["gebieden_bekend"],
    "alleen_woonfunctie": _fact(
        pl.Boolean(), "geen ander gebruiksdoel dan wonen", "BAG: gebruiksdoel", bronnen=("bag",)
    ),
    "woz_laag": _fact(pl.Float64(), "WOZ-waarde op die dag (ten minste)", "WOZ", unit="euro", bronnen=_WOZ),
    "woz_hoog": _fact(pl.Float64(), "WOZ-waarde op die dag (ten hoogste)", "WOZ", unit="euro", bronnen=_WOZ),
    "woz_waardepeildatum": _fact(pl.Date(), "waardepeildatum", "WOZ", bronnen=_WOZ),
    "woz_bezwaar": _fact(pl.Boolean(), "tegen de WOZ-waarde loopt bezwaar", "WOZ", bronnen=_WOZ),
    "woz_tegenstrijdig": _fact(pl.Boolean(), "twee WOZ-waarden voor dezelfde datums", "WOZ", bronnen=_WOZ),
    "bestaand": _fact(pl.Boolean(), "al bewoond voor de inschrijving", "vaststelling, anders aangenomen"),
    "bewoond_sinds": _fact(pl.Date(), "eerste bewoning", "vaststelling"),
    "staat_bij_overdracht": _fact(
        pl.String(),
        "staat van de woning op de dag van inschrijving",
        "vaststelling, anders akte, anders BRP",
        herkomst="staat_herkomst",
    ),
    "staat_herkomst": _fact(pl.String(), "herkomst van de staat", "vaststelling, akte, BRP"),
    "eigenaar_woont": _fact(pl.Boolean(), "een eigenaar woont er zelf", "BRP, BRK", bronnen=_BRP),
    "anderen_min": _fact(pl.Int64(), "zekere bewoners die geen eigenaar zijn", "BRP", unit="personen", bronnen=_BRP),
    "anderen_max": _fact(
        pl.Int64(), "zekere en mogelijke bewoners die geen eigenaar zijn", "BRP", unit="personen", bronnen=_BRP
    ),
    "inschrijving_tegenstrijdig": _fact(
        pl.Boolean(), "een bewoner staat ook elders zeker ingeschreven", "BRP", bronnen=_BRP
    ),
    "eigendom_tegenstrijdig": _fact(
        pl.Boolean(), "de aandelen in de eigendom zijn samen meer dan het geheel", "BRK", bronnen=_BRK
    ),
    "verkrijger_soort": _fact(pl.String(), "natuurlijk persoon of rechtspersoon", "BRK, BRP", bronnen=_BRK),
    "familie_bewezen": _fact(
        pl.Boolean(),
        "een bewoner is familie van een eigenaar (eerste of tweede graad)",
        "BRP, vaststelling",
        bronnen=_BRP,
    ),
    "familie_uitgesloten": _fact(
        pl.Boolean(), "vastgesteld: geen bewoner is familie van een eigenaar", "vaststelling", bronnen=_BRP
    ),
    "eigen_bewoning_maanden": _fact(
        pl.Int64(), "zolang woonde een verkrijger er na de inschrijving", "BRP", unit="maanden", bronnen=_BRP
    ),
    "vergunning": _fact(pl.String(), "vergunning", "vergunningen", bronnen=("vergunningen",)),
    "vergunning_grond": _fact(pl.String(), "grond van de vergunning", "vergunningen", bronnen=("vergunningen",)),
    "vergunning_dekt": _fact(
        pl.Boolean(), "een geldige vergunning dekt dit gebruik", "vergunningen", bronnen=("vergunningen",)
    ),
    "aanvraag": _fact(pl.Boolean(), "een aanvraag wacht op besluit", "vergunningen", bronnen=("vergunningen",)),
    "aanvraag_op": _fact(pl.Date(), "dag van de aanvraag", "vergunningen", bronnen=("vergunningen",)),
    "aanvraag_verlengd_op": _fact(
        pl.Date(), "dag waarop de beslistermijn is verlengd", "vergunningen", bronnen=("vergunningen",)
    ),
    "geteld": DWELLING_FACTS["geteld"],
    "inspectie_datum": DWELLING_FACTS["inspectie_datum"],
    "inspectie_personen": DWELLING_FACTS["inspectie_personen"],
}

_DEED = ("bedingen",)
CLAUSE_FACTS: dict[str, Fact] = {
    "gemeente": DWELLING_FACTS["gemeente"],
    "peildatum": DWELLING_FACTS["peildatum"],
    "beding_soort": _fact(pl.String(), "soort beding", "akte", bronnen=_DEED),
    "debiteur_bekend": _fact(pl.Boolean(), "bekend is wie zich heeft verbonden", "akte", bronnen=_DEED),
    "akte": _fact(pl.Date(), "datum van de akte", "akte", bronnen=_DEED),
    "aanvang": _fact(pl.String(), "gebeurtenis waarmee de termijn begint", "akte", bronnen=_DEED),
    "aanvang_dag": _fact(pl.Date(), "dag waarop de termijn begint", "akte, anders BRK of BRP", bronnen=_DEED),
    "maanden": _fact(pl.Int64(), "duur", "akte", unit="maanden", bronnen=_DEED),
    "aaneengesloten": _fact(pl.Boolean(), "onafgebroken", "akte", bronnen=_DEED),
    "doorverkoop_toegestaan": _fact(pl.Boolean(), "doorverkoop toegestaan", "akte", bronnen=_DEED),
    "gedeeltelijke_verhuur_toegestaan": _fact(pl.Boolean(), "gedeeltelijke verhuur toegestaan", "akte", bronnen=_DEED),
    "kettingbeding_tot": _fact(pl.Date(), "doorgeven aan een koper verplicht tot", "akte", bronnen=_DEED),
    "inschrijftermijn_dagen": _fact(pl.Int64(), "termijn om zich in te schrijven", "akte", unit="dagen", bronnen=_DEED),
    "ontheffing": _fact(pl.Boolean(), "ontheffing op de peildatum", "akte, ontheffing", bronnen=_DEED),
    "ontheffing_reden": _fact(pl.String(), "reden van de ontheffing", "ontheffing", bronnen=_DEED),
    "debiteur_woont": _fact(pl.Boolean(), "de koper woont er", "BRP", bronnen=_BRP),
    "overigen_min": _fact(pl.Int64(), "zekere andere bewoners", "BRP", unit="personen", bronnen=_BRP),
    "overigen_max": _fact(pl.Int64(), "zekere en mogelijke andere bewoners", "BRP", unit="personen", bronnen=_BRP),
    "inschrijving_tegenstrijdig": TRANSFER_FACTS["inschrijving_tegenstrijdig"],
    "anderen_verwant": _fact(
        pl.Boolean(), "alle anderen horen bewezen bij het huishouden van de koper", "BRP, vaststelling", bronnen=_BRP
    ),
    "anderen_vreemd": _fact(
        pl.Boolean(), "vastgesteld: een ander hoort niet bij het huishouden van de koper", "vaststelling", bronnen=_BRP
    ),
    "dagen_niet_bewoond": _fact(
        pl.Int64(), "dagen binnen de termijn waarop de koper er niet stond", "BRP", unit="dagen", bronnen=_BRP
    ),
    "doorverkocht": _fact(pl.Boolean(), "de koper heeft de woning geleverd aan een ander", "BRK", bronnen=_BRK),
    "doorverkocht_op": _fact(pl.Date(), "dag van die levering", "BRK", bronnen=_BRK),
    "anders_over": _fact(pl.Boolean(), "overgegaan door vererving of verdeling", "BRK", bronnen=_BRK),
    "beding_doorgegeven": _fact(pl.Boolean(), "van de nieuwe eigenaar is een beding bekend", "akte", bronnen=_DEED),
}
