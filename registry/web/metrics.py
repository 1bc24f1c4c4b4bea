"""Counts and times of requests for Prometheus: per route as it is written, never per address that somebody asked."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

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

    def text(self) -> bytes:
        """Everything measured, as Prometheus reads it."""
        return generate_latest(self.collectors)
