"""Who owns the stock: counted by hand on a small town, added up on a municipality, and no names without need."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import sqlalchemy as sa
from demo_town import DWELLINGS, PEILDATUM

from registry.exports.owners import write_owner_workbook
from registry.ownership.portfolios import read_portfolios
from registry.stock.composition import read_composition
from registry.stock.disclosure import Limits
from registry.stock.owner_view import COUNTS, OwnerView, publish_classes, read_owner_view
from registry.store.engine import Store
from registry.store.queries.runs import last_run
from registry.store.tables import registers
from registry.store.tables.visits import beoordelingen
from rules.parameters import shipped_law

SINCE = date(2022, 11, 1)


def view(store: Store, **other: object) -> OwnerView:
    with store.read() as connection:
        return read_owner_view(
            connection, shipped_law(), op=PEILDATUM, known=last_run(connection), since=SINCE, **other
        )  # fmt: skip


@pytest.fixture(scope="module")
def found(demo_store: Store) -> OwnerView:
    return view(demo_store)


def test_portfolios_are_those_of_the_portfolio_book(demo_store: Store, found: OwnerView) -> None:
    with demo_store.read() as connection:
        known = last_run(connection)
        book = read_portfolios(connection, op=PEILDATUM, known=known)
        tenure = dict(read_composition(connection, per=["eigendom"], op=PEILDATUM, known=known).rows
                      .select("eigendom", "aantal").iter_rows())  # fmt: skip
    assert found.total == DWELLINGS
    assert found.let == tenure["particulier verhuurd"] + tenure["bedrijf"]
    sizes = book.sizes()
    for key, count in found.owners.select("sleutel", "woningen").head(20).iter_rows():
        assert sizes[key] == count
    corporaties = found.owners.filter(soort="corporatie")
    assert corporaties["woningen"].sum() == tenure["corporatie"]


def test_classes_are_the_owners_and_concentration_grows_to_all(found: OwnerView) -> None:
    for name in COUNTS:
        assert found.classes[name].sum() == found.owners[name].sum()
    assert found.classes["eigenaren"].sum() == found.owners.height
    assert found.concentration["grootste"][0] == 1
    largest = found.owners.filter(pl.col("soort") != "corporatie")["verhuurd"].max()
    assert found.concentration["woningen"][0] == largest
    assert found.concentration["aandeel"].is_sorted()
    assert found.concentration["aandeel"].max() <= 1


def test_purchases_are_the_deliveries_since_the_day(demo_store: Store, found: OwnerView) -> None:
    later = view(demo_store, only=None)
    assert later.owners["aankopen"].sum() == found.owners["aankopen"].sum() > 0
    with demo_store.read() as connection:
        none = read_owner_view(
            connection, shipped_law(), op=PEILDATUM, known=last_run(connection), since=PEILDATUM + timedelta(days=1)
        )  # fmt: skip
    assert none.owners["aankopen"].sum() == 0


def test_names_of_people_are_asked_for(own_store: Store, found: OwnerView) -> None:
    with own_store.write_transaction() as connection:
        connection.execute(sa.update(registers.rechthebbenden).values(naam="Voorbeeld"))
    people = {names: view(own_store, names=names).owners.filter(soort="particulier") for names in (True, False)}
    assert people[False]["eigenaar"].str.starts_with("eigenaar ").all()
    assert set(people[True]["eigenaar"]) == {"Voorbeeld"}
    companies = found.owners.filter(soort="bedrijf")["eigenaar"]
    assert not companies.str.starts_with("eigenaar ").all()


def test_a_selection_leaves_the_rest_out(demo_store: Store) -> None:
    only = view(demo_store, only={"eigendom": ["corporatie"]})
    assert set(only.owners.filter(pl.col("woningen") > 0)["soort"]) == {"corporatie"}
    assert only.let == 0
    assert only.concentration.is_empty()


def test_what_a_person_confirmed_and_an_inspector_saw_is_counted(own_store: Store) -> None:
    before = view(own_store)
    with own_store.read() as connection:
        known = last_run(connection)
    [first] = before.owners.filter(pl.col("signaal_overbewoning") > 0).head(1).to_dicts()
    with own_store.write_transaction() as connection:
        book = read_portfolios(connection, op=PEILDATUM, known=known)
        object_id = book.portfolio(first["sleutel"]).woningen["adresseerbaar_object_id"][0]
        connection.execute(beoordelingen.insert().values(
            regel="overbewoning", zaak_id="", adresseerbaar_object_id=object_id, versie=1, oordeel="bevestigd",
            toelichting="gezien", bewijs="b", regel_versie=1, peildatum=PEILDATUM, known_run_id=known, wet_hash="h",
            feiten_hash="f", feiten="{}", parameters="{}", auteur="A", beoordeeld_op=datetime(2026, 10, 1, tzinfo=UTC),
        ))  # fmt: skip
        connection.execute(
            sa.update(registers.inspecties)
            .where(registers.inspecties.c.id == sa.select(sa.func.min(registers.inspecties.c.id)).scalar_subquery())
            .values(gebreken="lekkage", adresseerbaar_object_id=object_id, datum=date(2026, 1, 1))
        )
    [after] = view(own_store).owners.filter(sleutel=first["sleutel"]).to_dicts()
    assert after["bevestigd"] == 1
    assert first["bevestigd"] == 0
    assert after["gebreken"] >= 1


def test_the_table_that_leaves_has_no_small_numbers(found: OwnerView) -> None:
    shown = publish_classes(found, Limits(10, 5))
    for row in shown.iter_rows(named=True):
        for name in ("eigenaren", *COUNTS):
            assert row[name] is None or row[name] == 0 or row[name] >= 10
        if row["eigenaren"] is None:
            assert all(row[name] is None for name in COUNTS)


def test_the_workbook_holds_real_tables(found: OwnerView, tmp_path: Path) -> None:
    path = tmp_path / "eigenaren.xlsx"
    counts = write_owner_workbook(path, found, sources=[], made_by="beleid", made_at=datetime(2026, 11, 25, 9))
    assert counts["Eigenaren"] == found.owners.height
    book = openpyxl.load_workbook(path)
    for title, rows in counts.items():
        [table] = book[title].tables.values()
        assert table.displayName == f"tabel_{title.lower()}"
        assert table.ref.endswith(str(rows + 1))
        assert [column.name for column in table.tableColumns] == [cell.value for cell in book[title][1]]
        assert book[title].auto_filter.ref is None
