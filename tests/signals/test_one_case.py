"""One dwelling is read in point queries and judged by the frames that its rule needs: the outcome stays what it was."""

from datetime import date

import polars as pl
import pytest

from registry.demo.run import run_demo
from registry.privacy.purposes import for_purpose
from registry.signals.run import explain_case
from registry.store.engine import Store, open_store
from registry.store.queries.adressen import read_adres
from registry.store.queries.one_object import find_adres
from registry.store.queries.records import read_objecten, read_record_frames
from registry.store.queries.runs import last_run
from rules.catalogue import RULES
from rules.engine import answering_case, evaluate, with_receipts
from rules.facts import FRAMES_OF
from rules.frames import RecordFrames
from rules.parameters import shipped_law
from rules.rule import Rule

DAY, EARLIER = date(2026, 11, 1), date(2015, 3, 1)
_OBJECT = "adresseerbaar_object_id"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("een_woning")
    run_demo(folder, woningen=60, peildatum=DAY)
    return open_store(f"sqlite:///{folder / 'woonregister.db'}")


@pytest.fixture(scope="module")
def frames(store: Store) -> RecordFrames:
    with store.read() as connection:
        return read_record_frames(connection, peildatum=DAY, known=last_run(connection))


@pytest.mark.parametrize("day", [DAY, EARLIER])
def test_one_object_is_what_it_is_among_all(store: Store, day: date) -> None:
    with store.read() as connection:
        known = last_run(connection)
        every = read_objecten(connection, peildatum=day, known=known)
        assert every["gemeente"].null_count() < every.height > 0
        for object_id in every[_OBJECT].to_list():
            alone = read_objecten(connection, peildatum=day, known=known, only=object_id)
            among = every.filter(pl.col(_OBJECT) == object_id)
            assert alone.schema == among.schema
            assert alone.rows() == among.rows()


def test_who_does_not_exist_on_a_day_gives_no_row(store: Store) -> None:
    with store.read() as connection:
        none = read_objecten(connection, peildatum=DAY, known=last_run(connection), only="0606010999999999")
        before = read_objecten(connection, peildatum=DAY, known=0, only="0606010000000001")
    assert none.height == before.height == 0


def test_the_address_of_one_is_that_of_the_whole_reading(store: Store, frames: RecordFrames) -> None:
    with store.read() as connection:
        known = last_run(connection)
        for object_id in frames.adresseerbare_objecten[_OBJECT].to_list():
            found = find_adres(connection, object_id, on=DAY)
            told = read_adres(connection, object_id, on=DAY, known=known)
            assert found is not None
            assert ", ".join(found) == told


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_says_the_same_without_the_frames_that_it_does_not_need(frames: RecordFrames, rule: Rule) -> None:
    names = {*FRAMES_OF[rule.case], "adresseerbare_objecten", "bronnen", "peildatum"}
    fewer = RecordFrames(**{name: getattr(frames, name) for name in names})
    law = shipped_law()
    whole, part = (with_receipts(rule, evaluate(rule, some, law), law, stored_only=False) for some in (frames, fewer))
    assert whole.height > 0
    assert part.equals(whole)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_the_receipt_of_one_is_that_among_all(store: Store, frames: RecordFrames, rule: Rule) -> None:
    law = shipped_law()
    with store.read() as connection:
        known = last_run(connection)
        allowed = for_purpose(connection, rule, frames, known=known)
        outcomes = with_receipts(rule, answering_case(rule, evaluate(rule, allowed, law)), law, stored_only=False)
        receipts = dict(outcomes.select(_OBJECT, "bewijs").iter_rows())
        asked = frames.adresseerbare_objecten[_OBJECT].to_list()[::5]
        for object_id in asked:
            said = explain_case(connection, rule, law, object_id, peildatum=DAY, known=known)
            if object_id in receipts:
                assert said.bewijs == receipts[object_id]
            else:
                assert said.steps == ()
