"""A transport is served where it is to be, by a server that bounds what it takes."""

from __future__ import annotations

import re
import socket

import pytest

from puresponse.transports import MemoryTransport
from puresponse.transports.serving.asgi import AsgiApplication
from puresponse.transports.serving.server import address_is_local, listen, serve


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
