"""A layer that keeps what passes through it, and an assertion on what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import unified_diff
from functools import partial
from threading import Lock
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct, json
from returns.result import Failure, Result, Success

from ...codecs.lossless.errors import REFUSALS
from ...core.credentials import hide_in_request, hide_in_response
from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer, Done, Fork, Operation, Send, Wait
from ...core.streams import Close, Emit, End, Open, Perform, Read, Stream
from ..bodies import open_body
from ..cassette.request_matching import differences, request_key
from ..contract import Body, Exchange, Transport
from ..exchanges import SeenExchange, beginning_calls, beginning_to_open

T = TypeVar("T", bound=Transport)

Expected: TypeAlias = HttpRequest | Operation[Any] | Stream[Any]
"""A request, or what is to begin with it."""


class Captured(Struct, frozen=True):
    """An exchange: the request and its result. Of a body that was opened, without what was read of it.

    Credentials (of a request that was made by hand, or a `Set-Cookie`) are `[redacted]` in it.
    """

    request: HttpRequest
    result: Result[HttpResponse, Error]


class CaptureTransport(Generic[T]):
    """Passes every request on to `transport`, and keeps it with its result. Many threads may call it at once.

    >>> from puresponse.transports import MemoryTransport
    >>> capture = CaptureTransport(MemoryTransport())
    >>> _ = capture(HttpRequest("DELETE", "/responses/resp_chat"))
    >>> [(one.request.path, one.result.unwrap().status) for one in capture.exchanges]
    [('/responses/resp_chat', 200)]
    """

    def __init__(self, transport: T) -> None:
        self.transport = transport
        self._exchanges: list[Captured] = []
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        return self._keep(request, self.transport(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        return self._keep_opened(request, open_body(self.transport, request))

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, and that is given up as the transport's is. It is kept then too."""
        return SeenExchange(beginning_calls(self.transport)(request), partial(partial, self._keep, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would, and that is given up as the transport's is."""
        return SeenExchange(beginning_to_open(self.transport)(request), partial(partial, self._keep_opened, request))

    @property
    def exchanges(self) -> tuple[Captured, ...]:
        """All that has passed so far, in the order in which it was answered."""
        return tuple(self._exchanges)

    @property
    def requests(self) -> tuple[HttpRequest, ...]:
        """The requests of `exchanges`."""
        return tuple(exchange.request for exchange in self._exchanges)

    def __repr__(self) -> str:
        return f"CaptureTransport({self.transport!r}, {len(self._exchanges)} exchanges)"

    def _keep(self, request: HttpRequest, result: Answer) -> Answer:
        kept = Captured(hide_in_request(request), _hidden(result))
        with self._lock:
            self._exchanges.append(kept)
        return result

    def _keep_opened(self, request: HttpRequest, opened: Result[Body, Error]) -> Result[Body, Error]:
        self._keep(request, opened if is_failure(opened) else Success(opened.unwrap().answer))
        return opened


def _hidden(result: Result[HttpResponse, Error]) -> Result[HttpResponse, Error]:
    if is_failure(result):
        return result
    response = result.unwrap()
    shown = hide_in_response(response)
    return result if shown is response else Success(shown)


def assert_asked(asked: Iterable[HttpRequest], *expected: Expected) -> None:
    """Fail with a readable difference, unless `asked` are the `expected` requests, in order.

    Args:
        asked: The `requests` of a transport that keeps them.
        expected: Requests, or operations and streams for the first request that they make. Method, path, query and
            body are compared as a cassette does, headers are not.

    Raises `AssertionError` with the difference, and `ValueError` for an operation that does not begin with a request.

    >>> from puresponse.core import delete_response
    >>> assert_asked([HttpRequest("GET", "/responses/resp_1")], delete_response("resp_1"))
    Traceback (most recent call last):
    AssertionError: not what was to be asked:
    --- expected
    +++ asked
    @@ -1 +1 @@
    -DELETE /responses/resp_1
    +GET /responses/resp_1
    request 1: method: asked GET, expected DELETE
    """
    requests = [hide_in_request(one) for one in asked]
    wanted = [hide_in_request(_first_request(one)) for one in expected]
    if [request_key(one) for one in requests] == [request_key(one) for one in wanted]:
        return
    shown = unified_diff(_shown(wanted), _shown(requests), "expected", "asked", lineterm="")
    details = [
        f"request {number}: {difference}"
        for number, (ours, theirs) in enumerate(zip(requests, wanted, strict=False), 1)
        for difference in differences(ours, theirs, known_as="expected")
    ]
    raise AssertionError("\n".join(["not what was to be asked:", *shown, *details]))


def assert_not_asked(asked: Iterable[HttpRequest]) -> None:
    """Fail, and say what was asked, unless nothing was: `asked` are the `requests` of a transport that keeps them.

    Raises `AssertionError`, and says what was asked; errors are those of `assert_asked`.

    >>> from puresponse import StubTransport
    >>> assert_not_asked(StubTransport.answering().requests)
    """
    assert_asked(asked)


def _first_request(expected: Expected) -> HttpRequest:
    """The request, or the first of an operation or stream. Raises `ValueError` for one that does not begin with one."""
    match expected:
        case HttpRequest():
            return expected
        case Send(request=request) | Open(request=request):
            return request
        case Perform(operation=operation):
            return _first_request(operation)
        case Done(result=Failure() as failure) | End(result=Failure() as failure):
            raise ValueError(f"expected: this operation makes no request: {failure.failure()}")
        case Fork(operations=(first, *_)):
            return _first_request(first)
        case Done() | Wait() | Fork() | Emit() | Read() | Close() | End():
            raise ValueError(f"expected: this does not begin with a request: {expected!r}")


def _shown(requests: list[HttpRequest]) -> list[str]:
    return [line for request in requests for line in _lines(request)]


def _lines(request: HttpRequest) -> list[str]:
    query = "&".join(f"{name}={value}" for name, value in request.query)
    first = f"{request.method} {request.path}{'?' if query else ''}{query}"
    if not request.body:
        return [first]
    try:
        body = json.format(request.body, indent=2).decode()
    except REFUSALS:
        body = repr(request.body)
    return [first, *(f"  {line}" for line in body.split("\n"))]
