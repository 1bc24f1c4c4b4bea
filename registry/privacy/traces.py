"""Which act of another system an access belongs to (W3C Trace Context), as OpenTelemetry knows it."""

from opentelemetry import trace


def current_trace() -> tuple[str | None, str | None]:
    """Trace id and span id (hexadecimal) of the span in which we run; None and None outside one."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None, None
    return trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)
