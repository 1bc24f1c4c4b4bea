"""Leads: states that ask for a look at the registration or at the dwelling. None of them is a breach."""

import polars as pl

from rules.facts import CaseKind, fact
from rules.inspectiegeldigheid import GELDIG_MAANDEN, inspectie_geldig
from rules.overbewoning import STATUSSEN
from rules.parameters import PREFIX, param
from rules.rule import Rule, Step, Uitkomst, needed

LEEGSTAND_MAANDEN = "leegstand.maanden"
INGETROKKEN = (
    "Verblijfsobject ingetrokken",
    "Niet gerealiseerd verblijfsobject",
    "Verblijfsobject ten onrechte opgevoerd",
    "Plaats ingetrokken",
)

_NO, _YES = pl.lit(value=False), pl.lit(value=True)
_LABEL = "aanleiding voor onderzoek"
_SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL
_SOMEONE = pl.when(fact("bewoners_min") > 0).then(_YES).when(fact("bewoners_max") == 0).then(_NO)
_RESIDENTS = {
    "bewoners": fact("bewoners_min").is_null(),
    "mogelijke_bewoners": (fact("bewoners_max") > 0) & (fact("bewoners_min") == 0),
}
_NEEDED = {
    "woonfunctie": "het gebruiksdoel in de BAG",
    "status": "de status in de BAG",
    "bewoners": "de inschrijvingen (BRP)",
    "mogelijke_bewoners": "of de mogelijke bewoners er wonen (onvolledige datum of adresonderzoek)",
    "leeg_sinds": "sinds wanneer er niemand ingeschreven staat",
    "coa_opvang": "of het COA hier asielzoekers opvangt (vaststelling, of een volledige lijst van COA-locaties)",
}
_COUNTS = {"personen_min": fact("bewoners_min"), "personen_max": fact("bewoners_max")}


_INGESCHREVEN = Step(
    name="ingeschreven",
    question="Staat er iemand ingeschreven?",
    source="artikel 2.34 Wet BRP (terugmelding)",
    met=_SOMEONE,
    on_no=Uitkomst.GEEN_SIGNAAL,
    unknown=_RESIDENTS,
)


def _sentence(said: pl.Expr) -> pl.Expr:
    unknown = pl.format("Niet te bepalen. Nodig is: {}.", needed(_NEEDED))
    return pl.when(_SIGNAAL).then(said).when(pl.col("uitkomst") == Uitkomst.ONBEKEND).then(unknown)


ZONDER_WOONFUNCTIE = Rule(
    id="bewoning_zonder_woonfunctie",
    version=1,
    title="Bewoning zonder woonfunctie",
    label=_LABEL,
    case=CaseKind.VERBLIJFSOBJECT,
    steps=(
        Step(
            name="geen_woonfunctie",
            question="Ontbreekt de woonfunctie in de BAG?",
            source="BAG: gebruiksdoel; het omgevingsplan bepaalt of wonen er mag",
            met=~fact("woonfunctie"),
            on_no=Uitkomst.NIET_VAN_TOEPASSING,
        ),
        Step(
            name="geen_coa_opvang",
            question="Valt het object buiten de opvang van asielzoekers door het COA?",
            source="Wet COA",
            met=~fact("coa_opvang").fill_null(value=False),
            on_no=Uitkomst.NIET_VAN_TOEPASSING,
        ),
        _INGESCHREVEN,
    ),
    parameters={},
    results=_COUNTS,
    sentence=_sentence(pl.format("Ingeschreven: {}; het object heeft geen woonfunctie.", pl.col("personen_min"))),
    needed=_NEEDED,
    lead=True,
)

OP_INGETROKKEN_OBJECT = Rule(
    id="bewoning_op_ingetrokken_object",
    version=1,
    title="Inschrijving op een ingetrokken object",
    label=_LABEL,
    case=CaseKind.VERBLIJFSOBJECT,
    steps=(
        Step(
            name="ingetrokken",
            question="Is het object in de BAG ingetrokken, niet gerealiseerd of ten onrechte opgevoerd?",
            source="BAG: status",
            met=fact("status").is_in(INGETROKKEN),
            on_no=Uitkomst.NIET_VAN_TOEPASSING,
        ),
        _INGESCHREVEN,
    ),
    parameters={},
    results=_COUNTS,
    sentence=_sentence(pl.format("Ingeschreven: {}; status in de BAG: {}.", pl.col("personen_min"), fact("status"))),
    needed=_NEEDED,
    lead=True,
)

_GETELD = (fact("geteld") & inspectie_geldig() & (fact("inspectie_personen") > 0)).fill_null(value=False)
_LONG = fact("leeg_sinds").dt.offset_by(pl.format("{}mo", param(LEEGSTAND_MAANDEN).cast(pl.Int64))) < fact("peildatum")
LANGDURIGE_LEEGSTAND = Rule(
    id="langdurige_leegstand",
    version=1,
    title="Langdurige leegstand",
    label=_LABEL,
    case=CaseKind.VERBLIJFSOBJECT,
    steps=(
        Step(
            name="woonfunctie",
            question="Heeft het object een woonfunctie?",
            source="artikel 1 Leegstandwet",
            met=fact("woonfunctie"),
            on_no=Uitkomst.NIET_VAN_TOEPASSING,
        ),
        Step(
            name="in_gebruik",
            question="Is het object volgens de BAG in gebruik of in verbouwing?",
            source="BAG: status",
            met=fact("status").is_in(STATUSSEN),
            on_no=Uitkomst.NIET_VAN_TOEPASSING,
        ),
        Step(
            name="onbewoond",
            question="Staat er niemand ingeschreven, en telde geen inspecteur bewoners?",
            source="artikel 3 Leegstandwet",
            met=pl.when(_GETELD).then(_NO).otherwise(~_SOMEONE),
            on_no=Uitkomst.GEEN_SIGNAAL,
            unknown=_RESIDENTS,
            relevant={"geteld": _NO, "peildatum": _NO, "inspectie_datum": fact("geteld"),
                      "inspectie_personen": fact("geteld"), PREFIX + GELDIG_MAANDEN: fact("geteld")},
        ),
        Step(
            name="langdurig",
            question="Duurt dat langer dan de termijn?",
            source="artikel 3 Leegstandwet; de termijn is van de leegstandverordening",
            met=_LONG,
            on_no=Uitkomst.GEEN_SIGNAAL,
            unknown={"leeg_sinds": fact("leeg_sinds").is_null()},
        ),
    ),
    parameters={LEEGSTAND_MAANDEN: "peildatum", GELDIG_MAANDEN: "peildatum"},
    results={"leeg_sinds": fact("leeg_sinds")},
    sentence=_sentence(pl.format("Niemand ingeschreven sinds {}.", fact("leeg_sinds").dt.strftime("%d-%m-%Y"))),
    needed=_NEEDED,
    lead=True,
)  # fmt: skip
