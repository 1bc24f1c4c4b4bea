"""Sends the access log on as OpenTelemetry spans, after the standard Logboek Dataverwerkingen.

What is sent was written in the registry before: nothing is lost when the other side is away, and nothing is sampled.
Each act is a span, and each person of it a span under that one, because the standard asks a line per person. Who the
user was stays here: the standard keeps that apart, and the trace id links the two.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from itertools import islice

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from registry.errors import WoonregisterError
from registry.privacy.activities import Verwerkingsregister
from registry.store.engine import LOG_LOCK, Store
from registry.store.queries.access import SealedAccess, mark_sent, read_accesses, read_sent

_ACTIVITY = "dpl.core.processing_activity_id"
_SUBJECT, _SUBJECT_TYPE = "dpl.core.data_subject_id", "dpl.core.data_subject_id_type"
_ACTS_PER_CALL = 200
_SPANS_PER_CALL = 2_000


class ForwardError(WoonregisterError):
    """The other side did not confirm; what was not confirmed is sent again next time."""

    code = "logboek"


def exporter_for(url: str) -> SpanExporter:
    """Sends spans to an address (OTLP over HTTP)."""
    return OTLPSpanExporter(endpoint=url)


class Forwarder:
    """Sends what was not sent yet, in order.

    What the other side confirmed while the registry could not note it down (on SQLite an import keeps the only writer)
    is remembered, and not sent a second time.
    """

    def __init__(self, store: Store, exporter: SpanExporter, register: Verwerkingsregister) -> None:
        """Nothing is sent yet.

        Args:
            store: the registry.
            exporter: where to.
            register: knows the activities.
        """
        self._store, self._exporter, self._register = store, exporter, register
        self._confirmed = 0

    def send_next(self, *, moment: datetime) -> int:
        """Send the next part and note it down; how many rows (0: nothing waits).

        Raises:
            ForwardError: the part was not confirmed.
            StoreError: the database failed.
        """
        with self._store.read() as connection:
            noted = read_sent(connection)
            waiting = read_accesses(connection, after=max(noted, self._confirmed))
            part = list(islice(waiting, _ACTS_PER_CALL))
        if part:
            self._export(part)
            self._confirmed = part[-1].volgnummer
        if self._confirmed > noted:
            with self._store.write_transaction(LOG_LOCK) as connection:
                mark_sent(connection, self._confirmed, moment)
        return len(part)

    def close(self) -> None:
        """End a call that waits for the other side; what it did not confirm is sent another time."""
        self._exporter.shutdown()

    def _export(self, part: list[SealedAccess]) -> None:
        spans = as_spans(part, self._register)
        # An evaluation is one act about everybody: its spans are more than one call should hold.
        while call := list(islice(spans, _SPANS_PER_CALL)):
            if self._exporter.export(call) is not SpanExportResult.SUCCESS:
                raise ForwardError(
                    f"Het logboek heeft regel {part[0].volgnummer} en volgende niet bevestigd. Zij gaan de volgende "
                    "keer mee."
                )


def forward(store: Store, exporter: SpanExporter, register: Verwerkingsregister, *, moment: datetime) -> int:
    """Send every row that was not sent yet, in order; how many rows.

    Args:
        store: the registry.
        exporter: where to.
        register: knows the activities.
        moment: now.

    Raises:
        ForwardError: a part was not confirmed; what went before it was.
    """
    forwarder, sent = Forwarder(store, exporter, register), 0
    while part := forwarder.send_next(moment=moment):
        sent += part
    return sent


def as_spans(rows: Iterable[SealedAccess], register: Verwerkingsregister) -> Iterator[ReadableSpan]:
    """The span of each row, and one under it for each person."""
    resource = Resource({SERVICE_NAME: "woonregister", SERVICE_VERSION: version("woonregister")})
    for row in rows:
        activity = register.find(row.access.verwerking, row.access.tijdstip.date()).reference
        own = _context(row.access.trace_id, row.access.span_id)
        parent = _context(row.access.trace_id, row.access.parent_span_id) if row.access.parent_span_id else None
        yield _span(row, own, parent, resource, {_ACTIVITY: activity})
        for soort, pseudoniem in row.betrokkenen:
            child = hashlib.sha256(f"{row.access.span_id}{pseudoniem}".encode()).hexdigest()[:16]
            about = {_ACTIVITY: activity, _SUBJECT: pseudoniem, _SUBJECT_TYPE: f"urn:woonregister:{soort}"}
            yield _span(row, _context(row.access.trace_id, child), own, resource, about)


def _context(trace_id: str, span_id: str) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False, trace_flags=flags)


def _span(
    row: SealedAccess, own: SpanContext, parent: SpanContext | None, resource: Resource, attributes: dict[str, str]
) -> ReadableSpan:
    nanoseconds = int(row.access.tijdstip.timestamp() * 1_000_000) * 1_000
    code = StatusCode.OK if row.access.status == "Ok" else StatusCode.ERROR
    return ReadableSpan(
        name=row.access.handeling,
        context=own,
        parent=parent,
        resource=resource,
        attributes=attributes,
        kind=SpanKind.INTERNAL,
        status=Status(code),
        start_time=nanoseconds,
        end_time=nanoseconds,
    )
