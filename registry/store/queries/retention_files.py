"""What is due of what people made: cases, visits and photos, lists, assessments, hand-overs, accounts and tasks.

Something that a case rests on stays as long as that case: its visits with their photos, its assessments and its rows
on lists. It becomes due by itself when the case is gone.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.retention_rows import Doomed, by_keys, moment_of
from registry.store.tables import accounts as tables_of_accounts
from registry.store.tables.accounts import account_events, account_sessions, account_tokens, accounts, sign_in_attempts
from registry.store.tables.cases import (
    besluiten,
    stuk_inhouden,
    stukken,
    verbeurten,
    zaak_gebeurtenissen,
    zaak_signalen,
    zaken,
)
from registry.store.tables.handover import zaak_overdrachten
from registry.store.tables.registers import inspecties
from registry.store.tables.tasks import taken
from registry.store.tables.visits import (
    beoordelingen,
    bezoekredenen,
    doorverwijzing_gebeurtenissen,
    doorverwijzingen,
    fotos,
)
from registry.store.tables.worklists import worklist_checks, worklist_orders, worklist_rows, worklists

_SANCTIONS = ("last onder dwangsom", "bestuurlijke boete", "invordering")
_OF_THE_CASE = ("gereed gemeld", "gesloten", "heropend")
_ENDED = ("klaar", "mislukt")


def due_decided_cases(connection: ReadConnection, voor: date) -> list[Doomed]:
    """Cases with a fine, an order or a collection that were closed before the day, with all that is in them."""
    return _cases(connection, voor, sanctioned=True)


def due_undecided_cases(connection: ReadConnection, voor: date) -> list[Doomed]:
    """The other cases that were closed before the day, with all that is in them."""
    return _cases(connection, voor, sanctioned=False)


def _cases(connection: ReadConnection, voor: date, *, sanctioned: bool) -> list[Doomed]:
    events, later = zaak_gebeurtenissen, zaak_gebeurtenissen.alias("later")
    newer = sa.exists().where(
        later.c.zaak_id == events.c.zaak_id,
        later.c.soort.in_(_OF_THE_CASE),
        later.c.gebeurtenis_id > events.c.gebeurtenis_id,
    )
    closed = sa.exists().where(
        events.c.zaak_id == zaken.c.zaak_id, events.c.soort == "gesloten", events.c.tijdstip < moment_of(voor), ~newer
    )
    punished = sa.exists().where(besluiten.c.zaak_id == zaken.c.zaak_id, besluiten.c.soort.in_(_SANCTIONS))
    numbers = _keys(connection, sa.select(zaken.c.zaak_id).where(closed, punished if sanctioned else ~punished))
    decided = _of(connection, besluiten.c.besluit_id, besluiten.c.zaak_id, numbers)
    return [
        by_keys(zaak_gebeurtenissen.c.zaak_id, numbers),
        by_keys(verbeurten.c.besluit_id, decided),
        by_keys(stukken.c.zaak_id, numbers),
        by_keys(besluiten.c.zaak_id, numbers),
        by_keys(zaak_signalen.c.zaak_id, numbers),
        by_keys(zaken.c.zaak_id, numbers),
        by_keys(stuk_inhouden.c.sha256, _contents_of(connection, set(numbers))),
    ]


def _contents_of(connection: ReadConnection, numbers: set[int]) -> list[str]:
    """The contents that only papers of these cases have: another case may hold the very same paper."""
    if not numbers:
        return []
    users: dict[str, set[int]] = {}
    for sha256, zaak_id in connection.execute(sa.select(stukken.c.sha256, stukken.c.zaak_id)):
        users.setdefault(sha256, set()).add(zaak_id)
    return [sha256 for sha256, of in users.items() if of <= numbers]


def due_visits(connection: ReadConnection, voor: date) -> list[Doomed]:
    """Visits of before the day that no case rests on: report, reasons and photos, with every version."""
    visits = _visits(connection, voor)
    return [by_keys(table.c.inspectie, visits) for table in (bezoekredenen, fotos, inspecties)]


def due_photos(connection: ReadConnection, voor: date) -> list[Doomed]:
    """The photos of visits of before the day that no case rests on."""
    return [by_keys(fotos.c.inspectie, _visits(connection, voor))]


def _visits(connection: ReadConnection, voor: date) -> list[str]:
    named = [
        sa.exists().where(column == inspecties.c.inspectie)
        for column in (stukken.c.inspectie, verbeurten.c.inspectie, beoordelingen.c.inspectie)
    ]
    held = sa.select(inspecties.c.inspectie).where(sa.or_(_in_a_case(inspecties.c.adresseerbaar_object_id), *named))
    query = (
        sa.select(inspecties.c.inspectie)
        .where(inspecties.c.inspectie.not_in(held))
        .group_by(inspecties.c.inspectie)
        .having(sa.func.max(inspecties.c.datum) < voor)
    )
    return _keys(connection, query)


def _in_a_case(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whether a dwelling is what a case is about."""
    return sa.or_(*(sa.exists().where(table.c.adresseerbaar_object_id == column) for table in (zaken, zaak_signalen)))


def due_worklists(connection: ReadConnection, voor: date) -> list[Doomed]:
    """Rows of lists of before the day with their receipts, but for what was followed up; and lists without rows."""
    rows = worklist_rows
    followed = [
        sa.exists().where(table.c.bewijs == rows.c.bewijs)
        for table in (zaak_signalen, besluiten, beoordelingen, bezoekredenen, zaak_overdrachten)
    ]
    held = sa.or_(*followed, _in_a_case(rows.c.adresseerbaar_object_id))
    numbers = _keys(connection, sa.select(rows.c.worklist_row_id).where(rows.c.datum < voor, ~held))
    standing = sa.exists().where(rows.c.worklist_id == worklists.c.worklist_id, held)
    lists = _keys(connection, sa.select(worklists.c.worklist_id).where(worklists.c.datum < voor, ~standing))
    return [
        by_keys(worklist_checks.c.worklist_row_id, numbers),
        by_keys(rows.c.worklist_row_id, numbers),
        by_keys(worklist_orders.c.worklist_id, lists),
        by_keys(worklists.c.worklist_id, lists),
    ]


def due_assessments(connection: ReadConnection, voor: date) -> list[Doomed]:
    """Whole series of assessments whose last one is of before the day, and hand-overs to a case system of then."""
    case = (beoordelingen.c.regel, beoordelingen.c.zaak_id, beoordelingen.c.adresseerbaar_object_id)
    other = beoordelingen.alias("other")
    newer = sa.exists().where(
        *(other.c[column.name] == column for column in case), other.c.beoordeeld_op >= moment_of(voor)
    )
    query = sa.select(beoordelingen.c.beoordeling_id).where(
        ~newer, ~_in_a_case(beoordelingen.c.adresseerbaar_object_id)
    )
    handed = sa.select(zaak_overdrachten.c.zaak_overdracht_id).where(
        zaak_overdrachten.c.tijdstip < moment_of(voor), ~_in_a_case(zaak_overdrachten.c.adresseerbaar_object_id)
    )
    return [
        by_keys(beoordelingen.c.beoordeling_id, _keys(connection, query)),
        by_keys(zaak_overdrachten.c.zaak_overdracht_id, _keys(connection, handed)),
    ]


def due_referrals(connection: ReadConnection, voor: date) -> list[Doomed]:
    """Hand-overs of care to which nothing happened since before the day."""
    events = doorverwijzing_gebeurtenissen
    later = sa.exists().where(
        events.c.doorverwijzing_id == doorverwijzingen.c.doorverwijzing_id, events.c.gebeurd_op >= moment_of(voor)
    )
    query = sa.select(doorverwijzingen.c.doorverwijzing_id).where(
        doorverwijzingen.c.vastgelegd_op < moment_of(voor), ~later
    )
    numbers = _keys(connection, query)
    return [by_keys(table.c.doorverwijzing_id, numbers) for table in (events, doorverwijzingen)]


def due_accounts(connection: ReadConnection, voor: date) -> list[Doomed]:
    """Accounts that were closed and to which nothing happened since before the day, with all that hangs on them."""
    moment = moment_of(voor)
    later = sa.exists().where(account_events.c.account_id == accounts.c.account_id, account_events.c.moment >= moment)
    query = sa.select(accounts.c.account_id).where(
        accounts.c.is_active.is_(False), accounts.c.created_at < moment, ~later
    )
    numbers = _keys(connection, query)
    hanging = [table for table in vars(tables_of_accounts).values() if isinstance(table, sa.Table)]
    own = [table for table in hanging if "account_id" in table.c and table is not accounts]
    return [*(by_keys(table.c.account_id, numbers) for table in own), by_keys(accounts.c.account_id, numbers)]


def due_sign_ins(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """Sessions, invitations and attempts to sign in that were over before the day."""
    moment = moment_of(voor)
    ended = sa.func.coalesce(account_sessions.c.ended_at, account_sessions.c.expires_at)
    used = sa.func.coalesce(account_tokens.c.used_at, account_tokens.c.expires_at)
    return [
        Doomed(account_sessions, (ended < moment,)),
        Doomed(account_tokens, (used < moment,)),
        Doomed(sign_in_attempts, (sign_in_attempts.c.moment < moment,)),
    ]


def due_tasks(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """Tasks that ended before the day; their files went when they ended."""
    return [Doomed(taken, (sa.and_(taken.c.status.in_(_ENDED), taken.c.klaar_op < moment_of(voor)),))]


def _keys(connection: ReadConnection, query: sa.Select[Any]) -> list[Any]:
    return list(connection.execute(query).scalars())


def _of(connection: ReadConnection, wanted: sa.Column[Any], column: sa.Column[Any], keys: Iterable[Any]) -> list[Any]:
    """The values of one column in the rows with these keys."""
    doomed = by_keys(column, keys)
    return [found for where in doomed.conditions for found in _keys(connection, sa.select(wanted).where(where))]
