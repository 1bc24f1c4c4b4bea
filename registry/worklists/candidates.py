"""Everything that a list can be made from: open signals with their place, last visit, and what else calls there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl
import shapely

from registry.errors import UsageError
from registry.ownership.portfolios import read_portfolios
from registry.privacy.purposes import for_purpose
from registry.signals.receipts import law_of
from registry.signals.silence import silenced_cases
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import adresregel, read_adressen
from registry.store.queries.locations import read_locations
from registry.store.queries.meldingen import read_meldingen
from registry.store.queries.records import read_gebieden, read_record_frames
from registry.store.queries.runs import imported_sources
from registry.store.queries.signals import Evaluation, evaluations_of, read_signals
from registry.store.queries.stock import read_area_names
from registry.store.queries.vergunningen import read_vergunningen
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.worklists.lists import sources_of
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.planning import check_names, main_addresses
from registry.worklists.receipts import with_sentences
from registry.worklists.route import Point
from registry.worklists.selection import with_stop
from rules.catalogue import find_rule
from rules.engine import evaluate, with_receipts
from rules.rule import Uitkomst

_OBJECT: Final = "adresseerbaar_object_id"
_SIGNAL: Final = (
    "regel", "regel_versie", _OBJECT, "uitkomst", "beslissend", "urgentie", "tot", "personen_min", "personen_max",
    "oppervlakte", "norm", "overschrijding", "feiten", "parameters", "wet_hash", "feiten_hash", "toelichting", "bewijs",
    "peildatum",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """The latest evaluation of a rule, with the sources that it rests on."""

    evaluation: Evaluation
    sources: pl.DataFrame

    @property
    def known(self) -> int:
        """The last run that counted."""
        return self.evaluation.known_run_id or 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of every dwelling besides its signals, as of one day."""

    places: pl.DataFrame
    day: date
    start: Point
    owner: frozenset[str] | None  # the dwellings of the owner that was asked for

    def around(self, cases: pl.DataFrame, settings: PlannerSettings) -> pl.DataFrame:
        """The cases with their place and the columns of ``reasons.NEEDED``, those that the settings ask for."""
        joined = cases.join(self.places, on=_OBJECT, how="left", maintain_order="left").with_columns(
            days_left=(pl.col("tot") - self.day).dt.total_days(),
            start_distance=((pl.col("x") - self.start[0]).pow(2) + (pl.col("y") - self.start[1]).pow(2)).sqrt(),
            aangevraagd=pl.col("aangevraagd").fill_null(value=False),
        )
        return with_stop(self._asked(joined, settings))

    def _asked(self, cases: pl.DataFrame, settings: PlannerSettings) -> pl.DataFrame:
        wanted = [_named("wijk", settings.wijken), _named("buurt", settings.buurten)]
        if settings.gebieden:
            wanted.append(pl.col("gebieden").list.set_intersection(list(settings.gebieden)).list.len() > 0)
        if settings.ends_within_days is not None:
            wanted.append(pl.col("days_left").is_between(0, settings.ends_within_days))
        if settings.unvisited_days is not None:
            never = pl.col("days_unvisited").is_null()
            wanted.append(never | (pl.col("days_unvisited") >= settings.unvisited_days))
        if settings.melding_days is not None:
            wanted.append(pl.col("days_reported") <= settings.melding_days)
        if settings.aangevraagd:
            wanted.append(pl.col("aangevraagd"))
        if self.owner is not None:
            wanted.append(pl.col(_OBJECT).is_in(list(self.owner)))
        kept = cases.filter(*wanted)
        return _within(kept, settings.polygon) if settings.polygon else kept


def latest_evaluations(connection: ReadConnection, regels: Iterable[str]) -> list[Judged]:
    """The latest evaluation of each rule.

    Raises:
        UsageError: a rule does not exist or was not evaluated yet.
    """
    found = []
    for regel in regels:
        find_rule(regel)
        evaluations = evaluations_of(connection, regel, limit=1)
        if not evaluations:
            raise UsageError(f"De regel {regel} is nog niet getoetst. Voer eerst uit: woonregister evaluate.")
        known = evaluations[0].known_run_id or 0
        found.append(Judged(evaluations[0], sources_of(regel, imported_sources(connection, known=known))))
    return found


def read_open_cases(connection: ReadConnection, judged: Judged, settings: PlannerSettings) -> pl.DataFrame:
    """The open signals of one evaluation: the columns of a signal, and ``zaak_id`` (empty: the dwelling itself).

    What a person answered already stays out, until a fact that mattered changes.
    """
    signals = read_signals(connection, judged.evaluation.evaluatie_id).with_columns(zaak_id=_zaak_id())
    silent = silenced_cases(connection, judged.evaluation.regel).filter("stil")
    signals = signals.join(silent, on=["regel", "zaak_id", _OBJECT], how="anti")
    kept = signals.filter(pl.col("uitkomst").is_in(list(settings.uitkomsten)))
    if settings.urgenties:
        kept = kept.filter(pl.col("urgentie").is_in(list(settings.urgenties)))
    return kept.select(*_SIGNAL, "zaak_id")


@dataclass(frozen=True, slots=True)
class Cleared:
    """The cases that an evaluation cleared (geen_signaal), computed again: what a control sample is drawn from."""

    judged: Judged
    outcomes: pl.DataFrame

    @classmethod
    def read(cls, connection: ReadConnection, judged: Judged) -> "Cleared":
        """Judge again by the law of the evaluation."""
        evaluation = judged.evaluation
        frames = read_record_frames(connection, peildatum=evaluation.peildatum, known=judged.known)
        rule = find_rule(evaluation.regel)
        allowed = for_purpose(connection, rule, frames, known=judged.known)
        outcomes = evaluate(rule, allowed, law_of(connection, evaluation))
        cleared = outcomes.filter(pl.col("uitkomst") == Uitkomst.GEEN_SIGNAAL)
        return cls(judged, cleared.with_columns(zaak_id=_zaak_id()))

    def cases(self) -> pl.DataFrame:
        """The columns of ``read_open_cases``; texts and hashes are empty until ``complete``."""
        return self.outcomes.select(_or_empty(name, self.outcomes) for name in (*_SIGNAL, "zaak_id"))

    def complete(self, connection: ReadConnection, drawn: pl.DataFrame) -> pl.DataFrame:
        """The drawn cases of this rule with their receipt."""
        rule, law = find_rule(self.judged.evaluation.regel), law_of(connection, self.judged.evaluation)
        mine = drawn.filter(regel=rule.id)
        chosen = self.outcomes.join(mine.select(_OBJECT, "zaak_id"), on=[_OBJECT, "zaak_id"], how="semi")
        full = with_sentences(rule, with_receipts(rule, chosen, law, stored_only=False))
        known = [name for name in _SIGNAL if name in full.columns and name not in ("regel", _OBJECT)]
        receipts = full.select(_OBJECT, "zaak_id", *known)
        joined = mine.drop(known).join(receipts, on=[_OBJECT, "zaak_id"], how="left", maintain_order="left")
        return joined.select(drawn.columns)


def _zaak_id() -> pl.Expr:
    return pl.coalesce("overdracht_id", "beding_id", pl.lit(""))


def _or_empty(name: str, outcomes: pl.DataFrame) -> pl.Expr:
    kinds = {"overschrijding": pl.Int64(), "oppervlakte": pl.Float64(), "norm": pl.Float64(), "tot": pl.Date()}
    kinds |= {"personen_min": pl.Int64(), "personen_max": pl.Int64()}
    return pl.col(name) if name in outcomes.columns else pl.lit(None, kinds.get(name, pl.String())).alias(name)


def read_surroundings(
    connection: ReadConnection,
    settings: PlannerSettings,
    *,
    day: date,
    known: int,
    start: Point,
    signalled: pl.DataFrame,
) -> Surroundings:
    """What is known of every dwelling on a day.

    Args:
        connection: where to read.
        settings: names that do not exist are refused, and what they do not ask for is not read.
        day: of the list.
        known: the last run that counts.
        start: where the round begins.
        signalled: the objects of all open signals (adresseerbaar_object_id, repeated), for portfolios.

    Raises:
        UsageError: a wijk, buurt, area or owner does not exist.
    """
    names = read_area_names(connection, op=day, known=known)
    check_names("wijk", settings.wijken, names["wijk"])
    check_names("buurt", settings.buurten, names["buurt"])
    adressen = read_adressen(connection, known=known, on=day).with_columns(adres=adresregel())
    places = main_addresses(adressen)
    owners, of_owner = _owners(connection, settings, day=day, known=known, signalled=signalled)
    for frame in (
        names,
        _area_codes(connection, settings, day=day, known=known),
        read_locations(connection, on=day, known=known),
        _last_visits(connection, day=day, known=known),
        _reports(connection, day=day, known=known),
        _requests(connection, known=known),
        owners,
    ):
        places = places.join(frame, on=_OBJECT, how="left")
    return Surroundings(places, day, start, of_owner)


def _area_codes(connection: ReadConnection, settings: PlannerSettings, *, day: date, known: int) -> pl.DataFrame:
    lying = read_gebieden(connection, peildatum=day, known=known)
    check_names("gebied", settings.gebieden, lying["gebied_code"])
    return lying.group_by(_OBJECT).agg(gebieden=pl.col("gebied_code").unique().sort())


def _last_visits(connection: ReadConnection, *, day: date, known: int) -> pl.DataFrame:
    visits = read_versions(connection, registers.inspecties, (_OBJECT, "datum"), known=known).drop_nulls()
    last = visits.filter(pl.col("datum") <= day).group_by(_OBJECT).agg(pl.col("datum").max())
    return last.select(_OBJECT, days_unvisited=(day - pl.col("datum")).dt.total_days())


def _reports(connection: ReadConnection, *, day: date, known: int) -> pl.DataFrame:
    reports = read_meldingen(connection, known=known, until=day).drop_nulls(_OBJECT)
    last = reports.group_by(_OBJECT).agg(pl.col("datum").max())
    return last.select(_OBJECT, days_reported=(day - pl.col("datum")).dt.total_days())


def _requests(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    waiting = read_vergunningen(connection, known=known).filter(status="aangevraagd").drop_nulls(_OBJECT)
    return waiting.select(_OBJECT, aangevraagd=pl.lit(value=True)).unique()


def _owners(
    connection: ReadConnection, settings: PlannerSettings, *, day: date, known: int, signalled: pl.DataFrame
) -> tuple[pl.DataFrame, frozenset[str] | None]:
    """Per dwelling the most open signals of one of its owners; and the dwellings of the owner that was asked for."""
    if not settings.rechthebbende and not settings.weights.get("portefeuille"):
        return pl.DataFrame(schema={_OBJECT: pl.String(), "owner_signals": pl.Int64()}), None
    book = read_portfolios(connection, op=day, known=known)
    held = book.held.filter("certain").select("owner", _OBJECT).unique()
    counted = held.join(signalled.select(_OBJECT), on=_OBJECT).group_by("owner").agg(owner_signals=pl.len())
    most = held.join(counted, on="owner").group_by(_OBJECT).agg(pl.col("owner_signals").max().cast(pl.Int64))
    if not settings.rechthebbende:
        return most, None
    own = held.filter(owner=book.owners.find(settings.rechthebbende))
    return most, frozenset(own[_OBJECT].to_list())


def _named(column: str, values: tuple[str, ...]) -> pl.Expr:
    if not values:
        return pl.lit(value=True)
    return pl.col(column).str.to_lowercase().is_in([value.lower() for value in values])


def _within(cases: pl.DataFrame, polygon: str) -> pl.DataFrame:
    placed = cases.drop_nulls(["x", "y"])
    shape = shapely.from_wkt(polygon)
    inside = shapely.intersects_xy(shape, np.asarray(placed["x"]), np.asarray(placed["y"]))
    return placed.filter(pl.Series(inside, dtype=pl.Boolean))
