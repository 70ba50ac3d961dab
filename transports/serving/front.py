"""What a server decides of a request before a transport is asked: the same for every kind of application.

Law: it is a function of what was received. An application reads a request off its server into a `Received`, asks the
front, and either answers at once with the `HttpResponse` that it is given, or asks the transport that it is given; the
head of whatever it answers is first `dressed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple, Protocol, TypeAlias, TypedDict, runtime_checkable

from msgspec.structs import replace

from ...core.credentials import names_a_credential
from ...core.http import HttpRequest, HttpResponse, Pairs
from ..contract import AnyTransport
from ..memory.validation.refusals import no_key, wrong_key
from ..network.secret import Secret
from .answers import outside, refusal_response
from .azure import ApiPath, azure_path, refuse_azure_key
from .cors import check_origins, preflight, with_cors
from .health import health
from .host_check import check_hosts, refuse_host
from .methods import options, with_all_methods
from .received import Received


class Admitted(NamedTuple):
    """A request that a transport is to be asked, and which one."""

    request: HttpRequest
    transport: AnyTransport


Chooser: TypeAlias = Callable[[Received], AnyTransport]
"""Which transport answers a request."""

Early: TypeAlias = Callable[[Received], "HttpResponse | None"]
"""What answers a request that is not for the transport; None for one that is."""


@runtime_checkable
class TakingTime(Protocol):
    """An `Early` whose answers may take time: an event loop has it asked in a thread."""

    def takes(self, received: Received) -> bool:
        """Whether it answers this request. This is asked in the event loop."""
        ...


class FrontOptions(TypedDict, total=False):
    """The options of a front, which every application takes by name; `Front` says what they mean."""

    path: str
    api_key: str | None
    choose: Chooser | None
    early: Early | None
    hosts: Collection[str] | None
    cors: Collection[str]


class Front:
    """What is refused or answered before a transport is asked.

    - `transport`: what answers.
    - `path`: what precedes the paths of requests, such as `/v1`; empty for nothing. All else is a 404, but for the
      paths that Azure has (`azure.py`), beside it, and `/health`.
    - `api_key`: with one, a request that does not carry it is refused with the 401 of the API; without one, any is
      taken.
    - `choose`: which transport answers a request, where it is not always the same.
    - `early`: what is asked first, such as a control endpoint.
    - `hosts`: which names of the server are answered to besides those of this machine alone (`localhost`,
      `127.0.0.1`, …), to keep out web pages by DNS rebinding; None, or with a `*` among them, for any.
    - `cors`: of which origins web pages may read the answers, or `*`.

    Raises `ValueError` for a path, a name or an origin that is none.
    """

    def __init__(
        self,
        transport: AnyTransport,
        *,
        path: str = "/v1",
        api_key: str | None = None,
        choose: Chooser | None = None,
        early: Early | None = None,
        hosts: Collection[str] | None = None,
        cors: Collection[str] = (),
    ) -> None:
        self._transport = transport
        self._path = check_path(path)
        self._key = None if api_key is None else Secret(api_key)
        self._choose = choose
        self._early = early
        self._hosts = None if hosts is None else check_hosts(hosts)
        self._cors = check_origins(cors)

    def __repr__(self) -> str:
        return f"{self._transport!r}, path={self._path!r}"

    @property
    def path(self) -> str:
        """What precedes the paths of requests."""
        return self._path

    def takes_time(self, received: Received) -> bool:
        """Whether `admit` may take so long that an event loop is not to wait for it."""
        return isinstance(self._early, TakingTime) and self._early.takes(received)

    def admit(self, received: Received) -> Admitted | HttpResponse:
        """What a transport is to be asked, or the answer that is given instead."""
        refused = refuse_host(received, self._hosts) or preflight(received, self._cors)
        if refused is not None:
            return refused
        if received.method == "HEAD":
            received = replace(received, method="GET")
        if self._early is not None and (answer := self._early(received)) is not None:
            return answer
        return health(received) or self._of_the_api(received)

    def dressed(self, received: Received, answer: HttpResponse) -> HttpResponse:
        """An answer, or its head, with the headers that are the server's to say."""
        return with_cors(received, with_all_methods(answer), self._cors)

    def _of_the_api(self, received: Received) -> Admitted | HttpResponse:
        asked = azure_path(received, self._path.removesuffix("/v1"))
        if isinstance(asked, HttpResponse):
            return asked
        of_azure = asked is not None
        if asked is None:
            path = received.path_under(self._path)
            if path is None:
                return outside(received.method, received.path, self._base_url(received))
            asked = ApiPath(path, received.query)
        transport = self._transport if self._choose is None else self._choose(received)
        if received.method == "OPTIONS":
            return options(asked.path, transport)
        if (refused := self._key_refused(received, of_azure=of_azure)) is not None:
            return refused
        request = HttpRequest(
            method=received.method,
            path=asked.path,
            query=_without_credentials(asked.query),
            headers=_without_credentials(received.headers),
            body=received.body,
        )
        return Admitted(request, transport)

    def _key_refused(self, received: Received, *, of_azure: bool) -> HttpResponse | None:
        if self._key is None:
            return None
        key = self._key.reveal()
        if of_azure:
            return refuse_azure_key(received, key)
        given = received.bearer()
        if given is None:
            return refusal_response(no_key())
        return None if given == key else refusal_response(wrong_key())

    def _base_url(self, received: Received) -> str:
        server = received.header("host")
        return self._path if server is None else f"{received.scheme}://{server}{self._path}"


def check_path(path: str) -> str:
    """What precedes paths, without a slash at its end. Raises `ValueError` for what no path can begin with."""
    bare = path.strip("/")
    if re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=:@%/-]*", bare) is None or "//" in bare:
        raise ValueError(f"path: {path!r} is no path; it must be like /v1, or empty")
    return f"/{bare}" if bare else ""


def _without_credentials(pairs: Pairs) -> Pairs:
    """What of the headers or of the query is no credential: a request holds none."""
    return tuple(pair for pair in pairs if not names_a_credential(pair[0]))
