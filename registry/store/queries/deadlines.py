"""What terms run from: requests for a permit, papers and decisions of open cases, and amounts that became due."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.history import known_at
from registry.store.tables.cases import besluiten, stukken, verbeurten, zaak_gebeurtenissen, zaken
from registry.store.tables.registers import vergunningen

Row = dict[str, Any]


def read_pending_requests(connection: ReadConnection, *, known: int) -> list[Row]:
    """Requests for a permit without a decision: vergunning, adresseerbaar_object_id, aangevraagd_op, verlengd_op."""
    wanted = ("vergunning", "adresseerbaar_object_id", "soort", "aangevraagd_op", "verlengd_op")
    query = sa.select(*(vergunningen.c[name] for name in wanted)).where(
        known_at(vergunningen, known),
        vergunningen.c.status == "aangevraagd",
        vergunningen.c.besluit_op.is_(None),
        vergunningen.c.aangevraagd_op.is_not(None),
    )
    return _rows(connection, query.order_by(vergunningen.c.vergunning))


def read_open_papers(connection: ReadConnection) -> list[Row]:
    """The papers of open cases that stand: zaak, adresseerbaar_object_id, stuk_id, soort, datum, besluit_id."""
    query = (
        sa.select(
            zaken.c.zaak, zaken.c.adresseerbaar_object_id, stukken.c.stuk_id, stukken.c.soort, stukken.c.datum,
            stukken.c.besluit_id, stukken.c.richting,
        )
        .join(zaken, zaken.c.zaak_id == stukken.c.zaak_id)
        .where(_stands(stukken.c.stuk_id), ~_closed())
        .order_by(stukken.c.datum, stukken.c.stuk_id)
    )  # fmt: skip
    return _rows(connection, query)


def read_collection_papers(connection: ReadConnection) -> list[Row]:
    """The papers that stand of every case in which something became due, closed or not: zaak, soort, richting, datum.

    With ``besluit_nummer`` and ``besluit_soort`` of the decision that each is about.
    """
    of_order = sa.select(besluiten.c.zaak_id).join(verbeurten, verbeurten.c.besluit_id == besluiten.c.besluit_id)
    query = (
        sa.select(
            zaken.c.zaak, stukken.c.soort, stukken.c.richting, stukken.c.datum,
            besluiten.c.nummer.label("besluit_nummer"), besluiten.c.soort.label("besluit_soort"),
        )
        .join(zaken, zaken.c.zaak_id == stukken.c.zaak_id)
        .outerjoin(besluiten, besluiten.c.besluit_id == stukken.c.besluit_id)
        .where(_stands(stukken.c.stuk_id), stukken.c.zaak_id.in_(of_order))
        .order_by(stukken.c.datum, stukken.c.stuk_id)
    )  # fmt: skip
    return _rows(connection, query)


def read_open_decisions(connection: ReadConnection) -> list[Row]:
    """The latest version of each decision of open cases that stands, with the reference and dwelling of its case."""
    newer = besluiten.alias("newer")
    replaced = sa.exists().where(
        newer.c.zaak_id == besluiten.c.zaak_id,
        newer.c.nummer == besluiten.c.nummer,
        newer.c.versie > besluiten.c.versie,
    )
    query = (
        sa.select(
            zaken.c.zaak,
            sa.func.coalesce(besluiten.c.adresseerbaar_object_id, zaken.c.adresseerbaar_object_id).label(
                "adresseerbaar_object_id"
            ),
            *(besluiten.c[name] for name in ("besluit_id", "nummer", "versie", "soort", "datum", "bekendgemaakt_op")),
            besluiten.c.begunstiging_tot,
        )
        .join(zaken, zaken.c.zaak_id == besluiten.c.zaak_id)
        .where(_stands(besluiten.c.besluit_id), ~_closed(), ~replaced)
        .order_by(zaken.c.zaak, besluiten.c.nummer)
    )
    return _rows(connection, query)


def read_forfeits(connection: ReadConnection, *, since: date) -> list[Row]:
    """The amounts that became due since a day, also of closed cases, with the decision that they rest on."""
    query = (
        sa.select(
            zaken.c.zaak, zaken.c.adresseerbaar_object_id, verbeurten.c.verbeurte_id, verbeurten.c.verbeurd_op,
            verbeurten.c.bedrag, verbeurten.c.besluit_id, besluiten.c.nummer,
        )
        .join(besluiten, besluiten.c.besluit_id == verbeurten.c.besluit_id)
        .join(zaken, zaken.c.zaak_id == besluiten.c.zaak_id)
        .where(_stands(verbeurten.c.verbeurte_id), verbeurten.c.verbeurd_op >= since)
        .order_by(verbeurten.c.verbeurd_op, verbeurten.c.verbeurte_id)
    )  # fmt: skip
    return _rows(connection, query)


def _stands(key: sa.Column[Any]) -> sa.ColumnElement[bool]:
    events = zaak_gebeurtenissen
    return ~sa.exists().where(events.c[key.name] == key, events.c.soort == "teruggenomen")


def _closed() -> sa.ColumnElement[bool]:
    """Whether the latest closing or reopening of a case was a closing."""
    events = zaak_gebeurtenissen
    latest = (
        sa.select(events.c.soort)
        .where(events.c.zaak_id == zaken.c.zaak_id, events.c.soort.in_(("gesloten", "heropend")))
        .order_by(events.c.gebeurtenis_id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(latest, "heropend") == "gesloten"


def _rows(connection: ReadConnection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
