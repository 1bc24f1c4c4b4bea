"""What-ifs: the counts are those of the rule under both laws, kept with their result, and withdrawn with a trace."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from demo_town import DWELLINGS, PEILDATUM

from registry.errors import UsageError
from registry.exports.reach_pictures import draw_reach_chart, draw_reach_map
from registry.signals.whatif import judge_on
from registry.stock.composition import read_composition
from registry.stock.disclosure import Limits
from registry.stock.reach import Reach, WarmFrames, publish_reach, read_reach
from registry.stock.reach_changes import parse_reach_changes
from registry.stock.what_ifs import find_what_if, keep_what_if, list_what_ifs, repeat_what_if, withdraw_what_if
from registry.store.engine import Store, open_store
from registry.store.queries.policy import insert_what_if, insert_withdrawal, read_what_ifs
from registry.store.queries.stock import read_area_shapes
from registry.store.tables.runs import runs
from rules.catalogue import find_rule
from rules.parameters import shipped_law

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LIMIT = {"opkoopbescherming.grens": 300_000}
WARM = WarmFrames()


def reach(store: Store, regel: str, changes: dict[str, object], per: str = "buurt", on: date = PEILDATUM) -> Reach:
    with store.read() as connection:
        return read_reach(
            connection, find_rule(regel), shipped_law(), changes, per=per, peildatum=on, warm=WARM
        )  # fmt: skip


@pytest.mark.parametrize(
    ("regel", "changes"),
    [("overbewoning", {"overbewoning.m2_per_persoon": 15}), ("opkoopbescherming", LIMIT),
     ("opkoopbescherming", {"opkoopbescherming.termijn_jaren": 2})],
)  # fmt: skip
def test_the_counts_are_those_of_the_rule(demo_store: Store, regel: str, changes: dict[str, object]) -> None:
    found = reach(demo_store, regel, changes)
    law = shipped_law()
    other = {"opkoopbescherming.grens_min": 300_000, "opkoopbescherming.grens_max": 300_000}
    laws = {"nu": law, "dan": law.replace(other if changes is LIMIT else changes)}
    with demo_store.read() as connection:
        judged = judge_on(connection, find_rule(regel), laws, peildatum=PEILDATUM, per="buurt")
    for when, one in judged.items():
        reached = one.outcomes.filter(pl.col("uitkomst") != "niet_van_toepassing")
        signals = one.outcomes.filter(uitkomst="signaal")
        for buurt, count, signal in found.rows.select("buurt", f"bereikt_{when}", f"signaal_{when}").iter_rows():
            assert count == reached.filter(buurt=buurt).height
            assert signal == signals.filter(buurt=buurt).height
        assert found.total[f"bereikt_{when}"] == reached.height
    assert found.crossed["aantal"].sum() == judged["nu"].outcomes.height
    assert reach(demo_store, regel, changes).rows.equals(found.rows)  # from memory


def test_a_lower_limit_protects_fewer_dwellings_and_none_protects_all_or_nothing(demo_store: Store) -> None:
    low, high = (reach(demo_store, "opkoopbescherming", {"opkoopbescherming.grens": limit}) for limit in (1, 10**8))
    assert low.total["beschermd_dan"] == 0
    assert low.total["beschermd_nu"] == high.total["beschermd_nu"] > 0
    with demo_store.read() as connection:
        known = read_composition(connection, per=["wozklasse"], op=PEILDATUM, known=low.known).rows
    with_value = known.filter(pl.col("wozklasse") != "onbekend")["aantal"].sum()
    assert DWELLINGS >= high.total["beschermd_dan"] >= with_value
    assert high.total["misschien_beschermd_dan"] == 0


def test_another_area_moves_what_is_reached(demo_store: Store) -> None:
    with demo_store.read() as connection:
        code = read_area_shapes(connection, "buurt", op=PEILDATUM, known=99)["gebied_code"][0]
    found = reach(demo_store, "opkoopbescherming", {"opkoopbescherming.gebieden": code})
    assert (found.rows["beschermd_dan"] > 0).sum() == 1
    assert (found.rows["beschermd_nu"] > 0).sum() > 1


@pytest.mark.parametrize(
    ("changes", "per", "text"),
    [
        ({"opkoopbescherming.grens": -1}, "buurt", "kleiner zijn dan nul"),
        ({"opkoopbescherming.gebieden": "WK9999"}, "buurt", "geen enkele woning"),
        (LIMIT, "straat", "geen gebied"),
    ],
)
def test_what_cannot_be_asked_is_refused(demo_store: Store, changes: dict[str, object], per: str, text: str) -> None:
    with pytest.raises(UsageError, match=text):
        reach(demo_store, "opkoopbescherming", changes, per)


def test_a_limit_that_is_text_is_refused() -> None:
    law = shipped_law()
    assert parse_reach_changes(["opkoopbescherming.grens = 300000"], law) == LIMIT
    with pytest.raises(UsageError, match="is een getal"):
        parse_reach_changes(["opkoopbescherming.grens=veel"], law)
    with pytest.raises(UsageError, match="PARAMETER=WAARDE"):
        parse_reach_changes(["grens=1"], law)


def test_a_protected_what_if_shows_no_small_count_nor_difference(demo_store: Store) -> None:
    found = reach(demo_store, "overbewoning", {"overbewoning.m2_per_persoon": 15})
    shown = publish_reach(found, Limits(10, 5))
    for row in shown.iter_rows(named=True):
        assert all(value is None or value % 10 == 0 for name, value in row.items() if name != "buurt")
    true = found.rows.select("buurt", "signaal_nu")
    for buurt, count in true.iter_rows():
        if 0 < count < 10:
            assert shown.filter(buurt=buurt)["signaal_nu"].item() is None


def test_it_is_drawn_as_a_map_and_a_chart(demo_store: Store) -> None:
    found = reach(demo_store, "opkoopbescherming", LIMIT)
    with demo_store.read() as connection:
        shapes = read_area_shapes(connection, "buurt", op=PEILDATUM, known=found.known)
    chart = draw_reach_chart(found, source="BAG", limits=None)
    assert chart.table.columns == ["buurt", "nu", "dan"]
    assert chart.table["nu"].sum() == found.total["beschermd_nu"]
    drawn = draw_reach_map(found, shapes, source="BAG", limits=None)
    difference = found.total["beschermd_dan"] - found.total["beschermd_nu"]
    assert drawn.table["waarde"].sum() == difference
    assert "opkoopbescherming.grens = 300000" in drawn.svg.decode()


def test_it_is_kept_repeated_and_withdrawn(own_store: Store) -> None:
    law = shipped_law()
    found = reach(own_store, "opkoopbescherming", LIMIT)
    with own_store.write_transaction() as connection:
        keep_what_if(connection, found, law, naam=" Grens  300 ", auteur="A. Advies", moment=NOW, toelichting="raad")
        with pytest.raises(UsageError, match="in gebruik"):
            keep_what_if(connection, found, law, naam="grens 300", auteur="B", moment=NOW)
        with pytest.raises(UsageError, match="auteur"):
            keep_what_if(connection, found, law, naam="x", auteur=" ", moment=NOW)
    with own_store.read() as connection:
        kept = find_what_if(connection, "GRENS 300")
        again = repeat_what_if(connection, "Grens 300", law, peildatum=PEILDATUM, warm=WARM)
        later = repeat_what_if(
            connection, "Grens 300", law.replace({"overbewoning.m2_per_persoon": 9}), peildatum=date(2026, 11, 2)
        )
    assert kept.changes == LIMIT
    assert kept.then == again.now.rows.to_dicts() == found.rows.to_dicts()
    assert again.reasons == ()
    assert [reason.split()[0] for reason in later.reasons] == ["De", "Sindsdien"]
    with own_store.write_transaction() as connection:
        withdraw_what_if(connection, "Grens 300", auteur="C", moment=NOW, reden="achterhaald")
        with pytest.raises(UsageError, match="geen verkenning"):
            withdraw_what_if(connection, "Grens 300", auteur="C", moment=NOW, reden="nog eens")
        keep_what_if(connection, found, law, naam="Grens 300", auteur="D", moment=NOW)
    with own_store.read() as connection:
        first, second = list_what_ifs(connection)
    assert first.withdrawn == "C, 25-11-2026: achterhaald"
    assert (first.auteur, second.auteur, second.withdrawn) == ("A. Advies", "D", None)


def test_both_databases_keep_what_was_written(database_url: str) -> None:
    store = open_store(database_url)
    with store.write_transaction() as connection:
        connection.execute(
            runs.insert().values(
                run_id=1, bron="bag", bestand="a", levering="stand", status="gelukt", software="x", gestart=NOW
            )
        )
        number = insert_what_if(
            connection, naam="é", regel="overbewoning", changes="{}", per="buurt", peildatum=PEILDATUM, known=1,
            wet_hash="h", results="[]", auteur="A", kept_at=NOW, toelichting=None,
        )  # fmt: skip
        insert_withdrawal(connection, number, auteur="B", withdrawn_at=NOW, reden="r")
    with store.read() as connection:
        [row] = read_what_ifs(connection).to_dicts()
    store.close()
    assert (row["naam"], row["peildatum"], row["kept_at"], row["withdrawn_by"]) == ("é", PEILDATUM, NOW, "B")
