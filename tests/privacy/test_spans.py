"""What is sent on follows the standard: a span per act and per person, in order, nothing twice and nothing lost."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import StatusCode

from registry.privacy.access import Access, AccessLog, Betrokkenen, Gebruiker, Handeling
from registry.privacy.activities import shipped_activities
from registry.privacy.spans import ForwardError, forward
from registry.store.engine import Store, open_store

MOMENT = datetime(2026, 11, 1, 12, 0, 0, 123000, tzinfo=UTC)
USER = Gebruiker("i.jansen", rol="inspecteur")


class Collector(SpanExporter):
    """The other side: keeps what it confirms, and can be away."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []
        self.away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self.away:
            return SpanExportResult.FAILURE
        self.spans += spans
        return SpanExportResult.SUCCESS


def record(store: Store, *names: str, geslaagd: bool = True) -> None:
    people = Betrokkenen(persoonslijsten=[name * 64 for name in names])
    access = Access(USER, Handeling.INZIEN, "toezicht_huisvestingswet", people, geslaagd=geslaagd)
    AccessLog(store).record(access, moment=MOMENT)


def send(store: Store, collector: Collector) -> int:
    return forward(store, collector, shipped_activities(), moment=MOMENT)


def test_an_act_is_a_span_and_each_person_one_below_it(database_url: str) -> None:
    store, collector = open_store(database_url), Collector()
    record(store, "a", "b")
    assert send(store, collector) == 1
    act, *people = collector.spans
    assert act.name == "inzien"
    assert act.parent is None
    assert [span.parent for span in people] == [act.context] * 2
    assert len({span.context.span_id for span in collector.spans if span.context}) == 3
    assert {span.context.trace_id for span in collector.spans if span.context} == {act.context and act.context.trace_id}
    activity = "urn:woonregister:verwerking:toezicht_huisvestingswet"
    assert act.attributes == {"dpl.core.processing_activity_id": activity}
    assert people[0].attributes == {
        "dpl.core.processing_activity_id": activity,
        "dpl.core.data_subject_id": "a" * 64,
        "dpl.core.data_subject_id_type": "urn:woonregister:persoonslijst",
    }
    assert act.start_time == act.end_time == 1_793_534_400_123_000_000
    assert act.resource.attributes["service.name"] == "woonregister"
    store.close()


def test_who_the_user_was_is_not_sent(sqlite_url: str) -> None:
    store, collector = open_store(sqlite_url), Collector()
    record(store, "a")
    send(store, collector)
    assert b"jansen" not in encode_spans(collector.spans).SerializeToString()
    assert b"dpl.core.data_subject_id" in encode_spans(collector.spans).SerializeToString()
    store.close()


def test_nothing_is_lost_when_the_other_side_is_away_and_nothing_sent_twice(database_url: str) -> None:
    store, collector = open_store(database_url), Collector()
    record(store, "a")
    collector.away = True
    with pytest.raises(ForwardError, match="niet bevestigd"):
        send(store, collector)
    record(store, "b", geslaagd=False)
    collector.away = False
    assert send(store, collector) == 2
    assert send(store, collector) == 0
    assert len(collector.spans) == 4
    assert [span.status.status_code for span in collector.spans if span.parent is None] == [
        StatusCode.OK,
        StatusCode.ERROR,
    ]
    store.close()
