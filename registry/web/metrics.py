"""Counts and times of requests, and the state of the registry, for Prometheus.

Per route as it is written, never per address that somebody asked: an address could name a dwelling. With several
processes each writes its counts in a folder that they share, and whichever is asked adds them up.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from registry import clock
from registry.errors import StoreError
from registry.settings import Settings, metrics_folder
from registry.store.engine import Store
from registry.store.queries.access import read_head, read_sent
from registry.store.queries.runs import last_imports
from registry.store.queries.tasks import BUSY, FAILED, WAITS, open_tasks
from registry.tasks.queue import WorkFolder

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    """The measures of one application."""

    collectors: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)

    def __post_init__(self) -> None:
        labels = ("method", "route")
        counter = Counter("woonregister_requests", "Requests", (*labels, "status"), registry=self.collectors)
        timer = Histogram(
            "woonregister_request_seconds", "Time to answer", labels, buckets=_BUCKETS, registry=self.collectors
        )
        object.__setattr__(self, "requests", counter)
        object.__setattr__(self, "seconds", timer)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)

    def text(self, store: Store, settings: Settings) -> bytes:
        """Everything measured, and how the registry is now, as Prometheus reads it."""
        folder, asked = metrics_folder(), CollectorRegistry()
        asked.register(State(store, settings))
        return generate_latest(asked) + generate_latest(self.collectors if folder is None else _together(folder))


def _together(folder: Path) -> CollectorRegistry:
    every = CollectorRegistry()
    MultiProcessCollector(every, path=str(folder))  # type: ignore[no-untyped-call]  # the library has no types here
    return every


class State(Collector):
    """How the registry is at the moment that somebody asks; counts only, nothing of a person."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The measures; only that the database is away, when it is."""
        info = GaugeMetricFamily("woonregister_info", "Version of the program", labels=["version"])
        info.add_metric([version("woonregister")], 1)
        yield info
        try:
            measures = [_one("schema_current", "The schema is that of this version", self._store.is_current())]
            measures += self._measures()
        except StoreError:
            measures = []
        yield _one("database_up", "The database answers", bool(measures))
        yield from measures
        running = WorkFolder(self._settings.werkmap).has_worker()
        yield _one("worker_running", "A worker runs on this machine", running)

    def _measures(self) -> Iterator[GaugeMetricFamily]:
        with self._store.read() as connection:
            counts, since = open_tasks(connection)
            imports = last_imports(connection)
            waiting = read_head(connection).volgnummer - read_sent(connection)
        tasks = GaugeMetricFamily("woonregister_tasks", "Tasks that pages asked for", labels=["status"])
        for status in (WAITS, BUSY, FAILED):
            tasks.add_metric([status], counts.get(status, 0))
        yield tasks
        age = 0.0 if since is None else (clock.now() - since).total_seconds()
        yield _one("oldest_task_seconds", "Since when the oldest task that is not done waits", age)
        last = GaugeMetricFamily(
            "woonregister_last_import_timestamp_seconds", "When the last import of a source went in", labels=["bron"]
        )
        for bron, moment in sorted(imports.items()):
            last.add_metric([bron], moment.timestamp())
        yield last
        if self._settings.logboek_url is not None:
            yield _one("access_log_unsent", "Rows of the access log that were not sent on", waiting)


def _one(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"woonregister_{name}", help_text, value=float(value))
