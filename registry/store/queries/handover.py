"""Which signals were handed over to a case system."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from registry.store.engine import ReadConnection, WriteConnection
from registry.store.tables.handover import zaak_overdrachten


@dataclass(frozen=True, slots=True)
class ZaakOverdracht:
    """A signal that is a case in another system: who handed it over, and where the case is."""

    bewijs: str
    adresseerbaar_object_id: str
    identificatie: str
    zaaksysteem: str
    zaak_url: str
    auteur: str
    tijdstip: datetime


def find_overdracht(connection: ReadConnection, *, zaaksysteem: str, identificatie: str) -> ZaakOverdracht | None:
    """The hand-over under this reference, if it was done."""
    columns = zaak_overdrachten.c
    query = sa.select(*(columns[name] for name in ZaakOverdracht.__dataclass_fields__)).where(
        columns.zaaksysteem == zaaksysteem, columns.identificatie == identificatie
    )
    row = connection.execute(query).first()
    return None if row is None else ZaakOverdracht(*row)


def overdracht_of(connection: ReadConnection, bewijs: str) -> ZaakOverdracht | None:
    """The latest hand-over of the signal with this receipt, to whatever case system."""
    columns = zaak_overdrachten.c
    query = sa.select(*(columns[name] for name in ZaakOverdracht.__dataclass_fields__))
    row = connection.execute(
        query.where(columns.bewijs == bewijs).order_by(columns.zaak_overdracht_id.desc()).limit(1)
    ).first()
    return None if row is None else ZaakOverdracht(*row)


def read_overdrachten(connection: ReadConnection, object_id: str | None = None) -> list[ZaakOverdracht]:
    """Every hand-over, of one object or of all, earliest first."""
    columns = zaak_overdrachten.c
    query = sa.select(*(columns[name] for name in ZaakOverdracht.__dataclass_fields__))
    if object_id is not None:
        query = query.where(columns.adresseerbaar_object_id == object_id)
    return [ZaakOverdracht(*row) for row in connection.execute(query.order_by(columns.zaak_overdracht_id))]


def insert_overdracht(connection: WriteConnection, overdracht: ZaakOverdracht) -> None:
    """Keep a hand-over."""
    connection.execute(zaak_overdrachten.insert().values(**asdict(overdracht)))
