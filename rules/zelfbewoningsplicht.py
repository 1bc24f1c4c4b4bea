"""Zelfbewoningsplicht: the buyer of a dwelling promised in the deed to live there himself.

Private law: the clause of the individual deed decides, never an ordinance. What comes out is a suspicion that the
clause is not kept, which only the other party to the deed can act upon.
"""

from datetime import date

import polars as pl

from rules.facts import CaseKind, fact
from rules.parameters import PREFIX, param
from rules.rule import Rule, Step, Uitkomst, needed, remark

_P = "zelfbewoningsplicht."
INSCHRIJFTERMIJN, OUD_BEDING = _P + "inschrijftermijn_dagen", _P + "oud_beding_jaren"

_NO, _YES, _UNKNOWN = pl.lit(value=False), pl.lit(value=True), pl.lit(None, dtype=pl.Boolean)
_START, _DAY = fact("aanvang_dag"), fact("peildatum")
_ENDLESS = fact("maanden").is_null()
_BARRED_SALE = (~fact("doorverkoop_toegestaan")).fill_null(value=False)
_BARRED_LETTING = (~fact("gedeeltelijke_verhuur_toegestaan")).fill_null(value=False)


def einde_beding() -> pl.Expr:
    """The first day on which the clause no longer binds; null when it names no term."""
    return _START.dt.offset_by(pl.format("{}mo", fact("maanden")))


_TERM_DAYS = pl.coalesce(fact("inschrijftermijn_dagen").cast(pl.Float64), param(INSCHRIJFTERMIJN))
_WITHIN_REGISTRATION = (_DAY - _START).dt.total_days() <= _TERM_DAYS
_RUNS = _ENDLESS | (einde_beding() > _DAY)
# A resale within the term stays what it was after the term.
_SOLD_WITHIN = fact("doorverkocht") & (_ENDLESS | (fact("doorverkocht_op") < einde_beding()))
_RESALE = _SOLD_WITHIN & _BARRED_SALE
_GONE = fact("doorverkocht") | fact("anders_over")
_CONTRADICTED = fact("inschrijving_tegenstrijdig").fill_null(value=False)
_ABSENT = ~fact("debiteur_woont")
_LETS = (
    pl.when(fact("overigen_max") == 0)
    .then(_NO)
    .when((fact("overigen_min") > 0) & fact("anderen_vreemd"))
    .then(_YES)
    .when(fact("anderen_verwant"))
    .then(_NO)
)
_PARTIAL = fact("debiteur_woont") & _BARRED_LETTING & _LETS
# Of a debtor who transferred the dwelling only the terms about resale and passing on the clause still count.
_CHAIN = (fact("kettingbeding_tot") > fact("doorverkocht_op")) & ~fact("beding_doorgegeven")
_CHAIN_OPEN = (fact("doorverkocht") & _CHAIN).fill_null(value=False)
_BROKEN = (
    pl.when(_RESALE.fill_null(value=False))
    .then(_YES)
    .when(_GONE)
    .then(pl.when(_CHAIN_OPEN).then(_UNKNOWN).otherwise(_NO))
    .when(~_GONE)
    .then(_ABSENT | _PARTIAL)
    .otherwise(pl.when(~_ABSENT & ~_PARTIAL & ~_BARRED_SALE).then(_NO))
)

_SOURCE = "artikel 3:296 Burgerlijk Wetboek (nakoming); het beding in de akte"
STEPS = (
    Step(
        name="zelfbewoning",
        question="Is dit een beding dat de koper er zelf moet wonen?",
        source=_SOURCE,
        met=fact("beding_soort") == "zelfbewoning",
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
    ),
    Step(
        name="begonnen",
        question="Is de termijn van het beding begonnen?",
        source=_SOURCE + ": aanvang",
        met=_START <= _DAY,
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"aanvang": _START.is_null()},
        shows=("aanvang",),
    ),
    Step(
        name="termijn",
        question="Loopt het beding nog, of is de woning binnen de termijn doorverkocht?",
        source=_SOURCE + ": duur",
        met=_RUNS | _RESALE,
        on_no=Uitkomst.GEEN_SIGNAAL,
        review=_ENDLESS
        & (fact("akte").dt.offset_by(pl.format("{}y", param(OUD_BEDING).cast(pl.Int64))) <= _DAY).fill_null(
            value=False
        ),
        unknown={
            "aanvang": _START.is_null(),
            "overdrachten": _START.is_not_null() & fact("doorverkocht").is_null(),
        },
        relevant={PREFIX + OUD_BEDING: _ENDLESS, "akte": _ENDLESS, "doorverkocht_op": fact("doorverkocht")},
    ),
    Step(
        name="geen_ontheffing",
        question="Geldt er geen ontheffing?",
        source=_SOURCE + ": ontheffing",
        met=~fact("ontheffing"),
        on_no=Uitkomst.GEEN_SIGNAAL,
        shows=("ontheffing_reden",),
    ),
    Step(
        name="inschrijftermijn",
        question="Is de termijn om zich in te schrijven voorbij, of woont de koper er al?",
        source=_SOURCE + ": termijn om de woning te betrekken",
        met=~_WITHIN_REGISTRATION | (fact("debiteur_woont") | _GONE).fill_null(value=False),
        on_no=Uitkomst.NIET_VAN_TOEPASSING,
        unknown={"aanvang": _START.is_null()},
        relevant={
            PREFIX + INSCHRIJFTERMIJN: fact("inschrijftermijn_dagen").is_null(),
            "doorverkocht": _GONE,
            "anders_over": _GONE,
        },
    ),
    Step(
        name="niet_nagekomen",
        question="Wijzen de inschrijvingen of een doorverkoop erop dat het beding niet is nagekomen?",
        source=_SOURCE + ": zelf bewonen; doorverkoop en gedeeltelijke verhuur alleen als het beding die verbiedt",
        met=_BROKEN,
        on_no=Uitkomst.GEEN_SIGNAAL,
        unknown={
            "overdrachten": _GONE.is_null(),
            "debiteur": ~fact("debiteur_bekend"),
            "bewoners": fact("overigen_min").is_null() & ~_GONE.fill_null(value=False),
            "mogelijke_bewoners": ~_GONE.fill_null(value=False)
            & fact("overigen_min").is_not_null()
            & fact("debiteur_bekend")
            & fact("debiteur_woont").is_null()
            & ~_CONTRADICTED,
            "tegenstrijdige_inschrijving": ~_GONE.fill_null(value=False)
            & _CONTRADICTED
            & (fact("debiteur_woont").is_null() | (_BARRED_LETTING & _LETS.is_null())),
            "relaties": ~_GONE.fill_null(value=False)
            & _BARRED_LETTING
            & _LETS.is_null()
            & fact("overigen_max").is_not_null(),
            "kettingbeding": _CHAIN_OPEN,
        },
        relevant={
            "kettingbeding_tot": fact("doorverkocht"),
            "beding_doorgegeven": fact("doorverkocht"),
            "doorverkocht_op": fact("doorverkocht"),
            "anderen_verwant": _BARRED_LETTING,
            "anderen_vreemd": _BARRED_LETTING,
        },
    ),
)

NEEDED = {
    "aanvang": "de dag waarop de termijn van het beding begon",
    "beding_soort": "wat het beding verlangt",
    "overdrachten": "of de woning is overgedragen (BRK)",
    "debiteur": "wie zich aan het beding heeft verbonden",
    "bewoners": "de inschrijvingen (BRP)",
    "mogelijke_bewoners": "of de koper er woont (onvolledige datum of adresonderzoek)",
    "tegenstrijdige_inschrijving": "waar bewoners wonen die op twee adressen tegelijk ingeschreven staan",
    "relaties": "of de andere bewoners bij het huishouden van de koper horen",
    "kettingbeding": "of het beding aan de nieuwe eigenaar is doorgegeven",
}
_SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL
_GROND = (
    pl.when(_RESALE.fill_null(value=False))
    .then(pl.lit("doorverkoop"))
    .when(fact("debiteur_woont"))
    .then(pl.lit("gedeeltelijke_verhuur"))
    .when(fact("overigen_min") > 0)
    .then(pl.lit("andere_bewoners"))
    .otherwise(pl.lit("niet_bewoond"))
)
_TOLD = {
    "doorverkoop": "De woning is binnen de termijn doorverkocht, wat het beding verbiedt.",
    "gedeeltelijke_verhuur": "De koper woont er met anderen buiten het huishouden; het beding verbiedt dat.",
    "andere_bewoners": "De koper staat er niet ingeschreven; anderen wel.",
    "niet_bewoond": "Er staat niemand ingeschreven; mogelijk wordt er verbouwd.",
}
NOTES = (
    remark("Een beding is privaatrecht: alleen de wederpartij kan nakoming vragen, niet de toezichthouder.", _SIGNAAL),
    pl.when(fact("aaneengesloten") & (fact("dagen_niet_bewoond") > 0)).then(
        pl.format(
            "Het beding vraagt onafgebroken bewoning; op {} dagen stond de koper er niet ingeschreven.",
            fact("dagen_niet_bewoond"),
        )
    ),
    remark("Het beding zegt niets over doorverkoop; doorverkoop is daarom niet verboden.",
           fact("doorverkocht") & fact("doorverkoop_toegestaan").is_null()),
    remark("Het beding noemt geen einde; een oud beding zonder einde is mogelijk niet meer af te dwingen "
           "(ECLI:NL:RBARN:2007:BB2035).", _ENDLESS),
)  # fmt: skip


def order(peildatum: pl.Expr) -> pl.Expr:
    """Sorts the clauses of a dwelling: those about residence, in force on the peildatum, then by their start."""
    begin, end = pl.col("aanvang_dag"), pl.col("tot")
    own = (pl.col("beding_soort") == "zelfbewoning").fill_null(value=False)
    begun = (begin <= peildatum).fill_null(value=False)
    runs = begun & (end.is_null() | (end > peildatum))
    return pl.struct(own=own, runs=runs, begun=begun, begin=pl.coalesce(begin, pl.lit(date.min)))


ZELFBEWONINGSPLICHT = Rule(
    id="zelfbewoningsplicht",
    version=1,
    title="Zelfbewoningsplicht",
    label="beding mogelijk niet nagekomen",
    case=CaseKind.BEDING,
    steps=STEPS,
    parameters={INSCHRIJFTERMIJN: "peildatum", OUD_BEDING: "peildatum"},
    results={
        "tot": einde_beding(),
        "grond": pl.when(_SIGNAAL).then(_GROND),
        "aanvang_dag": _START,
        "beding_soort": fact("beding_soort"),
        "personen_min": fact("overigen_min"),
        "personen_max": fact("overigen_max"),
        "dagen_niet_bewoond": fact("dagen_niet_bewoond"),
    },
    sentence=pl.when(_SIGNAAL)
    .then(pl.col("grond").replace(_TOLD))
    .when(pl.col("uitkomst") == Uitkomst.ONBEKEND)
    .then(pl.format("Niet te bepalen. Nodig is: {}.", needed(NEEDED)))
    .when(pl.col("uitkomst") == Uitkomst.JURIDISCH_TOETSEN)
    .then(pl.lit("De feiten zijn bekend, maar het recht is hier niet duidelijk.")),
    needed=NEEDED,
    notes=NOTES,
    vague="aanvang",
    order=order,
)
