"""What is due of outcomes, of rows that were set aside, of what registers delivered, and of the access log."""

from datetime import date

import sqlalchemy as sa

from registry.store.engine import ReadConnection
from registry.store.queries.retention_rows import Doomed, moment_of
from registry.store.tables import metadata
from registry.store.tables.privacy import toegang_betrokkenen, toegangen
from registry.store.tables.registers import (
    bewoning,
    geleverde_bewoners,
    meldingen,
    persoonslijsten,
    relaties,
    verblijven,
)
from registry.store.tables.rights import beperkingen
from registry.store.tables.runs import run_issues, runs
from registry.store.tables.signals import evaluaties, signalen

ISSUE_CONTENT = ("original", "row", "kandidaten", "adresvorm", "persoonslijst", "adresseerbaar_object_id")
_AFTER_ALL = 2**62  # later than any row
_KEPT_WITH = ("beoordelingen", "zaak_signalen", "besluiten", "zaak_overdrachten", "worklist_rows", "bezoekredenen")
"""Tables that name a receipt: an outcome that stands in one of them was followed up, and is kept with that."""


def due_signals(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """Outcomes that nobody did anything with."""
    old = sa.select(evaluaties.c.evaluatie_id).where(evaluaties.c.peildatum < voor)
    named = [metadata.tables[name].c.bewijs for name in _KEPT_WITH]
    unused = [~sa.exists().where(column == signalen.c.bewijs) for column in named]
    return [Doomed(signalen, (sa.and_(signalen.c.evaluatie_id.in_(old), *unused),))]


def due_issues(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """The content of rows that were set aside: what was wrong stays, whose it was goes."""
    old = sa.select(runs.c.run_id).where(runs.c.gestart < moment_of(voor))
    filled = sa.or_(*(run_issues.c[name].is_not(None) for name in ISSUE_CONTENT))
    return [Doomed(run_issues, (sa.and_(run_issues.c.run_id.in_(old), filled),))]


def due_meldingen(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """Reports of citizens of before the day."""
    return [Doomed(meldingen, (meldingen.c.datum < voor,))]


def due_residents(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """Everything of the BRP about persons who left every dwelling here before the day, with the versions of then.

    A person with a registration that still runs, or of unknown end, is not touched; nor is one whose data may only be
    kept (AVG art. 18): he may need them himself.
    """
    restricted = sa.exists().where(
        beperkingen.c.soort == "persoonslijst",
        beperkingen.c.pseudoniem == bewoning.c.persoonslijst,
        beperkingen.c.superseded_run_id.is_(None),
    )
    last = (
        sa.select(bewoning.c.persoonslijst)
        .where(~restricted)
        .group_by(bewoning.c.persoonslijst)
        .having(sa.func.max(sa.func.coalesce(bewoning.c.valid_until, date.max)) < voor)
    )
    hashes = sa.select(persoonslijsten.c.bsn_hash).where(persoonslijsten.c.persoonslijst.in_(last))
    decided = sa.and_(beperkingen.c.soort == "persoonslijst", beperkingen.c.pseudoniem.in_(last))
    # A table that finds its rows by another one goes first.
    return [
        Doomed(beperkingen, (decided,)),
        Doomed(geleverde_bewoners, (geleverde_bewoners.c.bewoner.in_(hashes),)),
        *(
            Doomed(table, (table.c.persoonslijst.in_(last),))
            for table in (relaties, verblijven, persoonslijsten, bewoning)
        ),
    ]


def due_log(_connection: ReadConnection, voor: date) -> list[Doomed]:
    """The oldest part of the access log."""
    # Numbers and moments rise together, but a clock may have jumped. What goes is one unbroken beginning of old rows:
    # a row with a moment of long ago between new ones is no reason to destroy what came before it.
    young = toegangen.c.tijdstip >= moment_of(voor)
    first = sa.select(sa.func.coalesce(sa.func.min(toegangen.c.volgnummer), _AFTER_ALL)).where(young).scalar_subquery()
    return [Doomed(table, (table.c.volgnummer < first,)) for table in (toegang_betrokkenen, toegangen)]
