"""Omzetting: a self-contained dwelling is used by more people than one household, without a permit.

Huisvestingswet 2014 article 21 lid 1 onder c, with the number of persons and the areas of the ordinance. That people
are unrelated is never assumed: only what is established makes a signal.
"""

import polars as pl

from rules.facts import CaseKind, fact
from rules.inspectiegeldigheid import GELDIG_MAANDEN, inspectie_geldig
from rules.parameters import PREFIX, param
from rules.rule import Rule, Step, Uitkomst, needed, remark

_P = "omzetting."
VERORDENING, GEBIEDEN = _P + "verordening", _P + "gebieden"
AANTAL, ELDERS = _P + "aantal_personen", _P + "aantal_personen_elders"

_NO, _YES, _UNKNOWN = pl.lit(value=False), pl.lit(value=True), pl.lit(None, dtype=pl.Boolean)
_INSIDE = (param(GEBIEDEN).str.split(", ").list.set_intersection(fact("gebieden")).list.len() > 0) | pl.when(
    fact("gebieden_bekend")
).then(_NO).otherwise(_UNKNOWN)
_DREMPEL = (
    pl.when(_INSIDE)
    .then(param(AANTAL))
    .when(~_INSIDE)
    .then(param(ELDERS))
    .when(param(AANTAL) == param(ELDERS))
    .then(param(AANTAL))
)
_GETELD = (fact("geteld") & inspectie_geldig()).fill_null(value=False)
_COUNTED = pl.when(_GETELD).then(fact("inspectie_personen")).otherwise(0)
_MOST = pl.max_horizontal(fact("bewoners_max"), _COUNTED)
_LEAST = pl.max_horizontal(fact("bewoners_min"), _COUNTED)
# One person is always one household, whatever the ordinance says.
_ENOUGH = (
    pl.when((_LEAST >= _DREMPEL) & (_LEAST > 1))
    .then(_YES)
    .when((fact("bewoners_max").is_not_null()) & ((_MOST < _DREMPEL) | (_MOST <= 1)))
    .then(_NO)
)
_MAYBE = (_LEAST < _DREMPEL) & (_MOST >= _DREMPEL)
_HUISHOUDENS = pl.when((fact("huishoudens_herkomst") == "vaststelling") | _GETELD).then(fact("huishoudens"))
_SEVERAL = (
    pl.when(_HUISHOUDENS > 1)
    .then(_YES)
    .when(_HUISHOUDENS == 1)
    .then(_NO)
    .when(fact("bewoners_vreemd"))
    .then(_YES)
    .when(fact("bewoners_verbonden") & (fact("bewoners_max") == _MOST))
    .then(_NO)
)

_ARTICLE = "artikel 21 lid 1 onder c Huisvestingswet 2014"
STEPS = (
    Step(
        name="zelfstandige_woning",
        question="Is het een zelfstandige woning?",
        source=_ARTICLE + ": van zelfstandige in onzelfstandige woonruimte",
        met=fact("woonfunctie") & (fact("objecttype") == "verblijfsobject"),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
    ),
    Step(
        name="verordening",
        question="Geldt op de peildatum een verordening met een vergunningplicht?",
        source="artikel 4 en 21 Huisvestingswet 2014",
        met=param(VERORDENING),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={
            VERORDENING: param(VERORDENING).is_null() & fact("gemeente").is_not_null(),
            "gemeente": fact("gemeente").is_null(),
        },
        shows=("gemeente",),
    ),
    Step(
        name="gebied",
        question="Geldt de vergunningplicht op deze plek?",
        source="artikel 21 Huisvestingswet 2014: woonruimte die de verordening aanwijst",
        met=_INSIDE | param(ELDERS).is_not_null(),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"gebieden": ~fact("gebieden_bekend"), GEBIEDEN: param(GEBIEDEN).is_null()},
        relevant={"gebieden_bekend": _NO},
    ),
    Step(
        name="drempel",
        question="Wonen er zoveel personen dat een vergunning nodig kan zijn?",
        source=_ARTICLE + " en de verordening: vanaf een aantal personen",
        met=_ENOUGH,
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={
            "bewoners": fact("bewoners_min").is_null(),
            AANTAL: _DREMPEL.is_null() & fact("bewoners_min").is_not_null(),
            "mogelijke_bewoners": _MAYBE
            & (fact("bewoners_max") - fact("bewoners_min") > fact("bewoners_tegenstrijdig")),
            "tegenstrijdige_inschrijving": _MAYBE & (fact("bewoners_tegenstrijdig") > 0),
        },
        relevant={
            "peildatum": _NO,
            "gebieden": _NO,
            "gebieden_bekend": _NO,
            "geteld": _NO,
            PREFIX + GEBIEDEN: _NO,
            "inspectie_datum": fact("geteld"),
            "inspectie_personen": fact("geteld"),
            "bewoners_max": fact("bewoners_max") != fact("bewoners_min"),
            PREFIX + AANTAL: _INSIDE,
            PREFIX + ELDERS: ~_INSIDE,
            PREFIX + GELDIG_MAANDEN: fact("geteld"),
        },
    ),
    Step(
        name="meer_huishoudens",
        question="Is vastgesteld dat zij niet samen een huishouden vormen?",
        source="artikel 1 Huisvestingswet 2014: huishouden",
        met=_SEVERAL,
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={"huishouden": _SEVERAL.is_null()},
        relevant={
            "peildatum": _NO,
            "geteld": _NO,
            "inspectie_datum": fact("geteld"),
            "inspectie_personen": fact("geteld"),
            "bewoners_max": _NO,
            PREFIX + GELDIG_MAANDEN: fact("geteld"),
            "huishoudens": fact("huishoudens").is_not_null(),
        },
    ),
    Step(
        name="geen_vergunning",
        question="Ontbreekt een omzettingsvergunning?",
        source="artikel 21 en 24 Huisvestingswet 2014",
        met=~fact("omzetting_vergund"),
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={"vergunningen": fact("omzetting_vergund").is_null()},
    ),
)

NEEDED = {
    "woonfunctie": "het gebruiksdoel in de BAG",
    "objecttype": "de soort van het object in de BAG",
    VERORDENING: "of in deze gemeente een verordening geldt (wetsbestand)",
    "gemeente": "de gemeente waarin de woning ligt",
    "gebieden": "de gebieden waarin de woning ligt",
    GEBIEDEN: "welke gebieden de verordening aanwijst (wetsbestand)",
    "bewoners": "de inschrijvingen (BRP)",
    AANTAL: "vanaf hoeveel personen de verordening een vergunning vraagt (wetsbestand)",
    "mogelijke_bewoners": "of de mogelijke bewoners er wonen (onvolledige datum of adresonderzoek)",
    "tegenstrijdige_inschrijving": "waar bewoners wonen die op twee adressen tegelijk ingeschreven staan",
    "huishouden": "of de bewoners samen een huishouden vormen (vaststelling of inspectie)",
    "vergunningen": "de vergunningen (nooit ingelezen)",
}
_SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL
NOTES = (
    remark("Ongehuwd samenwonenden zijn in de BRP niet te zien: vraag na of er een huishouden is.",
           pl.col("beslissend") == "meer_huishoudens"),
    remark("Inspecties zijn niet ingelezen: alleen de inschrijvingen zijn getoetst.", fact("geteld").is_null()),
)  # fmt: skip

OMZETTING = Rule(
    id="omzetting",
    version=1,
    title="Omzetting",
    label="kamerbewoning zonder vergunning vermoed",
    case=CaseKind.VERBLIJFSOBJECT,
    steps=STEPS,
    parameters=dict.fromkeys((VERORDENING, GEBIEDEN, AANTAL, ELDERS, GELDIG_MAANDEN), "peildatum"),
    results={
        "grond": pl.when(_SIGNAAL).then(
            pl.when(fact("bewoners_min").fill_null(0) < _COUNTED)
            .then(pl.lit("inspectie"))
            .otherwise(pl.lit("registratie"))
        ),
        "personen_min": _LEAST,
        "personen_max": _MOST,
        "drempel": _DREMPEL.cast(pl.Int64),
        "huishoudens_vastgesteld": _HUISHOUDENS,
    },
    sentence=pl.when(_SIGNAAL)
    .then(
        pl.format(
            "{} personen die vastgesteld geen huishouden vormen; vanaf {} is een vergunning nodig, en die ontbreekt.",
            pl.col("personen_min"),
            pl.col("drempel"),
        )
    )
    .when(pl.col("uitkomst") == Uitkomst.ONBEKEND)
    .then(pl.format("Niet te bepalen. Nodig is: {}.", needed(NEEDED))),
    needed=NEEDED,
    notes=NOTES,
)
