"""The access log goes on to the logboek of the municipality beside the work: late when it must, never twice."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from registry import clock
from registry.errors import StoreError
from registry.privacy import spans
from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.privacy.activities import shipped_activities
from registry.privacy.spans import Forwarder, exporter_for
from registry.store.engine import Store, open_store
from registry.store.queries.access import read_sent
from registry.store.queries.tasks import Task
from registry.tasks.forwarding import forwarding, keep_forwarding
from registry.tasks.queue import WorkFolder, ask_evaluation
from registry.tasks.worker import work

SECONDS = 20


class Logboek(ThreadingHTTPServer):
    """A receiver of OTLP over HTTP: keeps what it confirms, and can refuse or keep everybody waiting."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.spans: list[Any] = []
        self.calls = 0
        self.status = 200
        self.answers = Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/traces"

    @property
    def acts(self) -> list[Any]:
        return [span for span in self.spans if not span.parent_span_id]


class _Answers(BaseHTTPRequestHandler):
    server: Logboek

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.calls += 1
        self.server.answers.wait(SECONDS)
        if self.server.status == 200:
            asked = ExportTraceServiceRequest.FromString(body)
            for resource in asked.resource_spans:
                for scope in resource.scope_spans:
                    self.server.spans.extend(scope.spans)
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def logboek() -> Iterator[Logboek]:
    server = Logboek()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.answers.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.tasks.worker._POLL_SECONDS", 0.02)
    monkeypatch.setattr(keep_forwarding, "__kwdefaults__", {"pause": 0.05, "longest": 0.2})


def look(store: Store, people: int = 1) -> None:
    """Somebody sees a number of persons."""
    keys = [f"{number:064x}" for number in range(people)]
    AccessLog(store).record(
        Access(Gebruiker("i.jansen"), Handeling.INZIEN, "toezicht_huisvestingswet", Betrokkenen(persoonslijsten=keys))
    )


def forwarder(store: Store, logboek: Logboek) -> Forwarder:
    return Forwarder(store, exporter_for(logboek.url), shipped_activities())


def wait_for(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def sent(store: Store) -> int:
    with store.read() as connection:
        return read_sent(connection)


def test_what_is_seen_arrives_while_the_worker_waits_for_work(store: Store, logboek: Logboek, tmp_path: Path) -> None:
    look(store, people=2)
    stop = Event()
    options = {"stop": stop, "beside": lambda: forwarding(forwarder(store, logboek))}
    worker = Thread(target=work, args=(store, WorkFolder(tmp_path / "werk"), lambda _task: {}), kwargs=options)
    worker.start()
    wait_for(lambda: len(logboek.acts) == 1)
    look(store)
    wait_for(lambda: sent(store) == 2)
    stop.set()
    worker.join(SECONDS)
    assert not worker.is_alive()
    assert len(logboek.spans) == 5
    assert len({span.span_id for span in logboek.spans}) == 5


def test_a_logboek_that_answers_nobody_keeps_no_task_waiting(store: Store, logboek: Logboek, tmp_path: Path) -> None:
    look(store)
    logboek.answers.clear()
    folder, done = WorkFolder(tmp_path / "werk"), []
    for _ in range(3):
        ask_evaluation(store, ["overbewoning"], peildatum=clock.today(), auteur="a", moment=clock.now())

    def do(task: Task) -> dict[str, int]:
        wait_for(lambda: logboek.calls > 0)  # it is being sent, and there is no answer
        done.append(task.taak_id)
        logboek.answers.set() if len(done) == 3 else None
        return {}

    options = {"stop": Event(), "until_empty": True, "beside": lambda: forwarding(forwarder(store, logboek))}
    assert work(store, folder, do, **options) == 3
    assert done == [1, 2, 3]


def test_one_that_refuses_is_asked_less_and_less_and_gets_everything_in_the_end(
    store: Store, logboek: Logboek, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Patient(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            if len(waits) == 4:
                logboek.status = 200
            if len(waits) == 6:
                self.set()
            return True

    look(store)
    look(store)
    logboek.status = 400
    keep_forwarding(forwarder(store, logboek), Patient(), pause=1, longest=6)
    assert waits == [2, 4, 6, 6, 1, 1]
    assert (sent(store), len(logboek.acts)) == (2, 2)


def test_what_was_confirmed_is_not_sent_again_when_it_could_not_be_noted(
    store: Store, logboek: Logboek, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(store)
    one = forwarder(store, logboek)

    def refuse(*_: object) -> None:
        raise StoreError("Een andere opdracht schrijft op dit moment in de database.")

    with monkeypatch.context() as patch:
        patch.setattr(spans, "mark_sent", refuse)
        with pytest.raises(StoreError):
            one.send_next(moment=clock.now())
    assert (sent(store), len(logboek.acts)) == (0, 1)
    look(store)
    assert one.send_next(moment=clock.now()) == 1
    assert (sent(store), len(logboek.acts)) == (2, 2)


def test_an_act_about_a_whole_town_goes_in_parts(store: Store, logboek: Logboek) -> None:
    look(store, people=5_000)
    assert forwarder(store, logboek).send_next(moment=clock.now()) == 1
    assert logboek.calls == 3
    assert len({span.span_id for span in logboek.spans}) == 5_001
