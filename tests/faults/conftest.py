"""The town on which faults are tried, made once."""

from datetime import date
from pathlib import Path

import pytest
from small_faults import Town

from registry.demo.run import run_demo

PEILDATUM = date(2026, 11, 1)
BRP = "brp-december.csv"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The demo of a very small municipality, with lists, visits, cases and accounts, and its BRP of a month later."""
    folder = tmp_path_factory.mktemp("stadje")
    outcome = run_demo(folder, woningen=60, peildatum=PEILDATUM)
    header, *lines = (folder / outcome.manifest.bestanden["brp"]).read_text(encoding="utf-8-sig").splitlines()
    moved = [line.replace(";3190", ";3191") if number % 5 == 0 else line for number, line in enumerate(lines)]
    (folder / BRP).write_text("\n".join([header, *moved[:-30]]), encoding="utf-8")
    return Town(folder, outcome.manifest)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def town_url(request: pytest.FixtureRequest, town: Town, tmp_path: Path) -> str:
    """A copy of its registry for one test, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return town.copy_to(tmp_path)
    url: str = request.getfixturevalue("postgresql_url")
    town.pour_into(url)
    return url
