"""Backup and restore of PostgreSQL: pg_dump reads the snapshot that is counted, pg_restore writes a script.

The script runs here, in one transaction, so that what came back is counted and hashed before it takes the place of
what was there: a damaged backup, or a kill, leaves the registry as it was.
"""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from registry.errors import StoreError
from registry.store.after_migration import settle
from registry.store.engine import ReadConnection, Store, WriteConnection
from registry.store.fingerprint import Fingerprint, read_fingerprints, refuse_difference
from registry.store.kaart import clear_layers
from registry.store.tables import metadata

_SPACE = 1024 * 1024
# Commands of psql, and the one setting that would let the restore wait for ever for somebody who reads.
_LEFT_OUT = (b"\\restrict ", b"\\unrestrict ", b"SET lock_timeout ")
_END_OF_ROWS = b"\\.\n"


def dump_postgresql(store: Store, path: Path) -> dict[str, Fingerprint]:
    """Let pg_dump see the very snapshot that is counted here.

    Raises:
        StoreError: pg_dump is not there, or failed.
    """
    program = find_program("pg_dump")
    with store.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        found = read_fingerprints(ReadConnection(connection))
        target = _target(store.engine.url, path.parent)
        # The tables and nothing else: what is in kaart follows from them, and extensions and rights are of the server.
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}"]
        options += [f"--table=public.{name}" for name in ("alembic_version", *metadata.tables)]
        done = subprocess.run(  # noqa: S603 - found on the path, and nothing goes through a shell
            [program, f"--dbname={target}", *options], capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise _failed(program, done.stderr, done.returncode)
    return found


def load_postgresql(store: Store, path: Path, expected: Mapping[str, Fingerprint]) -> None:
    """Replace what is there by the dump, and keep that only when it is what the backup says.

    Raises:
        StoreError: pg_restore is not there, the dump is damaged, or holds something else; nothing has changed then.
    """
    program = find_program("pg_restore")
    with store.write_transaction() as connection:
        with _script(program, path) as lines:
            _run_script(connection, lines)
        connection.exec_driver_sql("RESET search_path")  # the script empties it
        settle(connection)  # the tables are new ones, to which nobody has a right yet
        clear_layers(connection)  # of what was here before
        refuse_difference(read_fingerprints(connection), expected)


def find_program(name: str) -> str:
    """Where a program of PostgreSQL is.

    Raises:
        StoreError: it is not installed.
    """
    found = shutil.which(name)
    if found is None:
        raise StoreError(
            f"Het programma {name} is niet gevonden. Installeer de PostgreSQL-client (Debian: postgresql-client) op "
            "deze machine, of maak de reservekopie op de databaseserver."
        )
    return found


@contextmanager
def _script(program: str, path: Path) -> Iterator[Iterable[bytes]]:
    """The lines of the script that puts the dump back; an error when pg_restore could not write it to the end."""
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", "--file=-"]
    told = path.with_suffix(".meldingen")
    with (
        told.open("wb") as errors,
        subprocess.Popen([program, *options, str(path)], stdout=subprocess.PIPE, stderr=errors) as process,  # noqa: S603 (ours)
    ):
        try:
            yield process.stdout or ()
            code = process.wait()
        finally:
            process.kill()
    if code != 0:
        raise _failed(program, told.read_text(encoding="utf-8", errors="replace"), code)


def _run_script(connection: WriteConnection, lines: Iterable[bytes]) -> None:
    """Run it in the transaction that is open: statements in blocks, and the rows of a table by COPY."""
    rest = iter(lines)
    block: list[bytes] = []
    for line in rest:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            _run_block(connection, block)
            block = []
            _copy_rows(connection, line.decode(), rest)
        elif not line.startswith(_LEFT_OUT):
            block.append(line)
    _run_block(connection, block)


def _run_block(connection: WriteConnection, block: list[bytes]) -> None:
    text = b"".join(block).decode()
    # Without parameters the driver sends several statements at once, and a percent sign is one.
    connection.exec_driver_sql(text, execution_options={"no_parameters": True})


def _copy_rows(connection: WriteConnection, statement: str, lines: Iterator[bytes]) -> None:
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for part in _parts(lines):
                copy.write(part)
    except psycopg.Error as error:
        raise StoreError(f"De reservekopie is beschadigd; er is niets gewijzigd ({error.sqlstate}).") from error
    finally:
        cursor.close()


def _parts(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The rows up to the end of the table, in pieces that are worth sending."""
    part: list[bytes] = []
    size = 0
    for line in lines:
        if line == _END_OF_ROWS:
            break
        part.append(line)
        size += len(line)
        if size > _SPACE:
            yield b"".join(part)
            part, size = [], 0
    yield b"".join(part)


def _target(url: sa.URL, folder: Path) -> str:
    """The database for a program of PostgreSQL; a password goes by a file that only we can read."""
    parts = {"host": url.host or url.query.get("host"), "port": url.port, "user": url.username, "dbname": url.database}
    if url.password is not None:
        passfile = folder / "wachtwoord"
        passfile.touch(mode=0o600)
        escaped = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
        passfile.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
        parts["passfile"] = str(passfile)
    quoted = {name: str(value).replace("\\", "\\\\").replace("'", "\\'") for name, value in parts.items() if value}
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())


def _failed(program: str, told: str, code: int) -> StoreError:
    return StoreError(f"{Path(program).name} is mislukt: {' '.join(told.split()) or code}")
