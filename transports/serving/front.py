"""What a server decides of a request before a transport is asked: the same for every kind of application.

Law: it is a function of what was received. An application reads a request off its server into a `Received`, asks the
front, and either answers at once with the `HttpResponse` that it is given, or asks the transport that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, TypedDict

from msgspec import Struct, json

from ...core.credentials import names_a_credential
from ...core.http import HttpRequest, HttpResponse, Pairs
from ..contract import AnyTransport
from ..memory.validation.refusals import RefusedRequest, no_key, unknown_url, wrong_key
from ..network.secret import Secret


class Received(Struct, frozen=True):
    """A request as a server has read it, credentials and all.

    - `path`: as it was sent, percent-encoded, without its query.
    - `query`: decoded.
    - `headers`: their names in small letters.
    - `body`: None where the request says nothing of one.
    """

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header whose `name` is given in small letters."""
        return next((value for found, value in self.headers if found == name), None)


class Admitted(NamedTuple):
    """A request that a transport is to be asked, and which one."""

    request: HttpRequest
    transport: AnyTransport


Chooser: TypeAlias = Callable[[Received], AnyTransport]
"""Which transport answers a request."""

Early: TypeAlias = Callable[[Received], "HttpResponse | None"]
"""What answers a request that is not for the transport; None for one that is."""


class FrontOptions(TypedDict, total=False):
    """The options of a front, which every application takes by name; `Front` says what they mean."""

    path: str
    api_key: str | None
    choose: Chooser | None
    early: Early | None


class Front:
    """What is refused or answered before a transport is asked.

    - `transport`: what answers.
    - `path`: what precedes the paths of requests; all else is a 404.
    - `api_key`: with one, a request that does not carry it is refused with the 401 of the API; without one, any is
      taken.
    - `choose`: which transport answers a request, where it is not always the same.
    - `early`: what is asked first, such as a control endpoint.
    """

    def __init__(
        self,
        transport: AnyTransport,
        *,
        path: str = "/v1",
        api_key: str | None = None,
        choose: Chooser | None = None,
        early: Early | None = None,
    ) -> None:
        self._transport = transport
        self._path = path.rstrip("/")
        self._key = None if api_key is None else Secret(api_key)
        self._choose = choose
        self._early = early

    def __repr__(self) -> str:
        return f"{self._transport!r}, path={self._path!r}"

    @property
    def path(self) -> str:
        """What precedes the paths of requests."""
        return self._path

    def admit(self, received: Received) -> Admitted | HttpResponse:
        """What a transport is to be asked, or the answer that is given instead."""
        if self._early is not None and (answer := self._early(received)) is not None:
            return answer
        path = received.path
        if path != self._path and not path.startswith(f"{self._path}/"):
            return refusal_response(unknown_url(received.method, path, prefix=""))
        if (refused := self._key_refused(received)) is not None:
            return refusal_response(refused)
        request = HttpRequest(
            method=received.method,
            path=path[len(self._path) :],
            query=_without_credentials(received.query),
            headers=_without_credentials(received.headers),
            body=received.body,
        )
        return Admitted(request, self._transport if self._choose is None else self._choose(received))

    def _key_refused(self, received: Received) -> RefusedRequest | None:
        if self._key is None:
            return None
        scheme, _, credential = (received.header("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not credential.strip():
            return no_key()
        return None if credential.strip() == self._key.reveal() else wrong_key()


def refusal_response(refusal: RefusedRequest) -> HttpResponse:
    """A refusal as an answer."""
    headers = (("content-type", "application/json"), *refusal.headers)
    return HttpResponse(status=refusal.status, headers=headers, body=json.encode(refusal.envelope()))


def _without_credentials(pairs: Pairs) -> Pairs:
    """What of the headers or of the query is no credential: a request holds none."""
    return tuple(pair for pair in pairs if not names_a_credential(pair[0]))
