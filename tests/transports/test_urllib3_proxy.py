"""Proxies: which one is used, what it is told, and what it means when it fails."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
import trustme

from puresponse.core.errors import Error, Interrupted, NotSent
from puresponse.core.http import HttpRequest, HttpResponse, find_header
from puresponse.core.results import value_or_raise
from puresponse.transports.testing.contract.transports import Recorder, error_of, repeat_request
from puresponse.transports.testing.loopback import answering, listening, read_request, refusing, response_bytes, serving
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1", (("include[]", "a b"),))
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
BASIC = f"Basic {b64encode(b'user:p@ss word').decode()}"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class Proxy:
    """A proxy on loopback, which answers plain requests itself and lets tunnels through. It remembers both."""

    def __init__(self) -> None:
        self.plain = Recorder(HttpResponse(status=200, body=b"from the proxy"))
        self.tunnels: list[HttpRequest] = []

    def __call__(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as file:
            while (request := read_request(file, "")) is not None:
                if request.method != "CONNECT":
                    connection.sendall(response_bytes(self.plain(request)))
                    continue
                self.tunnels.append(request)
                host, _, port = request.path.partition(":")
                with socket.create_connection((host, int(port))) as origin:
                    connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                    back = Thread(target=relay, args=(origin, connection))
                    back.start()
                    relay(connection, origin)
                    back.join()
                return


def relay(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until either side ends."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def running(proxy: Proxy, *, tls: ssl.SSLContext | None = None) -> Generator[str]:
    with listening(proxy, tls=tls) as port:
        yield f"127.0.0.1:{port}"


class Certified:
    """The TLS settings of a server on loopback, and the file of the authority that vouches for it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self.server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
        self.server.load_cert_chain(folder / "server.pem")


@pytest.fixture
def certified(tmp_path: Path) -> Certified:
    return Certified(tmp_path)


def failed(transport: Urllib3Transport) -> Error:
    with transport:
        return error_of(transport(GET), "a call through a proxy that fails")


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_plain_request_goes_to_the_proxy_of_the_environment(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    with running(proxy) as address:
        monkeypatch.setenv(variable, f"http://{address}")
        with Urllib3Transport(base_url="http://api.invalid/v1", api_key=KEY) as transport:
            assert value_or_raise(transport(GET)).body == b"from the proxy"
    (request,) = proxy.plain.requests
    assert (request.path, request.query) == ("http://api.invalid/v1/responses/resp_1", GET.query)
    assert find_header(request.headers, "Host") == "api.invalid"
    assert find_header(request.headers, "Authorization") == f"Bearer {KEY}"
    assert find_header(request.headers, "Proxy-Authorization") is None


def test_a_plain_request_to_another_port_names_it() -> None:
    proxy = Proxy()
    with running(proxy) as address, Urllib3Transport(base_url="http://api.invalid:81", proxy=address) as transport:
        value_or_raise(transport(HttpRequest("GET", "/x")))
    (request,) = proxy.plain.requests
    assert request.path == "http://api.invalid:81/x"
    assert find_header(request.headers, "Host") == "api.invalid:81"


def test_the_proxys_password_is_for_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    with running(proxy) as address:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:p%40ss%20word@{address}")
        with Urllib3Transport(base_url="http://api.invalid/v1") as transport:
            value_or_raise(transport(GET))
            assert "p@ss" not in repr(vars(transport))
            assert BASIC not in repr(vars(transport))
    assert find_header(proxy.plain.requests[0].headers, "Proxy-Authorization") == BASIC


@pytest.mark.parametrize("through_tls", [False, True])
def test_a_request_over_tls_goes_through_a_tunnel_that_learns_nothing(through_tls: bool, certified: Certified) -> None:
    proxy, service = Proxy(), Recorder(HttpResponse(status=200, body=b"from the server"))
    scheme, tls = ("https", certified.server) if through_tls else ("http", None)
    with (
        serving(service, tls=certified.server) as base_url,
        running(proxy, tls=tls) as address,
        Urllib3Transport(
            base_url=base_url,
            api_key=KEY,
            proxy=f"{scheme}://user:p%40ss%20word@{address}",
            ca_file=certified.ca_file,
        ) as transport,
    ):
        for _ in range(2):
            assert value_or_raise(transport(GET)).body == b"from the server"
    (tunnel,) = proxy.tunnels
    assert tunnel.path == base_url.removeprefix("https://").removesuffix("/v1")
    assert find_header(tunnel.headers, "Proxy-Authorization") == BASIC
    assert find_header(tunnel.headers, "Authorization") is None
    assert [(request.path, request.query) for request in service.requests] == [(GET.path, GET.query)] * 2
    assert find_header(service.requests[0].headers, "Authorization") == f"Bearer {KEY}"
    assert find_header(service.requests[0].headers, "Proxy-Authorization") is None


def test_a_plain_request_can_go_to_a_proxy_over_tls(certified: Certified) -> None:
    proxy = Proxy()
    with (
        running(proxy, tls=certified.server) as address,
        Urllib3Transport(
            base_url="http://api.invalid", proxy=f"https://{address}", ca_file=certified.ca_file
        ) as transport,
    ):
        assert value_or_raise(transport(HttpRequest("GET", "/x"))).body == b"from the proxy"
    assert proxy.plain.requests[0].path == "http://api.invalid/x"


@pytest.mark.parametrize("exempt", ["127.0.0.1", "*", "example.com,127.0.0.1"])
def test_what_no_proxy_names_is_reached_without_one(exempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(repeat_request) as base_url, refusing() as nowhere:
        monkeypatch.setenv("HTTP_PROXY", nowhere)
        monkeypatch.setenv("NO_PROXY", exempt)
        with Urllib3Transport(base_url=base_url) as transport:
            assert value_or_raise(transport(GET)).status == 200


def test_no_proxy_can_name_a_host_with_a_port_and_exempts_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    with serving(repeat_request) as base_url, serving(repeat_request) as other, running(proxy) as address:
        monkeypatch.setenv("HTTP_PROXY", f"http://{address}")
        monkeypatch.setenv("NO_PROXY", base_url.removeprefix("http://").partition("/")[0])
        with Urllib3Transport(base_url=base_url) as transport:
            assert value_or_raise(transport(GET)).body == repeat_request(GET).body
        with Urllib3Transport(base_url=other) as transport:
            assert value_or_raise(transport(GET)).body == b"from the proxy"


def test_an_empty_proxy_goes_without_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(repeat_request) as base_url, refusing() as nowhere:
        monkeypatch.setenv("ALL_PROXY", nowhere)
        with Urllib3Transport(base_url=base_url, proxy="") as transport:
            assert value_or_raise(transport(GET)).status == 200


def test_a_proxy_that_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    with running(proxy) as address, refusing() as nowhere:
        monkeypatch.setenv("HTTP_PROXY", nowhere)
        monkeypatch.setenv("NO_PROXY", "*")
        with Urllib3Transport(base_url="http://api.invalid", proxy=f"http://{address}") as transport:
            assert value_or_raise(transport(GET)).body == b"from the proxy"


@pytest.mark.parametrize(
    "proxy", ["socks6://user:hush@127.0.0.1:1080", "ftp://127.0.0.1", "http://", "http://h h", "http://h:99999"]
)
def test_a_proxy_that_is_not_http_is_refused_and_its_password_not_shown(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="invalid argument 'proxy'") as raised:
        Urllib3Transport(proxy=proxy)
    assert "hush" not in str(raised.value)
    for variable in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, proxy)
            with pytest.raises(ValueError, match=f"invalid environment variable '{variable}'") as raised:
                Urllib3Transport()
        assert "hush" not in str(raised.value)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_cannot_be_reached_is_an_error_of_the_proxy(scheme: str) -> None:
    with refusing() as nowhere:
        address = nowhere.removeprefix("http://")
        error = failed(Urllib3Transport(base_url=f"{scheme}://api.invalid", proxy=nowhere))
        assert error == NotSent("proxy", f"the proxy {address}: Connection refused")
    error = failed(Urllib3Transport(base_url=f"{scheme}://api.invalid", proxy="http://no-such-host.invalid"))
    assert isinstance(error, NotSent)
    assert error.kind == "proxy"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "407 Proxy Authentication Required"),
        (b"garbage\r\n\r\n", "garbage"),
        (b"", "closed the connection"),
    ],
)
def test_a_tunnel_that_the_proxy_refuses_is_an_error_of_the_proxy(answer: bytes, said: str) -> None:
    with answering(answer) as proxy:
        error = failed(Urllib3Transport(base_url="https://api.invalid", proxy=proxy))
    assert isinstance(error, NotSent)
    assert error.kind == "proxy"
    assert said in error.reason


def test_a_proxy_whose_certificate_is_not_trusted_is_an_error_of_the_proxy(certified: Certified) -> None:
    proxy = Proxy()
    for base_url in ("http://api.invalid", "https://api.invalid"):
        with running(proxy, tls=certified.server) as address:
            error = failed(Urllib3Transport(base_url=base_url, proxy=f"https://{address}"))
        assert isinstance(error, NotSent)
        assert error.kind == "proxy"
    assert proxy.plain.requests == proxy.tunnels == []


def test_a_handshake_with_the_server_that_fails_in_the_tunnel_is_tls(certified: Certified) -> None:
    with serving(repeat_request, tls=certified.server) as base_url, running(Proxy()) as address:
        error = failed(Urllib3Transport(base_url=base_url, proxy=address))
    assert isinstance(error, NotSent)
    assert error.kind == "tls"


def test_an_exchange_that_breaks_off_at_the_proxy_is_interrupted_for_the_server_may_have_acted() -> None:
    with answering(b"") as proxy:
        error = failed(Urllib3Transport(base_url="http://api.invalid", proxy=proxy))
    assert error == Interrupted("reset", "the server closed the connection without an answer")
