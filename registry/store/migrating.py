"""The schema of a database and that of this version: Alembic, whose scripts travel inside the package."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from registry.errors import StoreError


def revision(engine: sa.Engine) -> str | None:
    """The schema that a database has; null is none at all."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """The schema of this version."""
    return script().get_current_head()


def refuse_newer(found: str | None) -> None:
    """Refuse a schema that this version does not know.

    Raises:
        StoreError: it was made by a later version.
    """
    known = {one.revision for one in script().walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"De database (schema {found}) is nieuwer dan deze versie van Woonregister; teruggaan kan niet. "
            "Installeer de nieuwere versie, of herstel een reservekopie."
        )


def upgrade(connection: sa.Connection) -> None:
    """Bring the schema to that of this version, within the open transaction."""
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def config() -> Config:
    """Where the scripts are: in the package, or in the checkout."""
    inside = Path(__file__).parent / "migrations"
    settings = Config()
    location = inside if inside.is_dir() else Path(__file__).parents[2] / "alembic"
    settings.set_main_option("script_location", str(location).replace("%", "%%"))
    return settings


def script() -> ScriptDirectory:
    """The scripts, in their order."""
    return ScriptDirectory.from_config(config())
