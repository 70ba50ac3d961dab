"""The laws that every transport keeps, each as a test.

A service, given as a function, takes the place of the server: the laws compare what a transport was given and returned
with what the service got and answered.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import ClassVar

from ....core.errors import Error
from ....core.http import HttpRequest, HttpResponse, Pairs
from ....core.results import is_failure
from ....core.steps import Answer
from ...contract import Transport
from ..loopback import Service
from .expect import expect

__all__ = ["Recorder", "TransportContract", "error_of", "expect", "repeat_request", "response_of"]

_WITHOUT_BODY = frozenset({204, 205, 304})
_ODD_QUERY: Pairs = (
    ("include[]", "message.output_text.logprobs"),
    ("include[]", "file_search_call.results"),
    ("after", "a b+c&d=e%20/?#"),
    ("odd name", "é 漢字 🙂"),
    ("lines", "a\r\nb\tc"),
    ("empty", ""),
    ("include[]", "after others"),
)


def error_of(result: Answer, asked: str) -> Error:
    """The error in `result`; where there is none, the law of what was `asked` for fails."""
    if is_failure(result):
        return result.failure()
    raise AssertionError(f"{asked} must be a Failure, not {result}")


def response_of(result: Answer, asked: str) -> HttpResponse:
    """The response in `result`; where there is none, the law of what was `asked` for fails."""
    if is_failure(result):
        raise AssertionError(f"{asked} must be a Success, not {result}")
    return result.unwrap()


class Recorder:
    """A service that answers with `response` and remembers what it was asked."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        self.requests: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        return self.response


class TransportContract:
    """The laws of `Transport`. A subclass says how to make the transport, and pytest runs the laws.

    A `service` is a function from a request to the response to it, which requests reach through the transport.
    """

    credential: ClassVar[str] = "sk-contract-0123456789abcdef"
    """The key that the transport is to send, where it is one that sends a key."""
    patience: ClassVar[float] = 10.0
    """Seconds after which a law that waits for something is broken."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        """Make a transport whose requests reach `service`, and which returns what that answers."""
        raise NotImplementedError("a subclass of TransportContract says how to make a transport")

    def test_any_status_is_a_success(self) -> None:
        """Judging a status is the core's work."""

        def service(request: HttpRequest) -> HttpResponse:
            status = int(request.path.removeprefix("/status/"))
            body = b"" if status in _WITHOUT_BODY else b"the answer"
            return HttpResponse(status=status, headers=(("X-Status", str(status)),), body=body)

        with self.make_transport(service) as transport:
            for status in range(200, 600):
                response = response_of(transport(HttpRequest("GET", f"/status/{status}")), f"a {status}")
                expect(response.status == status, f"a {status} came back as {response.status}")
                expect(response.header("x-status") == str(status), f"the headers of a {status} are not its own")
                body = b"" if status in _WITHOUT_BODY else b"the answer"
                expect(response.body == body, f"the body of a {status} came back as {response.body!r}")

    def test_a_header_of_the_answer_is_found_in_any_case(self) -> None:
        """`x-request-id` is what support asks for."""
        answer = HttpResponse(status=200, headers=(("X-Request-Id", "req_1"),), body=b"{}")
        response = self._answer_of(Recorder(answer))
        for name in ("X-Request-Id", "x-request-id", "X-REQUEST-ID"):
            expect(response.header(name) == "req_1", f"the header {name} is {response.header(name)!r}, not 'req_1'")

    def test_a_repeated_header_of_the_answer_keeps_all_its_values(self) -> None:
        """Also joined by commas, which means the same (RFC 9110, section 5.3)."""
        answer = HttpResponse(status=200, headers=(("X-Twice", "1"), ("X-Other", "0"), ("X-Twice", "2")))
        values = _values(self._answer_of(Recorder(answer)).headers, "x-twice")
        expect(values == "1, 2", f"X-Twice: 1 and X-Twice: 2 came back as {values!r}")

    def test_an_empty_answer_is_empty(self) -> None:
        """Some servers answer a delete with nothing."""
        for status in (200, 204, 404):
            body = self._answer_of(Recorder(HttpResponse(status=status))).body
            expect(body == b"", f"an empty body came back as {body!r}")

    def test_a_large_answer_arrives_whole(self) -> None:
        """Five megabytes: more than any buffer on the way."""
        body = b"0123456789abcdef" * (5 * 2**16)
        arrived = self._answer_of(Recorder(HttpResponse(status=200, body=body))).body
        expect(arrived == body, f"a body of {len(body)} bytes came back with {len(arrived)}, or changed")

    def test_a_binary_answer_arrives_as_it_is(self) -> None:
        """Every byte, in what is neither text nor JSON."""
        body = bytes(range(256)) * 16 + b"\r\n\r\n\x00"
        arrived = self._answer_of(Recorder(HttpResponse(status=200, body=body))).body
        expect(arrived == body, "a body of all bytes came back changed")

    def test_a_redirect_is_an_answer(self) -> None:
        """Following it would send the request, and perhaps the key, where nobody asked for it to go."""
        for status in (301, 302, 303, 307, 308):
            service = Recorder(HttpResponse(status=status, headers=(("Location", "/elsewhere"),)))
            response = self._answer_of(service)
            expect(response.status == status, f"a {status} came back as {response.status}")
            expect(response.header("location") == "/elsewhere", f"a {status} came back without its Location")
            expect(len(service.requests) == 1, f"after a {status}, {len(service.requests)} requests were sent, not 1")

    def test_nothing_is_retried(self) -> None:
        """Whether to repeat is decided by the core."""
        headers = (("Retry-After", "0"), ("x-should-retry", "true"))
        for status in (408, 409, 425, 429, 500, 502, 503, 504):
            service = Recorder(HttpResponse(status=status, headers=headers, body=b"{}"))
            self._answer_of(service)
            expect(len(service.requests) == 1, f"after a {status}, {len(service.requests)} requests were sent, not 1")

    def test_the_same_request_twice_is_two_exchanges(self) -> None:
        """Nothing is answered from memory: a status that is polled changes."""
        asked: list[HttpRequest] = []

        def service(request: HttpRequest) -> HttpResponse:
            asked.append(request)
            return HttpResponse(status=200, body=str(len(asked)).encode())

        request = HttpRequest("GET", "/responses/resp_1")
        with self.make_transport(service) as transport:
            for count in (b"1", b"2"):
                body = response_of(transport(request), "an answer").body
                expect(body == count, f"answer {count.decode()} came back as {body!r}")

    def test_the_method_and_the_path_arrive(self) -> None:
        """Percent-encoded as it was: an encoded slash is not a slash."""
        for method in ("GET", "POST", "DELETE", "PATCH", "PUT"):
            for path in ("/", "/responses", "/responses/a%2Fb%20c%25%C3%A9/cancel", "/x/~-._!$&'()*+,;=:@/y"):
                arrived = self._request_of(HttpRequest(method, path))
                expect(arrived.method == method, f"the method {method} arrived as {arrived.method}")
                expect(arrived.path == path, f"the path {path} arrived as {arrived.path}")

    def test_the_query_arrives(self) -> None:
        """In order, with repeats, and with whatever characters."""
        arrived = self._request_of(HttpRequest("GET", "/responses/resp_1/input_items", _ODD_QUERY)).query
        expect(arrived == _ODD_QUERY, f"the query {_ODD_QUERY} arrived as {arrived}")

    def test_the_headers_arrive(self) -> None:
        """With whatever the transport adds: those are the headers of the request and some more."""
        own = (("Content-Type", "application/json"), ("X-Odd", 'a, b; c="d"'), ("X-1", "1"), ("X-1", "2"))
        arrived = self._request_of(HttpRequest("POST", "/responses", (), own, b"{}")).headers
        for name in ("Content-Type", "X-Odd", "X-1"):
            value = _values(arrived, name)
            expect(value == _values(own, name), f"the header {name} arrived as {value!r}")

    def test_the_body_arrives(self) -> None:
        """Every byte, of a small one and of a megabyte."""
        for body in (b'{"model":"gpt-4o"}', bytes(range(256)), b"0123456789abcdef" * 2**16):
            arrived = self._request_of(HttpRequest("POST", "/responses", (), (), body)).body
            expect(arrived == body, f"a body of {len(body)} bytes arrived with {len(arrived or b'')}, or changed")

    def test_an_empty_body_is_told_from_none(self) -> None:
        """`Content-Length: 0` from no `Content-Length`."""
        arrived = self._request_of(HttpRequest("POST", "/responses/resp_1/cancel", (), (), b"")).body
        expect(arrived == b"", f"a body of no bytes arrived as {arrived!r}")
        arrived = self._request_of(HttpRequest("DELETE", "/responses/resp_1")).body
        expect(arrived is None, f"no body arrived as {arrived!r}")

    def test_the_request_stays_as_it_was(self) -> None:
        """A request is a value: sending it changes nothing about it."""
        headers = (("X-1", "1"),)
        request = HttpRequest("POST", "/responses", _ODD_QUERY, headers, b"{}", idempotent=True)
        self._request_of(request)
        twin = HttpRequest("POST", "/responses", _ODD_QUERY, headers, b"{}", idempotent=True)
        expect(request == twin, f"after it was sent, the request is {request}")

    def test_each_of_many_threads_gets_its_own_answer(self) -> None:
        """Sixteen of them, with twenty-five calls each."""

        def calls(thread: int) -> list[tuple[str, HttpResponse]]:
            sent = [HttpRequest("POST", f"/echo/{thread}/{call}", (), (), b"%d" % call) for call in range(25)]
            return [(f"{one.path} {one.body!r}", response_of(transport(one), "an answer")) for one in sent]

        with self.make_transport(repeat_request) as transport, ThreadPoolExecutor(16) as threads:
            for thread in threads.map(calls, range(16)):
                for asked, response in thread:
                    expect(response.body.decode() == asked, f"the answer to {asked} is {response.body!r}")

    def test_no_answer_holds_the_credential(self) -> None:
        """Not even where the server sends it back, as those that complain about a key do."""

        def service(request: HttpRequest) -> HttpResponse:
            said = "; ".join(value for _, value in request.headers)
            return HttpResponse(status=401, headers=(("X-Said", said),), body=said.encode())

        with self.make_transport(service) as transport:
            shown = f"{transport(HttpRequest('GET', '/responses/resp_1'))!r} from {transport!r}"
        expect(self.credential not in shown, "the result, or the transport's repr, holds the credential")

    def _answer_of(self, service: Service) -> HttpResponse:
        with self.make_transport(service) as transport:
            return response_of(transport(HttpRequest("GET", "/responses/resp_1")), "the answer")

    def _request_of(self, request: HttpRequest) -> HttpRequest:
        service = Recorder(HttpResponse(status=200, body=b"{}"))
        with self.make_transport(service) as transport:
            response_of(transport(request), "the answer")
        expect(len(service.requests) == 1, f"one request became {len(service.requests)}")
        return service.requests[0]


def repeat_request(request: HttpRequest) -> HttpResponse:
    """A service whose answer says what was asked."""
    return HttpResponse(status=200, body=f"{request.path} {request.body!r}".encode())


def _values(headers: Pairs, name: str) -> str:
    return ", ".join(value for key, value in headers if key.lower() == name.lower())
