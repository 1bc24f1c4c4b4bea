"""Street names and their shortenings."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.straatnaam import fold_straat, fold_straat_variant, shares_stem, shortening_starts, shortens


@pytest.mark.shared
def test_every_delivered_short_name_is_recognised_and_of_its_own_street_only(shared_data: Path) -> None:
    with (shared_data / "bag" / "nen5825-straatnaam-paren.csv").open(encoding="utf-8") as stream:
        pairs = [(row["openbareruimtenaam"], row["verkorte_naam"]) for row in csv.DictReader(stream)]
    assert len(pairs) == 14
    for _, short in pairs:
        assert [full for full, _ in pairs if shortens(short, full)] == [full for full, own in pairs if own == short]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Burg. v. Eertenstr.", "Burgemeester van Eertenstraat"),
        ("Burg W v Eertenstr", "Burgemeester Willem van Eertenstraat"),
        ("Burg Eertenstraat", "Burgemeester van Eertenstraat"),
        ("BURGEMEESTER VAN EERTENS", "Burgemeester van Eertenstraat"),
        ("H. R. Holsthof", "Henriëtte Roland Holsthof"),
        ("2e v/d Helststr", "Tweede van der Helststraat"),
        ("Sbn Doormansngl", "Schout bij Nacht Doormansingel"),
        ("Nieuwe Achtergr", "Nieuwe Achtergracht"),
    ],
)
def test_shortenings_of_practice(short: str, full: str) -> None:
    assert shortens(short, full)
    assert not shortens(full, short) or fold_straat_variant(short) == fold_straat_variant(full)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("B", "Burgemeester van Eertenstraat"),
        ("B v E", "Burgemeester van Eertenstraat"),
        ("Eertenstraat", "Burgemeester van Eertenstraat"),
        ("Burg v Eertenln", "Burgemeester van Eertenstraat"),
        ("Burg Eertenstr van", "Burgemeester van Eertenstraat"),
        ("Kerkstraat", "Kerklaan"),
        ("Achtergracht", "Achterherengracht"),
        ("Achteromstraat", "Achteromdwarsstraat"),
        ("Singel 12", "Singel"),
        ("", "Singel"),
    ],
)
def test_what_is_no_shortening(short: str, full: str) -> None:
    assert not shortens(short, full)


@pytest.mark.parametrize(
    ("key", "own", "expected"),
    [
        ("kikkentsr", "kikkenstraat", True),
        ("kikkenst", "kikkenstraat", True),
        ("kikkenhof", "kikkenstraat", False),
        ("kikkenstraat", "kikkenhof", False),
        ("kerlm", "molenlaan", False),
    ],
)
def test_a_garbled_ending_is_no_other_street(key: str, own: str, *, expected: bool) -> None:
    assert shares_stem(key, own) is expected


@pytest.mark.parametrize(
    ("ending", "word"),
    [("str", "straat"), ("ln", "laan"), ("pln", "plein"), ("wg", "weg"), ("dwstr", "dwarsstraat"), ("grcht", "gracht")],
)
def test_street_types_are_read_in_both_directions(ending: str, word: str) -> None:
    assert fold_straat_variant(f"Kerk{ending}.") == fold_straat_variant(f"Kerk{word}")
    assert fold_straat_variant(f"Kerk {ending}") == fold_straat_variant(f"Kerk {word}")


@given(
    st.lists(st.sampled_from(["de", "van", "Burgemeester", "Grote", "Weer", "1e"]), min_size=1, max_size=5), st.data()
)
def test_a_shortening_begins_as_its_street_can(words: list[str], data: st.DataObject) -> None:
    full = " ".join(words)
    kept = [word[: data.draw(st.integers(1, len(word)))] for word in words if data.draw(st.booleans())]
    short = " ".join(kept)
    if shortens(short, full):
        assert fold_straat_variant(short)[0] in {initial for initial, _ in shortening_starts(full)}


@given(st.text(max_size=40))
def test_folding_a_street_twice_changes_nothing(naam: str) -> None:
    assert fold_straat(fold_straat(naam)) == fold_straat(naam)
    assert fold_straat(naam.upper()) == fold_straat(naam.upper().lower())


@given(st.lists(st.sampled_from(["burg", "van", "der", "helst", "eertenstraat", "v", "d", "x"]), max_size=6))
def test_every_name_shortens_to_itself_when_enough_is_left(words: list[str]) -> None:
    naam = " ".join(words)
    enough = len(fold_straat_variant(naam)) >= 5 and any(len(word) > 3 for word in words)
    assert shortens(naam, naam) is (enough or len(fold_straat_variant(naam)) >= 10)
