"""Law files are read strictly, and a date picks the right version."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_frames import AREAS

from registry.errors import LawFileError
from rules.law_models import in_force
from rules.ordinances import Bereik, Geen
from rules.parameters import Law, load_law, param, parse_law

NORM = "overbewoning.m2_per_persoon"
NATIONAL = """
titel: proef
parameters:
  norm:
    omschrijving: proefnorm
    eenheid: m2
    soort: getal
    waarden:
      - {van: 2012-04-01, vervalt_met_ingang_van: 2024-01-01, waarde: 12, bron: artikel 1, status: vastgesteld}
      - {van: 2024-01-01, waarde: 13, bron: artikel 2, status: te_bevestigen}
"""
MUNICIPAL = """
gemeente: GM0606
naam: Schiedam
parameters:
  norm:
    - {van: 2020-01-01, vervalt_met_ingang_van: 2022-01-01, waarde: 18, bron: verordening, status: vastgesteld}
"""


def law(national: str = NATIONAL, **municipal: str) -> Law:
    files = {"proef.yml": national.encode()}
    return parse_law(files | {f"verordeningen/{name}.yml": text.encode() for name, text in municipal.items()})


def values(text: str) -> str:
    return NATIONAL[: NATIONAL.index("      - {van")] + text


BROKEN = {
    "unknown key at the top": (NATIONAL + "extra: 1\n", "proef.yml", "extra", "onbekende sleutel"),
    "misspelt key of a parameter": (NATIONAL.replace("eenheid", "eenhied"), "norm.eenhied", "onbekende sleutel"),
    "misspelt key of a value": (NATIONAL.replace("bron: artikel 1", "bronn: artikel 1"), "bronn", "onbekende sleutel"),
    "source left out": (NATIONAL.replace(" bron: artikel 1,", ""), "norm.waarden.0.bron", "ontbreekt"),
    "status unknown": (NATIONAL.replace("vastgesteld", "zeker"), "norm.waarden.0.status", "te_bevestigen"),
    "no date": (NATIONAL.replace("2012-04-01", "2012-13-01"), "norm.waarden.0.van", "is geen datum"),
    "ends before it begins": (
        NATIONAL.replace("met_ingang_van: 2024-01-01", "met_ingang_van: 2012-04-01"),
        "ligt niet na van 2012-04-01",
    ),
    "periods out of order": (
        values(
            "      - {van: 2024-01-01, waarde: 1, bron: a, status: vastgesteld}\n"
            "      - {van: 2012-01-01, waarde: 1, bron: a, status: vastgesteld}"
        ),
        "niet op volgorde",
        "2012-01-01",
    ),
    "overlapping periods": (NATIONAL.replace("met_ingang_van: 2024-01-01", "met_ingang_van: 2024-01-02"), "overlappen"),
    "open period followed by another": (NATIONAL.replace(" vervalt_met_ingang_van: 2024-01-01,", ""), "onbepaald"),
    "a gap": (NATIONAL.replace("met_ingang_van: 2024-01-01", "met_ingang_van: 2023-12-31"), "gat", "2023-12-31"),
    "null without a reason": (NATIONAL.replace("waarde: 12", "waarde: null"), "reden in 'toelichting'"),
    "text for a number": (NATIONAL.replace("waarde: 12", "waarde: twaalf"), "'twaalf'", "geen getal"),
    "yes for a number": (NATIONAL.replace("waarde: 12", "waarde: true"), "True", "geen getal"),
    "a key twice": (NATIONAL.replace("soort: getal", "soort: getal\n    soort: tekst"), "'soort' staat er twee keer"),
    "no YAML": ("titel: [", "proef.yml", "geen leesbaar YAML-bestand"),
    "not UTF-8": ("titel: \udcff", "proef.yml", "geen leesbaar YAML-bestand"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_national_file_is_refused_with_key_and_reason(name: str) -> None:
    text, *words = BROKEN[name]
    with pytest.raises(LawFileError) as refused:
        parse_law({"proef.yml": text.encode(errors="surrogateescape")})
    for word in ("proef.yml", *words):
        assert word in str(refused.value)


REGELING = """
gemeente: GM0606
naam: Schiedam
regelingen:
  opkoopbescherming:
    - naam: proef
      van: 2022-01-01
      bron: gmb
      status: vastgesteld
      grenzen:
        - van: 2022-01-01
          vervalt_met_ingang_van: 2023-01-01
          grens: 355000
          operator: "<"
          bron: a
          status: vastgesteld
        - {van: 2023-01-01, grens: {min: 355000, max: 390000}, bron: a, status: te_bevestigen}
"""
BROKEN_MUNICIPAL = {
    "parameter that no national file has": (MUNICIPAL.replace("norm:", "nrom:"), "parameters.nrom", "landelijk"),
    "file name of another municipality": (MUNICIPAL.replace("GM0606", "GM0599"), "gm0599.yml"),
    "code without four digits": (MUNICIPAL.replace("GM0606", "606"), "gemeente"),
    "value of another kind": (MUNICIPAL.replace("waarde: 18", "waarde: veel"), "parameters.norm", "geen getal"),
    "overlap in own values": (
        MUNICIPAL + "    - {van: 2021-01-01, waarde: 1, bron: a, status: vastgesteld}\n",
        "norm",
        "overlappen",
    ),
    "wrong operator": (REGELING.replace('"<"', '"=<"'), "grenzen.0.operator", "'<'"),
    "range upside down": (REGELING.replace("max: 390000", "max: 355000"), "niet groter dan min"),
    "overlapping limits": (REGELING.replace("met_ingang_van: 2023", "met_ingang_van: 2024"), "overlappen"),
    "gap between limits": (REGELING.replace("met_ingang_van: 2023-01-01", "met_ingang_van: 2022-12-01"), "gat"),
    "no limit without a reason": (REGELING.replace("{min: 355000, max: 390000}", "null"), "reden in 'toelichting'"),
    "areas unknown without a reason": (
        REGELING + "      gebieden: [{van: 2022-01-01, codes: null, bron: a, status: vastgesteld}]\n",
        "'codes: null' vraagt een reden",
    ),
    "none without a source": (
        "gemeente: GM0606\nnaam: S\nregelingen: {opkoopbescherming: {geen: true, status: vastgesteld}}",
        "bron",
    ),
    "rule misspelt": (REGELING.replace("opkoopbescherming:", "opkoopbeschreming:"), "opkoopbeschreming"),
}


@pytest.mark.parametrize("name", BROKEN_MUNICIPAL)
def test_broken_municipal_file_is_refused_with_key_and_reason(name: str) -> None:
    text, *words = BROKEN_MUNICIPAL[name]
    with pytest.raises(LawFileError) as refused:
        law(gm0606=text)
    for word in ("gm0606.yml", *words):
        assert word in str(refused.value)


def test_a_parameter_may_stand_in_one_file_only() -> None:
    with pytest.raises(LawFileError, match=r"tweede\.yml: parameters\.norm: staat ook al in proef\.yml"):
        parse_law({"proef.yml": NATIONAL.encode(), "tweede.yml": NATIONAL.encode()})


@pytest.mark.parametrize(
    ("on", "national", "schiedam"),
    [
        (date(2012, 3, 31), None, None),
        (date(2012, 4, 1), 12, 12),
        (date(2019, 12, 31), 12, 12),
        (date(2020, 1, 1), 12, 18),
        (date(2021, 12, 31), 12, 18),
        (date(2022, 1, 1), 12, 12),
        (date(2023, 12, 31), 12, 12),
        (date(2024, 1, 1), 13, 13),
    ],
)
def test_own_value_goes_before_the_national_one_while_it_holds(
    on: date, national: int | None, schiedam: int | None
) -> None:
    read = law(gm0606=MUNICIPAL)
    frame = pl.DataFrame({"gemeente": ["GM0599", "GM0606", None], "dag": [on] * 3})
    attached = read.attach(frame, {"norm": "dag"}).select(param("norm")).to_series().to_list()
    assert attached == [national, schiedam, national]


@given(st.lists(st.dates(date(2010, 1, 1), date(2030, 1, 1)) | st.none(), min_size=1, max_size=20), st.randoms())
def test_a_column_of_dates_gives_what_each_date_gives_alone(days: list[date | None], random: object) -> None:
    read = law(gm0606=MUNICIPAL)
    codes = [random.choice(["GM0606", "GM0001", None]) for _ in days]  # type: ignore[attr-defined]
    frame = pl.DataFrame({"gemeente": codes, "dag": days}, schema={"gemeente": pl.String, "dag": pl.Date})
    attached = read.attach(frame, {"norm": "dag"}).get_column("wet:norm").to_list()
    for code, day, value in zip(codes, days, attached, strict=True):
        found = None if day is None else read.value_at("norm", code, day)
        assert value == (None if found is None else found.waarde)


def test_hash_changes_with_the_law_here_and_not_with_the_law_elsewhere() -> None:
    before = law(gm0606=MUNICIPAL)
    elsewhere = law(gm0606=MUNICIPAL, gm0599=MUNICIPAL.replace("GM0606", "GM0599"))
    here = law(gm0606=MUNICIPAL.replace("18", "19"))
    nation = law(NATIONAL.replace("13", "14"), gm0606=MUNICIPAL)
    assert before.hash_for("GM0606") == elsewhere.hash_for("GM0606")
    assert len({read.hash_for("GM0606") for read in (before, here, nation)}) == 3
    assert before.hash_for(None) == before.hash_for("GM0599") != before.hash_for("GM0606")


def test_files_kept_under_a_hash_give_the_same_law_again() -> None:
    shipped = load_law()
    again = parse_law(shipped.files_for("GM0606"))
    assert again.hash_for("GM0606") == shipped.hash_for("GM0606")
    assert again.value_at(NORM, "GM0606", date(2024, 1, 1)) == shipped.value_at(NORM, "GM0606", date(2024, 1, 1))


def test_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "weg.yml").symlink_to(tmp_path / "nergens.yml")
    with pytest.raises(LawFileError, match=r"weg\.yml"):
        load_law(tmp_path)


def test_every_shipped_value_has_a_source_and_is_read() -> None:
    shipped = load_law()
    assert NORM in shipped.parameters
    for entry in shipped.parameters.values():
        assert all(value.bron for value in entry.waarden)


def test_the_norm_is_twelve_and_six_before_and_after_the_omgevingswet() -> None:
    shipped = load_law()
    for on in (date(2023, 12, 31), date(2023, 12, 31) + timedelta(days=1)):
        found = [shipped.value_at(name, "GM0606", on) for name in (NORM, NORM + "_woonwagen")]
        assert [value.waarde for value in found if value] == [12, 6]
        assert {value.status for value in found if value} == {"te_bevestigen"}


def test_what_if_replaces_the_value_everywhere_and_is_no_longer_the_same_law() -> None:
    shipped = law(gm0606=MUNICIPAL)
    changed = shipped.replace({"norm": 10})
    assert [value.waarde for value in changed.timeline("norm", "GM0606")] == [10]
    assert changed.hash_for("GM0606") != shipped.hash_for("GM0606")


@pytest.mark.parametrize(("name", "waarde", "word"), [("nrom", 1, "nrom"), ("norm", "veel", "geen getal")])
def test_what_if_refuses_what_is_no_parameter(name: str, waarde: object, word: str) -> None:
    with pytest.raises(LawFileError, match=word):
        law().replace({name: waarde})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("gemeente", "on", "limit", "operator"),
    [
        ("GM0392", date(2023, 5, 1), 389_000, None),
        ("GM0392", date(2023, 5, 2), 451_000, None),
        ("GM0344", date(2025, 6, 30), 565_000, None),
        ("GM0344", date(2025, 7, 1), 611_000, None),
        ("GM0772", date(2023, 2, 1), 355_000, "<"),
        ("GM0518", date(2022, 3, 1), 355_000, "<="),
        ("GM0599", date(2023, 1, 1), None, None),
    ],
)
def test_limits_of_ordinances_change_on_their_day(
    gemeente: str, on: date, limit: int | None, operator: str | None
) -> None:
    regeling = load_law().regeling_at("opkoopbescherming", gemeente, on)
    assert regeling is not None
    grens = in_force(regeling.grenzen, on)
    assert grens is not None
    assert (grens.grens, grens.operator) == (limit, operator)


def test_same_day_counts_and_the_day_before_does_not() -> None:
    shipped = load_law()
    assert shipped.regeling_at("opkoopbescherming", "GM0518", date(2022, 2, 28)) is None
    assert shipped.regeling_at("opkoopbescherming", "GM0518", date(2022, 3, 1)) is not None


def test_a_limit_known_as_a_range_is_a_range() -> None:
    regeling = load_law().regeling_at("opkoopbescherming", "GM0606", date(2025, 3, 1))
    assert regeling is not None
    grens = in_force(regeling.grenzen, date(2025, 3, 1))
    assert grens is not None
    assert (grens.grens, grens.status) == (Bereik(min=390_000, max=450_000), "te_bevestigen")


def test_no_ordinance_is_something_else_than_no_file() -> None:
    none = "gemeente: GM0599\nnaam: R\nregelingen: {opkoopbescherming: {geen: true, bron: raad, status: vastgesteld}}"
    read = law(gm0599=none, gm0606=MUNICIPAL)
    assert isinstance(read.regelingen("opkoopbescherming", "GM0599"), Geen)
    assert read.regelingen("opkoopbescherming", "GM0606") is None
    assert read.regelingen("opkoopbescherming", None) is None
    assert read.regeling_at("opkoopbescherming", "GM0599", date(2024, 1, 1)) is None


def test_limits_that_differ_per_area_are_one_dated_text() -> None:
    told = [
        (value.van, value.vervalt_met_ingang_van, value.waarde, value.status, value.bron)
        for value in law(gm0606=AREAS).timeline("opkoopbescherming.grens_gebied", "GM0606")
    ]
    unknown = "BU06060301: onbekend; {}; WK060602: onbekend"
    first, second = "WK060601: 400000 (<=)", "WK060601: 410000 tot 420000 (<)"
    name = "proefverordening"
    assert told == [
        (date(2022, 1, 1), date(2022, 7, 1), first, "vastgesteld", f"{name} (b)"),
        (date(2022, 7, 1), date(2023, 1, 1), unknown.format(first), "te_bevestigen", f"{name} (b; d)"),
        (date(2023, 1, 1), None, unknown.format(second), "te_bevestigen", f"{name} (c; d)"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (AREAS.replace("2023-01-01, grens: 4", "2023-02-01, grens: 4"), ("gebied WK060601", "overlappen")),
        (AREAS.replace("2023-01-01, grens: 4", "2022-12-01, grens: 4"), ("gebied WK060601", "gat")),
        (AREAS.replace("[WK060602, BU06060301]", "[]"), ("gebieden", "leeg")),
        (AREAS.replace("BU06060301", "WK060601"), ("gebied WK060601", "volgorde")),
        (AREAS.replace("BU06060301", "buurt; 3"), ("gebieden", "code")),
        (AREAS.replace("{van: 2023-01-01,", "{van: 2023-01-01, vervalt_met_ingang_van: 2022-01-01,"),
         ("ligt niet na", "2022-01-01")),
    ],
)  # fmt: skip
def test_wrong_limits_per_area_are_refused_with_file_key_and_reason(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(LawFileError) as refused:
        law(gm0606=text)
    for word in ("gm0606.yml", "regelingen", "grenzen", *words):
        assert word in str(refused.value)
