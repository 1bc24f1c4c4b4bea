"""Linking addresses to BAG objects: exact levels first, as of a date, never a guess."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from registry.domain.adres import fold_straat, fold_suffix, fold_suffix_variant
from registry.intake.linking import ADRESSEN, KANDIDATEN, KOPPELING, MAX_KANDIDATEN, link

IN_USE = "Verblijfsobject in gebruik"
FORMED = "Verblijfsobject gevormd"
WITHDRAWN = "Verblijfsobject ingetrokken"
DAY = date(2020, 1, 1)


def form(nummer: str, object_id: str, huisnummer: int, **other: Any) -> dict[str, Any]:
    return {
        "nummeraanduiding_id": nummer,
        "adresseerbaar_object_id": object_id,
        "objecttype": "verblijfsobject",
        "object_status": IN_USE,
        "is_hoofdadres": True,
        "postcode": "1381AB",
        "huisnummer": huisnummer,
        "straat": "Singel",
        "woonplaats": "Weesp",
        "valid_from": date(2010, 1, 1),
    } | other


def link_one(forms: list[dict[str, Any]], *, op: date | None = DAY, **address: Any) -> dict[str, Any]:
    rows = pl.DataFrame([{"row_nr": 7, "op": op} | address], schema=ADRESSEN)
    linked = link(rows, pl.DataFrame(forms, schema=KANDIDATEN))
    assert linked.schema == KOPPELING
    return linked.row(0, named=True)


def outcome(linked: dict[str, Any]) -> tuple[str | None, ...]:
    return linked["status"], linked["adresseerbaar_object_id"], linked["level"]


STREET = [
    form("N1", "O1", 12),
    form("N2", "O2", 12, huisletter="B"),
    form("N3", "O3", 12, huisnummertoevoeging="1"),
    form("N4", "O4", 30, huisnummertoevoeging="H"),
    form("N5", "O5", 30, huisnummertoevoeging="3"),
    form("N6", "O6", 12, straat="Plein 1940", postcode="1383AA"),
    form("N7", "O7", 5, straat="Burgemeester van Eertenstraat", verkorte_straat="Burg v Eertenstr", postcode="1382AA"),
    form("N8", "O8", 40, huisletter="A", huisnummertoevoeging="BIS"),
    form("N9", "O9", 8, straat=None, postcode="1384AA"),
]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"adresseerbaar_object_id": "O1"}, ("O1", "adresseerbaar_object_id")),
        ({"nummeraanduiding_id": "N2"}, ("O2", "nummeraanduiding_id")),
        ({"postcode": "1381 ab", "huisnummer": 12}, ("O1", "postcode_huisnummer")),
        ({"postcode": "1381AB", "huisnummer": 12, "suffix": "-b"}, ("O2", "postcode_huisnummer")),
        ({"postcode": "1384AA", "huisnummer": 8}, ("O9", "postcode_huisnummer")),
        ({"straat": "SINGEL", "huisnummer": 12, "woonplaats": "weesp"}, ("O1", "straat_huisnummer")),
        ({"straat": "Burg v Eertenstr", "huisnummer": 5}, ("O7", "straat_huisnummer")),
        ({"straat": "Burg. v. Eertenstraat", "huisnummer": 5}, ("O7", "straat_huisnummer_variant")),
        ({"straat": "Singel 12", "suffix": "b"}, ("O2", "straat_huisnummer")),
        ({"adres": "Singel 12-b"}, ("O2", "straat_huisnummer")),
        ({"adres": "Singel 12", "postcode": "1381AB"}, ("O1", "postcode_huisnummer")),
        ({"adres": "1381 AB 12 I"}, ("O3", "postcode_huisnummer_variant")),
        ({"adres": "Singel 30 hs"}, ("O4", "straat_huisnummer_variant")),
        ({"adres": "Singel 30 III, Weesp"}, ("O5", "straat_huisnummer_variant")),
        ({"adres": "Singel 40 bis A"}, ("O8", "straat_huisnummer_variant")),
        ({"adres": "Plein 1940 12"}, ("O6", "straat_huisnummer")),
        ({"adresseerbaar_object_id": "0" * 16, "adres": "Singel 12"}, ("O1", "straat_huisnummer")),
        ({"adresseerbaar_object_id": "O1", "adres": "Singl 12"}, ("O1", "adresseerbaar_object_id")),
        ({"straat": "Singel", "huisnummer": 12, "postcode": "1381AX"}, ("O1", "straat_huisnummer")),
        ({"adres": "Singel 12, 9999ZZ Weesp"}, ("O1", "straat_huisnummer")),
        ({"adres": "Singl 12"}, ("O1", "straat_huisnummer_typefout")),
        ({"adres": "Sinegl 12 b, Weesp"}, ("O2", "straat_huisnummer_typefout")),
        ({"adres": "Singel 12, Wesp"}, ("O1", "straat_huisnummer_typefout")),
        ({"adres": "B. Eertenstr 5"}, ("O7", "straat_huisnummer_afkorting")),
        ({"adres": "Burgemeester v Eertenstraat 5"}, ("O7", "straat_huisnummer_variant")),
        ({"adres": "van Eertenstraat 5, 1382 AA"}, ("O7", "postcode_huisnummer")),
        ({"adres": "Singel 40 BIS-A"}, ("O8", "straat_huisnummer_variant")),
    ],
)
def test_what_is_certain_is_linked_and_the_level_is_kept(address: dict[str, Any], expected: tuple[str, str]) -> None:
    assert outcome(link_one(STREET, **address)) == ("gekoppeld", *expected)


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ({}, "onbekend", "geen adres met huisnummer"),
        ({"adres": "Singel"}, "onbekend", "geen adres met huisnummer"),
        ({"adresseerbaar_object_id": "X"}, "onbekend", "BAG-id"),
        ({"adres": "Kerkstraat 1"}, "onbekend", "niet voor"),
        ({"adres": "Snigl 12"}, "onbekend", "niet voor"),
        ({"adres": "Singl 13"}, "onbekend", "niet voor"),
        ({"adres": "Singl 12, 1381AX"}, "onbekend", "niet voor"),
        ({"adres": "Singel 12, 9999ZZ"}, "meerduidig", "andere postcode"),
        ({"adres": "Dorpsplein 12, 1381AB"}, "meerduidig", "andere straat"),
        ({"adres": "Burgemeester van Eertenlaan 5, 1382AA"}, "meerduidig", "andere straat"),
        ({"adres": "Plein 1940 30, 1381AB"}, "onbekend", "niet voor"),
        ({"adres": "Singel 30"}, "onbekend", "kies een kandidaat"),
        ({"adres": "Singel 12 C"}, "onbekend", "kies een kandidaat"),
        ({"adresseerbaar_object_id": "O1", "adres": "Singel 30 H"}, "meerduidig", "verschillende objecten"),
        ({"adresseerbaar_object_id": "O1", "nummeraanduiding_id": "N2"}, "meerduidig", "verschillende objecten"),
        ({"straat": "Plein 1940", "huisnummer": 12, "postcode": "1381AB"}, "meerduidig", "verschillende objecten"),
        ({"adresseerbaar_object_id": "O1", "adres": "Kerkstraat 77"}, "meerduidig", "huisnummer"),
        ({"adresseerbaar_object_id": "X", "adres": "Singel 12"}, "meerduidig", "BAG-id"),
    ],
)
def test_what_is_not_certain_is_never_guessed(address: dict[str, Any], status: str, word: str) -> None:
    linked = link_one(STREET, **address)
    assert outcome(linked) == (status, None, None)
    assert linked["nummeraanduiding_id"] is None
    assert word in linked["reden"]


def test_the_candidates_of_an_unknown_suffix_are_what_stands_at_the_huisnummer() -> None:
    candidates = link_one(STREET, adres="Singel 30")["kandidaten"]
    assert candidates == [
        "O5: Singel 30-3, 1381 AB Weesp (Verblijfsobject in gebruik)",
        "O4: Singel 30 H, 1381 AB Weesp (Verblijfsobject in gebruik)",
    ]


def test_contradicting_pieces_show_both_objects() -> None:
    candidates = link_one(STREET, adresseerbaar_object_id="O1", adres="Singel 30 H")["kandidaten"]
    assert {text.split(":")[0] for text in candidates} == {"O1", "O4"}


def test_no_more_candidates_than_a_person_can_read() -> None:
    forms = [form(f"N{i}", f"O{i}", 12, huisnummertoevoeging=f"{i}") for i in range(1, 31)]
    assert len(link_one(forms, adres="Singel 12")["kandidaten"]) == MAX_KANDIDATEN


def test_without_a_date_nothing_is_linked() -> None:
    assert link_one(STREET, op=None, adresseerbaar_object_id="O1")["status"] == "onbekend"


def test_a_nummeraanduiding_in_the_column_of_the_object_is_understood() -> None:
    nummer = "0457200000000001"
    linked = link_one([form(nummer, "0457010000000001", 12)], adresseerbaar_object_id=nummer)
    assert outcome(linked) == ("gekoppeld", "0457010000000001", "nummeraanduiding_id")


def test_existing_stock_goes_before_an_object_that_is_only_formed() -> None:
    double = [form("N1", "O1", 14), form("N2", "O2", 14, object_status=FORMED)]
    assert outcome(link_one(double, adres="Singel 14"))[:2] == ("gekoppeld", "O1")
    assert outcome(link_one(double, adres="Singel 14", adresseerbaar_object_id="O2"))[:2] == ("gekoppeld", "O2")
    both_formed = [form("N1", "O1", 14, object_status=FORMED), form("N2", "O2", 14, object_status=FORMED)]
    assert link_one(both_formed, adres="Singel 14")["status"] == "meerduidig"


def test_a_withdrawn_object_is_linked_with_a_remark_and_gives_way_to_its_successor() -> None:
    old = form("N1", "O1", 14, object_status=WITHDRAWN)
    linked = link_one([old], adres="Singel 14")
    assert outcome(linked)[:2] == ("gekoppeld", "O1")
    assert "ingetrokken" in linked["reden"]
    assert outcome(link_one([old, form("N2", "O2", 14)], adres="Singel 14"))[:2] == ("gekoppeld", "O2")


SWAP = [
    form("N1", "O1", 100, huisletter="b", valid_until=date(2017, 5, 1)),
    form("N2", "O2", 100, huisletter="c", valid_until=date(2017, 5, 1)),
    form("N1", "O2", 100, huisletter="b", valid_from=date(2017, 5, 1)),
    form("N2", "O1", 100, huisletter="c", valid_from=date(2017, 5, 1)),
]


@pytest.mark.parametrize(("day", "object_id"), [(date(2017, 4, 30), "O1"), (date(2017, 5, 1), "O2")])
def test_swapped_addresses_are_linked_as_of_the_day(day: date, object_id: str) -> None:
    assert outcome(link_one(SWAP, op=day, adres="Singel 100 b"))[:2] == ("gekoppeld", object_id)
    assert outcome(link_one(SWAP, op=day, nummeraanduiding_id="N1"))[:2] == ("gekoppeld", object_id)


def test_an_address_that_two_objects_once_had_is_not_linked_outside_their_periods() -> None:
    assert link_one(SWAP, op=date(2005, 1, 1), adres="Singel 100 b")["status"] == "meerduidig"


def test_an_old_address_of_one_object_is_linked_as_historic() -> None:
    renumbered = [form("N1", "O1", 90, valid_until=date(2015, 1, 1)), form("N2", "O1", 92, valid_from=date(2015, 1, 1))]
    assert outcome(link_one(renumbered, adres="Singel 90")) == ("gekoppeld", "O1", "historisch")
    assert outcome(link_one(renumbered, op=date(2012, 1, 1), adres="Singel 90"))[2] == "straat_huisnummer"
    taken = [*renumbered, form("N3", "O3", 90, valid_from=date(2018, 1, 1))]
    assert outcome(link_one(taken, adres="Singel 90"))[:2] == ("gekoppeld", "O3")
    between = link_one(taken, op=date(2016, 1, 1), adres="Singel 90")
    assert between["status"] == "meerduidig"


def test_a_reduced_spelling_does_not_replace_an_exact_one_of_another_day() -> None:
    forms = [
        form("N1", "O1", 12, huisletter="H", valid_until=date(2015, 1, 1)),
        form("N2", "O2", 12, huisnummertoevoeging="0"),
    ]
    assert link_one(forms, adres="Singel 12 H")["status"] == "meerduidig"


def test_a_street_in_two_woonplaatsen_needs_the_woonplaats() -> None:
    forms = [
        form("N1", "O1", 3, straat="Kerkstraat", postcode=None),
        form("N2", "O2", 9, straat="Kerkstraat", woonplaats="Muiden", postcode="1398AA"),
    ]
    assert link_one(forms, adres="Kerkstraat 9")["status"] == "meerduidig"
    assert outcome(link_one(forms, adres="Kerkstraat 9, Muiden"))[:2] == ("gekoppeld", "O2")
    assert outcome(link_one(forms, adres="Kerkstraat 9, 1398 AA"))[:2] == ("gekoppeld", "O2")


def test_two_streets_with_one_reduced_form_are_told_apart_only_by_their_exact_names() -> None:
    forms = [form("N1", "O1", 3, straat="Van de Bergweg"), form("N2", "O2", 3, straat="Van der Bergweg", postcode="1")]
    assert link_one(forms, adres="vd Bergweg 3")["status"] == "meerduidig"
    assert outcome(link_one(forms, adres="Van de Bergweg 3"))[:2] == ("gekoppeld", "O1")
    assert outcome(link_one(forms, adres="Van der Bergweg 3"))[:2] == ("gekoppeld", "O2")


def test_a_typing_error_that_fits_two_streets_is_left_to_a_person() -> None:
    torens = [form("N1", "O1", 3, straat="Torenstraat"), form("N2", "O2", 3, straat="Herenstraat", postcode="1381AC")]
    linked = link_one(torens, adres="Terenstraat 3")
    assert outcome(linked) == ("meerduidig", None, None)
    assert {text.split(":")[0] for text in linked["kandidaten"]} == {"O1", "O2"}
    assert outcome(link_one(torens, adres="Terenstraat 3, 1381AC"))[:2] == ("gekoppeld", "O2")
    assert outcome(link_one(torens, adres="Trenstraat 3"))[:2] == ("meerduidig", None)  # Herenstraat is two errors off
    assert outcome(link_one(torens, adres="Toorenstraat 3"))[:2] == ("gekoppeld", "O1")


def test_a_typing_error_is_mended_only_to_a_street_that_has_the_huisnummer() -> None:
    streets = [form("N1", "O1", 3, straat="Torenstraat"), form("N2", "O2", 5, straat="Herenstraat", postcode="1381AC")]
    assert outcome(link_one(streets, adres="Terenstraat 5"))[:2] == ("gekoppeld", "O2")
    assert link_one(streets, adres="Torenstraat 5")["status"] == "onbekend"  # a known street stays what it is


def test_numbers_in_a_street_name_are_no_typing_errors() -> None:
    streets = [form("N1", "O1", 3, straat="1e Dwarsstraat"), form("N2", "O2", 4, straat="2e Dwarsstraat")]
    assert link_one(streets, adres="3e Dwarsstraat 4")["status"] == "onbekend"
    assert outcome(link_one(streets, adres="2e Dwarstraat 4"))[:2] == ("gekoppeld", "O2")


def test_a_typing_error_in_the_postcode_gives_way_to_street_and_number() -> None:
    streets = [form("N1", "O1", 3, straat="Torenstraat"), form("N2", "O2", 3, straat="Kade", postcode="1381AC")]
    assert outcome(link_one(streets, adres="Torenstraat 3, 1381AC")) == ("gekoppeld", "O1", "postcode_typefout")
    far = [streets[0], form("N2", "O2", 3, straat="Kade", postcode="1398ZX")]
    assert link_one(far, adres="Torenstraat 3, 1398ZX")["status"] == "meerduidig"
    alike = [streets[0], form("N2", "O2", 3, straat="Torenstraatje", postcode="1381AC")]
    assert link_one(alike, adres="Torenstraat 3, 1381AC")["status"] == "meerduidig"


def test_a_postcode_of_the_same_street_means_that_the_huisnummer_may_be_wrong() -> None:
    street = [form("N1", "O1", 3), form("N2", "O2", 113, postcode="1381AC")]
    assert link_one(street, adres="Singel 113, 1381AB")["status"] == "meerduidig"
    assert outcome(link_one(street, adres="Singel 113, 1381AD"))[:2] == ("gekoppeld", "O2")


def test_letter_and_toevoeging_may_be_swapped_where_one_object_fits() -> None:
    forms = [form("N1", "O1", 12, huisletter="A", huisnummertoevoeging="1")]
    assert outcome(link_one(forms, adres="Singel 12-1A")) == ("gekoppeld", "O1", "straat_huisnummer_variant")
    both = [*forms, form("N2", "O2", 12, huisnummertoevoeging="1A")]
    assert outcome(link_one(both, adres="Singel 12-1A")) == ("gekoppeld", "O2", "straat_huisnummer")


def test_two_readings_of_one_line_are_not_decided_by_what_exists() -> None:
    forms = [form("N1", "O1", 3, huisletter="A", huisnummertoevoeging="1", object_status=FORMED), form("N2", "O2", 1)]
    assert link_one(forms, adres="Zzz 3 A1, 1381AB")["status"] == "meerduidig"
    assert link_one(forms, adres="Singel 5 A1, 1381AB")["status"] == "meerduidig"
    assert outcome(link_one(forms, adres="Singel 3 A1, 1381AB"))[:2] == ("gekoppeld", "O1")


RENAMED = [
    form("N1", "O1", 3, straat="Oudeweg", valid_until=date(2015, 1, 1)),
    form("N1", "O1", 3, straat="Nieuwelaan", valid_from=date(2015, 1, 1)),
    form("N2", "O2", 5, straat="Nieuwelaan", valid_from=date(2018, 1, 1)),
]


def test_a_renamed_street_is_found_under_its_old_name_also_for_a_later_number() -> None:
    assert outcome(link_one(RENAMED, adres="Oudeweg 3")) == ("gekoppeld", "O1", "historisch")
    assert outcome(link_one(RENAMED, adres="Oudeweg 5")) == ("gekoppeld", "O2", "straat_huisnummer_hernoemd")
    assert link_one(RENAMED, adres="Oudeweg 7")["status"] == "onbekend"


def test_a_street_that_was_renamed_in_part_or_split_is_not_guessed() -> None:
    in_part = [*RENAMED, form("N3", "O3", 9, straat="Oudeweg")]
    assert link_one(in_part, adres="Oudeweg 5")["status"] == "onbekend"
    split = [
        *RENAMED,
        form("N4", "O4", 8, straat="Oudeweg", valid_until=date(2015, 1, 1)),
        form("N4", "O4", 8, straat="Verlengde Kade", valid_from=date(2015, 1, 1)),
    ]
    assert link_one(split, adres="Oudeweg 5")["status"] == "meerduidig"


def test_two_addresses_of_one_object_are_no_ambiguity() -> None:
    forms = [form("N1", "O1", 12), form("N2", "O1", 14, is_hoofdadres=False)]
    assert link_one(forms, adres="Singel 14")["nummeraanduiding_id"] == "N2"
    assert link_one(forms, adresseerbaar_object_id="O1")["nummeraanduiding_id"] == "N1"


def test_order_and_number_of_rows_are_kept() -> None:
    rows = pl.DataFrame(
        [{"row_nr": n, "op": DAY, "adres": adres} for n, adres in ((9, "Singel 12"), (3, "?"), (5, "Singel 12-b"))],
        schema=ADRESSEN,
    )
    linked = link(rows, pl.DataFrame(STREET, schema=KANDIDATEN))
    assert linked["row_nr"].to_list() == [9, 3, 5]
    assert linked["adresseerbaar_object_id"].to_list() == ["O1", None, "O2"]


def test_no_rows_and_no_candidates() -> None:
    assert link(pl.DataFrame(schema=ADRESSEN), pl.DataFrame(STREET, schema=KANDIDATEN)).is_empty()
    assert link_one([], adres="Singel 12", adresseerbaar_object_id="O1")["status"] == "onbekend"


DAYS = st.integers(0, 12).map(lambda months: date(2020, 1, 1) + timedelta(days=30 * months))
SUFFIXES = st.sampled_from([None, "A", "a", "1", "H", "0", "hs", "I"])
FORMS = st.lists(
    st.builds(
        lambda nummer, object_id, suffix, status, start, days: form(
            f"N{nummer}",
            f"O{object_id}",
            12,
            huisnummertoevoeging=suffix,
            object_status=status,
            valid_from=start,
            valid_until=None if days is None else start + timedelta(days=days),
        ),
        st.integers(1, 4),
        st.integers(1, 3),
        SUFFIXES,
        st.sampled_from([IN_USE, FORMED, WITHDRAWN]),
        DAYS,
        st.none() | st.integers(1, 200),
    ),
    max_size=6,
)


def objects_that_fit(forms: list[dict[str, Any]], day: date, suffix: str) -> set[str]:
    """Plain reading of the rule for one street: who has the suffix on the day, existing stock first."""
    folded = fold_suffix(suffix)
    exact = [f for f in forms if fold_suffix(f["huisnummertoevoeging"]) == folded]
    variant = [
        f for f in forms if fold_suffix_variant(fold_suffix(f["huisnummertoevoeging"])) == fold_suffix_variant(folded)
    ]
    now = [
        f for f in (exact or variant) if f["valid_from"] <= day and (f["valid_until"] is None or day < f["valid_until"])
    ]
    ranks = {IN_USE: 0, FORMED: 1, WITHDRAWN: 2}
    best = min((ranks[f["object_status"]] for f in now), default=None)
    return {f["adresseerbaar_object_id"] for f in now if ranks[f["object_status"]] == best}


QUESTIONS = st.lists(st.tuples(DAYS, SUFFIXES.map(lambda suffix: suffix or "")), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None)
@given(FORMS, QUESTIONS, st.randoms(use_true_random=False))
def test_linked_means_that_exactly_one_object_fits(
    forms: list[dict[str, Any]], questions: list[tuple[date, str]], random: Any
) -> None:
    rows = pl.DataFrame(
        [
            {"row_nr": number, "op": day, "straat": "Singel", "huisnummer": 12, "suffix": suffix}
            for number, (day, suffix) in enumerate(questions)
        ],
        schema=ADRESSEN,
    )
    answers = link(rows, pl.DataFrame(forms, schema=KANDIDATEN))
    for (day, suffix), linked in zip(questions, answers.iter_rows(named=True), strict=True):
        fitting = objects_that_fit(forms, day, suffix)
        if len(fitting) == 1:
            assert outcome(linked)[:2] == ("gekoppeld", *fitting)
        elif fitting:
            assert outcome(linked) == ("meerduidig", None, None)
        elif linked["status"] == "gekoppeld":
            assert linked["level"] == "historisch"
    shuffled = pl.DataFrame(random.sample(forms, len(forms)) * 2, schema=KANDIDATEN)
    assert link(rows, shuffled).drop("kandidaten").rows() == answers.drop("kandidaten").rows()


STREETS = st.lists(
    st.sampled_from(["Torenstraat", "Herenstraat", "Toorenstraat", "Torenlaan", "Tornstraat", "Kade"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(max_examples=40)
@given(STREETS, st.text("Torenstahlae", min_size=4, max_size=12), st.sampled_from([None, "1381AB", "1381AC"]))
def test_a_guess_is_never_nearer_to_another_street(streets: list[str], typed: str, postcode: str | None) -> None:
    forms = [form(f"N{i}", f"O{i}", 12, straat=straat, postcode=None) for i, straat in enumerate(streets)]
    linked = link_one(forms, straat=typed, huisnummer=12, postcode=postcode)
    errors = {f"O{i}": OSA.distance(fold_straat(straat), fold_straat(typed)) for i, straat in enumerate(streets)}
    if linked["status"] == "gekoppeld" and linked["level"].endswith("_typefout"):
        chosen = errors.pop(linked["adresseerbaar_object_id"])
        assert chosen <= 2
        assert all(chosen + 2 <= other for other in errors.values())


@settings(max_examples=15)
@given(st.sampled_from(["Singel 12", "Singl 12", "Sngl. 12, 1381AB", "Singel 12, 1381AC", "1381AB 12"]), st.booleans())
def test_two_objects_that_fit_equally_are_never_chosen_between(adres: str, formed: bool) -> None:
    status = FORMED if formed else IN_USE
    twins = [form("N1", "O1", 12, object_status=status), form("N2", "O2", 12, object_status=status)]
    assert outcome(link_one(twins, adres=adres)) == ("meerduidig", None, None)
