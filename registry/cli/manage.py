"""``migrate``: the database of this version."""

from contextlib import closing

from registry.cli.shared import DatabaseUrl, remark
from registry.settings import Settings
from registry.store import engine
from registry.store.kaart import PostGIS, postgis_state


def migrate(*, database_url: DatabaseUrl = None) -> None:
    """De database opzetten of bijwerken naar deze versie."""
    url = database_url or Settings().database_url
    engine.migrate(url)
    remark("De database is bijgewerkt.")
    with closing(engine.open_store(url)) as store, store.read() as connection:
        state = postgis_state(connection)
    if state not in (PostGIS.GEEN_POSTGRESQL, PostGIS.AAN):
        remark(f"{state.value}: alles werkt, maar QGIS kan niets tekenen. Aanzetten: woonregister database postgis.")
