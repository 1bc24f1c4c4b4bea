"""Runs the migrations on the connection that ``registry.store.engine.migrate`` hands over."""

from alembic import context

from registry.store.after_migration import settle
from registry.store.tables import metadata
from registry.store.types import TextList


def _render_type(kind: str, item: object, _context: object) -> str | bool:
    """A migration is a record of what the database got: it does not depend on the code of today."""
    return "sa.Text()" if kind == "type" and isinstance(item, TextList) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_render_type,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
    settle(connection)
