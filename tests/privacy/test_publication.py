"""The drafts fit the publication standard, and say of each rule what it really does."""

import pytest
from privacy_registry import PEILDATUM

from registry.privacy.activities import shipped_activities
from registry.privacy.publication import LIMITS, REQUIRED, algorithm_entries, dpia_blocks
from registry.privacy.purposes import asked_sources
from registry.privacy.retention import shipped_terms
from rules.catalogue import RULES
from rules.facts import FACTS
from rules.rule import Rule

ENTRIES = {
    one["source_id"]: one
    for one in algorithm_entries(list(RULES.values()), shipped_activities(), gemeente="Testdam", day=PEILDATUM)
}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_an_entry_fits_the_standard_and_tells_the_steps(rule: Rule) -> None:
    entry = ENTRIES[rule.id]
    assert [name for name in REQUIRED if not entry.get(name)] == []
    assert {name: len(entry[name]) for name, longest in LIMITS.items() if len(entry[name]) > longest} == {}
    assert entry["publication_category"] == "Impactvolle algoritmes"
    assert entry["standard_version"] == "1.0"
    for step in rule.steps:
        assert step.question in entry["methods_and_models"]
    assert {*entry["source_data"].split(", ")} >= asked_sources(rule)
    activity = next(one for one in shipped_activities().all() if rule.id in one.regels)
    assert (entry["goal"], entry["lawful_basis"]) == (activity.doel, activity.grondslag)


def test_the_building_blocks_name_every_fact_purpose_and_term() -> None:
    text = dpia_blocks(list(RULES.values()), shipped_activities(), shipped_terms(), gemeente="Testdam", day=PEILDATUM)
    for rule in RULES.values():
        assert f"### {rule.title} (`{rule.id}`" in text
        assert [name for name in rule.evidence if FACTS[name].meaning not in text] == []
    for activity in shipped_activities().all():
        assert activity.doel in text
    for term in shipped_terms():
        assert term.naam in text
        assert term.maanden is None or f"{term.maanden} maanden" in text
    assert "(te bevestigen)" in text
    assert "in te vullen" in text
