"""Evaluations and the outcomes that are kept."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection, insert_frame, read_frame, temporary_table
from registry.store.tables.base import ROW_ID
from registry.store.tables.signals import evaluaties, signalen, wetten
from registry.store.types import frame_type

_KEPT = [column.name for column in signalen.columns if column.name != "signaal_id"]
_STAGED = [name for name in _KEPT if name != "evaluatie_id"]


@dataclass(frozen=True, slots=True)
class EvaluationKey:
    """What makes two evaluations the same: the same rule, law, software, day and knowledge."""

    regel: str
    regel_versie: int
    peildatum: date
    known_run_id: int | None
    wet_hash: str
    software: str


def find_evaluation(connection: ReadConnection, key: EvaluationKey) -> int | None:
    """The number of an evaluation that was done before."""
    conditions = [evaluaties.c[name].is_not_distinct_from(value) for name, value in asdict(key).items()]
    return connection.execute(sa.select(evaluaties.c.evaluatie_id).where(*conditions)).scalar()


@dataclass(frozen=True, slots=True)
class StagedSignals:
    """Outcomes that wait in the database until their evaluation is complete: they need not fit in memory."""

    connection: WriteConnection
    table: sa.Table

    def add(self, kept: pl.DataFrame) -> None:
        """More outcomes (own columns of ``signalen``)."""
        insert_frame(self.connection, self.table, kept.select(_STAGED))

    def keep(self, number: int) -> None:
        """Keep them as the outcomes of an evaluation, in the order in which they came."""
        columns = [self.table.c[name] for name in _STAGED]
        rows = sa.select(sa.literal(number, sa.BigInteger()), *columns).order_by(self.table.c.staging_id)
        self.connection.execute(signalen.insert().from_select(["evaluatie_id", *_STAGED], rows))


def stage_signals(connection: WriteConnection, regel: str) -> StagedSignals:
    """A place for the outcomes of a rule that is judged part by part."""
    columns = [sa.Column(name, signalen.c[name].type) for name in _STAGED]
    number = sa.Column("staging_id", ROW_ID, primary_key=True)
    return StagedSignals(connection, temporary_table(connection, f"staging_{regel}", [number, *columns]))


def insert_evaluation(
    connection: WriteConnection,
    key: EvaluationKey,
    *,
    wetten: str,
    tellingen: str,
    gemaakt: datetime,
    kept: pl.DataFrame | StagedSignals,
) -> int:
    """Keep an evaluation: its laws and counts, and the outcomes that are stored (own columns of ``signalen``)."""
    new = evaluaties.insert().values(**asdict(key), wetten=wetten, tellingen=tellingen, gemaakt=gemaakt)
    number = int(connection.execute(new.returning(evaluaties.c.evaluatie_id)).scalar_one())
    if isinstance(kept, StagedSignals):
        kept.keep(number)
    else:
        insert_frame(connection, signalen, kept.with_columns(evaluatie_id=pl.lit(number, pl.Int64)).select(_KEPT))
    return number


def keep_law(connection: WriteConnection, wet_hash: str, inhoud: str) -> None:
    """Keep the law texts by their hash, so that an old receipt finds the law that it was judged by."""
    if connection.execute(sa.select(wetten.c.wet_hash).where(wetten.c.wet_hash == wet_hash)).first() is None:
        connection.execute(wetten.insert().values(wet_hash=wet_hash, inhoud=inhoud))


def read_law(connection: ReadConnection, wet_hash: str) -> str | None:
    """The law texts of a hash, as they were kept."""
    return connection.execute(sa.select(wetten.c.inhoud).where(wetten.c.wet_hash == wet_hash)).scalar()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation that was done."""

    evaluatie_id: int
    regel: str
    regel_versie: int
    peildatum: date
    known_run_id: int | None
    wet_hash: str
    wetten: str
    software: str
    tellingen: str
    gemaakt: datetime


def evaluations_of(
    connection: ReadConnection, regel: str, *, peildatum: date | None = None, limit: int | None = None
) -> list[Evaluation]:
    """The evaluations of a rule, latest first; of a peildatum if one is given."""
    query = _evaluation().where(evaluaties.c.regel == regel)
    if peildatum is not None:
        query = query.where(evaluaties.c.peildatum == peildatum)
    ordered = query.order_by(evaluaties.c.evaluatie_id.desc()).limit(limit)
    return [Evaluation(*row) for row in connection.execute(ordered)]


@dataclass(frozen=True, slots=True)
class Judged:
    """A kept outcome: the evaluation that gave it, the object, and the transfer or clause that it is about."""

    evaluation: Evaluation
    adresseerbaar_object_id: str
    case_id: str | None


def find_receipt(connection: ReadConnection, bewijs: str) -> list[Judged]:
    """Every kept outcome with this receipt, earliest first."""
    query = (
        _evaluation()
        .add_columns(
            signalen.c.adresseerbaar_object_id, sa.func.coalesce(signalen.c.overdracht_id, signalen.c.beding_id)
        )
        .join(signalen, signalen.c.evaluatie_id == evaluaties.c.evaluatie_id)
        .where(signalen.c.bewijs == bewijs)
        .order_by(evaluaties.c.evaluatie_id)
    )
    return [Judged(Evaluation(*row[:-2]), *row[-2:]) for row in connection.execute(query)]


def _evaluation() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*(evaluaties.c[name] for name in Evaluation.__dataclass_fields__))


def read_signals(connection: ReadConnection, evaluatie_id: int) -> pl.DataFrame:
    """The kept outcomes of an evaluation: the columns of ``signalen``, with regel, regel_versie and peildatum."""
    own = {name: frame_type(signalen.c[name]) for name in _KEPT}
    query = (
        sa.select(evaluaties.c.regel, evaluaties.c.regel_versie, evaluaties.c.peildatum, *(signalen.c[n] for n in own))
        .join(evaluaties, evaluaties.c.evaluatie_id == signalen.c.evaluatie_id)
        .where(signalen.c.evaluatie_id == evaluatie_id)
        .order_by(signalen.c.signaal_id)
    )
    head = {"regel": pl.String(), "regel_versie": pl.Int64(), "peildatum": pl.Date()}
    return read_frame(connection, query, head | own)
