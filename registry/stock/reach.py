"""What a rule would reach with another norm, limit, area or term, per area, against now.

Interactive: what was read and derived stays in memory per day and run, so that the next question only judges.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN
from registry.errors import UsageError
from registry.privacy.purposes import for_purpose
from registry.signals.run import known_run
from registry.signals.whatif import Change
from registry.stock.dimensions import UNKNOWN
from registry.stock.disclosure import Limits, protect
from registry.stock.reach_changes import check_changes, law_hash, spread_changes
from registry.stock.records import OBJECT
from registry.store.engine import ReadConnection
from registry.store.queries.records import read_record_frames
from registry.store.queries.stock import read_area_names
from rules.derivations.woz import woz_on
from rules.engine import judge_all
from rules.facts import RecordFrames
from rules.opkoopbescherming import OPKOOPBESCHERMING
from rules.opkoopbescherming_conditions import (
    PRICE_DOUBT,
    PRICE_IN,
    VERORDENING,
    in_area,
)
from rules.parameters import PREFIX, Law, param
from rules.rule import Rule, Uitkomst

PER: Final = ("gemeente", "wijk", "buurt")
GROUPS: Final = ("signaal", "ander bereikt geval", "niet bereikt")
DEFINITION: Final = (
    "Bereikt: gevallen waarop de regel van toepassing is. Signaal: gevallen waarin aan elke voorwaarde is voldaan; een "
    "signaal is geen besluit. 'Nu' is met de wet zoals zij geldt, 'dan' met de andere waarde, overal en altijd. "
)
PROTECTED: Final = (
    "Beschermd: woningen uit de voorraad die op de peildatum in een aangewezen gebied liggen met een WOZ-waarde onder "
    "de grens, dus onder het verbod vallen als zij dan worden verkocht; waarden tussen de laagste en de hoogste "
    "mogelijke grens staan apart, als 'misschien beschermd'. "
)
_INSIDE: Final = param(VERORDENING).fill_null(value=False) & in_area().fill_null(value=False)
_ASKED: Final = (_INSIDE & PRICE_IN & PRICE_DOUBT).meta.root_names()
_MOST_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Reach:
    """What a rule reaches under two laws.

    Attributes:
        rows: the area, then ``woningen`` (objects that the rule looked at), and of each of ``MEASURES`` (those of
            ``beschermd`` only for opkoopbescherming) the counts ``_nu`` and ``_dan``.
        total: the same, of all areas together.
        crossed: the area, ``nu``, ``dan`` (of ``GROUPS``), ``aantal`` cases: what the counts are made of.
    """

    regel: str
    changes: Mapping[str, Change]
    per: str
    op: date
    known: int
    rows: pl.DataFrame
    total: dict[str, int]
    crossed: pl.DataFrame = field(repr=False)
    definition: str = DEFINITION

    @property
    def measure(self) -> str:
        """What is worth drawing: the dwellings that are protected, else those with a signal."""
        return "beschermd" if "beschermd_nu" in self.rows.columns else "signaal"


MEASURES: Final = ("bereikt", "bereikte_woningen", "signaal", "onbekend", "beschermd", "misschien_beschermd")


@dataclass(slots=True)
class WarmFrames:
    """The frames of the last questions of this process; a run number fixes what was known, so they never age."""

    kept: OrderedDict[tuple[object, ...], tuple[RecordFrames, pl.DataFrame]] = field(default_factory=OrderedDict)

    def read(
        self, connection: ReadConnection, rule: Rule, *, peildatum: date, known: int
    ) -> tuple[RecordFrames, pl.DataFrame]:
        """The frames that a rule may see on a day, and the areas of each object."""
        key = (str(connection.engine.url), rule.id, peildatum, known)
        if key not in self.kept:
            frames = read_record_frames(connection, peildatum=peildatum, known=known)
            areas = read_area_names(connection, op=peildatum, known=known)
            self.kept[key] = (for_purpose(connection, rule, frames, known=known), areas)
        self.kept.move_to_end(key)
        while len(self.kept) > _MOST_KEPT:
            self.kept.popitem(last=False)
        return self.kept[key]


WARM: Final = WarmFrames()


def read_reach(
    connection: ReadConnection,
    rule: Rule,
    law: Law,
    changes: Mapping[str, Change],
    *,
    per: str,
    peildatum: date,
    bekend_op: date | None = None,
    warm: WarmFrames = WARM,
) -> Reach:
    """What a rule reaches with other values, against now.

    Args:
        connection: where to read.
        rule: the rule.
        law: the law as it is.
        changes: parameter -> the other value; ``opkoopbescherming.grens`` is both ends of the limit.
        per: of ``PER``.
        peildatum: the day.
        bekend_op: with what was known at the end of this day; None is now.
        warm: where frames are kept between questions.

    Raises:
        UsageError: ``per`` is no area, nothing was imported, an area does not exist, or a number is negative.
        LawFileError: a parameter does not exist, or its value is of another kind.
    """
    if per not in PER:
        raise UsageError(f"'{per}' is geen gebied. Kies uit: {', '.join(PER)}.")
    known = known_run(connection, bekend_op)
    frames, areas = warm.read(connection, rule, peildatum=peildatum, known=known)
    spread = spread_changes(changes)
    check_changes(spread, frames)
    places = _places(frames, areas, per)
    both = {"nu": law, "dan": law.replace(spread)}
    judged = {"nu": _now(frames, ("judged", rule.id, per, law_hash(law)), lambda: _judged(rule, frames, law, places))}
    judged["dan"] = _judged(rule, frames, both["dan"], places)
    tables = [_counted(one, per, name) for name, one in judged.items()]
    definition = DEFINITION
    if rule.id == OPKOOPBESCHERMING.id:
        now = _now(frames, ("protected", per, law_hash(law)), lambda: _protected(frames, law, places, "nu"))
        tables += [now, _protected(frames, both["dan"], places, "dan")]
        definition += PROTECTED
    rows = places.group_by(per).agg(woningen=pl.len().cast(pl.Int64))
    for table in tables:
        rows = rows.join(table, on=per, how="left")
    order = [f"{name}_{when}" for name in MEASURES for when in both if f"{name}_{when}" in rows.columns]
    rows = rows.select(per, "woningen", *order).with_columns(pl.exclude(per).fill_null(0).cast(pl.Int64))
    rows = rows.sort(pl.col(per) == UNKNOWN, per)
    crossed = _crossed(judged["nu"], judged["dan"], per)
    total = rows.select(pl.exclude(per).sum()).row(0, named=True)
    return Reach(rule.id, dict(changes), per, peildatum, known, rows, total, crossed, definition)


def publish_reach(found: Reach, limits: Limits) -> pl.DataFrame:
    """The counts as they may leave the policy team: area, signaal_nu, signaal_dan, bereikt_nu, bereikt_dan.

    Now and then count the same cases: who subtracts the one from the other finds no small number either. Everything is
    rounded to at least the minimum, and protected against who knows it so rounded; null is hidden.
    """
    per = found.per
    coarse = Limits(limits.minimum, max(limits.minimum, limits.rounding))
    schemes = {frozenset(names) for names in ((per,), (per, "nu"), (per, "dan"), ("nu",), ("dan",), ())}
    release = protect([((per, "nu", "dan"), found.crossed)], limits=coarse, whole_areas=PER, schemes=schemes)
    published = []
    for label in found.rows[per]:
        row: dict[str, object] = {per: label}
        for when in ("nu", "dan"):
            signal, other = (release.shown(frozenset({(per, label), (when, group)})) for group in GROUPS[:2])
            row[f"signaal_{when}"] = signal
            row[f"bereikt_{when}"] = None if signal is None or other is None else signal + other
        published.append(row)
    names = [per, *(f"{name}_{when}" for name in ("signaal", "bereikt") for when in ("nu", "dan"))]
    schema = {per: pl.String()} | dict.fromkeys(names[1:], pl.Int64())
    return pl.DataFrame(published, schema=schema)


def _places(frames: RecordFrames, areas: pl.DataFrame, per: str) -> pl.DataFrame:
    """Every object with its area: adresseerbaar_object_id, the area."""
    objects = frames.adresseerbare_objecten.select(OBJECT, "gemeente")
    if per != "gemeente":
        objects = objects.join(areas.select(OBJECT, per), on=OBJECT, how="left")
    return objects.select(OBJECT, pl.col(per).fill_null(UNKNOWN))


def _now(frames: RecordFrames, key: tuple[str, ...], make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """What the law as it is gives; it stays with the frames, for the next question."""
    if key not in frames.derived:
        frames.derived[key] = make()
    return frames.derived[key]


def _judged(rule: Rule, frames: RecordFrames, law: Law, places: pl.DataFrame) -> pl.DataFrame:
    """Each case with its area and group, sorted by case."""
    [per] = [name for name in places.columns if name != OBJECT]
    outcome = pl.col("uitkomst")
    group = (
        pl.when(outcome == Uitkomst.SIGNAAL.value)
        .then(pl.lit(GROUPS[0]))
        .when(outcome == Uitkomst.NIET_VAN_TOEPASSING.value)
        .then(pl.lit(GROUPS[2]))
        .otherwise(pl.lit(GROUPS[1]))
    )
    outcomes = judge_all(rule, frames, law).select(OBJECT, "uitkomst", group=group)
    return outcomes.join(places, on=OBJECT, how="left", maintain_order="left").with_columns(
        pl.col(per).fill_null(UNKNOWN)
    )


def _counted(cases: pl.DataFrame, per: str, when: str) -> pl.DataFrame:
    reached = pl.col("group") != GROUPS[2]
    return cases.group_by(per).agg(
        reached.sum().alias(f"bereikt_{when}"),
        pl.col(OBJECT).filter(reached).n_unique().alias(f"bereikte_woningen_{when}"),
        (pl.col("group") == GROUPS[0]).sum().alias(f"signaal_{when}"),
        (pl.col("uitkomst") == Uitkomst.ONBEKEND.value).sum().alias(f"onbekend_{when}"),
    )


def _crossed(now: pl.DataFrame, then: pl.DataFrame, per: str) -> pl.DataFrame:
    """Both are sorted by the same cases."""
    both = now.select(per, nu="group").hstack(then.select(dan="group"))
    return both.group_by(per, "nu", "dan").agg(aantal=pl.len().cast(pl.Int64))


def _protected(frames: RecordFrames, law: Law, places: pl.DataFrame, when: str) -> pl.DataFrame:
    """The dwellings of the stock that would be protected if they were sold on the peildatum."""
    [per] = [name for name in places.columns if name != OBJECT]
    dwellings = frames.adresseerbare_objecten.filter(
        pl.col("status").is_in(sorted(WONINGVOORRAAD_STATUSSEN)) & pl.col("gebruiksdoelen").list.contains("woonfunctie")
    ).select(OBJECT, "gemeente", "gebieden", gebieden_bekend=pl.lit("gebieden" in frames.bronnen))
    key = ("woz", frames.peildatum)
    if key not in frames.derived:
        days = dwellings.select(OBJECT, dag=pl.lit(frames.peildatum))
        frames.derived[key] = woz_on(frames.woz_waarden, days).select(OBJECT, "woz_laag", "woz_hoog")
    table = dwellings.with_columns(peildatum=pl.lit(frames.peildatum)).join(frames.derived[key], on=OBJECT, how="left")
    names = sorted({name.removeprefix(PREFIX) for name in _ASKED if name.startswith(PREFIX)})
    table = law.attach(table, dict.fromkeys(names, "peildatum"))
    return (
        table.select(OBJECT, sure=_INSIDE & PRICE_IN.fill_null(value=False), doubt=_INSIDE & PRICE_DOUBT)
        .join(places, on=OBJECT)
        .group_by(per)
        .agg(
            pl.col("sure").sum().alias(f"beschermd_{when}"),
            pl.col("doubt").sum().alias(f"misschien_beschermd_{when}"),
        )
    )
