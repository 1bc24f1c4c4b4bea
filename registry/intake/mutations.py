"""Mutations of the BAG, on top of an extract: which are ours, whether they follow, and whether an extract agrees.

Mutations come for the whole country. Ours are those of objects that the registry knows, and of objects whose
identification begins with the code of a gemeente of which it holds an extract: of a new object that is the gemeente of
today. A new woonplaats comes with the next extract.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

import polars as pl

from importers.bag_mutations import mismatches
from importers.issues import ISSUE, Level
from importers.records import Batch, Delivery, RecordType
from registry.intake.deliveries import MOMENTS
from registry.store.engine import ReadConnection
from registry.store.queries.deliveries import read_contradicted, read_deliveries, read_keys, read_recorded
from registry.store.queries.versions import read_versions
from registry.store.tables import metadata

OBJECTS = (
    "woonplaatsen", "openbare_ruimten", "nummeraanduidingen", "verblijfsobjecten", "ligplaatsen", "standplaatsen",
    "panden",
)  # fmt: skip
_CODE_DIGITS = 4
_SHOWN = 1_000  # warnings of one kind; more say nothing more


def fit_mutations(connection: ReadConnection, delivery: Delivery, *, known: int, is_history: bool) -> Delivery:
    """The delivery with only our objects, and a warning where a ``was`` is not what is known.

    Args:
        connection: where to read.
        delivery: a delivery; one that holds no mutations comes back as it is.
        known: the last run that counts.
        is_history: whether newer deliveries went in already; then what is known need not be what was.
    """
    if delivery.levering != "deel":
        return delivery
    return replace(delivery, batches=_fit(connection, delivery.batches, known=known, is_history=is_history))


def _fit(connection: ReadConnection, batches: Iterator[Batch], *, known: int, is_history: bool) -> Iterator[Batch]:
    stands = [one for one in read_deliveries(connection, "bag") if one.levering == "stand"]
    if not stands or any(not one.area for one in stands):
        ours = None  # without an extract, or with one of the whole country, everything is ours
    else:
        ours = _is_ours(read_keys(connection, OBJECTS), sorted({code for one in stands for code in one.area}))
    for batch in batches:
        fitting = batch if ours is None else _only_ours(batch, ours)
        if is_history or fitting.was is None:
            yield fitting
        else:
            odd = _unlike_known(connection, fitting, known=known)
            yield replace(fitting, issues=pl.concat([fitting.issues, odd]))


def _is_ours(ids: pl.Series, codes: list[str]) -> pl.Expr:
    """Of a column ``id``: whether the object is known, or is new in one of our gemeenten."""
    new = (pl.col("id").str.len_chars() > _CODE_DIGITS) & pl.col("id").str.slice(0, _CODE_DIGITS).is_in(codes)
    return pl.col("id").is_in(ids.implode()) | new


def _only_ours(batch: Batch, ours: pl.Expr) -> Batch:
    """Our rows, and the issues about them: a warning stands at its row or names its object, an uitval holds it."""
    key = batch.record.key[0]

    def keep(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(frame.select(id=key).select(ours).to_series())

    frame = keep(batch.frame)
    was = None if batch.was is None else keep(batch.was)
    rows = pl.concat([part.select("source_file", "source_row") for part in (frame, was) if part is not None])
    named = batch.issues.with_columns(id=pl.coalesce(pl.col("row").str.json_path_match(f"$.{key}"), "original"))
    about = named.filter(
        named.select(ours).to_series().fill_null(value=False)
        | named.select(pl.struct("source_file", "source_row").is_in(rows.to_struct("at").implode())).to_series()
    )
    return Batch(batch.record, frame, about.drop("id"), frame.height, was)


def _unlike_known(connection: ReadConnection, batch: Batch, *, known: int) -> pl.DataFrame:
    """A warning for each ``was`` that the registry does not know, or knows otherwise (schema ``ISSUE``).

    What it knows already as it becomes came in before; that is no reason to warn.
    """
    was, record = batch.was, batch.record
    if was is None or was.is_empty():
        return pl.DataFrame(schema=ISSUE)
    table, first, keys = metadata.tables[record.name], record.key[0], list(record.key)
    believed = read_versions(
        connection, table, list(record.columns), known=known, where=table.c[first].in_(was[first].unique().to_list())
    ).with_columns(is_known=pl.lit(value=True))
    becomes = batch.frame.join(believed, on=keys, suffix="_bekend")
    waiting = was.join(becomes.filter(~_differs(record, "_bekend")), on=keys, how="anti")
    joined = waiting.join(believed, on=keys, how="left", suffix="_bekend")
    unknown = joined.filter(pl.col("is_known").is_null()).select(
        level=pl.lit(Level.WAARSCHUWING.value),
        code=pl.lit("was_onbekend"),
        text=pl.format("De mutatie wijzigt een voorkomen van {} dat niet bekend is. Ingelezen zoals geleverd.", first),
        source_file="source_file",
        source_row="source_row",
        column=pl.lit(None, pl.String),
        original=pl.col(first),
        row=pl.lit(None, pl.String),
    )
    text = "Deze mutatie gaat uit van iets anders dan bekend is."
    return pl.concat([unknown, mismatches(record, joined.filter("is_known"), "_bekend", text)])


def _differs(record: RecordType, suffix: str) -> pl.Expr:
    return pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(f"{name}{suffix}")) for name in record.columns if name not in record.key
    )


def compare_stand(connection: ReadConnection, run_id: int, leverdatum: date, *, since: int) -> pl.DataFrame:
    """Where an extract says otherwise than the mutations since the last one (schema ``ISSUE``).

    Args:
        connection: where to read.
        run_id: the run of the extract, which went in.
        leverdatum: of the extract.
        since: the run of the extract before it.
    """
    parts = [one for one in read_deliveries(connection, "bag") if one.levering == "deel" and one.run_id > since]
    if not parts:
        return pl.DataFrame(schema=ISSUE)
    numbers = [one.run_id for one in parts]
    until = min(leverdatum, max(one.leverdatum for one in parts))
    last = [one.leverdatum for one in read_deliveries(connection, "bag") if one.run_id == since]
    begin = last[0] if last else min(one.leverdatum for one in parts)
    found = []
    for name in (*OBJECTS, "bag_in_onderzoek"):
        key = metadata.tables[name].info["key"]
        contradicted = read_contradicted(connection, name, run_id, numbers)
        moments = [moment for moment in MOMENTS if moment in metadata.tables[name].c]
        recorded = read_recorded(connection, name, run_id, moments).join(contradicted, on=list(key), how="anti")
        changed = pl.max_horizontal(moments)
        missed = recorded.filter(
            (changed >= datetime.combine(begin, time.max)) & (changed < datetime.combine(until, time.min))
        )
        found += [
            _warnings(contradicted, key, "mutatie_weersproken", "Het extract zegt iets anders dan de mutaties over"),
            _warnings(missed, key, "mutatie_gemist", "Het extract bevat een wijziging die niet bij de mutaties zat:"),
        ]
    return pl.concat(found)


def _warnings(rows: pl.DataFrame, key: tuple[str, ...], code: str, text: str) -> pl.DataFrame:
    named = pl.concat_str([pl.col(name).cast(pl.String) for name in key[:2]], separator=", ")
    return rows.head(_SHOWN).select(
        level=pl.lit(Level.WAARSCHUWING.value),
        code=pl.lit(code),
        text=pl.format(text + " {}. Het extract geldt.", named),
        source_file=pl.lit(None, pl.String),
        source_row=pl.lit(None, pl.Int64),
        column=pl.lit(None, pl.String),
        original=pl.col(key[0]),
        row=pl.lit(None, pl.String),
    )
