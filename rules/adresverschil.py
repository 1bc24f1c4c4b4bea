"""Adresverschil: an inspector counted more or fewer people than are registered.

A lead for research into the address (terugmelding), never a breach: the registration may lag, or people may live
elsewhere than they are registered.
"""

import polars as pl

from rules.derivations.vaststellingen import OBJECT
from rules.facts import CaseKind, RecordFrames, fact
from rules.inspectiegeldigheid import GELDIG_MAANDEN, inspectie_geldig, inspectie_tot
from rules.rule import Rule, Step, Uitkomst, needed

_COUNT = fact("inspectie_personen")
_LESS = fact("inspectiedag_min") > _COUNT
_MORE = fact("inspectiedag_max") < _COUNT
_SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL

STEPS = (
    Step(
        name="telling",
        question="Zijn bij een inspectie personen geteld, en geldt die telling nog?",
        source="artikel 33 Huisvestingswet 2014 (toezicht)",
        met=fact("geteld") & inspectie_geldig(),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"inspecties": fact("geteld").is_null()},
        shows=("inspectie",),
        relevant={"peildatum": pl.lit(value=False), "geteld": pl.lit(value=False)},
    ),
    Step(
        name="verschil",
        question="Ligt het getelde aantal buiten het aantal ingeschrevenen op de dag van de inspectie?",
        source="artikel 2.34 Wet BRP (terugmelding)",
        met=_LESS | _MORE,
        on_no=Uitkomst.GEEN_SIGNAAL,
        # Without a count the first step already names what is missing.
        unknown={"bewoners": fact("geteld") & fact("inspectiedag_min").is_null()},
    ),
)

NEEDED = {
    "inspecties": "de inspecties (nooit ingelezen)",
    "bewoners": "de inschrijvingen (BRP)",
}


def periods(stored: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """From the day of the count until it no longer holds."""
    del frames  # a count has its own dates
    return stored.filter(_SIGNAAL).select(OBJECT, periode_van=fact("inspectie_datum"), periode_tot=inspectie_tot())


_REGISTERED = (
    pl.when(pl.col("personen_min") == pl.col("personen_max"))
    .then(pl.col("personen_min").cast(pl.String))
    .otherwise(pl.format("{} tot en met {}", pl.col("personen_min"), pl.col("personen_max")))
)

ADRESVERSCHIL = Rule(
    id="adresverschil",
    version=1,
    title="Adresverschil",
    label="aanleiding voor adresonderzoek",
    case=CaseKind.VERBLIJFSOBJECT,
    steps=STEPS,
    parameters={GELDIG_MAANDEN: "peildatum"},
    results={
        "grond": pl.when(_SIGNAAL).then(pl.lit("inspectie")),
        "personen_min": fact("inspectiedag_min"),
        "personen_max": fact("inspectiedag_max"),
        "geteld_aantal": _COUNT,
        "verschil": pl.when(_SIGNAAL & _MORE)
        .then(_COUNT - fact("inspectiedag_max"))
        .when(_SIGNAAL & _LESS)
        .then(_COUNT - fact("inspectiedag_min")),
        "urgentie": pl.lit(None, dtype=pl.String),
    },
    periods=periods,
    sentence=pl.when(_SIGNAAL)
    .then(
        pl.format(
            "Op {} geteld: {}; ingeschreven: {}. Aanleiding voor adresonderzoek.",
            fact("inspectie_datum").dt.strftime("%d-%m-%Y"),
            pl.col("geteld_aantal"),
            _REGISTERED,
        )
    )
    .when(pl.col("uitkomst") == Uitkomst.ONBEKEND)
    .then(pl.format("Niet te bepalen. Nodig is: {}.", needed(NEEDED))),
    needed=NEEDED,
    lead=True,
)
