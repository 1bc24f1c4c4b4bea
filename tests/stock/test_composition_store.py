"""From a delivery to a table of the stock, on both databases and for the real Weesp."""

from datetime import date
from pathlib import Path

import pytest

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.intake.run import ImportRequest, run_import
from registry.stock.composition import read_composition
from registry.store.engine import open_store
from registry.store.queries.runs import last_run

PEILDATUM = date(2026, 11, 1)


def test_what_was_imported_is_counted_as_known_at_each_run(database_url: str, tmp_path: Path) -> None:
    manifest = make_municipality(tmp_path / "demo", woningen=240, seed=606, peildatum=PEILDATUM)
    store = open_store(database_url)
    cipher = BsnCipher(generate_keys())
    for bron in ("bag", "gebieden", "brp"):
        leverdatum = None if bron == "bag" else PEILDATUM
        run_import(
            store,
            ImportRequest(bron, tmp_path / "demo" / manifest.bestanden[bron], leverdatum=leverdatum),
            cipher=cipher,
        )
    with store.read() as connection:
        known = {run: read_composition(connection, per=["bewoond"], op=PEILDATUM, known=run).rows for run in (1, 3)}
        per_area = read_composition(connection, per=["gemeente", "buurt"], op=PEILDATUM, known=last_run(connection))
        past = read_composition(connection, per=["bewoond"], op=date(2020, 1, 1), known=3)
        one = per_area.rows["buurt"][0]
        only = read_composition(connection, per=["status"], op=PEILDATUM, known=3, only={"buurt": [one]})
    store.close()
    assert per_area.total == manifest.verwacht.woningvoorraad == 240
    assert per_area.rows["aantal"].sum() == 240
    assert per_area.rows["gemeente"].unique().to_list() == ["GM0606"]
    assert per_area.rows["buurt"].n_unique() == 7
    assert only.total == per_area.rows["aantal"][0]
    assert known[1]["bewoond"].to_list() == ["onbekend"]
    assert set(known[3]["bewoond"]) == {"bewoond", "niet bewoond"}
    assert known[3]["aantal"].sum() == 240
    assert any("eerste levering van brp is van 01-11-2026" in text for text in past.remarks)


@pytest.mark.shared
@pytest.mark.slow
def test_the_stock_of_weesp_adds_up_to_the_count_of_its_statuses(sqlite_url: str, shared_data: Path) -> None:
    store = open_store(sqlite_url)
    cipher = BsnCipher(generate_keys())
    for bron, path in (
        ("bag", shared_data / "bag" / "lvbag-gemeente-weesp" / "BAGGEM0457L-15102021.zip"),
        ("gebieden", shared_data / "gebieden" / "amsterdam-incl-weesp-buurten-2022plus.geojson"),
    ):
        run_import(store, ImportRequest(bron, path, leverdatum=date(2021, 10, 15)), cipher=cipher)
    # The buurten hold from 2022 on; the BAG is known until October 2021.
    op = date(2022, 6, 1)
    with store.read() as connection:
        found = {
            name: read_composition(connection, per=[name], op=op, known=2)
            for name in ("buurt", "bouwperiode", "grootteklasse", "woningtype", "status")
        }
        before = read_composition(connection, per=["buurt"], op=date(2021, 10, 15), known=2)
    store.close()
    for composition in found.values():
        assert composition.total == composition.rows["aantal"].sum() == 9_460
    assert found["status"].rows.height == 3
    areas = dict(found["buurt"].rows.select("buurt", "aantal").iter_rows())
    assert areas.get("onbekend", 0) <= 1  # one object lies outside every buurt
    assert before.rows.select("buurt", "aantal").rows() == [("onbekend", 9_460)]
    assert any("gebieden beginnen pas op" in text for text in before.remarks)
    assert any("15-10-2021" in text for text in found["buurt"].remarks)
    assert len(areas) > 10
    types = dict(found["woningtype"].rows.select("woningtype", "aantal").iter_rows())
    assert set(types) <= {"eengezinswoning", "meergezinswoning", "onbekend"}
    assert types["eengezinswoning"] > 1_000
