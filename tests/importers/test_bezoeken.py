"""The field form that comes back from a phone: the same table as a workbook, with photos beside it."""

import base64
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_files import photo

from importers import inspecties
from importers.records import BEZOEKREDENEN, FOTOS, INSPECTIES, Batch
from importers.source import load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("inspecties")
VISIT: dict[str, Any] = {
    "inspectie": "L3-1",
    "adresseerbaar_object_id": "0606010000000001",
    "datum": "2026-12-01",
    "tijd": "19:30",
    "inspecteur": "J. de Vries",
    "hoedanigheid": "toezichthouder",
    "resultaat": "toegang_met_toestemming",
    "legitimatie": True,
    "aantal_personen": 5,
    "huishoudens": 2,
    "huurprijs": 450.5,
    "ruimten": [{"naam": "voorkamer", "oppervlakte": 14.2, "slaapplaatsen": 3}, {"naam": "zolder"}],
    "aangetroffen": [
        {"omschrijving": "man, zegt hier te wonen", "sinds": "mei 2026", "huur": 450, "ingeschreven": False}
    ],
    "verklaringen": [{"van": "bewoner", "tekst": "Wij huren per kamer.", "taal": "Pools", "tolk": "telefonisch"}],
    "bewijs": ["abc123", "def456"],
}


def form(*visits: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"formaat": "woonregister-veldformulier", "versie": 1, "lijst": 3, "bezoeken": list(visits)} | more


def read(path: Path, content: dict[str, Any]) -> dict[str, Batch]:
    path.write_text(json.dumps(content), encoding="utf-8")
    return {batch.record.name: batch for batch in inspecties.read(path, source=SOURCE).batches}


def test_a_visit_on_a_phone_is_a_row_of_inspecties_with_its_signals(tmp_path: Path) -> None:
    batches = read(tmp_path / "formulier.json", form(VISIT))
    visits = batches["inspecties"]
    assert visits.issues.is_empty()
    assert visits.frame.schema == INSPECTIES.schema
    row = visits.frame.row(0, named=True)
    assert (row["inspectie"], row["aantal_personen"], row["legitimatie"], row["huurprijs"]) == ("L3-1", 5, True, 450.5)
    assert json.loads(row["ruimten"]) == [
        {"naam": "voorkamer", "oppervlakte": 14.2, "slaapplaatsen": 3},
        {"naam": "zolder"},
    ]
    redenen = batches["bezoekredenen"].frame
    assert redenen.schema == BEZOEKREDENEN.schema
    assert redenen.select("inspectie", "bewijs", "lijst").rows() == [("L3-1", "abc123", 3), ("L3-1", "def456", 3)]


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("aantal_personen", "ca. 6", "aantal"),
        ("aantal_personen", "4/5", "aantal"),
        ("datum", "vorige week", "datum"),
        ("ondertekend_op", "morgen", "datum"),
        ("huurprijs", "€ 450,-", "bedrag"),
        ("ruimten", [{"naam": "zolder", "oppervlakte": "klein"}], "lijst"),
        ("verklaringen", "Wij huren.", "lijst"),
        ("hoedanigheid", "buurman", "onbekende_waarde"),
        ("legitimatie", "misschien", "onbekende_waarde"),
        ("resultaat", None, "leeg"),
    ],
)
def test_a_cell_that_is_no_value_sets_the_visit_aside_with_all_that_was_typed(
    tmp_path: Path, field: str, typed: Any, code: str
) -> None:
    visits = read(tmp_path / "f.json", form(VISIT | {field: typed}, VISIT | {"inspectie": "L3-2"}))["inspecties"]
    assert visits.frame["inspectie"].to_list() == ["L3-2"]
    [issue] = visits.issues.to_dicts()
    assert (issue["level"], issue["code"], issue["source_row"]) == ("uitval", code, 1)
    kept = json.loads(issue["row"])
    assert kept["Inspecteur"] == "J. de Vries"
    assert json.loads(kept["Aangetroffen"]) == VISIT["aangetroffen"]
    if isinstance(typed, str):
        header = next(column.headers[0] for column in SOURCE.columns if column.field == field)
        assert kept[header] == typed


def test_a_bsn_in_a_statement_or_a_room_is_not_kept(tmp_path: Path) -> None:
    said = [{"van": "bewoner", "tekst": "mijn nummer is 999990019", "taal": "Nederlands"}]
    visits = read(tmp_path / "f.json", form(VISIT | {"verklaringen": said, "feiten": "999 990 019"}))["inspecties"]
    assert "99999" not in visits.frame.write_json()
    assert "999 990" not in visits.frame.write_json()
    assert set(visits.issues["code"]) == {"burgerservicenummer"}
    assert set(visits.issues["original"]) == {None}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"formaat": "iets anders", "versie": 1}, "geen veldformulier"),
        (form(versie=2), "versie 1"),
        (form(VISIT | {"nationaliteit": "x"}), "nationaliteit"),
        (form({"bezoek": "x"}, extra=1), "extra"),
        (form(VISIT | {"fotos": "x"}), "foto's van bezoek 1"),
        (form(VISIT | {"inspectie": None, "fotos": [{"inhoud": ""}]}), "geen nummer"),
    ],
)
def test_what_is_no_field_form_is_refused_as_a_whole(tmp_path: Path, content: dict[str, Any], words: str) -> None:
    with pytest.raises(SourceRefusedError, match=words):
        read(tmp_path / "f.json", content)


def test_photos_come_in_without_what_the_camera_added(tmp_path: Path) -> None:
    raw = photo(gps=True)
    inline = {"inhoud": base64.b64encode(raw).decode(), "omschrijving": "voorgevel"}
    kept = inline | {"inspectie": "L3-9", "plaats_en_tijd_bewaren": True}
    broken = {"inspectie": "L3-1", "inhoud": "bm90IGEgcGhvdG8="}
    batches = read(tmp_path / "f.json", form(VISIT | {"fotos": [inline, inline]}, fotos=[kept, broken]))
    fotos = batches["fotos"].frame
    assert fotos.schema == FOTOS.schema
    assert fotos["inspectie"].to_list() == ["L3-1", "L3-9"]
    assert fotos["breedtegraad"].to_list() == [None, pytest.approx(51.9194, abs=1e-3)]
    assert fotos["gemaakt_op"].to_list() == [None, "2026-12-01 19:31:00"]
    assert all(b"Exif" not in content for content in fotos["inhoud"])
    [issue] = batches["fotos"].issues.to_dicts()
    assert (issue["level"], issue["source_row"]) == ("waarschuwing", 3)
    assert batches["inspecties"].read == 3


@settings(max_examples=40, deadline=None)
@given(
    rooms=st.lists(
        st.fixed_dictionaries(
            {"naam": st.text(st.characters(exclude_categories=["Cs", "Cc", "Nd"]), min_size=1).filter(str.strip)},
            optional={
                "oppervlakte": st.floats(0.1, 500, allow_nan=False),
                "slaapplaatsen": st.integers(0, 20),
            },
        ),
        min_size=1,
        max_size=4,
    )
)
def test_rooms_come_out_as_they_went_in(tmp_path_factory: pytest.TempPathFactory, rooms: list[dict[str, Any]]) -> None:
    visits = read(tmp_path_factory.mktemp("form") / "f.json", form(VISIT | {"ruimten": rooms}))["inspecties"]
    assert json.loads(visits.frame["ruimten"][0]) == rooms
    assert visits.frame.filter(pl.col("ruimten").is_null()).is_empty()
