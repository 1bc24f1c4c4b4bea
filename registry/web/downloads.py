"""Files that a page gives: made in a folder of their own, read, and gone from the disk before they are sent."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from fastapi.responses import Response

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".zip": "application/zip",
    ".json": "application/json",
}


def download(write: Callable[[Path], Path]) -> Response:
    """The file that ``write`` makes in a folder, under its own name.

    Args:
        write: gets an empty folder; gives the path of the file to send, whose name is ASCII and names nobody.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder))
        content, name = path.read_bytes(), path.name
    return Response(
        content, media_type=TYPES[path.suffix], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
