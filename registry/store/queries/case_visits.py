"""The inspections of dwellings, their photos, and what people judged of the signals."""

from collections.abc import Sequence

import polars as pl
import sqlalchemy as sa

from registry import clock
from registry.store.engine import ReadConnection
from registry.store.history import known_at
from registry.store.queries.case_facts import IN_QUERY, OBJECT, read_of_objects
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.tables import visits as visits_tables

ASSESSMENTS = pl.Schema(
    {
        OBJECT: pl.String(),
        "regel": pl.String(),
        "bewijs": pl.String(),
        "versie": pl.Int64(),
        "oordeel": pl.String(),
        "toelichting": pl.String(),
        "auteur": pl.String(),
        "beoordeeld_op": pl.Datetime("us"),  # Dutch local time
    }
)
_NOT_OF_VISIT = (
    "id", OBJECT, "source_area", "gone_since_run_id", "recorded_run_id", "superseded_run_id", "source_file",
    "source_row",
)  # fmt: skip


def read_case_visits(connection: ReadConnection, objects: Sequence[str], *, known: int) -> pl.DataFrame:
    """The inspections of these objects with everything that was written down, latest first, and their run."""
    wanted = [name for name in registers.inspecties.c.keys() if name not in _NOT_OF_VISIT]  # noqa: SIM118 (columns)
    rows = read_of_objects(connection, registers.inspecties, objects, wanted, known=known)
    return rows.sort("datum", "inspectie", descending=True)


def read_case_photos(connection: ReadConnection, visits: Sequence[str], *, known: int) -> pl.DataFrame:
    """The photos of these visits, without content: inspectie, sha256, media_type, omschrijving, gemaakt_op."""
    table = visits_tables.fotos
    columns = ("inspectie", "sha256", "media_type", "omschrijving", "gemaakt_op")
    few = len(visits) <= IN_QUERY
    rows = read_versions(connection, table, columns, known=known, where=table.c.inspectie.in_(visits) if few else None)
    kept = rows if few else rows.join(pl.DataFrame({"inspectie": visits}), on="inspectie", how="semi")
    return kept.sort("inspectie", "sha256")


def read_photo(connection: ReadConnection, sha256: str, *, known: int) -> bytes | None:
    """The content of a photo."""
    table = visits_tables.fotos
    query = sa.select(table.c.inhoud).where(table.c.sha256 == sha256, known_at(table, known)).limit(1)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def read_case_assessments(connection: ReadConnection, objects: Sequence[str]) -> pl.DataFrame:
    """What people judged of the signals of these objects, earliest first.

    Returns:
        adresseerbaar_object_id, regel, bewijs, versie, oordeel, toelichting, auteur, beoordeeld_op (Dutch local time).
    """
    table = visits_tables.beoordelingen
    names = (OBJECT, "regel", "bewijs", "versie", "oordeel", "toelichting", "auteur", "beoordeeld_op")
    query = sa.select(*(table.c[name] for name in names)).order_by(table.c.beoordeling_id)
    if len(objects) <= IN_QUERY:
        query = query.where(table.c[OBJECT].in_(objects))
    rows = [dict(row) for row in connection.execute(query).mappings()]
    for row in rows:
        row["beoordeeld_op"] = clock.to_local(row["beoordeeld_op"])
    wanted = set(objects)
    return pl.DataFrame([row for row in rows if row[OBJECT] in wanted], schema=ASSESSMENTS)
