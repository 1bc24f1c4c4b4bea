"""The receipt of a case as a list keeps it: what was true and known, by which rule, law and sources, on one moment."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from registry.store.engine import to_json
from rules.explain import sentences
from rules.rule import Rule

# A fact that differs between any two days says nothing of what changed.
_OF_THE_DAY = frozenset({"peildatum"})
_ALWAYS = ("regel", "regel_versie", "wet_hash", "feiten_hash", "bewijs", "uitkomst", "beslissend")
_IF_GIVEN = ("urgentie", "toelichting", "personen_min", "personen_max", "oppervlakte", "norm")


@dataclass(frozen=True, slots=True)
class FrozenReceipt:
    """What a case was on a moment.

    Attributes:
        regel: rule id.
        regel_versie: version of the rule.
        peildatum: the day that was judged, ISO.
        known_run_id: the last run that counted.
        wet_hash: of the law texts, which are kept under it.
        feiten_hash: of the facts.
        bewijs: number under which the outcome can be computed again.
        uitkomst: outcome.
        beslissend: the deciding step.
        urgentie: level, if the rule gives one.
        toelichting: the outcome in one Dutch sentence.
        personen_min: persons who certainly live there.
        personen_max: persons who live there at most.
        oppervlakte: m2 against which was judged.
        norm: m2 per person.
        feiten: every fact that the rule used.
        parameters: every number of the law that the rule used, with its source.
        sources: per source of those facts: bron, levering, leverdatum, run_id.
    """

    regel: str
    regel_versie: int
    peildatum: str
    known_run_id: int
    wet_hash: str
    feiten_hash: str
    bewijs: str
    uitkomst: str
    beslissend: str
    urgentie: str | None
    toelichting: str | None
    personen_min: int | None
    personen_max: int | None
    oppervlakte: float | None
    norm: float | None
    feiten: dict[str, Any]
    parameters: dict[str, Any]
    sources: list[dict[str, Any]]

    def to_json(self) -> str:
        """Canonical text: the same receipt gives the same bytes."""
        return to_json(asdict(self))

    @property
    def is_open(self) -> bool:
        """Whether the case still asks for a visit."""
        return self.uitkomst in ("signaal", "juridisch_toetsen", "onbekend")


def read_receipt(text: str) -> FrozenReceipt:
    """A receipt as it was kept."""
    return FrozenReceipt(**json.loads(text))


def freeze(row: Mapping[str, Any], *, known: int, sources: pl.DataFrame) -> FrozenReceipt:
    """The receipt of an outcome.

    Args:
        row: an outcome with receipt, as stored in ``signalen`` or as ``with_sentences`` gives it.
        known: the last run that counted.
        sources: bron, levering, leverdatum, run_id of what the rule rests on.
    """
    peildatum: date = row["peildatum"]
    values: dict[str, Any] = {name: row[name] for name in _ALWAYS} | {name: row.get(name) for name in _IF_GIVEN}
    values |= {"peildatum": peildatum.isoformat(), "known_run_id": known}
    values |= {name: json.loads(row[name]) for name in ("feiten", "parameters")}
    return FrozenReceipt(**values, sources=json.loads(to_json(sources.to_dicts())))


def with_sentences(rule: Rule, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Outcomes with receipt (``engine.with_receipts``) with column ``toelichting`` added."""
    return outcomes.with_columns(sentences(rule, outcomes).alias("toelichting"))


def changed_facts(before: FrozenReceipt, after: FrozenReceipt) -> dict[str, list[Any]]:
    """What differs between two receipts of one case: ``{fact: [then, now]}``.

    A number of the law stands in it as ``wet:<name>``, the version of the rule as ``regel_versie``.
    """
    then, now = _values(before), _values(after)
    return {
        name: [then.get(name), now.get(name)]
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    }


def _values(receipt: FrozenReceipt) -> dict[str, Any]:
    law = {f"wet:{name}": value.get("waarde") for name, value in receipt.parameters.items()}
    facts = {name: value for name, value in receipt.feiten.items() if name not in _OF_THE_DAY}
    return {"regel_versie": receipt.regel_versie, **facts, **law}
