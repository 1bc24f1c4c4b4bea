"""The generator of the load benchmark leaves nothing out while a server is slow."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from benchmarks.load_generator import Ask, ask_all, figures

STALLS, RATE = 0.4, 50.0


class Slow(BaseHTTPRequestHandler):
    """Answers one by one, and keeps the first waiting."""

    waited = False

    def do_GET(self) -> None:
        if not type(self).waited:
            type(self).waited = True
            time.sleep(STALLS)
        self.send_response(200 if self.path == "/goed" else 404)
        self.end_headers()
        self.wfile.write(b"woning")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (of the library)
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_who_should_have_been_asked_while_the_server_stalled_counts_as_having_waited(address: str) -> None:
    asks = [Ask("blad", "/goed", "woning") for _ in range(15)]
    asks += [Ask("blad", "/fout", "woning"), Ask("blad", "/goed", "iets anders")]
    with ThreadPoolExecutor(1) as pool:  # a browser of another test keeps a loop in this thread
        answers = pool.submit(ask_all, address, asks, RATE).result()
    # The tenth was due at 0.2 s and could not be answered before the stall was over.
    assert answers[10].seconds >= STALLS - 10 / RATE - 0.05
    found = figures(answers)
    assert (found["requests"], found["errors"]) == (17, 2)
    assert found["p95, ms"] >= found["p50, ms"] >= 1
