"""A visit names its object: it links as it would among all addresses, without all addresses being read."""

from datetime import date

import polars as pl
import pytest
from small_town import CIPHER, DAY

from importers.records import INSPECTIES
from importers.source import load_source
from registry.intake import prepare
from registry.intake.linking import ADRESSEN, link
from registry.store.engine import Store
from registry.store.queries.adressen import read_adressen
from registry.store.queries.runs import last_run
from registry.worklists.visits import record_visits

MOMENTS = (date(1890, 1, 1), date(2012, 6, 1), DAY)


def visits_to(ids: list[str]) -> pl.DataFrame:
    asked = [(number, day, one) for number, (one, day) in enumerate((one, day) for one in ids for day in MOMENTS)]
    frame = pl.DataFrame(asked, schema=["row_nr", "op", "adresseerbaar_object_id"], orient="row")
    return frame.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in ADRESSEN.items() if name not in frame.columns
    ).cast(dict(ADRESSEN))


def test_an_object_links_the_same_among_its_own_addresses_as_among_all(judged_store: Store) -> None:
    with judged_store.read() as connection:
        known = last_run(connection)
        everything = read_adressen(connection, known=known)
        ids = everything["adresseerbaar_object_id"].unique().sort().to_list()
        several = everything.group_by("adresseerbaar_object_id").len().filter(pl.col("len") > 2)
        chosen = [*ids[::9], *several["adresseerbaar_object_id"].sort()[:10]]
        rows, preparation = visits_to(chosen), prepare.Preparation(
            connection, load_source("inspecties"), known, CIPHER, keep_names=False
        )  # fmt: skip
        for part in rows.iter_slices(30):
            few = preparation._kandidaten_for(INSPECTIES, part)
            assert few.height < everything.height / 2
            assert link(part, few).equals(link(part, everything))


@pytest.mark.parametrize("asked", [{"adresseerbaar_object_id": "0606010009999999"}, {"postcode": "3190AA"}, {}])
def test_all_are_read_where_another_object_may_be_meant(judged_store: Store, asked: dict[str, str]) -> None:
    with judged_store.read() as connection:
        known = last_run(connection)
        one = read_adressen(connection, known=known)["adresseerbaar_object_id"][0]
        preparation = prepare.Preparation(connection, load_source("inspecties"), known, CIPHER, keep_names=False)
        told = {"adresseerbaar_object_id": one if asked else None} | asked
        rows = visits_to([one])[:1].with_columns(pl.lit(value).alias(name) for name, value in told.items())
        assert preparation._kandidaten_for(INSPECTIES, rows) is preparation.kandidaten


def test_a_typed_visit_reads_its_own_object_only(own_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []

    def spy(*found: object, only: object = None, **options: object) -> pl.DataFrame:
        read.append(only)
        return read_adressen(*found, only=only, **options)

    monkeypatch.setattr(prepare, "read_adressen", spy)
    with own_store.read() as connection:
        one = read_adressen(connection, known=last_run(connection), on=DAY)["adresseerbaar_object_id"][0]
    visit = {"adresseerbaar_object_id": one, "datum": "2026-11-03", "inspecteur": "Ada", "aantal_personen": "3",
             "resultaat": "toegang_met_toestemming"}  # fmt: skip
    recorded = record_visits(own_store, [visit], author="ada@testdam.nl", leverdatum=DAY, cipher=CIPHER)
    assert recorded.uitval == 0
    assert read == [one]
