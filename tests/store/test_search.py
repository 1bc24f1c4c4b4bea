"""Finding a dwelling by every id and address that the BAG gives it, on both databases."""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.domain.adres import adres_readings
from registry.intake.run import ImportRequest, run_import
from registry.store.engine import ReadConnection, open_store
from registry.store.queries.search import MOST, find_by_adres, find_by_id
from registry.store.tables import registers

DAY = date(2026, 11, 1)


def test_a_dwelling_is_found_by_its_own_id_its_addresses_and_its_pand(database_url: str, tmp_path: Path) -> None:
    manifest = make_municipality(tmp_path / "stad", woningen=60, peildatum=DAY)
    store = open_store(database_url)
    request = ImportRequest("bag", tmp_path / "stad" / manifest.bestanden["bag"])
    run_import(store, request, cipher=BsnCipher(generate_keys()))
    objects, numbers = registers.verblijfsobjecten, registers.nummeraanduidingen
    with store.read() as connection:
        [row, *_] = connection.execute(sa.select(objects).where(registers.SIDE_ADDRESSES)).mappings()
        [side], [pand] = json.loads(row["nevenadres_ids"]), json.loads(row["pand_ids"])
        number = connection.execute(sa.select(numbers).where(numbers.c.nummeraanduiding_id == side)).mappings().one()
        own = row["verblijfsobject_id"]

        def found(text: str) -> dict[str, bool]:
            rows = find_by_id(connection, text, on=DAY, gebieden=None)
            return {one.adresseerbaar_object_id: one.neven for one in rows}

        assert found(own) == {own: False}
        assert found(row["hoofdadres_id"]) == {own: False}
        assert found(side) == {own: True}
        in_pand = sa.select(objects.c.verblijfsobject_id).where(objects.c.pand_ids.like(f'%"{pand}"%'))
        assert set(found(pand)) == set(connection.execute(in_pand).scalars())
        assert found("0606100000999999") == {}
        typed = f"{number['postcode']} {number['huisnummer']}{number['huisletter'] or ''}"
        typed += f" {number['huisnummertoevoeging'] or ''}"
        [one] = find_by_adres(connection, adres_readings(typed.strip()), on=DAY, gebieden=None)
        assert (one.adresseerbaar_object_id, one.neven) == (own, True)
        assert find_by_adres(connection, adres_readings(typed.strip()), on=DAY, gebieden=["BU99999999"]) == []
        assert_that_the_beginning_of_a_street_finds_what_the_streets_find(connection)
    store.close()


def assert_that_the_beginning_of_a_street_finds_what_the_streets_find(connection: ReadConnection) -> None:
    def found(text: str) -> list[str]:
        rows = find_by_adres(connection, adres_readings(text), on=DAY, gebieden=None)
        return [one.adresseerbaar_object_id for one in rows]

    names = connection.execute(sa.select(registers.openbare_ruimten.c.naam).distinct()).scalars()
    streets: dict[str, list[str]] = {}
    for name in names:
        if name.replace(" ", "").isalpha():
            streets.setdefault(name[:2], []).append(name)
    begin, most = max(streets.items(), key=lambda item: len(item[1]))
    whole = {one for name in most for one in found(name)}
    assert len(most) > 2
    assert 0 < len(whole) < MOST
    assert sorted(found(begin)) == sorted(whole)
