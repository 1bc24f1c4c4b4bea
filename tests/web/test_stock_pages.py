"""The stock on pages: the same protected numbers as the library gives, as table, picture and file."""

import html
import io
import json
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import shapely
from fastapi import FastAPI
from visitor import Visitor

from registry.accounts.rights import Role
from registry.stock.owner_view import read_owner_view
from registry.web.figures import known_of, stock_report, table_of


@pytest.fixture
def beleid(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.BELEID)


def text_of(page: str) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_the_table_shows_the_protected_numbers(app: FastAPI, beleid: Visitor) -> None:
    web = app.state.web
    table = table_of(stock_report(web, "buurt", web.today()), "bewoners")
    hidden = table.rows["aantal"].null_count()
    answer = beleid.get("/voorraad?onderwerp=bewoners")
    assert answer.status_code == 200
    assert hidden > 0
    assert answer.text.count("verborgen</span>") >= hidden
    assert all(name in text_of(answer.text) for name in table.rows["buurt"].unique() if name != "onbekend")
    assert not re.search(r"\b\d{16}\b", answer.text)  # no dwelling


def test_what_cannot_be_asked_becomes_what_is_usual(beleid: Visitor) -> None:
    answer = beleid.get("/voorraad?gebied=straat&onderwerp=naam&op=gisteren&klasse=x")
    assert answer.status_code == 200
    assert '<option value="buurt" selected>' in answer.text


def test_a_picture_is_an_svg_and_an_unknown_class_is_hidden(beleid: Visitor) -> None:
    for path in ("/voorraad/beeld.svg", "/voorraad/beeld.svg?klasse=corporatie"):
        answer = beleid.get(path)
        assert answer.headers["content-type"] == "image/svg+xml"
        assert b"<svg" in answer.content
    assert beleid.get("/voorraad/beeld.svg?klasse=paleis").status_code == 404


def test_files_hold_the_same_release(app: FastAPI, beleid: Visitor) -> None:
    web = app.state.web
    answer = beleid.get("/voorraad/bestand/xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    shown = {row[0]: row[1] for row in book[book.sheetnames[0]].iter_rows(min_row=2, values_only=True)}
    totals = stock_report(web, "buurt", web.today()).tables[0].rows
    assert {name: shown[name] for name in totals["buurt"]} == dict(totals.select("buurt", "aantal").iter_rows())
    with zipfile.ZipFile(io.BytesIO(beleid.get("/voorraad/bestand/zip").content)) as archive:
        assert {"voorraad-metadata.json", "voorraad-buurt-eigendom.csv"} <= set(archive.namelist())
    assert beleid.get("/voorraad/bestand/gpkg").content.startswith(b"SQLite format 3")
    layer = json.loads(beleid.get("/voorraad/bestand/geojson").content)
    assert {one["properties"]["naam"]: one["properties"]["woningen"] for one in layer["features"]} == dict(
        totals.select("buurt", "aantal").iter_rows()
    )
    x, y = shapely.from_geojson(json.dumps(layer["features"][0]["geometry"])).centroid.coords[0]
    assert (3 < x < 8, 50 < y < 54) == (True, True)
    assert beleid.get("/voorraad/bestand/exe").status_code == 404


def test_a_profile_is_a_page_and_a_pdf(app: FastAPI, beleid: Visitor) -> None:
    web = app.state.web
    name = stock_report(web, "buurt", web.today()).tables[0].rows["buurt"][0]
    assert f'<h1 class="utrecht-heading-1">{name}</h1>' in beleid.get(f"/voorraad/profiel?naam={name}").text
    assert beleid.get(f"/voorraad/profiel.pdf?naam={name}").content.startswith(b"%PDF")
    assert beleid.get("/voorraad/profiel?naam=Nergens").status_code == 404
    assert beleid.get("/voorraad/profiel.pdf").status_code == 404


@pytest.mark.parametrize("path", ["verloop", "overbewoning", "eigenaren", "aankopen"])
def test_pages_of_policy_show_what_is_protected(beleid: Visitor, path: str) -> None:
    answer = beleid.get(f"/voorraad/{path}")
    assert answer.status_code == 200
    assert "<tbody>" in answer.text
    assert "Afgeschermd" in answer.text or "afgerond" in answer.text
    assert not re.search(r"\b\d{16}\b", answer.text)


def test_a_period_that_runs_backwards_is_told(beleid: Visitor) -> None:
    answer = beleid.get("/voorraad/verloop?van=2026-01-01&tot=2020-01-01")
    assert answer.status_code == 400
    assert "De periode loopt terug" in answer.text


def test_owners_are_not_named_to_policy(app: FastAPI, beleid: Visitor) -> None:
    web = app.state.web
    with web.store.read() as connection:
        view = read_owner_view(connection, web.law, op=web.today(), known=known_of(web), names=True)
    page = text_of(beleid.get("/voorraad/eigenaren").text)
    names = [name for name in view.owners["eigenaar"].drop_nulls().to_list() if len(name) > 6]
    assert names
    assert not [name for name in names if name in page]
