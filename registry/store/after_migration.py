"""What belongs to the schema but not to one migration: the rights of roles, and what PostGIS adds. PostgreSQL only.

Both follow from the code of today and from what the server has, so they are set again after every migration and every
restore.
"""

import sqlalchemy as sa

from registry.store.database_roles import apply_rights
from registry.store.engine import ReadConnection, WriteConnection
from registry.store.kaart import add_geometry


def settle(connection: sa.Connection) -> None:
    """Set rights and geometry columns on the schema of this version; does nothing on SQLite or an older schema."""
    if connection.engine.url.get_backend_name() != "postgresql":
        return
    if connection.execute(sa.text("SELECT to_regnamespace('kaart')")).scalar() is None:
        return
    owner = WriteConnection(ReadConnection(connection))
    add_geometry(owner)
    apply_rights(owner)
