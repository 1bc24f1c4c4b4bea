"""Who owns the stock: concentration, portfolios by size, and per portfolio facts that a policy adviser asks about.

Facts only, side by side: no score is made of them. A person of flesh and blood is a pseudonym unless names are allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from registry.stock.composition import Selection, compose
from registry.stock.dimensions import DIMENSIONS, UNKNOWN, size_class
from registry.stock.disclosure import Limits, round_to
from registry.stock.holdings import (
    LET,
    confirmed_dwellings,
    dwellings_on,
    held_by,
    owners_of,
    purchases_begin,
    purchases_since,
    turnover_of,
    year_before,
)
from registry.stock.purchases import largest_gemeente
from registry.stock.reach import WARM, WarmFrames
from registry.stock.records import OBJECT, StockRecords, read_stock_records
from registry.store.engine import ReadConnection
from registry.store.queries.policy import read_defects
from rules.catalogue import find_rule
from rules.engine import judge_all
from rules.facts import RecordFrames
from rules.parameters import Law
from rules.rule import Rule, Uitkomst

RULES: Final = ("overbewoning", "opkoopbescherming", "zelfbewoningsplicht")
LARGEST: Final = (1, 5, 10, 25, 50, 100)
DEFINITION: Final = (
    "Eigenaar: rechthebbenden met hetzelfde nummer, of door een mens als één bevestigd. Woningen: waarvan hij op de "
    "dag zeker (mede-)eigenaar was; een woning van twee eigenaren telt bij beiden. Verhuurd: woningen die 'particulier "
    "verhuurd' of 'bedrijf' zijn. Erbij en eraf: vergeleken met een jaar eerder. Aankopen: leveringen aan de eigenaar "
    "sinds de genoemde dag. Signalen zijn geen besluiten; bevestigd is wat een mens bevestigde. Verloop: mensen die er "
    "in twaalf maanden zeker kwamen of vertrokken, in verhuurde woningen. Gebreken: woningen waarin een inspecteur ze "
    "opschreef. Dit zijn feiten naast elkaar, geen oordeel en geen score."
)
COUNTS: Final = (
    "woningen", "verhuurd", "erbij", "eraf", "aankopen", *(f"signaal_{rule}" for rule in RULES), "bevestigd",
    "bewoners", "verloop", "gebreken",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnerView:
    """The owners of the stock on a day.

    Attributes:
        total: dwellings; ``let`` of which let by others than a corporatie.
        owners: eigenaar (a name or a pseudonym), sleutel, soort, klasse, aandeel (of ``total``) and ``COUNTS``; the
            largest first.
        classes: klasse, soort, eigenaren and ``COUNTS``.
        concentration: grootste, woningen, aandeel: how much of the let stock the largest owners have, without
            corporaties.
        since: from which day purchases count.
    """

    op: date
    since: date
    total: int
    let: int
    owners: pl.DataFrame
    classes: pl.DataFrame
    concentration: pl.DataFrame
    remarks: tuple[str, ...]
    definition: str = DEFINITION


def read_owner_view(
    connection: ReadConnection,
    law: Law,
    *,
    op: date,
    known: int,
    since: date | None = None,
    only: Selection | None = None,
    names: bool = False,
    warm: WarmFrames = WARM,
) -> OwnerView:
    """Who owned the stock on a day, as known at a run.

    Args:
        connection: where to read.
        law: the law as it is.
        op: the day.
        known: a run number.
        since: from which day purchases count; null is when opkoopbescherming began in the largest gemeente, else a
            year before the day.
        only: count only dwellings in these classes.
        names: names of natural persons too; only for a role that may see them.
        warm: where frames are kept between questions.

    Raises:
        UsageError: a dimension or a class does not exist.
    """
    records = read_stock_records(connection, known=known)
    counted = compose(records, per=["eigendom"], op=op, only=only)
    dwellings = dwellings_on(records, op, only)
    held = held_by(records, dwellings)
    before = held_by(records, dwellings_on(records, year_before(op), only))
    frames, _ = warm.read(connection, find_rule(RULES[0]), peildatum=op, known=known)
    since = since or purchases_begin(law, largest_gemeente(frames), op)
    parts = {
        "erbij": held.join(before, on=["owner", OBJECT], how="anti"),
        "eraf": before.join(held, on=["owner", OBJECT], how="anti"),
        "aankopen": purchases_since(connection, records, dwellings, op=op, since=since),
        "bevestigd": held.join(confirmed_dwellings(connection, op), on=OBJECT, how="semi"),
        "gebreken": held.join(read_defects(connection, known=known, until=op), on=OBJECT, how="semi"),
    }
    for name in RULES:
        frames, _ = warm.read(connection, find_rule(name), peildatum=op, known=known)
        parts[f"signaal_{name}"] = held.join(_signals(find_rule(name), frames, law), on=OBJECT, how="semi")
    owners = _per_owner(held, dwellings, parts, turnover_of(records, op))
    owners = _described(owners, records, op, counted.total, names=names)
    let = dwellings.filter(pl.col("eigendom").is_in(LET))
    return OwnerView(
        op, since, counted.total, let.height, owners, _by_class(owners), _concentration(held, let, owners),
        counted.remarks,
    )  # fmt: skip


def publish_classes(view: OwnerView, limits: Limits) -> pl.DataFrame:
    """The table by size and kind as it may leave the policy team: rounded; null is hidden. It has no totals."""
    several = pl.col("eigenaren") >= limits.minimum
    shown = {
        name: pl.when(several & ((pl.col(name) >= limits.minimum) | (pl.col(name) == 0))).then(
            pl.col(name).map_elements(lambda count: round_to(count, limits.rounding), return_dtype=pl.Int64)
        )
        for name in ("eigenaren", *COUNTS)
    }
    return view.classes.with_columns(**shown)


def _signals(rule: Rule, frames: RecordFrames, law: Law) -> pl.DataFrame:
    return judge_all(rule, frames, law).filter(uitkomst=Uitkomst.SIGNAAL.value).select(OBJECT).unique()


def _per_owner(
    held: pl.DataFrame, dwellings: pl.DataFrame, parts: Mapping[str, pl.DataFrame], turnover: pl.DataFrame
) -> pl.DataFrame:
    let = pl.col("eigendom").is_in(LET)
    table = (
        held.join(dwellings, on=OBJECT)
        .join(turnover, on=OBJECT, how="left")
        .group_by("owner")
        .agg(
            woningen=pl.len().cast(pl.Int64),
            verhuurd=let.sum().cast(pl.Int64),
            bewoners=pl.col("bewoners_min").filter(let).sum().cast(pl.Int64),
            verloop=pl.col("moves").filter(let).sum().cast(pl.Int64),
        )
    )
    # Who sold his last dwelling owns none any more, and still is one of those who sold.
    table = table.join(parts["eraf"].select("owner").unique(), on="owner", how="full", coalesce=True)
    for name, rows in parts.items():
        counted = rows.group_by("owner").agg(pl.len().cast(pl.Int64).alias(name))
        table = table.join(counted, on="owner", how="left")
    return table.with_columns(pl.exclude("owner").fill_null(0))


def _described(owners: pl.DataFrame, records: StockRecords, op: date, total: int, *, names: bool) -> pl.DataFrame:
    holders = records.holders_on(op).join(owners_of(records), on="rechthebbende")
    natural = pl.col("type") == "natuurlijk_persoon"
    told = holders.group_by("owner").agg(
        natural=natural.all(),
        corporatie=pl.col("corporatie").fill_null(value=False).any(),
        kind_known=pl.col("type").is_not_null().any(),
        naam=pl.coalesce("statutaire_naam", "naam").drop_nulls().first(),
    )
    kind = (
        pl.when("corporatie").then(pl.lit("corporatie")).when("natural").then(pl.lit("particulier"))
        .when("kind_known").then(pl.lit("bedrijf")).otherwise(pl.lit(UNKNOWN))
    )  # fmt: skip
    pseudonym = pl.format("eigenaar {}", pl.col("owner").str.slice(0, 8))
    shown = pl.when(~pl.col("natural") | names).then(pl.coalesce("naam", pseudonym)).otherwise(pseudonym)
    share = pl.col("woningen") / total if total else pl.lit(None, pl.Float64)
    return (
        owners.join(told, on="owner", how="left")
        .select(
            eigenaar=shown, sleutel="owner", soort=kind.fill_null(UNKNOWN),
            klasse=size_class(pl.col("woningen")), aandeel=share,
            **{name: pl.col(name) for name in COUNTS},
        )
        .sort("woningen", "sleutel", descending=[True, False])
    )  # fmt: skip


def _by_class(owners: pl.DataFrame) -> pl.DataFrame:
    counted = owners.group_by("klasse", "soort").agg(
        eigenaren=pl.len().cast(pl.Int64), **{name: pl.col(name).sum() for name in COUNTS}
    )
    ranks = {label: number for number, label in enumerate(DIMENSIONS["eigenaarsgrootte"].order)}
    return counted.sort(pl.col("klasse").replace_strict(ranks, default=-1, return_dtype=pl.Int64), "soort")


def _concentration(held: pl.DataFrame, let: pl.DataFrame, owners: pl.DataFrame) -> pl.DataFrame:
    """How many dwellings of the let stock the largest so many owners have, each dwelling once."""
    private = owners.filter(pl.col("soort") != "corporatie").select(owner="sleutel")
    own = held.join(private, on="owner", how="semi").join(let.select(OBJECT), on=OBJECT, how="semi")
    order = own.group_by("owner").len().sort("len", "owner", descending=[True, False])["owner"].to_list()
    rows = []
    for number in (size for size in LARGEST if size <= len(order)):
        count = own.filter(pl.col("owner").is_in(order[:number]))[OBJECT].n_unique()
        rows.append((number, count, count / let.height))
    return pl.DataFrame(rows, schema={"grootste": pl.Int64, "woningen": pl.Int64, "aandeel": pl.Float64}, orient="row")
