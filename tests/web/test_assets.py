"""The built files of pages: only the style that pages use, packed for who can unpack it, kept by browsers for ever."""

import gzip
import re
import runpy
from pathlib import Path

import pytest
from visitor import REPOSITORY, Visitor

from registry.web.app import STATIC, read_assets

SCRIPT = runpy.run_path(str(REPOSITORY / "scripts" / "assets.py"))


@pytest.mark.parametrize("name", ["site.css", "htmx.js", "maplibre-gl.mjs"])
def test_a_file_is_packed_for_who_can_unpack_it(stranger: Visitor, name: str) -> None:
    path = f"/static/{read_assets()[name]}"
    plain = stranger.get(path, headers={"Accept-Encoding": "identity"})
    packed = stranger.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
    assert "immutable" in packed.headers["Cache-Control"]
    assert plain.content == packed.content == (STATIC / read_assets()[name]).read_bytes()
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 2


def test_a_page_is_not_packed(stranger: Visitor) -> None:
    answer = stranger.get("/aanmelden", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


def test_a_font_stays_as_it_is(stranger: Visitor) -> None:
    answer = stranger.get(f"/static/{read_assets()['font.woff2']}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Type"] == "font/woff2"
    assert "Content-Encoding" not in answer.headers


def test_the_style_fits_in_the_first_flight_of_a_connection(assets: None) -> None:
    style = (STATIC / f"{read_assets()['site.css']}.gz").read_bytes()
    assert len(style) < 14_000  # ten segments: what a server sends before it waits for the phone


def test_every_component_that_pages_name_kept_its_style(assets: None) -> None:
    style = (STATIC / read_assets()["site.css"]).read_text(encoding="utf-8")
    own = "".join(path.read_text(encoding="utf-8") for path in (SCRIPT["FRONTEND"] / "css").glob("*.css"))
    modules: Path = SCRIPT["MODULES"]
    library = "".join(
        (modules / f"@utrecht/{name}-css/dist/index.css").read_text(encoding="utf-8") for name in SCRIPT["COMPONENTS"]
    )
    known = set(re.findall(r"\.(utrecht-[a-z0-9_-]+)", library + own))
    used = SCRIPT["_used_classes"]()
    assert len(used) > 40
    assert [name for name in sorted(used & known) if f".{name}" not in style] == []


def test_what_no_page_names_is_left_out() -> None:
    style = """/* said */
    .utrecht-a, .utrecht-b--html > p:is(.utrecht-a, .utrecht-c) { color: red; }
    .utrecht-b--safe { content: "a  ;" } .utrecht-c { color: blue }
    @media (min-width: 1px) { .utrecht-c { color: green } }
    h1 { margin: 0 auto }"""
    kept = SCRIPT["smaller"](SCRIPT["without_unused"](style, frozenset({"utrecht-a", "utrecht-b--"})))
    assert kept == '.utrecht-a{color: red}.utrecht-b--safe{content: "a  ;"}h1{margin: 0 auto}\n'


def test_packed_files_are_the_same_every_time(assets: None) -> None:
    for path in STATIC.rglob("*.gz"):
        plain = path.with_suffix("").read_bytes()
        assert path.read_bytes() == gzip.compress(plain, 9, mtime=0)
