"""A transport is served where it is to be, by a server that bounds what it takes."""

from __future__ import annotations

import re
import resource
import socket
import time
from typing import Any

import httpx2
import pytest

from puresponse.core import HttpRequest
from puresponse.transports import MemoryTransport, Urllib3Transport, WsgiApplication
from puresponse.transports.serving.asgi import AsgiApplication
from puresponse.transports.serving.server import address_is_local, allow_connections, allowed_connections, listen, serve


def test_it_listens_on_loopback_only_unless_told_otherwise() -> None:
    server = listen(AsgiApplication(MemoryTransport()))
    try:
        assert server.host == "127.0.0.1"
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.origin)
    finally:
        server.stop()


def test_the_base_url_has_the_path() -> None:
    with serve(MemoryTransport(), path="/v2") as url:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v2", url)


def test_an_answer_is_not_held_back_until_its_beginning_is_acknowledged() -> None:
    """By Nagle's algorithm (RFC 896) the body would wait for 40 ms behind the head, each time."""
    took: list[float] = []
    with serve(MemoryTransport()) as url, Urllib3Transport(api_key="sk-any", base_url=url) as transport:
        for _ in range(10):
            began = time.monotonic()
            transport(HttpRequest("GET", "/responses/resp_chat")).unwrap()
            took.append(time.monotonic() - began)
    assert min(took[1:]) < 0.03


@pytest.mark.parametrize(
    ("options", "status"), [({}, 421), ({"hosts": ("here.example",)}, 200), ({"hosts": None}, 200)]
)
def test_only_local_names_are_answered_to_unless_it_is_told_otherwise(options: Any, status: int) -> None:
    with serve(MemoryTransport(), **options) as url, httpx2.Client(base_url=url) as client:
        assert client.get("/models", headers={"host": "here.example"}).status_code == status
        assert client.get("/models").status_code == 200


@pytest.mark.parametrize("made", [AsgiApplication, WsgiApplication])
def test_an_application_in_place_of_a_transport_is_a_mistake(made: Any) -> None:
    with pytest.raises(TypeError, match=r"^serve makes the application itself, .*: not \w+Application\("):
        serve(made(MemoryTransport())).__enter__()


@pytest.mark.parametrize("wrong", [{"max_connections": 0}, {"max_body": 0}])
def test_a_limit_that_is_none_is_refused(wrong: Any) -> None:
    with (
        pytest.raises(ValueError, match="it is 0; it must be a whole number, 1 or more"),
        serve(MemoryTransport(), **wrong),
    ):
        pass


def test_it_has_no_more_connections_than_the_process_may_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        allow_connections(300)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(364, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
        assert allowed_connections(4096) == 200 - 64
        assert allowed_connections(10) == 10
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_server_that_was_stopped_before_it_serves_serves_nobody() -> None:
    server = listen(AsgiApplication(MemoryTransport()))
    server.stop()
    server.serve()
    with socket.socket() as connection:
        assert connection.connect_ex((server.host, server.port)) != 0


def test_a_port_that_is_taken_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=rf"cannot listen on 127\.0\.0\.1:{port}"):
            listen(AsgiApplication(MemoryTransport()), port=port)


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> None:
        assert name == "uvicorn"

    monkeypatch.setattr("puresponse.transports.serving.server.find_spec", nothing)
    with pytest.raises(ImportError, match=r"^serving needs uvicorn: pip install 'puresponse\[serve\]'$"):
        listen(AsgiApplication(MemoryTransport()))


@pytest.mark.parametrize(
    ("host", "local"), [("127.0.0.1", True), ("127.0.0.2", True), ("::1", True), ("0.0.0.0", False), ("::", False)]
)
def test_an_address_is_told_to_be_local(host: str, local: bool) -> None:
    assert address_is_local(host) == local


def test_a_name_that_is_none_is_not_local() -> None:
    assert not address_is_local("no such name")
