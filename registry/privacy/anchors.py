"""Heads of the access log, kept outside the database: who cuts off the end of the log or rewrites it is found by them.

One line per head: number, hash, moment. The file belongs where the database administrator cannot write it.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from registry import clock
from registry.errors import UsageError
from registry.store.engine import ReadConnection
from registry.store.queries.access import Head, hash_at, read_start

_LINE = re.compile(r"(\d+) ([0-9a-f]{64}) (\S+)")


@dataclass(frozen=True, slots=True)
class AnchorCheck:
    """How many heads were compared with the log, and which do not belong to it (in Dutch)."""

    bekeken: int
    fout: tuple[str, ...]


def keep_anchor(path: Path, head: Head) -> None:
    """Add a head to the file, which is made when it does not exist (readable by its owner only).

    Raises:
        OSError: the file cannot be written.
    """
    line = f"{head.volgnummer} {head.hash} {clock.now().isoformat(timespec='seconds')}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # One write: lines of two processes do not run into each other.
        os.write(descriptor, line.encode("ascii"))
    finally:
        os.close(descriptor)


def check_anchors(connection: ReadConnection, path: Path) -> AnchorCheck:
    """Compare every kept head with the log.

    Heads of rows that were destroyed under retention cannot be compared and are passed over.

    Raises:
        UsageError: the file cannot be read or holds something else.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Het bestand met ankers {path} is niet te lezen: {error}.") from error
    start = read_start(connection)
    wrong = []
    for number, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise UsageError(f"{path}, regel {number}: dit is geen anker van het toegangslog.")
        volgnummer, expected = int(found.group(1)), found.group(2)
        if volgnummer < start.volgnummer:
            continue
        actual = hash_at(connection, volgnummer)
        if actual is None:
            wrong.append(f"regel {volgnummer} is er niet meer: het einde van het toegangslog is weg")
        elif actual != expected:
            wrong.append(f"regel {volgnummer} is een andere dan op {found.group(3)}")
    return AnchorCheck(len(lines), tuple(wrong))
