"""Transports that answer as a test says: by a function, by a list of answers, or by a script of what will be asked.

For tests of programs: no network, no patching, and answers in bytes that the real codecs decode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from threading import Lock

from returns.result import Result

from ...codecs.lossless.codec import encode
from ...core.credentials import REDACTED, hide_in_request, names_a_credential
from ...core.errors import Error, NoRecording
from ...core.http import HttpRequest, HttpResponse, Pairs, find_header
from ...core.steps import Answer
from ..cassette.canned_answers import CannedAnswer, as_called, as_opened
from ..cassette.request_matching import differences, request_key
from ..contract import Body, Exchange
from ..exchanges import CallExchange, close_body


def json_response(value: object, *, status: int = 200, headers: Pairs = ()) -> HttpResponse:
    """Make a response whose body is `value` as JSON: plain Python values or the library's structs.

    `status` is from 100 to 999, and `headers` are besides the `content-type`.

    >>> json_response({"id": "resp_1", "deleted": True}).body
    b'{"id":"resp_1","deleted":true}'
    """
    return HttpResponse(status=status, headers=(("content-type", "application/json"), *headers), body=encode(value))


class StubTransport:
    """Answers with what `function` makes of each request.

    What the function raises is a mistake in the test, and is passed on. Many threads may call it at once, if the
    function can. An exchange that is given up while the function runs has been sent, and is an `Interrupted`, whatever
    the function answers.

    >>> stub = StubTransport.answering(json_response({"id": "resp_1", "deleted": True}))
    >>> stub(HttpRequest("DELETE", "/responses/resp_1")).unwrap().status
    200
    """

    def __init__(self, function: Callable[[HttpRequest], CannedAnswer]) -> None:
        self._function = function
        self._requests: list[HttpRequest] = []

    @classmethod
    def answering(cls, *answers: CannedAnswer) -> StubTransport:
        """Answer with each of `answers` in turn, whatever is asked; with a `NoRecording` after the last."""
        return cls(_InTurn(answers))

    def __call__(self, request: HttpRequest) -> Answer:
        return as_called(self._answer(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Answer in the chunks of a `StreamedResponse`, and in one chunk with any other."""
        return as_opened(self._answer(request))

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would, and that can be given up."""
        return CallExchange(partial(self, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would, and that can be given up."""
        return CallExchange(partial(self.open, request), close=close_body)

    @property
    def requests(self) -> tuple[HttpRequest, ...]:
        """All requests that were asked so far."""
        return tuple(self._requests)

    def __repr__(self) -> str:
        return f"StubTransport({self._function!r}, {len(self._requests)} requests)"

    def _answer(self, request: HttpRequest) -> CannedAnswer:
        self._requests.append(request)
        return self._function(request)


class ScriptedTransport:
    """Plays a script: the n-th request must be the n-th of the script, and gets the answer beside it.

    Compared are method, path, query and body (`request_matching` says how), and those headers that the script's request
    names. What is not as expected gets a `NoRecording` that says what differs, and the script stays where it is.
    For requests in any order, make a `CassetteTransport` of the pairs. `script` are pairs of a request and its answer.

    >>> script = ScriptedTransport((HttpRequest("DELETE", "/responses/resp_1"), HttpResponse(status=404)))
    >>> script(HttpRequest("DELETE", "/responses/resp_2")).failure().differences
    ('path: asked /responses/resp_2, expected /responses/resp_1',)
    """

    def __init__(self, *script: tuple[HttpRequest, CannedAnswer]) -> None:
        self._script = script
        self._played = 0
        self._requests: list[HttpRequest] = []
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> Answer:
        return as_called(self._answer(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Answer in the chunks of a `StreamedResponse`, and in one chunk with any other."""
        return as_opened(self._answer(request))

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would, and that can be given up."""
        return CallExchange(partial(self, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would, and that can be given up."""
        return CallExchange(partial(self.open, request), close=close_body)

    @property
    def requests(self) -> tuple[HttpRequest, ...]:
        """All requests that were asked so far, also those that the script did not expect."""
        return tuple(self._requests)

    @property
    def left_over(self) -> tuple[tuple[HttpRequest, CannedAnswer], ...]:
        """What of the script was not asked yet: empty once it has been played to its end."""
        return self._script[self._played :]

    def __repr__(self) -> str:
        return f"ScriptedTransport({self._played} of {len(self._script)} played)"

    def _answer(self, request: HttpRequest) -> CannedAnswer:
        with self._lock:
            self._requests.append(request)
            if not self.left_over:
                ended = f"the script has ended: all of its {len(self._script)} requests were asked"
                return NoRecording(request=hide_in_request(request), differences=(ended,))
            expected, answer = self.left_over[0]
            differing = _script_differences(request, expected)
            if differing:
                shown = hide_in_request(request)
                return NoRecording(request=shown, nearest=hide_in_request(expected), differences=differing)
            self._played += 1
            return answer


class _InTurn:
    """Answers with the n-th answer for the n-th request."""

    def __init__(self, answers: Iterable[CannedAnswer]) -> None:
        self._answers = tuple(answers)
        self._given = 0
        self._lock = Lock()

    def __call__(self, request: HttpRequest) -> CannedAnswer:
        with self._lock:
            if self._given == len(self._answers):
                ended = f"all {len(self._answers)} answers were given already"
                return NoRecording(request=hide_in_request(request), differences=(ended,))
            self._given += 1
            return self._answers[self._given - 1]

    def __repr__(self) -> str:
        return f"{self._given} of {len(self._answers)} answers given"


def _script_differences(asked: HttpRequest, expected: HttpRequest) -> tuple[str, ...]:
    headers = tuple(
        _header_difference(name, find_header(asked.headers, name), value)
        for name, value in expected.headers
        if find_header(asked.headers, name) != value
    )
    if request_key(asked) == request_key(expected):
        return headers
    return differences(asked, expected, known_as="expected") + headers


def _header_difference(name: str, asked: str | None, expected: str) -> str:
    if names_a_credential(name):
        return f"header {name}: asked {'none' if asked is None else 'another'}, expected {REDACTED}"
    return f"header {name}: asked {asked!r}, expected {expected!r}"
