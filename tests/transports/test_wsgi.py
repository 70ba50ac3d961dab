"""Any transport can be served over HTTP, and says there what it says itself."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Event
from typing import Any

import pytest
from msgspec import json
from returns.result import Failure, Result, Success
from wsgi_server import serving_wsgi

from puresponse.core import HttpRequest, HttpResponse, Interrupted
from puresponse.core.errors import Error
from puresponse.transports import Urllib3Transport, VirtualClock
from puresponse.transports.contract import Body, Transport
from puresponse.transports.memory.faults import Fault, FaultPlan, Reset, Rule, ServerError, Truncated, Unsent
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.serving.wsgi import WsgiApplication
from puresponse.transports.testing.contract import Service, TransportContract

STREAMED = b'{"model":"gpt-4o-mini","input":"one two three","stream":true}'


class TestServed(TransportContract):
    """A service behind the application, cheroot and a real transport keeps the laws of a transport."""

    @contextmanager
    def make_transport(self, service: Service) -> Generator[Transport]:
        def asked(request: HttpRequest) -> Result[HttpResponse, Error]:
            return Success(service(request))

        with (
            serving_wsgi(WsgiApplication(asked)) as url,
            Urllib3Transport(api_key=self.credential, base_url=url) as transport,
        ):
            yield transport

    def test_the_headers_arrive(self) -> None:
        """All but a second one of a name: the variables of WSGI hold one, and cheroot keeps the last."""
        arrived: list[HttpRequest] = []

        def service(request: HttpRequest) -> HttpResponse:
            arrived.append(request)
            return HttpResponse(status=200)

        own = (("Content-Type", "application/json"), ("X-Odd", 'a, b; c="d"'))
        with self.make_transport(service) as transport:
            transport(HttpRequest("POST", "/responses", (), own, b"{}")).unwrap()
        held = HttpResponse(status=200, headers=arrived[0].headers)
        assert [held.header(name) for name, _ in own] == [value for _, value in own]


@contextmanager
def served(memory: Transport, **options: Any) -> Generator[Urllib3Transport]:
    with (
        serving_wsgi(WsgiApplication(memory, **options), threads=4) as url,
        Urllib3Transport(api_key="sk-right", base_url=url) as transport,
    ):
        yield transport


def failure(transport: Transport, request: HttpRequest) -> Error:
    result = transport(request)
    assert isinstance(result, Failure)
    error: Error = result.failure()
    return error


# Through a server


def test_an_answer_has_its_length() -> None:
    with served(MemoryTransport()) as transport:
        answer = transport(HttpRequest("GET", "/responses/resp_chat")).unwrap()
    assert answer.header("content-length") == str(len(answer.body))
    assert answer.header("x-request-id") == "req_000001"


def test_a_stream_is_chunked() -> None:
    with served(MemoryTransport.empty()) as transport:
        answer = transport(HttpRequest("POST", "/responses", body=STREAMED)).unwrap()
    assert answer.header("content-length") is None
    assert answer.header("content-type") == "text/event-stream; charset=utf-8"
    assert answer.body.endswith(b"\n\n")


class Held:
    """A transport whose body gives its second chunk only when it is let."""

    def __init__(self) -> None:
        self.again()

    def again(self) -> None:
        self.let = Event()
        self.closed = Event()
        self.answer = HttpResponse(status=200, headers=(("content-type", "text/event-stream"),))
        self._chunks: Iterator[Callable[[], bytes]] = iter((lambda: b"data: 1\n\n", self._second, lambda: b""))

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        raise AssertionError(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        assert request.method == "GET"
        return Success(self)

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        return Success(next(self._chunks)())

    def close(self, within: float = 0.0) -> None:
        self.closed.set()

    def _second(self) -> bytes:
        assert self.let.wait(10)
        return b"data: 2\n\n"


def test_an_event_is_sent_before_the_next_one_is_there() -> None:
    held = Held()
    with served(held) as transport:
        body = transport.open(HttpRequest("GET", "/responses/resp_1")).unwrap()
        first = body.read().unwrap()
        held.let.set()
        second = body.read().unwrap()
        body.close()
    assert (first, second) == (b"data: 1\n\n", b"data: 2\n\n")
    assert held.closed.wait(10)


def test_a_client_that_leaves_in_mid_stream_is_survived() -> None:
    held = Held()
    with served(held) as transport:
        body = transport.open(HttpRequest("GET", "/responses/resp_1")).unwrap()
        body.read()
        body.close()
        held.let.set()
        assert held.closed.wait(10)
        held.again()
        again = transport.open(HttpRequest("GET", "/responses/resp_1")).unwrap()
        assert again.read().unwrap() == b"data: 1\n\n"
        again.close()
        held.let.set()


@pytest.mark.parametrize("fault", [Reset(), Unsent()])
def test_a_reset_is_a_connection_closed_without_an_answer(fault: Fault, capfd: pytest.CaptureFixture[str]) -> None:
    memory = MemoryTransport(faults=FaultPlan((Rule(fault, times=1),)))
    with served(memory) as transport:
        error = failure(transport, HttpRequest("DELETE", "/responses/resp_chat"))
        assert transport(HttpRequest("DELETE", "/responses/resp_chat")).unwrap().status == 200
    assert isinstance(error, Interrupted)
    assert error.kind == "reset"
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("count", [0, 5])
def test_a_truncated_body_is_shorter_than_announced(count: int) -> None:
    memory = MemoryTransport(faults=FaultPlan((Rule(Truncated(count)),)))
    with served(memory) as transport:
        error = failure(transport, HttpRequest("GET", "/responses/resp_chat"))
    assert isinstance(error, Interrupted)
    assert error.kind == "truncated"


def test_a_stream_that_breaks_off_is_truncated() -> None:
    memory = MemoryTransport.empty(faults=FaultPlan((Rule(Truncated(600)),)))
    with served(memory) as transport:
        error = failure(transport, HttpRequest("POST", "/responses", body=STREAMED))
    assert isinstance(error, Interrupted)
    assert error.kind == "truncated"


def test_a_refusal_that_breaks_off_is_no_answer() -> None:
    memory = MemoryTransport(faults=FaultPlan((Rule(ServerError()), Rule(Truncated()))))
    with served(memory) as transport:
        assert isinstance(failure(transport, HttpRequest("GET", "/responses/resp_chat")), Interrupted)


# The application itself


class Asking:
    """Calls an application as a WSGI server does."""

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self.status = ""
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, body: bytes | None = None, **environ: Any) -> bytes:
        about: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO(body or b"")}
        if body is not None:
            about["CONTENT_LENGTH"] = str(len(body))
        return b"".join(self._application({**about, **environ}, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)


def asking(**options: Any) -> Asking:
    return Asking(WsgiApplication(MemoryTransport(), **options))


def test_what_is_outside_of_its_path_is_not_found() -> None:
    ask = asking()
    for path in ("/", "/v2/responses", "/v11/models"):
        assert json.decode(ask("GET", path))["error"]["message"].startswith(f"Invalid URL (GET {path})")
        assert ask.status == "404 Not Found"


def test_it_can_stand_at_the_root() -> None:
    ask = asking(path="")
    ask("GET", "/responses/resp_chat")
    assert ask.status == "200 OK"


def test_a_path_that_a_server_decoded_is_encoded_again() -> None:
    body = asking()("GET", "/v1/responses/resp é".encode().decode("latin-1"))
    assert json.decode(body)["error"]["message"] == "Response with id 'resp é' not found."


def test_a_chunked_body_is_read_to_its_end() -> None:
    memory = MemoryTransport.empty()
    ask = Asking(WsgiApplication(memory))
    source = BytesIO(b'{"model":"m","input":"x"}')
    about: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": source}
    ask("POST", "/v1/responses", **about)
    assert (ask.status, memory.requests[0].body) == ("200 OK", b'{"model":"m","input":"x"}')


def test_a_body_of_too_many_bytes_is_a_413_announced_or_not() -> None:
    ask = Asking(WsgiApplication(MemoryTransport(), max_body=10))
    for body, environ in (
        (b"x" * 11, {}),
        (None, {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(b"x" * 11)}),
    ):
        message = json.decode(ask("POST", "/v1/responses", body, **environ))["error"]["message"]
        assert message == "The body of this request is too large. It may have 10 bytes at most."
        assert ask.status.startswith("413 ")  # the words are the Python's
    ask("POST", "/v1/responses", b"x" * 10)
    assert ask.status == "400 Bad Request"


@pytest.mark.parametrize("length", ["many", "-1", "1.5", "+1", "\u0663"])
def test_a_length_that_is_none_is_a_400(length: str) -> None:
    ask = asking()
    body = ask("POST", "/v1/responses", CONTENT_LENGTH=length)
    assert (ask.status, b"Content-Length is not a number of bytes" in body) == ("400 Bad Request", True)


def test_too_many_headers_are_a_431() -> None:
    ask = asking()
    headers: dict[str, Any] = {f"HTTP_X_{number}": "1" for number in range(257)}
    ask("GET", "/v1/models", **headers)
    assert ask.status == "431 Request Header Fields Too Large"


def test_an_asynchronous_transport_is_refused() -> None:
    async def transport(request: HttpRequest) -> Result[HttpResponse, Error]:
        raise AssertionError(request)

    with pytest.raises(TypeError, match=r"^a WSGI application needs a transport that blocks, and .* is asynchronous$"):
        WsgiApplication(transport)


def test_without_a_key_any_is_taken_and_none_is_kept() -> None:
    memory = MemoryTransport()
    ask = Asking(WsgiApplication(memory))
    ask("GET", "/v1/models", HTTP_AUTHORIZATION="Bearer sk-mine", HTTP_X_A="1", CONTENT_TYPE="text/plain")
    assert memory.requests[0].headers == (("x-a", "1"), ("content-type", "text/plain"))


def test_no_credential_of_a_client_is_kept_whatever_it_is_called() -> None:
    memory = MemoryTransport()
    given: dict[str, Any] = {"HTTP_API_KEY": "hush", "HTTP_COOKIE": "a=hush", "HTTP_OCP_APIM_SUBSCRIPTION_KEY": "hush"}
    query = "code=hush&limit=5&sig=hush&page_token=p"
    Asking(WsgiApplication(memory))("GET", "/v1/models", **given, HTTP_IDEMPOTENCY_KEY="i", QUERY_STRING=query)
    (request,) = memory.requests
    assert request.headers == (("idempotency-key", "i"),)
    assert request.query == (("limit", "5"), ("page_token", "p"))


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "Missing bearer or basic authentication in header"),
        ("Bearer", "Missing bearer or basic authentication in header"),
        ("Basic sk-right", "Missing bearer or basic authentication in header"),
        ("Bearer sk-wrong", "Incorrect API key provided: ********."),
    ],
)
def test_a_key_is_asked_for_where_there_is_one(header: str, message: str) -> None:
    ask = asking(api_key="sk-right")
    error = json.decode(ask("GET", "/v1/models", HTTP_AUTHORIZATION=header))["error"]
    assert ask.status == "401 Unauthorized"
    assert error["message"].startswith(message)


def test_the_right_key_is_let_in() -> None:
    ask = asking(api_key="sk-right")
    ask("GET", "/v1/models", HTTP_AUTHORIZATION="bearer sk-right")
    assert ask.status == "200 OK"


def test_its_repr_holds_no_key() -> None:
    shown = repr(WsgiApplication(MemoryTransport(clock=VirtualClock()), api_key="sk-right"))
    assert shown == "WsgiApplication(MemoryTransport(9 responses, 0 requests), path='/v1')"
