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
from ..http1.coding import as_decoded
from ..http1.failures import ExchangeFailed
from ..http1.incoming import Incoming
from ..http1.settings import settings_of
from ..network.asked import AsyncKey
from ..network.secret import Hidden, hidden, hidden_values
from ..network.tls import Path
from .asking import ask
from .body import ConnectedBody, read_all
from .exchange import Line, perform

NEEDED = "aiohttp"
"""The package of the extra."""


class AiohttpTransport:
    """Sends requests in an event loop, and opens bodies to be read in chunks. One transport serves any number of tasks.

    It needs the extra `aiohttp`, which is loaded when a transport is made; without it, an `ImportError` is raised.

    Args:
        api_key: The key, or a function that returns it, which may be a coroutine function, or a `RefreshingToken`: all
            are asked at each request, and a function that blocks is called in a thread of its own. None
            reads `OPENAI_API_KEY`, and for Azure `AZURE_OPENAI_AD_TOKEN` and `AZURE_OPENAI_API_KEY` before it. Without
            a key, or with an empty one, no credential is sent, and the server's 401 says so.
        organization: The `OpenAI-Organization` header; None reads `OPENAI_ORG_ID`.
        project: The `OpenAI-Project` header; None reads `OPENAI_PROJECT_ID`.
        base_url: What paths are relative to, without user, query or fragment; None reads `OPENAI_BASE_URL`, or else is
            the API's: with a client certificate, that of its hosts which ask for one (`mtls`).
        region: One of the API's own hosts by name, in place of a base URL: `global`, `us`, `eu`, `ae`, `au`, `in`,
            `jp`; with a client certificate `mtls`, `mtls-us`, `mtls-eu`.
        azure_endpoint: The endpoint of a resource at Azure, `https://{resource}.openai.azure.com`, in place of a base
            URL. None reads `AZURE_OPENAI_ENDPOINT`, if another argument is for Azure, or if there is neither a key nor
            a base URL of the API, as an argument or in the environment.
        azure_api_version: Speaks to Azure, whose key is the `api-key` header, and sends this as `api-version`. None
            reads `OPENAI_API_VERSION` where an endpoint of Azure is spoken to, or else is `v1` there.
        azure_ad_token: A token of Entra, in place of a key for Azure; or what returns one, as for `api_key`.
        timeout: Read timeout in seconds, more than 0, up to 2,000,000, which is also that of writing a request, for
            requests that have none of their own.
        connect_timeout: Seconds in which to connect: to resolve the name, to pass a proxy, and to agree upon TLS; more
            than 0, up to 2,000,000.
        max_connections: How many connections an event loop has open at once, at most, 1 or more; further calls wait for
            one, for as long as that `timeout`.
        total: Seconds that a whole call may take, more than 0, up to 2,000,000, for requests that have no `total` of
            their own; None sets no limit. A body that is opened has none but its request's.
        max_head: Bytes of the head of an answer, at most, 1 or more, interim answers included, of which there may be
            16.
        max_body: Bytes of a body, at most, 1 or more, as it is sent, and again as it is after a content coding was
            removed.
        max_idle: Seconds, more than 0, up to 2,000,000, after which a connection that was kept is not used for what
            must not be sent twice, such as a creation, but connected anew: who is on the way may have forgotten it.
            None uses it for all.
        proxy: URL of an HTTP proxy (one of SOCKS is refused: that is for `Urllib3Transport`); None reads
            `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; an empty one goes without.
        ca_file: PEM file of the authorities to trust in place of the system's; None reads `OPENAI_MTLS_CA_BUNDLE`.
        client_certificate: PEM file of the certificate to show to the server; None reads
            `OPENAI_MTLS_CERTIFICATE_CHAIN`.
        client_key: PEM file of its key, where the certificate's file does not hold it; None reads
            `OPENAI_MTLS_PRIVATE_KEY`.
        client_key_password: What the key is encrypted with; None reads `OPENAI_MTLS_PRIVATE_KEY_PASSWORD`.
        system_trust: Whether the operating system verifies servers, by the extra `truststore`, in place of OpenSSL.
        default_headers: Headers for every request that has none of that name; these override the transport's own.
            Credentials belong here, and show nowhere: no request may hold one.
        default_query: Query parameters for every request that has none of that name; credentials, likewise.

    What is larger is an `Interrupted` of the kind `limit`, what takes longer one of the kind `read_timeout`; both say
    which limit it was.

    Of what a server sends, headers that are credentials (`Set-Cookie`) are `[redacted]`, and so is, in what is no 2xx,
    whatever repeats a credential of the transport that has 8 characters or more. All times are greater than 0. Raises
    `ValueError`, which holds no credential, for an argument or a variable that cannot be used.

    A credential that cannot be had is a `NotSent`. After a 401 a `RefreshingToken` is fetched anew for the request that
    is next. The variables for certificates are not read for Azure.

    A pickle of a transport has neither the key, nor what returns it, nor a proxy with a password, nor any header or
    parameter whose name says that it is a credential; unpickling reads the environment again. Each event loop has
    connections of its own, which are closed with it; so has the child after a fork.
    """

    def __init__(
        self,
        *,
        api_key: AsyncKey | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        region: str | None = None,
        azure_endpoint: str | None = None,
        azure_api_version: str | None = None,
        azure_ad_token: AsyncKey | None = None,
        timeout: float = 600.0,
        connect_timeout: float = 5.0,
        max_connections: int = 100,
        total: float | None = 3600.0,
        max_head: int = 256 * 1024,
        max_body: int = 1024**3,
        max_idle: float | None = 60.0,
        proxy: str | None = None,
        ca_file: Path | None = None,
        client_certificate: Path | None = None,
        client_key: Path | None = None,
        client_key_password: str | None = None,
        system_trust: bool = False,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, str] | None = None,
    ) -> None:
        if find_spec(NEEDED) is None:
            raise ImportError(f"AiohttpTransport needs {NEEDED}: pip install 'puresponse[aiohttp]'", name=NEEDED)
        from .connector import Destination
        from .sessions import Sessions

        # First of all, so that no report of a crash that prints the variables of frames shows them.
        api_key, azure_ad_token, base_url = hidden(api_key), hidden(azure_ad_token), hidden(base_url)
        azure_endpoint, proxy = hidden(azure_endpoint), hidden(proxy)
        client_key_password = hidden(client_key_password)
        default_headers = hidden_values(default_headers or {})
        default_query = hidden_values(default_query or {})
        settings = settings_of(
            asynchronous=True,
            api_key=api_key,
            organization=organization,
            project=project,
            base_url=base_url,
            region=region,
            azure_endpoint=azure_endpoint,
            azure_api_version=azure_api_version,
            azure_ad_token=azure_ad_token,
            timeout=timeout,
            connect_timeout=connect_timeout,
            max_connections=max_connections,
            total=total,
            max_head=max_head,
            max_body=max_body,
            max_idle=max_idle,
            proxy=proxy,
            ca_file=ca_file,
            client_certificate=client_certificate,
            client_key=client_key,
            client_key_password=client_key_password,
            system_trust=system_trust,
            default_headers=default_headers,
            default_query=default_query,
        )
        way = settings.way
        if way.proxy is not None and way.proxy.is_socks:
            reason = "SOCKS is for Urllib3Transport, which `in_threads` serves an event loop too; give an HTTP proxy"
            raise ValueError(str(InvalidArgument("proxy", reason)))
        self._identity = way.identity
        self._outgoing = way.outgoing
        self._sessions = Sessions(Destination(way.origin, way.proxy, way.tls), max_connections)
        self.base_url = way.base_url
        self._limits = settings.limits
        self._total = total
        self._max_idle = max_idle
        self._bounds = settings.bounds
        self._keeps = settings.keeps

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
        asked, secret = self._identity.asked, None
        try:
            limits = self._limits.of(request, total)
            if asked is None:
                data = self._outgoing.bytes_of(request)
            else:
                self._outgoing.target(request)  # nobody is asked for what cannot be sent
                credential = await ask(asked)
                if isinstance(credential, NotSent):
                    return Failure(self._identity.redact_error(credential))
                secret = credential
                data = self._outgoing.bytes_of(request, asked.header_of(secret))
        except ValueError as error:
            return Failure(NotSent("invalid_request", str(error)))
        longest_idle = None if request.idempotent else self._max_idle
        try:
            session = self._sessions.current()
            incoming = await perform(session, data, request.method, limits, self._bounds, longest_idle=longest_idle)
        except ExchangeFailed as failed:
            return Failure(self._identity.redact_error(failed.error))
        if asked is not None and secret is not None and incoming.head.status == 401:
            asked.refused(secret)
        return incoming

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

    def leaks(self, data: bytes) -> bool:
        """Whether `data` holds a credential of this transport: what is to be kept can be asked about before it is."""
        return self._identity.leaks(data)

    def __repr__(self) -> str:
        if "base_url" not in vars(self):  # in a report of why it could not be made
            return f"{type(self).__name__}(…)"
        identity = self._identity
        keyed = identity.asked is not None or any(isinstance(value, Hidden) for _, value in identity.headers)
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={REDACTED if keyed else None})"

    def __copy__(self) -> AiohttpTransport:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> AiohttpTransport:
        return self

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return partial(type(self), **self._keeps), ()
