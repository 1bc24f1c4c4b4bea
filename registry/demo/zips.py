"""Zip members without a clock: the same content gives the same bytes, today and next year."""

import zipfile
from typing import Final

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def add_member(archive: zipfile.ZipFile, name: str, content: bytes, *, stored: bool = False) -> None:
    """Add a member with a fixed time stamp; ``stored`` keeps it uncompressed, for content that is a zip itself."""
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    archive.writestr(info, content, compresslevel=None if stored else 6)
