"""The cases of a rule and the dwelling that they are about."""

from typing import Any

import polars as pl

from rules.derivations.vaststellingen import OBJECT
from rules.facts import CaseKind, RecordFrames
from rules.rule import Rule, Uitkomst

KEYS: dict[CaseKind, str] = {
    CaseKind.VERBLIJFSOBJECT: OBJECT,
    CaseKind.OVERDRACHT: "overdracht_id",
    CaseKind.BEDING: "beding_id",
}
# How a case of each kind is called in Dutch, and more of them.
NOUNS: dict[CaseKind, tuple[str, str]] = {
    CaseKind.VERBLIJFSOBJECT: ("woning", "woningen"),
    CaseKind.OVERDRACHT: ("overdracht", "overdrachten"),
    CaseKind.BEDING: ("beding", "bedingen"),
}
# The source of the cases of each kind, and how an outcome names them when it was never imported.
_SOURCES: dict[CaseKind, tuple[str, str]] = {
    CaseKind.VERBLIJFSOBJECT: ("bag", "verblijfsobject"),
    CaseKind.OVERDRACHT: ("brk", "overdrachten"),
    CaseKind.BEDING: ("bedingen", "bedingen"),
}


def answering_case(rule: Rule, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The case that answers for each dwelling on the peildatum: at most one row per ``adresseerbaar_object_id``.

    Of transfers the latest one inscribed on or before the peildatum; where that is not certain of any, the latest that
    may have been. Of clauses the one in force, else the one that began last.

    Args:
        rule: the rule.
        outcomes: as ``evaluate`` gives for one peildatum.
    """
    if rule.order is None:
        return outcomes
    key = KEYS[rule.case]
    return (
        outcomes.with_columns(rule.order(pl.col("peildatum")).alias("volgorde"))
        .filter(pl.col("volgorde").is_not_null())
        .sort(OBJECT, "volgorde", key)
        .unique(OBJECT, keep="last", maintain_order=True)
        .drop("volgorde")
    )


def without_case(rule: Rule, frames: RecordFrames) -> dict[str, Any]:
    """What a rule says of a dwelling of which no case is known: nothing to judge, or (never imported) unknown.

    Returns:
        ``uitkomst``, ``beslissend`` (null) and ``onbekende_feiten``.
    """
    source, name = _SOURCES[rule.case]
    known = source in frames.bronnen
    said = Uitkomst.NIET_VAN_TOEPASSING if known else Uitkomst.ONBEKEND
    return {"uitkomst": said.value, "beslissend": None, "onbekende_feiten": [] if known else [name]}
