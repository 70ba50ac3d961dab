"""The transport for production: urllib3, with connections that are kept and shared between threads.

It keeps the laws of `contract.py`: one request is one exchange, without retry or redirect, and what the network or
the server does comes back as a value. The credential is here and nowhere else: it is added to what is sent, and
removed from what is returned should a server echo it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import ceil
from types import TracebackType
from typing import Any

from msgspec.structs import replace
from returns.result import Failure, Result, Success
from urllib3 import BaseHTTPResponse, HTTPResponse, Retry
from urllib3.exceptions import ClosedPoolError, EmptyPoolError

from ...core.credentials import REDACTED, hide_pairs
from ...core.errors import Error, Interrupted, InvalidArgument, NotSent
from ...core.http import HttpRequest, HttpResponse, Pairs
from ...core.steps import Answer
from ..bodies import WholeBody
from ..contract import Body
from ..network.credentials import identity_of, user_agent, without_credentials
from ..network.environment import BASE_URL, DEFAULT_BASE_URL, given_or, proxy_for
from ..network.secret import Hidden, Secret, hidden, hidden_values
from ..network.timeouts import Limits, check_time
from ..network.tls import Path, tls_context
from .addresses import origin_of, proxy_of
from .body import ConnectedBody, read_all
from .connections import ConnectFailed, open_pool, times
from .failures import BREAKS, interrupted
from .fork_safety import OwnPool
from .request_headers import OutgoingByUrllib3

_ONCE = Retry(total=False, redirect=False)
_UNDERSTOOD = frozenset(HTTPResponse.CONTENT_DECODERS)
"""The content codings that urllib3 removes."""


class Urllib3Transport:
    """Sends requests with urllib3, and opens bodies to be read in chunks. One transport serves any number of threads.

    Args:
        api_key: The key; None reads `OPENAI_API_KEY`. Without one, or with an empty one, no credential is sent, and
            the server's 401 says so.
        organization: The `OpenAI-Organization` header; None reads `OPENAI_ORG_ID`.
        project: The `OpenAI-Project` header; None reads `OPENAI_PROJECT_ID`.
        base_url: What paths are relative to, without user, query or fragment; None reads `OPENAI_BASE_URL`, or else is
            the API's.
        azure_api_version: Speaks to Azure, whose key is the `api-key` header, and sends this as `api-version`. The
            base URL is then `https://{resource}.openai.azure.com/openai/v1`.
        timeout: Read timeout in seconds, which is also that of writing a request, for requests that have none of
            their own.
        connect_timeout: Seconds in which to connect, and again for the TLS handshake.
        max_connections: How many connections are open at once, at most; further calls wait for one, for as long as
            that `timeout` in whole seconds, rounded up.
        proxy: URL of an HTTP proxy; None reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; an empty
            one goes without.
        ca_file: PEM file of the authorities to trust in place of the system's.
        client_certificate: PEM file of the certificate to show to the server.
        client_key: PEM file of its key, where the certificate's file does not hold it.
        client_key_password: What the key is encrypted with.
        default_headers: Headers for every request that has none of that name; these override the transport's own.
            Credentials belong here, and show nowhere: no request may hold one.
        default_query: Query parameters for every request that has none of that name; credentials, likewise.

    A request's `total` bounds its body to the moment. The wait for a connection, connecting, writing the request and
    each read before the head of the answer take as long at most, one after another.

    Of what a server sends, headers that are credentials (`Set-Cookie`) are `[redacted]`, and so is, in what is no 2xx,
    whatever repeats a credential of the transport that has 8 characters or more. All times are greater than 0. Raises
    `ValueError`, which holds no credential, for an argument or a variable that cannot be used.

    A pickle of a transport has neither the key, nor a proxy with a password, nor any header or parameter whose name
    says that it is a credential; unpickling reads the environment again. After a fork the child opens connections of
    its own.
    """

    def __init__(
        self,
        *,
        api_key: str | Secret | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        azure_api_version: str | None = None,
        timeout: float = 600.0,
        connect_timeout: float = 5.0,
        max_connections: int = 100,
        proxy: str | None = None,
        ca_file: Path | None = None,
        client_certificate: Path | None = None,
        client_key: Path | None = None,
        client_key_password: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, str] | None = None,
    ) -> None:
        # First of all, so that no report of a crash that prints the variables of frames shows them.
        api_key, base_url, proxy = hidden(api_key), hidden(base_url), hidden(proxy)
        client_key_password = hidden(client_key_password)
        default_headers = hidden_values(default_headers or {})
        default_query = hidden_values(default_query or {})
        self._settings: dict[str, Any] = {
            "api_key": "" if api_key == "" else None,
            "organization": organization,
            "project": project,
            "base_url": None if base_url is None else str.__str__(base_url),
            "azure_api_version": azure_api_version,
            "timeout": timeout,
            "connect_timeout": connect_timeout,
            "max_connections": max_connections,
            "proxy": None if proxy is None or "@" in proxy else str.__str__(proxy),
            "ca_file": ca_file,
            "client_certificate": client_certificate,
            "client_key": client_key,
            "default_headers": without_credentials(default_headers),
            "default_query": without_credentials(default_query),
        }
        check_time("timeout", timeout)
        check_time("connect_timeout", connect_timeout)
        if type(max_connections) is not int or max_connections < 1:
            reason = f"it is {max_connections!r}; it must be a whole number, 1 or more"
            raise ValueError(str(InvalidArgument("max_connections", reason)))
        self._identity = identity_of(
            api_key=api_key,
            organization=organization,
            project=project,
            azure_api_version=azure_api_version,
            default_headers=default_headers,
            default_query=default_query,
            agent=user_agent(),
        )
        url = hidden(given_or(base_url, BASE_URL))
        origin = origin_of(DEFAULT_BASE_URL if url is None else url)
        proxy_url = hidden(proxy_for(origin.scheme, origin.host, origin.port)) if proxy is None else proxy
        through = proxy_of(proxy_url) if proxy_url else None
        self._identity = self._identity.with_secrets(() if through is None else through.secrets)
        # To a proxy a request of plain HTTP says where it goes; all else goes through a tunnel.
        prefix = origin.path if through is None or origin.scheme == "https" else origin.url + origin.path
        self._outgoing = OutgoingByUrllib3(prefix, self._identity.headers, self._identity.shown_query)
        files = (ca_file, client_certificate, client_key, client_key_password)
        self._pool = OwnPool(
            partial(
                open_pool,
                origin,
                timeout=times(connect_timeout, timeout),
                max_connections=max_connections,
                tls=tls_context(*files) if origin.scheme == "https" or any(files) else None,
                proxy=through,
                hidden_query=self._identity.hidden_query,
            )
        )
        self.base_url = origin.url + origin.path
        self._limits = Limits(connect_timeout, timeout)

    def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange, whatever its status.

        Fails with `NotSent` or `Interrupted`; a request that breaks the grammar of HTTP or has a time that is no time,
        and a transport that was closed, are `NotSent` of the kind `invalid_request`. An `Interrupted` has what was
        received of the answer.
        """
        begun = self._exchange(request)
        return begun if isinstance(begun, Failure) else self._whole(*begun)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read; fails as a call does.

        An open body has a connection to itself, until it has been read to its end or closed.
        """
        begun = self._exchange(request)
        if isinstance(begun, Failure):
            return begun
        answer, limits = begun
        if not 200 <= answer.status < 300:
            return self._whole(answer, limits).map(WholeBody)
        failed = partial(self._interrupted, limits)
        decode = "content-encoding" in answer.headers
        return Success(ConnectedBody(self._response(answer, b""), answer, failed, limits.ends, decode=decode))

    def _exchange(self, request: HttpRequest) -> tuple[BaseHTTPResponse, Limits] | Failure[Error]:
        """Send `request` and receive the head of the answer."""
        outgoing = self._outgoing
        limits, timeout = self._limits, None
        try:
            target = outgoing.target(request)
            headers = outgoing.headers(request)
            if request.timeout is not None or request.total is not None:
                limits = limits.of(request)
                timeout = times(limits.connecting, limits.read_timeout)
        except ValueError as error:
            return Failure(NotSent("invalid_request", str(error)))
        pool = self._pool.current
        try:
            answer = pool.urlopen(
                request.method,
                target,
                request.body,
                headers,
                _ONCE,
                False,
                False,
                timeout or pool.timeout,
                pool_timeout=ceil(limits.read_timeout),
                preload_content=False,
            )
        except ConnectFailed as failed:
            return Failure(self._identity.redact_error(failed.error))
        except ClosedPoolError:
            return Failure(NotSent("invalid_request", "the transport is closed"))
        except EmptyPoolError:
            return Failure(NotSent("connect_timeout", f"all connections were in use for {ceil(limits.read_timeout)} s"))
        except BREAKS as error:
            return self._interrupted(limits, error)
        return answer, limits

    def _whole(self, answer: BaseHTTPResponse, limits: Limits) -> Answer:
        """The answer with its body, or the error that broke it off, with what was received."""
        body, error = read_all(answer, limits.ends, decode="content-encoding" in answer.headers)
        response = self._response(answer, body)
        if error is None:
            return Success(response)
        received = response if response.is_success else self._identity.redact_begun(response)
        return Failure(replace(self._interrupted(limits, error).failure(), partial=received))

    def _interrupted(self, limits: Limits, error: Exception, within: float | None = None) -> Failure[Interrupted]:
        explained = limits.explain(interrupted(error, limits.read_timeout), within)
        return Failure(Interrupted(explained.kind, self._identity.redact_text(explained.reason)))

    def _response(self, answer: BaseHTTPResponse, body: bytes) -> HttpResponse:
        fields = answer.headers
        pairs = tuple(fields.iteritems())
        if "content-encoding" in fields:
            pairs = _as_decoded(pairs, fields["content-encoding"])
        response = HttpResponse(status=answer.status, headers=hide_pairs(pairs), body=body)
        return response if 200 <= answer.status < 300 else self._identity.redact(response)

    def close(self) -> None:
        """Close the connections. Calls under way end as they would; later ones fail."""
        self._pool.current.close()

    def __enter__(self) -> Urllib3Transport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if "base_url" not in vars(self):  # in a report of why it could not be made
            return f"{type(self).__name__}(…)"
        keyed = any(isinstance(value, Hidden) for _, value in self._identity.headers)
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={REDACTED if keyed else None})"

    def __copy__(self) -> Urllib3Transport:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Urllib3Transport:
        return self

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return partial(type(self), **self._settings), ()


def _as_decoded(headers: Pairs, coding: str) -> Pairs:
    """The headers without those that describe the body as it was before urllib3 decoded it."""
    if _UNDERSTOOD.isdisjoint(coding.lower().replace(" ", "").split(",")):
        return headers
    return tuple(pair for pair in headers if pair[0].lower() not in {"content-encoding", "content-length"})
