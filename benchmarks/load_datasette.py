"""Datasette as a peer for the list and search pages: the same rows, flat and indexed as its pages want them.

It is helped: address, rule and area stand in one table each, made beforehand, with an index for what is filtered and a
full-text index for what is searched; nobody signs in, nothing is checked per area and nothing is written down. Its
pages show as many rows as ours, without facets.
"""

import random
import sqlite3
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks.load_generator import Ask
from benchmarks.load_pages import signal_filters
from benchmarks.load_servers import PROGRAMS
from benchmarks.load_town import Town
from registry.store.queries.search import MOST
from registry.store.queries.signal_list import PAGE

_WONINGEN: Final = """
    CREATE TABLE woningen AS
    SELECT v.verblijfsobject_id AS id, r.naam AS straat, n.huisnummer, n.huisletter,
        n.huisnummertoevoeging AS toevoeging, n.postcode, p.naam AS woonplaats, v.status
    FROM registry.verblijfsobjecten v
    JOIN registry.nummeraanduidingen n ON n.nummeraanduiding_id = v.hoofdadres_id AND n.superseded_run_id IS NULL
        AND n.valid_until IS NULL
    JOIN registry.openbare_ruimten r ON r.openbare_ruimte_id = n.openbare_ruimte_id AND r.superseded_run_id IS NULL
        AND r.valid_until IS NULL
    LEFT JOIN registry.woonplaatsen p ON p.woonplaats_id = r.woonplaats_id AND p.superseded_run_id IS NULL
        AND p.valid_until IS NULL
    WHERE v.superseded_run_id IS NULL AND v.valid_until IS NULL
"""
_SIGNALEN: Final = """
    CREATE TABLE signalen AS
    SELECT s.signaal_id AS id, e.regel, s.uitkomst, s.urgentie, s.overschrijding, s.toelichting, s.periode_van, s.tot,
        w.straat, w.huisnummer, w.postcode, (
            SELECT l.gebied_code FROM registry.ligging l WHERE l.adresseerbaar_object_id = s.adresseerbaar_object_id
                AND l.soort = 'buurt' AND l.superseded_run_id IS NULL AND l.valid_until IS NULL LIMIT 1
        ) AS gebied
    FROM registry.signalen s JOIN registry.evaluaties e ON e.evaluatie_id = s.evaluatie_id
    LEFT JOIN woningen w ON w.id = s.adresseerbaar_object_id
"""
_AFTER: Final = (
    "CREATE INDEX ix_woningen_postcode ON woningen (postcode, huisnummer)",
    "CREATE INDEX ix_woningen_straat ON woningen (straat, huisnummer)",
    "CREATE VIRTUAL TABLE woningen_fts USING fts5 (straat, huisnummer, postcode, content='woningen')",
    "INSERT INTO woningen_fts (woningen_fts) VALUES ('rebuild')",
    "CREATE INDEX ix_signalen_uitkomst ON signalen (uitkomst, regel, overschrijding)",
    "CREATE INDEX ix_signalen_gebied ON signalen (gebied)",
    "ANALYZE",
)
_ORDERS: Final = {
    "urgentie": ("_sort_desc", "overschrijding"),
    "nieuw": ("_sort_desc", "periode_van"),
    "tot": ("_sort", "tot"),
}
_PLAIN: Final = {"_nofacet": "1", "_nosuggest": "1"}


def flat_copy(registry: Path, target: Path) -> Path:
    """The two flat tables, from the SQLite registry."""
    connection = sqlite3.connect(target)
    connection.execute("ATTACH DATABASE ? AS registry", (str(registry),))
    for statement in (_WONINGEN, "CREATE UNIQUE INDEX ix_woningen_id ON woningen (id)", _SIGNALEN, *_AFTER):
        connection.execute(statement)
    connection.commit()
    connection.close()
    return target


def command(database: Path) -> list[str]:
    """How it is started: one process, as our own on SQLite, on a file that nobody changes."""
    return [str(PROGRAMS / "datasette"), "serve", "--immutable", str(database), "--port", "{port}"]


def search(town: Town, draw: random.Random) -> Ask:
    """Half of it what somebody typed so far of a street and number, half a postcode with a number."""
    one = draw.choice(town.dwellings)
    if draw.random() < 0.5:
        return _table("woningen", {"postcode": one["postcode"] or "", "huisnummer": str(one["nummer"])}, MOST)
    text = f"{one['straat']} {one['nummer']}"
    street, _, number = text[: draw.randint(3, len(text))].strip().rpartition(" ")
    if not number.isdecimal():
        street, number = f"{street} {number}".strip(), ""
    asked = {"_search_straat": f'"{street}"*', "_searchmode": "raw"}
    return _table("woningen", asked | ({"huisnummer": number} if number else {}), MOST)


def signal_list(town: Town, draw: random.Random) -> Ask:
    """The first page of signals, by the filters and orders of ours."""
    wanted = signal_filters(town, draw)
    by, field = _ORDERS[wanted.pop("orde")]
    return _table("signalen", {name: value for name, value in wanted.items() if value} | {by: field}, PAGE)


def _table(table: str, asked: dict[str, str], rows: int) -> Ask:
    return Ask("datasette", f"/flat/{table}?{urlencode(asked | _PLAIN | {'_size': str(rows)})}", "page-header")
