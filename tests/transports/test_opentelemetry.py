"""Spans of runs and of attempts, by the real SDK: one for each, in threads, tasks and forks; nothing else changes."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from interpreters import modules_after, printed_by
from opentelemetry import context, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.semconv.attributes import (
    error_attributes,
    http_attributes,
    network_attributes,
    server_attributes,
    url_attributes,
)
from opentelemetry.semconv.metrics import http_metrics
from opentelemetry.trace import SpanKind, StatusCode
from returns.result import Failure, Success
from stubs import in_turn

from puresponse.core import (
    Answer,
    Error,
    HttpRequest,
    Interrupted,
    NotSent,
    Open,
    Operation,
    OperationFailed,
    RetryPolicy,
    Send,
    create_response,
    delay,
    delete_response,
    fail,
    gather,
    retrieve_response,
    retrying,
    stream_response,
    succeed,
)
from puresponse.transports import (
    AttemptBegan,
    CaptureTransport,
    CassetteRecorder,
    CassetteTransport,
    CutStream,
    FaultPlan,
    ForbiddenTransport,
    MemoryTransport,
    Observer,
    OpenTelemetry,
    RateLimited,
    Rule,
    RunBegan,
    RunRaised,
    StubTransport,
    VirtualClock,
    in_threads,
    iterate,
    iterate_async,
    json_response,
    run,
    run_async,
    run_many,
    run_many_async,
)
from puresponse.transports.observers.spans import RunSpan

BUSY = json_response({"error": {"message": "Busy."}}, status=503)
DELETED = json_response({"id": "resp_1", "object": "response", "deleted": True}, headers=(("x-request-id", "req_1"),))
DELETION = delete_response("resp_1")
STREAM = stream_response(model="gpt-5", input="hi")


class Kept:
    """What the SDK exports, and the OpenTelemetry that makes it."""

    def __init__(
        self,
        base_url: str | None = "https://example.com:8443/v1/",
        *,
        propagate: bool = False,
        protocol_version: str | None = None,
    ) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        meters = MeterProvider([self._reader])
        self.telemetry = OpenTelemetry(
            tracer_provider=self.tracers,
            meter_provider=meters,
            base_url=base_url,
            propagate=propagate,
            protocol_version=protocol_version,
        )

    @property
    def spans(self) -> list[ReadableSpan]:
        """In the order in which they ended."""
        return [*self._exporter.get_finished_spans()]

    def of(self, kind: SpanKind) -> list[ReadableSpan]:
        return [span for span in self.spans if span.kind is kind]

    @property
    def runs(self) -> list[ReadableSpan]:
        return self.of(SpanKind.INTERNAL)

    @property
    def attempts(self) -> list[ReadableSpan]:
        return self.of(SpanKind.CLIENT)

    def durations(self) -> list[tuple[str, str | None, dict[str, Any], int]]:
        data = self._reader.get_metrics_data()
        assert data is not None
        points = [
            (metric.name, metric.unit, dict(point.attributes or {}), getattr(point, "count", 0))
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            for point in metric.data.data_points
        ]
        return sorted(points, key=repr)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def id_of(span: ReadableSpan) -> int:
    assert span.context is not None
    span_id: int = span.context.span_id
    return span_id


def parent_of(span: ReadableSpan) -> int | None:
    return None if span.parent is None else span.parent.span_id


# --- what a span says ----------------------------------------------------------------------------


def test_a_run_has_a_span_and_each_attempt_a_child_of_it() -> None:
    kept = Kept(protocol_version="1.1")
    program = retrying(DELETION, RetryPolicy(max_retries=2))
    transport = in_turn(Failure(NotSent("dns", "no such host")), Success(BUSY), Success(DELETED))
    run(program, transport, clock=VirtualClock(), observe=kept.telemetry.observe).unwrap()
    (whole,) = kept.runs
    assert (whole.name, parent_of(whole), whole.status.status_code) == ("puresponse.run", None, StatusCode.UNSET)
    assert [event.name for event in whole.events] == ["puresponse.wait"] * 2
    assert {parent_of(span) for span in kept.attempts} == {id_of(whole)}
    assert {span.name for span in kept.attempts} == {"DELETE /responses/{id}"}
    always = {
        http_attributes.HTTP_REQUEST_METHOD: "DELETE",
        server_attributes.SERVER_ADDRESS: "example.com",
        server_attributes.SERVER_PORT: 8443,
        url_attributes.URL_FULL: "https://example.com:8443/v1/responses/resp_1",
        network_attributes.NETWORK_PROTOCOL_VERSION: "1.1",
    }
    assert [attributes(span) for span in kept.attempts] == [
        {**always, error_attributes.ERROR_TYPE: "dns"},
        {
            **always,
            http_attributes.HTTP_REQUEST_RESEND_COUNT: 1,
            http_attributes.HTTP_RESPONSE_STATUS_CODE: 503,
            error_attributes.ERROR_TYPE: "503",
        },
        {
            **always,
            http_attributes.HTTP_REQUEST_RESEND_COUNT: 2,
            http_attributes.HTTP_RESPONSE_STATUS_CODE: 200,
            f"{http_attributes.HTTP_RESPONSE_HEADER_TEMPLATE}.x-request-id": ("req_1",),
        },
    ]
    assert [(span.status.status_code, span.status.description) for span in kept.attempts] == [
        (StatusCode.ERROR, "not sent (dns): no such host"),
        (StatusCode.ERROR, None),
        (StatusCode.UNSET, None),
    ]


def test_the_duration_of_attempts_is_counted_under_what_has_few_values() -> None:
    kept = Kept()
    run(
        retrying(DELETION),
        in_turn(Success(BUSY), Success(DELETED)),
        clock=VirtualClock(),
        observe=kept.telemetry.observe,
    )
    always = {"http.request.method": "DELETE", "server.address": "example.com", "server.port": 8443}
    name = http_metrics.HTTP_CLIENT_REQUEST_DURATION
    assert kept.durations() == [
        (name, "s", {**always, "http.response.status_code": 200}, 1),
        (name, "s", {**always, "http.response.status_code": 503, "error.type": "503"}, 1),
    ]


def test_a_run_that_fails_says_how_and_about_which_response() -> None:
    kept = Kept()
    error = Interrupted("reset", "cut off", None, "resp_1")
    run(
        Send(HttpRequest("GET", "/responses/resp_1"), Failing(error)), MemoryTransport(), observe=kept.telemetry.observe
    )
    (whole,) = kept.runs
    assert attributes(whole) == {"error.type": "reset", "gen_ai.response.id": "resp_1"}
    assert (whole.status.status_code, whole.status.description) == (StatusCode.ERROR, str(error))


class Failing:
    def __init__(self, error: Error) -> None:
        self._error = error

    def __call__(self, answer: Answer) -> Operation[None]:
        return fail(self._error)


def test_a_run_that_returns_a_response_says_which() -> None:
    kept, service = Kept(), MemoryTransport()
    created = run(create_response(model="gpt-5", input="hi"), service, observe=kept.telemetry.observe).unwrap()
    assert attributes(kept.runs[0]) == {"gen_ai.response.id": created.id}


def test_a_span_can_be_named() -> None:
    kept = Kept()
    run(succeed(1), ForbiddenTransport(), observe=kept.telemetry.named("nightly"))
    assert [span.name for span in kept.runs] == ["nightly"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/responses", "GET /responses"),
        ("/responses/resp_1/input_items", "GET /responses/{id}/input_items"),
        ("/conversations/conv_1/items/msg_1", "GET /conversations/{id}/items/{id}"),
        ("/models/ft%2Fa", "GET /models/{id}"),
        ("/anything/else", "GET /{id}/{id}"),
    ],
)
def test_the_name_of_a_span_has_no_id(path: str, name: str) -> None:
    kept = Kept()
    kept.telemetry.layer(MemoryTransport())(HttpRequest("GET", path))
    assert [span.name for span in kept.spans] == [name]


def test_a_method_that_nobody_knows_is_no_name() -> None:
    kept = Kept()
    kept.telemetry.layer(StubTransport(lambda _: BUSY))(HttpRequest("SECRETIVE", "/models"))
    (span,) = kept.spans
    assert span.name == "HTTP /models"
    assert attributes(span)["http.request.method"] == "_OTHER"
    assert attributes(span)["http.request.method_original"] == "SECRETIVE"


def test_the_url_is_whole_and_has_no_secret() -> None:
    kept = Kept()
    query = (("include[]", "a b"), ("api_key", "sk-planted-0123456789"))
    kept.telemetry.layer(MemoryTransport())(HttpRequest("GET", "/models", query))
    url = attributes(kept.spans[0])["url.full"]
    assert url == "https://example.com:8443/v1/models?include%5B%5D=a%20b&api_key=%5Bredacted%5D"


# --- threads, tasks, forks -----------------------------------------------------------------------

FORKED = gather(
    retrieve_response("resp_a"), gather(delete_response("resp_b"), retrieve_response("resp_c")).map(repr), delay(0.0)
)
BRANCHES = {"GET /responses/{id}": {(0,), (1, 1)}, "DELETE /responses/{id}": {(1, 0)}}


async def all_of(values: AsyncGenerator[Any, None]) -> list[Any]:
    return [value async for value in values]


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("is_layered", [False, True])
def test_the_attempts_of_branches_are_children_of_the_run(concurrency: int, is_async: bool, is_layered: bool) -> None:
    kept, service = Kept(), MemoryTransport()
    telemetry = kept.telemetry
    if is_async:
        transport = in_threads(telemetry.layer(service) if is_layered else service)
        asyncio.run(run_async(FORKED, transport, concurrency=concurrency, observe=telemetry.observe))
    else:
        beneath = telemetry.layer(service) if is_layered else service
        run(FORKED, beneath, concurrency=concurrency, observe=telemetry.observe)
    (whole,) = kept.runs
    assert {parent_of(span) for span in kept.attempts} == {id_of(whole)}
    found: dict[str, set[Any]] = {}
    for span in kept.attempts:
        found.setdefault(span.name, set()).add(attributes(span)["puresponse.branch"])
    assert found == BRANCHES


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("is_layered", [False, True])
def test_each_of_many_has_a_span_beneath_that_of_the_caller(is_async: bool, is_layered: bool) -> None:
    kept, service = Kept(), MemoryTransport()
    telemetry = kept.telemetry
    operations = [delete_response(f"resp_{number}") for number in range(20)]
    with kept.tracers.get_tracer("test").start_as_current_span("caller", kind=SpanKind.SERVER) as caller:
        if is_async:
            later = in_threads(service)
            transport = telemetry.layer(later) if is_layered else later
            asyncio.run(all_of(run_many_async(operations, transport, 4, observe=telemetry.observe)))
        else:
            beneath = telemetry.layer(service) if is_layered else service
            list(run_many(operations, beneath, 4, observe=telemetry.observe))
    assert {parent_of(span) for span in kept.runs} == {caller.get_span_context().span_id}
    assert sorted(map(str, map(parent_of, kept.attempts))) == sorted(map(str, map(id_of, kept.runs)))
    assert len(kept.attempts) == len(operations)


def test_while_an_attempt_is_under_way_its_span_is_the_current_one_and_not_afterwards() -> None:
    kept = Kept()
    current: list[int] = []

    def transport(request: HttpRequest) -> Answer:
        current.append(trace.get_current_span().get_span_context().span_id)
        return Success(DELETED)

    for beneath in (transport, kept.telemetry.layer(transport)):
        run(DELETION, beneath, observe=kept.telemetry.observe)
    kept.telemetry.layer(transport)(HttpRequest("GET", "/models"))
    assert current == [id_of(span) for span in kept.attempts]
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_between_the_values_of_a_stream_no_span_of_it_is_the_current_one() -> None:
    kept = Kept()
    values = iterate(STREAM, kept.telemetry.layer(MemoryTransport()), observe=kept.telemetry.observe)
    for _ in values:
        assert trace.get_current_span() is trace.INVALID_SPAN
    assert trace.get_current_span() is trace.INVALID_SPAN


# --- streams -------------------------------------------------------------------------------------


def ways_to_stream(kept: Kept, service: MemoryTransport) -> dict[str, Callable[[], object]]:
    telemetry = kept.telemetry
    return {
        "observed": lambda: list(iterate(STREAM, service, observe=telemetry.observe)),
        "layered": lambda: list(iterate(STREAM, telemetry.layer(service))),
        "both": lambda: list(iterate(STREAM, telemetry.layer(service), observe=telemetry.observe)),
        "observed, async": lambda: asyncio.run(
            all_of(iterate_async(STREAM, in_threads(service), observe=telemetry.observe))
        ),
        "layered, async": lambda: asyncio.run(all_of(iterate_async(STREAM, telemetry.layer(in_threads(service))))),
    }


@pytest.mark.parametrize("way", ways_to_stream(Kept(), MemoryTransport()))
def test_the_attempt_of_a_stream_lasts_until_its_body_has_ended(way: str) -> None:
    kept = Kept()
    ways_to_stream(kept, MemoryTransport())[way]()
    (attempt,) = kept.attempts
    assert attributes(attempt)["http.response.status_code"] == 200
    assert attempt.status.status_code is StatusCode.UNSET
    if "layered" in way:
        assert kept.runs == []
    else:
        (whole,) = kept.runs
        assert (whole.name, attributes(whole)) == ("puresponse.iterate", {"puresponse.values": 9})
        assert parent_of(attempt) == id_of(whole)
        assert kept.spans == [attempt, whole]


@pytest.mark.parametrize("way", ways_to_stream(Kept(), MemoryTransport()))
def test_a_body_that_breaks_off_is_an_error_of_its_attempt(way: str) -> None:
    kept = Kept()
    with pytest.raises(OperationFailed):
        ways_to_stream(kept, MemoryTransport(faults=FaultPlan((Rule(CutStream(2)),))))[way]()
    (attempt,) = kept.attempts
    assert attributes(attempt)["http.response.status_code"] == 200
    assert attributes(attempt)["error.type"] in {"reset", "truncated"}
    assert attempt.status.status_code is StatusCode.ERROR
    assert [count for *_, count in kept.durations()] == [1]


def test_an_opening_that_is_refused_ends_its_attempt_before_the_next_begins() -> None:
    kept = Kept()
    service = MemoryTransport(faults=FaultPlan((Rule(RateLimited(), times=1),)))
    list(iterate(retrying(STREAM), service, clock=VirtualClock(), observe=kept.telemetry.observe))
    first, second = kept.attempts
    assert (first.end_time or 0) <= (second.start_time or 0)


def test_who_stops_asking_has_made_no_error() -> None:
    kept = Kept()
    values = iterate(STREAM, MemoryTransport(), observe=kept.telemetry.observe)
    next(values)
    values.close()
    assert {span.status.status_code for span in kept.spans} == {StatusCode.UNSET}
    assert [event for span in kept.spans for event in span.events] == []
    assert len(kept.spans) == 2


# --- exceptions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_layered", [False, True])
@pytest.mark.parametrize("is_observed", [False, True])
def test_what_a_transport_raises_is_in_the_spans(is_layered: bool, is_observed: bool) -> None:
    kept = Kept()

    def transport(request: HttpRequest) -> Answer:
        raise ZeroDivisionError("a bug")

    observe: Observer | None = kept.telemetry.observe if is_observed else None
    with pytest.raises(ZeroDivisionError):
        run(DELETION, kept.telemetry.layer(transport) if is_layered else transport, observe=observe)
    assert len(kept.spans) == is_observed + (is_observed or is_layered)
    for span in kept.spans:
        assert (attributes(span)["error.type"], span.status.status_code) == ("ZeroDivisionError", StatusCode.ERROR)
        assert [event.name for event in span.events] == ["exception"]
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_a_task_that_is_cancelled_ends_its_spans() -> None:
    kept = Kept()
    asked = asyncio.Event()

    async def never(request: HttpRequest) -> Answer:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def cancelled() -> None:
        task = asyncio.create_task(run_async(DELETION, kept.telemetry.layer(never), observe=kept.telemetry.observe))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert [attributes(span)["error.type"] for span in kept.spans] == ["asyncio.exceptions.CancelledError"] * 2


def test_an_attempt_that_is_left_behind_ends_with_its_run() -> None:
    kept = Kept()
    request = HttpRequest("GET", "/models")
    began = AttemptBegan(
        run=1, elapsed=0.0, number=0, branch=(), request=request, opens=False, sent_before=0, resends=0
    )
    for event in (
        RunBegan(run=1, elapsed=0.0, program=DELETION),
        began,
        RunRaised(run=1, elapsed=1.0, exception=KeyboardInterrupt()),
    ):
        kept.telemetry.observe(event)
    assert len(kept.spans) == 2
    assert kept.durations()[0][3] == 1
    context.attach(context.Context())  # for no thread ends here


# --- the layer -----------------------------------------------------------------------------------


def test_a_transport_that_asks_several_has_a_span_for_each_within_that_of_the_attempt() -> None:
    kept = Kept()
    each = kept.telemetry.layer(in_turn(Success(DELETED)))

    def in_a_row(request: HttpRequest) -> Answer:
        each(request)
        each(request)
        return each(request)

    run(DELETION, in_a_row, observe=kept.telemetry.observe)
    second, third, first, whole = kept.spans
    assert [parent_of(span) for span in (first, second, third)] == [id_of(whole), id_of(first), id_of(first)]


def test_layers_around_each_other_have_one_span() -> None:
    kept = Kept()
    kept.telemetry.layer(kept.telemetry.layer(in_turn(Success(DELETED))))(HttpRequest("GET", "/models"))
    assert len(kept.spans) == 1


def test_the_headers_of_a_span_are_added_where_they_are_asked_for() -> None:
    kept, capture = Kept(propagate=True), CaptureTransport(in_turn(Success(DELETED)))
    transport = kept.telemetry.layer(capture)
    request = HttpRequest("GET", "/models", headers=(("X-Own", "1"),))
    run(DELETION, transport, observe=kept.telemetry.observe)
    transport(request)
    for sent, span in zip(capture.requests, kept.attempts, strict=True):
        assert span.context is not None
        trace_id, span_id = span.context.trace_id, span.context.span_id
        name, value = sent.headers[-1]
        assert (name, value[:-2]) == ("traceparent", f"00-{trace_id:032x}-{span_id:016x}-")
    assert capture.requests[1].headers[0] == ("X-Own", "1")
    own = HttpRequest("GET", "/models", headers=(("Traceparent", "own"),))
    transport(own)
    assert capture.requests[2] == own


def test_nothing_is_added_unless_it_is_asked_for() -> None:
    kept, capture = Kept(), CaptureTransport(in_turn(Success(DELETED)))
    request = HttpRequest("GET", "/models")
    kept.telemetry.layer(capture)(request)
    assert len(capture.requests) == 1
    assert capture.requests[0] is request


@pytest.mark.parametrize("is_within", [False, True])
def test_a_cassette_replays_what_was_recorded_without(is_within: bool, tmp_path: Any) -> None:
    kept, path = Kept(propagate=True), tmp_path / "cassette.json"
    program = retrieve_response("resp_1")
    with CassetteRecorder(MemoryTransport(), path) as recorder:
        recorded = run(program, recorder)
    replay = CassetteTransport.replaying(path)
    layered = kept.telemetry.layer(replay)
    assert run(program, layered if is_within else replay, observe=kept.telemetry.observe) == recorded


def test_a_layer_keeps_what_the_transport_is() -> None:
    kept, service = Kept(), MemoryTransport()
    assert isinstance(STREAM, Open)
    with kept.telemetry.layer(service) as transport:
        transport.open(STREAM.request).unwrap().close()
    assert len(kept.attempts) == 1
    assert repr(transport).startswith("OpenTelemetry().layer(MemoryTransport(")


# --- what it needs -------------------------------------------------------------------------------


def test_without_the_extra_an_error_says_so() -> None:
    code = """
import sys
sys.modules["opentelemetry"] = None
from puresponse import OpenTelemetry
try:
    OpenTelemetry()
except ImportError as error:
    print(error, error.name, sep="; ")
"""
    assert (
        printed_by(code) == "OpenTelemetry needs opentelemetry-api: pip install 'puresponse[otel]'; opentelemetry-api"
    )


def test_it_is_loaded_when_one_is_made_and_not_before() -> None:
    assert "opentelemetry" not in modules_after("from puresponse import OpenTelemetry, Observer")
    assert "opentelemetry.trace" in modules_after("from puresponse import OpenTelemetry\nOpenTelemetry()")


def test_what_has_ended_is_kept_no_longer() -> None:
    def kept_spans() -> int:
        gc.collect()
        return sum(isinstance(one, RunSpan) for one in gc.get_objects())

    kept = Kept()
    before = kept_spans()
    for _ in range(10):
        run(DELETION, in_turn(Success(DELETED)), observe=kept.telemetry.observe)
    assert kept_spans() == before


def test_without_an_sdk_nothing_is_made_and_everything_works() -> None:
    telemetry = OpenTelemetry()
    transport = telemetry.layer(in_turn(Success(DELETED)))
    assert run(DELETION, transport, observe=telemetry.observe).unwrap().deleted


@pytest.mark.parametrize(
    "base_url",
    ["https://user:planted@example.com", "https://example.com?key=planted", "planted", "https://", "https://a:b", " "],
)
def test_what_is_no_base_url_is_refused_without_being_shown(base_url: str) -> None:
    with pytest.raises(ValueError, match="base_url") as raised:
        OpenTelemetry(base_url=base_url)
    assert "planted" not in str(raised.value)


def test_the_base_url_is_that_of_the_environment_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, expected in (("http://localhost/v1", ("localhost", 80)), ("", ("api.openai.com", 443))):
        monkeypatch.setenv("OPENAI_BASE_URL", variable)
        kept = Kept(None)
        kept.telemetry.layer(MemoryTransport())(HttpRequest("GET", "/models"))
        found = attributes(kept.spans[0])
        assert (found["server.address"], found["server.port"]) == expected
