"""The engine: Kleene logic, the order between outcomes, the funnel, and the same bytes for the same input."""

from datetime import date
from itertools import permutations, product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_frames import BRONNEN, PEILDATUM, established, frames, home, inspection, object_id, stay, stays

from rules.adresverschil import ADRESVERSCHIL
from rules.catalogue import RULES, find_rule
from rules.engine import OUTCOME, evaluate, funnel, judge, with_receipts
from rules.facts import FACTS, CaseKind, RecordFrames
from rules.overbewoning import OVERBEWONING
from rules.parameters import Law, load_law
from rules.rule import Rule, Step, Uitkomst

T, F, U = True, False, None
LAW = load_law()
KLEENE_AND = {
    (T, T): T, (T, F): F, (T, U): U,
    (F, T): F, (F, F): F, (F, U): F,
    (U, T): U, (U, F): F, (U, U): U,
}  # fmt: skip
KLEENE_OR = {
    (T, T): T, (T, F): T, (T, U): T,
    (F, T): T, (F, F): F, (F, U): U,
    (U, T): T, (U, F): U, (U, U): U,
}  # fmt: skip


def answers(frame: pl.DataFrame, expression: pl.Expr) -> list[bool | None]:
    return frame.select(expression.alias("x")).to_series().to_list()


def test_expressions_follow_kleene() -> None:
    pairs = list(product((T, F, U), repeat=2))
    frame = pl.DataFrame(pairs, schema={"a": pl.Boolean, "b": pl.Boolean}, orient="row")
    assert answers(frame, pl.col("a") & pl.col("b")) == [KLEENE_AND[pair] for pair in pairs]
    assert answers(frame, pl.col("a") | pl.col("b")) == [KLEENE_OR[pair] for pair in pairs]
    assert answers(frame, ~pl.col("a")) == [None if a is None else not a for a, _ in pairs]


def probe(*, review: bool = True) -> Rule:
    return Rule(
        id="proef",
        version=1,
        title="Proef",
        label="proef",
        case=CaseKind.VERBLIJFSOBJECT,
        steps=(
            Step("eerst", "eerst?", "artikel 1", pl.col("a"), Uitkomst.NIET_VAN_TOEPASSING),
            Step(
                "dan",
                "dan?",
                "artikel 2",
                pl.col("b"),
                Uitkomst.GEEN_SIGNAAL,
                review=pl.col("twijfel") if review else None,
            ),
        ),
        parameters={},
    )


def said(a: bool | None, b: bool | None, doubt: bool | None) -> tuple[str, str, list[str]]:
    table = pl.DataFrame(
        {"a": [a], "b": [b], "twijfel": [doubt]}, schema=dict.fromkeys("ab", pl.Boolean) | {"twijfel": pl.Boolean}
    )
    row = judge(probe(), table).row(0, named=True)
    return row["uitkomst"], row["beslissend"], row["onbekende_feiten"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((T, T, F), ("signaal", "dan", [])),
        ((T, T, T), ("juridisch_toetsen", "dan", [])),
        ((T, T, U), ("onbekend", "dan", ["twijfel"])),
        ((F, F, T), ("niet_van_toepassing", "eerst", [])),
        ((F, U, U), ("niet_van_toepassing", "eerst", [])),
        ((U, F, T), ("geen_signaal", "dan", [])),
        ((T, F, U), ("geen_signaal", "dan", [])),
        ((U, T, T), ("onbekend", "eerst", ["a"])),
        ((U, U, F), ("onbekend", "eerst", ["a", "b"])),
        ((T, U, T), ("onbekend", "dan", ["b"])),
    ],
)
def test_definite_no_goes_first_then_unknown_then_doubt_in_law(
    facts: tuple[bool | None, bool | None, bool | None], expected: tuple[str, str, list[str]]
) -> None:
    assert said(*facts) == expected


def test_a_step_lists_the_columns_of_its_expression() -> None:
    step = OVERBEWONING.steps[2]
    assert step.facts == ("coa_opvang",)
    assert set(step.parameters) == {"toezicht.coa_lijst_volledig", "overbewoning.coa_uitgezonderd"}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_column_of_a_rule_is_declared(rule: Rule) -> None:
    for step in rule.steps:
        assert set(step.facts) <= FACTS.keys()
        assert set(step.parameters) <= rule.parameters.keys() <= LAW.parameters.keys()
        assert step.source
        assert step.question.endswith("?")
    assert set(rule.parameters.values()) <= FACTS.keys()


def mixed() -> RecordFrames:
    """One dwelling for each way through the rule."""
    homes = [
        home(1, 48),
        home(2, 48),
        home(3, 999_999),
        home(4, 48, gebruiksdoelen=["winkelfunctie"]),
        home(5, 48),
        home(6, 48),
        home(7, None, objecttype="standplaats", status="Plaats aangewezen", gebruiksdoelen=[]),
        home(8, 48, gemeente=None),
        home(9, 48),
    ]
    people = [
        row
        for number, count in ((1, 4), (2, 7), (3, 2), (4, 9), (5, 4), (6, 2), (7, 1), (8, 5))
        for row in stays(number, count)
    ]
    people += [stay(5, "5-x", zekerheid="mogelijk"), stay(1, "elders"), stay(9, "elders", in_onderzoek=True)]
    return frames(
        homes,
        people,
        [inspection(6, date(2024, 3, 1), 8, huishoudens=3), inspection(1, date(2024, 2, 1), 1)],
        [established(2, "huishoudens", "2"), established(7, "gemeten_oppervlakte", "11,5")],
    )


def test_outcome_frame_has_the_agreed_columns_and_one_sorted_row_per_case() -> None:
    outcomes = evaluate(OVERBEWONING, mixed(), LAW)
    assert outcomes.columns[: len(OUTCOME)] == list(OUTCOME)
    assert dict(outcomes.schema) | dict(OUTCOME) == dict(outcomes.schema)
    results = {"grond", "personen_min", "personen_max", "oppervlakte", "norm", "overschrijding", "urgentie"}
    assert results <= set(outcomes.columns)
    assert outcomes.get_column("adresseerbaar_object_id").to_list() == [object_id(n) for n in range(1, 10)]


def test_same_person_at_two_addresses_decides_only_where_it_matters() -> None:
    rows = {row["adresseerbaar_object_id"]: row for row in evaluate(OVERBEWONING, mixed(), LAW).iter_rows(named=True)}
    full, roomy = rows[object_id(1)], rows[object_id(9)]
    assert (full["uitkomst"], full["onbekende_feiten"]) == ("onbekend", ["tegenstrijdige_inschrijving"])
    assert (full["personen_min"], full["personen_max"]) == (4, 5)
    assert (roomy["uitkomst"], roomy["personen_min"], roomy["personen_max"]) == ("geen_signaal", 0, 1)


@pytest.mark.parametrize("rule", [OVERBEWONING, ADRESVERSCHIL], ids=lambda rule: rule.id)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=5, deadline=None)
def test_order_of_rows_does_not_change_a_byte(rule: Rule, seed: int) -> None:
    given_frames = mixed()
    shuffled = RecordFrames(
        PEILDATUM,
        given_frames.adresseerbare_objecten.sample(fraction=1, shuffle=True, seed=seed),
        bewoning=given_frames.bewoning.sample(fraction=1, shuffle=True, seed=seed),
        inspecties=given_frames.inspecties.sample(fraction=1, shuffle=True, seed=seed),
        vaststellingen=given_frames.vaststellingen.sample(fraction=1, shuffle=True, seed=seed),
        bronnen=BRONNEN,
    )
    once = with_receipts(rule, evaluate(rule, given_frames, LAW), LAW)
    again = with_receipts(rule, evaluate(rule, shuffled, LAW), load_law())
    assert once.height > 0
    assert once.write_json() == again.write_json()


def test_receipt_changes_with_fact_law_and_peildatum_only() -> None:
    def receipt(law: Law, peildatum: date = PEILDATUM, count: int = 5, other: int = 4) -> str:
        asked = frames([home(1), home(2)], [*stays(1, count), *stays(2, other)], peildatum=peildatum)
        kept = with_receipts(OVERBEWONING, evaluate(OVERBEWONING, asked, law), law)
        return str(kept.filter(pl.col("adresseerbaar_object_id") == object_id(1)).get_column("bewijs").item())

    base = receipt(LAW)
    assert receipt(LAW, other=3) == base
    changed_law = LAW.replace({"overbewoning.m2_per_persoon": 11})
    others = [receipt(LAW, count=6), receipt(changed_law), receipt(LAW, date(2024, 5, 2))]
    assert len({base, *others}) == 4


def test_only_outcomes_that_are_kept_get_a_receipt() -> None:
    kept = with_receipts(OVERBEWONING, evaluate(OVERBEWONING, mixed(), LAW), LAW)
    assert set(kept.get_column("uitkomst")) == {"signaal", "onbekend"}
    assert kept.get_column("bewijs").n_unique() == kept.height
    assert all(len(text) == 64 for text in [*kept.get_column("wet_hash"), *kept.get_column("feiten_hash")])


def test_funnel_counts_every_case_once() -> None:
    outcomes = evaluate(OVERBEWONING, mixed(), LAW)
    table = funnel(OVERBEWONING, outcomes)
    assert table.get_column("stap").to_list() == [step.name for step in OVERBEWONING.steps]
    assert table.get_column("bereikt").to_list() == [9, 8, 8, 8]
    assert table.select(pl.sum_horizontal("nee", "onbekend", "toets", "signaal")).sum().item() == 9


def test_funnel_per_group_adds_up_to_the_whole() -> None:
    outcomes = evaluate(OVERBEWONING, mixed(), LAW).with_columns(
        buurt=pl.when(pl.int_range(pl.len()) < 4).then(pl.lit("A")).otherwise(pl.lit("B"))
    )
    split = funnel(OVERBEWONING, outcomes, per="buurt")
    columns = ["bereikt", "nee", "onbekend", "toets", "signaal"]
    added = split.group_by("stap", maintain_order=True).agg(pl.col(columns).sum())
    assert added.equals(funnel(OVERBEWONING, outcomes).select("stap", *columns))


def test_no_dwellings_give_no_outcomes() -> None:
    empty = evaluate(OVERBEWONING, frames([]), LAW)
    assert empty.is_empty()
    assert with_receipts(OVERBEWONING, empty, LAW).is_empty()
    assert funnel(OVERBEWONING, empty).get_column("bereikt").to_list() == [0, 0, 0, 0]


def test_unknown_rule_is_named_with_the_known_ones() -> None:
    with pytest.raises(Exception, match=r"overbewonign.*overbewoning"):
        find_rule("overbewonign")


def test_known_facts_in_any_order_of_steps_give_one_first_no() -> None:
    for order in permutations(probe(review=False).steps):
        rule = Rule("proef", 1, "Proef", "proef", CaseKind.VERBLIJFSOBJECT, tuple(order), {})
        row = judge(rule, pl.DataFrame({"a": [False], "b": [False]})).row(0, named=True)
        assert row["beslissend"] == order[0].name
        assert row["uitkomst"] == order[0].on_no
