"""Overbewoning: more residents than the floor area allows (Bouwbesluit 2012 article 7.18, now the omgevingsplan).

The norm protects health and is meant for exceptional cases; what comes out is "getalsnorm overschreden", never a
breach. The registration and a count by an inspector are separate grounds.
"""

import polars as pl

from rules.context import CONTEXT
from rules.derivations.bewoning import minimum_over_time
from rules.derivations.vaststellingen import OBJECT
from rules.facts import CaseKind, RecordFrames, fact
from rules.inspectiegeldigheid import GELDIG_MAANDEN, inspectie_geldig, inspectie_tot
from rules.parameters import PREFIX, param
from rules.rule import Rule, Step, Uitkomst, needed, remark

NORM = "overbewoning.m2_per_persoon"
NORM_WOONWAGEN = "overbewoning.m2_per_persoon_woonwagen"
COA_UITGEZONDERD = "overbewoning.coa_uitgezonderd"
COA_LIJST = "toezicht.coa_lijst_volledig"
MIDDEN_VANAF = "overbewoning.urgentie_midden_vanaf"
HOOG_VANAF = "overbewoning.urgentie_hoog_vanaf"

# Law file OB-1: with another status the record is a matter of data, not of overcrowding.
STATUSSEN = (
    "Verblijfsobject in gebruik",
    "Verblijfsobject in gebruik (niet ingemeten)",
    "Verbouwing verblijfsobject",
    "Plaats aangewezen",
)

_UNKNOWN = pl.lit(None, dtype=pl.Boolean)
_IS_WOONWAGEN = fact("soort") == "woonwagen"


def _exceeds(personen: pl.Expr, oppervlakte: pl.Expr) -> pl.Expr:
    """Exactly ``personen x norm > oppervlakte``; null only where the unknown kind, area or number matters."""
    woning = personen * param(NORM) > oppervlakte
    woonwagen = personen * param(NORM_WOONWAGEN) > oppervlakte
    # The last term settles an unknown kind when both norms agree; nobody needs an area.
    return (personen > 0) & ((_IS_WOONWAGEN & woonwagen) | (~_IS_WOONWAGEN & woning) | (woning & woonwagen))


_MIN = _exceeds(fact("bewoners_min"), fact("gebruiksoppervlakte"))
_MAX = _exceeds(fact("bewoners_max"), fact("gebruiksoppervlakte"))
_ONLY_MAX = (~_MIN & _MAX).fill_null(value=False)
_REGISTRATIE = _MIN | (_MAX & _UNKNOWN)
_GETELD = (fact("geteld") & inspectie_geldig()).fill_null(value=False)
_INSPECTIE = _GETELD & _exceeds(fact("inspectie_personen"), fact("inspectie_oppervlakte"))

# The unknown of a list that is not declared complete: what is not on it may still be one.
_COA = pl.coalesce(fact("coa_opvang"), pl.when(param(COA_LIJST)).then(pl.lit(value=False)))

_NEVER = pl.lit(value=False)
_COUNTED = fact("geteld").fill_null(value=False)

_MOGELIJK = fact("bewoners_max") - fact("bewoners_min") > fact("bewoners_tegenstrijdig")

STEPS = (
    Step(
        name="woonfunctie",
        question="Heeft het object een woonfunctie?",
        source="artikel 7.18 Bouwbesluit 2012: de norm geldt voor een woonfunctie",
        met=fact("woonfunctie"),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
    ),
    Step(
        name="status",
        question="Is het object volgens de BAG in gebruik of in verbouwing?",
        source="BAG: status; bij een andere status is eerst de registratie aan de orde",
        met=fact("status").is_in(STATUSSEN),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
    ),
    Step(
        name="geen_coa_opvang",
        question="Valt het object buiten de opvang van asielzoekers door het COA?",
        source="artikel 7.18 lid 3 Bouwbesluit 2012",
        met=~(_COA & param(COA_UITGEZONDERD)),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"coa_opvang": fact("coa_opvang").is_null()},
        relevant={PREFIX + COA_LIJST: fact("coa_opvang").is_null()},
    ),
    Step(
        name="getalsnorm",
        question="Is aantal personen × norm groter dan de gebruiksoppervlakte?",
        source="artikel 7.18 lid 1 en 2 Bouwbesluit 2012",
        met=_REGISTRATIE | _INSPECTIE,
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={
            "bewoners": fact("bewoners_min").is_null(),
            "mogelijke_bewoners": _ONLY_MAX & _MOGELIJK,
            "tegenstrijdige_inschrijving": _ONLY_MAX & (fact("bewoners_tegenstrijdig") > 0),
            "oppervlakte": fact("gebruiksoppervlakte").is_null(),
            "soort": fact("soort").is_null() & ~_ONLY_MAX,
            NORM: param(NORM).is_null(),
            NORM_WOONWAGEN: param(NORM_WOONWAGEN).is_null(),
        },
        relevant={
            "peildatum": _NEVER,
            "bewoners_max": fact("bewoners_max") != fact("bewoners_min"),
            "inspectie_datum": _COUNTED,
            "inspectie_personen": _COUNTED,
            "inspectie_oppervlakte": _COUNTED,
            "geteld": _NEVER,
            PREFIX + GELDIG_MAANDEN: _COUNTED,
            PREFIX + NORM: ~(fact("soort") == "woonwagen"),
            PREFIX + NORM_WOONWAGEN: ~(fact("soort") == "woning"),
        },
    ),
)

_SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL
_GROND = pl.when(_SIGNAAL).then(pl.when(_REGISTRATIE).then(pl.lit("registratie")).otherwise(pl.lit("inspectie")))
_BY_COUNT = pl.col("grond") == "inspectie"
# Where the kind is unknown both norms are exceeded; the one that asks least is the one to name.
_NORM = pl.when(_IS_WOONWAGEN | fact("soort").is_null()).then(param(NORM_WOONWAGEN)).otherwise(param(NORM))
_HUISHOUDENS = (
    pl.when(pl.col("personen_max") == 1)
    .then(pl.lit(1))
    .when((fact("huishoudens_herkomst") == "vaststelling") | _GETELD)
    .then(fact("huishoudens"))
)
_MEER_HUISHOUDENS = (pl.col("huishoudens_vastgesteld") > 1).fill_null(value=False)
_ZWAAR = (pl.col("overschrijding") >= param(HOOG_VANAF)) & (_MEER_HUISHOUDENS | _BY_COUNT)


NEEDED = {
    "woonfunctie": "het gebruiksdoel in de BAG",
    "status": "de status in de BAG",
    "coa_opvang": "of het COA hier asielzoekers opvangt (vaststelling, of een volledige lijst van COA-locaties)",
    "bewoners": "de inschrijvingen (BRP)",
    "mogelijke_bewoners": "of de mogelijke bewoners er wonen (onvolledige datum of adresonderzoek)",
    "tegenstrijdige_inschrijving": "waar bewoners wonen die op twee adressen tegelijk ingeschreven staan",
    "oppervlakte": "de gebruiksoppervlakte (in de BAG onbekend); een meting beslist",
    "soort": "of op de standplaats een woonwagen staat (vaststelling)",
    NORM: "de norm in het wetsbestand",
    NORM_WOONWAGEN: "de norm voor woonwagens in het wetsbestand",
}
NOTES = (
    remark("Inspecties zijn niet ingelezen: alleen de inschrijvingen zijn getoetst.", fact("geteld").is_null()),
    pl.when(_SIGNAAL & pl.col("huishoudens_vastgesteld").is_not_null()).then(
        pl.format("Vastgesteld aantal huishoudens: {}.", pl.col("huishoudens_vastgesteld"))
    ),
    remark(
        "Of de bewoners één huishouden vormen is niet vastgesteld; de urgentie gaat daar niet van uit.",
        _SIGNAAL & pl.col("huishoudens_vastgesteld").is_null(),
    ),
    remark(
        "De bewoners vormen vastgesteld één huishouden; daarvoor is de norm niet in de eerste plaats bedoeld.",
        _SIGNAAL & (pl.col("huishoudens_vastgesteld") == 1) & (pl.col("personen_max") > 1),
    ),
    remark(
        "De woning is kleiner dan de norm voor één persoon: controleer eerst de oppervlakte.",
        _SIGNAAL & (pl.col("oppervlakte") < pl.col("norm")),
    ),
    pl.when(_SIGNAAL & _GETELD & ~_BY_COUNT).then(
        pl.format(
            "Bij de inspectie van {} zijn {} personen geteld.",
            fact("inspectie_datum").dt.strftime("%d-%m-%Y"),
            fact("inspectie_personen"),
        )
    ),
    remark("De oppervlakte is in de BAG in onderzoek.", fact("oppervlakte_in_onderzoek")),
    pl.when(fact("bewoners_in_onderzoek") > 0).then(
        pl.format("Bewoners met een adres in onderzoek: {}.", fact("bewoners_in_onderzoek"))
    ),
    pl.when(_SIGNAAL).then(
        pl.format(
            "Urgentie {}: midden vanaf {} personen boven de getalsnorm; hoog vanaf {} als er meer dan één huishouden "
            "is vastgesteld of een inspecteur telde; laag bij één vastgesteld huishouden.",
            pl.col("urgentie"),
            param(MIDDEN_VANAF).cast(pl.Int64),
            param(HOOG_VANAF).cast(pl.Int64),
        )
    ),
)


def periods(stored: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """When the state of each signal held: the stretch of days around the peildatum with too many certain residents.

    For the ground ``inspectie`` it runs from the count until that count no longer holds.
    """
    signals = stored.filter(_SIGNAAL)
    counted = signals.filter(_BY_COUNT).select(OBJECT, periode_van=fact("inspectie_datum"), periode_tot=inspectie_tot())
    registered = signals.filter(~_BY_COUNT).select(OBJECT, "norm", "oppervlakte", "peildatum")
    segments = minimum_over_time(frames.bewoning, registered.get_column(OBJECT)).join(registered, on=OBJECT)
    exceeds = pl.col("bewoners_min") * pl.col("norm") > pl.col("oppervlakte")
    stretches = (
        segments.with_columns(boven=exceeds)
        .with_columns(stuk=pl.col("boven").rle_id().over(OBJECT))
        .filter("boven")
        .group_by(OBJECT, "stuk", maintain_order=True)
        .agg(pl.col("van").first(), pl.col("tot").last(), pl.col("peildatum").first())
        .filter(
            pl.col("van").is_null() | (pl.col("van") <= pl.col("peildatum")),
            pl.col("tot").is_null() | (pl.col("tot") > pl.col("peildatum")),
        )
        .select(OBJECT, periode_van="van", periode_tot="tot")
    )
    return pl.concat([counted, stretches])


_PERSONEN = pl.col("personen_min").cast(pl.String)


def _m2(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.replace(r"\.0$", "").str.replace(".", ",", literal=True)


_SENTENCE = (
    pl.when(_SIGNAAL)
    .then(
        pl.format(
            "{} {} × {} m2 = {} m2, meer dan de {} m2 gebruiksoppervlakte: {} {} boven de getalsnorm.",
            _PERSONEN,
            pl.when(_BY_COUNT)
            .then(pl.lit("bij inspectie getelde personen"))
            .otherwise(pl.when(pl.col("personen_min") == 1).then(pl.lit("bewoner")).otherwise(pl.lit("bewoners"))),
            _m2("norm"),
            (pl.col("personen_min") * pl.col("norm")).cast(pl.String).str.replace(r"\.0$", ""),
            _m2("oppervlakte"),
            pl.col("overschrijding"),
            pl.when(pl.col("overschrijding") == 1).then(pl.lit("persoon")).otherwise(pl.lit("personen")),
        )
    )
    .when(pl.col("uitkomst") == Uitkomst.ONBEKEND)
    .then(pl.format("Niet te bepalen. Nodig is: {}.", needed(NEEDED)))
)

OVERBEWONING = Rule(
    id="overbewoning",
    version=1,
    title="Overbewoning",
    label="getalsnorm overschreden",
    case=CaseKind.VERBLIJFSOBJECT,
    steps=STEPS,
    parameters=dict.fromkeys(
        (NORM, NORM_WOONWAGEN, COA_UITGEZONDERD, COA_LIJST, MIDDEN_VANAF, HOOG_VANAF, GELDIG_MAANDEN), "peildatum"
    ),
    results={
        "grond": _GROND,
        "personen_min": pl.when(_BY_COUNT).then(fact("inspectie_personen")).otherwise(fact("bewoners_min")),
        "personen_max": pl.when(_BY_COUNT).then(fact("inspectie_personen")).otherwise(fact("bewoners_max")),
        "oppervlakte": pl.when(_BY_COUNT).then(fact("inspectie_oppervlakte")).otherwise(fact("gebruiksoppervlakte")),
        "norm": _NORM,
        "overschrijding": pl.when(_SIGNAAL).then(
            pl.col("personen_min") - (pl.col("oppervlakte") / pl.col("norm")).floor().cast(pl.Int64)
        ),
        "huishoudens_vastgesteld": _HUISHOUDENS,
        "urgentie": pl.when(_SIGNAAL).then(
            pl.when(pl.col("huishoudens_vastgesteld") == 1)
            .then(pl.lit("laag"))
            .when(_ZWAAR)
            .then(pl.lit("hoog"))
            .when(pl.col("overschrijding") >= param(MIDDEN_VANAF))
            .then(pl.lit("midden"))
            .otherwise(pl.lit("laag"))
        ),
    },
    periods=periods,
    sentence=_SENTENCE,
    needed=NEEDED,
    notes=NOTES,
    context=CONTEXT,
)
