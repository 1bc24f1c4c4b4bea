"""The BRP: what the test persons of RvIG give, what is refused, and what sets a persoonslijst aside."""

import json
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importers import brp, brp_checks, delimited
from importers.issues import ISSUE, RESIDENT, no_issues
from importers.records import PERSOONSLIJSTEN, VERBLIJVEN
from importers.source import Mapping, Source, load_source
from registry.domain.identifiers import parse_a_nummer, parse_bsn
from registry.errors import InvalidIdentifierError, SourceRefusedError

TEST_SET = "20220502_Testset_persoonslijsten_proefomgeving_GBA-V.csv"
HEADERS = (
    "", "01.01.10", "01.01.20", "01.02.10", "01.02.40", "01.03.10", "01.03.20", "01.04.10", "01.H", "04.05.10",
    "07.67.10", "07.67.20", "07.70.10", "08.09.10", "08.10.10", "08.10.30", "08.11.15", "08.11.20", "08.11.80",
    "08.11.90", "08.13.10", "08.13.20", "08.72.10", "08.83.10", "08.83.20", "08.86.10", "08.88.10", "08.H",
    "10.39.10", "",
)  # fmt: skip
OBJECT = "0606010000000001"
PERSON = {
    "": "Lg01_1", "01.01.10": "8940402024", "01.01.20": "999993653", "01.02.10": "Suzanne", "01.02.40": "Moulin",
    "01.03.10": "19851201", "07.70.10": "0", "08.10.10": "W", "08.10.30": "20150808", "08.11.80": OBJECT, "08.H": "58",
}  # fmt: skip
OTHER = {
    "": "Lg01_2", "01.01.10": "8320968431", "01.01.20": "999990639", "01.02.40": "Burck", "01.03.10": "19220925",
    "08.10.10": "W", "08.10.30": "19960319", "08.11.80": OBJECT,
}  # fmt: skip
FORMER = {"08.10.10": "W", "08.10.30": "20131102", "08.11.80": "0606010000000002"}
Row = dict[str, str]


class Result:
    """All batches of a delivery, put together."""

    def __init__(self, path: Path, mapping: Mapping | None = None, source: Source | None = None) -> None:
        batches = list(brp.read(path, source=source or load_source("brp"), mapping=mapping).batches)
        self.batches = batches
        self.people = pl.concat([PERSOONSLIJSTEN.empty(), *(b.frame for b in batches if b.record is PERSOONSLIJSTEN)])
        self.stays = pl.concat([VERBLIJVEN.empty(), *(b.frame for b in batches if b.record is VERBLIJVEN)])
        self.issues = pl.concat([no_issues(), *(b.issues for b in batches)], how="diagonal")
        self.set_aside = self.issues.filter(level="uitval")
        self.read = sum(batch.read for batch in batches)

    @property
    def everything(self) -> str:
        return str([b.frame.rows() for b in self.batches] + [b.issues.rows() for b in self.batches])


def _rubrieken(folder: Path, rows: Iterable[Row], headers: tuple[str, ...] = HEADERS) -> Path:
    lines = [";".join(headers)]
    for row in rows:
        assert row.keys() <= set(headers)
        lines.append(
            ";".join(row.get(header, "") if header or place == 0 else "" for place, header in enumerate(headers))
        )
    path = folder / "brp.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return path


def _plain(folder: Path, text: str, name: str = "brp.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def test_set(shared_data: Path) -> Result:
    return Result(shared_data / "brp" / TEST_SET)


def test_the_test_persons_come_in(test_set: Result) -> None:
    assert test_set.read == 2156
    assert test_set.people.height + test_set.set_aside.height == 687
    assert test_set.people["persoonslijst"].is_unique().all()
    assert test_set.people.schema == PERSOONSLIJSTEN.schema
    assert test_set.stays.schema == VERBLIJVEN.schema
    assert test_set.issues.schema == pl.Schema(ISSUE | RESIDENT)
    assert test_set.stays.filter(volgnummer=0).height == test_set.people.height


def test_the_test_persons_that_are_set_aside(test_set: Result) -> None:
    codes = test_set.set_aside.group_by("code").len().sort("code").rows()
    assert codes == [("bsn_dubbel", 10), ("datum_onmogelijk", 2)]
    impossible = test_set.set_aside.filter(code="datum_onmogelijk")
    assert impossible.select("source_row", "column").rows() == [(899, "07.67.10"), (1569, "01.03.10")]
    assert "Regel 1569, kolom '08.10.30'" in impossible["text"][1]
    kept = [row for text in test_set.set_aside["row"] for row in json.loads(text)]
    starts = [row["08.10.30"] for row in kept if row["08.10.30"]]
    complete = test_set.stays["datum_aanvang_adreshouding"].drop_nulls()
    assert len(complete) + len(starts) == 1624
    incomplete = complete.filter(complete.str.ends_with("00"))
    assert len(incomplete) == 13
    assert set(incomplete) == {"00000000", "19561000", "19531100"}


def test_one_former_bsn_of_the_test_set_fails_and_is_not_used(test_set: Result) -> None:
    warned = test_set.issues.filter(code="bsn_historie")
    assert warned.select("level", "source_row", "original").rows() == [("waarschuwing", 454, None)]
    assert brp_checks.passes_elfproef(pl.col("bsn")).pipe(test_set.people.select).to_series().drop_nulls().all()


def test_addresses_of_the_test_persons(test_set: Result) -> None:
    stays = test_set.stays
    assert not (stays["adresseerbaar_object_id"] == "0" * 16).any()
    living = stays.filter(volgnummer=0, functie_adres="W").group_by("adresseerbaar_object_id").len()
    count = dict(living.drop_nulls().iter_rows())
    assert count["0363010001004479"] == 12
    assert count["0599010000145114"] == 12
    assert count["0530010002090237"] == 4  # the fifth shares the BSN of another persoonslijst
    assert stays.filter(gemeente_van_inschrijving="1999").height > 0
    assert set(stays["functie_adres"].drop_nulls()) == {"W", "B"}
    wrong = test_set.issues.filter(code="identificatie_onjuist")
    assert wrong.filter(column="08.11.80")["original"].to_list() == [
        "0518100001753738", "0106300000030851", "0363100012246176",
    ]  # fmt: skip
    # A spreadsheet took the leading zero away: it can only have been a zero.
    assert stays.filter(source_row=1562)["adresseerbaar_object_id"].to_list() == ["0363010012067062"]


def test_no_issue_of_the_test_set_tells_who_it_is_about(test_set: Result, shared_data: Path) -> None:
    lines = (shared_data / "brp" / TEST_SET).read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split(";")
    private = {
        line.split(";")[header.index(rubriek)]
        for line in lines[1:]
        for rubriek in ("01.01.10", "01.01.20", "01.02.40", "01.03.10")
    } - {""}
    shown = test_set.issues.drop("row", "persoonslijst", "source_row")
    cells = {str(cell) for row in shown.iter_rows() for cell in row if cell}
    assert not private & cells
    assert not [number for number in private if len(number) > 8 and any(number in cell for cell in cells)]


def test_a_persoonslijst_and_its_verblijven(tmp_path: Path) -> None:
    result = Result(_rubrieken(tmp_path, [PERSON, FORMER, {"08.13.20": "20100000", "08.72.10": "I"}, OTHER]))
    assert result.people.select("persoonslijst", "bsn", "geslachtsnaam", "indicatie_geheim").rows() == [
        ("8940402024", "999993653", "Moulin", 0),
        ("8320968431", "999990639", "Burck", None),
    ]
    columns = ("persoonslijst", "volgnummer", "datum_aanvang_adreshouding", "datum_aanvang_buitenland", "source_row")
    assert result.stays.select(columns).rows() == [
        ("8940402024", 0, "20150808", None, 2),
        ("8940402024", 1, "20131102", None, 3),
        ("8940402024", 2, None, "20100000", 4),
        ("8320968431", 0, "19960319", None, 5),
    ]
    assert result.issues.is_empty()


def test_a_former_category_01_is_history_and_no_new_person(tmp_path: Path) -> None:
    former = {"01.01.10": "8940402024", "01.01.20": "999990639", "01.02.40": "Vroeger", **FORMER}
    result = Result(_rubrieken(tmp_path, [PERSON | {"01.H": "51"}, former]))
    assert result.people["geslachtsnaam"].to_list() == ["Moulin"]
    assert result.stays.height == 2


def test_without_the_id_column_the_a_nummer_tells_who_is_who(tmp_path: Path) -> None:
    rows = [PERSON, FORMER | {"01.01.10": "8940402024"}, OTHER]
    path = _rubrieken(tmp_path, [{k: v for k, v in row.items() if k} for row in rows], HEADERS[1:])
    result = Result(path)
    assert result.people["a_nummer"].to_list() == ["8940402024", "8320968431"]
    assert result.stays["volgnummer"].to_list() == [0, 1, 0]


@pytest.mark.parametrize("block", [200, 260, 333, 1000])
def test_a_persoonslijst_is_whole_in_one_batch(tmp_path: Path, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _rubrieken(tmp_path, [PERSON, FORMER, FORMER, OTHER, FORMER, FORMER])
    whole = Result(path)
    # The header row has to fit in the first part.
    size = len(path.read_text(encoding="utf-8").splitlines()[0])
    monkeypatch.setattr(delimited, "_CHUNK_BYTES", size + block)
    parts = Result(path)
    assert parts.people.equals(whole.people)
    assert parts.stays.equals(whole.stays)
    assert parts.read == whole.read == 6
    for people, stays in zip(parts.batches[::2], parts.batches[1::2], strict=True):
        assert set(people.frame["persoonslijst"]) == set(stays.frame["persoonslijst"])


def test_no_refused_value_gets_anywhere(tmp_path: Path) -> None:
    secret = dict.fromkeys(["01.03.20", "01.04.10", "04.05.10", "08.13.10", "10.39.10"], "NIET-OVERNEMEN")
    bad = OTHER | {"08.10.30": "20231301"}
    path = _rubrieken(tmp_path, [PERSON | secret, FORMER | secret, bad | secret])
    with path.open("a", encoding="utf-8") as file:
        file.write("Lg01_3;NIET-OVERNEMEN;NIET-OVERNEMEN\r\n")
    result = Result(path)
    assert result.people.height == 1
    assert result.set_aside.height == 2
    assert "NIET-OVERNEMEN" not in result.everything


@pytest.mark.parametrize(
    ("rubriek", "value", "code"),
    [
        ("01.01.20", "999993654", "bsn_onjuist"),
        ("01.01.20", "99999365", "bsn_onjuist"),
        ("01.01.10", "8940402025", "a_nummer_onjuist"),
        ("01.03.10", "19850230", "datum_onmogelijk"),
        ("07.67.10", "00002014", "datum_onmogelijk"),
        ("07.67.20", "X", "onbekende_waarde"),
        ("07.70.10", "8", "onbekende_waarde"),
        ("08.09.10", "Schiedam", "onbekende_waarde"),
        ("08.10.10", "Z", "onbekende_waarde"),
        ("08.10.30", "2015-08-08", "datum_onmogelijk"),
        ("08.13.20", "20150015", "datum_onmogelijk"),
        ("08.83.10", "89999", "onbekende_waarde"),
        ("08.83.20", "gisteren", "datum_onmogelijk"),
    ],
)
def test_a_broken_value_sets_the_whole_persoonslijst_aside(tmp_path: Path, rubriek: str, value: str, code: str) -> None:
    broken = PERSON | {rubriek: value}
    result = Result(_rubrieken(tmp_path, [broken, FORMER, OTHER]))
    assert result.people["persoonslijst"].to_list() == ["8320968431"]
    assert result.stays["persoonslijst"].to_list() == ["8320968431"]
    assert result.set_aside.select("code", "column", "source_row").rows() == [(code, rubriek, 2)]
    shown = None if rubriek.startswith("01.") else value
    assert result.set_aside["original"].to_list() == [shown]
    kept = json.loads(result.set_aside["row"][0])
    assert [row["persoonslijst"] for row in kept] == ["Lg01_1", "Lg01_1"]
    assert kept[0][rubriek] == value
    assert kept[1]["08.10.30"] == "20131102"


def test_a_broken_former_verblijf_sets_the_whole_persoonslijst_aside(tmp_path: Path) -> None:
    result = Result(_rubrieken(tmp_path, [PERSON, FORMER | {"08.10.30": "20131301"}, FORMER | {"08.10.10": "Q"}]))
    assert result.people.is_empty()
    assert result.stays.is_empty()
    assert result.set_aside.height == 1
    text = result.set_aside["text"][0]
    assert "Regel 3, kolom '08.10.30'" in text
    assert "Regel 4, kolom '08.10.10'" in text


def test_a_value_that_nothing_rests_on_only_warns(tmp_path: Path) -> None:
    odd = PERSON | {"08.86.10": "1994031", "08.11.20": "negen", "08.72.10": "?", "08.11.90": "12"}
    result = Result(_rubrieken(tmp_path, [odd]))
    assert result.set_aside.is_empty()
    assert result.issues["column"].sort().to_list() == ["08.11.20", "08.11.90", "08.72.10", "08.86.10"]
    fields = ("datum_opneming", "huisnummer", "aangifte_adreshouding", "nummeraanduiding_id")
    assert result.stays.select(fields).row(0) == (None,) * 4


def test_sixteen_zeros_are_no_id_and_no_issue(tmp_path: Path) -> None:
    result = Result(_rubrieken(tmp_path, [PERSON | {"08.11.80": "0" * 16, "08.11.90": "0" * 16}]))
    assert result.stays.select("adresseerbaar_object_id", "nummeraanduiding_id").row(0) == (None, None)
    assert result.issues.is_empty()


def test_doubled_persons_are_set_aside_with_all_their_lines(tmp_path: Path) -> None:
    same_bsn = OTHER | {"01.01.20": PERSON["01.01.20"]}
    result = Result(_rubrieken(tmp_path, [PERSON, FORMER, same_bsn]))
    assert result.people.is_empty()
    assert result.set_aside.select("code", "source_row").rows() == [("bsn_dubbel", 2), ("bsn_dubbel", 4)]
    assert "(regels 2, 4)" in result.set_aside["text"][0]
    result = Result(_rubrieken(tmp_path, [PERSON, OTHER, PERSON | {"": "Lg01_9"}]))
    assert result.people["persoonslijst"].to_list() == ["8320968431"]
    assert result.set_aside["code"].to_list() == ["persoonslijst_dubbel"] * 2


def test_rows_of_nobody_are_set_aside(tmp_path: Path) -> None:
    nobody = {"01.02.40": "Zonder", "08.10.10": "W", "08.10.30": "20200101"}
    result = Result(_rubrieken(tmp_path, [FORMER, OTHER, nobody]))
    assert result.people["persoonslijst"].to_list() == ["8320968431"]
    assert result.set_aside.select("code", "source_row").rows() == [("sleutel_ontbreekt", 2), ("sleutel_ontbreekt", 4)]


def test_a_line_that_does_not_fit_sets_its_persoonslijst_aside(tmp_path: Path) -> None:
    path = _rubrieken(tmp_path, [PERSON, FORMER, OTHER])
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:3], lines[2] + ";", lines[3]]), encoding="utf-8")
    result = Result(path)
    assert result.people["persoonslijst"].to_list() == ["8320968431"]
    assert result.set_aside.select("code", "source_row", "row").rows() == [("regel_onleesbaar", 4, None)]
    path.write_text("\n".join([*lines[:3], lines[3] + ";", lines[2]]), encoding="utf-8")
    result = Result(path)
    assert result.people["persoonslijst"].to_list() == ["8940402024"]
    assert result.stays.height == 2


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ((*HEADERS, "01.99.10"), "onbekende kolom '01.99.10'"),
        (tuple(h for h in HEADERS if h != "08.10.30"), "'08.10.30' ontbreekt"),
        (tuple(h for h in HEADERS if h not in ("", "01.01.10", "01.01.20")), "geen kolom met A-nummer"),
        ((*HEADERS, "08.11.80"), "'08.11.80' (kolom 19) en '08.11.80'"),
    ],
)
def test_other_headers_refuse_the_file(tmp_path: Path, headers: tuple[str, ...], part: str) -> None:
    with pytest.raises(SourceRefusedError) as refused:
        Result(_rubrieken(tmp_path, [], headers))
    assert part in str(refused.value)


def test_a_corrected_export_comes_back_as_it_was(tmp_path: Path) -> None:
    set_aside = Result(_rubrieken(tmp_path, [PERSON | {"08.10.30": "20151301"}, FORMER, OTHER])).set_aside
    rows = json.loads(set_aside["row"][0])
    rows[0]["08.10.30"] = "20151201"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["uitval", "uitval: reden", *rows[0]])
    for row in rows:
        sheet.append(["7", "een reden", *row.values()])
    book.create_sheet("Toelichting").append(["persoonslijst", "08.10.30"])
    book.save(tmp_path / "uitval.xlsx")
    result = Result(tmp_path / "uitval.xlsx")
    assert result.people["persoonslijst"].to_list() == ["8940402024"]
    assert result.stays["datum_aanvang_adreshouding"].to_list() == ["20151201", "20131102"]
    assert result.issues.is_empty()


def test_masked_numbers_of_an_export_stand_for_what_was_kept(tmp_path: Path) -> None:
    wrong = Result(_rubrieken(tmp_path, [PERSON | {"08.10.30": "20151301"}, FORMER, OTHER])).set_aside["row"][0]
    rows = json.loads(wrong)
    rows[0] |= {"08.10.30": "20151201", "01.01.10": "*********", "01.01.20": "*********"}
    headers = ["uitval", *rows[0]]
    lines = [headers, *(["7", *(value or "" for value in row.values())] for row in rows)]
    path = _plain(tmp_path, "\n".join(";".join(line) for line in lines))
    delivery = brp.read(path, source=load_source("brp"), mapping=Mapping(kept={"7": wrong, "8": "{}"}))
    people = next(delivery.batches)
    assert people.frame.select("a_nummer", "bsn").rows() == [("8940402024", "999993653")]
    assert people.issues.is_empty()
    with pytest.raises(SourceRefusedError, match=r"regel 2, kolom '01\.01\.10': .* geen bewaarde waarde"):
        next(brp.read(path, source=load_source("brp")).batches)


def test_a_plain_table_is_put_in_order_per_person(tmp_path: Path) -> None:
    path = _plain(
        tmp_path,
        "BSN;Aanvang;Functie adres;Verblijfsobject;Nationaliteit;Geloof;Geslacht\n"
        f"999993653;02-11-2013;woonadres;{OBJECT};GEHEIM;GEHEIM;GEHEIM\n"
        f"999990639;1996;;{OBJECT};;;\n"
        f"999993653;2015-08-08;W;{OBJECT};GEHEIM;;\n"
        f"999993653;20140101;briefadres;{OBJECT};GEHEIM;;\n",
    )
    result = Result(path)
    columns = ("persoonslijst", "volgnummer", "datum_aanvang_adreshouding", "functie_adres", "source_row")
    assert result.stays.select(columns).sort("persoonslijst", "volgnummer").rows() == [
        ("999990639", 0, "19960000", None, 3),
        ("999993653", 0, "20150808", "W", 4),
        ("999993653", 1, "20140101", "B", 5),
        ("999993653", 2, "20131102", "W", 2),
    ]
    assert result.read == 4
    assert result.issues.is_empty()
    assert "GEHEIM" not in result.everything


def test_a_plain_table_defaults_to_woonadres_and_knows_departures(tmp_path: Path) -> None:
    path = _plain(
        tmp_path,
        "anummer,aanvang,datum vertrek,nummeraanduiding\n"
        "8940402024,2020-01-01,2021-05-00,0606200000000001\n"
        "8940402024,2018-01-01,2020-01-01,0606200000000002\n"
        "8940402024,2010-01-01,2012-01-01,0606200000000003\n",
    )
    result = Result(path)
    columns = ("volgnummer", "datum_aanvang_adreshouding", "functie_adres", "nummeraanduiding_id")
    assert result.stays.select(columns).rows() == [
        (0, "20210500", None, None),
        (1, "20200101", "W", "0606200000000001"),
        (2, "20180101", "W", "0606200000000002"),
        (3, "20120101", None, None),
        (4, "20100101", "W", "0606200000000003"),
    ]
    assert result.people.height == 1
    assert result.read == 3


def test_departures_that_cannot_be_are_set_aside(tmp_path: Path) -> None:
    path = _plain(
        tmp_path,
        "bsn;aanvang;datum vertrek;huisnummer\n999993653;2020-01-01;2019-01-01;1\n"
        "999990639;2020-01-01;;1\n999990639;2018-01-01;2020-06-01;2\n",
    )
    result = Result(path)
    assert set(result.set_aside["code"]) == {"vertrek_voor_aanvang", "vertrek_na_volgend_verblijf"}
    assert result.people.is_empty()


@pytest.mark.parametrize("rows", [["2010", "2012-01-01", "2015-01-01"], ["2015-01-01", "2012-01-01", "2010"]])
def test_incomplete_dates_keep_the_order_of_the_file_whichever_way_it_runs(tmp_path: Path, rows: list[str]) -> None:
    result = Result(_plain(tmp_path, "bsn;aanvang\n" + "".join(f"999993653;{start}\n" for start in rows)))
    assert result.stays["datum_aanvang_adreshouding"].to_list() == ["20150101", "20120101", "20100000"]


def test_an_indeling_brings_own_headers_and_dates(tmp_path: Path) -> None:
    path = _plain(tmp_path, "Klantnr;Sinds;Kleur;VBO\n8940402024;08/00/2015;rood;363010000000001\n")
    mapping = Mapping(
        {"Klantnr": "a_nummer", "Sinds": "datum_aanvang_adreshouding", "VBO": "adresseerbaar_object_id"},
        "mm/dd/jjjj",
        ("Kleur",),
    )
    stays = Result(path, mapping).stays
    assert stays.select("datum_aanvang_adreshouding", "adresseerbaar_object_id").row(0) == (
        "20150800",
        "0363010000000001",
    )


def test_a_plain_workbook_with_numbers_and_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Uitdraai"])
    sheet.append(["bsn", "aanvang", "postcode", "huisnummer", "huisletter"])
    sheet.append([12340010, 20150000, "3111 aa", 5, "a"])
    book.save(tmp_path / "brp.xlsx")
    result = Result(tmp_path / "brp.xlsx")
    assert result.set_aside["code"].to_list() == ["bsn_onjuist"]
    sheet["A3"] = 9921
    book.save(tmp_path / "brp.xlsx")
    assert Result(tmp_path / "brp.xlsx").set_aside["code"].to_list() == ["bsn_onjuist"]
    sheet["A3"] = 999993653
    book.save(tmp_path / "brp.xlsx")
    result = Result(tmp_path / "brp.xlsx")
    columns = ("datum_aanvang_adreshouding", "postcode", "huisnummer", "source_row")
    assert result.stays.select(columns).row(0) == ("20150000", "3111AA", 5, 3)


def test_plain_rows_without_a_key_are_each_set_aside(tmp_path: Path) -> None:
    result = Result(_plain(tmp_path, "bsn;aanvang\n;2015-01-01\n999993653;2015-01-01\n;2016-01-01\n"))
    assert result.set_aside.select("code", "source_row").rows() == [("sleutel_ontbreekt", 2), ("sleutel_ontbreekt", 4)]
    assert result.people.height == 1


def test_a_plain_table_with_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="'Inkomen'"):
        Result(_plain(tmp_path, "bsn;aanvang;Inkomen\n"))


def test_an_empty_delivery_gives_empty_frames(tmp_path: Path) -> None:
    for result in [Result(_rubrieken(tmp_path, [])), Result(_plain(tmp_path, "bsn;aanvang\n"))]:
        assert result.people.is_empty()
        assert result.read == 0


_nine = st.text("0123456789", min_size=9, max_size=9)
_ten = st.text("0123456789", min_size=10, max_size=10) | st.sampled_from(["8940402024", "8320968431", "8840402024"])


def _passes(parse: object, text: str | None) -> bool | None:
    if text is None:
        return None
    try:
        parse(text)  # type: ignore[operator]
    except InvalidIdentifierError:
        return False
    return True


@settings(deadline=None)
@given(st.lists(_nine | st.text(max_size=10) | st.none() | st.just("999993653"), min_size=1, max_size=30))
def test_the_elfproef_of_a_column_is_that_of_each_bsn(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    found = frame.select(brp_checks.passes_elfproef(pl.col("a"))).to_series().to_list()
    assert found == [_passes(parse_bsn, text) for text in texts]


@settings(deadline=None)
@given(st.lists(_ten | st.text(max_size=11) | st.none(), min_size=1, max_size=30))
def test_the_check_of_a_column_of_a_nummers_is_that_of_each(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    found = frame.select(brp_checks.is_a_nummer(pl.col("a"))).to_series().to_list()
    assert found == [_passes(parse_a_nummer, text) for text in texts]
