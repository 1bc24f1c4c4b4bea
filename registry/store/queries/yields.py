"""Which cases visits were made for: one row per visit and case, with what a list said of it."""

import json

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.queries.versions import read_versions
from registry.store.queries.visits import read_reasons
from registry.store.tables.registers import inspecties
from registry.store.tables.signals import evaluaties, signalen
from registry.store.tables.visits import bezoekredenen
from registry.store.tables.worklists import worklist_rows

VISITED = pl.Schema(
    {
        "regel": pl.String(),
        "regel_versie": pl.Int64(),
        "zaak_id": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "inspectie": pl.String(),
        "datum": pl.Date(),
        "resultaat": pl.String(),
        "is_control": pl.Boolean(),
    }
)
_CASE = {"bewijs": pl.String(), "regel": pl.String(), "regel_versie": pl.Int64(), "zaak_id": pl.String()}


def read_visited_cases(connection: ReadConnection, *, known: int) -> pl.DataFrame:
    """Every visit that was made for a case (schema ``VISITED``)."""
    visits = read_versions(
        connection, inspecties, ("inspectie", "adresseerbaar_object_id", "datum", "resultaat"), known=known
    )
    reasons = read_reasons(connection, known=known)
    listed = _listed(connection)
    cases = pl.concat([_judged(connection), listed.select(list(_CASE))]).unique("bewijs", keep="first")
    drawn = listed.select("bewijs", "lijst", "is_control").unique(["bewijs", "lijst"])
    return (
        visits.join(reasons, on="inspectie")
        .join(cases, on="bewijs")
        .join(drawn, on=["bewijs", "lijst"], how="left")
        .with_columns(pl.col("is_control").fill_null(value=False))
        .select(VISITED.names())
        .unique()
        .sort("regel", "adresseerbaar_object_id", "zaak_id", "datum", "inspectie")
    )


def _judged(connection: ReadConnection) -> pl.DataFrame:
    """The case of each receipt that an evaluation kept and a visit names."""
    named = sa.select(bezoekredenen.c.bewijs).distinct()
    zaak_id = sa.func.coalesce(signalen.c.overdracht_id, signalen.c.beding_id, "")
    query = (
        sa.select(signalen.c.bewijs, evaluaties.c.regel, evaluaties.c.regel_versie, zaak_id)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(signalen.c.bewijs.in_(named))
        .distinct()
    )
    return read_frame(connection, query, _CASE)


def _listed(connection: ReadConnection) -> pl.DataFrame:
    """The case of each receipt on a list, and whether it was drawn by lot."""
    query = sa.select(
        worklist_rows.c.bewijs,
        worklist_rows.c.regel,
        worklist_rows.c.receipt,
        worklist_rows.c.zaak_id,
        worklist_rows.c.worklist_id,
        worklist_rows.c.is_control,
    )
    rows = [
        {
            "bewijs": row.bewijs,
            "regel": row.regel,
            "regel_versie": json.loads(row.receipt)["regel_versie"],
            "zaak_id": row.zaak_id,
            "lijst": row.worklist_id,
            "is_control": row.is_control,
        }
        for row in connection.execute(query)
    ]
    return pl.DataFrame(rows, schema=_CASE | {"lijst": pl.Int64(), "is_control": pl.Boolean()})
