"""What the registers say of some dwellings, each line with the delivery, the run and the source row that it came from.

A line is a fact with the day since which it holds. Residents are counted, never named.
"""

from collections.abc import Sequence
from datetime import date

import polars as pl
import sqlalchemy as sa

from registry import clock
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import OBJECT_TABLES
from registry.store.queries.eigendom_periods import partial_days
from registry.store.queries.versions import read_versions
from registry.store.queries.woz import is_annulled
from registry.store.tables import registers
from registry.store.tables.runs import runs

OBJECT = "adresseerbaar_object_id"
LINES = pl.Schema(
    {
        OBJECT: pl.String(),
        "datum": pl.Date(),  # null: since when is not known
        "tot": pl.Date(),  # exclusive; null: still so, or a moment
        "soort": pl.String(),
        "omschrijving": pl.String(),  # Dutch, without names
        "run_id": pl.Int64(),  # the run from which on the registry knew it
        "source_file": pl.String(),
        "source_row": pl.Int64(),  # null: derived from more than one row
    }
)
RUNS = pl.Schema(
    {
        "run_id": pl.Int64(),
        "bron": pl.String(),
        "bestand": pl.String(),
        "sha256": pl.String(),
        "leverdatum": pl.Date(),
        "levering": pl.String(),
        "status": pl.String(),
        "gelezen": pl.Int64(),
        "uitval": pl.Int64(),
        "software": pl.String(),
        "klaar": pl.Datetime("us"),  # Dutch local time
    }
)
IN_QUERY = 500  # more objects are read whole and filtered: a database has a limit to the values of one query
_PROVENANCE = ("recorded_run_id", "source_file", "source_row")


def read_case_lines(connection: ReadConnection, objects: Sequence[str], *, known: int) -> pl.DataFrame:
    """Everything that the registers say of these objects, by object and day (schema ``LINES``)."""
    parts = [
        *(_voorkomens(connection, objecttype, objects, known) for objecttype in OBJECT_TABLES),
        _occupancy(connection, objects, known),
        _values(connection, objects, known),
        _permits(connection, objects, known),
        _clauses(connection, objects, known),
        _reports(connection, objects, known),
        _findings(connection, objects, known),
        _transfers(connection, objects, known),
    ]
    lines = pl.concat([part.select(LINES.names()).cast(LINES) for part in parts])
    return lines.sort(OBJECT, "datum", "soort", "omschrijving", nulls_last=False)


def read_runs(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """The runs up to and including ``known`` whose data counted (schema ``RUNS``)."""
    query = (
        sa.select(*(runs.c[name] for name in RUNS if name != "klaar"), runs.c.klaar)
        .where(runs.c.run_id <= known, runs.c.status.in_(("gelukt", "ingetrokken")))
        .order_by(runs.c.run_id)
    )
    rows = connection.execute(query).mappings()
    return pl.DataFrame([dict(row) | {"klaar": clock.to_local(row["klaar"])} for row in rows], schema=RUNS)


def read_of_objects(
    connection: ReadConnection,
    table: sa.Table,
    objects: Sequence[str],
    columns: Sequence[str],
    *,
    known: int,
    key: str = OBJECT,
    provenance: Sequence[str] = _PROVENANCE,
    where: sa.ColumnElement[bool] | None = None,
) -> pl.DataFrame:
    """What is believed of these objects, with run, source file and source row (null where the table has none)."""
    few = len(objects) <= IN_QUERY
    conditions: list[sa.ColumnElement[bool]] = [table.c[key].in_(objects)] if few else []
    conditions += [] if where is None else [where]
    rows = read_versions(
        connection, table, (key, *columns, *provenance), known=known, where=sa.and_(sa.true(), *conditions)
    ).rename({key: OBJECT, "recorded_run_id": "run_id"})
    missing = [pl.lit(None, LINES[name]).alias(name) for name in ("source_file", "source_row") if name not in rows]
    rows = rows.with_columns(missing)
    return rows if few else rows.join(pl.DataFrame({OBJECT: objects}), on=OBJECT, how="semi")


def _voorkomens(connection: ReadConnection, objecttype: str, objects: Sequence[str], known: int) -> pl.DataFrame:
    """Each voorkomen that changed something that a reader sees."""
    table = OBJECT_TABLES[objecttype]
    counts = sa.and_(
        table.c.tijdstip_inactief.is_(None),
        table.c.tijdstip_inactief_lv.is_(None),
        table.c.tijdstip_niet_bag_lv.is_(None),
    )
    own = ("gebruiksdoelen", "oppervlakte") if objecttype == "verblijfsobject" else ()
    rows = read_of_objects(
        connection, table, objects, ("voorkomen", "status", *own, "valid_from"), known=known,
        key=f"{objecttype}_id", where=counts,
    ).sort(OBJECT, "voorkomen")  # fmt: skip
    texts = [pl.col("status")]
    if own:
        texts.append(pl.col("gebruiksdoelen").list.join(", "))
        texts.append(pl.format("{} m2", "oppervlakte"))
    rows = rows.with_columns(soort=pl.lit("BAG"), omschrijving=pl.concat_str(texts, separator="; ", ignore_nulls=True))
    changed = pl.col("omschrijving").ne_missing(pl.col("omschrijving").shift().over(OBJECT))
    return rows.filter(changed).with_columns(datum="valid_from", tot=pl.lit(None, pl.Date))


def _occupancy(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    """How many lived there, from each day on which that changed; the run is the one that told the change."""
    stays = read_of_objects(
        connection, registers.bewoning, objects, ("valid_from", "valid_until", "zekerheid"), known=known,
        provenance=("recorded_run_id",),
    )  # fmt: skip
    sure = pl.col("zekerheid") == "zeker"
    begins = stays.select(OBJECT, datum="valid_from", run_id="run_id", certain=sure.cast(pl.Int64), all=pl.lit(1))
    ends = stays.filter(pl.col("valid_until").is_not_null()).select(
        OBJECT, datum="valid_until", run_id="run_id", certain=-sure.cast(pl.Int64), all=pl.lit(-1)
    )
    days = pl.concat([begins, ends]).with_columns(pl.when(pl.col("datum") > date.min).then("datum").alias("datum"))
    counted = (
        days.group_by(OBJECT, "datum")
        .agg(pl.col("certain", "all").sum(), pl.col("run_id").max())
        .sort(OBJECT, "datum", nulls_last=False)
        .with_columns(pl.col("certain", "all").cum_sum().over(OBJECT))
    )
    pair = pl.struct("certain", "all")
    counted = counted.filter(pair.ne_missing(pair.shift().over(OBJECT)))
    noun = pl.when(pl.col("certain") == 1).then(pl.lit("bewoner")).otherwise(pl.lit("bewoners"))
    more = pl.col("all") - pl.col("certain")
    possible = pl.when(more > 0).then(pl.format(", en {} mogelijke", more)).otherwise(pl.lit(""))
    return counted.with_columns(
        tot=pl.lit(None, pl.Date),
        soort=pl.lit("bewoning"),
        omschrijving=pl.format("{} {}{}", "certain", noun, possible),
        source_file=pl.lit(None, pl.String),
        source_row=pl.lit(None, pl.Int64),
    )


def read_case_values(connection: ReadConnection, objects: Sequence[str], *, known: int) -> pl.DataFrame:
    """The WOZ values of these objects with the run and row of each; ``vernietigd`` says that one does not count."""
    columns = ("waardepeildatum", "ingangsdatum", "waarde", "beschikkingsstatussen")
    rows = read_of_objects(connection, registers.woz_waarden, objects, columns, known=known)
    return rows.with_columns(vernietigd=is_annulled())


def _values(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    rows = read_case_values(connection, objects, known=known)
    value = pl.when(pl.col("waarde").is_null()).then(pl.lit("niet vastgesteld")).otherwise(pl.format("€ {}", "waarde"))
    day = pl.col("waardepeildatum").dt.strftime("%d-%m-%Y")
    annulled = pl.when("vernietigd").then(pl.lit(" (vernietigd)")).otherwise(pl.lit(""))
    return rows.with_columns(
        datum=pl.coalesce("ingangsdatum", "waardepeildatum"),
        tot=pl.lit(None, pl.Date),
        soort=pl.lit("WOZ"),
        omschrijving=pl.format("{} op waardepeildatum {}{}", value, day, annulled),
    )


def _permits(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    columns = (
        "vergunning", "soort", "status", "grond", "aangevraagd_op", "besluit_op", "valid_from", "valid_until",
    )  # fmt: skip
    rows = read_of_objects(connection, registers.vergunningen, objects, columns, known=known)
    ground = pl.when(pl.col("grond").is_null()).then(pl.lit("")).otherwise(pl.format(", grond {}", "grond"))
    return rows.with_columns(
        datum=pl.coalesce("valid_from", "besluit_op", "aangevraagd_op"),
        tot=pl.col("valid_until"),
        omschrijving=pl.format("{} {}{} ({})", "soort", "status", ground, "vergunning"),
        soort=pl.lit("vergunning"),
    )


def _clauses(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    columns = ("beding", "soort", "akte", "maanden", "kettingbeding_tot")
    rows = read_of_objects(connection, registers.bedingen, objects, columns, known=known)
    term = (
        pl.when(pl.col("maanden").is_null())
        .then(pl.lit("zonder termijn"))
        .otherwise(pl.format("{} maanden", "maanden"))
    )
    return rows.with_columns(
        datum="akte",
        tot="kettingbeding_tot",
        omschrijving=pl.format("{}, {} ({})", "soort", term, "beding"),
        soort=pl.lit("beding"),
    )


def _reports(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    rows = read_of_objects(connection, registers.meldingen, objects, ("melding", "datum", "soort"), known=known)
    return rows.with_columns(
        tot=pl.lit(None, pl.Date),
        omschrijving=pl.format("{} ({})", "soort", "melding"),
        soort=pl.lit("melding"),
    )


def _findings(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    """Inspections and vaststellingen."""
    columns = ("inspectie", "datum", "resultaat", "aantal_personen", "huishoudens", "gemeten_oppervlakte")
    visits = read_of_objects(connection, registers.inspecties, objects, columns, known=known)
    found = [
        pl.col("resultaat").str.replace_all("_", " ", literal=True),
        pl.format("{} personen", "aantal_personen"),
        pl.format("{} huishoudens", "huishoudens"),
        pl.format("{} m2 gemeten", "gemeten_oppervlakte"),
    ]
    told = pl.concat_str(found, separator=", ", ignore_nulls=True)
    visits = visits.with_columns(
        tot=pl.lit(None, pl.Date), soort=pl.lit("inspectie"), omschrijving=pl.format("{} ({})", told, "inspectie")
    )
    told_by = ("feit", "waarde", "valid_from", "valid_until", "bewijs")
    facts = read_of_objects(connection, registers.vaststellingen, objects, told_by, known=known).with_columns(
        datum="valid_from",
        tot="valid_until",
        soort=pl.lit("vaststelling"),
        omschrijving=pl.format(
            "{}: {} (blijkt uit: {})", pl.col("feit").str.replace_all("_", " ", literal=True), "waarde", "bewijs"
        ),
    )
    return pl.concat([part.select(LINES.names()).cast(LINES) for part in (visits, facts)])


def _transfers(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    links = _parcels(connection, objects, known)
    columns = ("inschrijving", "aard", "koopsom", "koopsom_meer_objecten")
    parcels = links["kadastraal_object"].unique().to_list()
    rows = read_of_objects(
        connection, registers.overdrachten, parcels, columns, known=known, key="kadastraal_object"
    ).rename({OBJECT: "kadastraal_object"})  # fmt: skip
    first, _ = partial_days("inschrijving")
    price = pl.when(pl.col("koopsom").is_not_null() & ~pl.col("koopsom_meer_objecten").fill_null(value=False)).then(
        pl.format(", koopsom € {}", "koopsom")
    )
    return rows.join(links, on="kadastraal_object").with_columns(
        datum=first,
        tot=pl.lit(None, pl.Date),
        soort=pl.lit("eigendom"),
        omschrijving=pl.format(
            "{} ingeschreven {}{}",
            pl.col("aard").fill_null("overdracht"),
            pl.col("inschrijving").fill_null("op onbekende dag"),
            price.otherwise(pl.lit("")),
        ),
    )


def _parcels(connection: ReadConnection, objects: Sequence[str], known: int) -> pl.DataFrame:
    """The kadastrale objecten of the dwellings: adresseerbaar_object_id, kadastraal_object."""
    table = registers.kadastrale_adressen
    few = len(objects) <= IN_QUERY
    where = table.c[OBJECT].in_(objects) if few else table.c[OBJECT].is_not(None)
    rows = read_versions(connection, table, (OBJECT, "kadastraal_object"), known=known, where=where).unique()
    return rows if few else rows.join(pl.DataFrame({OBJECT: objects}), on=OBJECT, how="semi")
