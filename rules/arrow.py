"""Rules over Arrow batches: the way out of one machine, for who has more dwellings than fit there.

Whatever hands out Arrow batches of facts (Spark's ``mapInArrow``, a Flight server, a folder of Parquet) can run
``judge_batches`` unchanged; it is the engine of ``rules.engine`` and nothing besides. Facts come from ``facts_of``, on
the machine of each gemeente or wherever its record frames are.
"""

from collections.abc import Iterable, Iterator

import polars as pl
import pyarrow as pa

from rules.case_facts import case_facts
from rules.cases import KEYS
from rules.engine import judge, with_receipts
from rules.facts import RecordFrames
from rules.parameters import Law
from rules.rule import Rule

JUDGED = pa.schema(
    [
        ("regel", pa.string()),
        ("regel_versie", pa.int64()),
        ("adresseerbaar_object_id", pa.string()),
        ("overdracht_id", pa.string()),
        ("beding_id", pa.string()),
        ("gemeente", pa.string()),
        ("peildatum", pa.date32()),
        ("uitkomst", pa.string()),
        ("beslissend", pa.string()),
        ("onbekende_feiten", pa.list_(pa.string())),
        ("bewijs", pa.string()),  # the receipt, of every outcome
    ]
)
"""What ``judge_batches`` gives."""


def facts_of(rule: Rule, frames: RecordFrames, law: Law) -> pl.DataFrame:
    """The facts of every case of a rule, sorted by its key: one row, or one per possible day of it."""
    return case_facts(rule, frames, law).sort(KEYS[rule.case], maintain_order=True)


def judge_batches(rule: Rule, law: Law, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The outcome of every case, with its receipt.

    Args:
        rule: the rule.
        law: the law files.
        batches: facts (``facts_of``) in any division, as long as the rows of one case follow each other.

    Yields:
        Batches of schema ``JUDGED``, one per incoming batch that ends a case.
    """
    key, held = KEYS[rule.case], pl.DataFrame()
    for batch in batches:
        frame = pl.from_arrow(batch)
        if not isinstance(frame, pl.DataFrame) or frame.is_empty():
            continue
        rows = frame if held.is_empty() else pl.concat([held, frame])
        # The last case may go on in the next batch.
        last = rows[key] == rows[key][-1]
        held = rows.filter(last)
        yield from _judged(rule, law, rows.filter(~last))
    yield from _judged(rule, law, held)


def _judged(rule: Rule, law: Law, facts: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    if facts.is_empty():
        return
    outcomes = with_receipts(rule, judge(rule, law.attach(facts.rechunk(), rule.parameters)), law, stored_only=False)
    yield from outcomes.select(JUDGED.names).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(JUDGED).to_batches()
