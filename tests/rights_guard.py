"""While tests run: the registry changes and removes only what ``store.database_roles`` lets the application do.

Tests mostly work as the owner of a database, or on SQLite, where everything is allowed. A new UPDATE or DELETE would
then be found by a municipality that runs with separate roles. So every statement that the registry itself sends is
compared with the table of rights, whatever the database is.
"""

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import sqlalchemy as sa

REGISTRY = str(Path(__file__).resolve().parent.parent / "registry")


class NoRightError(AssertionError):
    """The registry did what its database role may not do."""


def watch() -> None:
    """Look at every statement from now on."""
    sa.event.listen(sa.Engine, "before_execute", check)


def check(_connection: object, statement: object, *_rest: object) -> None:
    """Refuse a change that is not in the table of rights."""
    if isinstance(statement, sa.Update | sa.Delete):
        for problem in problems(statement):
            if called_by_registry():
                raise NoRightError(problem)


def problems(statement: sa.Update | sa.Delete) -> Iterator[str]:
    """What of a statement the application may not do."""
    table = statement.table
    given = rights().get(getattr(table, "name", ""))
    if given is None or not isinstance(table, sa.Table) or table.info.get("temporary") or table.schema:
        return
    changes, removes = given
    where = "registry/store/database_roles.py"
    if isinstance(statement, sa.Delete):
        if not removes:
            yield f"DELETE from {table.name}: name it in DESTROYED of {where}, or do not remove rows"
        return
    written = {getattr(column, "name", column) for column in statement._values or {}}
    for name in sorted(written - changes):
        yield f"UPDATE of {table.name}.{name}: name it in CHANGED of {where}, or add a row instead"


@cache
def rights() -> dict[str, tuple[frozenset[str], bool]]:
    """Per table the columns that may be changed, and whether rows may be removed."""
    from registry.store.database_roles import DatabaseRole, table_rights  # noqa: PLC0415 (tests without a database)

    # Who destroys may do most.
    return {one.table: (frozenset(one.changes), one.removes) for one in table_rights(DatabaseRole.VERNIETIGING)}


def called_by_registry() -> bool:
    """Whether the statement comes from the registry and not from a test that damages something on purpose."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if "sqlalchemy" not in name and name != __file__:
            return name.startswith(REGISTRY)
        frame = frame.f_back
    return False
