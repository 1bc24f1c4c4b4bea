"""A case system for tests: the few answers of a Zaken API that a hand-over asks for."""

from dataclasses import dataclass
from typing import Any

import httpx2


@dataclass
class FakeZaken:
    """A Zaken API that keeps one zaak per reference."""

    made: dict[str, dict[str, Any]]

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "GET":
            found = self.made.get(request.url.params["identificatie"])
            return httpx2.Response(200, json={"results": [found] if found else []})
        body = httpx2.Response(200, content=request.content).json()
        if "identificatie" in body:
            self.made[body["identificatie"]] = body | {"url": "http://127.0.0.1:9/zaken/1"}
        return httpx2.Response(201, json={"url": "http://127.0.0.1:9/zaken/1"})
