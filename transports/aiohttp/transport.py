"""The transport for event loops: connections by aiohttp, everything else as over urllib3.

It keeps the laws of `contract.py`: one request is one exchange, without retry or redirect, and what the network or
the server does comes back as a value. The credential is here and nowhere else: it is added to what is sent, and
removed from what is returned should a server echo it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from types import TracebackType
from typing import Any

from returns.result import Failure, Result, Success

from ...core.credentials import REDACTED, hide_pairs
from ...core.errors import Error, Interrupted, InvalidArgument, NotSent
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..bodies import AsyncWholeBody
from ..contract import AsyncBody
from ..network.credentials import identity_of, user_agent, without_credentials
from ..network.environment import BASE_URL, DEFAULT_BASE_URL, given_or, proxy_for
from ..network.secret import Hidden, Secret, hidden, hidden_values
from ..network.timeouts import Limits, check_time
from ..network.tls import Path, tls_context
from ..urllib3.addresses import origin_of, proxy_of
from ..urllib3.coding import as_decoded
from ..urllib3.exchange import Bounds, Incoming
from ..urllib3.failures import ExchangeFailed
from ..urllib3.request_bytes import OutgoingBytes
from .body import ConnectedBody, read_all
from .exchange import Line, perform

NEEDED = "aiohttp"
"""The package of the extra."""


class AiohttpTransport:
    """Sends requests in an event loop, and opens bodies to be read in chunks. One transport serves any number of tasks.

    It needs the extra `aiohttp`, which is loaded when a transport is made; without it, an `ImportError` says so.

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
        connect_timeout: Seconds in which to connect: to resolve the name, to pass a proxy, and to agree upon TLS.
        max_connections: How many connections an event loop has open at once, at most; further calls wait for one, for
            as long as that `timeout`.
        total: Seconds that a whole call may take, for requests that have no `total` of their own; None sets no limit.
            A body that is opened has none but its request's.
        max_head: Bytes of the head of an answer, at most, interim answers included, of which there may be 16.
        max_body: Bytes of a body, at most, as it is sent, and again as it is after a content coding was removed.
        proxy: URL of an HTTP proxy; None reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; an empty
            one goes without.
        ca_file: PEM file of the authorities to trust in place of the system's.
        client_certificate: PEM file of the certificate to show to the server.
        client_key: PEM file of its key, where the certificate's file does not hold it.
        client_key_password: What the key is encrypted with.
        default_headers: Headers for every request that has none of that name; these override the transport's own.
            Credentials belong here, and show nowhere: no request may hold one.
        default_query: Query parameters for every request that has none of that name; credentials, likewise.

    What is larger is an `Interrupted` of the kind `limit`, what takes longer one of the kind `read_timeout`; both say
    which limit it was.

    Of what a server sends, headers that are credentials (`Set-Cookie`) are `[redacted]`, and so is, in what is no 2xx,
    whatever repeats a credential of the transport that has 8 characters or more. All times are greater than 0. Raises
    `ValueError`, which holds no credential, for an argument or a variable that cannot be used.

    A pickle of a transport has neither the key, nor a proxy with a password, nor any header or parameter whose name
    says that it is a credential; unpickling reads the environment again. Each event loop has connections of its own,
    which are closed with it; so has the child after a fork.
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
        total: float | None = 3600.0,
        max_head: int = 256 * 1024,
        max_body: int = 1024**3,
        proxy: str | None = None,
        ca_file: Path | None = None,
        client_certificate: Path | None = None,
        client_key: Path | None = None,
        client_key_password: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, str] | None = None,
    ) -> None:
        if find_spec(NEEDED) is None:
            raise ImportError(f"AiohttpTransport needs {NEEDED}: pip install 'puresponse[aiohttp]'", name=NEEDED)
        from .connector import Destination
        from .sessions import Sessions

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
            "total": total,
            "max_head": max_head,
            "max_body": max_body,
            "proxy": None if proxy is None or "@" in proxy else str.__str__(proxy),
            "ca_file": ca_file,
            "client_certificate": client_certificate,
            "client_key": client_key,
            "default_headers": without_credentials(default_headers),
            "default_query": without_credentials(default_query),
        }
        check_time("timeout", timeout)
        check_time("connect_timeout", connect_timeout)
        if total is not None:
            check_time("total", total)
        for name, count in (("max_connections", max_connections), ("max_head", max_head), ("max_body", max_body)):
            if type(count) is not int or count < 1:
                reason = f"it is {count!r}; it must be a whole number, 1 or more"
                raise ValueError(str(InvalidArgument(name, reason)))
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
        headers = self._identity.headers
        if through is not None and through.credentials is not None and origin.scheme == "http":
            headers = (*headers, ("Proxy-Authorization", through.credentials.header("Basic ")))
        query = self._identity.shown_query
        self._outgoing = OutgoingBytes(prefix, origin.server, headers, query, self._identity.hidden_query)
        files = (ca_file, client_certificate, client_key, client_key_password)
        tls = tls_context(*files) if origin.scheme == "https" or any(files) else None
        self._sessions = Sessions(Destination(origin, through, tls), max_connections)
        self.base_url = origin.url + origin.path
        self._limits = Limits(connect_timeout, timeout)
        self._total = total
        self._bounds = Bounds(max_head, max_body)

    async def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange, whatever its status.

        Fails with `NotSent` or `Interrupted`; a request that breaks the grammar of HTTP or has a time that is no time,
        and a transport that was closed, are `NotSent` of the kind `invalid_request`. An `Interrupted` has what was
        received of the answer. Where the task is cancelled, the connection is closed at once, and nothing more is sent.
        """
        begun = await self._begin(request, self._total)
        return begun if isinstance(begun, Failure) else await self._whole(begun)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read; fails as a call does.

        An open body has a connection to itself, until it has been read to its end or closed.
        """
        begun = await self._begin(request, None)
        if isinstance(begun, Failure):
            return begun
        if not 200 <= begun.head.status < 300:
            return (await self._whole(begun)).map(AsyncWholeBody)
        return Success(ConnectedBody(self._response(begun, b""), begun, self._identity))

    async def _begin(self, request: HttpRequest, total: float | None) -> Incoming[Line] | Failure[Error]:
        """Send `request` and receive the head of the answer."""
        try:
            limits = self._limits.of(request, total)
            data = self._outgoing.bytes_of(request)
        except ValueError as error:
            return Failure(NotSent("invalid_request", str(error)))
        try:
            return await perform(self._sessions.current(), data, request.method, limits, self._bounds)
        except ExchangeFailed as failed:
            return Failure(self._identity.redact_error(failed.error))

    async def _whole(self, incoming: Incoming[Line]) -> Answer:
        """The answer with its body, or the error that broke it off, with what was received."""
        body, error = await read_all(incoming)
        response = self._response(incoming, body)
        if error is None:
            return Success(response)
        received = response if response.is_success else self._identity.redact_begun(response)
        return Failure(Interrupted(error.kind, self._identity.redact_text(error.reason), received))

    def _response(self, incoming: Incoming[Line], body: bytes) -> HttpResponse:
        head = incoming.head
        headers = as_decoded(head.headers) if incoming.is_decoded else head.headers
        response = HttpResponse(status=head.status, headers=hide_pairs(headers), body=body)
        return response if 200 <= head.status < 300 else self._identity.redact(response)

    async def aclose(self) -> None:
        """Close the connections, of all event loops. Calls under way end as they would; later ones fail."""
        await self._sessions.close()

    async def __aenter__(self) -> AiohttpTransport:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        if "base_url" not in vars(self):  # in a report of why it could not be made
            return f"{type(self).__name__}(…)"
        keyed = any(isinstance(value, Hidden) for _, value in self._identity.headers)
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={REDACTED if keyed else None})"

    def __copy__(self) -> AiohttpTransport:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> AiohttpTransport:
        return self

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return partial(type(self), **self._settings), ()
