"""The whole way: generated files through the real importers and rules to the worklist, found as expected."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from registry.demo.compare import PROPERTY_RULES, RULES, Found, compare
from registry.demo.manifest import Manifest
from registry.demo.run import DemoOutcome, run_demo
from registry.errors import UsageError
from registry.store.engine import open_store
from registry.store.queries.runs import DECISION, list_runs, read_issues

PEILDATUM = date(2026, 11, 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def outcome(folder: Path) -> DemoOutcome:
    return run_demo(folder, woningen=150, peildatum=PEILDATUM)


def test_everything_is_found_as_expected(outcome: DemoOutcome) -> None:
    assert [row for row in outcome.rows if row["klopt"] != "ja"] == []
    assert outcome.as_expected
    assert len(outcome.rows) > len(outcome.manifest.troubles) + 10


def test_the_worklist_holds_exactly_the_overcrowded_dwellings(outcome: DemoOutcome) -> None:
    book = load_workbook(outcome.worklist)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    column = rows[0].index("BAG-id")
    listed = {row[column] for row in rows[1:]}
    assert listed == outcome.manifest.object_ids("overbewoning", "signaal")
    assert outcome.worklist_rows == len(rows) - 1


def test_set_aside_rows_name_no_bsn(folder: Path, outcome: DemoOutcome) -> None:
    store = open_store(f"sqlite:///{folder / 'woonregister.db'}")
    try:
        with store.read() as connection:
            runs = list_runs(connection)
            uitval = {run["bron"]: run["uitval"] for run in runs if run["bron"] != DECISION}
            assert uitval == outcome.manifest.verwacht.uitval
            texts = [
                f"{issue['text']} {issue['original']}"
                for run in runs
                for issue in read_issues(connection, run["run"]).to_dicts()
            ]
    finally:
        store.close()
    assert len(texts) >= sum(outcome.manifest.verwacht.uitval.values())
    bsns = {line.split(";")[2] for line in (folder / "brp.csv").read_text(encoding="utf-8-sig").splitlines()[1:]}
    assert not any(bsn in text for text in texts for bsn in bsns if bsn)


def test_another_demo_in_the_same_folder_starts_anew(folder: Path, outcome: DemoOutcome) -> None:
    again = run_demo(folder, woningen=60, peildatum=PEILDATUM)
    assert again.as_expected
    assert again.manifest.verwacht.woningvoorraad == 60


@pytest.mark.slow
@pytest.mark.parametrize(
    ("woningen", "seed", "peildatum"),
    [
        pytest.param(60, 1, date(2026, 1, 1), marks=pytest.mark.proof),
        pytest.param(60, 2, date(2025, 12, 31), marks=pytest.mark.proof),
        pytest.param(120, 3, date(2024, 2, 29), marks=pytest.mark.proof),
        (150, 5, date(2019, 7, 15)),
        pytest.param(5400, 606, PEILDATUM, marks=pytest.mark.proof),
    ],
)
def test_other_municipalities_are_found_as_expected(woningen: int, seed: int, peildatum: date, tmp_path: Path) -> None:
    found = run_demo(tmp_path, woningen=woningen, seed=seed, peildatum=peildatum)
    assert [row for row in found.rows if row["klopt"] != "ja"] == []


def test_the_demo_runs_in_any_database(database_url: str, tmp_path: Path) -> None:
    assert run_demo(tmp_path / "demo", woningen=60, peildatum=PEILDATUM, database_url=database_url).as_expected
    with pytest.raises(UsageError, match="lege database"):
        run_demo(tmp_path / "demo", woningen=60, peildatum=PEILDATUM, database_url=database_url)


def _perfect(manifest: Manifest) -> Found:
    """What a registry without a fault would have found."""
    verwacht = manifest.verwacht
    return Found(
        woningvoorraad=verwacht.woningvoorraad,
        inwoners=verwacht.inwoners,
        uitkomsten={
            rule: {
                key: uitkomst
                for uitkomst in ("signaal", "juridisch_toetsen", "onbekend")
                for key in manifest.object_ids(rule, uitkomst)
            }
            for rule in (*RULES, *PROPERTY_RULES)
        },
        uitval=verwacht.uitval,
        eigendom=verwacht.eigendom,
        aantallen=verwacht.aantallen,
    )


def _wrong(manifest: Manifest, found: Found) -> set[str]:
    return {row["wat"] for row in compare(manifest, found) if row["klopt"] == "nee"}


def test_a_perfect_registry_is_as_expected(outcome: DemoOutcome) -> None:
    assert _wrong(outcome.manifest, _perfect(outcome.manifest)) == set()


def test_a_signal_too_many_and_one_too_few_are_both_seen(outcome: DemoOutcome) -> None:
    manifest, perfect = outcome.manifest, _perfect(outcome.manifest)
    missed = manifest.troubles["zuigeling"]
    signals = dict(perfect.uitkomsten["overbewoning"])
    del signals[missed.objecten[0]]
    signals["0606010000009999"] = "signaal"  # the number of signals is right again
    found = replace(perfect, uitkomsten={**perfect.uitkomsten, "overbewoning": signals})
    assert _wrong(manifest, found) == {missed.omschrijving, "overbewoning: signaal waar dat niet hoort"}


def test_a_signal_where_none_belongs_is_laid_at_its_trouble(outcome: DemoOutcome) -> None:
    manifest, perfect = outcome.manifest, _perfect(outcome.manifest)
    briefadres = manifest.troubles["briefadres"]
    signals = {**perfect.uitkomsten["overbewoning"], briefadres.objecten[0]: "onbekend"}
    found = replace(perfect, uitkomsten={**perfect.uitkomsten, "overbewoning": signals})
    assert _wrong(manifest, found) == {
        briefadres.omschrijving,
        "overbewoning: onbekend",
        "overbewoning: onbekend waar dat niet hoort",
    }


def test_wrong_counts_are_seen(outcome: DemoOutcome) -> None:
    perfect = _perfect(outcome.manifest)
    found = replace(perfect, inwoners=perfect.inwoners - 1, uitval={**perfect.uitval, "brp": 0})
    assert _wrong(outcome.manifest, found) == {"inwoners", "uitval brp"}


def test_a_purchase_that_was_missed_is_laid_at_its_case(outcome: DemoOutcome) -> None:
    manifest, perfect = outcome.manifest, _perfect(outcome.manifest)
    case = manifest.gevallen["koop_verhuurd"]
    signals = dict(perfect.uitkomsten["opkoopbescherming"])
    del signals[case.objecten[0]]
    found = replace(perfect, uitkomsten={**perfect.uitkomsten, "opkoopbescherming": signals})
    assert _wrong(manifest, found) == {case.omschrijving, "opkoopbescherming: signaal"}


def test_a_dwelling_with_the_wrong_tenure_and_a_lost_permit_are_seen(outcome: DemoOutcome) -> None:
    perfect = _perfect(outcome.manifest)
    eigendom = {**perfect.eigendom, "corporatie": perfect.eigendom["corporatie"] - 1}
    aantallen = {**perfect.aantallen, "vergunningen": 0}
    found = replace(perfect, eigendom=eigendom, aantallen=aantallen)
    assert _wrong(outcome.manifest, found) == {"eigendom: corporatie", "vergunningen"}


def test_a_rule_that_does_not_exist_yet_is_not_compared(outcome: DemoOutcome) -> None:
    perfect = _perfect(outcome.manifest)
    found = replace(perfect, uitkomsten={rule: perfect.uitkomsten[rule] for rule in RULES})
    assert not any("zelfbewoningsplicht" in row["wat"] for row in compare(outcome.manifest, found))
