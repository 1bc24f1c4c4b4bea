"""Who owns the stock: concentration, portfolios by size, and per portfolio facts that a policy adviser asks about.

Facts only, side by side: no score is made of them. A person of flesh and blood is a pseudonym unless names are allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from registry.stock.composition import Selection, compose, labelled
from registry.stock.dimensions import DIMENSIONS, UNKNOWN, size_class
from registry.stock.disclosure import Limits, round_to
from registry.stock.purchases import largest_gemeente
from registry.stock.reach import WARM, WarmFrames
from registry.stock.records import OBJECT, StockRecords, read_stock_records
from registry.store.engine import ReadConnection
from registry.store.queries.assessments import read_latest_assessments
from registry.store.queries.eigendom import read_overdrachten
from registry.store.queries.policy import read_defects
from rules.catalogue import find_rule
from rules.engine import judge_all
from rules.facts import RecordFrames
from rules.opkoopbescherming_conditions import SINDS
from rules.parameters import Law
from rules.rule import Rule, Uitkomst

RULES: Final = ("overbewoning", "opkoopbescherming", "zelfbewoningsplicht")
LARGEST: Final = (1, 5, 10, 25, 50, 100)
LET: Final = ("particulier verhuurd", "bedrijf")
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
    dwellings = _dwellings(records, op, only)
    held = _held(records, dwellings)
    before = _held(records, _dwellings(records, _year_before(op), only))
    frames, _ = warm.read(connection, find_rule(RULES[0]), peildatum=op, known=known)
    since = since or _begin(law, frames, op)
    parts = {
        "erbij": held.join(before, on=["owner", OBJECT], how="anti"),
        "eraf": before.join(held, on=["owner", OBJECT], how="anti"),
        "aankopen": _purchases(connection, records, dwellings, op=op, since=since),
        "bevestigd": held.join(_confirmed(connection, op), on=OBJECT, how="semi"),
        "gebreken": held.join(read_defects(connection, known=known, until=op), on=OBJECT, how="semi"),
    }
    for name in RULES:
        frames, _ = warm.read(connection, find_rule(name), peildatum=op, known=known)
        parts[f"signaal_{name}"] = held.join(_signals(find_rule(name), frames, law), on=OBJECT, how="semi")
    owners = _per_owner(held, dwellings, parts, _turnover(records, op))
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


def _begin(law: Law, frames: RecordFrames, op: date) -> date:
    begun = law.value_at(SINDS, largest_gemeente(frames), op)
    return begun.waarde if begun is not None and isinstance(begun.waarde, date) else _year_before(op)


def _year_before(op: date) -> date:
    return op.replace(year=op.year - 1, day=min(op.day, 28) if op.month == 2 else op.day)


def _dwellings(records: StockRecords, op: date, only: Selection | None) -> pl.DataFrame:
    facts = labelled(records, {"eigendom", "bewoond", *(only or ())}, op=op)
    for name, classes in (only or {}).items():
        facts = facts.filter(pl.col(name).is_in(list(classes)))
    return facts.select(OBJECT, "eigendom", "eigenaren", "bewoners_min")


def _held(records: StockRecords, dwellings: pl.DataFrame) -> pl.DataFrame:
    """owner, adresseerbaar_object_id: who certainly owned which dwelling."""
    keys = dwellings.select(OBJECT, rechthebbende="eigenaren").explode("rechthebbende").drop_nulls()
    return keys.join(_owners(records), on="rechthebbende").select("owner", OBJECT).unique()


def _owners(records: StockRecords) -> pl.DataFrame:
    if records.owners is None:
        raise ValueError("the owners were not read")
    return records.owners


def _purchases(
    connection: ReadConnection, records: StockRecords, dwellings: pl.DataFrame, *, op: date, since: date
) -> pl.DataFrame:
    """owner, adresseerbaar_object_id: every transfer of a dwelling of the stock to an owner since a day."""
    persons = records.holders_on(op).select("rechthebbende", "persoon").join(_owners(records), on="rechthebbende")
    bought = read_overdrachten(connection, known=records.known).filter(
        (pl.col("aard") == "levering") & pl.col("inschrijving_eerste").is_between(since, op)
    )
    return (
        bought.select("overdracht", OBJECT, persoon="verkrijgers")
        .explode("persoon")
        .join(persons.select("persoon", "owner").unique(), on="persoon")
        .join(dwellings.select(OBJECT), on=OBJECT, how="semi")
        .select("owner", "overdracht", OBJECT)
        .unique()
    )


def _confirmed(connection: ReadConnection, op: date) -> pl.DataFrame:
    judged = read_latest_assessments(connection).filter(
        (pl.col("oordeel") == "bevestigd") & (pl.col("beoordeeld_op").dt.date() <= op)
    )
    return judged.select(OBJECT).unique()


def _signals(rule: Rule, frames: RecordFrames, law: Law) -> pl.DataFrame:
    return judge_all(rule, frames, law).filter(uitkomst=Uitkomst.SIGNAAL.value).select(OBJECT).unique()


def _turnover(records: StockRecords, op: date) -> pl.DataFrame:
    """adresseerbaar_object_id, moves: certain residents who came or left in the twelve months before the day."""
    if records.bewoning is None:
        raise ValueError("the residents were not read")
    begin = _year_before(op)
    moved = pl.sum_horizontal(
        pl.col(name).is_between(begin, op, closed="right").fill_null(value=False).cast(pl.Int64)
        for name in ("valid_from", "valid_until")
    )
    stays = records.bewoning.filter(pl.col("zekerheid") == "zeker")
    return stays.group_by(OBJECT).agg(moves=moved.sum())


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
    holders = records.holders_on(op).join(_owners(records), on="rechthebbende")
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
