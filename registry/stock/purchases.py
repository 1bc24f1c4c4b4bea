"""Transfers to landlords before and after opkoopbescherming, inside and outside its area and near its limit.

Counts with their intervals, side by side. What caused a difference cannot be read from them, and is not said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl
import scipy

from registry.errors import UsageError
from registry.stock.dimensions import UNKNOWN
from registry.stock.disclosure import Limits, protect
from registry.stock.reach import WARM, WarmFrames
from registry.stock.records import OBJECT
from registry.store.engine import ReadConnection
from registry.store.queries.eigendom import read_holders
from rules.derivations.woz import woz_on
from rules.engine import judge_all
from rules.facts import RecordFrames
from rules.opkoopbescherming import OPKOOPBESCHERMING
from rules.opkoopbescherming_conditions import GEBIEDEN, GRENS_MAX, SINDS
from rules.parameters import Law
from rules.rule import Uitkomst

MONTHS_TO_MOVE_IN: Final = 6
STEPS: Final = ("jaar", "kwartaal", "maand")
PRIVATE, COMPANY, OWN, SOCIAL, DOUBT = (
    "particulier die er niet gaat wonen", "bedrijf", "gaat er wonen", "corporatie", "niet te zeggen",
)  # fmt: skip
LANDLORDS: Final = (PRIVATE, COMPANY)
PRICES: Final = (
    "tot 80 % van de grens", "80 tot 100 % van de grens", "100 tot 120 % van de grens", "vanaf 120 % van de grens",
    UNKNOWN,
)  # fmt: skip
INSIDE, OUTSIDE, NOWHERE = "binnen het gebied", "buiten het gebied", "ligging onbekend"
CONFIDENCE: Final = 0.95
DEFINITION: Final = (
    f"Overdrachten: leveringen van woningen waarvan de dag bekend is. Naar een verhuurder: aan een bedrijf (geen "
    f"corporatie), of aan een mens die er niet binnen {MONTHS_TO_MOVE_IN} maanden zeker staat ingeschreven. Niet te "
    "zeggen: die maanden zijn nog niet om, of de koper heeft geen bekend nummer. Gebied: zoals aangewezen op de "
    "peildatum, ook voor overdrachten van daarvoor. Grens: de hoogste die op de dag gold; van voor de verordening de "
    "eerste. Intervallen: 95 %, van een aandeel volgens Wilson, van een aantal exact (Poisson). Wat een verschil "
    "veroorzaakt, is uit deze aantallen niet af te leiden."
)


@dataclass(frozen=True, slots=True)
class Purchases:
    """Transfers around the begin of the ordinance.

    Attributes:
        since: when the ordinance began.
        periods: periode, ligging, and ``MEASURES``.
        prices: wanneer (voor or na, equally long), ligging, prijsklasse, and ``MEASURES``.
        terms: maand (its first day), termijnen: how many terms end in it.
        undated: transfers of which the day is not known, which are in no table.
        cases: periode, wanneer, ligging, prijsklasse, soort, aantal: what the tables are made of.
    """

    op: date
    since: date
    periods: pl.DataFrame
    prices: pl.DataFrame
    terms: pl.DataFrame
    undated: int
    cases: pl.DataFrame
    definition: str = DEFINITION


MEASURES: Final = (
    "overdrachten", "naar_verhuurders", "aantal_laag", "aantal_hoog", "niet_te_zeggen", "aandeel", "aandeel_laag",
    "aandeel_hoog",
)  # fmt: skip


def read_purchases(
    connection: ReadConnection,
    law: Law,
    *,
    op: date,
    known: int,
    gemeente: str | None = None,
    step: str = "jaar",
    warm: WarmFrames = WARM,
) -> Purchases:
    """Transfers to landlords in a gemeente with opkoopbescherming.

    Args:
        connection: where to read.
        law: the law as it is.
        op: the day up to which transfers count.
        known: a run number.
        gemeente: code; null is the one with the most objects.
        step: of ``STEPS``.
        warm: where frames are kept between questions.

    Raises:
        UsageError: the step does not exist, or the gemeente has no ordinance on the day.
    """
    if step not in STEPS:
        raise UsageError(f"'{step}' is geen stap. Kies uit: {', '.join(STEPS)}.")
    frames, _ = warm.read(connection, OPKOOPBESCHERMING, peildatum=op, known=known)
    gemeente = gemeente or largest_gemeente(frames)
    begun = law.value_at(SINDS, gemeente, op)
    since = None if begun is None else begun.waarde
    if not isinstance(since, date):
        raise UsageError(f"In {gemeente} gold op {op:%d-%m-%Y} geen bekende verordening met opkoopbescherming.")
    holders = read_holders(connection, peildatum=op, known=known)
    dated, undated = _transfers(frames, gemeente, op)
    cases = dated.with_columns(
        ligging=_place(frames, law, gemeente, op),
        periode=_period(step),
        wanneer=pl.when(pl.col("dag") >= since).then(pl.lit("na"))
        .when(pl.col("dag") >= since - (op - since)).then(pl.lit("voor")),
    )  # fmt: skip
    cases = cases.join(_kinds(dated, frames, holders, op), on="overdracht").join(
        _prices(dated, frames, law, gemeente, since), on="overdracht"
    )
    counted = cases.group_by("periode", "wanneer", "ligging", "prijsklasse", "soort").agg(
        aantal=pl.len().cast(pl.Int64)
    )
    around = counted.filter(pl.col("wanneer").is_not_null())
    return Purchases(
        op, since, _measured(counted, ["periode", "ligging"]),
        _measured(around, ["wanneer", "ligging", "prijsklasse"]), _terms(frames, law, op), undated, counted,
    )  # fmt: skip


def publish_purchases(found: Purchases, limits: Limits) -> pl.DataFrame:
    """Per period and place how many transfers and how many to landlords, as it may leave the policy team.

    Rounded; null is hidden.
    """
    landlord = pl.when(pl.col("soort").is_in(LANDLORDS)).then(pl.lit("verhuurder")).otherwise(pl.lit("ander"))
    rows = found.cases.group_by("periode", "ligging", naar=landlord).agg(pl.col("aantal").sum())
    release = protect([(("periode", "ligging", "naar"), rows)], limits=limits)
    shown = []
    for period, place in found.periods.select("periode", "ligging").iter_rows():
        key = frozenset({("periode", period), ("ligging", place)})
        shown.append((period, place, release.shown(key), release.shown(key | {("naar", "verhuurder")})))
    schema = {"periode": pl.String, "ligging": pl.String, "overdrachten": pl.Int64, "naar_verhuurders": pl.Int64}
    return pl.DataFrame(shown, schema=schema, orient="row")


def share_interval(count: int, total: int) -> tuple[float, float] | None:
    """Wilson's interval of a share; null where there is nothing to share."""
    if total == 0:
        return None
    found = scipy.stats.binomtest(count, total).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def count_interval(count: int) -> tuple[float, float]:
    """The exact interval of the expectation of a Poisson count (Garwood, 1936)."""
    tail = (1 - CONFIDENCE) / 2
    low = scipy.stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(scipy.stats.chi2.ppf(1 - tail, 2 * (count + 1)) / 2)


def largest_gemeente(frames: RecordFrames) -> str:
    """The gemeente with the most objects.

    Raises:
        UsageError: of no object is it known.
    """
    counted = frames.adresseerbare_objecten["gemeente"].drop_nulls().value_counts(sort=True)
    if counted.is_empty():
        raise UsageError("Van geen enkele woning is bekend in welke gemeente zij ligt. Geef --gemeente.")
    return str(counted["gemeente"][0])


def _transfers(frames: RecordFrames, gemeente: str, op: date) -> tuple[pl.DataFrame, int]:
    """The deliveries of dwellings of the gemeente up to the day, and how many have no exact day."""
    dwelling = pl.col("gebruiksdoelen").list.contains("woonfunctie") & (pl.col("gemeente") == gemeente)
    objects = frames.adresseerbare_objecten.filter(dwelling)
    rows = frames.overdrachten.filter(pl.col("aard") == "levering").join(objects.select(OBJECT, "gebieden"), on=OBJECT)
    exact = (pl.col("inschrijving_eerste") == pl.col("inschrijving_laatste")).fill_null(value=False)
    begun = (pl.col("inschrijving_eerste") <= op).fill_null(value=True)
    dated = rows.filter(exact & begun).select(
        "overdracht", OBJECT, "verkrijgers", "gebieden", dag="inschrijving_eerste"
    )
    return dated, rows.filter(begun & ~exact).height


def _place(frames: RecordFrames, law: Law, gemeente: str, op: date) -> pl.Expr:
    value = law.value_at(GEBIEDEN, gemeente, op)
    if "gebieden" not in frames.bronnen or value is None or not isinstance(value.waarde, str):
        return pl.lit(NOWHERE)
    codes = value.waarde.split(", ")
    inside = pl.col("gebieden").list.set_intersection(codes).list.len() > 0
    return pl.when(inside).then(pl.lit(INSIDE)).otherwise(pl.lit(OUTSIDE))


def _period(step: str) -> pl.Expr:
    day = pl.col("dag")
    if step == "jaar":
        return day.dt.strftime("%Y")
    if step == "maand":
        return day.dt.strftime("%Y-%m")
    return pl.format("{} kw {}", day.dt.year(), day.dt.quarter())


def _kinds(dated: pl.DataFrame, frames: RecordFrames, holders: pl.DataFrame, op: date) -> pl.DataFrame:
    """overdracht, soort: who acquired the dwelling."""
    told = holders.group_by("persoon").agg(
        legal=(pl.col("type") == "rechtspersoon").any(),
        corporatie=pl.col("corporatie").fill_null(value=False).any(),
        known=((pl.col("type") == "rechtspersoon") | pl.col("bsn_hash").is_not_null()).any(),
    )
    buyers = dated.select("overdracht", OBJECT, "dag", persoon="verkrijgers").explode("persoon")
    latest = pl.col("dag").dt.offset_by(f"{MONTHS_TO_MOVE_IN}mo")
    stays = frames.bewoning.filter(pl.col("zekerheid") == "zeker").select(
        OBJECT, "persoon", "valid_from", "valid_until"
    )
    lived = (
        buyers.join(stays, on=[OBJECT, "persoon"])
        .filter(
            (pl.col("valid_from").is_null() | (pl.col("valid_from") <= latest))
            & (pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col("dag")))
        )
        .select("overdracht")
        .unique()
    )
    possible = "brp" in frames.bronnen
    per_transfer = buyers.join(told, on="persoon", how="left").group_by("overdracht").agg(
        pl.col("dag").first(),
        social=pl.col("corporatie").fill_null(value=False).any(),
        legal=pl.col("legal").fill_null(value=False).any(),
        known=pl.col("known").fill_null(value=False).all(),
    )  # fmt: skip
    owner = pl.col("overdracht").is_in(lived["overdracht"].implode())
    open_yet = latest > op
    return per_transfer.select(
        "overdracht",
        soort=pl.when("social").then(pl.lit(SOCIAL))
        .when(owner).then(pl.lit(OWN))
        .when("legal").then(pl.lit(COMPANY))
        .when(~pl.col("known") | open_yet | (not possible)).then(pl.lit(DOUBT))
        .otherwise(pl.lit(PRIVATE)),
    )  # fmt: skip


def _prices(dated: pl.DataFrame, frames: RecordFrames, law: Law, gemeente: str, since: date) -> pl.DataFrame:
    """overdracht, prijsklasse: the WOZ value on the day against the limit."""
    days = dated.select("dag").unique()
    limits = [law.value_at(GRENS_MAX, gemeente, max(day, since)) for day in days["dag"]]
    values = [None if one is None or not isinstance(one.waarde, int | float) else float(one.waarde) for one in limits]
    limited = days.with_columns(grens=pl.Series(values, dtype=pl.Float64))
    woz = woz_on(frames.woz_waarden, dated.select(OBJECT, "dag")).filter(pl.col("woz_laag") == pl.col("woz_hoog"))
    part = pl.col("woz_laag") / pl.col("grens")
    return (
        dated.join(woz.select(OBJECT, "dag", "woz_laag"), on=[OBJECT, "dag"], how="left")
        .join(limited, on="dag", how="left")
        .select(
            "overdracht",
            prijsklasse=pl.when(part.is_null()).then(pl.lit(UNKNOWN))
            .when(part < 0.8).then(pl.lit(PRICES[0]))
            .when(part < 1).then(pl.lit(PRICES[1]))
            .when(part < 1.2).then(pl.lit(PRICES[2]))
            .otherwise(pl.lit(PRICES[3])),
        )
    )  # fmt: skip


def _measured(counted: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    number = pl.col("aantal")
    told = pl.col("soort").is_in([*LANDLORDS, OWN])
    table = counted.group_by(by).agg(
        overdrachten=number.sum(),
        naar_verhuurders=number.filter(pl.col("soort").is_in(LANDLORDS)).sum(),
        niet_te_zeggen=number.filter(pl.col("soort") == DOUBT).sum(),
        of=number.filter(told).sum(),
    )
    counts = [count_interval(count) for count in table["naar_verhuurders"]]
    shares = [share_interval(*pair) for pair in table.select("naar_verhuurders", "of").iter_rows()]
    table = table.with_columns(
        aantal_laag=pl.Series([low for low, _ in counts], dtype=pl.Float64),
        aantal_hoog=pl.Series([high for _, high in counts], dtype=pl.Float64),
        aandeel=pl.when(pl.col("of") > 0).then(pl.col("naar_verhuurders") / pl.col("of")),
        aandeel_laag=pl.Series([pair and pair[0] for pair in shares], dtype=pl.Float64),
        aandeel_hoog=pl.Series([pair and pair[1] for pair in shares], dtype=pl.Float64),
    )
    ranks = {label: place for place, label in enumerate(("voor", "na", INSIDE, OUTSIDE, NOWHERE, *PRICES))}
    order = [pl.col(name).replace_strict(ranks, default=None) if name != "periode" else pl.col(name) for name in by]
    return table.select(*by, *MEASURES).sort(order)


def _terms(frames: RecordFrames, law: Law, op: date) -> pl.DataFrame:
    """How many terms of transfers that the rule reaches end per month, from the month of the day on."""
    reached = judge_all(OPKOOPBESCHERMING, frames, law).filter(
        (pl.col("uitkomst") != Uitkomst.NIET_VAN_TOEPASSING.value) & (pl.col("tot") >= op)
    )
    return reached.group_by(maand=pl.col("tot").dt.truncate("1mo")).agg(termijnen=pl.len().cast(pl.Int64)).sort("maand")
