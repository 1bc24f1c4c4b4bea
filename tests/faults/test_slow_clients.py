"""Who sends or reads drop by drop keeps a connection, and nobody else waiting; a stranger fills no disk."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from running import browser, served, token
from small_faults import Town

from registry.accounts.rights import Role
from registry.settings import Settings

SLOW, SECONDS, ROUNDS = 300, 12.0, 15


@pytest.fixture
def town_server(assets: None, town: Town, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where the registry is, and where it is served."""
    url = town.copy_to(tmp_path)
    with served(url, town.keys, tmp_path) as address:
        yield url, address


def opened(address: str, sent: bytes) -> socket.socket:
    """A connection on which the beginning of a request was sent."""
    port = int(address.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    connection.sendall(sent)
    return connection


def begin_upload(cookie: str, form_token: str) -> bytes:
    """Of a file that never ends, by somebody who is signed in."""
    part = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{form_token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="bestand"; filename="bag.zip"\r\n\r\n'
    )
    head = (
        f"POST /imports HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Length: 50000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    return (head + part).encode()


@pytest.mark.proof
def test_slow_clients_keep_nobody_waiting(town_server: tuple[str, str]) -> None:
    url, address = town_server
    with browser(url, address, "beheer@testdam.nl", Role.BEHEERDER) as client, ExitStack() as stack:
        form_token = token(client, "/imports")
        cookie = f"woonregister={client.cookies['woonregister']}"
        asset = client.get("/aanmelden").text.partition('href="/static/')[2].partition('"')[0]
        beginnings = (
            b"GET /aanmelden HTTP/1.1\r\nHost: x\r\nX-Slow: ",  # headers that never end
            begin_upload(cookie, form_token),
            f"GET /static/{asset} HTTP/1.1\r\nHost: x\r\n\r\n".encode(),  # an answer that nobody reads
            f"GET /imports HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode(),
        )
        alone = measured(client, lambda: None)
        slow = [stack.enter_context(opened(address, beginnings[number % len(beginnings)])) for number in range(SLOW)]

        def drip() -> None:
            for number, connection in enumerate(slow):
                if number % len(beginnings) < 2:
                    connection.sendall(b"x")

        among = measured(client, drip)
        assert among < max(SECONDS, 20 * alone), f"{among:.2f} s among slow clients, {alone:.2f} s alone"
        for connection in slow:
            connection.close()
        assert client.get("/imports").status_code == 200
        assert httpx.get(f"{address}/health/ready", timeout=30).status_code == 200


def measured(client: httpx.Client, between: object) -> float:
    """The slowest of some pages, in seconds."""
    slowest = 0.0
    for _ in range(ROUNDS):
        between()
        began = time.monotonic()
        assert client.get("/imports").status_code == 200
        slowest = max(slowest, time.monotonic() - began)
    return slowest


@pytest.fixture
def stranger(assets: None, sqlite_url: str, tmp_path: Path) -> Iterator[TestClient]:
    from registry.web.app import create_app  # noqa: PLC0415 (the other tests need no pages here)

    settings = Settings(database_url=sqlite_url, sleutelbestand=tmp_path / "sleutels", adres="http://testserver")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/aanmelden", "/wachtwoord/vergeten", "/wachtwoord/x", "/v1/eigenaren/_zoek"])
@pytest.mark.parametrize("is_told", [True, False])
def test_a_stranger_sends_no_more_than_a_form(stranger: TestClient, path: str, *, is_told: bool) -> None:
    pieces = iter([b"a=" + b"0" * 1_000_000, b"0" * 1_000_000])
    told = {"Content-Length": "2000002"} if is_told else {}
    answer = stranger.post(path, content=pieces, headers={"Content-Type": "application/x-www-form-urlencoded"} | told)
    # FastAPI reads the body of a program itself, and says less of what stops it.
    assert answer.status_code == (400 if path.startswith("/v1") and not is_told else 413), answer.text
