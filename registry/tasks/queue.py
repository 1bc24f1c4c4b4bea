"""Asks for tasks, and keeps the files that they are about until they are done."""

import errno
import fcntl
import io
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO

from importers.source import Levering
from registry.errors import StoreError, StoreFullError, UsageError
from registry.store.engine import TASK_LOCK, Store
from registry.store.queries.tasks import Task, insert_task
from rules.catalogue import find_rule

IMPORT, EVALUATION = "import", "toetsing"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL = "De schijf van de server is vol. Er is niets bewaard; probeer het opnieuw als de beheerder ruimte heeft gemaakt."
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """An import that somebody asked for on a page.

    Attributes:
        bron: the source.
        bestand: the name that the file had; only its last part counts.
        leverdatum: date of the delivery; None when the file says it.
        levering: stand or deel; None as the source usually is.
        proef: only try.
        nieuwe_gemeente: take an extract of another gemeente beside the known ones.
        indeling: the name that the file with the municipality's own column names had; None without one.
    """

    bron: str
    bestand: str
    leverdatum: date | None = None
    levering: Levering | None = None
    proef: bool = False
    nieuwe_gemeente: bool = False
    indeling: str | None = None


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """Where uploaded files lie until their import ended, and where a worker says how far it is."""

    root: Path

    @property
    def turn(self) -> Path:
        """The file on which the worker whose turn it is keeps a lock; the system frees it however a process ends."""
        return self.root / "worker.slot"

    def has_worker(self) -> bool:
        """Whether a worker runs on this machine."""
        try:
            with self.turn.open("rb") as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def file_of(self, taak_id: int, name: str) -> Path:
        """The place of the file of a task, in a folder of its own under its own name."""
        return self.root / f"taak-{taak_id}" / plain_name(name)

    def indeling_of(self, taak_id: int, name: str) -> Path:
        """The place of the column names that came with the file of a task: apart, it may have the same name."""
        return self.root / f"taak-{taak_id}-indeling" / plain_name(name)

    def progress_of(self, taak_id: int) -> str | None:
        """How far a worker is with a task, in Dutch; None when it does not say."""
        try:
            return (self.root / f"taak-{taak_id}.voortgang").read_text(encoding="utf-8")
        except OSError:
            return None

    def tell(self, taak_id: int, text: str) -> None:
        """Say how far a task is. In a file: during an import on SQLite nobody else can write to the database.

        A disk without room for it does not end the task.
        """
        path = self.root / f"taak-{taak_id}.voortgang"
        made = path.with_suffix(".nieuw")
        with suppress(OSError):
            made.write_text(text, encoding="utf-8")
            made.replace(path)

    def clear(self, taak_id: int) -> None:
        """Remove what lies here of a task that ended."""
        for folder in (f"taak-{taak_id}", f"taak-{taak_id}-indeling"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        for suffix in ("voortgang", "nieuw"):
            (self.root / f"taak-{taak_id}.{suffix}").unlink(missing_ok=True)

    def take(self, content: BinaryIO, taak_id: int, target: Path) -> None:
        """Keep an uploaded file for a task, readable by this program only; it is on the disk afterwards, or not at all.

        Args:
            content: of the file.
            taak_id: the task; when this fails, nothing of it is left.
            target: ``file_of`` or ``indeling_of`` the task.

        Raises:
            StoreFullError: there is no room for it.
            StoreError: the folder cannot be written to.
        """
        try:
            self._write(content, target)
        except OSError as error:
            self.clear(taak_id)
            if error.errno in NO_ROOM:
                raise StoreFullError(FULL) from error
            raise StoreError(f"De werkmap is niet te beschrijven ({error.strerror}). Er is niets bewaard.") from error

    @staticmethod
    def _write(content: BinaryIO, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            shutil.copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())  # the task that is about it outlives a loss of power


def plain_name(name: str) -> str:
    """The name of a file without folders or signs that mean something to a shell or a file system.

    Raises:
        UsageError: nothing of a name is left.
    """
    last = PureWindowsPath(PurePosixPath(name).name).name
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*\\/').strip(". ")
    if not kept:
        raise UsageError("Het bestand heeft geen naam.")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(suffix)]}{dot}{suffix}" if stem else kept[:_LONGEST_NAME]


def ask_import(
    store: Store,
    folder: WorkFolder,
    order: ImportOrder,
    content: BinaryIO,
    *,
    auteur: str,
    moment: datetime,
    indeling: bytes | None = None,
) -> int:
    """Ask for an import; the number of the task.

    The file, and the column names where ``order`` says that they came, are kept inside the transaction that asks: there
    is no task without them. When the task ended they are gone.

    Raises:
        UsageError: the file has no name.
        StoreFullError: there is no room for it; nothing was asked.
    """
    asked: dict[str, Any] = {
        "bron": order.bron,
        "bestand": plain_name(order.bestand),
        "leverdatum": None if order.leverdatum is None else order.leverdatum.isoformat(),
        "levering": order.levering,
        "proef": order.proef,
        "nieuwe_gemeente": order.nieuwe_gemeente,
        "indeling": None if order.indeling is None else plain_name(order.indeling),
    }
    with store.write_transaction(TASK_LOCK) as connection:
        number = insert_task(connection, IMPORT, asked, auteur=auteur, moment=moment)
        folder.take(content, number, folder.file_of(number, order.bestand))
        if order.indeling is not None and indeling is not None:
            folder.take(io.BytesIO(indeling), number, folder.indeling_of(number, order.indeling))
    return number


def ask_evaluation(store: Store, regels: list[str], *, peildatum: date, auteur: str, moment: datetime) -> int:
    """Ask for an evaluation of some rules; the number of the task.

    Raises:
        UsageError: a rule does not exist.
    """
    asked = {"regels": [find_rule(name).id for name in regels], "peildatum": peildatum.isoformat()}
    with store.write_transaction(TASK_LOCK) as connection:
        return insert_task(connection, EVALUATION, asked, auteur=auteur, moment=moment)


def order_of(task: Task) -> ImportOrder:
    """The import that a task asks for."""
    asked: Mapping[str, Any] = task.opdracht
    leverdatum = asked["leverdatum"]
    return ImportOrder(**{**asked, "leverdatum": None if leverdatum is None else date.fromisoformat(leverdatum)})
