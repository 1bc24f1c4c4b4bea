"""Reading, folding and writing Dutch addresses."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.adres import (
    adres_readings,
    fold_postcode,
    fold_straat,
    fold_straat_variant,
    fold_suffix,
    fold_suffix_variant,
    fold_woonplaats,
    format_adres,
    format_postcode_woonplaats,
    parse_adres,
)

LETTERS = st.text(string.ascii_letters, min_size=0, max_size=1)
TOEVOEGINGEN = st.text(string.ascii_letters + string.digits, min_size=0, max_size=4)


@pytest.mark.parametrize("spelled", ["12-b", "12 B", "12b", "12 - b", "12.B"])
def test_spellings_of_one_suffix_share_a_key(spelled: str) -> None:
    assert fold_suffix(spelled.removeprefix("12")) == "B"


@given(LETTERS, TOEVOEGINGEN)
def test_the_split_between_letter_and_toevoeging_never_matters(letter: str, toevoeging: str) -> None:
    assert fold_suffix(letter, toevoeging) == fold_suffix(letter + toevoeging) == fold_suffix(None, letter + toevoeging)


@given(st.text(max_size=12))
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = fold_suffix(text)
    assert fold_suffix(folded) == folded
    assert fold_suffix(text.upper()) == fold_suffix(text.lower().upper())


@given(TOEVOEGINGEN, st.sampled_from([" ", "-", "", " - "]))
def test_separators_and_case_do_not_change_a_suffix(suffix: str, separator: str) -> None:
    assert fold_suffix(separator + separator.join(suffix.swapcase())) == fold_suffix(suffix)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hs", "H"),
        ("huis", "bg"),
        ("beg. grond", "0"),
        ("III", "3"),
        ("2 hoog", "II"),
        ("2e verd.", "2"),
        ("bis A", "A bis"),
        ("01", "1"),
        ("boven", "bov"),
        ("rood", "RD"),
    ],
)
def test_variants_of_a_suffix_meet(one: str, other: str) -> None:
    assert fold_suffix(one) != fold_suffix(other)
    assert fold_suffix_variant(fold_suffix(one)) == fold_suffix_variant(fold_suffix(other))


@pytest.mark.parametrize(
    ("one", "other"), [("A", "B"), ("1", "11"), ("", "H"), ("bis", "A bis"), ("10", "1"), ("", "0")]
)
def test_different_suffixes_stay_different(one: str, other: str) -> None:
    assert fold_suffix_variant(fold_suffix(one)) != fold_suffix_variant(fold_suffix(other))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Singel 12-b", ("Singel", 12, "b", None, None)),
        ("1234 AB 12 hs", (None, 12, "hs", "1234AB", None)),
        ("1234ab12", (None, 12, None, "1234AB", None)),
        ("Burg. van Eertenstr 3 III, 1381 AB Weesp", ("Burg. van Eertenstr", 3, "III", "1381AB", "Weesp")),
        ("12-1", (None, 12, "1", None, None)),
        ("Singel 1234 hs", ("Singel", 1234, "hs", None, None)),
        ("Singel 1234 hs, 1381 AB Weesp", ("Singel", 1234, "hs", "1381AB", "Weesp")),
        ("1381 AB Weesp, Singel 12", ("Singel", 12, None, "1381AB", "Weesp")),
        ("1381 AB 12, Weesp", (None, 12, None, "1381AB", "Weesp")),
        ("Singel 12, Weesp, 1381AB", ("Singel", 12, None, "1381AB", "Weesp")),
        ("Singel 12 A 1381 AB", ("Singel", 12, "A", "1381AB", None)),
        ("Singel 12 hs Weesp", ("Singel", 12, "hs", None, "Weesp")),
        ("Singel 12 Den Haag", ("Singel", 12, None, None, "Den Haag")),
        ("Singel 12 beg. grond", ("Singel", 12, "beg. grond", None, None)),
        ("2e Dwarsstraat 5", ("2e Dwarsstraat", 5, None, None, None)),
        ("'s-Gravelandsevaart 3 A, Weesp", ("'s-Gravelandsevaart", 3, "A", None, "Weesp")),
        ("  Singel   12 ; ", ("Singel", 12, None, None, None)),
        ("Singel, 12 b, Weesp", ("Singel", 12, "b", None, "Weesp")),
        ("Singel nr. 12", ("Singel", 12, None, None, None)),
        ("Singel huisnummer 12b, Weesp", ("Singel", 12, "b", None, "Weesp")),
        ("Singel12b,1381ABWeesp", ("Singel", 12, "b", "1381AB", "Weesp")),
        ("Nooitgedacht 5", ("Nooitgedacht", 5, None, None, None)),
        ("Singel", ("Singel", None, None, None, None)),
        ("1381 AB", (None, None, None, "1381AB", None)),
        ("", (None, None, None, None, None)),
    ],
)
def test_reading_an_address_line(text: str, parts: tuple[str | int | None, ...]) -> None:
    reading = parse_adres(text)
    assert (reading.straat, reading.huisnummer, reading.suffix, reading.postcode, reading.woonplaats) == parts


def test_a_line_with_two_numbers_has_two_readings() -> None:
    readings = {(reading.straat, reading.huisnummer, reading.suffix) for reading in adres_readings("Plein 1940 12")}
    assert readings == {("Plein", 1940, "12"), ("Plein 1940", 12, None)}


@given(st.text(max_size=60))
def test_any_text_has_at_least_one_reading(text: str) -> None:
    assert adres_readings(text)


@given(
    st.sampled_from(["Singel", "Burgemeester van Eertenstraat", "'s-Gravelandsevaart", "De Oude Stad"]),
    st.integers(1, 99999),
    LETTERS,
    st.text(string.ascii_letters + string.digits, max_size=3),
)
def test_what_is_written_by_the_norm_is_read_back(straat: str, huisnummer: int, letter: str, toevoeging: str) -> None:
    line = format_adres(straat, huisnummer, letter, toevoeging) + ", " + format_postcode_woonplaats("1381AB", "Weesp")
    readings = [
        (reading.straat, reading.huisnummer, fold_suffix(reading.suffix), reading.postcode, reading.woonplaats)
        for reading in adres_readings(line)
    ]
    assert (straat, huisnummer, fold_suffix(letter, toevoeging), "1381AB", "WEESP") in readings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'s-Gravelandsevaart", "’s Gravelandsevaart"),
        ("Henriëtte Roland Holsthof", "HENRIETTE ROLAND-HOLSTHOF"),
        ("G.J.Sibillalaan", "g j sibillalaan"),
    ],
)
def test_spellings_of_one_street_share_a_key(one: str, other: str) -> None:
    assert fold_straat(one) == fold_straat(other)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("Burg. v. Eertenstr", "Burgemeester van Eertenstraat"),
        ("Dr Schaepmanln.", "Dokter Schaepmanlaan"),
        ("2e Kerkdwstr", "Tweede Kerkdwarsstraat"),
        ("v/d Bergweg", "Van den Bergweg"),
        ("St. Jansplein", "Sint Janspln"),
    ],
)
def test_shortened_streets_meet_the_full_name(short: str, long: str) -> None:
    assert fold_straat(short) != fold_straat(long)
    assert fold_straat_variant(short) == fold_straat_variant(long)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kerkstraat", "Keurstraat"), ("Nigtevechtkade", "Nigtevechtpad"), ("Sibillalaan", "Sybillalaan")],
)
def test_no_street_is_taken_for_one_that_resembles_it(one: str, other: str) -> None:
    assert fold_straat_variant(one) != fold_straat_variant(other)


def test_postcode_and_woonplaats() -> None:
    assert fold_postcode(" 1381 ab ") == "1381AB"
    assert fold_postcode("0381AB") is None
    assert fold_postcode("1381") is None
    assert fold_woonplaats("Den Haag") == fold_woonplaats("'s-Gravenhage")


@pytest.mark.parametrize(
    ("letter", "toevoeging", "line"),
    [
        (None, None, "Bornsesteeg 1"),
        (None, "5A3", "Bornsesteeg 1-5A3"),
        ("A", "3", "Bornsesteeg 1 A3"),
        (None, "BEN", "Bornsesteeg 1 BEN"),
    ],
)
def test_the_address_line_of_nen_5825(letter: str | None, toevoeging: str | None, line: str) -> None:
    assert format_adres("Bornsesteeg", 1, letter, toevoeging) == line


def test_the_second_line_of_nen_5825() -> None:
    assert format_postcode_woonplaats("1381AB", "Weesp") == "1381 AB  WEESP"
    assert format_postcode_woonplaats(None, "Weesp") == "WEESP"
