"""Portfolios: one number is one owner, a shared name or address only proposes it, and a person decides."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UsageError
from registry.ownership.decisions import decide
from registry.ownership.portfolios import Besluit, Owners, PortfolioBook, read_portfolios
from registry.ownership.tenure import OBJECT, owners_on
from registry.store.engine import Store, open_store
from registry.store.queries.eigendom import HOLDERS, RIGHTS
from registry.store.queries.portfolio import BESLUITEN, read_besluiten

OP = date(2026, 1, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RSIN, KVK = "001000020", "24100200"


def key(name: str) -> str:
    """A key of eight characters or more, as a keyed hash is."""
    return (name * 16)[:16]


def holder(name: str, **known: Any) -> dict[str, Any]:
    return dict.fromkeys(HOLDERS) | {"rechthebbende": key(name), "type": "rechtspersoon", "vlaggen": []} | known


def owners(*holders: dict[str, Any], besluiten: pl.DataFrame | None = None) -> Owners:
    decided = pl.DataFrame(schema=BESLUITEN) if besluiten is None else besluiten
    return Owners(pl.DataFrame(list(holders), schema=HOLDERS), decided)


def one_each(found: Owners) -> dict[str, int]:
    return {found.owner_of(name): 1 for name in found.holders}


@pytest.fixture
def store(database_url: str) -> Any:
    opened = open_store(database_url)
    yield opened
    opened.close()


def test_one_number_makes_one_owner_over_a_chain() -> None:
    found = owners(
        holder("a", rsin=RSIN), holder("b", rsin=RSIN, kvk=KVK), holder("c", kvk=KVK), holder("d", kvk="24100201")
    )
    assert [found.owner_of(key(name)) for name in "abcd"] == [key("a"), key("a"), key("a"), key("d")]
    assert found.find(RSIN) == found.find(KVK) == found.find(key("c")[:9]) == key("a")
    assert found.joined_by(key("a")) == ("zelfde RSIN (2 inschrijvingen)", "zelfde KvK-nummer (2 inschrijvingen)")


@given(
    st.lists(st.tuples(st.sampled_from(["1", "2", None]), st.sampled_from(["8", "9", None])), max_size=7), st.randoms()
)
def test_owners_do_not_depend_on_the_order_of_holders(numbers: list[tuple[str | None, str | None]], rng: Any) -> None:
    holders = [holder(f"{place:02d}", rsin=rsin, kvk=kvk) for place, (rsin, kvk) in enumerate(numbers)]
    shuffled = rng.sample(holders, len(holders))
    one, other = owners(*holders), owners(*shuffled)
    assert one.frame().sort("rechthebbende").rows() == other.frame().sort("rechthebbende").rows()
    # Whoever shares a number is one; whoever is one shares a chain of numbers, so no owner has two without any.
    for row in holders:
        without = row["rsin"] is None and row["kvk"] is None
        assert len(one.members(one.owner_of(row["rechthebbende"]))) == 1 or not without


def test_nobody_and_more_than_one_are_refused_without_repeating_the_number() -> None:
    found = owners(holder("a", rsin=RSIN), holder("b", rsin=RSIN), holder("xa"), holder("xb", kvk=KVK))
    for text in ("999993653", "x", key("xa")[:1]):
        with pytest.raises(UsageError) as refused:
            found.find(text)
        assert "999993653" not in str(refused.value)


def test_a_shared_name_or_address_proposes_and_joins_nothing() -> None:
    found = owners(
        holder("a", naam_sleutel="n1", adres_sleutel="a1"),
        holder("b", naam_sleutel="n1", adres_sleutel="a1"),
        holder("c", naam_sleutel="n1", adres_sleutel="a2"),
        holder("d", naam_sleutel="n4", adres_sleutel="a2"),
    )
    assert len({found.owner_of(name) for name in found.holders}) == 4
    got = [
        (p.rechthebbende[0], p.andere_rechthebbende[0], p.sterkte, p.bewijs) for p in found.proposals(one_each(found))
    ]
    assert got == [
        ("a", "b", "sterk", "zelfde naam en zelfde postadres"),
        ("a", "c", "zwak", "zelfde naam, ander of onbekend postadres"),
        ("b", "c", "zwak", "zelfde naam, ander of onbekend postadres"),
        ("c", "d", "zwak", "zelfde postadres, andere naam"),
    ]


def test_two_people_with_one_name_are_no_proposal_but_name_and_address_are() -> None:
    person = {"type": "natuurlijk_persoon"}
    found = owners(
        holder("a", naam_sleutel="n1", adres_sleutel="a1", **person),
        holder("b", naam_sleutel="n1", adres_sleutel="a2", **person),
        holder("c", naam_sleutel="n1", adres_sleutel="a1", **person),
    )
    assert [(p.rechthebbende[0], p.andere_rechthebbende[0]) for p in found.proposals(one_each(found))] == [("a", "c")]


def test_an_address_of_very_many_companies_tells_nothing() -> None:
    few = owners(*(holder(f"{place:02d}", adres_sleutel="toren") for place in range(10)))
    many = owners(*(holder(f"{place:02d}", adres_sleutel="toren") for place in range(11)))
    assert len(few.proposals(one_each(few))) == 45
    assert many.proposals(one_each(many)) == []


def test_who_owns_nothing_on_the_day_is_not_proposed() -> None:
    found = owners(holder("a", naam_sleutel="n1"), holder("b", naam_sleutel="n1"))
    assert found.proposals({key("a"): 3}) == []


def decided(store: Store, *steps: tuple[Besluit, str], holders: list[dict[str, Any]]) -> Owners:
    """Owners after these decisions of one author about a and b."""
    for besluit, why in steps:
        with store.write_transaction() as connection:
            now = owners(*holders, besluiten=read_besluiten(connection))
            decide(connection, now, (key("b"), key("a")), besluit, auteur="J. de Vries", moment=NOON, toelichting=why)
    with store.read() as connection:
        return owners(*holders, besluiten=read_besluiten(connection))


def test_a_person_confirms_rejects_and_undoes(store: Store) -> None:
    holders = [holder("a", naam_sleutel="n1"), holder("b", naam_sleutel="n1"), holder("c")]
    confirmed = decided(store, (Besluit.BEVESTIGD, "gebeld"), holders=holders)
    assert confirmed.owner_of(key("b")) == key("a")
    assert confirmed.proposals(one_each(confirmed)) == []
    (reason,) = confirmed.joined_by(key("a"))
    assert reason == "bevestigd door J. de Vries op 01-01-2026: zelfde naam, ander of onbekend postadres"
    undone = decided(store, (Besluit.HERROEPEN, "vergissing"), holders=holders)
    assert undone.owner_of(key("b")) == key("b")
    assert len(undone.proposals(one_each(undone))) == 1
    rejected = decided(store, (Besluit.VERWORPEN, "ander"), holders=holders)
    assert rejected.proposals(one_each(rejected)) == []
    assert rejected.owner_of(key("b")) == key("b")
    with store.read() as connection:
        kept = read_besluiten(connection)
        before = read_besluiten(connection, until=NOON)
    assert kept["besluit"].to_list() == ["bevestigd", "herroepen", "verworpen"]
    assert kept["auteur"].unique().to_list() == ["J. de Vries"]
    assert kept["bewijs"][1] == "bevestigd door J. de Vries op 01-01-2026"
    assert before.is_empty()


def test_what_cannot_be_decided_is_refused(store: Store) -> None:
    plain = [holder("a"), holder("b")]
    numbered = [holder("a", rsin=RSIN), holder("b", rsin=RSIN)]
    for besluit, why, holders in (
        (Besluit.HERROEPEN, "x", plain), (Besluit.BEVESTIGD, "", plain), (Besluit.BEVESTIGD, "x", numbered),
        (Besluit.VERWORPEN, "x", numbered),
    ):  # fmt: skip
        with pytest.raises(UsageError):
            decided(store, (besluit, why), holders=holders)
    with store.read() as connection:
        assert read_besluiten(connection).is_empty()
    assert decided(store, (Besluit.BEVESTIGD, "samen op bezoek"), holders=plain).owner_of(key("b")) == key("a")


def right(dwelling: str, name: str, **known: Any) -> dict[str, Any]:
    return (
        dict.fromkeys(RIGHTS)
        | {OBJECT: dwelling, "rechthebbende": key(name), "persoon": key(name), "aard_recht": "eigenaar", "vlaggen": []}
        | known
    )


def test_the_size_of_a_portfolio_is_of_a_day() -> None:
    rights = pl.DataFrame(
        [
            right("1", "a", valid_until_eerste=OP, valid_until_laatste=OP),
            right("2", "a", valid_from_eerste=OP, valid_from_laatste=OP),
            right("3", "a", valid_from_eerste=date(2025, 1, 1), valid_from_laatste=date(2026, 6, 30)),
            right("4", "a"),
            right("4", "b"),
            right("5", "a", aard_recht="vruchtgebruiker"),
        ],
        schema=RIGHTS,
    )
    grouped = owners(holder("a"), holder("b"))
    joined = owners_on(rights, OP).join(grouped.frame(), on="rechthebbende")
    book = PortfolioBook(grouped, joined.select("owner", OBJECT, "certain", "aard_recht", "aandeel"), OP)
    found = book.portfolio(key("a"))
    assert found.woningen[OBJECT].to_list() == ["2", "4"]
    assert (found.size, found.uncertain, found.op) == (2, 1, OP)
    assert book.sizes() == {key("a"): 2, key("b"): 1}


def test_an_empty_registry_has_no_portfolios(store: Store) -> None:
    with store.read() as connection:
        assert read_portfolios(connection, op=OP, known=0).sizes() == {}
