"""Every route, also those that come later: a stranger gets nothing, a wrong role gets what a wrong address gives."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from visitor import Visitor

from registry.accounts.rights import RIGHTS, Role
from registry.web.auth.guard import Needs, Public

# What anybody may reach; a new one is a decision that is taken here.
PUBLIC = {
    "GET /aanmelden/gemeente", "GET /aanmelden/gemeente/terug",
    "GET /health/live", "GET /health/ready", "GET /health/worker", "GET /metrics", "GET /aanmelden",
    "POST /aanmelden", "GET /thema/{name}",
    "GET /aanmelden/code", "POST /aanmelden/code", "POST /afmelden", "GET /wachtwoord/vergeten",
    "POST /wachtwoord/vergeten", "GET /wachtwoord/{token}", "POST /wachtwoord/{token}", "GET /v1/openapi.json",
}  # fmt: skip
API = ("/v1", "/haalcentraal")


def routes(app: FastAPI) -> Iterator[tuple[str, str, Needs | Public]]:
    """Method, path with its parameters filled in, and the one guard of every route."""
    for route in all_routes(app.router.routes):
        guards = [one.call for one in flat(route.dependant) if isinstance(one.call, Needs | Public)]
        assert len(guards) == 1, f"{route.path} names {len(guards)} rights; it must name one, or be public"
        for method in sorted(route.methods - {"HEAD", "OPTIONS"}):
            yield method, route.path, guards[0]


def all_routes(found: list[object]) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from all_routes(route.original_router.routes)


def flat(dependant: object) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one
        yield from flat(one)


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "1", path)


def ask(visitor: Visitor, method: str, path: str) -> object:
    """A request that only lacks the right: a form carries its token."""
    if method == "GET":
        return visitor.get(path)
    return visitor.client.request(method, path, headers={"X-CSRF-Token": visitor.token()})


def test_every_route_is_known(app: FastAPI) -> None:
    found = {f"{method} {path}" for method, path, guard in routes(app) if isinstance(guard, Public)}
    assert found == PUBLIC
    assert len(list(routes(app))) > len(PUBLIC)


def test_a_stranger_gets_nothing(app: FastAPI) -> None:
    visitor = TestClient(app, follow_redirects=False, raise_server_exceptions=False)
    for method, path, guard in routes(app):
        if isinstance(guard, Public):
            continue
        answer = visitor.request(method, filled(path))
        if path.startswith(API):
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json", path
        else:
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/aanmelden"), path
            assert answer.content == b"", path


def test_a_stranger_cannot_tell_what_exists(stranger: Visitor) -> None:
    for path in ("/signalen", "/bestaat-niet"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/aanmelden?verder=%2F{path[1:]}")


@pytest.mark.parametrize("rol", Role)
def test_a_wrong_role_gets_the_answer_of_a_wrong_address(
    app: FastAPI, visit: Callable[..., Visitor], rol: Role
) -> None:
    visitor = visit(rol)
    unknown = without_number(visitor.get("/bestaat-niet").text)
    refused = [(m, p) for m, p, guard in routes(app) if isinstance(guard, Needs) and guard.right not in RIGHTS[rol]]
    for method, path in refused:
        answer = ask(visitor, method, filled(path))
        assert answer.status_code == 404, (method, path)
        if not path.startswith(API):
            assert without_number(answer.text) == unknown, (method, path)


def without_number(text: str) -> str:
    """A page without what differs between two requests."""
    return re.sub(r'class="wr-code">[^<]+|aria-current="page"', "", text).replace(" >", ">")
