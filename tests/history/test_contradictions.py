"""Contradictions between registers: each kind is found, and nothing that agrees."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import brk_answers
import polars as pl
import pytest
from bag_files import CODES, extract_tree, object_xml, write_zip
from deliveries import PEOPLE, take

from registry.crypto import BsnCipher
from registry.intake.contradictions import TERUGMELDING, Tegenspraak, find_contradictions
from registry.store.engine import Store
from registry.store.history import Absence, Staging
from registry.store.queries.runs import NewRun, finish_run, last_run, start_run
from registry.store.tables import own_columns, registers

DAY = date(2026, 6, 1)
HOMES, SHOP, GONE, NUMBER_OF = "0606010000000001", "0606010000000002", "0606010000000003", "06062000000000{:02}"


def town(folder: Path, **first: object) -> Path:
    """A dwelling, a shop and a dwelling that was withdrawn."""
    objects = {code: [] for code in CODES} | {code: [object_xml(code)] for code in ("WPL", "OPR", "PND")}
    objects["NUM"] = [object_xml("NUM", identificatie=NUMBER_OF.format(n), huisnummer=n) for n in (1, 2, 3)]
    objects["VBO"] = [
        object_xml("VBO", identificatie=HOMES, hoofdadres=NUMBER_OF.format(1), **first),
        object_xml("VBO", identificatie=SHOP, hoofdadres=NUMBER_OF.format(2), gebruiksdoel=["winkelfunctie"]),
        object_xml("VBO", identificatie=GONE, hoofdadres=NUMBER_OF.format(3), status="Verblijfsobject ingetrokken"),
    ]
    return write_zip(folder / "bag.zip", extract_tree(objects))


def people(folder: Path, *homes: dict[str, str]) -> Path:
    headers = (
        "01.01.10", "01.01.20", "07.67.10", "07.67.20", "08.09.10", "08.10.10", "08.10.30", "08.11.10", "08.11.20",
        "08.11.60", "08.11.80",
    )  # fmt: skip
    lines = [";".join(headers)]
    for (number, bsn), home in zip(PEOPLE, homes, strict=False):
        row = {"01.01.10": number, "01.01.20": bsn, "08.10.10": "W", "08.10.30": "20200101", "08.09.10": "0606"} | home
        lines.append(";".join(row.get(header, "") for header in headers))
    path = folder / "brp.csv"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    return path


def found(store: Store) -> pl.DataFrame:
    with store.read() as connection:
        rows = find_contradictions(connection, peildatum=DAY, known=last_run(connection))
    assert rows.schema == TERUGMELDING
    return rows


def kinds(store: Store) -> list[tuple[str, str | None, int]]:
    return sorted(found(store).select("soort", "adresseerbaar_object_id", "aantal").rows(), key=str)


@pytest.fixture
def held(store: Store, cipher: BsnCipher, tmp_path: Path) -> Store:
    take(store, cipher, "bag", town(tmp_path))
    return store


def test_registers_that_agree_give_nothing(held: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(held, cipher, "brp", people(tmp_path, {"08.11.80": HOMES}), date(2026, 2, 1))
    assert found(held).is_empty()


def test_residents_where_nobody_can_live(held: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(held, cipher, "brp", people(tmp_path, {"08.11.80": SHOP}, {"08.11.80": GONE}), date(2026, 2, 1))
    assert kinds(held) == [
        (Tegenspraak.INGETROKKEN, GONE, 1),
        (Tegenspraak.GEEN_WOONFUNCTIE, SHOP, 1),
    ]
    rows = {row["soort"]: row for row in found(held).to_dicts()}
    shop = rows[Tegenspraak.GEEN_WOONFUNCTIE]
    assert (shop["register"], shop["adres"]) == ("BAG", "Singel 2, 3112AB Testdam")
    assert shop["registratie"] == "gebruiksdoel winkelfunctie"
    assert rows[Tegenspraak.INGETROKKEN]["register"] == "BRP"


def test_addresses_that_the_bag_does_not_know(held: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    """Two at one address are one line; who is registered in another gemeente is not ours."""
    absent = {"08.11.10": "Singel", "08.11.20": "99", "08.11.60": "3112AB"}
    elsewhere = {"08.11.10": "Dam", "08.11.20": "1", "08.11.60": "1012JS", "08.09.10": "0363"}
    take(held, cipher, "brp", people(tmp_path, absent, absent, elsewhere), date(2026, 2, 1))
    [row] = found(held).to_dicts()
    assert (row["soort"], row["adres"], row["aantal"]) == (Tegenspraak.ADRES_ONBEKEND, "Singel 99, 3112AB", 2)
    assert row["adresseerbaar_object_id"] is None


@pytest.mark.parametrize(
    ("oppervlakte", "odd"), [(1, True), (9, True), (10, False), (9_998, False), (9999, True), (999_999, True)]
)
def test_an_area_that_cannot_be(store: Store, cipher: BsnCipher, tmp_path: Path, oppervlakte: int, odd: bool) -> None:
    take(store, cipher, "bag", town(tmp_path, oppervlakte=oppervlakte))
    assert kinds(store) == ([(Tegenspraak.OPPERVLAKTE, HOMES, 1)] if odd else [])


def test_what_an_inspector_found_against_the_registers(held: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    take(held, cipher, "brp", people(tmp_path, {"08.11.80": HOMES}), date(2026, 2, 1))
    write(
        held,
        "inspecties",
        inspecties=[
            {
                "inspectie": "I1",
                "resultaat": "toegang",
                "adresseerbaar_object_id": HOMES,
                "datum": date(2026, 5, 1),
                "aantal_personen": 5,
                "gemeten_oppervlakte": 40.0,
            }
        ],
    )
    assert kinds(held) == [(Tegenspraak.INSPECTIE_PERSONEN, HOMES, 5), (Tegenspraak.INSPECTIE_OPPERVLAKTE, HOMES, 1)]
    write(
        held,
        "inspecties",
        inspecties=[
            {
                "inspectie": "I2",
                "resultaat": "toegang",
                "adresseerbaar_object_id": HOMES,
                "datum": date(2026, 5, 2),
                "aantal_personen": 1,
                "gemeten_oppervlakte": 55.0,
            }
        ],
    )
    assert kinds(held) == []


@pytest.mark.parametrize(
    ("seen", "odd"), [((23, 4), True), ((24, 4), False), ((200, 2), False), ((201, 2), True), ((30, 0), False)]
)
def test_an_area_that_does_not_fit_the_rooms(
    store: Store, cipher: BsnCipher, tmp_path: Path, seen: tuple[int, int], odd: bool
) -> None:
    oppervlakte, kamers = seen
    take(store, cipher, "bag", town(tmp_path, oppervlakte=oppervlakte))
    visit = {"inspectie": "I1", "resultaat": "toegang", "adresseerbaar_object_id": HOMES, "datum": date(2026, 5, 1)}
    write(store, "inspecties", inspecties=[visit | {"kamers": kamers}])
    assert kinds(store) == ([(Tegenspraak.KAMERS, HOMES, 1)] if odd else [])


def write(store: Store, bron: str, **tables: list[dict[str, object]]) -> None:
    """Put rows into tables as a delivery of a source does."""
    moment = datetime(2026, 5, 3, tzinfo=UTC)
    with store.write_transaction() as connection:
        run = start_run(connection, NewRun(bron, "x", "deel", None, "0", moment))
        for name, rows in tables.items():
            table = getattr(registers, name)
            staging = Staging(connection, table)
            schema = {column: pl.String() for column in own_columns(table)}
            frame = pl.DataFrame(
                [dict.fromkeys(schema) | {"source_file": "x"} | row for row in rows], infer_schema_length=None
            )
            staging.add(frame)
            staging.merge(run, Absence.NOTHING)
        finish_run(connection, run, status="gelukt", klaar=moment, values={"leverdatum": moment.date()})


def woz(waarde: int | None, object_id: str, woz_object: str) -> dict[str, object]:
    return {
        "woz_object": woz_object, "adresseerbaar_object_id": object_id, "waardepeildatum": date(2025, 1, 1),
        "ingangsdatum": date(2026, 1, 1), "ingangsdatum_afgeleid": False, "waarde": waarde,
    }  # fmt: skip


def test_values_against_dwellings(held: Store) -> None:
    write(held, "woz", woz_waarden=[woz(300_000, GONE, "1")])
    assert kinds(held) == [(Tegenspraak.WAARDE_ONTBREEKT, HOMES, 1), (Tegenspraak.WOZ_ZONDER_WONING, GONE, 1)]
    write(held, "woz", woz_waarden=[woz(300_000, HOMES, "2"), woz(300_000, SHOP, "2")])
    assert kinds(held) == [(Tegenspraak.WOZ_MEER_WONINGEN, HOMES, 2), (Tegenspraak.WOZ_ZONDER_WONING, GONE, 1)]


def test_a_dwelling_without_an_owner(held: Store) -> None:
    assert found(held).is_empty()  # no BRK, no answer
    write(held, "brk")
    assert kinds(held) == [(Tegenspraak.EIGENAAR_ONTBREEKT, HOMES, 1)]


def apartment(place: int, dwelling: str | None, code: str = "11", **other: object) -> dict[str, object]:
    """An appartementsrecht of a company; of 2019."""
    holder = brk_answers.right(str(place), brk_answers.company("001234567"))
    cultuur = {"aardCultuurBebouwd": {"code": code, "waarde": "?"}}
    return brk_answers.zaak(brk_answers.number(place), dwelling, [holder], **(cultuur | other))


def homes_of_flats(folder: Path) -> Path:
    """Three dwellings."""
    objects = {code: [] for code in CODES} | {code: [object_xml(code)] for code in ("WPL", "OPR", "PND")}
    objects["NUM"] = [object_xml("NUM", identificatie=NUMBER_OF.format(n), huisnummer=n) for n in (1, 2, 3)]
    objects["VBO"] = [
        object_xml("VBO", identificatie=one, hoofdadres=NUMBER_OF.format(n))
        for n, one in enumerate((HOMES, SHOP, GONE), start=1)
    ]
    return write_zip(folder / "bag.zip", extract_tree(objects))


def test_dwellings_merged_in_one_register_only(store: Store, cipher: BsnCipher, tmp_path: Path) -> None:
    """One right for two dwellings, two rights for one; a garage, a parcel and a right that is no more are none."""
    take(store, cipher, "bag", homes_of_flats(tmp_path))
    both = {"adressen": [{"adresseerbaarObjectIdentificatie": one} for one in (HOMES, SHOP)]}
    answer = brk_answers.collection(
        [
            apartment(1, None, **both),
            apartment(2, GONE),
            apartment(3, GONE, "12"),
            apartment(4, GONE, "61"),  # a garage
            apartment(5, HOMES, type="perceel"),
            apartment(6, SHOP, indicatieVervallen=True),
        ]
    )
    path = tmp_path / "brk.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    take(store, cipher, "brk", path, date(2026, 2, 1))
    assert kinds(store) == sorted(
        [
            (Tegenspraak.BRK_MEER_WONINGEN, HOMES, 2),
            (Tegenspraak.BRK_MEER_WONINGEN, SHOP, 2),
            (Tegenspraak.MEER_BRK_OBJECTEN, GONE, 2),
        ],
        key=str,
    )
    [one] = found(store).filter(soort=Tegenspraak.MEER_BRK_OBJECTEN.value)["registratie"]
    assert one == f"2 appartementsrechten om in te wonen: {brk_answers.number(2)}, {brk_answers.number(3)}"
