"""No BSN of the demo stands anywhere: not in the database, its journal, exports, logs or error texts.

Every BSN that the generator made is looked for raw, in UTF-16, in base64 at each of its three offsets, and inside
every member of a zip (an Excel file is one). The search is proved by planting one.
"""

import base64
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import structlog
from privacy_registry import PEILDATUM, Registry
from stdnum.nl import bsn as bsn_rules

from registry.errors import WoonregisterError
from registry.exports.persons import log_row, write_access_log, write_inzage
from registry.intake.run import ImportRequest, run_import
from registry.logs import configure_logs
from registry.privacy.access import AccessLog
from registry.privacy.rotation import rotate_keys
from registry.privacy.subjects import find_subject, give_access
from registry.store.backup import make_backup
from registry.store.queries.access import read_accesses

# What the generator gives to the program; all else in the folder was written by the program.
GIVEN = re.compile(r".*\.csv|demo-manifest\.json|BAG.*|gebieden.*|meldingen\.xlsx|inspecties\.xlsx|bezoeken.*|fotos.*")
PATTERNS = (
    (re.compile(rb"(?=(\d{9}))"), "ascii"),
    (re.compile(rb"(?=((?:\d\x00){9}))"), "utf-16-le"),
    (re.compile(rb"(?=((?:\x00\d){9}))"), "utf-16-be"),
)


def made_numbers(folder: Path) -> set[str]:
    """Every BSN in the files of the generator, whatever column they stand in: it makes them from 999999998 down."""
    found = set()
    for path in folder.glob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"):
            found |= {cell.strip() for cell in row if re.fullmatch(r"9\d{8}", cell.strip())}
    return {number for number in found if bsn_rules.is_valid(number)}


def in_base64(number: str) -> list[bytes]:
    """The characters that a number has in base64, whatever stands around it: one form for each of three offsets."""
    forms = []
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + number.encode())
        forms.append(encoded[-(-offset * 8 // 6) : (offset + len(number)) * 8 // 6])
    return forms


def contents(data: bytes) -> Iterator[bytes]:
    """The bytes of a file, and of everything inside it when it is a zip."""
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from contents(archive.read(name))


def numbers_in(data: bytes, numbers: set[str]) -> set[str]:
    """Which of the numbers stand in some bytes, in any form."""
    found = set()
    for part in contents(data):
        for pattern, encoding in PATTERNS:
            found |= {match.group(1).decode(encoding) for match in pattern.finditer(part)} & numbers
        found |= {number for number in numbers for form in in_base64(number) if form in part}
    return found


def leaks(folder: Path, numbers: set[str]) -> dict[str, set[str]]:
    """The files that the program wrote in which a number stands."""
    written = [path for path in sorted(folder.iterdir()) if path.is_file() and not GIVEN.fullmatch(path.name)]
    assert any(path.name == "woonregister.db" for path in written)
    found = {path.name: numbers_in(path.name.encode() + path.read_bytes(), numbers) for path in written}
    return {name: one for name, one in found.items() if one}


def test_the_database_the_exports_and_a_backup_hold_no_bsn(registry: Registry) -> None:
    numbers = made_numbers(registry.folder)
    assert len(numbers) > 250
    log = AccessLog(registry.store)
    request = ImportRequest("brp", registry.folder / "brp.csv", leverdatum=PEILDATUM)
    again = run_import(registry.store, request, cipher=registry.cipher)
    with registry.store.read() as connection:
        residents = [n for n in sorted(numbers) if find_subject(connection, registry.cipher, n).persoonslijsten]
        looked = [log_row(row) for row in read_accesses(connection)]
    one = residents[0]
    for suffix in ("xlsx", "json"):
        given = give_access(registry.store, registry.cipher, one, gebruiker=registry.user, log=log)
        write_inzage(registry.folder / f"inzage.{suffix}", given, made_by="test")
    write_access_log(registry.folder / "log.xlsx", looked, made_by="test", made_at=given.gemaakt)
    rotate_keys(registry.store, registry.keys, gebruiker=registry.user, log=log)
    make_backup(registry.store, registry.folder / "kopie.zip", made=given.gemaakt, software="test")
    assert again.run_id > 0
    assert leaks(registry.folder, numbers) == {}


def test_the_search_would_find_one(registry: Registry, tmp_path: Path) -> None:
    numbers = made_numbers(registry.folder)
    one = sorted(numbers)[7]
    folder = tmp_path / "proef"
    folder.mkdir()
    (folder / "woonregister.db").write_bytes(b"niets")
    assert leaks(folder, numbers) == {}
    for offset in range(3):
        (folder / f"b{offset}.txt").write_bytes(base64.b64encode(b"x" * offset + one.encode() + b"yz"))
    (folder / "raw.txt").write_text(f"x{one}x", encoding="ascii")
    (folder / "le.bin").write_bytes(b"\1" + one.encode("utf-16-le"))
    (folder / "be.bin").write_bytes(b"\1" + one.encode("utf-16-be"))
    (folder / f"{one}.txt").write_bytes(b"")
    with zipfile.ZipFile(folder / "in.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", f"<c>{one}</c>")
    found = leaks(folder, numbers)
    assert set().union(*found.values()) == {one}
    assert set(found) == {
        "b0.txt", "b1.txt", "b2.txt", "raw.txt", "le.bin", "be.bin", f"{one}.txt", "in.xlsx",
    }  # fmt: skip


def test_a_log_line_and_a_refusal_hold_no_bsn(registry: Registry) -> None:
    """A damaged delivery with every number in a wrong place: what is said of it, and what is logged, names none."""
    numbers = made_numbers(registry.folder)
    stream = io.StringIO()
    configure_logs(stream=stream)
    lines = (registry.folder / "brp.csv").read_text(encoding="utf-8-sig").splitlines()
    swapped = registry.folder / "verwisseld.csv"
    header, *rows = lines
    swapped.write_text("\n".join([header, *(";".join(reversed(row.split(";"))) for row in rows)]), encoding="utf-8")
    said = ""
    try:
        result = run_import(registry.store, ImportRequest("brp", swapped, leverdatum=PEILDATUM), cipher=registry.cipher)
        said += repr(result)
    except WoonregisterError as error:
        said += str(error)
        structlog.get_logger().exception("import_failed", text=str(error), rows=rows[:50])
    structlog.get_logger().warning("rows", rows=rows)
    assert len(stream.getvalue()) > 10_000
    assert numbers_in(stream.getvalue().encode(), numbers) == set()
    assert numbers_in(said.encode(), numbers) == set()
    swapped.unlink()
    assert leaks(registry.folder, numbers) == {}
