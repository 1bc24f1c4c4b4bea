"""What was found at a dwelling before it was split, merged, renumbered, withdrawn or moved is found afterwards.

The registry sees it as it happens: an extract, a visit and a report at the old address and a judgement, then an
extract in which everything has changed.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bag_files import CODES, WOONPLAATS_ID, extract_tree, gem_wpl_xml, object_xml, write_zip
from deliveries import take

from registry.crypto import BsnCipher
from registry.signals.run import run_evaluations
from registry.store.engine import Store
from registry.store.queries.huisdossier import Gebeurtenis, find_objects, read_timeline
from registry.store.queries.runs import last_run
from rules.catalogue import find_rule
from rules.parameters import shipped_law

VISITED, JUDGED, TODAY = date(2018, 6, 1), date(2018, 6, 15), date(2026, 6, 1)
CHANGED, RETURNED_ON, MOVED_ON = "2020-03-01", "2021-07-01", "2022-03-24"
WITHDRAWN = "Verblijfsobject ingetrokken"
# By number at the Singel: what was there before, and so was visited.
SPLIT, LEFT, RIGHT, RENUMBERED, GONE, BACK = OLD = (10, 21, 22, 30, 40, 50)
FRONT, REAR, JOINED, RENUMBERED_TO = 11, 12, 20, 32
LETTERS = {FRONT: (10, "A"), REAR: (10, "B"), LEFT: (20, "A"), RIGHT: (20, "B")}


def dwelling_id(number: int) -> str:
    return f"06060100000000{number:02}"


def written(number: int) -> str:
    house, letter = LETTERS.get(number, (number, ""))
    return f"Singel {house}{letter}"


def address(number: int, house: int | None = None, **values: Any) -> str:
    own, letter = LETTERS.get(number, (number, None))
    return object_xml(
        "NUM", identificatie=f"06062000000000{number:02}", huisnummer=house or own, huisletter=letter, **values
    )


def dwelling(number: int, version: int = 1, van: str = "2010-08-31", tot: str | None = None, **values: Any) -> str:
    """A voorkomen; every pair of dwellings in its own pand."""
    ended = None if tot is None else f"{tot}T12:00:00.000"
    return object_xml(
        "VBO",
        identificatie=dwelling_id(number),
        hoofdadres=f"06062000000000{number:02}",
        pand=[f"06061000000000{number // 10:02}"],
        oppervlakte=30,
        voorkomenidentificatie=version,
        beginGeldigheid=van,
        eindGeldigheid=tot,
        tijdstipRegistratieLV=f"{van}T10:00:00.000",
        tijdstipEindRegistratieLV=ended,
        **values,
    )


def withdrawn(number: int, again: str | None = None) -> Iterator[str]:
    yield dwelling(number, tot=CHANGED)
    yield dwelling(number, 2, CHANGED, again, status=WITHDRAWN)
    if again is not None:
        yield dwelling(number, 3, again)


def extract(folder: Path, stand: str, *, changed: bool) -> Path:
    objects: dict[str, list[str]] = {code: [] for code in CODES}
    for code in ("WPL", "OPR", "PND"):
        objects[code] = [object_xml(code)]
    objects["NUM"] = [address(number) for number in OLD if number != RENUMBERED or not changed]
    relation = [(WOONPLAATS_ID, "0650", "2010-07-23", None, "definitief")]
    if changed:
        objects["NUM"] += [address(number, beginGeldigheid=CHANGED) for number in (FRONT, REAR, JOINED)]
        ended = {"eindGeldigheid": CHANGED, "tijdstipEindRegistratieLV": f"{CHANGED}T12:00:00.000"}
        objects["NUM"] += [
            address(RENUMBERED, **ended),
            address(RENUMBERED, RENUMBERED_TO, voorkomenidentificatie=2, beginGeldigheid=CHANGED),
        ]
        for number in (SPLIT, LEFT, RIGHT, GONE):
            objects["VBO"] += withdrawn(number)
        objects["VBO"] += [*withdrawn(BACK, RETURNED_ON), dwelling(RENUMBERED)]
        objects["VBO"] += [dwelling(number, van=CHANGED) for number in (FRONT, REAR, JOINED)]
        relation = [
            (WOONPLAATS_ID, "0650", "2010-07-23", MOVED_ON, "definitief"),
            (WOONPLAATS_ID, "0606", MOVED_ON, None, "definitief"),
        ]
    else:
        objects["VBO"] += [dwelling(number) for number in OLD]
    tree = extract_tree(objects, stand=stand)
    [name] = [name for name in tree if name.startswith("GEM-WPL")]
    tree[name] = {name.replace(".zip", "-000001.xml"): gem_wpl_xml(relation)}
    return write_zip(folder / f"BAGGEM0606L-{stand}.zip", tree)


def listed(folder: Path, bron: str, header: str, line: str) -> Path:
    """One line for each dwelling of before, by its address of then."""
    path = folder / f"{bron}.csv"
    lines = [line.format(number=number, adres=written(number)) for number in OLD]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def lived(store: Store, cipher: BsnCipher, tmp_path: Path) -> Store:
    visits = listed(
        tmp_path,
        "inspecties",
        "Inspectienummer;Adres;Postcode;Datum bezoek;Resultaat;Aantal personen",
        "I-{number};{adres};3112AB;2018-06-01;toegang met toestemming;9",
    )
    reports = listed(
        tmp_path,
        "meldingen",
        "Meldingsnummer;Adres;Postcode;Datum;Soort;Onderwerp",
        "M-{number};{adres};3112AB;2018-05-01;klacht;overbewoning",
    )
    take(store, cipher, "bag", extract(tmp_path, "2018-07-01", changed=False))
    no_coa = listed(
        tmp_path,
        "vaststellingen",
        "Vaststellingnummer;Adres;Postcode;Feit;Waarde;Van;Bewijs",
        "V-{number};{adres};3112AB;coa-opvang;nee;2018-01-01;lijst van het COA",
    )
    for bron, path in (("inspecties", visits), ("meldingen", reports), ("vaststellingen", no_coa)):
        result = take(store, cipher, bron, path, JUDGED)
        assert result.counts.nieuw == len(OLD), result.issues.select("code", "text").rows()
    run_evaluations(store, [find_rule("overbewoning")], shipped_law(), peildatum=JUDGED)
    take(store, cipher, "bag", extract(tmp_path, "2026-01-15", changed=True))
    return store


def found(store: Store, text: str) -> set[str]:
    with store.read() as connection:
        return set(find_objects(connection, text, known=last_run(connection))["adresseerbaar_object_id"])


def life(store: Store, number: int) -> list[Gebeurtenis]:
    with store.read() as connection:
        rows = read_timeline(connection, dwelling_id(number), peildatum=TODAY, known=last_run(connection))
    return [Gebeurtenis(*row) for row in rows.iter_rows()]


def test_what_was_found_before_a_change_is_found_after_it(lived: Store) -> None:
    addresses = {
        "Singel 10": SPLIT, "Singel 10-A": FRONT, "Singel 10-B": REAR,
        "Singel 20-A": LEFT, "Singel 20-B": RIGHT, "Singel 20": JOINED,
        "Singel 30": RENUMBERED, "Singel 32": RENUMBERED,
        "Singel 40": GONE, "Singel 50": BACK,
    }  # fmt: skip
    assert {text: found(lived, text) for text in addresses} == {
        text: {dwelling_id(number)} for text, number in addresses.items()
    }
    lives = {number: life(lived, number) for number in (*OLD, FRONT, REAR, JOINED)}
    for number in OLD:
        assert Gebeurtenis(VISITED, None, "inspectie", f"I-{number}: 9 personen") in lives[number]
        assert Gebeurtenis(date(2018, 5, 1), None, "melding", "melding: te_veel_bewoners") in lives[number]
        assert Gebeurtenis(date(2018, 1, 1), None, "vaststelling", "coa_opvang: nee") in lives[number]
        [judged] = [line for line in lives[number] if line.soort == "toetsing"]
        assert (judged.datum, judged.omschrijving[:21]) == (JUDGED, "overbewoning: signaal")
        assert [(line.tot, line.omschrijving[-4:]) for line in lives[number] if line.soort == "gemeente"] == [
            (date.fromisoformat(MOVED_ON), "0650"), (None, "0606"),
        ]  # fmt: skip
    for heir in (FRONT, REAR, JOINED):
        assert not [line for line in lives[heir] if line.soort in ("inspectie", "melding", "toetsing")]


def others(lines: list[Gebeurtenis]) -> set[tuple[date | None, str]]:
    """The objects that a life names, and on which day."""
    return {(line.datum, line.omschrijving[-16:]) for line in lines if line.soort == "ander object"}


def test_each_change_shows_in_the_life(lived: Store) -> None:
    """Who looks at a new address is led to the object that the signals are of, and back."""
    day = date.fromisoformat(CHANGED)
    named = {SPLIT: (FRONT, REAR), FRONT: (SPLIT,), REAR: (SPLIT,), LEFT: (JOINED,), RIGHT: (JOINED,),
             JOINED: (LEFT, RIGHT), RENUMBERED: (), GONE: (), BACK: ()}  # fmt: skip
    assert {number: others(life(lived, number)) for number in named} == {
        number: {(day, dwelling_id(other)) for other in them} for number, them in named.items()
    }
    renumbered = [
        (line.datum, line.tot, line.omschrijving) for line in life(lived, RENUMBERED) if line.soort == "adres"
    ]
    assert renumbered == [
        (date(2010, 8, 31), day, "Singel 30, 3112AB Testdam"), (day, None, "Singel 32, 3112AB Testdam"),
    ]  # fmt: skip
    statuses = {number: [line.omschrijving.split(";")[0] for line in life(lived, number) if line.soort == "BAG"]
                for number in (GONE, BACK)}  # fmt: skip
    assert statuses == {
        GONE: ["Verblijfsobject in gebruik", WITHDRAWN],
        BACK: ["Verblijfsobject in gebruik", WITHDRAWN, "Verblijfsobject in gebruik"],
    }
