"""Parents, partners and children in a BRP file: what a relation is, when it began and ended, and what is not taken."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest

from importers import brp
from importers.records import PERSOONSLIJSTEN, RELATIES, VERBLIJVEN
from importers.source import load_source
from registry.domain.identifiers import parse_bsn

TEST_SET = "20220502_Testset_persoonslijsten_proefomgeving_GBA-V.csv"
OWN, PARTNER, OTHER, CHILD, YOUNGER, PARENT = (
    "999993653", "999990639", "999994347", "999991978", "999993392", "999994736",
)  # fmt: skip
PERSON = {"": "Lg01_1", "01.01.10": "8940402024", "01.01.20": OWN, "08.10.10": "W", "08.10.30": "20150808"}
HEADERS = (
    "", "01.01.10", "01.01.20", "07.67.10", "07.67.20", "08.10.10", "08.10.30",
    *(f"{category}.{element}" for category in ("02", "03") for element in
      ("01.20", "02.40", "62.10", "83.20", "83.30", "84.10", "85.10", "H")),
    *(f"05.{element}" for element in ("01.20", "06.10", "07.10", "83.20", "83.30", "84.10", "85.10", "H")),
    *(f"09.{element}" for element in ("01.20", "83.20", "83.30", "84.10", "85.10", "89.10", "H")),
)  # fmt: skip
Row = dict[str, str]


def write(folder: Path, rows: Iterable[Row], headers: tuple[str, ...] = HEADERS) -> Path:
    lines = [";".join(headers)]
    for row in rows:
        assert row.keys() <= set(headers)
        lines.append(";".join(row.get(header, "") for header in headers))
    path = folder / "brp.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return path


def batches(path: Path) -> list[brp.Batch]:
    return list(brp.read(path, source=load_source("brp")).batches)


def relations(folder: Path, *rows: Row) -> list[tuple[str, str, int, str | None, str | None, str | None]]:
    """relatie, gerelateerde, volgnummer, aanvang, geldigheid and einde of the one persoonslijst of these rows."""
    found = [batch.frame for batch in batches(write(folder, rows)) if batch.record is RELATIES]
    frame = pl.concat(found)
    assert frame.schema == RELATIES.schema
    assert frame["persoonslijst"].unique().to_list() in ([], ["8940402024"])
    columns = ("relatie", "gerelateerde", "volgnummer", "datum_aanvang", "ingangsdatum_geldigheid", "datum_einde")
    return frame.select(columns).rows()


def test_a_family(tmp_path: Path) -> None:
    rows = relations(
        tmp_path,
        PERSON | {"02.01.20": PARENT, "02.62.10": "19851201", "02.85.10": "19990101", "05.01.20": PARTNER,
                  "05.06.10": "20100615", "05.85.10": "20100615", "09.01.20": CHILD, "09.85.10": "20150101",
                  "09.H": "09"},
        {"09.01.20": YOUNGER, "09.85.10": "20180101"},
    )  # fmt: skip
    assert rows == [
        ("ouder", PARENT, 1, "19851201", "19990101", None),
        ("partner", PARTNER, 1, "20100615", "20100615", None),
        ("kind", CHILD, 1, None, "20150101", None),
        ("kind", YOUNGER, 1, None, "20180101", None),
    ]


def test_a_marriage_that_ended_keeps_its_begin_from_the_former_version(tmp_path: Path) -> None:
    rows = relations(
        tmp_path,
        PERSON | {"05.01.20": PARTNER, "05.07.10": "20200301", "05.85.10": "20200301", "05.H": "55"},
        {"05.06.10": "20100615", "05.85.10": "20100615"},
    )
    assert rows == [("partner", PARTNER, 1, "20100615", "20100615", "20200301")]


def test_a_second_marriage_is_another_relation_and_the_same_partner_again_is_numbered(tmp_path: Path) -> None:
    rows = relations(
        tmp_path,
        PERSON | {"05.01.20": OTHER, "05.06.10": "20210101", "05.85.10": "20210101", "05.H": "05"},
        {"05.01.20": PARTNER, "05.07.10": "20200301", "05.85.10": "20200301", "05.H": "55"},
        {"05.01.20": PARTNER, "05.06.10": "20100615", "05.85.10": "20100615", "05.H": "05"},
        {"05.01.20": OTHER, "05.06.10": "19950101", "05.07.10": "20000101", "05.85.10": "20000101"},
    )
    assert rows == [
        ("partner", OTHER, 1, "20210101", "20210101", None),
        ("partner", PARTNER, 1, "20100615", "20100615", "20200301"),
        ("partner", OTHER, 2, "19950101", "20000101", "20000101"),
    ]


def test_a_former_version_about_someone_else_or_declared_wrong_gives_no_date(tmp_path: Path) -> None:
    rows = relations(
        tmp_path,
        PERSON | {"05.01.20": PARTNER, "05.85.10": "20120101", "05.H": "55"},
        {"05.01.20": OTHER, "05.06.10": "19900101", "05.85.10": "19900101", "05.H": "55"},
        {"05.01.20": PARTNER, "05.06.10": "19910101", "05.84.10": "O", "05.85.10": "19910101"},
    )
    assert rows == [("partner", PARTNER, 1, None, "20120101", None)]


def test_a_child_is_one_person_in_all_its_versions(tmp_path: Path) -> None:
    rows = relations(
        tmp_path,
        PERSON | {"09.01.20": CHILD, "09.85.10": "20030709", "09.H": "59"},
        {"09.85.10": "19501111", "09.H": "09"},
        {"09.01.20": YOUNGER, "09.85.10": "19511223"},
    )
    assert rows == [("kind", CHILD, 1, None, "19501111", None), ("kind", YOUNGER, 1, None, "19511223", None)]


@pytest.mark.parametrize(
    "row",
    [
        {"02.02.40": "Jansen", "02.62.10": "19850101"},  # known by name only
        {"09.01.20": CHILD, "09.89.10": "L"},  # never lived
        {"02.01.20": PARENT, "02.84.10": "O"},  # declared wrong
        {"05.01.20": "999990638", "05.06.10": "20100101"},  # fails the elfproef
        {"09.01.20": OWN, "09.85.10": "20100101"},  # oneself
    ],
)
def test_what_proves_nothing_is_not_taken(tmp_path: Path, row: Row) -> None:
    assert relations(tmp_path, PERSON | row) == []


def test_the_current_parent_counts_and_not_the_former_one(tmp_path: Path) -> None:
    """Fatherhood that a court denied leaves an empty current version."""
    rows = relations(
        tmp_path, PERSON | {"02.85.10": "20010101", "02.H": "52"}, {"02.01.20": PARENT, "02.62.10": "19851201"}
    )
    assert rows == []


@pytest.mark.parametrize(("extra", "doubted"), [({}, False), ({"05.83.20": "20200101"}, True),
                                                ({"05.83.20": "20200101", "05.83.30": "20200201"}, False)])  # fmt: skip
def test_an_open_investigation_doubts_the_relation(tmp_path: Path, extra: Row, *, doubted: bool) -> None:
    path = write(tmp_path, [PERSON | {"05.01.20": PARTNER, "05.06.10": "20100101"} | extra])
    [frame] = [batch.frame for batch in batches(path) if batch.record is RELATIES]
    assert frame["in_onderzoek"].to_list() == [doubted]


def test_odd_values_warn_without_the_number_and_the_persoonslijst_goes_in(tmp_path: Path) -> None:
    odd = {"05.01.20": "999990638", "05.06.10": "20101332", "09.01.20": OWN}
    found = batches(write(tmp_path, [PERSON | odd]))
    issues = pl.concat([batch.issues for batch in found], how="diagonal")
    assert issues.select("level", "code", "column", "original").rows() == [
        ("waarschuwing", "gerelateerde_genegeerd", "05.01.20", None),
        ("waarschuwing", "datum_genegeerd", "05.06.10", "20101332"),
        ("waarschuwing", "gerelateerde_genegeerd", "09.01.20", None),
    ]
    assert "999990638" not in str(issues.rows())
    assert sum(batch.frame.height for batch in found if batch.record is PERSOONSLIJSTEN) == 1


def test_a_file_without_related_persons_says_nothing_about_relations(tmp_path: Path) -> None:
    """Not even that there are none: then a stand would call every known relation gone."""
    headers = tuple(header for header in HEADERS if header[:2] not in ("02", "03", "05", "09"))
    assert {batch.record.name for batch in batches(write(tmp_path, [PERSON], headers))} == {
        "persoonslijsten",
        "verblijven",
    }
    delivered = {batch.record.name for batch in batches(write(tmp_path, [PERSON]))}
    assert delivered == {"persoonslijsten", "verblijven", "relaties"}


def test_relations_of_the_test_persons(shared_data: Path) -> None:
    found = batches(shared_data / "brp" / TEST_SET)
    frame = pl.concat([batch.frame for batch in found if batch.record is RELATIES])
    assert dict(frame.group_by("relatie").len().iter_rows()) == {"ouder": 517, "partner": 197, "kind": 425}
    for bsn in frame["gerelateerde"].unique():
        parse_bsn(bsn)
    people = pl.concat([batch.frame for batch in found if batch.record is PERSOONSLIJSTEN])
    assert pl.concat([batch.frame for batch in found if batch.record is VERBLIJVEN]).height == 1631
    # What one persoonslijst says of a partner, the other says too, but for the few that the set itself has apart.
    married = frame.filter(pl.col("datum_einde").is_null(), relatie="partner")
    both = married.join(people.select("persoonslijst", eigen="bsn"), on="persoonslijst").select("eigen", "gerelateerde")
    known = both.join(people.select(gerelateerde="bsn"), on="gerelateerde", how="semi")
    turned = known.select(eigen="gerelateerde", gerelateerde="eigen")
    mutual = known.join(turned, on=["eigen", "gerelateerde"], how="semi")
    assert (mutual.height, known.height) == (120, 136)
