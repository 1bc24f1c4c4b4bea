"""The real extracts of Weesp and the BRP test persons, all the way into the registry and out by the command line."""

import json
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from registry.cli import main
from registry.intake.run import ImportRequest, ImportResult, run_import
from registry.keys import open_cipher
from registry.store.engine import open_store
from registry.store.history import Counts
from registry.store.queries.runs import last_run
from registry.store.queries.versions import read_versions
from registry.store.tables import registers

pytestmark = pytest.mark.shared

SEPTEMBER, OCTOBER = "BAGGEM0457L-15092021.zip", "BAGGEM0457L-15102021.zip"
STAND = date(2021, 10, 15)
# New and changed voorkomens between the two months: domain/bag.md part 3.
BETWEEN = {"nummeraanduidingen": (178, 3), "verblijfsobjecten": (186, 77), "panden": (347, 161)}


def take(url: str, folder: Path, bron: str, path: Path, leverdatum: date | None = None) -> ImportResult:
    """One import; the keys stand beside the test."""
    store = open_store(url)
    try:
        request = ImportRequest(bron, path, leverdatum=leverdatum)
        return run_import(store, request, cipher=open_cipher(folder / "sleutels"))
    finally:
        store.close()


def asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> dict[str, object]:
    """What a command answers in JSON."""
    monkeypatch.setattr(sys, "argv", ["woonregister", *arguments, "--json"])
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_two_months_of_weesp(
    database_url: str,
    shared_data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weesp = shared_data / "bag" / "lvbag-gemeente-weesp"
    first = take(database_url, tmp_path, "bag", weesp / SEPTEMBER)
    assert (first.counts.gewijzigd, first.counts.verdwenen, first.uitval) == (0, 0, 0)

    second = take(database_url, tmp_path, "bag", weesp / OCTOBER)
    assert (second.leverdatum, second.uitval, second.counts.verdwenen) == (STAND, 0, 0)
    changes = {name: (counts.nieuw, counts.gewijzigd) for name, counts in second.per_table.items()}
    assert {name: changes[name] for name in BETWEEN} == BETWEEN
    assert {name for name, counts in second.per_table.items() if counts.verdwenen} == set()

    again = take(database_url, tmp_path, "bag", weesp / OCTOBER)
    assert again.counts == Counts(ongewijzigd=again.counts.ongewijzigd)
    # One in onderzoek stands in the extract twice; that is said.
    assert again.issues.filter(code="dubbel").height == 1
    assert again.counts.ongewijzigd == again.gelezen - 1

    stock = asked(capsys, monkeypatch, "stock", "--op", STAND.isoformat(), "--database-url", database_url)
    assert stock["totaal"] == 9460
    check_areas(database_url, tmp_path, shared_data)


def check_areas(url: str, folder: Path, shared_data: Path) -> None:
    """Every object lies in one buurt; the one that does not is named."""
    path = shared_data / "gebieden" / "amsterdam-incl-weesp-buurten-2022plus.geojson"
    result = take(url, folder, "gebieden", path, STAND)
    store = open_store(url)
    with store.read() as connection:
        known = last_run(connection)
        columns = ["verblijfsobject_id", "status", "valid_until"]
        objects = read_versions(connection, registers.verblijfsobjecten, columns, known=known)
        placed = read_versions(connection, registers.ligging, known=known).filter(soort="buurt")
    store.close()
    ids = objects.select(adresseerbaar_object_id="verblijfsobject_id").unique()
    assert ids.height == 12_509
    mine = placed.join(ids, on="adresseerbaar_object_id", how="semi")
    assert mine["gebied_code"].n_unique() == 22
    assert mine.group_by("adresseerbaar_object_id").agg(pl.col("gebied_code").n_unique())["gebied_code"].max() == 1

    [outside] = ids.join(mine, on="adresseerbaar_object_id", how="anti")["adresseerbaar_object_id"]
    [now] = objects.filter(verblijfsobject_id=outside).filter(pl.col("valid_until").is_null())["status"]
    assert now == "Verblijfsobject ingetrokken"
    reported = result.issues.filter(code="buiten_gebieden")["text"].to_list()
    assert reported == [f"{outside} ligt buiten elke buurt."]


def test_the_brp_test_persons_twice(database_url: str, shared_data: Path, tmp_path: Path) -> None:
    path = next((shared_data / "brp").glob("*Testset*.csv"))
    first = take(database_url, tmp_path, "brp", path, STAND)
    assert first.counts.nieuw > 1000
    again = take(database_url, tmp_path, "brp", path, STAND)
    assert again.counts == Counts(ongewijzigd=first.counts.nieuw)
    assert (again.gelezen, again.uitval) == (first.gelezen, first.uitval)
