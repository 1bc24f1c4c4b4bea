"""The signals of the last evaluation of each rule, filtered and page by page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.assessments import CASE, REVOKED, verdicts_of
from registry.store.queries.search import lying_in
from registry.store.tables.registers import gebieden as gebied_table
from registry.store.tables.signals import evaluaties, signalen
from registry.store.tables.visits import beoordelingen

PAGE = 25
ORDERS = {
    "urgentie": "urgentie, dan de grootste overschrijding",
    "nieuw": "nieuwste toestand eerst",
    "tot": "wat het eerst eindigt",
}
UNASSESSED, ASSESSED = "nog_niet", "beoordeeld"
_WEIGHT = {"hoog": 0, "midden": 1, "middel": 1, "laag": 2}


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody wants to see.

    Attributes:
        regel: only of this rule.
        uitkomst: signaal, juridisch_toetsen or onbekend.
        urgentie: only of this urgency.
        gebied: code of an area.
        beoordeling: ``UNASSESSED`` or ``ASSESSED``; None is both.
        orde: key of ``ORDERS``.
        pagina: from 1.
    """

    regel: str | None = None
    uitkomst: str | None = "signaal"
    urgentie: str | None = None
    gebied: str | None = None
    beoordeling: str | None = None
    orde: str = "urgentie"
    pagina: int = 1


@dataclass(frozen=True, slots=True)
class SignalPage:
    """One page: the rows, how many there are in all, and the number of pages (at least one)."""

    rows: list[dict[str, Any]]
    total: int
    pages: int


def list_signals(
    connection: ReadConnection, wanted: Filter, *, gebieden: Collection[str] | None, on: date
) -> SignalPage:
    """The signals that fit, as far as they lie in ``gebieden`` (None: everywhere)."""
    conditions = _conditions(connection, wanted, gebieden, on)
    counted = sa.select(sa.func.count()).select_from(signalen).where(*conditions)
    total = int(connection.execute(counted).scalar_one())
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.pagina), pages)
    columns = (
        "signaal_id", "adresseerbaar_object_id", "overdracht_id", "beding_id", "uitkomst", "urgentie", "toelichting",
        "onbekende_feiten", "periode_van", "tot", "bewijs",
    )  # fmt: skip
    query = (
        sa.select(*(signalen.c[name] for name in columns), evaluaties.c.regel, evaluaties.c.peildatum)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(*conditions)
        .order_by(*_order(wanted.orde), signalen.c.signaal_id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return SignalPage([dict(row) for row in connection.execute(query).mappings()], total, pages)


def count_signals(
    connection: ReadConnection, *, gebieden: Collection[str] | None, on: date
) -> dict[tuple[str, str], int]:
    """How many there are now per rule and outcome."""
    query = (
        sa.select(evaluaties.c.regel, signalen.c.uitkomst, sa.func.count())
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(*_conditions(connection, Filter(uitkomst=None), gebieden, on))
        .group_by(evaluaties.c.regel, signalen.c.uitkomst)
    )
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(query)}


def signals_of(connection: ReadConnection, object_id: str, *, until: datetime | None = None) -> list[dict[str, Any]]:
    """The outcomes of one dwelling in the last evaluation of each rule, optionally of those made before a moment."""
    columns = ("overdracht_id", "beding_id", "uitkomst", "urgentie", "toelichting", "bewijs", "tot")
    query = (
        sa.select(*(signalen.c[name] for name in columns), evaluaties.c.regel, evaluaties.c.peildatum)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(
            signalen.c.evaluatie_id.in_(latest_evaluations(until=until)),
            signalen.c.adresseerbaar_object_id == object_id,
        )
        .order_by(evaluaties.c.regel, signalen.c.signaal_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def with_verdicts(
    connection: ReadConnection, rows: Iterable[Mapping[str, Any]], *, until: datetime | None = None
) -> list[dict[str, Any]]:
    """Signals with the last assessment of their case under ``oordeel`` (``verdicts_of``), None where there is none.

    Args:
        connection: where to read.
        rows: signals: regel, overdracht_id, beding_id, adresseerbaar_object_id.
        until: only assessments that were made before this moment.
    """
    found = list(rows)
    verdicts = verdicts_of(connection, {row["adresseerbaar_object_id"] for row in found}, until=until)
    return [
        {
            **row,
            "oordeel": verdicts.get(
                (row["regel"], row["overdracht_id"] or row["beding_id"] or "", row["adresseerbaar_object_id"])
            ),
        }
        for row in found
    ]


def judged_signals_of(
    connection: ReadConnection, object_id: str, *, until: datetime | None = None
) -> list[dict[str, Any]]:
    """``signals_of`` with the last assessment of each, of the same time."""
    rows = [row | {"adresseerbaar_object_id": object_id} for row in signals_of(connection, object_id, until=until)]
    return with_verdicts(connection, rows, until=until)


def outcomes_by_dwelling(
    connection: ReadConnection, *, regel: str | None, gebieden: Collection[str] | None, on: date
) -> list[tuple[str, str]]:
    """Each outcome of each dwelling now, of one rule or of all: adresseerbaar_object_id, uitkomst."""
    query = (
        sa.select(signalen.c.adresseerbaar_object_id, signalen.c.uitkomst)
        .where(*_conditions(connection, Filter(regel=regel, uitkomst=None), gebieden, on))
        .distinct()
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def signal_objects(connection: ReadConnection) -> list[tuple[str, str]]:
    """Each dwelling with a signal in the last evaluation of a rule: adresseerbaar_object_id, regel."""
    query = (
        sa.select(signalen.c.adresseerbaar_object_id, evaluaties.c.regel)
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(*_conditions(connection, Filter(), None, date.min))
        .distinct()
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def list_gebieden(connection: ReadConnection, soort: str = "buurt") -> list[tuple[str, str]]:
    """The areas of a kind by name: code and name."""
    table = gebied_table
    query = (
        sa.select(table.c.gebied_code, table.c.naam)
        .where(table.c.superseded_run_id.is_(None), table.c.soort == soort)
        .distinct()
        .order_by(table.c.naam)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def latest_evaluations(regel: str | None = None, *, until: datetime | None = None) -> sa.Select[tuple[int]]:
    """The last evaluation of each rule, by the latest peildatum and then the latest number; of those made in time."""
    later = evaluaties.alias("later")
    is_later = sa.or_(
        later.c.peildatum > evaluaties.c.peildatum,
        sa.and_(later.c.peildatum == evaluaties.c.peildatum, later.c.evaluatie_id > evaluaties.c.evaluatie_id),
    )
    newer = sa.exists().where(later.c.regel == evaluaties.c.regel, is_later, _made(later, until))
    query = sa.select(evaluaties.c.evaluatie_id).where(~newer, _made(evaluaties, until))
    return query if regel is None else query.where(evaluaties.c.regel == regel)


def _made(table: sa.FromClause, until: datetime | None) -> sa.ColumnElement[bool]:
    return sa.true() if until is None else table.c.gemaakt < until


def _conditions(
    connection: ReadConnection, wanted: Filter, gebieden: Collection[str] | None, on: date
) -> list[sa.ColumnElement[bool]]:
    own: sa.ColumnElement[str] = signalen.c.adresseerbaar_object_id
    # Asked first: as a part of the question, PostgreSQL expects half of all evaluations and reads every signal ever.
    latest = connection.execute(latest_evaluations(wanted.regel)).scalars().all()
    conditions: list[sa.ColumnElement[bool]] = [signalen.c.evaluatie_id.in_(latest)]
    if wanted.uitkomst:
        conditions.append(signalen.c.uitkomst == wanted.uitkomst)
    if wanted.urgentie:
        conditions.append(signalen.c.urgentie == wanted.urgentie)
    if wanted.beoordeling:
        assessed = signalen.c.signaal_id.in_(_assessed(latest))
        conditions.append(assessed if wanted.beoordeling == ASSESSED else ~assessed)
    areas = ([wanted.gebied] if wanted.gebied else None, gebieden)
    return conditions + [lying_in(own, codes, on) for codes in areas if codes is not None]


def _assessed(evaluations: Collection[Any]) -> sa.Select[tuple[int]]:
    """The signals of these evaluations whose case was assessed, the last time not to take an assessment back.

    Begins at the assessments: there are fewer of those than of signals.
    """
    signaal, evaluatie = signalen.alias("beoordeeld_signaal"), evaluaties.alias("beoordeeld_in")
    later = beoordelingen.alias("later")
    newer = sa.exists().where(
        *(later.c[name] == beoordelingen.c[name] for name in CASE), later.c.versie > beoordelingen.c.versie
    )
    zaak_id = sa.func.coalesce(signaal.c.overdracht_id, signaal.c.beding_id, "")
    same_case = sa.and_(
        signaal.c.adresseerbaar_object_id == beoordelingen.c.adresseerbaar_object_id,
        zaak_id == beoordelingen.c.zaak_id,
    )
    return (
        sa.select(signaal.c.signaal_id)
        .select_from(beoordelingen)
        .join(signaal, same_case)
        .join(
            evaluatie,
            sa.and_(evaluatie.c.evaluatie_id == signaal.c.evaluatie_id, evaluatie.c.regel == beoordelingen.c.regel),
        )
        .where(signaal.c.evaluatie_id.in_(evaluations), beoordelingen.c.oordeel != REVOKED, ~newer)
    )


def _order(name: str) -> list[sa.ColumnElement[Any]]:
    if name == "tot":
        return [sa.nulls_last(signalen.c.tot.asc())]
    if name == "nieuw":
        return [sa.nulls_last(signalen.c.periode_van.desc())]
    weight = sa.case(_WEIGHT, value=signalen.c.urgentie, else_=len(_WEIGHT))
    return [weight, sa.nulls_last(signalen.c.overschrijding.desc())]
