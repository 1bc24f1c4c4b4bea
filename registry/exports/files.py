"""Files that appear whole or not at all, and zips with equal bytes for equal input."""

import errno
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lxml.etree import SerialisationError  # lxml tells of a full disk in its own way: IO_ENOSPC

from registry.errors import ExportError

_BLOCK = 1 << 16  # bytes copied at a time

_REASONS = {
    errno.ENOSPC: "de schijf is vol. Maak ruimte en probeer het opnieuw.",
    errno.EFBIG: "het bestand wordt groter dan hier mag. Maak een kleinere selectie.",
    errno.EDQUOT: "uw schijfruimte is op. Maak ruimte en probeer het opnieuw.",
    errno.ENOENT: "de map bestaat niet. Maak de map of kies een andere.",
    errno.ENOTDIR: "het pad loopt door een bestand dat geen map is. Kies een andere map.",
    errno.EISDIR: "er staat een map met die naam. Kies een andere naam.",
    errno.EACCES: "het staat ergens anders open of u mag er niet schrijven. Sluit het of kies een andere map.",
    errno.EPERM: "u hebt er geen schrijfrecht. Kies een andere map.",
    errno.EROFS: "de schijf is alleen-lezen. Kies een andere map.",
    errno.ENAMETOOLONG: "de naam is te lang. Kies een kortere naam.",
}


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary file in the folder of ``path`` that takes its place when all went well, else disappears.

    Raises:
        ExportError: the operating system refuses (folder absent, disk full, target open elsewhere).
    """
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:60]}.", suffix=".tmp", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o640)
        temporary.replace(path)
    except (OSError, SerialisationError) as error:
        number = error.errno if isinstance(error, OSError) else getattr(errno, str(error).removeprefix("IO_"), None)
        reason = _REASONS.get(number or 0, f"{error}.")
        raise ExportError(f"Het bestand {path} is niet geschreven: {reason} Er is niets gewijzigd.") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


class SteadyZip(zipfile.ZipFile):
    """A zip whose members all carry one date, so that equal input gives equal bytes."""

    _EPOCH = (1980, 1, 1, 0, 0, 0)

    def _member(self, name: object) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(str(name), self._EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        return info

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_args: Any, **_kwargs: Any) -> None:
        """Add a member from memory."""
        super().writestr(self._member(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_args: Any, **_kwargs: Any) -> None:
        """Add a member from disk, block by block."""
        with Path(filename).open("rb") as part, self.open(self._member(arcname), "w", force_zip64=True) as member:
            while block := part.read(_BLOCK):
                member.write(block)
