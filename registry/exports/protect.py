"""A password on a workbook: encrypted as Excel itself does (ECMA-376 agile), so that Excel and LibreOffice open it."""

import io
from pathlib import Path

from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from registry.errors import ExportError, UsageError
from registry.exports.files import replacing

MIN_PASSWORD = 12  # characters; the file leaves the building, so nobody slows down who guesses


def encrypt_workbook(source: Path, target: Path, password: str) -> None:
    """Write an encrypted copy of a workbook; the password is kept nowhere.

    Raises:
        UsageError: the password is too short.
        ExportError: the file cannot be written, or is no workbook.
    """
    if len(password) < MIN_PASSWORD:
        raise UsageError(f"Een wachtwoord heeft ten minste {MIN_PASSWORD} tekens.")
    with replacing(target) as temporary, source.open("rb") as plain, temporary.open("wb") as sealed:
        try:
            OOXMLFile(plain).encrypt(password, sealed)
        except FileFormatError as error:
            raise ExportError(f"{source.name} is geen werkboek en kan geen wachtwoord krijgen.") from error


def decrypt_workbook(source: Path, password: str) -> bytes:
    """The content of an encrypted workbook, to check that it opens again.

    Raises:
        ExportError: the password is not the one, or the file is not encrypted.
    """
    with source.open("rb") as sealed:
        opened = io.BytesIO()
        try:
            file = OOXMLFile(sealed)
            file.load_key(password=password, verify_password=True)
            file.decrypt(opened)
        except (InvalidKeyError, DecryptionError, FileFormatError) as error:
            raise ExportError(f"{source.name} gaat met dit wachtwoord niet open.") from error
    return opened.getvalue()
