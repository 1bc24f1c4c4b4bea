"""Which signals a person has answered already, and what brings one back.

A refuted signal stays silent until a fact that mattered changes: a fact that the rule used, or a number of the law that
it was judged by. The day itself is no such fact, and neither is what the visit brought on which the judgement rests.
"""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

import polars as pl

from registry.store.engine import ReadConnection
from registry.store.queries.assessments import CASE, read_latest_assessments
from registry.store.queries.signals import evaluations_of, read_signals
from registry.store.queries.visits import NewestVisit, read_newest_visits
from rules.facts import FACTS

_OF_THE_DAY: Final = frozenset({"peildatum"})

SILENCED: Final = pl.Schema(
    {
        "regel": pl.String(),
        "zaak_id": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "bewijs": pl.String(),  # of the signal of now
        "oordeel": pl.String(),
        "reden": pl.String(),
        "auteur": pl.String(),
        "beoordeeld_op": pl.Datetime("us"),
        "versie": pl.Int64(),
        "stil": pl.Boolean(),  # not to be offered for a visit
        "gewijzigd": pl.List(pl.String()),  # the facts that brought it back, in Dutch with then and now
    }
)


class Oordeel(StrEnum):
    """What a person makes of a signal."""

    BEVESTIGD = "bevestigd"
    WEERLEGD = "weerlegd"
    NADER_ONDERZOEK = "nader_onderzoek"
    OVERGEDRAGEN = "overgedragen"
    HERROEPEN = "herroepen"  # takes the one before back


_ANSWERED: Final = frozenset({Oordeel.BEVESTIGD, Oordeel.WEERLEGD, Oordeel.OVERGEDRAGEN})


def silenced_cases(connection: ReadConnection, regel: str) -> pl.DataFrame:
    """The signals of the latest evaluation of a rule that a person assessed (schema ``SILENCED``).

    ``stil`` says that the case was confirmed, refuted or handed over, and that nothing that mattered changed since;
    where something did, ``gewijzigd`` names it. More research and a revoked assessment are never silent.
    """
    assessed = read_latest_assessments(connection, regel=regel)
    evaluations = evaluations_of(connection, regel, limit=1)
    if assessed.is_empty() or not evaluations:
        return SILENCED.to_frame()
    visits = read_newest_visits(connection, known=evaluations[0].known_run_id or 0)
    zaak_id = pl.coalesce("overdracht_id", "beding_id", pl.lit(""))
    now = read_signals(connection, evaluations[0].evaluatie_id).with_columns(zaak_id=zaak_id)
    both = assessed.join(
        now.select(*CASE, "bewijs", "feiten", "parameters", "regel_versie"), on=list(CASE), suffix="_nu"
    )
    rows = []
    for row in both.iter_rows(named=True):
        newest = visits.get(row["adresseerbaar_object_id"])
        changed = changed_since(row, _side(row, "_nu"), own_visit=_rests_on(row, newest))
        answered = row["oordeel"] in _ANSWERED
        stil = answered and not changed
        rows.append(row | {"bewijs": row["bewijs_nu"], "stil": stil, "gewijzigd": changed if answered else []})
    return pl.DataFrame([{name: row[name] for name in SILENCED} for row in rows], schema=SILENCED)


def _rests_on(assessment: Mapping[str, Any], newest: NewestVisit | None) -> bool:
    """Whether no visit is newer than the one that the assessment rests on, and that one says what it said then."""
    return (
        newest is not None
        and newest.inspectie == assessment["inspectie"]
        and newest.recorded_at is not None
        and newest.recorded_at <= assessment["beoordeeld_op"]
    )


def changed_since(assessment: Mapping[str, Any], signal: Mapping[str, Any], *, own_visit: bool = False) -> list[str]:
    """What differs between an assessment and a later signal of its case, in Dutch: 'zekere bewoners: was 3, nu 5'.

    Args:
        assessment: feiten, parameters and regel_versie.
        signal: the same of now.
        own_visit: the visit that the assessment rests on is still the newest: what visits tell is then no news.
    """
    then, now = _facts(assessment), _facts(signal)
    texts = [
        f"{_meaning(name)}: was {_shown(then.get(name))}, nu {_shown(now.get(name))}"
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name) and not (own_visit and _from_visit(name, then, now))
    ]
    law_then, law_now = _law(assessment), _law(signal)
    texts += [
        f"wet, {name}: was {_shown(law_then.get(name))}, nu {_shown(law_now.get(name))}"
        for name in sorted(law_then.keys() | law_now.keys())
        if law_then.get(name) != law_now.get(name)
    ]
    if assessment["regel_versie"] != signal["regel_versie"]:
        texts.append(f"de regel zelf: was versie {assessment['regel_versie']}, nu {signal['regel_versie']}")
    return texts


def _side(row: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    return {name: row[f"{name}{suffix}"] for name in ("feiten", "parameters", "regel_versie")}


def _facts(side: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in json.loads(side["feiten"]).items() if name not in _OF_THE_DAY}


def _law(side: Mapping[str, Any]) -> dict[str, Any]:
    """The value of each number of the law; where it is written is no part of it."""
    return {name: value.get("waarde") for name, value in json.loads(side["parameters"]).items()}


def _from_visit(name: str, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether what changed is what an inspection told, and nothing else."""
    fact = FACTS.get(name)
    if fact is None:
        return False
    origin = fact.herkomst or (name if name.endswith("_herkomst") else None)
    if origin is not None:
        return (origin in then or origin in now) and {then.get(origin), now.get(origin)} <= {"inspectie", None}
    return "inspecties" in fact.bronnen or fact.source.startswith("inspectie")


def _meaning(name: str) -> str:
    fact = FACTS.get(name)
    return name.replace("_", " ") if fact is None else fact.meaning


def _shown(value: Any) -> str:
    if value is None:
        return "onbekend"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(_shown(part) for part in _sorted(value)) or "niets"
    return str(value)


def _sorted(values: Iterable[Any]) -> list[Any]:
    return sorted(values, key=str)
