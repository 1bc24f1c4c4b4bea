"""The BRK importer: shapes of answers, lists, transfers and flags."""

import json
import zipfile
from pathlib import Path

import brk_answers as brk_test
import openapi_answers
import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers import brk, corporaties
from importers.source import Mapping, load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("brk")
BSN, OTHER_BSN = "999993653", "999990019"
RSIN, BAD_RSIN = "001000020", "001000021"
DWELLING = "0606010000000001"
HEADER = "Kadastrale aanduiding;BAG-id;Aard recht;Aandeel;BSN;RSIN;Naam;Aanvang;Inschrijving;Aard akte;Koopsom\n"


def read(path: Path) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The frames of a file by record, and all issues."""
    batches = list(brk.read(path, source=SOURCE).batches)
    return {batch.record.name: batch.frame for batch in batches}, pl.concat([batch.issues for batch in batches])


def read_list(folder: Path, rows: str, header: str = HEADER) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    path = folder / "lijst.csv"
    path.write_text(header + rows, encoding="utf-8")
    return read(path)


def transfer(folder: Path, *rights: dict[str, object], **zaak: object) -> dict[str, object]:
    """The one transfer of an object with these rights and a deed of levering."""
    path = brk_test.write(
        folder / "brk.jsonl",
        brk_test.zaak(brk_test.number(1), DWELLING, rights, **zaak),
        brk_test.stukdeel("S1", "606", "Overdracht (eigendom en/of beperkt recht)", 250000.0),
        brk_test.stukdeel("S2", "999", "Verklaring van erfrecht"),
    )
    return read(path)[0]["overdrachten"].row(0, named=True)


@pytest.mark.parametrize(
    "name", ["example-levering-koopsom", "example-levering-velden", "example-gesplitst-zakelijk-recht"]
)
def test_the_samples_of_the_kadaster_are_read_without_a_remark(shared_data: Path, name: str) -> None:
    frames, issues = read(shared_data / "brk" / f"{name}.json")
    assert issues.is_empty()
    assert frames["kadastrale_objecten"].height in (1, 2, 10)


def test_a_price_of_a_sample_keeps_its_year(shared_data: Path) -> None:
    frames, _ = read(shared_data / "brk" / "example-levering-koopsom.json")
    objects = frames["kadastrale_objecten"].sort("kadastraal_object")
    assert objects["koopsom"].to_list() == [185000, None]
    assert objects["koopjaar"].to_list() == [2015, None]


def test_pieces_of_answers_are_set_aside_and_not_lost(shared_data: Path) -> None:
    path = shared_data / "brk" / "example-filiatie.json"
    frames, issues = read(path)
    assert frames["kadastrale_objecten"].is_empty()
    assert set(issues["code"]) == {"geen_antwoord"}
    assert json.loads(issues["row"][0])["antwoord"]["aard"]["waarde"] == "Splitsen perceel"


@pytest.fixture(scope="session")
def specified(shared_data: Path) -> st.SearchStrategy[object]:
    """Any answer that the specification of BRK Bevragen allows, about few objects and persons so that they meet."""
    text = (shared_data / "specs" / "brk-bevragen-openapi.yaml").read_text(encoding="utf-8")
    schemas = yaml.safe_load(text)["components"]["schemas"]
    key = st.sampled_from([brk_test.number(1), brk_test.number(2), BSN, RSIN, BAD_RSIN, "12", "A6"])
    paths = ["", "?type=eigenaar", "/zakelijkgerechtigden", "/zakelijkgerechtigden?type=erfpachter"]
    href = st.sampled_from([f"/kadastraalonroerendezaken/{brk_test.number(1)}{path}" for path in paths])
    named = {"identificatie": key, "href": href, "polygonGeoJSON": st.none()}
    kinds = (
        "KadastraalOnroerendeZaakHalCollectie", "KadastraalOnroerendeZaakHal", "ZakelijkGerechtigdeHalCollectie",
        "ZakelijkGerechtigdeHal", "KadasterNatuurlijkPersoonHal", "KadasterNietNatuurlijkPersoonHalCollectie",
        "StukHal", "StukdeelHal", "HypotheekHalCollectie",
    )  # fmt: skip
    return st.one_of(*(openapi_answers.answers(schemas, kind, named=named) for kind in kinds))


def test_a_backslash_that_somebody_wrote_is_no_nul(tmp_path: Path) -> None:
    path = tmp_path / "brk.json"
    path.write_text(json.dumps([{"domein": "\\u0000"}]), encoding="utf-8")
    assert read(path)[1].height == 1  # read, and set aside for want of an identification
    path.write_text(json.dumps([{"domein": "\0"}]), encoding="utf-8")
    with pytest.raises(SourceRefusedError, match="geen JSON"):
        read(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_the_specification_allows_is_read(
    tmp_path: Path, specified: st.SearchStrategy[object], data: st.DataObject
) -> None:
    given_answers = data.draw(st.lists(specified, min_size=1, max_size=4))
    path = tmp_path / "brk.json"
    path.write_text(json.dumps(given_answers), encoding="utf-8")
    frames, issues = read(path)
    rights = frames.get("tenaamstellingen", pl.DataFrame({"rechthebbende": [], "kadastraal_object": []}))
    persons = set(frames["rechthebbenden"]["rechthebbende"]) if "rechthebbenden" in frames else set()
    # Every right has a holder and an object, and every transfer an object.
    assert set(rights["rechthebbende"]) <= persons
    assert set(rights["kadastraal_object"]) <= set(frames["kadastrale_objecten"]["kadastraal_object"])
    assert set(issues["level"]) <= {"uitval", "waarschuwing"}
    assert all(row is not None for row in issues.filter(level="uitval")["row"])


def test_values_of_another_kind_count_as_absent(tmp_path: Path) -> None:
    odd = brk_test.zaak(
        brk_test.number(1), DWELLING, [brk_test.right("1", brk_test.persoon(BSN, "A"), share=(10**30, 1))],
        koopsom={"koopsom": "veel", "koopjaar": 2019.0}, indicatieVervallen="ja", bijbehorendeGrondpercelen="P1",
    )  # fmt: skip
    frames, issues = read(brk_test.write(tmp_path / "brk.json", odd))
    row = frames["kadastrale_objecten"].row(0, named=True)
    assert (row["koopsom"], row["koopjaar"], row["vervallen"], row["grondpercelen"]) == (None, 2019, None, None)
    assert issues["code"].to_list() == ["aandeel_ongeldig"]


def test_every_shape_tells_the_same(tmp_path: Path) -> None:
    key = brk_test.number(1)
    holder = brk_test.right("77", brk_test.persoon(BSN, "A. Jansen"))
    whole = brk_test.zaak(key, DWELLING, [holder])
    bare = {name: value for name, value in whole.items() if name != "_embedded"}
    path = f"/kadastraalonroerendezaken/{key}/zakelijkgerechtigden"
    holders = {"_links": {"self": {"href": "https://host/v2" + path}}, "_embedded": {"zakelijkGerechtigden": [holder]}}
    enveloped = {"request": path, "response": {"_embedded": {"zakelijkGerechtigden": [holder]}}}
    (tmp_path / "one.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")
    (tmp_path / "list.json").write_text(json.dumps([bare, holders]), encoding="utf-8-sig")
    brk_test.write(tmp_path / "lines.jsonl", brk_test.collection([bare]), enveloped)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "list.json", "a/list.json")
    told = []
    for name in ("one.json", "list.json", "lines.jsonl", "all.zip"):
        frames, issues = read(tmp_path / name)
        assert issues.is_empty()
        told.append({record: frame.drop("source_file", "source_row").rows() for record, frame in frames.items()})
    assert told[0] == told[1] == told[2] == told[3]
    assert set(told[0]) == {
        "kadastrale_objecten", "kadastrale_adressen", "rechthebbenden", "tenaamstellingen", "overdrachten",
    }  # fmt: skip


def test_an_answer_for_one_kind_of_right_is_not_taken_as_complete(tmp_path: Path) -> None:
    key = brk_test.number(1)
    path = f"/kadastraalonroerendezaken/{key}/zakelijkgerechtigden?type=eigenaar"
    holders = [brk_test.right("77", brk_test.persoon(BSN, "A. Jansen"))]
    answer = {"_links": {"self": {"href": path}}, "_embedded": {"zakelijkGerechtigden": holders}}
    frames, _ = read(brk_test.write(tmp_path / "brk.json", answer))
    assert frames["kadastrale_objecten"]["tenaamstellingen"].to_list() == [None]
    assert frames["tenaamstellingen"].height == 1


@pytest.mark.parametrize("text", ['{"identificatie": 999993653', "[1, 2", '{"a": 1}\n{"b": 999993653\n'])
def test_what_is_no_json_is_refused_without_repeating_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "brk.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceRefusedError) as refused:
        read(path)
    assert "999993653" not in str(refused.value)


def test_a_sale_by_year_stays_a_year(tmp_path: Path) -> None:
    sold = {"koopsom": {"koopsom": 250000, "koopjaar": 2019, "indicatieMetMeerObjectenVerkregen": True}}
    row = transfer(tmp_path, brk_test.right("1", brk_test.persoon(BSN, "A"), stukdelen=["S1"]), **sold)
    assert (row["inschrijving"], row["inschrijving_herkomst"], row["aard"]) == ("2019", "koopjaar", "levering")
    assert (row["koopsom"], row["koopsom_meer_objecten"]) == (250000, True)


def test_a_levering_without_a_price_is_dated_by_the_year_of_its_right(tmp_path: Path) -> None:
    row = transfer(tmp_path, brk_test.right("1", brk_test.persoon(BSN, "A"), stukdelen=["S1"]))
    assert (row["inschrijving"], row["inschrijving_herkomst"]) == ("2019", "aanvangsdatum")


def test_an_inheritance_has_no_known_inscription(tmp_path: Path) -> None:
    sold = {"koopsom": {"koopsom": 90000, "koopjaar": 1999}}
    row = transfer(tmp_path, brk_test.right("1", brk_test.persoon(BSN, "A"), stukdelen=["S2"]), **sold)
    assert (row["inschrijving"], row["aard"], row["koopsom"]) == (None, "vererving", None)


def test_a_kind_of_deed_that_nobody_listed_stays_unknown(tmp_path: Path) -> None:
    path = brk_test.write(
        tmp_path / "brk.jsonl",
        brk_test.zaak(
            brk_test.number(1), DWELLING, [brk_test.right("1", brk_test.persoon(BSN, "A"), stukdelen=["S3"])]
        ),
        brk_test.stukdeel("S3", "700", "Iets anders"),
    )
    assert read(path)[0]["overdrachten"].select("aard", "aard_stuk_code", "inschrijving").row(0) == (None, "700", None)


def test_the_right_may_be_older_than_its_holder(tmp_path: Path) -> None:
    sold = {"koopsom": {"koopsom": 250000, "koopjaar": 2021}}
    path = brk_test.write(
        tmp_path / "brk.json",
        brk_test.zaak(brk_test.number(1), DWELLING, [brk_test.right("1", brk_test.persoon(BSN, "A"))], **sold),
    )
    frames, _ = read(path)
    assert frames["tenaamstellingen"]["aanvang"].to_list() == ["2021"]
    assert frames["overdrachten"]["inschrijving"].to_list() == ["2021"]


@pytest.mark.parametrize(
    ("shares", "flags"),
    [
        ([(1, 1)], []),
        ([(1, 2), (1, 2)], []),
        ([(1, 3), (1, 3), (1, 3)], []),
        ([(1, 2)], ["aandelen_onder_een"]),
        ([(1, 1), (1, 1)], ["meer_dan_een_hele_eigenaar"]),
        ([(2, 3), (2, 3)], ["aandelen_boven_een"]),
        ([(3, 2)], []),  # the share itself is flagged, and unknown
    ],
)
def test_shares_that_do_not_add_up_are_flagged(tmp_path: Path, shares: list[tuple[int, int]], flags: list[str]) -> None:
    rights = [
        brk_test.right(str(place), brk_test.persoon(str(place), "A", "kadaster_natuurlijk_persoon"), share=share)
        for place, share in enumerate(shares)
    ]
    frames, issues = read(brk_test.write(tmp_path / "brk.json", brk_test.zaak(brk_test.number(1), DWELLING, rights)))
    assert frames["kadastrale_objecten"]["vlaggen"].to_list() == [flags]
    assert set(issues["level"]) <= {"waarschuwing"}
    assert set(issues["code"]) == (set(flags) or ({"aandeel_ongeldig"} if shares == [(3, 2)] else set()))


def test_two_owners_with_the_same_wrong_number_stay_two(tmp_path: Path) -> None:
    zaken = [
        brk_test.zaak(brk_test.number(place), DWELLING, [brk_test.right("1", brk_test.company(BAD_RSIN))])
        for place in (1, 2)
    ]
    frames, issues = read(brk_test.write(tmp_path / "brk.json", brk_test.collection(zaken)))
    persons = frames["rechthebbenden"]
    assert persons["rechthebbende"].n_unique() == 2
    assert persons["rsin"].to_list() == [None, None]
    assert persons["vlaggen"].to_list() == [["rsin_ongeldig"]] * 2
    assert set(frames["tenaamstellingen"]["rechthebbende"]) == set(persons["rechthebbende"])
    assert set(issues["code"]) == {"rsin_ongeldig"}
    assert BAD_RSIN not in str(issues.rows())


def test_a_list_gives_rights_persons_and_transfers(tmp_path: Path) -> None:
    frames, issues = read_list(
        tmp_path,
        f"Schiedam K 12 A1;{DWELLING};Eigendom (recht van);1/2;{BSN};;A. Jansen;02-05-2023;02-05-2023;"
        "Akte van levering;€ 250.000,00\n"
        f"Schiedam K 12 A1;{DWELLING};eigendom;1/2;;{RSIN};Huis BV;02-05-2023;02-05-2023;Akte van levering;250000\n"
        f"Schiedam K 13 A1;{DWELLING};eigendom;1/1;{OTHER_BSN};;B;1998;;Verklaring van erfrecht;\n",
    )
    assert issues.is_empty()
    transfers = frames["overdrachten"].sort("overdracht")
    assert transfers.select("inschrijving", "inschrijving_herkomst", "aard", "koopsom").rows() == [
        ("2023-05-02", "lijst", "levering", 250000), (None, None, "vererving", None),
    ]  # fmt: skip
    assert frames["rechthebbenden"]["type"].to_list() == ["natuurlijk_persoon", "rechtspersoon", "natuurlijk_persoon"]
    assert frames["kadastrale_objecten"]["tenaamstellingen"].list.len().to_list() == [2, 1]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"K 1;{DWELLING};eigendom;1/2;999993654;;A;;;;", "bsn"),
        (f"K 1;{DWELLING};eigendom;een half;{BSN};;A;;;;", "aandeel"),
        (f"K 1;{DWELLING};eigendom;1/2;;;;;;;", "geen_rechthebbende"),
        (f"K 1;{DWELLING};;1/2;{BSN};;A;;;;", "leeg"),
        (f"K 1;{DWELLING};huur;1/2;{BSN};;A;;;;", "onbekende_waarde"),
        (f"K 1;{DWELLING};eigendom;1/2;{BSN};;A;31-02-2020;;;", "datum"),
        (f";{DWELLING};eigendom;1/2;{BSN};;A;;;;", "geen_object"),
        ("K 1;0606200000000;eigendom;1/2;;;A;;;;", "bag_id"),
        ("K 1;;;;;;;;;;", "lege_rij"),
        (f"K 1;{DWELLING};eigendom;1/2;{BSN};;A;;;;duur", "bedrag"),
    ],
)
def test_a_row_that_does_not_fit_is_set_aside(tmp_path: Path, row: str, code: str) -> None:
    frames, issues = read_list(tmp_path, row + "\n")
    assert "tenaamstellingen" not in frames
    assert code in set(issues["code"])
    assert set(issues["level"]) == {"uitval"}
    assert "999993654" not in str(issues.select("text", "original").rows())


@pytest.mark.parametrize("bad", [f"K 1;{DWELLING};eigendom;half;{OTHER_BSN};;B;;;;", "K 1;een cel te weinig"])
def test_a_right_that_was_set_aside_does_not_make_a_list_complete(tmp_path: Path, bad: str) -> None:
    good = "".join(f"{name};{DWELLING};eigendom;1/2;{BSN};;A;;;;\n" for name in ("K 1", "K 2"))
    whole, _ = read_list(tmp_path, good)
    assert whole["kadastrale_objecten"]["tenaamstellingen"].list.len().to_list() == [1, 1]
    frames, issues = read_list(tmp_path, good + bad + "\n")
    assert issues.filter(level="uitval").height == 1
    found = frames["kadastrale_objecten"].sort("kadastraal_object")["tenaamstellingen"].is_null().to_list()
    # Of a line that cannot be read nobody knows the object.
    assert found == ([True, True] if "te weinig" in bad else [True, False])


def test_a_row_with_an_address_alone_adds_a_link_and_ends_nothing(tmp_path: Path) -> None:
    frames, issues = read_list(tmp_path, f"Schiedam K 12 A1;{DWELLING};;;;;;;;;\n")
    assert issues.is_empty()
    assert {name for name, frame in frames.items() if not frame.is_empty()} == {"kadastrale_adressen"}


def test_a_refused_column_is_never_read(tmp_path: Path) -> None:
    header = HEADER.strip() + ";Nationaliteit;Geboorteland\n"
    row = f"K 1;{DWELLING};eigendom;1/1;{BSN};;A;2019;;;;Frans;Frankrijk\n"
    frames, issues = read_list(tmp_path, row, header)
    assert frames["tenaamstellingen"].height == 1
    assert "Fran" not in str([frame.rows() for frame in frames.values()]) + str(issues.rows())


def test_a_municipality_may_name_its_own_columns(tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    path.write_text(f"perceel-id;recht-oms;wie\nK 1;eigendom;{BSN}\n", encoding="utf-8")
    mapping = Mapping({"perceel-id": "kadastrale_aanduiding", "recht-oms": "aard_recht", "wie": "bsn"})
    batches = {b.record.name: b.frame for b in brk.read(path, source=SOURCE, mapping=mapping).batches}
    assert batches["rechthebbenden"]["rechthebbende"].to_list() == [f"bsn:{BSN}"]


def test_a_corporatie_is_known_by_number_only(tmp_path: Path) -> None:
    path = tmp_path / "corporaties.csv"
    path.write_text(f"Naam;RSIN;KvK\nWonen;{RSIN};\nThuis;;24100200\nZonder;;\nFout;{BAD_RSIN};\n", encoding="utf-8")
    (batch,) = corporaties.read(path, source=load_source("corporaties")).batches
    assert batch.frame["corporatie"].to_list() == [f"rsin:{RSIN}", "kvk:24100200"]
    assert batch.issues["code"].to_list() == ["geen_nummer", "rsin"]
