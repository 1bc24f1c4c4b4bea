"""The conditions of opkoopbescherming: names of parameters, and expressions over facts and parameters."""

import polars as pl

from rules.facts import fact
from rules.inspectiegeldigheid import inspectie_geldig
from rules.parameters import param
from rules.rule import Uitkomst

NAME = "opkoopbescherming."
VERORDENING, VERORDENING_NU = NAME + "verordening", NAME + "verordening_peildatum"
HOOFDSTUK_7, SINDS, OVERGANGSRECHT = NAME + "hoofdstuk_7", NAME + "sinds", NAME + "overgangsrecht"
TERMIJN, GEBIEDEN = NAME + "termijn_jaren", NAME + "gebieden"
GRENS_MIN, GRENS_MAX, OPERATOR = NAME + "grens_min", NAME + "grens_max", NAME + "grens_operator"
GRENS_GEBIED = NAME + "grens_gebied"
BESTAAND_WET, BESTAAND = NAME + "bestaand_alleen_wet", NAME + "bestaand_alleen"
EIGEN_BEWONING, EXTRA_GRONDEN = NAME + "eigen_bewoning_maanden", NAME + "extra_gronden"
BESLISTERMIJN, VERLENGD = NAME + "beslistermijn_dagen", NAME + "verlengde_beslistermijn_dagen"

NO, UNKNOWN = pl.lit(value=False), pl.lit(None, dtype=pl.Boolean)
DAY = fact("inschrijving_dag")
PEILDATUM = fact("peildatum")


def einde_termijn() -> pl.Expr:
    """The day on which the term ends: the same day of a later year (29 February becomes 28 February)."""
    return DAY.dt.offset_by(pl.format("{}y", param(TERMIJN).cast(pl.Int64)))


def in_area() -> pl.Expr:
    """Whether the dwelling lies in a designated area; unknown where areas were never imported."""
    inside = param(GEBIEDEN).str.split(", ").list.set_intersection(fact("gebieden")).list.len() > 0
    return inside | pl.when(fact("gebieden_bekend")).then(NO).otherwise(UNKNOWN)


def _in_its_area(pattern: str) -> pl.Expr:
    """A part of the limit of the area in which the dwelling lies, where limits differ per area."""
    return param(GRENS_GEBIED).str.extract(pl.format(pattern, _AREAS.list.first()))


# A dwelling in two areas with each its own limit, or in areas that are not known, has no known limit.
_AREAS = (
    param(GRENS_GEBIED)
    .str.split("; ")
    .list.eval(pl.element().str.split(": ").list.first())
    .list.set_intersection(fact("gebieden"))
)
_PER_AREA = param(GRENS_GEBIED).is_not_null()
_HAS_AREA, _ONE_LIMIT = _AREAS.list.len() > 0, fact("gebieden_bekend") & (_AREAS.list.len() <= 1)


def _limit(pattern: str, elsewhere: str, dtype: pl.DataType) -> pl.Expr:
    own = pl.when(_HAS_AREA).then(_in_its_area(pattern).cast(dtype)).otherwise(param(elsewhere))
    return pl.when(~_PER_AREA).then(param(elsewhere)).when(_ONE_LIMIT).then(own)


LIMIT_MIN = _limit(r"{}: (\d+)", GRENS_MIN, pl.Float64())
LIMIT_MAX = _limit(r"{}: (?:\d+ tot )?(\d+)", GRENS_MAX, pl.Float64())
_LIMIT_OPERATOR = _limit(r"{}: [\d tot]+\((<=?)\)", OPERATOR, pl.String())

# Without a known operator a value on the limit itself is in neither.
_UPTO = (_LIMIT_OPERATOR == "<=").fill_null(value=False)
_BELOW = (_LIMIT_OPERATOR == "<").fill_null(value=False)
PRICE_IN = (fact("woz_hoog") < LIMIT_MIN) | ((fact("woz_hoog") == LIMIT_MIN) & _UPTO)
PRICE_OUT = (fact("woz_laag") > LIMIT_MAX) | ((fact("woz_laag") == LIMIT_MAX) & _BELOW)
_PRICE_KNOWN = (fact("woz_laag") == fact("woz_hoog")) & LIMIT_MIN.is_not_null()
PRICE_DOUBT = (_PRICE_KNOWN & ~PRICE_IN & ~PRICE_OUT).fill_null(value=False)

EARLIER_SALE = (fact("koopovereenkomst") < param(SINDS)).fill_null(value=False)
FREED = EARLIER_SALE & param(OVERGANGSRECHT).fill_null(value=False)

_SEEN = (
    fact("geteld") & inspectie_geldig() & (fact("inspectie_personen") > 0) & (fact("inspectie_datum") >= DAY)
).fill_null(value=False)
SOMEONE = fact("eigenaar_woont") | (fact("anderen_min") > 0) | _SEEN
EMPTY = ~fact("eigenaar_woont") & (fact("anderen_max") == 0) & ~_SEEN
OWNER_ELSEWHERE = pl.when(fact("eigendom_tegenstrijdig")).then(UNKNOWN).otherwise(~fact("eigenaar_woont"))

_WAITED = (PEILDATUM - fact("aanvraag_op")).dt.total_days()
CONTRADICTED = fact("inschrijving_tegenstrijdig").fill_null(value=False)

_EXTENDED = (fact("aanvraag_verlengd_op") - fact("aanvraag_op")).dt.total_days() <= param(BESLISTERMIJN)
LATE = pl.when(_EXTENDED.fill_null(value=False)).then(param(VERLENGD)).otherwise(param(BESLISTERMIJN)) < _WAITED

SIGNAAL = pl.col("uitkomst") == Uitkomst.SIGNAAL
_LEGAL = fact("verkrijger_soort") == "rechtspersoon"
_NO_FAMILY = _LEGAL | fact("familie_uitgesloten")
_NO_RESIDENCE = _LEGAL | (fact("eigen_bewoning_maanden") == 0)
VERGUNBAAR = (
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
