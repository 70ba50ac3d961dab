"""What the newer settings of the transport do on the wire: credentials that change, Azure, idle connections."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from returns.result import Failure

from puresponse.core.errors import Interrupted, NotSent
from puresponse.core.http import HttpRequest, HttpResponse, find_header
from puresponse.core.results import value_or_raise
from puresponse.transports import AccessToken, RefreshingToken
from puresponse.transports.exchanges import UNSENT
from puresponse.transports.testing.contract.transports import Recorder
from puresponse.transports.testing.loopback import listening, read_request, response_bytes, serving
from puresponse.transports.urllib3 import connections
from puresponse.transports.urllib3.transport import Urllib3Transport

GET = HttpRequest("GET", "/responses/resp_1", idempotent=True)
POST = HttpRequest("POST", "/responses", body=b"{}")
VARIABLES = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_AD_TOKEN",
    "OPENAI_API_VERSION",
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def sent(service: Recorder, name: str) -> list[str]:
    """The values of a header of the requests that a service had."""
    return [value for request in service.requests for header, value in request.headers if header == name]


class Issuer:
    """Issues tokens, each with a number."""

    def __init__(self) -> None:
        self.issued = 0

    def __call__(self) -> AccessToken:
        self.issued += 1
        return AccessToken(f"token-{self.issued}-0123456789", 3600.0)


# --- credentials that change ---------------------------------------------------------------------


def test_a_function_is_asked_for_the_key_of_each_request() -> None:
    service, keys = Recorder(HttpResponse(status=200)), iter(["sk-one-0123", "sk-two-0123", "sk-three-0123"])
    with serving(service) as base_url, Urllib3Transport(api_key=lambda: next(keys), base_url=base_url) as transport:
        value_or_raise(transport(GET))
        value_or_raise(transport.open(GET)).close()
        value_or_raise(transport.begin(GET).result())
    assert sent(service, "Authorization") == ["Bearer sk-one-0123", "Bearer sk-two-0123", "Bearer sk-three-0123"]


def test_a_token_is_kept_and_after_a_401_fetched_anew_for_the_next_request() -> None:
    issuer, statuses = Issuer(), iter([200, 200, 401, 200])

    def service(request: HttpRequest) -> HttpResponse:
        seen.append(find_header(request.headers, "authorization") or "")
        return HttpResponse(status=next(statuses), body=f"you sent {seen[-1]}".encode())

    seen: list[str] = []
    with (
        serving(service) as base_url,
        Urllib3Transport(api_key=RefreshingToken(issuer), base_url=base_url) as transport,
    ):
        answers = [value_or_raise(transport(GET)) for _ in range(4)]
    assert seen == [f"Bearer token-{number}-0123456789" for number in (1, 1, 1, 2)]
    assert (issuer.issued, [answer.status for answer in answers]) == (2, [200, 200, 401, 200])
    assert answers[2].body == b"you sent Bearer [redacted]"


def test_all_that_were_used_are_redacted() -> None:
    keys = iter(["sk-one-0123456789", "sk-two-0123456789"])
    answer = HttpResponse(status=400, body=b"sk-one-0123456789 sk-two-0123456789")
    with serving(Recorder(answer)) as base_url, Urllib3Transport(api_key=lambda: next(keys), base_url=base_url) as made:
        assert value_or_raise(made(GET)).body == b"[redacted] sk-two-0123456789"
        assert value_or_raise(made(GET)).body == b"[redacted] [redacted]"
        assert repr(made) == f"Urllib3Transport(base_url='{base_url}', api_key=[redacted])"


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (lambda: 1 / 0, NotSent("invalid_request", "api_key: the function that was given raised ZeroDivisionError")),
        (
            RefreshingToken(lambda: Failure(Interrupted("reset", "it broke"))),
            NotSent("unreachable", "api_key: the token could not be fetched: it broke"),
        ),
    ],
)
def test_without_a_credential_nothing_is_sent(source: Any, error: NotSent) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url, Urllib3Transport(api_key=source, base_url=base_url) as transport:
        results: list[Any] = [transport(GET), transport.open(GET), transport.begin(GET).result()]
        assert results == [Failure(error)] * 3
    assert service.requests == []


def test_a_coroutine_function_is_refused() -> None:
    async def key() -> str:
        return "sk-0123"

    wrong: Any = key
    with pytest.raises(ValueError, match="invalid argument 'api_key': it is a coroutine function"):
        Urllib3Transport(api_key=wrong)


def test_nobody_is_asked_for_what_cannot_be_sent() -> None:
    issuer = Issuer()
    with Urllib3Transport(api_key=RefreshingToken(issuer), base_url="http://127.0.0.1:1") as transport:
        assert transport(HttpRequest("GET", "no path")).failure().may_have_acted is False
    assert issuer.issued == 0


def test_who_waits_for_a_credential_can_give_up_and_nothing_is_sent() -> None:
    asking, let_go = Event(), Event()

    def slowly() -> str:
        asking.set()
        let_go.wait(60)
        return "sk-late-0123456789"

    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url, Urllib3Transport(api_key=slowly, base_url=base_url) as transport:
        exchange = transport.begin(GET)
        results: list[Any] = []
        thread = Thread(target=lambda: results.append(exchange.result()))
        thread.start()
        assert asking.wait(10)
        exchange.give_up()
        thread.join(5)
        assert results == [Failure(UNSENT)]
        let_go.set()
    assert service.requests == []


def test_a_header_of_a_request_by_hand_is_sent_in_its_place() -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url, Urllib3Transport(api_key=lambda: "sk-0123", base_url=base_url) as transport:
        value_or_raise(transport(HttpRequest("GET", "/x", headers=(("authorization", "Basic abc"),))))
    assert sent(service, "Authorization") + sent(service, "authorization") == ["Basic abc"]


# --- Azure ---------------------------------------------------------------------------------------


@contextmanager
def at_azure(service: Recorder, path: str = "/openai/v1") -> Generator[str]:
    """The endpoint of a service on loopback."""
    with serving(service, path=path) as base_url:
        yield base_url.removesuffix(path)


def test_azure_is_asked_with_a_key_and_a_version() -> None:
    service = Recorder(HttpResponse(status=200))
    with at_azure(service) as endpoint, Urllib3Transport(azure_endpoint=endpoint, api_key="az-0123") as transport:
        value_or_raise(transport(GET))
        assert transport.base_url == f"{endpoint}/openai/v1"
    (request,) = service.requests
    assert (request.path, request.query) == ("/responses/resp_1", (("api-version", "v1"),))
    assert (sent(service, "api-key"), sent(service, "Authorization")) == (["az-0123"], [])


def test_azure_is_asked_by_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Recorder(HttpResponse(status=200))
    with at_azure(service, "/openai") as endpoint:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", endpoint)
        monkeypatch.setenv("AZURE_OPENAI_API_KEY", "az-0123")
        monkeypatch.setenv("OPENAI_API_VERSION", "2025-04-01-preview")
        with Urllib3Transport() as transport:
            value_or_raise(transport(GET))
    assert service.requests[0].query == (("api-version", "2025-04-01-preview"),)
    assert sent(service, "api-key") == ["az-0123"]


def test_azure_is_asked_with_a_token_of_entra() -> None:
    service, issuer = Recorder(HttpResponse(status=200)), Issuer()
    token = RefreshingToken(issuer)
    with (
        at_azure(service) as endpoint,
        Urllib3Transport(azure_endpoint=endpoint, azure_ad_token=token) as transport,
    ):
        value_or_raise(transport(GET))
    assert (sent(service, "Authorization"), sent(service, "api-key")) == (["Bearer token-1-0123456789"], [])


def test_a_malformed_endpoint_is_refused_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "example.openai.azure.com")
    with pytest.raises(ValueError, match="invalid environment variable 'AZURE_OPENAI_ENDPOINT': it is 'example"):
        Urllib3Transport()


def test_a_region_is_a_base_url() -> None:
    with Urllib3Transport(region="eu") as transport:
        assert transport.base_url == "https://eu.api.openai.com/v1"
    with pytest.raises(ValueError, match="invalid argument 'region': it is 'mars'; it must be one of 'global', 'us'"):
        Urllib3Transport(region="mars")


# --- idle connections ----------------------------------------------------------------------------


@contextmanager
def counting(ports: list[int]) -> Generator[str]:
    """A service that notes the port of whoever asks."""

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while read_request(file, "") is not None:
                ports.append(connection.getpeername()[1])
                connection.sendall(response_bytes(HttpResponse(status=200)))

    with listening(handle) as port:
        yield f"http://127.0.0.1:{port}"


def later(seconds: float, patch: pytest.MonkeyPatch) -> None:
    """Let it be later, for connections that are kept."""
    now = time.monotonic
    patch.setattr(connections, "monotonic", lambda: now() + seconds)


def begun(transport: Urllib3Transport, request: HttpRequest) -> Any:
    return transport.begin(request).result()


@pytest.mark.parametrize("call", [Urllib3Transport.__call__, begun])
def test_a_connection_that_was_idle_for_too_long_serves_no_creation_but_what_may_be_repeated(
    call: Callable[[Urllib3Transport, HttpRequest], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ports: list[int] = []
    with counting(ports) as base_url, Urllib3Transport(base_url=base_url, max_idle=30.0) as transport:
        for seconds, request in ((0, POST), (29, POST), (60, GET), (120, POST), (149, POST)):
            with monkeypatch.context() as patch:
                later(seconds, patch)
                value_or_raise(call(transport, request))
    first, second = ports[0], ports[-1]
    assert ports == [first, first, first, second, second]
    assert first != second


def test_without_a_longest_idle_time_a_connection_serves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    ports: list[int] = []
    with counting(ports) as base_url, Urllib3Transport(base_url=base_url, max_idle=None) as transport:
        for seconds in (0, 1e6):
            with monkeypatch.context() as patch:
                later(seconds, patch)
                value_or_raise(transport(POST))
    assert len(set(ports)) == 1


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("inf"), "30"])
def test_a_longest_idle_time_that_is_no_time_is_refused(seconds: Any) -> None:
    with pytest.raises(ValueError, match="invalid argument 'max_idle'"):
        Urllib3Transport(max_idle=seconds)
