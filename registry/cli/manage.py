"""``migrate``: the database of this version."""

from registry.cli.shared import DatabaseUrl, remark
from registry.settings import Settings
from registry.store import engine


def migrate(*, database_url: DatabaseUrl = None) -> None:
    """De database opzetten of bijwerken naar deze versie."""
    engine.migrate(database_url or Settings().database_url)
    remark("De database is bijgewerkt.")
