"""The map: every dwelling with its gravest outcome, only of one's own areas, and a list beside it."""

import json
import math
from collections.abc import Callable

import polars as pl
import pytest
import shapely
from fastapi import FastAPI
from lxml import etree
from visitor import Visitor

from registry.accounts.manage import add_account
from registry.accounts.rights import Role
from registry.store.queries.locations import read_locations
from registry.store.queries.records import read_gebieden
from registry.store.queries.runs import last_run
from registry.store.queries.signal_list import list_gebieden, outcomes_by_dwelling
from registry.web.map_shapes import NOTHING, OUTCOMES


def features(visitor: Visitor, path: str) -> list[dict[str, object]]:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    found: list[dict[str, object]] = json.loads(answer.content)["features"]
    return found


@pytest.fixture(scope="module")
def own_buurt(app: FastAPI) -> tuple[str, str]:
    """A buurt, with the address of a planner who works there only."""
    store = app.state.web.store
    with store.read() as connection:
        code = list_gebieden(connection)[0][0]
    account = add_account(store, "buurt@testdam.nl", "Test buurt", [Role.PLANNER], gebieden=[code], auteur="test")
    return code, account.email


def test_each_dwelling_has_its_gravest_outcome(app: FastAPI, visit: Callable[..., Visitor]) -> None:
    web = app.state.web
    with web.store.read() as connection:
        found = outcomes_by_dwelling(connection, regel=None, gebieden=None, on=web.today())
    shown = {one["properties"]["id"]: one["properties"]["u"] for one in features(visit(), "/kaart/woningen.json")}
    ranks = {outcome: rank for rank, outcome in enumerate([*OUTCOMES, NOTHING])}
    for object_id, outcome in found:
        if object_id in shown:
            assert ranks[shown[object_id]] <= ranks[outcome]
    marked = {object_id for object_id, outcome in shown.items() if outcome != NOTHING}
    assert marked == {object_id for object_id, _ in found} & set(shown)
    assert len(marked) < len(shown)


def test_points_lie_within_the_netherlands(visit: Callable[..., Visitor]) -> None:
    for one in features(visit(), "/kaart/woningen.json"):
        x, y = one["geometry"]["coordinates"]
        assert (3 < x < 8, 50 < y < 54) == (True, True)


def test_far_away_one_dwelling_stands_for_those_that_it_covers(visit: Callable[..., Visitor]) -> None:
    found = features(visit(), "/kaart/woningen.json")
    assert {one["properties"]["z"] for one in found if one["properties"]["u"] != NOTHING} == {0}
    quiet = [one for one in found if one["properties"]["u"] == NOTHING]
    at = [(one["properties"]["z"], *on_map(*one["geometry"]["coordinates"])) for one in quiet]
    for zoom, pixels in ((10, 2), (12, 2), (15, 3)):
        drawn = [(x, y) for z, x, y in at if z <= zoom]
        size = pixels / (512 * 2**zoom)
        assert all(any(abs(x - a) < size and abs(y - b) < size for a, b in drawn) for _, x, y in at)
    assert len([1 for z, *_ in at if z <= 10]) < len(at) / 2
    assert all(z <= 16 for z, *_ in at)


def on_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place lies on the square of the web mercator projection, from 0 to 1."""
    turned = math.radians(latitude)
    return longitude / 360, math.log(math.tan(turned) + 1 / math.cos(turned)) / (2 * math.pi)


def test_the_areas_tell_where_the_dwellings_lie(visit: Callable[..., Visitor]) -> None:
    places = [one["geometry"]["coordinates"] for one in features(visit(), "/kaart/woningen.json")]
    west, south, east, north = json.loads(visit().get("/kaart/gebieden.json").content)["woningen"]
    assert (west, east) == (min(x for x, _ in places), max(x for x, _ in places))
    assert (south, north) == (min(y for _, y in places), max(y for _, y in places))


def test_who_is_bound_to_a_buurt_gets_only_that(visit: Callable[..., Visitor], own_buurt: tuple[str, str]) -> None:
    code, email = own_buurt
    bound, free = visit(email=email), visit()
    own = {one["properties"]["id"] for one in features(bound, "/kaart/woningen.json")}
    inside = {one["properties"]["id"] for one in features(free, f"/kaart/woningen.json?gebied={code}")}
    every = {one["properties"]["id"] for one in features(free, "/kaart/woningen.json")}
    assert own == inside
    assert 0 < len(own) < len(every)
    assert [one["properties"]["code"] for one in features(bound, "/kaart/gebieden.json")] == [code]
    page = bound.get("/kaart").text
    assert "in uw gebieden" in page
    assert not [one for one in every - own if f"/woningen/{one}" in page]


def test_a_rule_and_a_foreign_area_limit_what_is_sent(
    visit: Callable[..., Visitor], own_buurt: tuple[str, str]
) -> None:
    one_rule = features(visit(), "/kaart/woningen.json?regel=overbewoning")
    all_rules = features(visit(), "/kaart/woningen.json")
    count = [sum(one["properties"]["u"] != NOTHING for one in found) for found in (one_rule, all_rules)]
    assert 0 < count[0] < count[1]
    other = "BU00000000"
    assert features(visit(email=own_buurt[1]), f"/kaart/woningen.json?gebied={other}") == []


def test_the_list_has_a_link_for_each_signal(visit: Callable[..., Visitor]) -> None:
    page = visit().get("/kaart?uitkomst=signaal").text
    assert page.count('href="/woningen/') > 0
    assert 'id="kaart"' in page


def test_the_file_of_a_dwelling_shows_where_it_lies_without_script(
    app: FastAPI, visit: Callable[..., Visitor], own_buurt: tuple[str, str]
) -> None:
    with app.state.web.store.read() as connection:
        places = read_locations(connection, on=app.state.web.today(), known=last_run(connection))
        inside = read_gebieden(connection, peildatum=app.state.web.today(), known=last_run(connection))
    lying = inside.filter(pl.col("gebied_code") == own_buurt[0])["adresseerbaar_object_id"]
    elsewhere = places.filter(~pl.col("adresseerbaar_object_id").is_in(lying.implode()))
    object_id = places.filter(pl.col("adresseerbaar_object_id").is_in(lying.implode()))["adresseerbaar_object_id"][0]
    path = f"/woningen/{object_id}/kaart.svg"
    assert f'<img class="wr-situation" src="{path}"' in visit().get(f"/woningen/{object_id}").text
    answer = visit(email=own_buurt[1]).get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    [around, own, bar] = [one.get("d") for one in etree.fromstring(answer.content).iterfind("{*}path")]
    assert around.startswith("M")
    assert "M" not in bar.removeprefix("M")
    # The dwelling lies in the middle of the picture, and so within the outline that stands out.
    corners = [tuple(float(part) for part in point.split()) for point in own.split("Z")[0].strip("M").split("L")]
    assert shapely.Polygon(corners).contains(shapely.Point(240, 160))
    assert "geen plaats bekend" in visit().get(f"{path}?op=1900-01-01").text
    for hidden in (f"/woningen/{elsewhere['adresseerbaar_object_id'][0]}/kaart.svg", "/woningen/1/kaart.svg"):
        assert visit(email=own_buurt[1]).get(hidden).status_code == 404
    assert visit(Role.BELEID).get(path).status_code == 404


def test_of_a_dwelling_a_case_is_opened_by_who_treats_cases(visit: Callable[..., Visitor]) -> None:
    object_id = features(visit(), "/kaart/woningen.json")[0]["properties"]["id"]
    link = f'href="/zaken/nieuw?woning={object_id}"'
    assert link in visit(Role.JURIST).get(f"/woningen/{object_id}").text
    assert link not in visit(Role.PLANNER).get(f"/woningen/{object_id}").text
