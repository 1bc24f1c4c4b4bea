"""The files of the next month of a synthetic gemeente, as its sources would deliver them: one per cent differs."""

import re
import zipfile
from datetime import date, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

_ONE_IN = 100  # a row of so many changes
_AREA = re.compile(rb"(<Objecten:oppervlakte>)(\d+)(?=</)")
_ADDRESS = ("08.10.30", "08.11.")  # the headers of an address and of the day from which somebody lives there


def write_next_brp(path: Path, target: Path) -> None:
    """A BRP delivery in which one person in a hundred lives where another one lived."""
    text = path.read_text("utf-8-sig")
    head, *lines = text.splitlines()
    columns = [place for place, name in enumerate(head.split(";")) if name.startswith(_ADDRESS)]
    first = [number for number, line in enumerate(lines) if not line.startswith(";")]  # the row of today of a person
    movers = first[::_ONE_IN]
    rows = {number: lines[number].split(";") for number in movers}
    for number, other in zip(movers, movers[1:] + movers[:1], strict=True):
        fields = lines[number].split(";")
        for place in columns:
            fields[place] = rows[other][place]
        lines[number] = ";".join(fields)
    target.write_text("\n".join([head, *lines, ""]), "utf-8")


def write_next_bag(path: Path, folder: Path, stand: date) -> Path:
    """The extract of the fifteenth of the month after ``stand``, with other areas for one voorkomen in a hundred."""
    following = (stand.replace(day=1) + timedelta(days=31)).replace(day=stand.day)
    days = [(f"{stand:%d%m%Y}", f"{following:%d%m%Y}"), (stand.isoformat(), following.isoformat())]
    target = folder / path.name.replace(*days[0])
    target.write_bytes(_changed_zip(path.read_bytes(), days, count()))
    return target


def _changed_zip(content: bytes, days: list[tuple[str, str]], counter: "count[int]") -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for member in old.infolist():
            inner = old.read(member)
            if member.filename.endswith(".zip"):
                inner = _changed_zip(inner, days, counter)
            else:
                for before, after in days:
                    inner = inner.replace(before.encode(), after.encode())
                inner = _AREA.sub(lambda found: found.group(1) + _larger(found.group(2), counter), inner)
            member.filename = member.filename.replace(*days[0])
            new.writestr(member, inner)
    return made.getvalue()


def _larger(area: bytes, counter: "count[int]") -> bytes:
    return b"%d" % (int(area) + (next(counter) % _ONE_IN == 0))
