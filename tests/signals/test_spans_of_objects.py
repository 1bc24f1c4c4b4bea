"""A registry that is judged span by span has the outcomes of one that is judged at once, receipts included."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.demo.manifest import read_manifest
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import EvaluationResult, run_evaluations
from registry.store.engine import Store, open_store
from registry.store.queries.signals import read_signals
from registry.store.queries.spans import is_in_frame, is_of, read_spans
from registry.store.tables import registers
from registry.store.tables.signals import evaluaties, signalen
from registry.store.types import one_of
from rules.catalogue import RULES
from rules.parameters import shipped_law

PEILDATUM = date(2026, 11, 1)
SOURCES = ("bag", "gebieden", "brp", "brk", "woz", "bedingen", "inspecties")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    make_municipality(folder, woningen=100, peildatum=PEILDATUM)
    return folder


@pytest.fixture
def store(town: Path, database_url: str) -> Iterator[Store]:
    files, opened, cipher = read_manifest(town).bestanden, open_store(database_url), BsnCipher(generate_keys())
    for bron in SOURCES:
        request = ImportRequest(bron, town / files[bron], None if bron == "bag" else PEILDATUM)
        run_import(opened, request, cipher=cipher)
    yield opened
    opened.close()


def test_spans_hold_every_object_once_and_judge_as_the_whole_does(store: Store) -> None:
    _check_spans(store)
    by_span = _evaluate(store, batch=50)
    spread = _kept(store, by_span)
    assert all(one.repeated for one in _evaluate(store, batch=70))
    with store.write_transaction() as connection:
        connection.execute(signalen.delete())
        connection.execute(evaluaties.delete())
    at_once = _evaluate(store, batch=100_000)
    assert [one.tellingen for one in by_span] == [one.tellingen for one in at_once]
    together = _kept(store, at_once)
    assert together["regel"].n_unique() > 4
    assert spread.equals(together)


def _check_spans(store: Store) -> None:
    column = registers.verblijfsobjecten.c.verblijfsobject_id
    wanted = sa.select(column).distinct().order_by(column)
    with store.read() as connection:
        assert read_spans(connection, size=100_000) == [None]
        spans = [span for span in read_spans(connection, size=50) if span is not None]
        every = connection.execute(wanted).scalars().all()
        parts = [connection.execute(wanted.where(is_of(column, span))).scalars().all() for span in spans]
        many = [*every, *(f"{number:016d}" for number in range(50_000))]
        assert connection.execute(wanted.where(column.in_(one_of(many)))).scalars().all() == every
        assert connection.execute(wanted.where(column.in_(one_of(['"', "\\", every[3]])))).scalars().all() == [every[3]]
    assert len(spans) > 2
    assert all(parts)
    assert [one for part in parts for one in part] == every
    frame = pl.DataFrame({"id": every})
    assert [frame.filter(is_in_frame(pl.col("id"), span))["id"].to_list() for span in spans] == parts


def _evaluate(store: Store, *, batch: int) -> list[EvaluationResult]:
    return run_evaluations(store, RULES.values(), shipped_law(), peildatum=PEILDATUM, batch=batch)


def _kept(store: Store, results: list[EvaluationResult]) -> pl.DataFrame:
    with store.read() as connection:
        kept = pl.concat([read_signals(connection, one.evaluatie_id) for one in results])
    return kept.drop("evaluatie_id").sort("regel", "adresseerbaar_object_id", "overdracht_id", "beding_id")
