"""One PostgreSQL server for a whole test run, started only when a test asks for it.

The server lives in a temporary folder, listens on a Unix socket there and runs as an ordinary user. All workers of
one run share it through a state file under a lock; the process that leads the run stops it.
"""

import fcntl
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import debian
import psycopg

START_SECONDS = 60
# A test database may be lost at any moment, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


class UnavailableError(Exception):
    """There is no server on this machine, and none could be had; the text says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its socket folder, its superuser and the user that owns its process."""

    socket: str
    superuser: str
    version: str

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database on this server."""
        return f"postgresql+psycopg://{self.superuser}@/{database}?host={self.socket}"


def find_binaries(root: Path = Path("/usr/lib/postgresql")) -> Path | None:
    """The folder with the server programs of the newest release, or None."""
    folders = [folder for folder in root.glob("*/bin") if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    if folders:
        return max(folders, key=lambda folder: [int(part) for part in folder.parent.name.split(".") if part.isdigit()])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def start(folder: Path) -> Server:
    """Start a server whose data and socket are in ``folder``."""
    binaries = find_binaries()
    if binaries is None:
        try:
            debian.install("postgresql")
        except debian.NotInstalledError as error:
            raise UnavailableError(str(error)) from error
        binaries = find_binaries()
    if binaries is None:
        raise UnavailableError("PostgreSQL is geïnstalleerd, maar de serverprogramma's zijn niet gevonden")
    data, owner = folder / "data", _owner()
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    _run(owner, folder, str(binaries / "initdb"), "-D", str(data), "-U", owner.pw_name, *_INITDB)
    options = " ".join(
        f"-c {name}='{value}'" for name, value in (SETTINGS | {"unix_socket_directories": folder}).items()
    )
    _run(
        owner,
        folder,
        str(binaries / "pg_ctl"),
        "-D",
        str(data),
        "-l",
        str(folder / "log"),
        "-w",
        "-o",
        options,
        "start",
    )
    version = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return Server(str(folder), owner.pw_name, version.strip())


def missing_postgis() -> str | None:
    """Put PostGIS on this machine; why not, when that cannot be."""
    binaries = find_binaries()
    if binaries is None:
        return "PostgreSQL zelf is er niet"
    release = binaries.parent.name
    if Path(f"/usr/share/postgresql/{release}/extension/postgis.control").exists():
        return None
    try:
        debian.install(f"postgresql-{release}-postgis-3")
    except debian.NotInstalledError as error:
        return f"PostGIS: {error}"
    return None


def add_postgis(server: Server, database: str) -> None:
    """Turn PostGIS on in a database.

    Raises:
        UnavailableError: it cannot be had; a run that asked for it must not pass without.
    """
    reason = missing_postgis()
    if reason is not None:
        raise UnavailableError(reason)
    with psycopg.connect(host=server.socket, user=server.superuser, dbname=database, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")


def stop(folder: Path) -> None:
    """Stop the server in ``folder`` without ceremony and remove what it wrote."""
    binaries = find_binaries()
    if binaries is not None and (folder / "data" / "postmaster.pid").exists():
        _run(_owner(), folder, str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


_INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")


def _owner() -> pwd.struct_passwd:
    """The user that runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise UnavailableError("er is geen gewone gebruiker (postgres of nobody) om PostgreSQL mee te starten")


def _run(owner: pwd.struct_passwd, folder: Path, *command: str) -> None:
    as_owner = (
        {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [owner.pw_gid]} if os.geteuid() == 0 else {}
    )
    # The server inherits the streams of pg_ctl: a pipe would never close, so the output goes to a file.
    output = folder / "start.log"
    with output.open("ab") as stream:
        try:
            subprocess.run(
                command,
                cwd="/",
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                check=True,
                timeout=START_SECONDS,
                **as_owner,
            )
        except subprocess.SubprocessError as error:
            tail = output.read_text(encoding="utf-8", errors="replace")[-400:]
            raise UnavailableError(f"PostgreSQL start niet ({Path(command[0]).name}): {tail}") from error


# --- one server for all workers ---------------------------------------------------------------------------------


def new_folder() -> Path:
    """A folder for one test run; short, because a socket path may hold 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="woonregister-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one worker of a run at a time."""
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def shared_server(folder: Path) -> Server:
    """The server of this run; the first worker that asks starts it.

    Raises:
        UnavailableError: there is none, for every worker with the same reason.
    """
    state = folder / "state.json"
    with locked(folder):
        if not state.exists():
            (folder / "server").mkdir()
            try:
                server = start(folder / "server")
                state.write_text(json.dumps([server.socket, server.superuser, server.version]), encoding="utf-8")
            except UnavailableError as error:
                state.write_text(json.dumps(str(error)), encoding="utf-8")
    known = json.loads(state.read_text(encoding="utf-8"))
    if isinstance(known, str):
        raise UnavailableError(known)
    return Server(*known)


def describe(folder: Path) -> str | None:
    """One line for the summary of the run; None when no test asked for a server."""
    state = folder / "state.json"
    if not state.exists():
        return None
    known = json.loads(state.read_text(encoding="utf-8"))
    return f"niet getest op PostgreSQL: {known}" if isinstance(known, str) else f"getest op {known[2]}"


def close(folder: Path) -> None:
    """End of the run: the server and the folder go."""
    if (folder / "server").exists():
        stop(folder / "server")
    shutil.rmtree(folder, ignore_errors=True)
