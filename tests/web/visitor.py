"""Somebody with a browser: what the tests of pages sign in and send forms with."""

import re
from dataclasses import dataclass
from pathlib import Path

from fastapi.testclient import TestClient

from registry.web.auth.guard import CSRF_FIELD

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser."""

    client: TestClient
    email: str = ""

    def get(self, path: str, **options: object) -> object:
        return self.client.get(path, **options)

    def token(self, path: str = "/") -> str:
        """The token that the forms of a page carry."""
        found = re.search(rf'name="{CSRF_FIELD}" value="([^"]+)"', self.client.get(path).text)
        assert found, path
        return found.group(1)

    def post(self, path: str, data: dict[str, object] | None = None, *, page: str = "/", **options: object) -> object:
        """Send a form as a page of this session would."""
        return self.client.post(path, data={**(data or {}), CSRF_FIELD: self.token(page)}, **options)
