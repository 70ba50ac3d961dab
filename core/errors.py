"""Everything that can go wrong, as one closed union of values.

Each error is about one exchange, the last that the program made: the server may have acted on that request
(`may_have_acted`), and that same request could fare better later (`retryable`). Neither is about the whole program. A
`create_response(…).bind(wait)` that expires has `may_have_acted` False, for a wait only reads, and yet a response was
created; and what is `retryable` is the last request, not all that preceded it.

`str(error)` is a sentence for people. Exceptions are for bugs only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from msgspec import Struct, structs

from ..codecs.lossless.errors import DecodeError
from ..codecs.lossless.shown import shown
from .http import HttpRequest, HttpResponse, Pairs

if TYPE_CHECKING:
    from ..codecs.types.response import Response
else:
    Response = Any  # the structs of a response are heavy to import, and an error seldom has one

E = TypeVar("E")

NotSentKind: TypeAlias = Literal[
    "dns", "refused", "tls", "connect_timeout", "proxy", "unreachable", "invalid_request", "given_up"
]
"""How a request failed to leave.

`invalid_request` is one that no connection could carry, `given_up` one that its caller gave up before it was sent.
"""

InterruptedKind: TypeAlias = Literal[
    "read_timeout", "reset", "truncated", "protocol", "tls", "limit", "given_up", "status"
]
"""How an exchange broke off.

`limit` is an answer larger than the transport takes, `given_up` an exchange that its caller gave up after it was, or
may have been, sent; `status` is an earlier answer (5xx, 408) that left open what the server did.
"""


class InvalidArgument(Struct, frozen=True, tag_field="error", tag=True):
    """An argument that no request can be built from. Nothing was sent for it.

    `parameter` is its name; `reason` says what was given and what is allowed.
    """

    parameter: str
    reason: str

    @property
    def may_have_acted(self) -> bool:
        """False: no request was built. What the program sent before, it sent all the same."""
        return False

    @property
    def retryable(self) -> bool:
        """False: the argument stays what it is."""
        return False

    def __str__(self) -> str:
        return f"invalid argument {self.parameter!r}: {self.reason}"


class NotSent(Struct, frozen=True, tag_field="error", tag=True, repr_omit_defaults=True):
    """The request certainly did not reach the server: it may be repeated, whatever it is.

    `kind` says what failed, `reason` says it for people. `response_id` is that of the response that a stream or a wait
    was about; None where it is not known.
    """

    kind: NotSentKind
    reason: str
    response_id: str | None = None

    @property
    def may_have_acted(self) -> bool:
        """False: the server never saw this request. It did see those that the program sent before."""
        return False

    @property
    def retryable(self) -> bool:
        """True of this request, but for one that cannot be sent at all, or that the caller gave up."""
        return self.kind not in {"invalid_request", "given_up"}

    def __str__(self) -> str:
        return f"not sent ({self.kind}): {self.reason}{_about(self.response_id)}"


class Interrupted(Struct, frozen=True, tag_field="error", tag=True):
    """The exchange broke off after the request was, or may have been, sent: the server may have acted.

    `kind` says what happened, `reason` says it for people. Where it was to be received whole, `partial` is what was
    received: status and headers, and the body as far as it was; None where not even the head of an answer was received.
    It is never shown. `response_id` is that of the response that a stream or a wait was about; None where it is not
    known.
    """

    kind: InterruptedKind
    reason: str
    partial: HttpResponse | None = None
    response_id: str | None = None

    @property
    def may_have_acted(self) -> bool:
        """True: what the server did with this request is not known."""
        return True

    @property
    def retryable(self) -> bool:
        """True, but where the caller gave up, or the answer was larger than the transport takes.

        Whether repeating the request is also harmless it says itself (`HttpRequest.idempotent`).
        """
        return self.kind not in {"limit", "given_up"}

    def __str__(self) -> str:
        return f"interrupted ({self.kind}): {self.reason}{_about(self.response_id)}"

    def __repr__(self) -> str:
        """All but `partial`, which holds whatever the server sent."""
        response_id = "" if self.response_id is None else f", response_id={self.response_id!r}"
        return f"Interrupted(kind={self.kind!r}, reason={self.reason!r}{response_id})"


class ApiError(Struct, frozen=True, kw_only=True, tag_field="error", tag=True, repr_omit_defaults=True):
    """The server answered with a status other than 2xx.

    `status` is that of the answer, and `request_id` its `x-request-id`, to be named to the service; None without one.
    `type`, `code`, `message` and `param` are those of the error body, None where it has none; `headers` and `body` are
    as received. `retry_after` is the server's hint in seconds. `after_interruption` is whether an earlier
    attempt at the same request was cut off and may have been acted upon: a 404 then says that the response is gone,
    not that it never was. `response_id` is that of the response that a stream or a wait was about, and `response` the
    failed response itself, where a stream received it. https://platform.openai.com/docs/guides/error-codes
    """

    __repr__ = shown

    status: int
    type: str | None = None
    code: str | None = None
    message: str | None = None
    param: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    headers: Pairs = ()
    body: bytes = b""
    after_interruption: bool = False
    response_id: str | None = None
    response: Response | None = None

    @property
    def retryable(self) -> bool:
        """True where sending this request again may help, by the function that `retrying` asks.

        That judges by `x-should-retry`, else by the status, and never repeats where a quota is used up.
        """
        from .retry_hints import asks_to_retry

        return asks_to_retry(self.status, self.code, self.type, self.headers)

    @property
    def no_such_route(self) -> bool:
        """True for a 405, and for a 404 about a URL, or about nothing, and not about the response that was asked for.

        The base URL lacks its `/v1`, say, or the server does not have this operation: the response may well be there.
        """
        from .routes import is_route_missing

        return is_route_missing(self.status, self.message, self.code, self.body)

    @property
    def may_have_acted(self) -> bool:
        """True for a 5xx and for 408, which a proxy may send while the server goes on; False for a refusal.

        False as well with `x-should-retry: true`, the server's word that it did not act; True in any case where an
        earlier attempt at this request may have been acted upon. Of other requests that the program sent before, it
        says nothing.
        """
        from .retry_hints import leaves_open

        return self.after_interruption or leaves_open(self.status, self.headers)

    def __str__(self) -> str:
        code = f", {self.code}" if self.code else ""
        after = ", after an interrupted attempt" if self.after_interruption else ""
        request = f" (request {self.request_id})" if self.request_id else ""
        route = "; the server has no such route: is the base URL right (/v1)?" if self.no_such_route else ""
        text = f"HTTP {self.status}{code}{after}: {self.message or 'no message'}{route}"
        return f"{text}{request}{_about(self.response_id)}"


class WaitExpired(Struct, frozen=True, kw_only=True, tag_field="error", tag=True):
    """The caller's budget for a wait, or for a whole program, ran out, after `elapsed` seconds and `polls` polls.

    `last` is what was seen last, None where nothing was. `response_id` is that of the response that was waited for.
    `not_found` is how many of the polls were answered with 404: all of them, where there may be no such response.

    `limit` is the seconds of `within`, None for a wait. There `polls` is how many answers the program received, and
    `last` is the last of them, an `HttpResponse`, or what was received of one that was cut off. `left_open` is whether
    the server may have acted on the request that was cut off, or on an earlier attempt at it.
    """

    __repr__ = shown

    elapsed: float
    polls: int
    last: Any = None
    response_id: str | None = None
    not_found: int = 0
    limit: float | None = None
    left_open: bool = False

    @property
    def may_have_acted(self) -> bool:
        """Whether the last request was cut off, and did more than read: `left_open`. A wait only reads.

        False for a request that was not sent for lack of time, unless an earlier attempt at it was left open. A
        response that was created before is there all the same.
        """
        return self.left_open

    @property
    def retryable(self) -> bool:
        """True: with more time the wait may see its end. The program, run again, would create another response."""
        return True

    def __str__(self) -> str:
        if self.limit is not None:
            answers = "1 answer" if self.polls == 1 else f"{self.polls} answers"
            cut = ", in the midst of a request that may have been acted upon" if self.left_open else ""
            text = f"not done within {self.limit:g} s: given up after {self.elapsed:.1f} s and {answers}{cut}"
            return f"{text}{_about(self.response_id)}"
        missing = ""
        if self.not_found:
            share = "all" if self.not_found >= self.polls else str(self.not_found)
            missing = f", {share} of them answered with 404"
        return f"the wait expired after {self.elapsed:.1f} s and {self.polls} polls{missing}{_about(self.response_id)}"


class NoRecording(Struct, frozen=True, kw_only=True, tag_field="error", tag=True):
    """A cassette or a stub has no answer to `request`. `nearest` is the most similar request that it knows.

    `differences` say in what that differs; None and empty where nothing is similar.
    `hint` says how to record one; None for a stub, which records nothing. `response_id` is that of the response that a
    stream or a wait was about; None where it is not known.
    """

    __repr__ = shown

    request: HttpRequest
    nearest: HttpRequest | None = None
    differences: tuple[str, ...] = ()
    response_id: str | None = None
    hint: str | None = None

    @property
    def may_have_acted(self) -> bool:
        """False: this request was answered by nobody."""
        return False

    @property
    def retryable(self) -> bool:
        """False: recordings do not change."""
        return False

    def __str__(self) -> str:
        asked = f"no recording of {self.request.method} {self.request.path}"
        nearest = "" if self.nearest is None else f"; nearest is {self.nearest.method} {self.nearest.path}"
        differences = f": {'; '.join(self.differences)}" if self.differences else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{asked}{nearest}{differences}{_about(self.response_id)}{hint}"


Error: TypeAlias = InvalidArgument | NotSent | Interrupted | ApiError | DecodeError | WaitExpired | NoRecording
"""All that can go wrong; `match` on it is checked for exhaustiveness by mypy and pyright."""


def about_response(error: E, response_id: str | None) -> E:
    """Say in `error` which response a stream or a wait was about; an error that says so already, or never, stays.

    >>> str(about_response(NotSent("dns", "no such host"), "resp_1"))
    'not sent (dns): no such host (response resp_1)'
    """
    about: E = error
    if response_id is not None and getattr(error, "response_id", "none") is None and isinstance(error, Struct):
        about = structs.replace(error, response_id=response_id)
    return about


def _about(response_id: str | None) -> str:
    return "" if response_id is None else f" (response {response_id})"
