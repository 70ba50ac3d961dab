"""The transport for a Python inside JavaScript: Pyodide's, in a page, in a worker or under Node.js.

It keeps the laws of `contract.py` as far as JavaScript's `fetch` does: `docs/guides/pyodide.md` says what each
environment allows. An exchange sends no cookies, asks no cache and follows no redirect.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ...core.credentials import REDACTED
from ...core.errors import Error, Interrupted, NotSent
from ...core.http import HttpRequest, HttpResponse, find_header
from ...core.results import is_failure
from ...core.steps import Answer
from ..bodies import AsyncWholeBody, read_to_end_async
from ..contract import AsyncBody
from ..network.asked import AskedCredential, AsyncKey
from ..network.credentials import identity_of
from ..network.request_target import Outgoing
from ..network.secret import Hidden, Secret, hidden, hidden_values
from ..network.services import service_of
from ..network.timeouts import Limits, check_time
from .blocking import BlockingFetchTransport
from .exchange import Fetch, FetchBody, FetchExchange, fetched_head
from .javascript import base_url_of, javascript

_FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})
_CAPITALISED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


class FetchTransport:
    """Sends requests with JavaScript's `fetch`, and opens bodies to be read in chunks, in the event loop.

    Args:
        api_key: The key, or a function that returns it, which may be a coroutine function, or a `RefreshingToken`: all
            are asked at each request. None reads `OPENAI_API_KEY`, which a page has not. Without a key, or with an
            empty one, no credential is sent. A key in a page is known to whoever opens it.
        organization: The `OpenAI-Organization` header; None reads `OPENAI_ORG_ID`.
        project: The `OpenAI-Project` header; None reads `OPENAI_PROJECT_ID`.
        base_url: What paths are relative to; None reads `OPENAI_BASE_URL`, or else is the API's.
        region, azure_endpoint, azure_api_version, azure_ad_token: Say which service is asked, and as whom, as for
            `Urllib3Transport`.
        timeout: Read timeout in seconds, greater than 0, for requests that have none of their own. The time to connect
            is part of it. JavaScript may time out sooner (Node.js after 300 s).
            The `total` of a request counts from the call to the end of the body.
        default_headers: Headers for every request that has none of that name; these override the transport's own.
            Credentials belong here, and show nowhere: no request may hold one.
        default_query: Query parameters for every request that has none of that name; credentials, likewise.
        fetch: What to send with, in place of the global `fetch`: a service binding's, or one that adds to the
            `RequestInit` what an environment has of its own.

    Raises `ImportError` on a Python that is not inside JavaScript, and `ValueError`, which holds no credential, for an
    argument or a variable that cannot be used. There is nothing to close: connections are JavaScript's.
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
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, str] | None = None,
        fetch: Fetch | None = None,
    ) -> None:
        # First of all, so that no report of a crash that prints the variables of frames shows them.
        api_key, azure_ad_token = hidden(api_key), hidden(azure_ad_token)
        base_url, azure_endpoint = hidden(base_url), hidden(azure_endpoint)
        default_headers, default_query = hidden_values(default_headers or {}), hidden_values(default_query or {})
        self._script = javascript()
        check_time("timeout", timeout)
        service = service_of(
            base_url=base_url,
            region=region,
            azure_endpoint=azure_endpoint,
            azure_api_version=azure_api_version,
            has_key=api_key is not None,
            has_azure_token=azure_ad_token is not None,
        )
        self._identity = identity_of(
            api_key=api_key,
            organization=organization,
            project=project,
            azure_api_version=service.azure_api_version,
            azure_ad_token=azure_ad_token,
            default_headers=default_headers,
            default_query=default_query,
            agent=None,  # JavaScript has its own; for another, a browser may need each server's permission
        )
        self.base_url = base_url_of(self._script, hidden(service.base_url.text), service.base_url.name)
        self._outgoing = Outgoing(self.base_url, self._identity.headers, self._identity.query)
        self._limits = Limits(timeout, timeout)
        self._fetch: Fetch = self._script.names.fetch if fetch is None else fetch

    async def __call__(self, request: HttpRequest) -> Answer:
        """Perform one exchange, whatever its status.

        Fails with `NotSent` or `Interrupted`; a request that no fetch can send as it is, is `NotSent` of the kind
        `invalid_request`. An `Interrupted` has what was received of the answer.
        """
        begun = await self._begin(request)
        return begun if is_failure(begun) else await self._whole(*begun.unwrap())

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read; fails as a call does."""
        begun = await self._begin(request)
        if is_failure(begun):
            return begun
        head, exchange = begun.unwrap()
        if head.is_success:
            return Success(FetchBody(head, exchange, self._redacted))
        answer = await self._whole(head, exchange)
        return answer if is_failure(answer) else Success(AsyncWholeBody(answer.unwrap()))

    def blocking(self) -> BlockingFetchTransport:
        """The same as a transport that blocks, for `run` and `iterate`.

        Raises `RuntimeError` where JavaScript does not let Python wait for a promise (JSPI), or not here.
        """
        return BlockingFetchTransport(self, self._script)

    async def _begin(self, request: HttpRequest) -> Result[tuple[HttpResponse, FetchExchange], Error]:
        try:
            limits = self._limits.of(request)
            _check_fetchable(request)
            url = self._outgoing.target(request)
            asked, secret = self._identity.asked, None
            if asked is not None:
                credential = await _credential(asked)
                if is_failure(credential):
                    return self._redacted(credential.failure())
                secret = credential.unwrap()
            init = self._init(request, None if asked is None or secret is None else asked.header_of(secret))
        except ValueError as error:
            return Failure(NotSent("invalid_request", str(error)))
        exchange = FetchExchange(self._script, limits)
        response = await exchange.begin(self._fetch, url, init)
        if is_failure(response):
            return self._redacted(response.failure())
        head = fetched_head(self._script, response.unwrap())
        if asked is not None and secret is not None and head.status == 401:
            asked.refused(secret)
        return Success((head, exchange))

    async def _whole(self, head: HttpResponse, exchange: FetchExchange) -> Answer:
        body, error = await read_to_end_async(exchange.chunk)
        response = replace(head, body=body)
        if not head.is_success:
            response = self._identity.redact(response)
        if error is None:
            return Success(response)
        received = response if head.is_success else self._identity.redact_begun(response)
        return self._redacted(replace(error, partial=received) if isinstance(error, Interrupted) else error)

    def _init(self, request: HttpRequest, credential: tuple[str, str] | None) -> dict[str, Any]:
        script = self._script
        defaults = self._outgoing.defaults(request.headers)
        if credential is not None and find_header(request.headers, credential[0]) is None:
            defaults = (*defaults, credential)
        init = {
            "method": request.method,
            # Of no kind that shows what is in it: some of it is secret.
            "headers": script.names.Headers.new(script.to_js([*defaults, *request.headers])),
            "redirect": "manual",
            "credentials": "omit",
            "cache": "no-store",
            "referrerPolicy": "no-referrer",
        }
        return init if request.body is None else {**init, "body": request.body}

    def _redacted(self, error: Error) -> Failure[Error]:
        return Failure(self._identity.redact_error(error))

    def leaks(self, data: bytes) -> bool:
        """Whether `data` holds a credential of this transport: what is to be kept can be asked about before it is."""
        return self._identity.leaks(data)

    def __repr__(self) -> str:
        if "base_url" not in vars(self):  # in a report of why it could not be made
            return f"{type(self).__name__}(…)"
        identity = self._identity
        keyed = identity.asked is not None or any(isinstance(value, Hidden) for _, value in identity.headers)
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={REDACTED if keyed else None})"


async def _credential(asked: AskedCredential) -> Result[Secret, NotSent]:
    """The credential of one request. JavaScript has no thread to spare: a function that blocks, blocks the page."""
    secret = asked.ready()
    if secret is not None:
        return Success(secret)
    return await asked.ask_async() if asked.is_async else asked.ask()


def _check_fetchable(request: HttpRequest) -> None:
    """Raise `ValueError` for what HTTP has, but no fetch sends, or not as it is."""
    method = request.method
    if method.upper() in _FORBIDDEN_METHODS:
        raise ValueError(f"the method is {method!r}, which no fetch sends")
    if method.upper() in _CAPITALISED_METHODS and not method.isupper():
        raise ValueError(f"the method is {method!r}, which a fetch would send as {method.upper()!r}")
    if method in {"GET", "HEAD"} and request.body is not None:
        raise ValueError(f"a {method} has a body, which no fetch sends")
