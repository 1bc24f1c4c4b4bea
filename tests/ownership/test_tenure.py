"""Tenure of dwellings with any owners and residents, against a reading of one dwelling at a time."""

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from registry.ownership.tenure import OBJECT, TENURE, Eigendom, derive_tenure
from registry.store.queries.eigendom import HOLDERS, RIGHTS

OP = date(2026, 1, 1)
PERSONS = ["p1", "p2", "p3"]
BRONNEN = frozenset({"brk", "brp", "corporaties"})
RESIDENTS = {OBJECT: pl.String(), "persoon": pl.String(), "zekerheid": pl.String()}

owner = st.fixed_dictionaries(
    {
        "rechthebbende": st.sampled_from(PERSONS),
        "aard_recht": st.sampled_from(["eigenaar", "eigenaar", "erfpachter", "vruchtgebruiker", "overig"]),
        "valid_until_eerste": st.sampled_from([None, None, date(2025, 1, 1), date(2027, 1, 1)]),
        "valid_until_laatste": st.just(None),
        "vlaggen": st.sampled_from([[], [], [], ["aandelen_onder_een"], ["aandelen_boven_een"]]),
    }
)
kind = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["natuurlijk_persoon", "natuurlijk_persoon", "rechtspersoon", None]),
        "corporatie": st.sampled_from([True, False, None]),
        "vve": st.sampled_from([True, False, None]),
        "bsn_hash": st.sampled_from(["hash", "hash", None]),
    }
)
resident = st.tuples(st.sampled_from([*PERSONS, "p4", "p5"]), st.sampled_from(["zeker", "zeker", "mogelijk"]))


def frame(rows: list[dict[str, Any]], schema: Any) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def derive(
    owners: list[dict[str, Any]], kinds: dict[str, dict[str, Any]], residents: list[tuple[str, str]], **how: Any
) -> dict[str, Any]:
    """The tenure of dwelling d1, beside an empty one."""
    found = derive_tenure(
        pl.DataFrame({OBJECT: ["d1", "d2"]}),
        rights=frame([one | {OBJECT: "d1", "persoon": one["rechthebbende"]} for one in owners], RIGHTS),
        holders=frame([kinds[key] | {"rechthebbende": key, "persoon": key} for key in PERSONS], HOLDERS),
        bewoning=pl.DataFrame([("d1", *one) for one in residents], schema=RESIDENTS, orient="row"),
        op=OP,
        bronnen=how.get("bronnen", BRONNEN),
    )
    assert found.schema == TENURE
    assert found[OBJECT].to_list() == ["d1", "d2"]
    assert found["eigendom"][1] == "onbekend"
    return found.row(0, named=True)


def normal(kinds: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """People are no corporatie and no VvE, and only people have a BSN: as the registry reads them."""
    return {
        key: one | ({"corporatie": False, "vve": False} if one["type"] == "natuurlijk_persoon" else {"bsn_hash": None})
        for key, one in kinds.items()
    }


case = given(
    st.lists(owner, max_size=4), st.fixed_dictionaries(dict.fromkeys(PERSONS, kind)).map(normal),
    st.lists(resident, max_size=3, unique_by=lambda one: one[0]),
)  # fmt: skip


@case
def test_every_answer_is_what_the_facts_of_one_dwelling_allow(
    owners: list[dict[str, Any]], kinds: dict[str, dict[str, Any]], residents: list[tuple[str, str]]
) -> None:
    found = derive(owners, kinds, residents)
    held = [one for one in owners if one["aard_recht"] in ("eigenaar", "erfpachter")]
    if any(one["aard_recht"] == "erfpachter" for one in held):
        held = [one for one in held if one["aard_recht"] == "erfpachter"]
    certain = {one["rechthebbende"] for one in held if one["valid_until_eerste"] in (None, date(2027, 1, 1))}
    types = {key: kinds[key]["type"] for key in {one["rechthebbende"] for one in held}}
    living = dict(residents)
    conflict = any("aandelen_boven_een" in one["vlaggen"] for one in held)
    at_home = any(types[key] == "natuurlijk_persoon" and living.get(key) == "zeker" for key in certain)
    assert found["reden"]
    assert set(found["eigenaren"] or ()) == certain
    assert (found["eigendom"] == Eigendom.EIGENAAR_BEWONER) == (at_home and not conflict)
    if found["eigendom"] == Eigendom.PARTICULIER_VERHUURD:
        assert set(types.values()) == {"natuurlijk_persoon"}
        assert not certain & set(living)
        assert "zeker" in living.values()
    if found["eigendom"] in (Eigendom.BEDRIJF, Eigendom.CORPORATIE):
        wanted = found["eigendom"] == Eigendom.CORPORATIE
        assert set(types.values()) == {"rechtspersoon"} or (wanted and None not in types.values())
        assert {bool(kinds[key]["corporatie"]) for key in types} == {wanted}
    if found["eigendom"] not in (Eigendom.ONBEKEND, Eigendom.EIGENAAR_BEWONER):
        assert certain == set(types)
        assert not any(one["vlaggen"] for one in held)


@case
def test_without_a_source_nothing_is_said_that_needs_it(
    owners: list[dict[str, Any]], kinds: dict[str, dict[str, Any]], residents: list[tuple[str, str]]
) -> None:
    assert derive(owners, kinds, residents, bronnen=frozenset({"brp"}))["eigendom"] == "onbekend"
    assert derive(owners, kinds, [], bronnen=frozenset({"brk"}))["eigendom"] not in (
        Eigendom.EIGENAAR_BEWONER, Eigendom.PARTICULIER_VERHUURD,
    )  # fmt: skip


@case
def test_the_order_of_rights_and_residents_does_not_matter(
    owners: list[dict[str, Any]], kinds: dict[str, dict[str, Any]], residents: list[tuple[str, str]]
) -> None:
    assert derive(owners, kinds, residents) == derive(owners[::-1], kinds, residents[::-1])
