"""What kind of file this is, by its content and not by its name; every other kind is refused with its own advice."""

import zipfile
from pathlib import Path

from importers.zip_damage import refusing_damage
from registry.errors import SourceRefusedError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS_XLSX = "Open het in uw rekenprogramma en bewaar het als .xlsx of als csv (UTF-8)."
_MAX_UNPACKED = 4 * 1024**3

WORKBOOK = "werkmap"


def detect_kind(path: Path) -> str:
    """``werkmap`` for an .xlsx; else the text encoding to read the file with (``utf-8-sig`` or ``utf-16``).

    Raises:
        SourceRefusedError: the file is absent, empty or of a kind that holds no table.
    """
    if path.is_dir():
        raise SourceRefusedError(f"{path.resolve().name} is een map. Kies het bestand met de tabel.")
    try:
        with path.open("rb") as file:
            head = file.read(64 * 1024)
    except OSError as error:
        raise SourceRefusedError(f"Het bestand {path.name} is niet te openen: {error.strerror}.") from error
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise SourceRefusedError(f"Het bestand {path.name} is leeg. Lever het opnieuw aan.")
    if head.startswith(_OLE):
        raise _ole_refusal(path)
    if head.startswith(b"PK"):
        _require_workbook(path)
        return WORKBOOK
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    _refuse_other_kinds(path, head)
    return "utf-8-sig"


def _refuse_other_kinds(path: Path, head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body")):
        raise SourceRefusedError(
            f"Het bestand {path.name} is een webpagina (html), ook al heet het anders. {_SAVE_AS_XLSX}"
        )
    if start.startswith(b"<?xml"):
        raise SourceRefusedError(f"Het bestand {path.name} is XML, geen tabel. {_SAVE_AS_XLSX}")
    if b"\x00" in head or start.startswith((b"%pdf", b"{\\rtf")):
        raise SourceRefusedError(
            f"Het bestand {path.name} is van een andere soort dan tekst (csv) of een werkmap (xlsx). "
            "Kies het bestand met de tabel, of exporteer die opnieuw."
        )


def _ole_refusal(path: Path) -> SourceRefusedError:
    """An old .xls and a workbook with a password share the same outer form; the inside tells them apart."""
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        return SourceRefusedError(
            f"De werkmap {path.name} is met een wachtwoord beveiligd. Bewaar haar zonder wachtwoord en lever haar "
            "opnieuw aan."
        )
    return SourceRefusedError(f"Het bestand {path.name} is een oude Excel-werkmap (.xls). {_SAVE_AS_XLSX}")


def _require_workbook(path: Path) -> None:
    damaged = SourceRefusedError(
        f"De werkmap {path.name} is beschadigd of niet helemaal overgekomen. Kopieer of exporteer haar opnieuw."
    )
    with refusing_damage(lambda _: damaged), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        kind = "een OpenDocument-werkmap (.ods)" if "content.xml" in names else "een zip-bestand zonder Excel-werkmap"
        raise SourceRefusedError(f"Het bestand {path.name} is {kind}. {_SAVE_AS_XLSX}")
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise SourceRefusedError(
            f"De werkmap {path.name} bevat macro's; die worden niet aangenomen. Bewaar haar als gewone werkmap (.xlsx) "
            "en lever haar opnieuw aan."
        )
    if sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise SourceRefusedError(
            f"De werkmap {path.name} is uitgepakt groter dan 4 GB. Bewaar het blad met de gegevens als csv (UTF-8)."
        )
