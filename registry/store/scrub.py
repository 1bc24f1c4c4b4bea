"""Makes what was deleted unreadable in the files of the database too."""

from registry.store.engine import Store


def scrub(store: Store) -> None:
    """Rewrite the file of a SQLite database without its free pages, and empty its journal.

    PostgreSQL reuses the space of deleted rows by itself (autovacuum); its files are guarded by the server.
    """
    if store.engine.url.get_backend_name() != "sqlite":
        return
    raw = store.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        raw.close()
