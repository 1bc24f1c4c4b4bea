"""A list from proposal to round: placed once, ordered by people, and nothing comes off it without a reason."""

import json
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
import shapely
import small_town
import sqlalchemy as sa
from small_town import DAY, NOW, by_hand, place_one, propose

from registry.errors import UsageError
from registry.store.engine import Store, open_store
from registry.store.queries.meldingen import read_meldingen
from registry.store.queries.runs import NewRun, last_run, start_run
from registry.store.tables.worklists import worklist_rows, worklists
from registry.worklists.opened import OpenedList, open_list, overview
from registry.worklists.placing import drop, place, reorder, replace_case, withdraw_list
from registry.worklists.planner_settings import PlannerSettings
from registry.worklists.route import follow
from registry.worklists.saved_settings import find_settings, list_settings, save_settings, withdraw_settings

OBJECT = "adresseerbaar_object_id"


def opened(store: Store, number: int, *, analyst: bool = False) -> OpenedList:
    with store.read() as connection:
        return open_list(connection, number, analyst=analyst)


def ids(store: Store, number: int) -> list[int]:
    return [one.row.worklist_row_id for one in opened(store, number).rows]


def test_a_proposal_holds_the_best_cases_in_the_shortest_round(judged_store: Store) -> None:
    asked = PlannerSettings(length=5, weights={"urgentie": 3.0, "overschrijding": 1.0})
    proposal = propose(judged_store, asked)
    whole = propose(judged_store, asked.model_copy(update={"length": 20}))
    assert proposal.rows["stop"].n_unique() == 5
    assert whole.open_cases == proposal.open_cases == 12
    best = whole.rows.group_by("stop").agg(pl.col("points").max()).sort("points", descending=True)["points"][4]
    assert proposal.rows.group_by("stop").agg(pl.col("points").max())["points"].min() == best
    points = list(proposal.rows.select("x", "y").iter_rows())
    assert proposal.proven
    assert proposal.distance == pytest.approx(
        follow(proposal.start.point, points, range(len(points)), returns=True).distance
    )
    shuffled = follow(proposal.start.point, points[::2] + points[1::2], range(len(points)), returns=True).distance
    assert proposal.distance <= shuffled


def test_filters_keep_what_they_ask_for(judged_store: Store) -> None:
    everything = propose(judged_store, PlannerSettings(length=20)).rows
    buurt = everything["buurt"].drop_nulls()[0]
    only = propose(judged_store, PlannerSettings(length=20, buurten=(buurt.upper(),))).rows
    assert set(only["buurt"]) == {buurt}
    assert set(only[OBJECT]) == set(everything.filter(buurt=buurt)[OBJECT])
    x, y = everything.select("x", "y").row(0)
    around = shapely.Point(x, y).buffer(5).wkt
    assert set(propose(judged_store, PlannerSettings(length=20, polygon=around)).rows[OBJECT]) <= set(
        everything.filter((pl.col("x") - x).abs() < 6, (pl.col("y") - y).abs() < 6)[OBJECT]
    )
    never = propose(judged_store, PlannerSettings(length=20, unvisited_days=1000)).rows
    assert 0 < never.height <= everything.height
    with judged_store.read() as connection:
        told = read_meldingen(connection, known=last_run(connection), until=DAY).drop_nulls(OBJECT)
    reported = propose(judged_store, PlannerSettings(length=20, melding_days=3660)).rows
    assert set(reported[OBJECT]) == set(everything[OBJECT]) & set(told[OBJECT])
    assert propose(judged_store, PlannerSettings(length=20, urgenties=("hoog",))).rows.height < everything.height


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ({"buurten": ("Nergens",)}, {}, "Onbekende buurt: nergens"),
        ({"gebieden": ("BU99",)}, {}, "Onbekende gebied"),
        ({"regels": ("omzetting",)}, {}, "nog niet getoetst"),
        ({"regels": ("bestaat_niet",)}, {}, "bestaat_niet"),
        ({"weights": {"nabijheid": 1.0}}, {}, "vraagt om een beginpunt"),
        ({}, {"start": "Nergensstraat 1"}, "beginpunt 'Nergensstraat 1' is niet gevonden"),
    ],
)
def test_what_does_not_exist_is_told(
    judged_store: Store, values: dict[str, Any], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        propose(judged_store, PlannerSettings(**values), **options)


def test_a_round_begins_at_an_address_or_a_point(judged_store: Store) -> None:
    row = propose(judged_store).rows.row(0, named=True)
    at_address = propose(judged_store, start=f"{row['adres']}, {row['woonplaats']}")
    assert at_address.start.point == pytest.approx((row["x"], row["y"]), abs=30)
    near = PlannerSettings(length=1, weights={"nabijheid": 1.0})
    assert propose(judged_store, near, start=f"{row['x']},{row['y']}").rows["stop"].to_list()[0] == row["stop"]


def test_a_control_sample_is_drawn_among_what_the_rule_cleared_and_only_the_analyst_sees_it(own_store: Store) -> None:
    asked = PlannerSettings(length=8)
    proposal = propose(own_store, asked, control_share=0.25, seed=7)
    drawn = proposal.rows.filter("is_control")
    assert drawn["stop"].n_unique() == 2
    assert {json.loads(text)["uitkomst"] for text in drawn["receipt"]} == {"geen_signaal"}
    assert {json.loads(text)["uitkomst"] for text in proposal.rows.filter(~pl.col("is_control"))["receipt"]} == {
        "signaal"
    }
    assert propose(own_store, asked, control_share=0.25, seed=7).rows.equals(proposal.rows)
    assert not propose(own_store, asked, control_share=0.25, seed=8).rows.filter("is_control").equals(drawn)
    number = place(own_store, proposal, planner="P", now=NOW)
    assert sum(one.is_control for one in opened(own_store, number, analyst=True).rows) == drawn.height
    assert not any(one.is_control for one in opened(own_store, number).rows)
    assert opened(own_store, number).stored.seed == 7


def test_what_is_placed_stays_as_it_was_then(own_store: Store) -> None:
    proposal = propose(own_store)
    number = place(own_store, proposal, planner=" P. Lanner ", now=NOW, inspecteurs="A en B")
    found = opened(own_store, number)
    assert [one.row.adresseerbaar_object_id for one in found.rows] == proposal.rows[OBJECT].to_list()
    assert [one.row.receipt for one in found.rows] == proposal.rows["receipt"].to_list()
    assert found.order.distance == pytest.approx(proposal.distance)
    assert (found.stored.planner, found.stored.expires_on) == ("P. Lanner", DAY + timedelta(days=7))
    for one in found.rows:
        assert one.receipt.feiten[OBJECT] == one.row.adresseerbaar_object_id
        assert one.receipt.parameters["overbewoning.m2_per_persoon"]["bron"]
        assert {source["bron"] for source in one.receipt.sources} >= {"bag", "brp"}
        assert one.points == pytest.approx(sum(reason["punten"] for reason in one.reasons))
    with own_store.read() as connection:
        [line] = overview(connection, datum=DAY)
    assert (line.lijst, line.zaken, line.adressen) == (number, proposal.rows.height, found.addresses)


def test_a_second_list_of_a_day_has_other_dwellings(own_store: Store) -> None:
    small = PlannerSettings(length=4)
    place_one(own_store, small)
    second = propose(own_store, small)
    with own_store.read() as connection:
        first = {one.row.adresseerbaar_object_id for one in open_list(connection, 1).rows}
    assert first.isdisjoint(second.rows[OBJECT])
    assert first & set(propose(own_store, small, day=DAY + timedelta(days=1)).rows[OBJECT])


def test_people_order_a_list_and_the_second_one_is_told(own_store: Store) -> None:
    number = place_one(own_store)
    turned = ids(own_store, number)[::-1]
    metres = reorder(own_store, number, turned, author="Q", now=NOW, seen=1)
    assert ids(own_store, number) == turned
    assert opened(own_store, number).order.distance == metres
    with pytest.raises(UsageError, match="intussen gewijzigd door Q"):
        reorder(own_store, number, turned[::-1], author="R", now=NOW, seen=1)
    with pytest.raises(UsageError, match="één keer noemen"):
        reorder(own_store, number, turned[1:], author="R", now=NOW)
    with pytest.raises(UsageError, match="één keer noemen"):
        reorder(own_store, number, [*turned, turned[0]], author="R", now=NOW)


def test_a_case_comes_off_with_its_reason_and_may_go_on_another_list(own_store: Store) -> None:
    number = place_one(own_store, PlannerSettings(length=3))
    gone = opened(own_store, number).rows[1].row
    with pytest.raises(UsageError, match="de reden"):
        drop(own_store, number, gone.worklist_row_id, reason=" ", author="Q", now=NOW)
    drop(own_store, number, gone.worklist_row_id, reason="bewoner belde", author="Q", now=NOW)
    found = opened(own_store, number)
    assert gone.worklist_row_id not in ids(own_store, number)
    assert [(one.row.worklist_row_id, one.row.dropped_reason, one.row.dropped_by) for one in found.dropped] == [
        (gone.worklist_row_id, "bewoner belde", "Q")
    ]
    with pytest.raises(UsageError, match=r"niet \(meer\) op lijst"):
        drop(own_store, number, gone.worklist_row_id, reason="x", author="Q", now=NOW)
    again = propose(own_store, PlannerSettings(length=20))
    assert gone.adresseerbaar_object_id in set(again.rows[OBJECT])
    place(own_store, again, planner="R", now=NOW)


def test_a_case_is_replaced_in_its_place_by_one_that_was_not_on_the_list(own_store: Store) -> None:
    number = place_one(own_store, PlannerSettings(length=3))
    before = ids(own_store, number)
    objects = {one.row.adresseerbaar_object_id for one in opened(own_store, number).rows}
    new = replace_case(own_store, number, before[1], reason="adres bestaat niet meer", author="Q", now=NOW)
    assert ids(own_store, number) == [before[0], new, *before[2:]]
    assert opened(own_store, number).rows[1].row.adresseerbaar_object_id not in objects


def test_a_list_that_is_withdrawn_frees_its_cases(own_store: Store) -> None:
    number = place_one(own_store)
    count = len(ids(own_store, number))
    assert withdraw_list(own_store, number, reason="inspecteur ziek", author="P", now=NOW) == count
    assert ids(own_store, number) == []
    assert place_one(own_store) == number + 1
    with pytest.raises(UsageError, match="al leeg"):
        withdraw_list(own_store, number, reason="nog eens", author="P", now=NOW)


def test_settings_keep_every_version(own_store: Store) -> None:
    first = save_settings(own_store, "maandag", PlannerSettings(length=3), author="P", now=NOW)
    second = save_settings(own_store, "maandag", PlannerSettings(length=4), author="Q", now=NOW)
    assert (first.version, second.version) == (1, 2)
    with own_store.read() as connection:
        saved, found = find_settings(connection, "maandag")
        assert (saved.settings_id, found.length) == (second.settings_id, 4)
    withdraw_settings(own_store, "maandag", author="Q", now=NOW)
    with own_store.read() as connection:
        assert list_settings(connection) == []
        with pytest.raises(UsageError, match="geen instellingen met de naam 'maandag'"):
            find_settings(connection, "maandag")


def empty_registry(url: str) -> tuple[Store, int]:
    store = open_store(url)
    with store.write_transaction() as connection:
        run = start_run(connection, NewRun("bag", "x", "stand", None, "0", NOW))
    return store, run


def test_one_case_is_on_one_list_per_day_on_every_database(database_url: str) -> None:
    store, run = empty_registry(database_url)
    proposal = by_hand(run, [{OBJECT: "0606010000000001"}, {OBJECT: "0606010000000002", "adres": "Singel 2"}])
    first = place(store, proposal, planner="P. Lanner", now=NOW)
    with pytest.raises(UsageError, match=rf"Singel 2 op lijst {first} van P\. Lanner.*niets vastgelegd"):
        place(store, by_hand(run, [{OBJECT: "0606010000000002"}]), planner="Q", now=NOW)
    other_case = by_hand(run, [{OBJECT: "0606010000000002", "zaak_id": "O-1", "regel": "opkoopbescherming"}])
    assert place(store, other_case, planner="Q", now=NOW) == first + 1
    next_day = by_hand(run, [{OBJECT: "0606010000000002"}], day=DAY + timedelta(days=1))
    assert place(store, next_day, planner="Q", now=NOW) == first + 2
    with store.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(worklists)).scalar_one() == 3
        row = connection.execute(sa.select(worklist_rows).where(worklist_rows.c.worklist_id == first)).first()
    assert row is not None
    copied = {name: value for name, value in row._asdict().items() if name != "worklist_row_id"}
    with pytest.raises(sa.exc.IntegrityError), store.write_transaction() as connection:
        connection.execute(worklist_rows.insert().values(copied))
    store.close()


def test_an_order_and_what_came_off_are_the_same_on_every_database(database_url: str) -> None:
    store, run = empty_registry(database_url)
    rows = [{OBJECT: f"060601000000000{n}", "stop": str(n), "x": 87_000.0 + 100 * n} for n in range(1, 5)]
    number = place(store, by_hand(run, rows), planner="P", now=NOW)
    with store.read() as connection:
        numbers = [one.worklist_row_id for one in small_town.rows_of(connection, number)]
    assert reorder(store, number, numbers[::-1], author="Q", now=NOW) == pytest.approx(800.0)
    drop(store, number, numbers[3], reason="weg", author="Q", now=NOW)
    with store.read() as connection:
        left = small_town.order_of(connection, number)
    assert left.row_ids == json.dumps(numbers[2::-1], separators=(",", ":"))
    assert left.distance == pytest.approx(600.0)
    store.close()


def test_nothing_to_visit_is_no_list(judged_store: Store) -> None:
    nobody = propose(judged_store, PlannerSettings(uitkomsten=("juridisch_toetsen",)))
    assert nobody.rows.is_empty()
    with pytest.raises(UsageError, match="niets vastgelegd"):
        place(judged_store, nobody, planner="P", now=NOW)
