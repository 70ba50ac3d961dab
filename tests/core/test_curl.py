"""A request as a command line of curl: what that sends is what a transport sends, and it shows no secret."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from returns.result import Failure

from puresponse.core import (
    HttpRequest,
    InvalidArgument,
    Open,
    Send,
    create_response,
    delete_response,
    list_input_items,
    stream_response,
    to_curl,
)
from puresponse.transports import Urllib3Transport
from puresponse.transports.network.query import encode_query
from puresponse.transports.testing.loopback import listening

KEY = "sk-planted-0123456789"
Arrived: TypeAlias = tuple[str, tuple[tuple[str, str], ...], bytes]
"""The request line, the headers, and the body."""


def line_of(request: HttpRequest, base_url: str = "http://127.0.0.1:1/v1") -> str:
    return to_curl(request, base_url).unwrap()


def arguments_of(line: str) -> list[str]:
    """The arguments that a POSIX shell gives to curl."""
    written = in_shell("curl() { printf '%s\\0' \"$@\"; }\n" + line)
    return written.decode(errors="surrogateescape").split("\0")[:-1]


def in_shell(script: str) -> bytes:
    """What a script writes, which is to write nothing to standard error."""
    with TemporaryDirectory() as folder:
        ended = subprocess.run(
            ["/bin/sh"],
            cwd=folder,
            input=script.encode(),
            env={"PATH": os.environ["PATH"], "OPENAI_API_KEY": KEY},
            capture_output=True,
            check=False,
        )
    assert ended.stderr == b""
    return ended.stdout


# --- what arrives --------------------------------------------------------------------------------


@contextmanager
def recording() -> Generator[tuple[str, list[Arrived]]]:
    """A server that keeps requests as they arrive, byte by byte, and answers each with nothing."""
    arrived: list[Arrived] = []

    def handle(connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (request := _read(file)) is not None:
                arrived.append(request)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    with listening(handle) as port:
        yield f"http://127.0.0.1:{port}/v1", arrived


def _read(file: BinaryIO) -> Arrived | None:
    line = file.readline()
    if not line:
        return None
    head = b"".join(iter(file.readline, b"\r\n"))
    headers = tuple(
        (name, value.strip(" \t"))
        for name, _, value in (part.partition(":") for part in head.decode("latin-1").split("\r\n") if part)
    )
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return line.decode("latin-1"), headers, file.read(length)


token = st.text("abcXYZ09-_.!#$%&'*+^`|~", min_size=1, max_size=8)
latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, blacklist_categories=["Cc"]), max_size=12)
visible = st.text("aZ9 \"'$`\\!{}[]@#~;&|<>*?()=%\t", max_size=12)
anything = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
own_names = token.map("X-{}".format)
segment = st.text("aZ09-_.~!$&'()*+,;=:@", min_size=1, max_size=8).map("x{}".format)
requests = st.builds(
    HttpRequest,
    method=st.sampled_from(["GET", "POST", "DELETE", "PATCH", "PUT", "OPTIONS", "M-SEARCH"]) | token.map("X{}".format),
    path=st.lists(segment | st.just("a%2Fb%20c"), min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts)),
    query=st.lists(st.tuples(st.just("include[]") | anything.map("x{}".format), anything), max_size=3).map(tuple),
    headers=st.lists(st.tuples(own_names, visible | latin), max_size=3, unique_by=lambda pair: pair[0].lower()).map(
        tuple
    ),
    body=st.none() | st.binary(max_size=30) | st.text(max_size=30).map(str.encode) | visible.map(str.encode),
)


def test_what_curl_sends_is_what_the_transport_sends() -> None:
    assert shutil.which("curl"), "tests/run setup installs curl"
    with recording() as (base_url, arrived), Urllib3Transport(api_key=KEY, base_url=base_url, proxy="") as transport:

        @settings(max_examples=60, deadline=None)
        @given(requests)
        @example(HttpRequest("POST", "/responses", body=b"@/etc/hostname"))
        @example(HttpRequest("POST", "/responses", body=b""))
        @example(HttpRequest("POST", "/responses", body=b"\x00\xff" * 90_000))
        @example(HttpRequest("POST", "/responses", body=b'"it\'s"' * 20_000))
        @example(
            HttpRequest("POST", "/responses", headers=(("Content-Type", "a/b"), ("X-A", " "), ("X-B", "")), body=b"a\n")
        )
        @example(
            HttpRequest("GET", "/responses", headers=(("Accept", "text/event-stream"), ("X-A", "a"), ("x-a", "b")))
        )
        @example(HttpRequest("HEAD", "/responses", (("a", "b c"),)))
        def check(request: HttpRequest) -> None:
            arrived.clear()
            transport(request).unwrap()
            line = line_of(request, base_url)
            in_shell(line.replace("curl ", "curl --disable --silent --show-error --noproxy '*' ", 1))
            (ours_line, ours, ours_body), (curls_line, curls, curls_body) = arrived
            assert (ours_line, ours_body) == (curls_line, curls_body)
            names = {name.lower() for name, _ in request.headers} | {"accept", "authorization"}
            assert _named(ours, names) == _named(curls, names)
            # Beyond these curl has its own name, and no other.
            beyond = {name.lower() for name, _ in curls} - names
            assert beyond <= {"host", "user-agent", "content-length"}

        check()


def _named(headers: tuple[tuple[str, str], ...], names: set[str]) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in headers if name.lower() in names)


@settings(max_examples=60, deadline=None)
@given(requests)
@example(HttpRequest("POST", "/responses", body=b"\n"))
def test_a_shell_gives_each_text_to_curl_as_one_argument(request: HttpRequest) -> None:
    arguments = arguments_of(line_of(request))
    assert arguments[:2] == ["--request", request.method]
    query = f"?{encode_query(request.query)}" if request.query else ""
    assert arguments[2] == f"http://127.0.0.1:1/v1{request.path}{query}"
    if request.body is not None:
        assert arguments[-1] == ("@-" if _is_piped(request) else request.body.decode())


def _is_piped(request: HttpRequest) -> bool:
    return line_of(request).startswith("printf ")


# --- what it says --------------------------------------------------------------------------------


def test_a_creation_reads_as_in_the_documentation_of_the_api() -> None:
    operation = create_response(model="gpt-5", input="What's new?")
    assert isinstance(operation, Send)
    assert line_of(operation.request, "https://api.openai.com/v1/") == (
        "curl --request POST https://api.openai.com/v1/responses \\\n"
        '  --header "Authorization: Bearer $OPENAI_API_KEY" \\\n'
        "  --header 'Accept: application/json' \\\n"
        "  --header 'Content-Type: application/json' \\\n"
        """  --data-binary '{"model":"gpt-5","input":"What'\\''s new?"}'"""
    )


def test_the_query_is_encoded() -> None:
    operation = list_input_items("resp_1", include=["a.b"], limit=5)
    assert isinstance(operation, Send)
    assert "'http://127.0.0.1:1/v1/responses/resp_1/input_items?" in line_of(operation.request)
    assert "include%5B%5D=a.b" in line_of(operation.request)


def test_events_are_shown_as_they_arrive() -> None:
    stream = stream_response(model="gpt-5", input="hi")
    assert isinstance(stream, Open)
    assert "--no-buffer" in arguments_of(line_of(stream.request))
    assert "--no-buffer" not in arguments_of(line_of(replace(stream.request, headers=())))


def test_a_head_is_asked_for_so_that_curl_waits_for_no_body() -> None:
    assert arguments_of(line_of(HttpRequest("HEAD", "/models")))[:2] == ["--head", "http://127.0.0.1:1/v1/models"]


def test_times_are_those_of_the_request() -> None:
    request = HttpRequest("GET", "/responses/resp_1", timeout=1.5, total=0.25)
    assert arguments_of(line_of(request))[-6:] == ["--max-time", "0.25", "--speed-limit", "1", "--speed-time", "2"]
    assert arguments_of(line_of(replace(request, total=60.0, timeout=None)))[-2:] == ["--max-time", "60"]
    assert arguments_of(line_of(replace(request, total=1e-9, timeout=None)))[-2:] == ["--max-time", "0.001"]


def test_a_request_that_no_transport_would_send_is_refused_for_the_same_reason() -> None:
    refused = InvalidArgument("request", "the method is 'G T'; it must be a token")
    assert to_curl(HttpRequest("G T", "/a")) == Failure(refused)


def test_a_body_that_is_no_text_goes_before_the_command_in_one_word() -> None:
    line = line_of(HttpRequest("POST", "/responses", body=b"\x00\xff"))
    assert line.startswith("printf %s AP8= | base64 -d | curl ")
    assert line.endswith(" --data-binary @-")


def test_what_a_terminal_would_act_upon_is_piped() -> None:
    for body in ("\x1b[31m", "\r", "\u202egpj", "\x9b"):
        assert _is_piped(HttpRequest("POST", "/responses", body=body.encode()))
    assert not _is_piped(HttpRequest("POST", "/responses", body="\u00e9\t\n\u00a0\U0001f600".encode()))


# --- no secret -----------------------------------------------------------------------------------


def test_a_credential_that_a_request_was_given_by_hand_is_not_shown() -> None:
    request = HttpRequest(
        "GET",
        "/responses/resp_1",
        (("access_token", KEY), ("limit", "5")),
        (("Authorization", f"Bearer {KEY}"), ("api-key", KEY), ("Cookie", KEY)),
    )
    line = line_of(request)
    assert KEY not in line
    assert line.count("$OPENAI_API_KEY") == 1
    assert "limit=5" in line


@pytest.mark.parametrize(
    "base_url",
    [
        KEY,
        f"https://user:{KEY}@example.com",
        f"https://example.com/v1?key={KEY}",
        f"https://example.com/v1;key={KEY}",
        f"https://example.com/v1#{KEY}",
        f"https://example.com/ {KEY}",
        f"ftp://example.com/{KEY}",
        "https://",
        "https://example.com\n",
        "https://example.com:123456",
        "",
    ],
)
def test_what_is_no_base_url_is_refused_without_being_shown(base_url: str) -> None:
    refused = to_curl(HttpRequest("GET", "/responses/resp_1"), base_url)
    assert isinstance(refused.failure(), InvalidArgument)
    assert str(refused.failure()).startswith("invalid argument 'base_url': it must be http")
    assert KEY not in str(refused.failure())


@pytest.mark.parametrize(
    "base_url", ["http://localhost", "https://example.com:8443/openai/v1", "http://[::1]:80/v1", "https://exämple.de/"]
)
def test_what_is_a_base_url_is_taken(base_url: str) -> None:
    assert f"{base_url.rstrip('/')}/models" in arguments_of(line_of(HttpRequest("GET", "/models"), base_url))


@pytest.mark.parametrize(
    ("request_", "parameter"),
    [
        (HttpRequest("GET", "/responses/.."), "request"),
        (HttpRequest("GE T", "/responses"), "request"),
        (HttpRequest("GET", "/responses", headers=(("a", "b\n"),)), "request"),
        (HttpRequest("GET", "/responses", query=(("a", "\ud800"),)), "request"),
        (HttpRequest("HEAD", "/responses", body=b""), "request"),
        (HttpRequest("GET", "/responses", timeout=0.0), "timeout"),
        (HttpRequest("GET", "/responses", total=float("nan")), "total"),
    ],
)
def test_what_could_not_be_sent_is_refused(request_: HttpRequest, parameter: str) -> None:
    refused = to_curl(request_)
    assert isinstance(refused, Failure)
    error = refused.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == parameter


def test_what_is_no_request_is_refused() -> None:
    operation: Any = delete_response("resp_1")
    refused = to_curl(operation)
    assert str(refused.failure()).startswith("invalid argument 'request': given Send(")
