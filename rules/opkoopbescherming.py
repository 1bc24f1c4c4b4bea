"""Opkoopbescherming: a protected dwelling is given in use within four years after its transfer, without a permit.

Huisvestingswet 2014, chapter 7 (article 41), with the ordinance, areas and limits of the day on which the deed was
inscribed. What comes out is a suspicion of letting without a permit, never a breach.
"""

from datetime import date

import polars as pl

from rules.facts import CaseKind, fact
from rules.inspectiegeldigheid import GELDIG_MAANDEN
from rules.opkoopbescherming_conditions import (
    BESLISTERMIJN,
    BESTAAND,
    BESTAAND_WET,
    CONTRADICTED,
    DAY,
    EARLIER_SALE,
    EIGEN_BEWONING,
    EMPTY,
    EXTRA_GRONDEN,
    FREED,
    GEBIEDEN,
    GRENS_GEBIED,
    GRENS_MAX,
    GRENS_MIN,
    HOOFDSTUK_7,
    LATE,
    LIMIT_MIN,
    NAME,
    NO,
    OPERATOR,
    OVERGANGSRECHT,
    OWNER_ELSEWHERE,
    PEILDATUM,
    PRICE_DOUBT,
    PRICE_IN,
    PRICE_OUT,
    SIGNAAL,
    SINDS,
    SOMEONE,
    TERMIJN,
    VERGUNBAAR,
    VERLENGD,
    VERORDENING,
    VERORDENING_NU,
    einde_termijn,
    in_area,
)
from rules.opkoopbescherming_periods import periods
from rules.opkoopbescherming_texts import NEEDED, NOTES, SENTENCE
from rules.parameters import PREFIX, param
from rules.possible_days import ANSWER
from rules.rule import Rule, Step, Uitkomst

ARTICLE = "artikel 41 lid 1 Huisvestingswet 2014"
STEPS = (
    Step(
        name="ingeschreven",
        question="Is de akte op of voor de peildatum ingeschreven?",
        source=ARTICLE,
        met=DAY <= PEILDATUM,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"inschrijving": DAY.is_null()},
        shows=("inschrijving",),
        relevant={"inschrijving": DAY.is_null()},
    ),
    Step(
        name="levering",
        question="Is de woning geleverd aan een nieuwe eigenaar?",
        source=ARTICLE + ": akte van levering; een verdeling vraagt een beoordeling",
        met=fact("aard").is_in(["levering", "verdeling"]),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=(fact("aard") == "verdeling").fill_null(value=False),
    ),
    Step(
        name="verordening",
        question="Gold op de dag van inschrijving een verordening met opkoopbescherming?",
        source="artikel 40 lid 1 en artikel 41 lid 2 onder c Huisvestingswet 2014",
        met=param(VERORDENING) & param(HOOFDSTUK_7) & ~FREED,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=EARLIER_SALE & ~FREED,
        unknown={NAME + "verordening": param(VERORDENING).is_null(), "gemeente": fact("gemeente").is_null()},
        relevant={PREFIX + OVERGANGSRECHT: EARLIER_SALE},
    ),
    Step(
        name="termijn",
        question="Loopt de termijn na de inschrijving nog, en geldt het verbod nog?",
        source=ARTICLE,
        met=einde_termijn() >= PEILDATUM,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=(einde_termijn() == PEILDATUM) | ~param(VERORDENING_NU),
        unknown={
            "inschrijving": DAY.is_null(),
            NAME + "verordening": param(VERORDENING_NU).is_null() & fact("gemeente").is_not_null(),
            "gemeente": fact("gemeente").is_null(),
        },
    ),
    Step(
        name="niet_doorgeleverd",
        question="Is dit de laatste levering van de woning?",
        source=ARTICLE + ": een nieuwe levering begint een nieuwe termijn",
        met=~fact("opgevolgd"),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"volgorde_overdrachten": fact("opgevolgd").is_null()},
        shows=("opgevolgd_op",),
    ),
    Step(
        name="woonfunctie",
        question="Is het een woning?",
        source="artikel 1 Huisvestingswet 2014: woonruimte",
        met=fact("woonfunctie"),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
    ),
    Step(
        name="gebied",
        question="Ligt de woning in een aangewezen gebied?",
        source=ARTICLE + ": een gebied dat de verordening aanwijst",
        met=in_area(),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"gebieden": ~fact("gebieden_bekend"), GEBIEDEN: param(GEBIEDEN).is_null()},
        relevant={"gebieden_bekend": NO},
    ),
    Step(
        name="waarde",
        question="Valt de WOZ-waarde op de dag van inschrijving onder de grens van die dag?",
        source="artikel 41 lid 2 onder a Huisvestingswet 2014: goedkope en middeldure koopwoningen",
        met=pl.when(PRICE_IN)
        .then(pl.lit(value=True))
        .when(PRICE_OUT)
        .then(NO)
        .when(PRICE_DOUBT)
        .then(pl.lit(value=True)),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=PRICE_DOUBT,
        unknown={
            "tegenstrijdige_woz": fact("woz_tegenstrijdig").fill_null(value=False),
            "woz_waarde": ~fact("woz_tegenstrijdig").fill_null(value=False)
            & (fact("woz_laag").is_null() | fact("woz_hoog").is_null() | (fact("woz_laag") != fact("woz_hoog"))),
            NAME + "grens": LIMIT_MIN.is_null(),
        },
        shows=("woz_waardepeildatum",),
        relevant={
            "woz_laag": fact("woz_laag") != fact("woz_hoog"),
            "woz_tegenstrijdig": NO,
            "gebieden": param(GRENS_GEBIED).is_not_null(),
            "gebieden_bekend": NO,
            # A limit known exactly is said once.
            PREFIX + GRENS_MAX: param(GRENS_MAX) != param(GRENS_MIN),
        },
    ),
    Step(
        name="bestaande_woning",
        question="Was de woning al bewoond voor de inschrijving, of geldt het verbod ook voor nieuwbouw?",
        source=ARTICLE + ": bestaande woonruimte (sinds 2024; daarvoor beslist de verordening)",
        met=fact("bestaand") | ~(param(BESTAAND_WET) | param(BESTAAND)),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={
            "bewoond_sinds": fact("bestaand").is_null(),
            BESTAAND: (~fact("bestaand")).fill_null(value=False) & param(BESTAAND).is_null(),
        },
        shows=("bewoond_sinds",),
        relevant={PREFIX + BESTAAND_WET: ~fact("bestaand"), PREFIX + BESTAAND: ~fact("bestaand")},
    ),
    Step(
        name="staat_bij_overdracht",
        question="Was de woning toen vrij, korter dan zes maanden in gebruik, of met vergunning verhuurd?",
        source="artikel 41 lid 2 onder b Huisvestingswet 2014",
        met=fact("staat_bij_overdracht").is_in(["vrij", "gebruikt_korter_dan_6_maanden", "verhuurd_met_vergunning"]),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
    ),
    Step(
        name="in_gebruik",
        question="Is de woning in gebruik?",
        source=ARTICLE + ": in gebruik geven; leegstand valt hier buiten",
        met=pl.when(SOMEONE.fill_null(value=False))
        .then(pl.lit(value=True))
        .when(EMPTY.fill_null(value=False))
        .then(NO),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={
            "bewoners": fact("anderen_min").is_null(),
            "mogelijke_bewoners": fact("anderen_min").is_not_null() & ~CONTRADICTED,
            "tegenstrijdige_inschrijving": CONTRADICTED,
        },
        relevant={"geteld": NO, "peildatum": NO, "inschrijving_dag": NO, PREFIX + GELDIG_MAANDEN: fact("geteld")},
    ),
    Step(
        name="eigenaar_woont_elders",
        question="Woont de eigenaar zelf ergens anders?",
        source=ARTICLE + ": de eigenaar die er zelf woont, geeft de woning niet in gebruik",
        met=OWNER_ELSEWHERE,
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={
            "tegenstrijdige_eigendom": fact("eigendom_tegenstrijdig"),
            "bewoners": fact("anderen_min").is_null(),
            "eigenaar_woont": fact("eigenaar_woont").is_null() & fact("anderen_min").is_not_null() & ~CONTRADICTED,
            "tegenstrijdige_inschrijving": fact("eigenaar_woont").is_null() & CONTRADICTED,
        },
        relevant={"eigendom_tegenstrijdig": fact("eigendom_tegenstrijdig")},
    ),
    Step(
        name="geen_vergunning",
        question="Ontbreekt een vergunning voor dit gebruik?",
        source="artikel 41 lid 1, 3 en 4 en artikel 43 Huisvestingswet 2014",
        met=~fact("vergunning_dekt"),
        on_no=Uitkomst.GEEN_SIGNAAL,
        review=pl.when(fact("aanvraag")).then(LATE).otherwise(fact("aanvraag")),
        unknown={
            "vergunningen": fact("vergunning_dekt").is_null(),
            "aanvraagdatum": fact("aanvraag") & fact("aanvraag_op").is_null(),
        },
        shows=("vergunning", "vergunning_grond"),
        relevant={
            "peildatum": fact("aanvraag"),
            PREFIX + BESLISTERMIJN: fact("aanvraag"),
            PREFIX + VERLENGD: fact("aanvraag"),
        },
    ),
)

_OF_TODAY = frozenset({"termijn", "niet_doorgeleverd", "in_gebruik", "eigenaar_woont_elders", "geen_vergunning"})
_ENDED = pl.col("beslissend").is_in(["termijn", "niet_doorgeleverd"]) & pl.all_horizontal(
    pl.col(ANSWER + step.name).fill_null(value=False) for step in STEPS if step.name not in _OF_TODAY
)


def order(peildatum: pl.Expr) -> pl.Expr:
    """Sorts the transfers of a dwelling: those surely inscribed on the peildatum by day, after those that may be."""
    first, last = pl.col("inschrijving_eerste"), pl.col("inschrijving_laatste")
    begun = (first <= peildatum) | first.is_null()
    sure = (last <= peildatum).fill_null(value=False)
    return pl.when(begun).then(
        pl.struct(sure=sure, last=pl.coalesce(last, pl.lit(date.min)), first=pl.coalesce(first, pl.lit(date.min)))
    )


_BY_DAY = (
    VERORDENING, HOOFDSTUK_7, SINDS, OVERGANGSRECHT, TERMIJN, GEBIEDEN, GRENS_MIN, GRENS_MAX, OPERATOR, GRENS_GEBIED,
    BESTAAND_WET, BESTAAND, EIGEN_BEWONING, EXTRA_GRONDEN,
)  # fmt: skip
OPKOOPBESCHERMING = Rule(
    id="opkoopbescherming",
    version=2,
    title="Opkoopbescherming",
    label="verhuur zonder vergunning vermoed",
    case=CaseKind.OVERDRACHT,
    steps=STEPS,
    parameters=dict.fromkeys(_BY_DAY, "inschrijving_dag")
    | dict.fromkeys((VERORDENING_NU, BESLISTERMIJN, VERLENGD, GELDIG_MAANDEN), "peildatum"),
    results={
        "tot": einde_termijn(),
        "inschrijving_eerste": fact("inschrijving_eerste"),
        "inschrijving_laatste": fact("inschrijving_laatste"),
        "vergunbaar": pl.when(SIGNAAL).then(VERGUNBAAR),
        "grond": pl.when(SIGNAAL).then(
            pl.when(fact("anderen_min") > 0).then(pl.lit("registratie")).otherwise(pl.lit("inspectie"))
        ),
        "personen_min": fact("anderen_min"),
        "personen_max": fact("anderen_max"),
    },
    periods=periods,
    sentence=SENTENCE,
    needed=NEEDED,
    notes=NOTES,
    vague="inschrijving",
    order=order,
    past=_ENDED,
    today=_OF_TODAY,
)
