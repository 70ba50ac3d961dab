"""Secrets are planted wherever a transport can hold one, and a server sends them all back: none is seen anywhere."""

from __future__ import annotations

import asyncio
import logging
import pickle
import sys
import traceback
from base64 import b64encode
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from msgspec import json
from returns.result import Result

from puresponse.cli.process import run_process
from puresponse.core import (
    HttpRequest,
    HttpResponse,
    Pairs,
    collect,
    create_response,
    delete_response,
    encode_answer,
    fail,
    list_input_items,
    load_operation,
    retrieve_response,
    retrying,
    save_checkpoint,
    stream_response,
)
from puresponse.core.results import is_failure, value_or_raise
from puresponse.transports import CassetteTransport, StubTransport, iterate, run, run_async
from puresponse.transports.cassette.format import Recording
from puresponse.transports.cassette.request_matching import no_recording
from puresponse.transports.clock import VirtualClock
from puresponse.transports.contract import Transport
from puresponse.transports.testing.capture import CaptureTransport, assert_asked
from puresponse.transports.testing.loopback import answering, listening, read_request, response_bytes, serving
from puresponse.transports.testing.stub import ScriptedTransport
from puresponse.transports.threads import in_threads
from puresponse.transports.urllib3.transport import Urllib3Transport

PLANTED = {
    "key": "sk-proj-PLANTED-0123456789",
    "header": "PLANTED/header+0123456789==",
    "cookie": "PLANTED-cookie-0123456789",
    "query": "PLANTED/query+0123456789==",
    "code": "PLANTED~code~0123456789",
    "password": "PLANTED&password/0123456789",
    "server": "PLANTED-by-the-server-0123456789",
}
MARK = "PLANTED"
BASIC = b64encode(f"user:{PLANTED['password']}".encode()).decode()
GET = HttpRequest("GET", "/responses/resp_1")


def settings() -> dict[str, Any]:
    return {
        "api_key": PLANTED["key"],
        "default_headers": {
            "Ocp-Apim-Subscription-Key": PLANTED["header"],
            "Cookie": f"consent=yes; session={PLANTED['cookie']}",
            "X-Team": "blue",
        },
        "default_query": {"api-key": PLANTED["query"], "code": PLANTED["code"], "tenant": "t"},
    }


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def parrot(status: int, *, as_json: bool = False) -> Callable[[HttpRequest], HttpResponse]:
    """A service that sends back all that it is told, decoded and as it came, and a cookie."""

    def service(request: HttpRequest) -> HttpResponse:
        pairs = (*request.headers, *request.query)
        query = "&".join(f"{quote(name)}={quote(value, '')}" for name, value in request.query)
        said = "; ".join([f"{request.path}?{query}", *(f"{name}={value}" for name, value in pairs)])
        body = json.encode({"error": {"message": said, "code": said, "type": said, "param": said}})
        headers = (("X-Said", said), ("Set-Cookie", f"a={PLANTED['server']}"), ("X-Auth-Token", PLANTED["server"]))
        return HttpResponse(status=status, headers=headers, body=body if as_json else said.encode())

    return service


def inside(result: Any) -> Any:
    return result.failure() if is_failure(result) else result.unwrap()


def assert_unseen(*shown: object) -> None:
    for one in shown:
        plain = one
        text = one if isinstance(one, str) else one.decode("latin-1") if isinstance(one, bytes) else repr(one)
        if isinstance(one, Result):  # whose repr is that of a sentence
            text += repr(inside(plain))
        assert MARK not in text
        assert BASIC not in text


def programs() -> list[Any]:
    return [
        delete_response("resp_1"),
        retrieve_response("resp_1", extra_headers={"X-Trace": "1"}, extra_query={"a": 1}),
        list_input_items("resp_1"),
        create_response(model="m", input="x"),
        retrying(delete_response("resp_1")),
        collect(stream_response(model="m", input="x")),
    ]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500])
def test_no_error_shows_what_was_planted_nor_does_what_is_made_of_it(status: int, as_json: bool) -> None:
    with (
        serving(parrot(status, as_json=as_json)) as base_url,
        Urllib3Transport(base_url=base_url, **settings()) as transport,
    ):
        for program in programs():
            result = run(program, transport, clock=VirtualClock())
            error = result.failure()
            assert "[redacted]" in repr(error)
            assert "X-Team=blue" in repr(error)
            assert "tenant=t" in repr(error)
            assert_unseen(result, error, str(error), pickle.dumps(error), vars(transport), pickle.dumps(transport))
            assert_unseen(asyncio.run(run_async(program, in_threads(transport), clock=VirtualClock())))
            saved = save_checkpoint(fail(error)).unwrap()
            assert_unseen(saved, load_operation(saved).unwrap())
        streamed = list(iterate(stream_response(model="m", input="x"), transport, clock=VirtualClock(), results=True))
        assert_unseen(*streamed)
        assert_unseen(encode_answer(transport(GET)).unwrap(), transport.open(GET).unwrap().answer)


def test_what_was_planted_arrives() -> None:
    arrived: list[HttpRequest] = []

    def service(request: HttpRequest) -> HttpResponse:
        arrived.append(request)
        return HttpResponse(status=200)

    with serving(service) as base_url, Urllib3Transport(base_url=base_url, **settings()) as transport:
        value_or_raise(transport(HttpRequest("GET", "/x", (("limit", "5"),))))
        value_or_raise(transport(GET))
        value_or_raise(transport.open(GET)).close()
        forged = HttpRequest("GET", "/x", (("code", "mine"),))
        value_or_raise(transport(forged))
    hidden = (("api-key", PLANTED["query"]), ("code", PLANTED["code"]))
    assert arrived[0].query == (("tenant", "t"), ("limit", "5"), *hidden)
    assert arrived[1].query == arrived[2].query == (("tenant", "t"), *hidden)
    assert arrived[3].query == (("tenant", "t"), ("code", "mine"), hidden[0])
    headers = dict(arrived[0].headers)
    assert headers["Authorization"] == f"Bearer {PLANTED['key']}"
    assert headers["Ocp-Apim-Subscription-Key"] == PLANTED["header"]
    assert headers["Cookie"] == f"consent=yes; session={PLANTED['cookie']}"


def test_a_query_of_credentials_alone_arrives() -> None:
    arrived: list[Pairs] = []

    def service(request: HttpRequest) -> HttpResponse:
        arrived.append(request.query)
        return HttpResponse(status=200)

    with serving(service) as base_url, Urllib3Transport(base_url=base_url, default_query={"sig": "a+b"}) as transport:
        value_or_raise(transport(GET))
    assert arrived == [(("sig", "a+b"),)]


def test_an_empty_credential_arrives_empty() -> None:
    arrived: list[HttpRequest] = []

    def service(request: HttpRequest) -> HttpResponse:
        arrived.append(request)
        return HttpResponse(status=200)

    empty: dict[str, Any] = {"default_query": {"code": ""}, "default_headers": {"X-Api-Key": ""}}
    with serving(service) as base_url, Urllib3Transport(base_url=base_url, **empty) as transport:
        value_or_raise(transport(GET))
    assert arrived[0].query == (("code", ""),)
    assert ("X-Api-Key", "") in arrived[0].headers


def test_an_answer_shows_no_cookie_whatever_its_status() -> None:
    with serving(parrot(200)) as base_url, Urllib3Transport(base_url=base_url) as transport:
        called, opened = value_or_raise(transport(GET)), value_or_raise(transport.open(GET))
        answer = opened.answer
        opened.close()
    for response in (called, answer):
        assert_unseen(response)
        assert response.header("Set-Cookie") == response.header("X-Auth-Token") == "[redacted]"


def test_no_cassette_and_no_capture_holds_what_was_planted(tmp_path: Path) -> None:
    forged = HttpRequest(
        "GET", "/x", (("api-key", PLANTED["query"]), ("limit", "5")), (("X-Auth-Token", PLANTED["header"]),)
    )
    path = tmp_path / "cassette.json"
    with serving(parrot(401)) as base_url, Urllib3Transport(base_url=base_url, **settings()) as transport:
        capture = CaptureTransport(transport)
        with CassetteTransport.recording(capture, path, keep_headers=["x-said"]) as recorder:
            run(delete_response("resp_1"), recorder)
            recorder(forged)
            recorder.open(forged)
            assert_unseen(recorder.recordings)
    assert_unseen(path.read_bytes(), capture.exchanges, capture.requests)
    replayed = CassetteTransport.replaying(path)
    assert replayed(HttpRequest("DELETE", "/responses/resp_1")).unwrap().status == 401
    assert replayed(forged).unwrap().status == 401
    assert replayed(forged).unwrap().status == 401
    assert_unseen(replayed(forged), replayed.recordings)
    missed = replayed(HttpRequest("GET", "/x", (("api-key", PLANTED["query"]),), forged.headers))
    assert_unseen(missed, str(missed.failure()), pickle.dumps(missed.failure()))


def test_a_recording_that_was_made_by_hand_is_found_and_not_shown() -> None:
    forged = HttpRequest("GET", "/x", (("api-key", PLANTED["query"]), ("limit", "5")))
    cassette = CassetteTransport([Recording(forged, HttpResponse(status=204))])
    assert cassette(forged).unwrap().status == 204
    spent, other = cassette(forged), cassette(HttpRequest("GET", "/x", (("api-key", PLANTED["code"]),)))
    assert_unseen(spent, other, str(spent.failure()), str(other.failure()))
    assert "limit" in str(other.failure())
    assert_unseen(no_recording(forged, [HttpRequest("GET", "/x", (("code", PLANTED["code"]),))]))


def test_no_difference_between_requests_shows_what_was_planted() -> None:
    headers = (("X-Auth-Token", PLANTED["header"]), ("X-Trace", "1"))
    forged = HttpRequest("GET", "/x", (("api-key", PLANTED["query"]), ("limit", "5")), headers)
    expected = HttpRequest("GET", "/x", (("api-key", PLANTED["code"]), ("limit", "6")), (("X-Auth-Token", "other"),))
    with pytest.raises(AssertionError) as raised:
        assert_asked([forged], expected)
    assert "limit" in str(raised.value)
    scripted: list[Transport] = [
        ScriptedTransport((expected, HttpResponse(status=200))),
        ScriptedTransport(),
        StubTransport.answering(),
    ]
    missed = [transport(forged).failure() for transport in scripted]
    assert_unseen(str(raised.value), *missed, *map(str, missed))
    assert "header X-Auth-Token: asked another, expected [redacted]" in str(missed[0])
    unasked = ScriptedTransport((expected, HttpResponse(status=200)))(HttpRequest("GET", "/x", expected.query))
    assert "header X-Auth-Token: asked none, expected [redacted]" in str(unasked.failure())


def test_no_log_and_no_debugging_output_shows_what_was_planted(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(HTTPConnection, "debuglevel", 1)
    with serving(parrot(401)) as base_url, Urllib3Transport(base_url=base_url, **settings()) as transport:
        value_or_raise(transport(GET))
        value_or_raise(transport(HttpRequest("POST", "/x", (("limit", "5"),), (("X-1", "1"), ("X-1", "2")), b"{}")))
    written_out = capfd.readouterr()
    assert "Starting new HTTP connection" in caplog.text  # urllib3 does log
    assert_unseen(caplog.text, written_out.out, written_out.err)


def report(error: BaseException) -> str:
    """What a tool prints that shows the variables of all frames but those of the test."""
    lines: list[str] = []
    shown: traceback.TracebackException | None
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    while shown is not None:
        lines += [str(shown), *(repr(frame.locals) for frame in shown.stack if frame.filename != __file__)]
        shown = shown.__cause__ or shown.__context__
    return "".join(lines)


@pytest.mark.parametrize("headers", [(), (("X-1", "1"),), (("X-1", "1"), ("X-1", "2"))])
@pytest.mark.parametrize("proxied", [False, True])
def test_no_report_of_a_crash_shows_what_was_planted(headers: Pairs, proxied: bool) -> None:
    # The caller's request is no request, so urllib3 crashes with the headers among its variables.
    wrong: Any = 5
    with serving(parrot(200), path="") as base_url:
        proxy = f"http://user:{quote(PLANTED['password'], '')}@{base_url.partition('//')[2]}" if proxied else ""
        with Urllib3Transport(base_url=base_url, proxy=proxy, **settings()) as transport:
            with pytest.raises(TypeError) as raised:
                transport(HttpRequest("POST", "/x", (), headers, wrong))
            shown = report(raised.value)
    assert "'headers': '[redacted]'" in shown
    assert_unseen(shown)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timeout": 0},
        {"max_connections": 0},
        {"azure_api_version": ""},
        {"organization": "a\n"},
        {"ca_file": "/no/such/file", "base_url": "https://h"},
        {"base_url": f"https://user:{PLANTED['key']}@h/v1"},
        {"base_url": f"https://h/v1?api-key={PLANTED['key']}"},
        {"proxy": f"ftp://user:{PLANTED['password']}@h"},
        {"proxy": f"http://h?token={PLANTED['key']}"},
        {"default_headers": {"X-Auth-Token": f"{PLANTED['header']}\n"}},
        {"default_headers": {"X-Auth-Token": PLANTED["header"], "X 1": "a"}},
        {"default_query": {"api-key": f"{PLANTED['query']}é"}},
        {"api_key": f"{PLANTED['key']}\n"},
    ],
    ids=str,
)
def test_no_refusal_of_an_argument_shows_what_was_planted(wrong: dict[str, Any]) -> None:
    arguments = settings() | wrong
    arguments.setdefault("client_key_password", PLANTED["password"])
    with pytest.raises(ValueError, match="invalid argument") as raised:
        Urllib3Transport(**arguments)
    assert_unseen(str(raised.value), repr(raised.value), report(raised.value))


def forwarding(answer: Callable[[HttpRequest], HttpResponse], seen: list[HttpRequest]) -> Any:
    """What attends to each connection of a proxy that answers all by itself."""

    def handle(connection: Any) -> None:
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                seen.append(request)
                connection.sendall(response_bytes(answer(request)))

    return handle


def test_a_proxy_that_sends_back_what_it_is_told_shows_nothing() -> None:
    seen: list[HttpRequest] = []
    with listening(forwarding(parrot(407), seen)) as port:
        proxy = f"http://user:{quote(PLANTED['password'], '')}@127.0.0.1:{port}"
        with Urllib3Transport(base_url="http://api.invalid/v1", proxy=proxy, **settings()) as transport:
            result = transport(GET)
            assert_unseen(result, vars(transport), pickle.dumps(transport))
    assert ("Proxy-Authorization", f"Basic {BASIC}") in seen[0].headers
    assert ("api-key", PLANTED["query"]) in seen[0].query
    assert "Basic [redacted]" in repr(result)


@pytest.mark.parametrize("said", [BASIC, PLANTED["password"], quote(PLANTED["password"], "")])
def test_a_proxy_that_refuses_a_tunnel_in_its_clients_words_shows_nothing(said: str) -> None:
    with answering(f"HTTP/1.1 407 not {said}\r\n\r\n".encode()) as url:
        proxy = f"http://user:{quote(PLANTED['password'], '')}@{url.partition('//')[2]}"
        with Urllib3Transport(base_url="https://api.invalid/v1", proxy=proxy) as transport:
            result = transport(GET)
    assert "407 not [redacted]" in repr(result)
    assert_unseen(result)


@pytest.fixture
def arguments(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def set_arguments(*given: str) -> None:
        monkeypatch.setattr(sys, "argv", ["puresponse", *given])

    return set_arguments


@pytest.mark.parametrize("form", ["--json", "--table"])
def test_no_line_of_the_command_line_shows_what_was_planted(
    form: str, arguments: Callable[..., None], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", PLANTED["key"])
    with serving(parrot(401, as_json=True)) as base_url:
        arguments("delete", "resp_1", form, "--retries", "0", "--base-url", base_url)
        assert run_process() != 0
    for url in (f"https://h/v1?api-key={PLANTED['key']}", f"https://u:{PLANTED['key']}@h", PLANTED["key"]):
        arguments("delete", "resp_1", form, "--base-url", url)
        assert run_process() != 0
        arguments("delete", "resp_1", form)
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        assert run_process() != 0
        monkeypatch.delenv("OPENAI_BASE_URL")
    monkeypatch.setenv("HTTPS_PROXY", f"ftp://u:{PLANTED['password']}@h")
    monkeypatch.delenv("NO_PROXY")
    arguments("delete", "resp_1", form, "--base-url", "https://api.invalid")
    assert run_process() != 0
    seen = capfd.readouterr()
    assert "[redacted]" in seen.err
    assert_unseen(seen.out, seen.err)
