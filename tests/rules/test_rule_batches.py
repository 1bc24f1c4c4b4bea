"""Rules over Arrow batches: however the facts are divided, the outcomes and receipts are those of the whole."""

import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.bench_rules import add_ownership, make_frames
from rules.arrow import JUDGED, facts_of, judge_batches
from rules.cases import KEYS
from rules.catalogue import find_rule
from rules.engine import evaluate, with_receipts
from rules.frames import RecordFrames
from rules.parameters import load_law
from rules.rule import Rule

ROOT = Path(__file__).resolve().parent.parent.parent
LAW = load_law()


def _some_known_by_year_only(frames: RecordFrames) -> RecordFrames:
    """Every third transfer can have happened on any day of its year: such a case has more than one row of facts."""
    year = pl.col("inschrijving_eerste").dt.year()
    vague = pl.int_range(pl.len()) % 3 == 0
    days = {"inschrijving_eerste": pl.date(year, 1, 1), "inschrijving_laatste": pl.date(year, 12, 31)}
    overdrachten = frames.overdrachten.with_columns(
        pl.when(vague).then(day).otherwise(name).alias(name) for name, day in days.items()
    )
    return replace(frames, overdrachten=overdrachten)


FRAMES = _some_known_by_year_only(add_ownership(make_frames(300, 900)))
RULES = [find_rule(name) for name in ("overbewoning", "opkoopbescherming")]
FACTS = {rule.id: facts_of(rule, FRAMES, LAW) for rule in RULES}
WHOLE = {rule.id: with_receipts(rule, evaluate(rule, FRAMES, LAW), LAW, stored_only=False) for rule in RULES}


def judged(rule: Rule, sizes: list[int]) -> pl.DataFrame:
    """The outcomes of facts in batches of these sizes, and what is left in one."""
    facts, parts = FACTS[rule.id], []
    for size in sizes:
        parts.append(facts.head(size))
        facts = facts.slice(size)
    batches = [
        batch
        for part in [*parts, facts]
        for batch in part.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks().to_batches()
    ]
    frame = pl.from_arrow(pa.Table.from_batches(judge_batches(rule, LAW, batches), JUDGED))
    assert isinstance(frame, pl.DataFrame)
    return frame.sort(KEYS[rule.case])


@settings(max_examples=10)  # every batch costs what a municipality costs
@given(st.lists(st.integers(0, 90), max_size=4), st.sampled_from(RULES))
def test_a_division_changes_no_outcome_and_no_receipt(sizes: list[int], rule: Rule) -> None:
    found, whole = judged(rule, sizes), WHOLE[rule.id].select(JUDGED.names).sort(KEYS[rule.case])
    assert found.height == whole.height > 0
    assert found.equals(whole.cast(dict(found.schema)))


def test_one_case_may_lie_on_both_sides_of_a_border() -> None:
    rule = find_rule("opkoopbescherming")
    facts = FACTS[rule.id]
    assert facts.height > facts["overdracht_id"].n_unique(), "no case has more than one row: the property proves little"


@pytest.mark.proof
def test_a_spark_cluster_of_two_workers_gives_the_same() -> None:
    if find_spec("pyspark") is None:
        pytest.skip("pyspark is niet geïnstalleerd (het extra spark: pip install 'pyspark>=4')")
    if shutil.which("java") is None:
        pytest.skip("Java is niet geïnstalleerd (apt-get install default-jre-headless)")
    command = [sys.executable, "-m", "benchmarks.spark_example", "3000"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert result.returncode == 0, result.stdout + result.stderr[-2000:]
    assert '"overbewoning, cases": 3000' in result.stdout
