"""The spans of runs and of attempts, and who begins and ends them.

An attempt is in the context while it is under way, so that a layer around the transport takes the span of the observer,
or of a layer around itself, for its own, once. A layer that is called again meanwhile (by a transport that asks
several) makes spans of its own, which are children of that one.
"""

from __future__ import annotations

from contextvars import Token
from time import monotonic

from msgspec.structs import replace
from opentelemetry import context, metrics, propagate, trace
from opentelemetry.context import Context
from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, TracerProvider
from returns.result import Failure, Success

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ...core.streams import is_stream
from ..layers.layer import Attempt, Layer
from ..network.credentials import user_agent
from ..run_events import (
    AttemptAnswered,
    AttemptBegan,
    AttemptRaised,
    BodyEnded,
    ForkBegan,
    RunBegan,
    RunEnded,
    RunEvent,
    RunRaised,
    ValuesEmitted,
    WaitBegan,
)
from .conventions import (
    BUCKETS,
    DURATION,
    Attributes,
    Server,
    answer_attributes,
    counted_under,
    error_type,
    name_of,
    request_attributes,
    response_id,
)

_NAME = "puresponse"
_ATTEMPT = context.create_key("puresponse-attempt")


class Spans:
    """What makes spans, and what they have in common."""

    def __init__(
        self,
        tracer_provider: TracerProvider | None,
        meter_provider: MeterProvider | None,
        server: Server,
        protocol_version: str | None,
    ) -> None:
        version = user_agent().partition(" ")[0].partition("/")[2]
        self.tracer = trace.get_tracer(_NAME, version, tracer_provider)
        self.duration = metrics.get_meter(_NAME, version, meter_provider).create_histogram(
            DURATION,
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        self._server = server
        self._protocol_version = protocol_version

    def attempt(
        self, request: HttpRequest, parent: Context | None = None, observed: AttemptBegan | None = None
    ) -> AttemptSpan:
        """Begin the span of an attempt, as a child of the span of `parent`, or of the current one."""
        attributes = request_attributes(request, self._server, self._protocol_version)
        if observed is not None and observed.resends:
            attributes["http.request.resend_count"] = observed.resends
        if observed is not None and observed.branch:
            attributes["puresponse.branch"] = [*observed.branch]
        return AttemptSpan(self, request, attributes, parent)


class AttemptSpan:
    """The span of one attempt, which is the current one until the attempt is answered or raises."""

    def __init__(self, spans: Spans, request: HttpRequest, attributes: Attributes, parent: Context | None) -> None:
        self._spans = spans
        self._attributes = attributes
        self._began = monotonic()
        self._answer: Attributes = {}
        self.is_taken = False
        self.span = spans.tracer.start_span(name_of(request), parent, SpanKind.CLIENT, attributes)
        self._context = context.set_value(_ATTEMPT, self, trace.set_span_in_context(self.span, parent))
        self._token: Token[Context] | None = context.attach(self._context)

    def headers(self) -> dict[str, str]:
        """What tells the server which span this is."""
        carrier: dict[str, str] = {}
        propagate.inject(carrier, self._context)
        return carrier

    def left(self) -> None:
        """Let the span that was the current one be it again: in the thread or task that began this one."""
        token, self._token = self._token, None
        if token is not None:
            context.detach(token)

    def answered(self, answer: Answer) -> None:
        """Keep how it was answered."""
        self._answer = answer_attributes(answer)
        self._set(str(answer.failure()) if is_failure(answer) else None)  # else the status says it

    def broke_off(self, error: Error | None) -> None:
        """Keep what broke the body off."""
        if error is not None:
            self._answer["error.type"] = error_type(error)
            self._set(str(error))

    def raised(self, error: BaseException) -> None:
        """Keep what the transport raised."""
        self._answer["error.type"] = error_type(error)
        self.span.record_exception(error)
        self._set(None)

    def end(self) -> None:
        """End the span, and count its duration."""
        self._spans.duration.record(monotonic() - self._began, counted_under(self._attributes, self._answer))
        self.span.end()

    def _set(self, description: str | None) -> None:
        self.span.set_attributes(self._answer)
        if "error.type" in self._answer:
            self.span.set_status(Status(StatusCode.ERROR, description))


class AttemptLayer(Layer):
    """The layer: it takes the span of an attempt that is observed, or begins one."""

    def __init__(self, spans: Spans, *, propagate: bool) -> None:
        self._spans = spans
        self._propagates = propagate

    def attempt(self, request: HttpRequest) -> Attempt:
        """Begin an attempt, with the headers of its span if they are asked for."""
        observed = context.get_value(_ATTEMPT)
        if isinstance(observed, AttemptSpan) and not observed.is_taken:
            observed.is_taken = True
            return Attempt(self._sent(request, observed))
        span = self._spans.attempt(request)
        return LayeredAttempt(self._sent(request, span), span)

    def _sent(self, request: HttpRequest, span: AttemptSpan) -> HttpRequest:
        if not self._propagates:
            return request
        own = {name.lower() for name, _ in request.headers}
        added = tuple(pair for pair in span.headers().items() if pair[0].lower() not in own)
        return replace(request, headers=request.headers + added)

    def __repr__(self) -> str:
        return "OpenTelemetry().layer"


class LayeredAttempt(Attempt):
    """An attempt that only the layer sees."""

    __slots__ = ("_span",)

    def __init__(self, request: HttpRequest, span: AttemptSpan) -> None:
        super().__init__(request)
        self._span = span

    def answered(self, result: Answer) -> None:
        """End the span."""
        self._span.left()
        self._span.answered(result)
        self._span.end()

    def opened(self, head: HttpResponse) -> None:
        """The span lasts until the body has ended."""
        self._span.left()
        self._span.answered(Success(head))

    def ended(self, error: Error | None) -> None:
        """End the span."""
        self._span.broke_off(error)
        self._span.end()

    def raised(self, error: BaseException) -> None:
        """End the span."""
        self._span.left()
        self._span.raised(error)
        self._span.end()


class RunSpan:
    """The span of one run, and those of its attempts that have not ended."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.context = trace.set_span_in_context(span)
        self.attempts: dict[int, AttemptSpan] = {}
        self.values = 0


class RunSpans:
    """The observer: it begins and ends the spans of runs, and of their attempts."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._runs: dict[int, RunSpan] = {}

    def observe(self, name: str | None, event: RunEvent) -> None:
        """Begin, end or describe a span."""
        if isinstance(event, RunBegan):
            kind = "iterate" if is_stream(event.program) else "run"
            self._runs[event.run] = RunSpan(self._spans.tracer.start_span(name or f"{_NAME}.{kind}"))
            return
        run = self._runs[event.run]
        match event:
            case AttemptBegan():
                run.attempts[event.number] = self._spans.attempt(event.request, run.context, event)
            case AttemptAnswered():
                span = run.attempts[event.attempt.number]
                span.left()
                span.answered(event.answer)
                if not (event.attempt.opens and _is_2xx(event.answer)):
                    run.attempts.pop(event.attempt.number).end()
            case AttemptRaised():
                span = run.attempts.pop(event.attempt.number)
                span.left()
                span.raised(event.exception)
                span.end()
            case BodyEnded():
                span = run.attempts.pop(event.attempt.number)
                span.broke_off(event.error)
                span.end()
            case WaitBegan():
                attributes = {"puresponse.seconds": event.seconds, "puresponse.spread": event.spread}
                run.span.add_event("puresponse.wait", attributes)
            case ValuesEmitted():
                run.values = event.total
            case ForkBegan():
                run.span.add_event("puresponse.fork", {"puresponse.branches": event.branches})
            case RunEnded() | RunRaised():
                self._end(run, event)

    def _end(self, run: RunSpan, event: RunEnded | RunRaised) -> None:
        del self._runs[event.run]
        for attempt in run.attempts.values():  # of threads that were left behind
            attempt.end()
        if run.values:
            run.span.set_attribute("puresponse.values", run.values)
        if isinstance(event, RunRaised):
            if not isinstance(event.exception, GeneratorExit):  # who stops asking has made no error
                run.span.record_exception(event.exception)
                run.span.set_attribute("error.type", error_type(event.exception))
                run.span.set_status(Status(StatusCode.ERROR))
        else:
            found = event.result.failure() if isinstance(event.result, Failure) else event.result.unwrap()
            if (about := response_id(found)) is not None:
                run.span.set_attribute("gen_ai.response.id", about)
            if isinstance(event.result, Failure):
                run.span.set_attribute("error.type", error_type(event.result.failure()))
                run.span.set_status(Status(StatusCode.ERROR, str(event.result.failure())))
        run.span.end()


def _is_2xx(answer: Answer) -> bool:
    return not is_failure(answer) and answer.unwrap().is_success
