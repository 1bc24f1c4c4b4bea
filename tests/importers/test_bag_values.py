"""What is set aside, what is kept with a warning, and what is simply kept: one bad row never costs another."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely
from bag_files import HOLE, SQUARE, extract_tree, gem_wpl_xml, in_onderzoek_xml, object_xml
from bag_reading import LANES, read_tree, with_objects

from importers.bag import Lane

NAMES = {
    "WPL": "woonplaatsen",
    "OPR": "openbare_ruimten",
    "NUM": "nummeraanduidingen",
    "VBO": "verblijfsobjecten",
    "LIG": "ligplaatsen",
    "STA": "standplaatsen",
    "PND": "panden",
}

BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("VBO", {"status": "Verblijfsobject in de war"}, "onbekende_waarde", "status"),
    ("VBO", {"gebruiksdoel": ["woonfunctie", "feestfunctie"]}, "onbekende_waarde", "gebruiksdoelen"),
    ("VBO", {"oppervlakte": "abc"}, "ongeldig_getal", "oppervlakte"),
    ("VBO", {"oppervlakte": "60.5"}, "ongeldig_getal", "oppervlakte"),
    ("VBO", {"oppervlakte": "0"}, "ongeldig_getal", "oppervlakte"),
    ("VBO", {"oppervlakte": "1000000"}, "ongeldig_getal", "oppervlakte"),
    ("VBO", {"beginGeldigheid": "2013-13-45"}, "ongeldige_datum", "valid_from"),
    ("VBO", {"beginGeldigheid": "2013-1-5"}, "ongeldige_datum", "valid_from"),
    ("VBO", {"beginGeldigheid": None}, "verplicht_veld_leeg", "valid_from"),
    ("VBO", {"beginGeldigheid": ""}, "verplicht_veld_leeg", "valid_from"),
    ("VBO", {"eindGeldigheid": "2010-08-30"}, "eind_voor_begin", "valid_until"),
    ("VBO", {"eindGeldigheid": "2011-02-29"}, "ongeldige_datum", "valid_until"),
    ("VBO", {"tijdstipRegistratie": "2010-11-15T25:00:00"}, "ongeldige_datum", "tijdstip_registratie"),
    ("VBO", {"identificatie": "606010000000001"}, "ongeldige_waarde", "verblijfsobject_id"),
    ("VBO", {"identificatie": "0606100000000001"}, "ongeldige_waarde", "verblijfsobject_id"),
    ("VBO", {"identificatie": None}, "verplicht_veld_leeg", "verblijfsobject_id"),
    ("VBO", {"hoofdadres": None}, "verplicht_veld_leeg", "hoofdadres_id"),
    ("VBO", {"hoofdadres": "0606010000000001"}, "ongeldige_waarde", "hoofdadres_id"),
    ("VBO", {"pand": ["0606100000000001", "x"]}, "onbekende_waarde", "pand_ids"),
    ("VBO", {"geconstateerd": "X"}, "onbekende_waarde", "geconstateerd"),
    ("VBO", {"voorkomenidentificatie": "een"}, "ongeldig_getal", "voorkomen"),
    ("VBO", {"voorkomenidentificatie": None}, "verplicht_veld_leeg", "voorkomen"),
    ("PND", {"oorspronkelijkBouwjaar": "19xx"}, "ongeldig_getal", "oorspronkelijk_bouwjaar"),
    ("PND", {"status": "Pand is weg"}, "onbekende_waarde", "status"),
    ("NUM", {"huisnummer": "0"}, "ongeldig_getal", "huisnummer"),
    ("NUM", {"huisnummer": "100000"}, "ongeldig_getal", "huisnummer"),
    ("NUM", {"postcode": "0606AB"}, "ongeldige_waarde", "postcode"),
    ("NUM", {"huisletter": "ab"}, "ongeldige_waarde", "huisletter"),
    ("NUM", {"huisnummertoevoeging": "zwart"}, "ongeldige_waarde", "huisnummertoevoeging"),
    ("NUM", {"typeAdresseerbaarObject": "Pand"}, "onbekende_waarde", "type_adresseerbaar_object"),
    ("OPR", {"type": "Steeg"}, "onbekende_waarde", "type"),
    ("OPR", {"naam": " "}, "verplicht_veld_leeg", "naam"),
    ("WPL", {"identificatie": "12345"}, "ongeldige_waarde", "woonplaats_id"),
    ("LIG", {"status": "Verblijfsobject in gebruik"}, "onbekende_waarde", "status"),
    ("STA", {"documentdatum": "31-08-2010"}, "ongeldige_datum", "documentdatum"),
]


@pytest.mark.parametrize(("code", "values", "reason", "column"), BROKEN)
def test_a_record_that_breaks_the_schema_is_set_aside_whole(
    tmp_path: Path, code: str, values: dict[str, Any], reason: str, column: str
) -> None:
    rows = [object_xml(code), object_xml(code, **({"voorkomenidentificatie": 2} | values))]
    found, issues = read_tree(tmp_path, with_objects(code, *rows))
    assert found[NAMES[code]]["source_row"].to_list() == [1]
    assert issues.select("level", "code", "column", "source_row", "source_file").rows() == [
        ("uitval", reason, column, 2, f"0606{code}15012026-000001.xml")
    ]
    kept = json.loads(issues["row"][0])
    assert column in kept
    assert kept["status"] == values.get("status", kept["status"])
    assert issues["text"][0].startswith(f"Niet ingelezen: {column} ")


def test_both_lanes_judge_alike(tmp_path: Path) -> None:
    for code in ("VBO", "NUM", "PND"):
        cases = [values for other, values, _, _ in BROKEN if other == code]
        tree = with_objects(code, *(object_xml(code, **values) for values in cases), object_xml(code))
        fast, reference = (read_tree(tmp_path, tree, lane) for lane in LANES)
        assert fast[1].equals(reference[1])
        assert fast[0][NAMES[code]].equals(reference[0][NAMES[code]])
        assert fast[1].height == len(cases)


def test_one_record_with_several_faults_is_one_issue_that_names_them_all(tmp_path: Path) -> None:
    row = object_xml("VBO", oppervlakte="veel", status="weg", beginGeldigheid="2013-13-45")
    _, issues = read_tree(tmp_path, with_objects("VBO", row))
    assert issues.height == 1
    for part in ("status 'weg'", "oppervlakte 'veel'", "valid_from '2013-13-45'"):
        assert part in issues["text"][0]


def test_a_doubled_element_is_set_aside(tmp_path: Path) -> None:
    doubled = object_xml("VBO").replace(
        "<Objecten:oppervlakte>", "<Objecten:oppervlakte>59</Objecten:oppervlakte><Objecten:oppervlakte>"
    )
    two_main = object_xml("VBO", hoofdadres=["0606200000000001", "0606200000000002"])
    found, issues = read_tree(tmp_path, with_objects("VBO", object_xml("VBO"), doubled, two_main))
    assert found["verblijfsobjecten"]["source_row"].to_list() == [1]
    assert issues.select("code", "column", "source_row").rows() == [
        ("dubbel_gegeven", "oppervlakte", 2),
        ("dubbel_gegeven", "hoofdadres_id", 3),
    ]


def test_another_object_between_the_expected_ones_is_set_aside(tmp_path: Path) -> None:
    found, issues = read_tree(tmp_path, with_objects("VBO", object_xml("VBO"), object_xml("PND"), "<sl:stand/>"))
    assert found["verblijfsobjecten"].height == 1
    assert issues.select("code", "source_row").rows() == [("ander_object", 2), ("ander_object", 3)]
    assert "Pand" in issues["text"][0]


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("VBO", {"eindGeldigheid": "2010-08-31"}),  # begin = eind occurs in every extract
        ("VBO", {"identificatie": "0424010000000393"}),  # gemeente at registration
        ("VBO", {"pand": [f"06061000000000{i:02}" for i in range(23)]}),
        ("VBO", {"oppervlakte": 999999, "gebruiksdoel": ["kantoorfunctie"]}),
        ("VBO", {"oppervlakte": 999999, "status": "Verblijfsobject ingetrokken"}),
        ("VBO", {"oppervlakte": 1, "eindGeldigheid": "2015-01-01"}),
        ("PND", {"beginGeldigheid": "0001-01-01"}),
        ("PND", {"oorspronkelijkBouwjaar": 1005}),
        ("PND", {"oorspronkelijkBouwjaar": 9999, "status": "Pand gesloopt"}),
        ("NUM", {"postcode": None}),
        ("NUM", {"huisletter": "a"}),
        ("NUM", {"huisletter": "A"}),
        ("OPR", {"naam": "'s-Gravelandsevaart “B&W”"}),
    ],
)
def test_what_real_extracts_hold_is_kept_without_a_word(tmp_path: Path, code: str, values: dict[str, Any]) -> None:
    found, issues = read_tree(tmp_path, with_objects(code, object_xml(code, **values)))
    assert found[NAMES[code]].height == 1
    assert issues.is_empty()


@pytest.mark.parametrize(
    ("code", "values", "reason", "column"),
    [
        ("VBO", {"beginGeldigheid": "2104-05-06"}, "datum_ver_vooruit", "valid_from"),
        ("VBO", {"oppervlakte": 999999}, "oppervlakte_onbekend", "oppervlakte"),
        ("VBO", {"oppervlakte": 1}, "oppervlakte_onbekend", "oppervlakte"),
        ("VBO", {"oppervlakte": None}, "gegeven_ontbreekt", "oppervlakte"),
        ("VBO", {"pand": None}, "gegeven_ontbreekt", "pand_ids"),
        ("VBO", {"punt": None}, "geometrie_onbruikbaar", "geometrie"),
        ("VBO", {"punt": ("x", "y")}, "geometrie_onbruikbaar", "geometrie"),
        ("VBO", {"punt": (4.9, 52.3)}, "geometrie_buiten_nederland", "geometrie"),
        ("PND", {"polygoon": [[SQUARE[:4]]]}, "geometrie_onbruikbaar", "geometrie"),
        ("PND", {"polygoon": [[SQUARE, HOLE[:3]]]}, "geometrie_onbruikbaar", "geometrie"),
        ("PND", {"geometrie": "<gml:Curve/>", "polygoon": None}, "geometrie_onbruikbaar", "geometrie"),
        ("PND", {"oorspronkelijkBouwjaar": 9999}, "bouwjaar_onbekend", "oorspronkelijk_bouwjaar"),
        ("PND", {"oorspronkelijkBouwjaar": "0000"}, "bouwjaar_onbekend", "oorspronkelijk_bouwjaar"),
    ],
)
def test_what_is_odd_is_kept_as_delivered_with_a_warning(
    tmp_path: Path, code: str, values: dict[str, Any], reason: str, column: str
) -> None:
    rows = [object_xml(code), object_xml(code, **({"voorkomenidentificatie": 2} | values)), object_xml(code)]
    found, issues = read_tree(tmp_path, with_objects(code, *rows))
    assert found[NAMES[code]].height == 3
    assert issues.select("level", "code", "column", "source_row").rows() == [("waarschuwing", reason, column, 2)]
    if reason == "geometrie_onbruikbaar":
        assert found[NAMES[code]]["geometrie"].is_null().to_list() == [False, True, False]


@pytest.mark.parametrize("lane", LANES)
def test_the_geometry_of_the_others_survives_a_set_aside_record(tmp_path: Path, lane: Lane) -> None:
    rows = [
        object_xml(
            "PND",
            polygoon=[[tuple((x + 50 * i, y) for x, y in SQUARE)]],
            oorspronkelijkBouwjaar="?" if i == 1 else 1931,
        )
        for i in range(3)
    ]
    found, _ = read_tree(tmp_path, with_objects("PND", *rows), lane)
    lefts = shapely.bounds(shapely.from_wkb(found["panden"]["geometrie"].to_list()))[:, 0].tolist()
    assert lefts == [100.0, 200.0]
    assert found["panden"]["source_row"].to_list() == [1, 3]


def test_in_onderzoek_and_gem_wpl_are_judged_too(tmp_path: Path) -> None:
    rows = {"PND": [in_onderzoek_xml("PND", "oppervlakte", "0606100000000001")]}
    tree = extract_tree(in_onderzoek=rows)
    relations = [("1012", "0457", "2010-07-23", None, "definitief"), ("1012", "GM57", "2010-07-23", None, "definitief")]
    tree["GEM-WPL-RELATIE-15012026.zip"]["GEM-WPL-RELATIE-15012026-000001.xml"] = gem_wpl_xml(relations)
    found, issues = read_tree(tmp_path, tree)
    assert found["bag_in_onderzoek"].is_empty()
    assert found["gemeente_woonplaatsen"].height == 1
    assert issues.select("code", "column").rows() == [
        ("ongeldige_waarde", "gemeente_code"),
        ("onbekende_waarde", "kenmerk"),
    ]


def test_the_date_of_the_delivery_decides_what_is_far_ahead(tmp_path: Path) -> None:
    row = object_xml("VBO", beginGeldigheid="2027-06-01")
    found, issues = read_tree(tmp_path, with_objects("VBO", row))
    assert issues.is_empty()
    assert found["verblijfsobjecten"]["valid_from"].to_list() == [date(2027, 6, 1)]
    assert found["verblijfsobjecten"].select(pl.col("nevenadres_ids").list.len()).item() == 0
