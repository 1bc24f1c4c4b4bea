"""The one-page profile: the numbers of the release, hidden ones as a point, one page of PDF, nothing from outside."""

import re
import zlib
from datetime import date
from pathlib import Path

import debian
import polars as pl
import pytest
import shapely
from lxml import html as lxml_html

from registry.errors import ExportError, UsageError
from registry.exports import profile as module
from registry.exports.profile import file_name, render_profile, write_profile
from registry.stock.profile import SUBJECTS, make_profiles
from registry.stock.publish import Published
from registry.stock.report import Report

OP = date(2026, 1, 1)
LABELS = {
    "eigendom": ("eigenaar-bewoner", "corporatie"), "woningtype": ("eengezinswoning", "meergezinswoning"),
    "bouwperiode": ("1906-1930", "2011 en later"), "grootteklasse": ("50 tot 75 m2", "onbekend"),
    "wozklasse": ("tot 150.000 euro", "onbekend"), "bewoners": ("0", "1"),
    "ruimte_per_bewoner": ("niet bewoond", "12 tot 20 m2"),
}  # fmt: skip
NAMES = ("<Oost> & 1", "West")


def published(per: tuple[str, ...], rows: list[tuple[object, ...]]) -> Published:
    schema = dict.fromkeys(per, pl.String()) | {
        "aantal": pl.Int64(), "aandeel": pl.Float64(), "oppervlakte": pl.Int64()
    }  # fmt: skip
    frame = pl.DataFrame([(*row, None, 6000) for row in rows], schema=schema, orient="row")
    return Published(100, frame, OP, per, "De definitie.", ("Afgeschermd.",))


def report() -> Report:
    by_area = published(("buurt",), [(NAMES[0], 80), (NAMES[1], None), ("onbekend", 20)])
    divided = [
        published(("buurt", subject), [(NAMES[0], first, 60), (NAMES[0], second, 20), (NAMES[1], first, None)])
        for subject, (first, second) in LABELS.items()
    ]
    whole = [published((subject,), [(first, 75), (second, 25)]) for subject, (first, second) in LABELS.items()]
    return Report(OP, 3, "buurt", protected=True, tables=(by_area, *divided, *whole))


SHAPES = pl.DataFrame(
    {"gebied_code": ["1", "2"], "label": list(NAMES),
     "geometrie": [shapely.to_wkb(shapely.box(x, 0, x + 90, 90)) for x in (0, 100)]}
)  # fmt: skip


def page(name: str = NAMES[0]) -> str:
    [found] = make_profiles(report(), [name])
    return render_profile(found, SHAPES, source="BAG 01-01-2026", made=OP)


def test_there_is_a_page_per_area_and_none_for_nowhere() -> None:
    pages = make_profiles(report())
    assert [found.name for found in pages] == list(NAMES)
    assert [table.subject for table in pages[0].tables] == list(SUBJECTS)
    with pytest.raises(UsageError, match="bestaat niet als buurt"):
        make_profiles(report(), ["Noord"])


def test_the_page_says_the_numbers_of_the_release() -> None:
    tree = lxml_html.fromstring(page())
    text = " ".join(tree.text_content().split())
    assert "<Oost> & 1 telt 80 woningen: 75 % is van wie er woont, 25 % is van een corporatie." in text
    assert "75 m²gemiddelde oppervlakte" in text
    rows = {
        row.findtext("th"): [cell.text for cell in row.findall("td")[1:]]
        for row in tree.iter("tr")
        if row.find("td") is not None
    }
    assert rows["eigenaar-bewoner"] == ["60", "75 %", "75 %"]
    assert next(table.findtext("caption") for table in tree.iter("table")) == "Eigendom"
    assert "Bron: BAG 01-01-2026" in text
    assert text.count("De definitie.") == 0  # every definition once, as it is defined


def test_what_is_hidden_is_a_point_and_draws_nothing() -> None:
    hidden = page(NAMES[1])
    tree = lxml_html.fromstring(hidden)
    assert "De aantallen van dit gebied zijn afgeschermd." in tree.text_content()
    cells = {cell.text for cell in tree.xpath("//td[@class='count' or @class='share']")}
    assert cells == {"."}
    assert tree.xpath("//td[@class='bar']//i") == []


def test_a_name_is_never_markup_and_the_page_needs_nothing_else() -> None:
    text = page()
    assert "<Oost>" not in text
    assert re.findall(r'(?:src|href)="(?!data:)', text) == []
    assert "<script" not in text
    assert file_name(make_profiles(report())[0]) == "buurt-oost-1"


def test_without_surfaces_there_is_a_page_without_a_map() -> None:
    [found] = make_profiles(report(), [NAMES[0]])
    assert "<img" not in render_profile(found, SHAPES.clear(), source="BAG", made=OP)


def test_it_is_one_page_of_pdf_that_tells_its_structure(tmp_path: Path) -> None:
    try:
        write_profile(tmp_path / "a.pdf", page())
    except ExportError:
        debian.install("libpango-1.0-0", "libharfbuzz-subset0")
        write_profile(tmp_path / "a.pdf", page())
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    streams = [
        zlib.decompress(part) for part in re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", content, re.DOTALL)
    ]
    everything = b"".join([content, *streams])
    assert len(re.findall(rb"/Type\s*/Page\b", everything)) == 1
    assert b"pdfuaid" in everything


def test_a_page_of_elsewhere_is_not_read(tmp_path: Path) -> None:
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415  # loads libraries of the system

    outside = tmp_path / "geheim.svg"
    outside.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    with pytest.raises(FatalURLFetchingError, match=r"geheim\.svg"):
        module._pdf(f'<html lang="nl"><title>a</title><img src="file://{outside}" alt="x"></html>')


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.html of \.pdf"):
        write_profile(tmp_path / "a.doc", page())
    write_profile(tmp_path / "a.html", page())
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page()
