"""Contract and supervision are two purposes: a register is matched for the first only after a decision."""

from datetime import date

import polars as pl
import pytest
from privacy_registry import PEILDATUM, Registry

from registry.errors import UsageError
from registry.privacy.activities import Verwerking, shipped_activities
from registry.privacy.purposes import (
    asked_sources,
    decide_purpose,
    for_purpose,
    missing_decision,
    purpose_of,
    revoke_purpose,
)
from registry.signals.receipts import reproduce
from registry.signals.run import explain_case, run_evaluations
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import imported_sources, last_run
from registry.store.queries.signals import read_signals
from rules.catalogue import RULES, find_rule
from rules.parameters import shipped_law
from rules.rule import Rule

ZELFBEWONING = find_rule("zelfbewoningsplicht")
DOEL = shipped_activities().find("naleving_zelfbewoning", PEILDATUM)
WHO = {"auteur": "college", "reden": "besluit 2026/12"}


def outcomes(registry: Registry) -> tuple[pl.DataFrame, dict[str, int]]:
    (result,) = run_evaluations(registry.store, [ZELFBEWONING], shipped_law(), peildatum=PEILDATUM)
    with registry.store.read() as connection:
        return read_signals(connection, result.evaluatie_id), result.tellingen


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_every_rule_has_one_purpose_and_asks_no_fact_that_it_may_not_have(rule: Rule) -> None:
    serves = [one for one in shipped_activities().all() if rule.id in one.regels]
    assert len(serves) == 1
    allowed = {*(serves[0].bronnen or ()), *serves[0].bronnen_na_besluit}
    assert asked_sources(rule) <= allowed


def test_supervision_never_uses_the_clauses_and_a_clause_never_the_woz() -> None:
    for one in shipped_activities().all():
        if "zelfbewoningsplicht" in one.regels:
            assert "woz" not in {*(one.bronnen or ()), *one.bronnen_na_besluit}
        elif one.regels:
            assert "bedingen" not in (one.bronnen or ())


def test_without_a_decision_the_facts_are_unknown_and_the_user_is_told(registry: Registry) -> None:
    _, before = outcomes(registry)
    revoke_purpose(registry.store, DOEL, **WHO)
    rows, after = outcomes(registry)
    assert before["onbekend"] == 0
    assert after["signaal"] + after["geen_signaal"] == 0
    assert after["onbekend"] == before["signaal"] + before["geen_signaal"] > 0
    assert {"bewoners", "overdrachten"} <= {fact for facts in rows["onbekende_feiten"].to_list() for fact in facts}
    with registry.store.read() as connection:
        told = missing_decision(connection, ZELFBEWONING, PEILDATUM)
        assert missing_decision(connection, find_rule("overbewoning"), PEILDATUM) is None
    assert told is not None
    assert "nog niet besloten" in told
    assert "woonregister doel kies naleving_zelfbewoning" in told


def test_a_decision_for_some_sources_opens_only_those(registry: Registry) -> None:
    decide_purpose(registry.store, DOEL, ("brk",), grondslag="collegebesluit", **WHO)
    with registry.store.read() as connection:
        known = last_run(connection)
        frames = read_record_frames(connection, peildatum=PEILDATUM, known=known)
        seen = for_purpose(connection, ZELFBEWONING, frames, known=known)
        assert seen.overdrachten.height == frames.overdrachten.height > 0
        assert seen.bewoning.is_empty()
        assert seen.woz_waarden.is_empty()
        assert frames.bewoning.height > 0
        assert {"bag", "brk", "bedingen"} <= seen.bronnen
        assert not {"brp", "woz"} & seen.bronnen
        # Supervision is not touched by it.
        assert for_purpose(connection, find_rule("overbewoning"), frames, known=known) is frames
        assert missing_decision(connection, ZELFBEWONING, PEILDATUM) is None


def test_an_old_receipt_is_reproduced_with_what_was_decided_then(registry: Registry) -> None:
    revoke_purpose(registry.store, DOEL, **WHO)
    rows, _ = outcomes(registry)
    undecided = rows["bewijs"][0]
    decide_purpose(registry.store, DOEL, DOEL.bronnen_na_besluit, grondslag="collegebesluit", **WHO)
    with registry.store.read() as connection:
        again = reproduce(connection, undecided)
        assert again.equal
        now = explain_case(
            connection,
            ZELFBEWONING,
            shipped_law(),
            rows["adresseerbaar_object_id"][0],
            peildatum=PEILDATUM,
            known=last_run(connection),
        )
    assert now.bewijs != undecided


@pytest.mark.parametrize(
    ("bronnen", "changes", "said"),
    [
        (("woz",), {}, "ook niet met een besluit"),
        (("brp",), {"grondslag": " "}, "Vermeld de grondslag"),
        (("brp",), {"auteur": ""}, "Vermeld wie"),
        (("brp",), {"reden": ""}, "Vermeld de reden"),
    ],
)
def test_a_decision_names_its_ground_and_only_what_may_be_chosen(
    bronnen: tuple[str, ...], changes: dict[str, str], said: str, registry: Registry
) -> None:
    with pytest.raises(UsageError, match=said):
        decide_purpose(registry.store, DOEL, bronnen, **({"grondslag": "besluit"} | WHO | changes))


def test_there_is_nothing_to_decide_about_supervision(registry: Registry) -> None:
    other: Verwerking | None = purpose_of(find_rule("overbewoning"), PEILDATUM)
    assert other is not None
    with pytest.raises(UsageError, match="niets te besluiten"):
        decide_purpose(registry.store, other, (), grondslag="x", **WHO)


def test_who_asks_about_long_ago_is_bound_as_well(registry: Registry) -> None:
    assert purpose_of(ZELFBEWONING, date(1990, 1, 1)) == DOEL
    revoke_purpose(registry.store, DOEL, **WHO)
    with registry.store.read() as connection:
        known = last_run(connection)
        frames = read_record_frames(connection, peildatum=date(1990, 1, 1), known=known)
        assert "brp" in frames.bronnen
        assert "brp" not in for_purpose(connection, ZELFBEWONING, frames, known=known).bronnen


def test_a_decision_is_no_source(registry: Registry) -> None:
    with registry.store.read() as connection:
        assert "besluit" not in imported_sources(connection, known=last_run(connection))["bron"].to_list()
