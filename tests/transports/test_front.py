"""What a server answers before a transport is asked: paths, keys, names, origins, methods, health."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any, TypeAlias

import httpx2
import pytest
from msgspec import json

from puresponse.core import HttpRequest
from puresponse.transports import MemoryTransport, Reply, serve
from puresponse.transports.serving.asgi import AsgiApplication
from puresponse.transports.serving.front import Front
from puresponse.transports.serving.host_check import check_hosts, is_local
from puresponse.transports.serving.wsgi import WsgiApplication

HERE = "http://localhost:8080"
PAGE = "http://localhost:5173"


Ask: TypeAlias = Callable[..., httpx2.Response]


@pytest.fixture(params=[WsgiApplication, AsgiApplication])
def asked(request: pytest.FixtureRequest) -> Ask:
    """Send a request to an application with these options, in process."""

    def ask(
        method: str,
        url: str,
        *,
        of: MemoryTransport | None = None,
        headers: Any = None,
        body: Any = None,
        **options: Any,
    ) -> httpx2.Response:
        application = request.param(MemoryTransport() if of is None else of, **options)
        return sent_to(application, httpx2.Request(method, f"{HERE}{url}", headers=headers, json=body))

    return ask


def sent_to(application: Any, request: httpx2.Request) -> httpx2.Response:
    """Send a request to an application of either kind."""
    if isinstance(application, WsgiApplication):
        with httpx2.Client(transport=httpx2.WSGITransport(app=application)) as client:
            return client.send(request)

    async def send() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=application)) as client:
            return await client.send(request)

    return asyncio.run(send())


def message(answer: Any) -> str:
    said: str = json.decode(answer.content)["error"]["message"]
    return said


# --- the path --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/v1", "/v1"),
        ("v1/", "/v1"),
        ("/api/v3", "/api/v3"),
        ("/v1beta/openai/", "/v1beta/openai"),
        ("", ""),
        ("/", ""),
    ],
)
def test_any_path_may_precede_those_of_the_api(asked: Ask, path: str, url: str) -> None:
    assert asked("GET", f"{url}/models", path=path).status_code == 200


def test_what_is_outside_of_the_path_is_told_the_base_url_that_would_be_right(asked: Ask) -> None:
    answer = asked("GET", "/v1/models", path="/api/v3")
    assert answer.status_code == 404
    assert message(answer) == f"Invalid URL (GET /v1/models). The base URL here is {HERE}/api/v3"


@pytest.mark.parametrize("path", ["/v1?x", "/v 1", "http://127.0.0.1/v1", "/v1#", "/ü", "/a//b"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"^path: .* is no path; it must be like /v1, or empty$"):
        Front(MemoryTransport(), path=path)


# --- names -----------------------------------------------------------------------------------------

LOCAL = [
    "localhost",
    "localhost:8080",
    "LOCALHOST",
    "localhost.",
    "a.b.localhost:1",
    "127.0.0.1",
    "127.9.9.9:80",
    "[::1]",
    "[::1]:8080",
    "[0:0::1]",
    "[::ffff:127.0.0.1]:80",
]
FOREIGN = [
    "evil.example",
    "localhost.evil.example:8080",
    "127.0.0.1.evil.example",
    "10.0.0.1",
    "[::2]",
    "0.0.0.0:80",
    "",
    ":80",
    "[localhost]",
    "user@localhost",
    "localhost:80:80",
    "notlocalhost",
    "[::1].evil.example",
    "a b",
]


@pytest.mark.parametrize("name", LOCAL)
def test_a_local_name_is_answered(asked: Ask, name: str) -> None:
    assert asked("GET", "/v1/models", headers={"host": name}, hosts=()).status_code == 200


@pytest.mark.parametrize("name", FOREIGN)
def test_any_other_name_is_refused_before_all_else(asked: Ask, name: str) -> None:
    memory = MemoryTransport()
    for path in ("/v1/models", "/health", "/elsewhere"):
        answer = asked("GET", path, of=memory, headers={"host": name}, hosts=(), early=never, api_key="sk-right")
        assert (answer.status_code, answer.reason_phrase) == (421, "Misdirected Request")
        assert f"The header Host is {name!r}" in message(answer)
        assert "--allow-host" in message(answer)
    assert memory.requests == ()


def never(received: object) -> None:
    raise AssertionError(received)


@pytest.mark.parametrize(
    ("hosts", "name", "status"),
    [
        (("Fake.Example",), "fake.example:8080", 200),
        (("fake.example",), "other.fake.example", 421),
        (("10.0.0.1",), "10.0.0.1:80", 200),
        (("fd00::0:1",), "[fd00::1]:80", 200),
        (("[fd00::1]",), "[fd00::1]", 200),
        (("fake.example",), "localhost", 200),
        (("*",), "evil.example", 200),
        (None, "testserver", 200),
    ],
)
def test_other_names_may_be_allowed(asked: Ask, hosts: Collection[str] | None, name: str, status: int) -> None:
    assert asked("GET", "/v1/models", headers={"host": name}, hosts=hosts).status_code == status


@pytest.mark.parametrize(
    ("options", "status"), [({}, 421), ({"hosts": None}, 200), ({"hosts": ("evil.example",)}, 200)]
)
def test_a_server_on_loopback_checks_names_unless_it_is_told_otherwise(options: Any, status: int) -> None:
    with serve(MemoryTransport(), **options) as url:
        assert httpx2.get(f"{url}/models").status_code == 200
        assert httpx2.get(f"{url}/models", headers={"host": "evil.example"}).status_code == status


@pytest.mark.parametrize("name", ["", "a:80", "http://a", "a/b", "[::1]:80", "fd00::g", "a b"])
def test_a_name_that_is_none_is_no_option(name: str) -> None:
    with pytest.raises(ValueError, match=r"^hosts: .* is no name of a server; it must be one without a port, or "):
        check_hosts([name])


@pytest.mark.parametrize("address", ["127.0.0.1", "127.255.255.254", "::1", "localhost", "x.localhost"])
def test_what_leads_to_this_machine_alone_is_local(address: str) -> None:
    assert is_local(address)


# --- origins ---------------------------------------------------------------------------------------


def cors_of(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


def test_without_the_option_no_origin_is_let_read(asked: Ask) -> None:
    wanted = {"origin": PAGE, "access-control-request-method": "POST"}
    for answer in (
        asked("GET", "/v1/models", headers={"origin": PAGE}),
        asked("OPTIONS", "/v1/models", headers=wanted),
    ):
        assert cors_of(answer) == {}
        assert "vary" not in answer.headers


@pytest.mark.parametrize(("cors", "allowed"), [((PAGE,), PAGE), (("*",), "*"), (("http://a", PAGE.upper()), PAGE)])
def test_a_page_of_an_allowed_origin_reads_answers_and_all_their_headers(
    asked: Ask, cors: tuple[str, ...], allowed: str
) -> None:
    answer = asked("GET", "/v1/models", headers={"origin": PAGE}, cors=cors)
    assert answer.headers["access-control-allow-origin"] == allowed
    exposed = set(answer.headers["access-control-expose-headers"].split(", "))
    assert exposed == {"openai-processing-ms", "openai-version", "x-request-id"}
    assert answer.headers.get("vary") == (None if allowed == "*" else "origin")


def test_refusals_can_be_read_too(asked: Ask) -> None:
    for url, key in (("/v1/models", "sk-right"), ("/elsewhere", None), ("/v1/responses/resp_none", None)):
        answer = asked("GET", url, headers={"origin": PAGE}, cors=(PAGE,), api_key=key)
        assert answer.status_code in (401, 404)
        assert answer.headers["access-control-allow-origin"] == PAGE


def test_so_can_what_is_refused_before_it_is_read(asked: Ask) -> None:
    answer = asked("POST", "/v1/responses", headers={"origin": PAGE}, body="too much", cors=(PAGE,), max_body=5)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (413, PAGE)


def test_a_page_of_another_origin_does_not(asked: Ask) -> None:
    wanted = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = asked(method, "/v1/models", headers=wanted, cors=(PAGE,))
        assert (cors_of(answer), answer.headers["vary"]) == ({}, "origin")


def test_a_browser_that_asks_first_may_send_what_it_wants_to_without_a_key(asked: Ask) -> None:
    memory = MemoryTransport()
    wanted = {
        "origin": PAGE,
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "authorization,x-stainless-os",
    }
    answer = asked("OPTIONS", "/v1/responses/resp_1", of=memory, headers=wanted, cors=(PAGE,), api_key="sk-right")
    assert (answer.status_code, answer.content, "content-length" in answer.headers) == (204, b"", False)
    assert cors_of(answer) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "DELETE",
        "access-control-allow-headers": "authorization,x-stainless-os",
        "access-control-max-age": "600",
    }
    assert memory.requests == ()


@pytest.mark.parametrize("origin", ["localhost:5173", "http://localhost/", "http://a b", "", "http://u@a"])
def test_an_origin_that_is_none_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match=r"^cors: .* is no origin; it must be like http://localhost:5173"):
        Front(MemoryTransport(), cors=(origin,))


# --- methods ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/responses", "POST, OPTIONS"),
        ("/responses/resp_1", "GET, HEAD, DELETE, OPTIONS"),
        ("/models", "GET, HEAD, OPTIONS"),
        ("/conversations/conv_1/items", "GET, HEAD, POST, OPTIONS"),
    ],
)
def test_options_tells_the_methods_of_a_path_and_asks_nothing(asked: Ask, path: str, allowed: str) -> None:
    memory = MemoryTransport()
    answer = asked("OPTIONS", f"/v1{path}", of=memory, api_key="sk-right")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, allowed, b"")
    assert (memory.requests, memory.state.served) == ((), 0)


def test_options_of_a_path_that_there_is_not_is_a_404(asked: Ask) -> None:
    assert asked("OPTIONS", "/v1/elsewhere").status_code == 404


def test_a_wrong_method_is_told_all_that_there_are(asked: Ask) -> None:
    answer = asked("PATCH", "/v1/responses/resp_1")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, DELETE, OPTIONS")


@pytest.mark.parametrize("url", ["/v1/responses/resp_chat", "/v1/responses/resp_none", "/elsewhere", "/health"])
def test_head_is_get_without_the_body(asked: Ask, url: str) -> None:
    head, get = asked("HEAD", url), asked("GET", url)
    assert (head.status_code, head.headers, head.content) == (get.status_code, get.headers, b"")
    assert int(head.headers["content-length"]) == len(get.content)


def test_head_of_a_stream_reads_none_of_it(asked: Ask) -> None:
    memory = MemoryTransport.empty(script=Reply.text("Hi").lasting(queued=0, running=3600))
    body = json.encode({"model": "m", "input": "x", "background": True, "stream": True})
    memory.open(HttpRequest("POST", "/responses", body=body)).unwrap().close()
    (made,) = memory.state.responses
    head = asked("HEAD", f"/v1/responses/{made}?stream=true", of=memory)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "text/event-stream; charset=utf-8"


# --- health ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1", "", "/api/v3"])
def test_health_needs_no_key_and_asks_nothing(asked: Ask, path: str) -> None:
    memory = MemoryTransport()
    answer = asked("GET", "/health", of=memory, path=path, api_key="sk-right")
    assert (answer.status_code, answer.json(), memory.requests) == (200, {"status": "ok"}, ())
    assert answer.headers["content-type"] == "application/json"


def test_health_is_only_read(asked: Ask) -> None:
    answer = asked("POST", "/health")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    told = asked("OPTIONS", "/health")
    assert (told.status_code, told.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
