"""SOCKS proxies: who resolves names, what the proxy is told, and what it means when it fails."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import trustme
from returns.result import Failure
from socks_server import SocksServer, proxying

from puresponse.core.errors import NotSent
from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import value_or_raise
from puresponse.transports.exchanges import UNSENT
from puresponse.transports.http1.addresses import proxy_of
from puresponse.transports.network.environment import Variable
from puresponse.transports.testing.contract.transports import Recorder, error_of, repeat_request
from puresponse.transports.testing.loopback import listening, refusing, serving
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1", (("include[]", "a b"),), idempotent=True)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("scheme", ["socks5h", "socks5", "socks4a", "socks4"])
def test_a_request_goes_through_the_proxy_on_one_connection(scheme: str) -> None:
    service, proxy = Recorder(HttpResponse(status=200, body=b"answer")), SocksServer()
    with (
        serving(service) as base_url,
        proxying(proxy) as address,
        Urllib3Transport(api_key=KEY, base_url=base_url, proxy=f"{scheme}://{address}") as transport,
    ):
        for _ in range(2):
            assert value_or_raise(transport(GET)).body == b"answer"
    assert proxy.asked == [(5 if "5" in scheme else 4, "127.0.0.1")]
    assert [request.path for request in service.requests] == ["/responses/resp_1"] * 2
    assert [value for name, value in service.requests[0].headers if name == "Authorization"] == [f"Bearer {KEY}"]
    assert not [name for name, _ in service.requests[0].headers if name.lower().startswith("proxy")]


@pytest.mark.parametrize("scheme", ["socks5h", "socks4a"])
def test_a_name_can_be_left_to_the_proxy(scheme: str) -> None:
    proxy = SocksServer(resolves={"api.invalid": "127.0.0.1"})
    with serving(repeat_request) as base_url, proxying(proxy) as address:
        url = base_url.replace("127.0.0.1", "api.invalid")
        with Urllib3Transport(base_url=url, proxy=f"{scheme}://{address}") as transport:
            assert value_or_raise(transport(GET)).status == 200
    assert [host for _, host in proxy.asked] == ["api.invalid"]


@pytest.mark.parametrize("scheme", ["socks5", "socks4"])
def test_a_name_can_be_resolved_before_the_proxy_is_asked(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = SocksServer()
    known = socket.getaddrinfo

    def resolved(host: Any, *arguments: Any) -> Any:
        return known("127.0.0.1" if host == "api.invalid" and 4 not in arguments[3:] else host, *arguments)

    with serving(repeat_request) as base_url, proxying(proxy) as address:
        url = base_url.replace("127.0.0.1", "api.invalid")
        with Urllib3Transport(base_url=url, proxy=f"{scheme}://{address}") as transport:
            failed = error_of(transport(GET), "a name that there is not")
            assert isinstance(failed, NotSent)
            assert failed.kind == "dns"
            monkeypatch.setattr(socket, "getaddrinfo", resolved)
            assert value_or_raise(transport(GET)).status == 200
    assert [host for _, host in proxy.asked] == ["127.0.0.1"]


def test_tls_goes_through_the_proxy_to_the_server(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
    server.load_cert_chain(tmp_path / "server.pem")
    with serving(repeat_request, tls=server) as base_url, proxying(SocksServer()) as address:
        arguments: dict[str, Any] = {"base_url": base_url, "proxy": f"socks5h://{address}"}
        with Urllib3Transport(**arguments, ca_file=tmp_path / "ca.pem") as transport:
            assert value_or_raise(transport(GET)).status == 200
        with Urllib3Transport(**arguments) as transport:
            error = error_of(transport(GET), "a server that is not trusted")
    assert isinstance(error, NotSent)
    assert error.kind == "tls"


def test_the_proxy_is_told_the_user_and_the_password() -> None:
    proxy = SocksServer(login=("user", "p@ss word"))
    with serving(repeat_request) as base_url, proxying(proxy) as address:
        with Urllib3Transport(base_url=base_url, proxy=f"socks5h://user:p%40ss%20word@{address}") as transport:
            assert value_or_raise(transport(GET)).status == 200
        with Urllib3Transport(base_url=base_url, proxy=f"socks5h://user:hush-0123456789@{address}") as transport:
            error = error_of(transport(GET), "a wrong password")
        with Urllib3Transport(base_url=base_url, proxy=f"socks4://somebody@{address}") as transport:
            assert value_or_raise(transport(GET)).status == 200
    assert proxy.users == ["user", "user", "somebody"]
    assert isinstance(error, NotSent)
    assert (error.kind, "hush" in str(error)) == ("proxy", False)


@pytest.mark.parametrize("scheme", ["socks5h", "socks4"])
def test_what_fails_at_the_proxy_is_an_error_of_the_proxy_and_not_sent(scheme: str) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        with refusing() as nowhere:
            gone = nowhere.removeprefix("http://")
            with Urllib3Transport(base_url=base_url, proxy=f"{scheme}://{gone}") as transport:
                error = error_of(transport(GET), "a proxy that is not there")
        assert isinstance(error, NotSent)
        assert (error.kind, error.reason.startswith(f"the proxy {gone}: ")) == ("proxy", True)
        assert "refused" in error.reason
        for server in (SocksServer(refuses=True), SocksServer(hangs=True)):
            with (
                proxying(server) as address,
                Urllib3Transport(base_url=base_url, proxy=f"{scheme}://{address}", connect_timeout=0.1) as transport,
            ):
                error = error_of(transport(GET), "a proxy that does not connect")
            assert isinstance(error, NotSent)
            assert (error.kind, error.reason.startswith(f"the proxy {address}: ")) == ("proxy", True)
        assert error.reason.endswith("no connection within 0.1 s")
        with Urllib3Transport(base_url=base_url, proxy=f"{scheme}://proxy.invalid:1080") as transport:
            error = error_of(transport(GET), "a proxy whose name there is not")
        assert isinstance(error, NotSent)
        assert (error.kind, error.reason.startswith("the proxy proxy.invalid:1080: ")) == ("proxy", True)
    assert service.requests == []


def test_who_waits_for_the_proxy_can_give_up() -> None:
    connected = Event()

    def hangs(connection: socket.socket) -> None:
        connected.set()
        connection.recv(1)
        connection.recv(1 << 16)
        connection.recv(1)

    with (
        listening(hangs) as port,
        Urllib3Transport(
            base_url="http://127.0.0.1:1", proxy=f"socks5h://127.0.0.1:{port}", connect_timeout=60.0
        ) as transport,
    ):
        exchange, results = transport.begin(GET), list[Any]()
        thread = Thread(target=lambda: results.append(exchange.result()))
        thread.start()
        assert connected.wait(10)
        exchange.give_up()
        thread.join(5)
        assert results == [Failure(UNSENT)]


def test_the_proxy_of_the_environment_may_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = SocksServer()
    with serving(repeat_request) as base_url, proxying(proxy) as address:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://{address}")
        with Urllib3Transport(base_url=base_url) as transport:
            assert value_or_raise(transport(GET)).status == 200
    assert len(proxy.asked) == 1


def test_without_the_package_the_extra_is_named_and_the_password_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    installed: dict[str, Any] = {}
    monkeypatch.setattr("puresponse.transports.http1.addresses.find_spec", installed.get)
    with pytest.raises(ValueError, match="invalid argument 'proxy'") as raised:
        Urllib3Transport(proxy="socks5h://user:hush@127.0.0.1:1080")
    assert "it needs the package PySocks: install puresponse[socks]" in str(raised.value)
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("socks5h://h", "socks5h://h:1080"),
        ("socks5://h:9", "socks5://h:9"),
        ("SOCKS4A://[::1]:9", "socks4a://[::1]:9"),
    ],
)
def test_a_proxy_is_read(url: str, read: str) -> None:
    assert proxy_of(url).url == read


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("socks5://", "it must have a host"),
        ("socks5://h:0", "its port must be 1 to 65535"),
        ("socks5://h?a=b", "it must have no query or fragment"),
        (f"socks5://{'u' * 256}@h", "its user and password may have 255 bytes each"),
        ("socks://h", "it must be http://…, https://…, socks5h://…"),
    ],
)
def test_what_is_no_proxy_is_refused_by_the_name_of_what_it_was(url: str, said: str) -> None:
    for name, named in (("proxy", "argument 'proxy'"), (Variable("ALL_PROXY"), "environment variable 'ALL_PROXY'")):
        with pytest.raises(ValueError, match=f"^invalid {named}: it is ") as raised:
            proxy_of(url, name)
        assert said in str(raised.value)


def test_the_password_of_the_proxy_shows_nowhere() -> None:
    proxy = proxy_of("socks5h://user:hush-0123456789@h")
    assert "hush" not in repr(proxy)
    with Urllib3Transport(base_url="http://h", proxy="socks5h://user:hush-0123456789@h") as transport:
        assert "hush" not in repr(vars(transport))
