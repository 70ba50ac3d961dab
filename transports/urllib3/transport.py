"""The transport for production: urllib3, with connections that are kept and shared between threads.

It keeps the laws of `contract.py`: one request is one exchange, without retry or redirect, and what the network or
the server does comes back as a value. The credential is here and nowhere else: it is added to what is sent, and
removed from what is returned should a server echo it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any

from returns.result import Failure, Result, Success

from ...core.credentials import REDACTED, hide_pairs
from ...core.errors import Error, Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..bodies import WholeBody
from ..contract import Body, Exchange
from ..http1.coding import as_decoded
from ..http1.failures import ExchangeFailed
from ..http1.incoming import Incoming
from ..http1.settings import settings_of
from ..network.asked import Key
from ..network.secret import Hidden, hidden, hidden_values
from ..network.tls import Path
from .abandonable import OneExchange
from .abandonment import Abandonment, GivenUp
from .asking import ask
from .body import ConnectedBody, read_all
from .connections import open_pool
from .exchange import Line, perform
from .fork_safety import OwnPool


class Urllib3Transport:
    """Sends requests with urllib3, and opens bodies to be read in chunks. One transport serves any number of threads.

    Args:
        api_key: The key, or a function that returns it, or a `RefreshingToken`: both are asked at each request. None
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
        connect_timeout: Seconds in which to connect, and again for the TLS handshake; more
            than 0, up to 2,000,000.
        max_connections: How many connections are open at once, at most, 1 or more; further calls wait for one, for as
            long as that `timeout`.
        total: Seconds that a whole call may take, more than 0, up to 2,000,000, for requests that have no `total` of
            their own; None sets no limit. A body that is opened has none but its request's.
        max_head: Bytes of the head of an answer, at most, 1 or more, interim answers included, of which there may be
            16.
        max_body: Bytes of a body, at most, 1 or more, as it is sent, and again as it is after a content coding was
            removed.
        max_idle: Seconds, more than 0, up to 2,000,000, after which a connection that was kept is not used for what
            must not be sent twice, such as a creation, but connected anew: who is on the way may have forgotten it.
            None uses it for all.
        proxy: URL of a proxy: `http`, `https`, and with the extra `socks` `socks5h`, `socks5`, `socks4a` and
            `socks4`; None reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; an empty one goes without.
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
    parameter whose name says that it is a credential; unpickling reads the environment again. After a fork the child
    opens connections of its own.
    """

    def __init__(
        self,
        *,
        api_key: Key | None = None,
        organization: str | None = None,
        project: str | None = None,
        base_url: str | None = None,
        region: str | None = None,
        azure_endpoint: str | None = None,
        azure_api_version: str | None = None,
        azure_ad_token: Key | None = None,
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
        # First of all, so that no report of a crash that prints the variables of frames shows them.
        api_key, azure_ad_token, base_url = hidden(api_key), hidden(azure_ad_token), hidden(base_url)
        azure_endpoint, proxy = hidden(azure_endpoint), hidden(proxy)
        client_key_password = hidden(client_key_password)
        default_headers = hidden_values(default_headers or {})
        default_query = hidden_values(default_query or {})
        settings = settings_of(
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
        self._identity = way.identity
        self._outgoing = way.outgoing
        self._pool = OwnPool(
            partial(
                open_pool,
                way.origin,
                connect_timeout=connect_timeout,
                max_connections=max_connections,
                tls=way.tls,
                proxy=way.proxy,
            )
        )
        self.base_url = way.base_url
        self._limits = settings.limits
        self._total = total
        self._max_idle = max_idle
        self._bounds = settings.bounds
        self._keeps = settings.keeps

    def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange, whatever its status.

        Fails with `NotSent` or `Interrupted`; a request that breaks the grammar of HTTP or has a time that is no time,
        and a transport that was closed, are `NotSent` of the kind `invalid_request`. An `Interrupted` has what was
        received of the answer.
        """
        return self._call(request, Abandonment())

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read; fails as a call does.

        An open body has a connection to itself, until it has been read to its end or closed.
        """
        return self._open(request, Abandonment())

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """A call that can be given up by any thread, at any time: `result` performs it, `give_up` ends it."""
        return OneExchange(partial(self._call, request))

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An opening that can be given up by any thread, at any time, with the body that it has opened."""
        return OneExchange(partial(self._open, request))

    def _call(self, request: HttpRequest, abandonment: Abandonment) -> Answer:
        begun = self._begin(request, abandonment, self._total)
        return begun if isinstance(begun, Failure) else self._whole(begun)

    def _open(self, request: HttpRequest, abandonment: Abandonment) -> Result[Body, Error]:
        begun = self._begin(request, abandonment, None)
        if isinstance(begun, Failure):
            return begun
        if not 200 <= begun.head.status < 300:
            return self._whole(begun).map(WholeBody)
        body = ConnectedBody(self._response(begun, b""), begun, self._identity)
        with suppress(GivenUp):  # the body then is one that was given up
            abandonment.enter(body.end)
        return Success(body)

    def _begin(
        self, request: HttpRequest, abandonment: Abandonment, total: float | None
    ) -> Incoming[Line] | Failure[Error]:
        """Send `request` and receive the head of the answer."""
        asked, secret = self._identity.asked, None
        try:
            limits = self._limits.of(request, total)
            if asked is None:
                data = self._outgoing.bytes_of(request)
            else:
                self._outgoing.target(request)  # nobody is asked for what cannot be sent
                credential = asked.ready() or ask(asked, abandonment)
                if isinstance(credential, NotSent):
                    return Failure(self._identity.redact_error(credential))
                secret = credential
                data = self._outgoing.bytes_of(request, asked.header_of(secret))
        except ValueError as error:
            return Failure(NotSent("invalid_request", str(error)))
        try:
            incoming = perform(
                self._pool.current,
                data,
                request.method,
                limits=limits,
                bounds=self._bounds,
                abandonment=abandonment,
                longest_idle=None if request.idempotent else self._max_idle,
            )
        except ExchangeFailed as failed:
            return Failure(self._identity.redact_error(failed.error))
        if asked is not None and secret is not None and incoming.head.status == 401:
            asked.refused(secret)
        return incoming

    def _whole(self, incoming: Incoming[Line]) -> Answer:
        """The answer with its body, or the error that broke it off, with what was received."""
        body, error = read_all(incoming)
        response = self._response(incoming, body)
        if error is None:
            return Success(response)
        received = response if response.is_success else self._identity.redact_begun(response)
        return Failure(Interrupted(error.kind, self._identity.redact_text(error.reason), received))

    def _response(self, incoming: Incoming[Line], body: bytes) -> HttpResponse:
        head = incoming.head
        headers = as_decoded(head.headers) if incoming.is_decoded else head.headers
        if 200 <= head.status < 300:
            return HttpResponse(status=head.status, headers=hide_pairs(headers), body=body)
        return self._identity.redact(HttpResponse(status=head.status, headers=headers, body=body))

    def close(self) -> None:
        """Close the connections. Calls under way end as they would; later ones fail."""
        self._pool.current.close()

    def __enter__(self) -> Urllib3Transport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def leaks(self, data: bytes) -> bool:
        """Whether `data` holds a credential of this transport: what is to be kept can be asked about before it is."""
        return self._identity.leaks(data)

    def __repr__(self) -> str:
        if "base_url" not in vars(self):  # in a report of why it could not be made
            return f"{type(self).__name__}(…)"
        identity = self._identity
        keyed = identity.asked is not None or any(isinstance(value, Hidden) for _, value in identity.headers)
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={REDACTED if keyed else None})"

    def __copy__(self) -> Urllib3Transport:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Urllib3Transport:
        return self

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        return partial(type(self), **self._keeps), ()
