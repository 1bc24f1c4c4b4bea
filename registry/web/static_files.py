"""The built files of pages, packed where the browser can unpack them: a phone waits for its style before it shows."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_TYPES: Final[Mapping[str, str]] = {".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript"}


class PackedFiles(StaticFiles):
    """Serves ``name.gz`` for ``name`` to who accepts gzip.

    Pages themselves are not packed: they hold a form token beside what somebody typed, and the length of a packed page
    would give the token away bit by bit (BREACH).
    """

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or its packed twin."""
        path, headers = Path(full_path), Headers(scope=scope)
        kind, packed = _TYPES.get(path.suffix), path.with_name(f"{path.name}.gz")
        if kind is None or not packed.is_file():
            return super().file_response(full_path, stat_result, scope, status_code)
        if "gzip" not in headers.get("accept-encoding", ""):
            found = super().file_response(full_path, stat_result, scope, status_code)
            found.headers["Vary"] = "Accept-Encoding"
            return found
        sent = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return FileResponse(packed, status_code, sent, kind, stat_result=packed.stat())
