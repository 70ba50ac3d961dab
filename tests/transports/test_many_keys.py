"""Many keys as one transport: who is asked, what is remembered, and what ends a search."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from threading import Barrier, Lock
from typing import Any

import pytest
from returns.result import Failure, Result, Success

from puresponse.core import (
    Error,
    HttpRequest,
    HttpResponse,
    NotSent,
    cancel_response,
    create_conversation,
    create_response,
    delete_conversation,
    delete_response,
    list_input_items,
    retrieve_response,
    stream_response,
    value_or_raise,
)
from puresponse.transports import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    Body,
    MemoryTransport,
    StreamingTransport,
    Transport,
    in_threads,
    iterate,
    iterate_async,
    json_response,
    many_keys,
    run,
    run_async,
)
from puresponse.transports.bodies import WholeBody
from puresponse.transports.cassette.canned_answers import StreamedResponse
from puresponse.transports.layers.key_table import subject_of
from puresponse.transports.layers.keyed import ManyKeysStreamingTransport, ManyKeysTransport
from puresponse.transports.testing.contract import (
    AbandonableStreamingTransportContract,
    AsyncStreamingTransportContract,
    AsyncTransportContract,
    Service,
    StreamingTransportContract,
    TransportContract,
)
from puresponse.transports.testing.stub import StubTransport

EVENT_STREAM = (("content-type", "text/event-stream; charset=utf-8"),)


def refusal(status: int, message: str | None, code: str | None = None) -> HttpResponse:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return json_response({"error": error}, status=status)


class Project:
    """What the API answers to the keys of one project: it knows its own, and nothing of other projects."""

    def __init__(self, name: str, *known: str) -> None:
        self.name = name
        self.known = set(known)
        self.asked: list[str] = []
        self._made = 0
        self._lock = Lock()
        self.stub = StubTransport(self)

    def __call__(self, request: HttpRequest) -> Any:
        with self._lock:
            self.asked.append(f"{request.method} {request.path}")
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> Any:
        said: dict[str, Any] = json.loads(request.body or b"{}")
        _, room, identity, *_ = (*request.path.split("/"), "", "")
        if request.method == "POST" and not identity:
            continued = said.get("previous_response_id")
            if continued is not None and continued not in self.known:
                return refusal(
                    400, f"Previous response with id '{continued}' not found.", "previous_response_not_found"
                )
            self._made += 1  # no id is given twice, also where others were deleted in between
            made = f"{'resp' if room == 'responses' else 'conv'}_{self.name}_{self._made}"
            self.known.add(made)
            return self._streamed(made) if said.get("stream") else json_response(self._object(made))
        if identity not in self.known:
            return refusal(404, f"Response with id '{identity}' not found.")
        if request.method == "DELETE":
            self.known.remove(identity)
            return json_response({"id": identity, "object": "response.deleted", "deleted": True})
        if request.path.endswith("/input_items"):
            return json_response({"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False})
        return json_response(self._object(identity))

    def _object(self, identity: str) -> dict[str, Any]:
        if identity.startswith("conv"):
            return {"id": identity, "object": "conversation", "created_at": 1, "metadata": {}}
        return {
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "output": [],
            "id": identity,
            "model": "m",
        }

    def _streamed(self, identity: str) -> StreamedResponse:
        events = [
            {"type": "response.created", "sequence_number": 0, "response": self._object(identity)},
            {"type": "response.completed", "sequence_number": 1, "response": self._object(identity)},
        ]
        data = b"".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events)
        chunks = tuple(data[start : start + 7] for start in range(0, len(data), 7))
        return StreamedResponse(status=200, headers=EVENT_STREAM, chunks=chunks)


@pytest.fixture
def blue() -> Project:
    return Project("blue", "resp_of_blue")


@pytest.fixture
def green() -> Project:
    return Project("green", "resp_of_green")


def both(
    blue: Project,
    green: Project,
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = 100,
) -> ManyKeysStreamingTransport:
    return many_keys({"blue": blue.stub, "green": green.stub}, choose=choose, remember=remember)


def test_creations_go_to_each_in_turn_and_the_life_of_a_response_to_the_key_that_created_it(
    blue: Project, green: Project
) -> None:
    transport = both(blue, green)
    made = [value_or_raise(run(create_response(model="m", input="Hi"), transport)).id for _ in range(4)]
    assert made == ["resp_blue_1", "resp_green_1", "resp_blue_2", "resp_green_2"]
    assert [transport.owner_of(identity) for identity in made] == ["blue", "green", "blue", "green"]
    blue.asked.clear()
    green.asked.clear()
    for operation in (retrieve_response(made[3]), cancel_response(made[3]), list_input_items(made[3])):
        value_or_raise(run(operation, transport))
    value_or_raise(run(delete_response(made[3]), transport))
    assert (blue.asked, green.asked) == (
        [],
        [
            "GET /responses/resp_green_2",
            "POST /responses/resp_green_2/cancel",
            "GET /responses/resp_green_2/input_items",
            "DELETE /responses/resp_green_2",
        ],
    )


def test_what_continues_a_response_goes_to_its_key(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    first = value_or_raise(run(create_response(model="m", input="Hi"), transport)).id
    for _ in range(3):
        next_one = create_response(model="m", input="Go on", previous_response_id=first)
        first = value_or_raise(run(next_one, transport)).id
    assert (first, green.asked) == ("resp_blue_4", [])


def test_a_conversation_stays_with_its_key(blue: Project, green: Project) -> None:
    transport = both(blue, green, choose=lambda request: "green")
    conversation = value_or_raise(run(create_conversation(), transport)).id
    for given in (conversation, {"id": conversation}):
        value_or_raise(run(create_response(model="m", input="Hi", conversation=given), transport))
    value_or_raise(run(delete_conversation(conversation), transport))
    assert blue.asked == []


def test_what_a_stream_creates_is_remembered_from_its_first_event(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    value_or_raise(run(create_response(model="m", input="Hi"), transport))
    events = iterate(stream_response(model="m", input="Hi"), transport)
    assert next(events).type == "response.created"
    assert transport.owner_of("resp_green_1") == "green"
    assert len(list(events)) == 1
    answered = transport(HttpRequest("POST", "/responses", body=b'{"stream":true}'))
    assert value_or_raise(answered).is_success
    assert transport.owner_of("resp_blue_2") == "blue"


def test_what_is_created_as_json_is_remembered_when_its_body_is_opened(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    body = value_or_raise(transport.open(HttpRequest("POST", "/responses", body=b"{}")))
    while value_or_raise(body.read()):
        assert transport.owner_of("resp_blue_1") is None
    assert transport.owner_of("resp_blue_1") == "blue"
    body.close()


def test_an_unknown_id_is_asked_of_each_key_once_and_then_of_the_one_that_has_it(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    for _ in range(2):
        assert value_or_raise(run(retrieve_response("resp_of_green"), transport)).id == "resp_of_green"
    assert (blue.asked, green.asked) == (["GET /responses/resp_of_green"], ["GET /responses/resp_of_green"] * 2)


def test_an_unknown_id_is_found_when_a_body_is_opened(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    for _ in range(2):
        body = value_or_raise(transport.open(HttpRequest("GET", "/responses/resp_of_green")))
        assert body.answer.is_success
    assert (len(blue.asked), len(green.asked)) == (1, 2)


def test_an_unknown_response_is_continued_by_the_key_that_has_it(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    made = value_or_raise(run(create_response(model="m", input="x", previous_response_id="resp_of_green"), transport))
    assert (made.id, transport.owner_of(made.id)) == ("resp_green_1", "green")


def test_what_no_key_has_is_answered_as_the_first_answers(blue: Project, green: Project) -> None:
    transport = both(blue, green)
    first = transport(HttpRequest("DELETE", "/responses/resp_none"))
    opened = transport.open(HttpRequest("DELETE", "/responses/resp_none"))
    assert first == blue.stub(HttpRequest("DELETE", "/responses/resp_none"))
    assert value_or_raise(opened).answer == value_or_raise(first)
    assert (len(blue.asked), len(green.asked)) == (3, 2)
    assert transport.owner_of("resp_none") is None


@pytest.mark.parametrize(
    "answer",
    [
        Success(HttpResponse(status=404)),
        Success(refusal(404, "Invalid URL (DELETE /v1/responses/resp_1)")),
        Success(HttpResponse(status=404, body=b"<html>not found</html>")),
        Success(json_response({"detail": "Not Found"}, status=404)),
        Success(HttpResponse(status=405)),
        Success(refusal(400, "Cannot cancel a completed response.")),
        Success(refusal(401, "Incorrect API key provided", "invalid_api_key")),
        Success(refusal(429, "Slow down", "rate_limit_exceeded")),
        Success(HttpResponse(status=503)),
        Failure(NotSent("dns", "no such name")),
    ],
)
def test_only_the_apis_own_word_that_it_is_not_there_lets_the_next_key_be_asked(
    answer: Result[HttpResponse, Error], green: Project
) -> None:
    def first(request: HttpRequest) -> Result[HttpResponse, Error]:
        return answer

    transports: dict[str, Transport] = {"first": first, "green": green.stub}
    transport = many_keys(transports)
    assert transport(HttpRequest("DELETE", "/responses/resp_of_green")) == answer
    assert green.asked == []
    assert transport.owner_of("resp_of_green") is None


def test_what_is_known_is_asked_of_its_key_alone_even_where_that_does_not_find_it(
    blue: Project, green: Project
) -> None:
    transport = both(blue, green)
    value_or_raise(run(delete_response("resp_of_blue"), transport))
    answer = value_or_raise(transport(HttpRequest("GET", "/responses/resp_of_blue")))
    assert (answer.status, green.asked) == (404, [])


def test_as_many_ids_are_remembered_as_is_said_and_those_that_are_asked_about_the_longest(
    blue: Project, green: Project
) -> None:
    transport = both(blue, green, remember=2)
    made = [value_or_raise(run(create_response(model="m", input="Hi"), transport)).id for _ in range(2)]
    assert transport.owner_of(made[0]) == "blue"
    value_or_raise(run(create_response(model="m", input="Hi"), transport))
    assert [transport.owner_of(identity) for identity in (*made, "resp_blue_2")] == ["blue", None, "blue"]


@pytest.mark.parametrize("remember", [0, -1, 1.5, True, "9"])
def test_a_count_that_is_none_is_refused(remember: Any, blue: Project, green: Project) -> None:
    with pytest.raises(ValueError, match="invalid argument 'remember'"):
        both(blue, green, remember=remember)


def test_a_chooser_sees_the_request_and_says_who_creates(blue: Project, green: Project) -> None:
    def by_model(request: HttpRequest) -> str:
        return "green" if b'"large"' in (request.body or b"") else "blue"

    transport = both(blue, green, choose=by_model)
    made = [
        value_or_raise(run(create_response(model=model, input="Hi"), transport)).id for model in ("large", "m", "large")
    ]
    assert made == ["resp_green_1", "resp_blue_1", "resp_green_2"]


def test_a_name_that_there_is_not_is_refused_and_one_like_a_key_not_shown(blue: Project, green: Project) -> None:
    with pytest.raises(ValueError, match=r"many_keys: choose returned 'red'; it must be one of 'blue', 'green'"):
        both(blue, green, choose=lambda request: "red")(HttpRequest("POST", "/responses"))
    with pytest.raises(ValueError, match=r"choose returned \[redacted\]; it must"):
        both(blue, green, choose=lambda request: "sk-" + "0" * 48)(HttpRequest("POST", "/responses"))


def test_no_transports_are_refused() -> None:
    none: dict[str, Transport] = {}
    with pytest.raises(ValueError, match="invalid argument 'transports': it is empty"):
        many_keys(none)


def test_blocking_and_asynchronous_transports_are_not_mixed(blue: Project) -> None:
    mixed: Any = {"blue": blue.stub, "other": in_threads(blue.stub)}
    with pytest.raises(TypeError, match="some of the transports are blocking and some asynchronous"):
        many_keys(mixed)


@pytest.mark.parametrize(
    ("request_", "subject"),
    [
        (HttpRequest("GET", "/responses/resp_%20a"), "resp_ a"),
        (HttpRequest("POST", "/responses/resp_1/cancel"), "resp_1"),
        (HttpRequest("GET", "/conversations/conv_1/items/msg_1"), "conv_1"),
        (HttpRequest("POST", "/responses/compact", body=b'{"previous_response_id":"resp_1"}'), "resp_1"),
        (HttpRequest("POST", "/responses/input_tokens", body=b'{"conversation":"conv_1"}'), "conv_1"),
        (HttpRequest("POST", "/responses", body=b'{"conversation":{"id":"conv_1"}}'), "conv_1"),
        (HttpRequest("POST", "/responses", body=b'{"previous_response_id":null}'), None),
        (HttpRequest("POST", "/responses", body=b'{"input":"previous_response_id"}'), None),
        (HttpRequest("POST", "/responses", body=b'{"previous_response_id":3}'), None),
        (HttpRequest("POST", "/responses", body=b'{"previous_response_id'), None),
        (HttpRequest("POST", "/responses", body=b"\xff conversation"), None),
        (HttpRequest("GET", "/responses"), None),
        (HttpRequest("GET", "/models/gpt"), None),
    ],
)
def test_what_a_request_is_about(request_: HttpRequest, subject: str | None) -> None:
    assert subject_of(request_) == subject


def test_many_threads_may_ask_at_once(blue: Project, green: Project) -> None:
    transport, start = both(blue, green), Barrier(8)

    def life(_: int) -> bool:
        start.wait(10)
        for _ in range(20):
            made = value_or_raise(run(create_response(model="m", input="Hi"), transport)).id
            value_or_raise(run(delete_response(made), transport))
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(life, range(8)))
    assert len(blue.asked) == len(green.asked) == 160


# --- given up, closed, and for an event loop ------------------------------------------------------


class OneExchange:
    """An exchange of a stub that does as it is told while it is under way."""

    def __init__(self, perform: Callable[[], Any]) -> None:
        self._perform = perform
        self.given_up = False

    def result(self) -> Any:
        return Failure(NotSent("given_up", "given up")) if self.given_up else self._perform()

    def give_up(self) -> None:
        self.given_up = True


class Abandonable:
    """A stub whose exchanges can be given up."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.meanwhile: Callable[[], object] = bool

    def __call__(self, request: HttpRequest) -> Any:
        return self.project.stub(request)

    def open(self, request: HttpRequest) -> Any:
        return self.project.stub.open(request)

    def begin(self, request: HttpRequest) -> Any:
        return OneExchange(lambda: (self.project.stub(request), self.meanwhile())[0])

    def begin_open(self, request: HttpRequest) -> Any:
        return OneExchange(lambda: (self.project.stub.open(request), self.meanwhile())[0])


def test_an_exchange_of_many_can_be_given_up_while_the_first_is_asked_and_no_other_is(
    blue: Project, green: Project
) -> None:
    first, second = Abandonable(blue), Abandonable(green)
    transport = many_keys({"blue": first, "green": second})
    request = HttpRequest("GET", "/responses/resp_of_green")
    assert transport.begin(request).result().unwrap().is_success
    assert transport.begin_open(request).result().unwrap().answer.is_success
    assert (len(blue.asked), len(green.asked)) == (1, 2)
    transport = many_keys({"blue": first, "green": second})
    blue.asked.clear()
    green.asked.clear()
    for begin in (transport.begin, transport.begin_open):
        exchange: Any = begin(request)
        first.meanwhile = exchange.give_up
        assert exchange.result() == exchange.result() == Failure(NotSent("given_up", "given up"))
    assert (len(blue.asked), green.asked) == (2, [])
    exchange = transport.begin(request)
    exchange.give_up()
    assert exchange.result() == Failure(NotSent("given_up", "given up"))
    assert len(blue.asked) == 2


def test_it_is_what_all_of_its_transports_are(blue: Project) -> None:
    def plain(request: HttpRequest) -> Result[HttpResponse, Error]:
        return blue.stub(request)

    whole = many_keys({"a": Abandonable(blue), "b": Abandonable(blue)})
    assert isinstance(whole, AbandonableStreamingTransport)
    assert isinstance(whole, AbandonableTransport)
    streaming = many_keys({"a": Abandonable(blue), "b": Opening(lambda request: HttpResponse(status=200))})
    assert isinstance(streaming, StreamingTransport)
    assert not isinstance(streaming, AbandonableTransport)
    calling = many_keys({"a": blue.stub, "b": plain})
    assert not isinstance(calling, StreamingTransport)
    opening = many_keys({"a": in_threads(blue.stub)})
    assert isinstance(opening, AsyncStreamingTransport)
    assert not isinstance(many_keys({"a": in_threads(plain)}), AsyncStreamingTransport)
    assert "ManyKeysTransport('a', 'b')" in repr(calling)
    assert repr(opening) == "AsyncManyKeysStreamingTransport('a')"


class Closing:
    """A transport that notes how it is opened and closed."""

    def __init__(self, noted: list[str], name: str) -> None:
        self._noted = noted
        self._name = name

    def __call__(self, request: HttpRequest) -> Any:
        return Success(HttpResponse(status=200))

    def __enter__(self) -> Closing:
        self._noted.append(f"enter {self._name}")
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self._noted.append(f"close {self._name}")


def test_all_are_closed_with_it(blue: Project) -> None:
    noted: list[str] = []
    transports: dict[str, Transport] = {"a": Closing(noted, "a"), "b": Closing(noted, "b"), "c": blue.stub}
    with many_keys(transports) as transport:
        assert isinstance(transport, ManyKeysTransport)
        assert noted == ["enter a", "enter b"]
    assert noted[2:] == ["close b", "close a"]
    transport.close()
    assert noted[4:] == ["close b", "close a"]


def test_an_asynchronous_one_does_the_same(blue: Project, green: Project) -> None:
    async def life() -> None:
        transports = {"blue": in_threads(blue.stub), "green": in_threads(green.stub)}
        opening: dict[str, AsyncStreamingTransport] = {}
        for name, transport in transports.items():
            assert isinstance(transport, AsyncStreamingTransport)
            opening[name] = transport
        async with many_keys(opening) as many:
            made = value_or_raise(await run_async(create_response(model="m", input="Hi"), many)).id
            assert (made, many.owner_of(made)) == ("resp_blue_1", "blue")
            events = iterate_async(stream_response(model="m", input="Hi"), many)
            assert (await anext(events)).type == "response.created"
            assert many.owner_of("resp_green_1") == "green"
            await events.aclose()
            assert value_or_raise(await run_async(retrieve_response("resp_of_green"), many)).id == "resp_of_green"
            body = value_or_raise(await many.open(HttpRequest("GET", "/responses/resp_none")))
            assert body.answer.status == 404
            assert value_or_raise(await many(HttpRequest("GET", "/responses/resp_none"))).status == 404
            failing: AsyncTransport = in_threads(lambda request: Failure(NotSent("dns", "none")))
            down = many_keys({"a": failing})
            assert (await down(HttpRequest("GET", "/responses/resp_1"))).failure() == NotSent("dns", "none")

    asyncio.run(life())
    assert [line for line in blue.asked if "of_green" in line] == ["GET /responses/resp_of_green"]


# --- the contract suites -------------------------------------------------------------------------


def whole(service: Service) -> Callable[[HttpRequest], Result[HttpResponse, Error]]:
    return lambda request: Success(service(request))


class Opening:
    """Calls a service, and opens what it answers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        return Success(self._service(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return Success(WholeBody(self._service(request)))


class TestManyKeys(TransportContract):
    @contextmanager
    def make_transport(self, service: Service) -> Generator[Transport]:
        with many_keys({"a": whole(service), "b": whole(service)}) as transport:
            yield transport


class TestManyKeysOpening(StreamingTransportContract):
    @contextmanager
    def make_streaming_transport(self, service: Service) -> Generator[StreamingTransport]:
        with many_keys({"a": Opening(service), "b": Opening(service)}) as transport:
            yield transport


class TestManyKeysBeginning(AbandonableStreamingTransportContract):
    @contextmanager
    def make_abandonable_streaming_transport(self, service: Service) -> Generator[AbandonableStreamingTransport]:
        with many_keys({"a": StubTransport(service), "b": StubTransport(service)}) as transport:
            yield transport


class TestAsyncManyKeys(AsyncTransportContract):
    @asynccontextmanager
    async def make_async_transport(self, service: Service) -> AsyncGenerator[AsyncTransport]:
        async with many_keys({"a": in_threads(whole(service)), "b": in_threads(whole(service))}) as transport:
            yield transport


class TestAsyncManyKeysOpening(AsyncStreamingTransportContract):
    @asynccontextmanager
    async def make_async_streaming_transport(self, service: Service) -> AsyncGenerator[AsyncStreamingTransport]:
        opening = in_threads(Opening(service))
        assert isinstance(opening, AsyncStreamingTransport)
        async with many_keys({"a": opening, "b": opening}) as transport:
            yield transport


def test_the_memory_has_many_keys_too() -> None:
    with many_keys({"blue": MemoryTransport(), "green": MemoryTransport()}) as transport:
        assert value_or_raise(run(delete_response("resp_chat"), transport)).deleted
        assert transport.owner_of("resp_chat") == "blue"
