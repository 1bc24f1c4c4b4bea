"""Two-way tables of a stock of 400,000 dwellings on a day, beside hand-written SQL and DuckDB.

The peers answer the simplest of the tables (buurt by bouwperiode); neither knows of ``onbekend`` by a source that is
absent, of tenure or of owners. SQL reads the same SQLite store; DuckDB reads the same tables as Parquet.
"""

import random
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from registry.stock.composition import compose
from registry.stock.dimensions import DIMENSIONS
from registry.stock.records import read_stock_records
from registry.store.engine import Store, insert_frame, open_store
from registry.store.tables import registers
from registry.store.tables.runs import runs

DWELLINGS, BUURTEN, DAY, LONG_AGO = 400_000, 200, date(2026, 6, 1), date(2010, 1, 1)
_PERIODS = (1906, 1931, 1945, 1960, 1971, 1981, 1991, 2001, 2011)
_SQL = f"""
    SELECT g.naam, CASE {" ".join(f"WHEN p.bouwjaar < {year} THEN {number}" for number, year in enumerate(_PERIODS))}
        ELSE {len(_PERIODS)} END AS bouwperiode, count(*) AS aantal, sum(v.oppervlakte) AS oppervlakte
    FROM verblijfsobjecten v
    LEFT JOIN (
        SELECT v.verblijfsobject_id, min(p.oorspronkelijk_bouwjaar) AS bouwjaar
        FROM verblijfsobjecten v, {{each}} AS e JOIN panden p ON p.pand_id = e.{{value}}
        WHERE v.valid_from <= '{{day}}' AND (v.valid_until IS NULL OR v.valid_until > '{{day}}')
            AND p.valid_from <= '{{day}}' AND (p.valid_until IS NULL OR p.valid_until > '{{day}}')
            AND p.oorspronkelijk_bouwjaar BETWEEN 1000 AND 2026
        GROUP BY v.verblijfsobject_id
    ) p ON p.verblijfsobject_id = v.verblijfsobject_id
    LEFT JOIN ligging l ON l.adresseerbaar_object_id = v.verblijfsobject_id AND l.soort = 'buurt'
        AND l.valid_from <= '{{day}}' AND (l.valid_until IS NULL OR l.valid_until > '{{day}}')
    LEFT JOIN gebieden g ON g.gebied_code = l.gebied_code
    WHERE v.valid_from <= '{{day}}' AND (v.valid_until IS NULL OR v.valid_until > '{{day}}')
        AND v.status = 'Verblijfsobject in gebruik' AND {{dwelling}}
    GROUP BY 1, 2
"""


def run() -> dict[str, object]:
    """Seconds per table, on a new day and on one that was asked before."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/stock.db")
        frames = _fill(store)
        started = time.perf_counter()
        with store.read() as connection:
            records = read_stock_records(connection, known=6)
        figures: dict[str, object] = {"dwellings": DWELLINGS, "reading the records (cold), s": _since(started)}
        compose(records, per=["buurt", "bouwperiode"], op=DAY)
        pairs = list(combinations(DIMENSIONS, 2))
        days = (DAY - timedelta(days=7 * number) for number in range(10_000))
        taken = {pair: _seconds(lambda pair=pair: compose(records, per=pair, op=next(days))) for pair in pairs}
        # Twice as many days are kept as the tables of one day need: a second round on one day derives nothing.
        for pair in pairs:
            compose(records, per=pair, op=DAY)
        again = {pair: _seconds(lambda pair=pair: compose(records, per=pair, op=DAY)) for pair in pairs}
        figures["two-way tables, all pairs"] = len(pairs)
        for name, seconds in (("each on another day", taken), ("on a day that was asked before", again)):
            slowest = max(seconds, key=seconds.__getitem__)
            figures[f"{name}: slowest ({' x '.join(slowest)}), s"] = seconds[slowest]
            figures[f"{name}: median, s"] = sorted(seconds.values())[len(seconds) // 2]
            figures[f"{name}: over 1 s"] = ", ".join(" x ".join(pair) for pair in pairs if seconds[pair] > 1) or "none"
        figures["buurt x bouwperiode, s"] = taken["buurt", "bouwperiode"]
        figures["buurt x eigendom, s"] = taken["buurt", "eigendom"]
        ours = compose(records, per=["buurt", "bouwperiode"], op=DAY).rows
        figures |= _sql(store, ours)
        with suppress(ModuleNotFoundError):
            figures |= _duckdb(Path(folder), frames, ours)
        store.close()
    return figures


def _since(started: float) -> float:
    return time.perf_counter() - started


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return _since(started)


def _sql(store: Store, ours: pl.DataFrame) -> dict[str, object]:
    statement = _SQL.format(
        day=DAY, each="json_each(v.pand_ids)", value="value", dwelling="v.gebruiksdoelen LIKE '%\"woonfunctie\"%'"
    )
    with store.read() as connection:
        connection.execute(sa.text(statement)).all()
        started = time.perf_counter()
        rows = connection.execute(sa.text(statement)).all()
        seconds = _since(started)
    return {"SQL on the same store, buurt x bouwperiode, s": seconds, "SQL agrees": _agrees(rows, ours)}


def _duckdb(folder: Path, frames: dict[str, pl.DataFrame], ours: pl.DataFrame) -> dict[str, object]:
    import duckdb  # noqa: PLC0415  # only in the environment of the benchmarks

    statement = _SQL.format(
        day=DAY, each="unnest(v.pand_ids)", value="pand_id", dwelling="list_contains(v.gebruiksdoelen, 'woonfunctie')"
    ).replace("AS e JOIN", "AS e(pand_id) JOIN")
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in ("verblijfsobjecten", "panden", "ligging", "gebieden"):
            path = folder / f"{name}.parquet"
            frames[name].write_parquet(path)
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{path}'")
        connection.execute(statement).fetchall()
        started = time.perf_counter()
        rows = connection.execute(statement).fetchall()
        seconds = _since(started)
    return {"DuckDB over Parquet, buurt x bouwperiode, s": seconds, "DuckDB agrees": _agrees(rows, ours)}


def _agrees(rows: list[tuple[object, ...]], ours: pl.DataFrame) -> bool:
    labels = DIMENSIONS["bouwperiode"].order
    theirs = {(row[0], labels[int(str(row[1]))]): row[2] for row in rows}
    return theirs == {row[:2]: row[2] for row in ours.select("buurt", "bouwperiode", "aantal").iter_rows()}


def _fill(store: Store) -> dict[str, pl.DataFrame]:
    """Dwellings, panden, areas, residents, owners and values, without an import."""
    dice = random.Random(606)  # noqa: S311  # a synthetic town, no secret
    ids = [f"0606010{number:09d}" for number in range(DWELLINGS)]
    panden = [f"0606100{number:09d}" for number in range(DWELLINGS // 4)]
    buurten = [f"BU0606{number:04d}" for number in range(BUURTEN)]
    numbers = pl.Series(range(DWELLINGS))
    objects = pl.Series("adresseerbaar_object_id", ids)
    period = {"valid_from": pl.lit(LONG_AGO), "valid_until": pl.lit(None, pl.Date)}
    residents = [number for number in range(DWELLINGS) for _ in range(dice.choice((0, 1, 1, 2, 2, 3, 4)))]
    frames = {
        "verblijfsobjecten": pl.DataFrame({"verblijfsobject_id": ids, "voorkomen": 1}).with_columns(
            status=pl.lit("Verblijfsobject in gebruik"), gebruiksdoelen=pl.lit(["woonfunctie"]),
            oppervlakte=pl.Series(dice.choices(range(20, 180), k=DWELLINGS)), geconstateerd=False,
            pand_ids=pl.Series([[panden[number // 4]] for number in range(DWELLINGS)]),
        ),
        "panden": pl.DataFrame({"pand_id": panden, "voorkomen": 1}).with_columns(
            oorspronkelijk_bouwjaar=pl.Series(dice.choices(range(1880, 2020), k=len(panden))),
            status=pl.lit("Pand in gebruik"), geconstateerd=False,
        ),
        "gebieden": pl.DataFrame({"gebied_code": buurten, "naam": [f"Buurt {code}" for code in buurten]}).with_columns(
            soort=pl.lit("buurt")
        ),
        "ligging": objects.to_frame().with_columns(
            gebied_code=pl.Series([buurten[number % BUURTEN] for number in numbers]), soort=pl.lit("buurt")
        ),
        "bewoning": pl.DataFrame(
            {"adresseerbaar_object_id": [ids[number] for number in residents],
             "persoonslijst": [f"p{number}" for number in range(len(residents))]}
        ).with_columns(zekerheid=pl.lit("zeker"), in_onderzoek=False),
        "kadastrale_objecten": pl.DataFrame({"kadastraal_object": ids}),
        "kadastrale_adressen": pl.DataFrame({"kadastraal_object": ids, "adresseerbaar_object_id": ids}),
        "rechthebbenden": pl.DataFrame(
            {"rechthebbende": [f"r{number}" for number in range(DWELLINGS)], "type": "natuurlijk_persoon"}
        ),
        "tenaamstellingen": pl.DataFrame(
            {"tenaamstelling": ids, "kadastraal_object": ids, "aard_recht": "eigenaar", "aandeel_teller": 1,
             "aandeel_noemer": 1, "aanvang": "2010-01-01",
             "rechthebbende": [f"r{number if number % 2 else number // 8}" for number in range(DWELLINGS)]}
        ),
        "woz_waarden": pl.DataFrame(
            {"woz_object": ids, "adresseerbaar_object_id": ids}
        ).with_columns(
            waarde=pl.Series(dice.choices(range(90_000, 900_000), k=DWELLINGS)),
            waardepeildatum=pl.lit(date(2009, 1, 1)), ingangsdatum=pl.lit(LONG_AGO), ingangsdatum_afgeleid=False,
            beschikkingsstatussen=pl.lit([], pl.List(pl.String)),
        ),
    }  # fmt: skip
    with store.write_transaction() as connection:
        for number, bron in enumerate(("bag", "gebieden", "brp", "brk", "woz", "corporaties"), 1):
            connection.execute(
                runs.insert().values(
                    run_id=number, bron=bron, bestand=bron, levering="stand", leverdatum=DAY, status="gelukt",
                    software="bench", gestart=sa.func.current_timestamp(), klaar=sa.func.current_timestamp(),
                )
            )  # fmt: skip
        for name, frame in frames.items():
            table = getattr(registers, name)
            dated = frame.with_columns(
                **{key: value for key, value in period.items() if key in table.c}, recorded_run_id=pl.lit(1)
            )
            insert_frame(connection, table, _complete(dated, table))
            frames[name] = dated
    return frames


def _complete(frame: pl.DataFrame, table: sa.Table) -> pl.DataFrame:
    """The frame with something in every column that may not be empty."""
    absent = [
        column.name
        for column in table.columns
        if not column.nullable and column.name not in frame.columns and column.name != "id"
    ]
    empty = {name: pl.lit("[]" if "TEXT" in str(table.c[name].type.compile()) else 0) for name in absent}
    return frame.with_columns(**empty)
