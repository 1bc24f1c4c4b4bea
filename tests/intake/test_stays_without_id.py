"""A stay that names an address without its id: found where the BAG here knows it, not looked for where it cannot be."""

from datetime import date

import polars as pl
import pytest

from importers.records import VERBLIJVEN
from importers.source import load_source
from registry.crypto import BsnCipher, generate_keys
from registry.intake import prepare
from registry.intake.linking import KANDIDATEN
from registry.intake.prepare import Preparation
from registry.store.engine import open_store

HOME = "0606010000000001"
DAY = date(2026, 11, 1)
ADDRESS = {"straatnaam": "Torvinckweg", "huisnummer": 8, "postcode": "3112AB", "woonplaats": "Schiedam"}


def found(url: str, **address: object) -> str | None:
    """The object of one stay."""
    row = {"persoonslijst": "1", "volgnummer": 0, "functie_adres": "W", "source_file": "x", "source_row": 2}
    frame = pl.DataFrame([row | ADDRESS | address], schema=VERBLIJVEN.schema)
    known = pl.DataFrame(
        [
            {
                "nummeraanduiding_id": "0606200000000001", "adresseerbaar_object_id": HOME,
                "objecttype": "verblijfsobject", "object_status": "Verblijfsobject in gebruik", "is_hoofdadres": True,
                "postcode": "3112AB", "huisnummer": 8, "straat": "Torvinckweg", "woonplaats": "Schiedam",
            }
        ],
        schema=KANDIDATEN,
    )  # fmt: skip
    store = open_store(url)
    with store.read() as connection:
        preparation = Preparation(connection, load_source("brp"), 0, BsnCipher(generate_keys()), keep_names=False)
        preparation.__dict__["kandidaten"] = known  # what the registry would have read
        prepared, unlinked = preparation.prepare(VERBLIJVEN, frame, DAY, {})
    store.close()
    assert unlinked is None
    assert prepared.height == 1  # a stay that is not found still ends the one before it
    object_id: str | None = prepared["adresseerbaar_object_id"][0]
    return object_id


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({}, HOME),
        ({"woonplaats": None}, HOME),
        ({"postcode": None}, HOME),
        ({"postcode": "3112 AB", "woonplaats": "SCHIEDAM"}, HOME),
        ({"woonplaats": "Schidam"}, HOME),
        ({"huisnummer": 9}, None),
        ({"postcode": "3011AA", "woonplaats": "Rotterdam"}, None),
    ],
)
def test_an_address_is_found(sqlite_url: str, address: dict[str, object], expected: str | None) -> None:
    assert found(sqlite_url, **address) == expected


def test_only_what_names_another_place_and_another_area_is_not_looked_for(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    real = prepare.link

    def link(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        asked.extend(rows["woonplaats"].to_list())
        return real(rows, known)

    monkeypatch.setattr(prepare, "link", link)
    elsewhere = {"postcode": "3011AA", "woonplaats": "Rotterdam"}
    found(sqlite_url, **elsewhere)
    assert asked == []
    found(sqlite_url, **elsewhere | {"postcode": "3112ZZ"})
    found(sqlite_url, **elsewhere | {"woonplaats": None})
    found(sqlite_url, **elsewhere | {"nummeraanduiding_id": "0599200000000001"})
    assert asked == ["Rotterdam", None, "Rotterdam"]
