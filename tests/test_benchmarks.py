"""What is said about speed is what was measured: the page, README and docs against ``benchmarks/results.json``."""

import json
import re
from itertools import product
from pathlib import Path

import pytest
import yaml

from benchmarks import page
from benchmarks.__main__ import APART, main, names, peers

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS: page.Kept = json.loads(page.RESULTS.read_text(encoding="utf-8"))
TOLD = yaml.safe_load(page.SUMMARY.read_text(encoding="utf-8"))
NUMBER = r"(\d[\d.]*(?:,\d+)?)"
# A text, with # for each number that it states; the benchmark and its figures, in order; and the unit of the text over
# that of the figure. Measured anew, a machine gives a little more or less: half as much again is another story.
CLAIMS = [
    ("README.md", "alle 105 paren, elk op een andere dag | mediaan # s, langste # s", "stock",
     ["each on another day: median, s", "each on another day: slowest (eigendom x wozklasse), s"], 1),
    ("README.md", "inlezen en alles toetsen | # s op SQLite, # s op PostgreSQL", "pipeline",
     ["sqlite_bag_brp_evaluate_s", "postgresql_bag_brp_evaluate_s"], 1),
    ("README.md", "van een stad met 412.000 woningen, PostgreSQL | # s", "reimport", ["postgresql_again_s"], 1),
    ("README.md", "elke volgende vraag | # tot # s", "what_if",
     ["another norm: next question, median s", "another term: next question, median s"], 1),
    ("README.md", "elk adres dat er ooit was, op zijn eigen dagen en nu | # | # | # |", "linking",
     ["a_historische_adressen", "a_precisie", "a_vindkans"], 1),
    ("docs/koppelen.md", "gaan er ongeveer # adressen per seconde door; dat is # maal", "linking",
     ["adressen_per_seconde", "tijd_ten_opzichte_van_opzoeken"], 1),
    ("docs/koppelen.md", "vindt\n# % van (b)", "linking", ["b_vindkans_opzoeken"], 0.01),
    ("README.md", "zonder postcode en meer | # | # | # |", "linking", ["b_adressen", "b_precisie", "b_vindkans"], 1),
]  # fmt: skip
SLACK = 1.5


@pytest.mark.parametrize(("file", "text", "name", "figures", "unit"), CLAIMS)
def test_a_figure_that_is_stated_was_measured(file: str, text: str, name: str, figures: list[str], unit: float) -> None:
    pattern = NUMBER.join(map(re.escape, text.split("#")))
    found = re.search(pattern, (REPOSITORY / file).read_text(encoding="utf-8"))
    assert found, f"{file} does not say: {text}"
    stated = [float(number.replace(".", "").replace(",", ".")) for number in found.groups()]
    measured = [float(RESULTS[name]["figures"][figure]) / unit for figure in figures]
    assert len(stated) == len(measured)
    for said, was in zip(stated, measured, strict=True):
        assert was / SLACK <= said <= was * SLACK, f"{file} says {said}, measured was {was:.3g}: {text}"


def test_the_page_is_what_was_measured() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.whole_page(RESULTS), "python -m benchmarks --page"


def test_every_benchmark_says_what_limits_it() -> None:
    assert set(names()) == set(TOLD["grenzen"])
    assert set(APART) <= set(names())
    targets = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}:" in targets for target in APART.values())


def test_the_summary_speaks_of_figures_that_there_are() -> None:
    rows = [row for row in TOLD["samenvatting"] if row["meting"] in RESULTS]
    missing = [
        (row["meting"], figure)
        for row in rows
        for figure in row["cijfers"]
        if figure not in RESULTS[row["meting"]]["figures"]
    ]
    assert rows
    assert missing == []
    assert all(row["tekst"].count("{}") == len(row["cijfers"]) for row in TOLD["samenvatting"])


def test_a_result_is_of_a_benchmark_that_exists() -> None:
    assert set(RESULTS) <= set(names())


def test_peers_are_named_by_their_package() -> None:
    assert "pyspark" in peers("spark")
    assert peers("occupancy") == ()


def test_what_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bestaat_niet"]) == 2
    assert "no such benchmark: bestaat_niet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0374, "0,037"), (0.86, "0,86"), (2.92, "2,9"), (26.4, "26"), (2056, "2.056"), (True, "True"), ("x", "x")],
)
def test_figures_are_written_as_in_dutch(value: object, text: str) -> None:
    assert page.dutch(value) == text


def test_a_busy_machine_is_named() -> None:
    for load, wanted in product(("0.4", "11.5"), ("druk",)):
        kept = {"measured": {"load": load}, "figures": {"seconds": 1.0}}
        assert (wanted in page.section("route", kept, None)) == (float(load) > 3)
