"""Ways in which a delivery arrives damaged or is another file: each makes a file of the good one."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

Change = Callable[[str, bytes], bytes]


def rezipped(content: bytes, change: Change) -> bytes:
    """A zip of zips with ``change`` applied to every member, the innermost first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            inner = old.read(name)
            new.writestr(name, change(name, rezipped(inner, change) if name.endswith(".zip") else inner))
    return buffer.getvalue()


def in_zip(part: str, edit: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Edits each member, however deep, whose name holds ``part``."""

    def damage(content: bytes) -> bytes:
        damaged = rezipped(content, lambda name, inner: edit(inner) if part in name else inner)
        if damaged == rezipped(content, lambda _name, inner: inner):
            raise ValueError(f"nothing was damaged in {part}")
        return damaged

    return damage


def truncated(content: bytes) -> bytes:
    """Two thirds of it: a copy that was broken off."""
    return content[: len(content) * 2 // 3]


def replaced(old: str, new: str, times: int = -1) -> Callable[[bytes], bytes]:
    """The same text with another word in it."""

    def edit(content: bytes) -> bytes:
        if old.encode() not in content:
            raise ValueError(f"there is no {old} to replace")
        return content.replace(old.encode(), new.encode(), times)

    return edit


def whole(new: bytes) -> Callable[[bytes], bytes]:
    """Something else altogether."""
    return lambda _old: new


def cells(edit: Callable[[list[list[str]]], object], encoding: str = "utf-8") -> Callable[[bytes], bytes]:
    """Edits a text table as rows of cells (the first is the header)."""

    def damage(content: bytes) -> bytes:
        rows = [line.split(";") for line in content.decode("utf-8-sig").splitlines()]
        edit(rows)
        return "\r\n".join(";".join(row) for row in rows).encode(encoding)

    return damage


def dropped(header: str) -> Callable[[list[list[str]]], object]:
    """The table without a column."""

    def edit(rows: list[list[str]]) -> None:
        place = rows[0].index(header)
        for row in rows:
            del row[place]

    return edit


def added(header: str) -> Callable[[list[list[str]]], object]:
    """The table with a column more."""

    def edit(rows: list[list[str]]) -> None:
        for number, row in enumerate(rows):
            row.append("x" if number else header)

    return edit


def filled(header: str, value: str, line: int = 1) -> Callable[[list[list[str]]], object]:
    """The table with another value in one cell."""

    def edit(rows: list[list[str]]) -> None:
        rows[line][rows[0].index(header)] = value

    return edit


def files_in(folder: Path) -> Iterator[str]:
    """The names of the files of a folder, hidden ones included, without what SQLite keeps beside a database."""
    return (path.name for path in sorted(folder.iterdir()) if not path.name.endswith(("-wal", "-shm")))
