"""A case system on this machine that refuses every request that the published Zaken API does not allow."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import jwt
import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

PREFIX = "/zaken/api/v1"
SECRET = "een-sleutel-" * 4


@dataclass
class FakeZaken:
    """What was made, and what was wrong with a request; ``lose_answers`` is how many answers still get lost."""

    url: str
    zaken: list[dict[str, Any]] = field(default_factory=list)
    objecten: list[dict[str, Any]] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    lose_answers: int = 0


def load_document(path: Path) -> OpenAPI:
    """The published document; what it borrows from other hosts describes answers that are never asked for."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return OpenAPI.from_dict(_local(document), config=Config(spec_validator_cls=None))


def _local(node: Any) -> Any:
    if isinstance(node, dict):
        return {} if str(node.get("$ref", "#")).startswith("http") else {k: _local(v) for k, v in node.items()}
    return [_local(part) for part in node] if isinstance(node, list) else node


@contextmanager
def running(document: OpenAPI) -> Iterator[FakeZaken]:
    """The case system, on a free port of this machine."""
    fake = FakeZaken("")

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        return _answer(fake, document, request)(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    fake.url = f"http://127.0.0.1:{server.port}{PREFIX}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(fake: FakeZaken, document: OpenAPI, request: Request) -> Response:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
    except jwt.InvalidTokenError:
        return _json({"title": "Niet geauthenticeerd", "status": 401, "detail": "JWT ongeldig"}, 401)
    if scheme != "Bearer" or not {"iss", "iat", "client_id", "user_id", "user_representation"} <= claims.keys():
        return _json({"title": "Geen rechten", "status": 403, "detail": "JWT onvolledig"}, 403)
    fault = next(iter(document.iter_request_errors(WerkzeugOpenAPIRequest(request))), None)
    if fault is not None:
        fake.invalid.append(f"{request.method} {request.path}: {fault!r} {fault.__cause__!r}")
        return _json({"title": "Ongeldig", "status": 400, "detail": "voldoet niet aan de specificatie"}, 400)
    path = urlparse(request.path).path.removeprefix(PREFIX)
    if request.method == "GET":
        return _json(_found(fake, request))
    answer = _made(fake, path, json.loads(request.get_data()))
    if fake.lose_answers:
        fake.lose_answers -= 1
        return Response("weg", 502)
    return answer


def _found(fake: FakeZaken, request: Request) -> dict[str, Any]:
    asked = request.args
    rows = [
        zaak | {"zaakobjecten": [one["url"] for one in fake.objecten if one["zaak"] == zaak["url"]]}
        for zaak in fake.zaken
        if (zaak["identificatie"], zaak["bronorganisatie"]) == (asked["identificatie"], asked["bronorganisatie"])
    ]
    return {"count": len(rows), "next": None, "previous": None, "results": rows}


def _made(fake: FakeZaken, path: str, body: dict[str, Any]) -> Response:
    made = body | {"url": f"{fake.url}{path}/{uuid4()}", "registratiedatum": str(datetime.now(tz=UTC).date())}
    if path == "/zaken":
        if any(zaak["identificatie"] == body["identificatie"] for zaak in fake.zaken):
            reason = {"name": "identificatie", "code": "identificatie-niet-uniek", "reason": "bestaat al"}
            return _json({"title": "Invalid input.", "status": 400, "detail": "", "invalidParams": [reason]}, 400)
        fake.zaken.append(made)
    else:
        fake.objecten.append(made)
    return _json(made, 201)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")
