"""Opkoopbescherming: a protected dwelling is given in use within four years after its transfer, without a permit.

Huisvestingswet 2014, chapter 7 (article 41), with the ordinance, areas and limits of the day on which the deed was
inscribed. What comes out is a suspicion of letting without a permit, never a breach.
"""

from datetime import date

import polars as pl

from rules.facts import CaseKind, fact
from rules.inspectiegeldigheid import GELDIG_MAANDEN, inspectie_geldig
from rules.opkoopbescherming_periods import periods
from rules.parameters import PREFIX, param
from rules.possible_days import ANSWER
from rules.rule import Rule, Step, Uitkomst, needed, remark

_P = "opkoopbescherming."
VERORDENING, VERORDENING_NU = _P + "verordening", _P + "verordening_peildatum"
HOOFDSTUK_7, SINDS, OVERGANGSRECHT = _P + "hoofdstuk_7", _P + "sinds", _P + "overgangsrecht"
TERMIJN, GEBIEDEN = _P + "termijn_jaren", _P + "gebieden"
GRENS_MIN, GRENS_MAX, OPERATOR = _P + "grens_min", _P + "grens_max", _P + "grens_operator"
BESTAAND_WET, BESTAAND = _P + "bestaand_alleen_wet", _P + "bestaand_alleen"
EIGEN_BEWONING, EXTRA_GRONDEN = _P + "eigen_bewoning_maanden", _P + "extra_gronden"
BESLISTERMIJN, VERLENGD = _P + "beslistermijn_dagen", _P + "verlengde_beslistermijn_dagen"

_NO, _UNKNOWN = pl.lit(value=False), pl.lit(None, dtype=pl.Boolean)
_DAY = fact("inschrijving_dag")
_P_DAY = fact("peildatum")


def einde_termijn() -> pl.Expr:
    """The day on which the term ends: the same day of a later year (29 February becomes 28 February)."""
    return _DAY.dt.offset_by(pl.format("{}y", param(TERMIJN).cast(pl.Int64)))


def _in_area() -> pl.Expr:
    inside = param(GEBIEDEN).str.split(", ").list.set_intersection(fact("gebieden")).list.len() > 0
    return inside | pl.when(fact("gebieden_bekend")).then(_NO).otherwise(_UNKNOWN)


# Without a known operator a value on the limit itself is in neither.
_UPTO = (param(OPERATOR) == "<=").fill_null(value=False)
_BELOW = (param(OPERATOR) == "<").fill_null(value=False)
_PRICE_IN = (fact("woz_hoog") < param(GRENS_MIN)) | ((fact("woz_hoog") == param(GRENS_MIN)) & _UPTO)
_PRICE_OUT = (fact("woz_laag") > param(GRENS_MAX)) | ((fact("woz_laag") == param(GRENS_MAX)) & _BELOW)
_PRICE_KNOWN = (fact("woz_laag") == fact("woz_hoog")) & param(GRENS_MIN).is_not_null()
_PRICE_DOUBT = (_PRICE_KNOWN & ~_PRICE_IN & ~_PRICE_OUT).fill_null(value=False)

_EARLIER_SALE = (fact("koopovereenkomst") < param(SINDS)).fill_null(value=False)
_FREED = _EARLIER_SALE & param(OVERGANGSRECHT).fill_null(value=False)

_SEEN = (
    fact("geteld") & inspectie_geldig() & (fact("inspectie_personen") > 0) & (fact("inspectie_datum") >= _DAY)
).fill_null(value=False)
_SOMEONE = fact("eigenaar_woont") | (fact("anderen_min") > 0) | _SEEN
_EMPTY = ~fact("eigenaar_woont") & (fact("anderen_max") == 0) & ~_SEEN
_OWNER_KNOWN = pl.when(fact("eigendom_tegenstrijdig")).then(_UNKNOWN).otherwise(~fact("eigenaar_woont"))

_WAITED = (_P_DAY - fact("aanvraag_op")).dt.total_days()
_EXTENDED = (fact("aanvraag_verlengd_op") - fact("aanvraag_op")).dt.total_days() <= param(BESLISTERMIJN)
_LATE = pl.when(_EXTENDED.fill_null(value=False)).then(param(VERLENGD)).otherwise(param(BESLISTERMIJN)) < _WAITED

_ORDER = "artikel 41 lid 1 Huisvestingswet 2014"
STEPS = (
    Step(
        name="ingeschreven",
        question="Is de akte op of voor de peildatum ingeschreven?",
        source=_ORDER,
        met=_DAY <= _P_DAY,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"inschrijving": _DAY.is_null()},
        shows=("inschrijving",),
    ),
    Step(
        name="levering",
        question="Is de woning geleverd aan een nieuwe eigenaar?",
        source=_ORDER + ": akte van levering; een verdeling vraagt een beoordeling",
        met=fact("aard").is_in(["levering", "verdeling"]),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=(fact("aard") == "verdeling").fill_null(value=False),
    ),
    Step(
        name="verordening",
        question="Gold op de dag van inschrijving een verordening met opkoopbescherming?",
        source="artikel 40 lid 1 en artikel 41 lid 2 onder c Huisvestingswet 2014",
        met=param(VERORDENING) & param(HOOFDSTUK_7) & ~_FREED,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=_EARLIER_SALE & ~_FREED,
        unknown={_P + "verordening": param(VERORDENING).is_null(), "gemeente": fact("gemeente").is_null()},
        relevant={PREFIX + OVERGANGSRECHT: _EARLIER_SALE},
    ),
    Step(
        name="termijn",
        question="Loopt de termijn na de inschrijving nog, en geldt het verbod nog?",
        source=_ORDER,
        met=einde_termijn() >= _P_DAY,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=(einde_termijn() == _P_DAY) | ~param(VERORDENING_NU),
        unknown={
            "inschrijving": _DAY.is_null(),
            _P + "verordening": param(VERORDENING_NU).is_null() & fact("gemeente").is_not_null(),
            "gemeente": fact("gemeente").is_null(),
        },
    ),
    Step(
        name="niet_doorgeleverd",
        question="Is dit de laatste levering van de woning?",
        source=_ORDER + ": een nieuwe levering begint een nieuwe termijn",
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
        source=_ORDER + ": een gebied dat de verordening aanwijst",
        met=_in_area(),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"gebieden": ~fact("gebieden_bekend"), GEBIEDEN: param(GEBIEDEN).is_null()},
        relevant={"gebieden_bekend": _NO},
    ),
    Step(
        name="waarde",
        question="Valt de WOZ-waarde op de dag van inschrijving onder de grens van die dag?",
        source="artikel 41 lid 2 onder a Huisvestingswet 2014: goedkope en middeldure koopwoningen",
        met=pl.when(_PRICE_IN)
        .then(pl.lit(value=True))
        .when(_PRICE_OUT)
        .then(_NO)
        .when(_PRICE_DOUBT)
        .then(pl.lit(value=True)),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        review=_PRICE_DOUBT,
        unknown={
            "tegenstrijdige_woz": fact("woz_tegenstrijdig").fill_null(value=False),
            "woz_waarde": ~fact("woz_tegenstrijdig").fill_null(value=False)
            & (fact("woz_laag").is_null() | fact("woz_hoog").is_null() | (fact("woz_laag") != fact("woz_hoog"))),
            _P + "grens": param(GRENS_MIN).is_null(),
        },
        shows=("woz_waardepeildatum",),
        relevant={"woz_laag": fact("woz_laag") != fact("woz_hoog"), "woz_tegenstrijdig": _NO},
    ),
    Step(
        name="bestaande_woning",
        question="Was de woning al bewoond voor de inschrijving, of geldt het verbod ook voor nieuwbouw?",
        source=_ORDER + ": bestaande woonruimte (sinds 2024; daarvoor beslist de verordening)",
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
        source=_ORDER + ": in gebruik geven; leegstand valt hier buiten",
        met=pl.when(_SOMEONE.fill_null(value=False))
        .then(pl.lit(value=True))
        .when(_EMPTY.fill_null(value=False))
        .then(_NO),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={
            "bewoners": fact("anderen_min").is_null(),
            "mogelijke_bewoners": (fact("anderen_max") > 0)
            | (fact("eigenaar_woont").is_null() & fact("anderen_min").is_not_null()),
        },
        relevant={"geteld": _NO, "peildatum": _NO, "inschrijving_dag": _NO, PREFIX + GELDIG_MAANDEN: fact("geteld")},
    ),
    Step(
        name="eigenaar_woont_elders",
        question="Woont de eigenaar zelf ergens anders?",
        source=_ORDER + ": de eigenaar die er zelf woont, geeft de woning niet in gebruik",
        met=_OWNER_KNOWN,
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={
            "tegenstrijdige_eigendom": fact("eigendom_tegenstrijdig"),
            "bewoners": fact("anderen_min").is_null(),
            "eigenaar_woont": fact("eigenaar_woont").is_null() & fact("anderen_min").is_not_null(),
        },
        relevant={"eigendom_tegenstrijdig": fact("eigendom_tegenstrijdig")},
    ),
    Step(
        name="geen_vergunning",
        question="Ontbreekt een vergunning voor dit gebruik?",
        source="artikel 41 lid 1, 3 en 4 en artikel 43 Huisvestingswet 2014",
        met=~fact("vergunning_dekt"),
        on_no=Uitkomst.GEEN_SIGNAAL,
        review=pl.when(fact("aanvraag")).then(_LATE).otherwise(fact("aanvraag")),
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

NEEDED = {
    "inschrijving": "de dag van inschrijving van de akte",
    "aard": "de aard van de overdracht (levering, vererving, verdeling)",
    _P + "verordening": "of in deze gemeente een verordening gold (wetsbestand)",
    "gemeente": "de gemeente waarin de woning ligt",
    "volgorde_overdrachten": "of de woning daarna opnieuw is geleverd",
    "woonfunctie": "het gebruiksdoel in de BAG",
    "gebieden": "de gebieden waarin de woning ligt",
    GEBIEDEN: "welke gebieden de verordening aanwijst (wetsbestand)",
    "woz_waarde": "de WOZ-waarde op de dag van inschrijving",
    "tegenstrijdige_woz": "welke van twee WOZ-waarden voor dezelfde datums geldt",
    _P + "grens": "de WOZ-grens op de dag van inschrijving (wetsbestand)",
    "bewoond_sinds": "wanneer de woning voor het eerst is bewoond",
    BESTAAND: "of de verordening ook voor nieuwbouw gold (wetsbestand)",
    "staat_bij_overdracht": "of de woning bij de inschrijving vrij, in gebruik of verhuurd was",
    "bewoners": "de inschrijvingen (BRP)",
    "mogelijke_bewoners": "of de mogelijke bewoners er wonen (onvolledige datum of adresonderzoek)",
    "eigenaar_woont": "of de eigenaar er zelf woont",
    "tegenstrijdige_eigendom": "wie de eigenaar is: de aandelen zijn samen meer dan het geheel",
    "vergunningen": "de vergunningen (nooit ingelezen)",
    "aanvraagdatum": "de dag waarop de vergunning is aangevraagd",
}

_SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL
_LEGAL = fact("verkrijger_soort") == "rechtspersoon"
_NO_FAMILY = _LEGAL | fact("familie_uitgesloten")
_NO_RESIDENCE = _LEGAL | (fact("eigen_bewoning_maanden") == 0)
_VERGUNBAAR = (
    pl.when(fact("familie_bewezen") & ~_LEGAL.fill_null(value=False))
    .then(pl.lit("familie"))
    .when(fact("eigen_bewoning_maanden") >= param(EIGEN_BEWONING))
    .then(pl.lit("tijdelijk"))
    .when(~fact("alleen_woonfunctie"))
    .then(pl.lit("bedrijfsruimte"))
    .when(_NO_FAMILY & _NO_RESIDENCE & fact("alleen_woonfunctie") & param(EXTRA_GRONDEN).is_null())
    .then(pl.lit("nee"))
    .otherwise(pl.lit("onbekend"))
)
NOTES = (
    remark(
        "De koopovereenkomst is van voor de inwerkingtreding; zonder overgangsrecht kan weigeren in strijd zijn met de "
        "rechtszekerheid (ECLI:NL:RBROT:2024:1224).",
        _EARLIER_SALE & ~_FREED,
    ),
    remark("Tegen de WOZ-waarde loopt bezwaar of beroep.", fact("woz_bezwaar")),
    remark(
        "Van de WOZ-grens op de dag van inschrijving is alleen een bereik bekend.",
        param(GRENS_MIN) < param(GRENS_MAX),
    ),
    remark(
        "De beslistermijn is verstreken: mogelijk is de vergunning van rechtswege verleend (artikel 43 lid 5).",
        fact("aanvraag") & _LATE,
    ),
    remark(
        "Van de eerste bewoning is niets vastgesteld; de woning geldt als bestaande woonruimte.",
        fact("bestaand") & fact("bewoond_sinds").is_null() & _SIGNAAL,
    ),
    remark(
        "Er is een vergunning voor gebruik door familie; dat een bewoner familie is, is niet bewezen. Vraag dat na.",
        fact("vergunning").is_not_null() & ~fact("vergunning_dekt"),
    ),
)

_ANDEREN = (
    pl.when(fact("anderen_min") > 0)
    .then(
        pl.format(
            "{} {}",
            fact("anderen_min"),
            pl.when(fact("anderen_min") == 1).then(pl.lit("bewoner")).otherwise(pl.lit("bewoners")),
        )
    )
    .otherwise(pl.lit("door een inspecteur geteld gebruik"))
)
_SENTENCE = (
    pl.when(_SIGNAAL)
    .then(
        pl.format(
            "Geleverd op {}; nu {} en geen eigenaar ingeschreven, zonder vergunning. De termijn loopt tot {}.",
            fact("inschrijving"),
            _ANDEREN,
            pl.col("tot").dt.strftime("%d-%m-%Y").fill_null("een dag die niet vaststaat"),
        )
    )
    .when(pl.col("uitkomst") == Uitkomst.ONBEKEND)
    .then(pl.format("Niet te bepalen. Nodig is: {}.", needed(NEEDED)))
    .when(pl.col("uitkomst") == Uitkomst.JURIDISCH_TOETSEN)
    .then(pl.lit("De feiten zijn bekend, maar het recht is hier niet duidelijk."))
)

# Steps about the peildatum itself; a case that only they end may have been something before.
_OF_TODAY = {"termijn", "niet_doorgeleverd", "in_gebruik", "eigenaar_woont_elders", "geen_vergunning"}
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
    VERORDENING, HOOFDSTUK_7, SINDS, OVERGANGSRECHT, TERMIJN, GEBIEDEN, GRENS_MIN, GRENS_MAX, OPERATOR,
    BESTAAND_WET, BESTAAND, EIGEN_BEWONING, EXTRA_GRONDEN,
)  # fmt: skip
OPKOOPBESCHERMING = Rule(
    id="opkoopbescherming",
    version=1,
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
        "vergunbaar": pl.when(_SIGNAAL).then(_VERGUNBAAR),
        "grond": pl.when(_SIGNAAL).then(
            pl.when(fact("anderen_min") > 0).then(pl.lit("registratie")).otherwise(pl.lit("inspectie"))
        ),
        "personen_min": fact("anderen_min"),
        "personen_max": fact("anderen_max"),
    },
    periods=periods,
    sentence=_SENTENCE,
    needed=NEEDED,
    notes=NOTES,
    vague="inschrijving",
    order=order,
    past=_ENDED,
)
