"""`FetchTransport` in Pyodide under Node.js, over the fetch of Node.js, against servers of this process on loopback."""

from __future__ import annotations

import base64
import gzip
import json
import ssl
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from threading import Event
from typing import Any

import pytest
import trustme
from interpreters import printed_by
from pyodide_drivers import EVERYDAY
from pyodide_runtime import EMBEDDING, run_in_pyodide
from pyodide_services import KEY, come_to_over_urllib3, services, without_reasons

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import FetchTransport
from puresponse.transports.testing.contract.streaming_network import FRAMINGS, sending
from puresponse.transports.testing.loopback import listening, read_request, serving

MODULES = [EMBEDDING / name for name in ("programs.py", "catalogue.py", "pyodide_drivers.py")]
PATIENCE = 30.0


class Outside:
    """What Pyodide asks of this process, and what happens here meanwhile."""

    def __init__(self) -> None:
        self.go: dict[str, Callable[[], None]] = {}
        self.asked = {path: Event() for path in ("/silent", "/stream")}
        self.gone = {path: Event() for path in ("/silent", "/stream")}
        self.cutting: dict[str, str] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _, what, *rest = request.path.split("/")
        match what:
            case "status":
                return HttpResponse(status=int(rest[0]))
            case "echo":
                return HttpResponse(status=200, body=json.dumps(said(request)).encode())
            case "gzip":
                coded = gzip.compress(b"the body")
                return HttpResponse(status=200, headers=(("Content-Encoding", "gzip"),), body=coded)
            case "go":
                self.go[rest[0]]()
            case "asked":
                return HttpResponse(status=200 if self.asked[f"/{rest[0]}"].wait(PATIENCE) else 500)
            case _:
                return HttpResponse(status=200 if self.gone[f"/{rest[0]}"].wait(PATIENCE) else 500)
        return HttpResponse(status=200)

    def hang(self, connection: socket) -> None:
        """Answer nothing, or the beginning of a stream, and see the client go."""
        with connection.makefile("rb") as file:
            request = read_request(file, "")
            if request is None:  # the client had no patience even to ask
                return
            if request.path == "/stream":
                connection.sendall(b"".join(FRAMINGS["chunked"][:2]))
            self.asked[request.path].set()
            file.read()
            self.gone[request.path].set()


def said(request: HttpRequest) -> dict[str, Any]:
    body = None if request.body is None else base64.b64encode(request.body).decode()
    headers = sorted((name.lower(), value) for name, value in request.headers)
    return {"method": request.method, "query": request.query, "headers": headers, "body": body}


@contextmanager
def outside() -> Generator[tuple[Outside, str, str]]:
    control = Outside()
    with ExitStack() as stack:
        for framing in ("sized", "chunked"):
            for end in ("cut", "reset"):
                parts = FRAMINGS[framing][:2]
                base_url, go = stack.enter_context(sending(parts, PATIENCE, reset=end == "reset"))
                control.cutting[f"{framing}-{end}"], control.go[f"{framing}-{end}"] = base_url, go
        hanging = stack.enter_context(listening(control.hang))
        yield control, stack.enter_context(serving(control, path="")), f"http://127.0.0.1:{hanging}"


def awaited_facts(*topics: str, code_from_text: bool = True) -> Any:
    with services() as urls, outside() as (control, url, hanging):
        return run_in_pyodide(
            "over_fetch.py",
            modules=MODULES,
            code_from_text=code_from_text,
            topics=topics,
            services=urls,
            outside=url,
            hanging=hanging,
            cutting=control.cutting,
        )


@pytest.fixture(scope="module")
def awaited() -> Any:
    return awaited_facts(
        *("programs", "real waits", "statuses", "invalid", "unusable", "cut", "cancelled", "headers", "compressed"),
        *("given fetch", "environment", "shown", "streams", "blocking", "left over"),
    )


@pytest.fixture(scope="module")
def strict() -> Any:
    """Of a host that makes no function of text, as where a page's policy says so."""
    return awaited_facts("cut", "statuses", "given fetch", "cancelled", code_from_text=False)


@contextmanager
def https(issued: trustme.LeafCert, folder: Path, seen: list[HttpRequest]) -> Generator[str]:
    certificate = folder / "certificate.pem"
    issued.private_key_and_cert_chain_pem.write_to_path(str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def service(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse(status=200, body=b"over TLS")

    with serving(service, tls=context) as base_url:
        yield base_url


@pytest.fixture(scope="module")
def untrusted_saw() -> list[HttpRequest]:
    return []


@pytest.fixture(scope="module")
def blocking(tmp_path_factory: pytest.TempPathFactory, untrusted_saw: list[HttpRequest]) -> Any:
    folder: Path = tmp_path_factory.mktemp("authority")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    untrusted = {
        "unknown authority": trustme.CA().issue_cert("127.0.0.1"),
        "expired": authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)),
        "another name": authority.issue_cert("example.com"),
    }
    with ExitStack() as stack:
        urls = stack.enter_context(services())
        trusted = stack.enter_context(https(authority.issue_cert("127.0.0.1"), folder, []))
        return run_in_pyodide(
            "over_fetch_blocking.py",
            modules=MODULES,
            blocking=True,
            environment={"NODE_EXTRA_CA_CERTS": str(folder / "ca.pem")},
            services=urls,
            trusted=trusted,
            untrusted={
                name: stack.enter_context(https(issued, folder, untrusted_saw)) for name, issued in untrusted.items()
            },
        )


@pytest.fixture(scope="module")
def over_urllib3() -> dict[str, list[str]]:
    return come_to_over_urllib3()


@pytest.mark.parametrize("name", EVERYDAY)
def test_a_program_awaited_over_fetch_comes_to_what_it_does_over_urllib3(
    awaited: Any, over_urllib3: dict[str, list[str]], name: str
) -> None:
    assert without_reasons(awaited["programs"][name]) == without_reasons(over_urllib3[name])


@pytest.mark.parametrize("name", EVERYDAY)
def test_a_program_that_blocks_over_fetch_comes_to_what_it_does_over_urllib3(
    blocking: Any, over_urllib3: dict[str, list[str]], name: str
) -> None:
    assert without_reasons(blocking["programs"][name]) == without_reasons(over_urllib3[name])


@pytest.fixture(params=["awaited", "blocking"])
def facts(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_the_system_clock_waits_in_the_loop_and_by_blocking(facts: Any) -> None:
    # A passing 503, then a reset after which the response is gone.
    assert facts["real waits"].startswith("<Failure: HTTP 404, after an interrupted attempt")


def test_both_forms_open_bodies_and_show_no_key(awaited: Any, blocking: Any) -> None:
    assert awaited["streams"]
    assert blocking["streams"]
    shown = [*awaited["shown"], blocking["shown"]]
    assert KEY not in "".join(shown)
    assert shown[0].endswith("api_key=[redacted])")
    assert shown[1] == "FetchTransport(base_url='https://example.com/v1', api_key=None)"
    assert shown[2].endswith("api_key=[redacted]).blocking()")


@pytest.fixture(params=["awaited", "strict"])
def of_either_policy(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def test_any_status_but_407_is_a_success(of_either_policy: Any) -> None:
    assert of_either_policy["statuses"]["answered"] == [status for status in range(200, 600) if status != 407]
    assert of_either_policy["statuses"]["failed"] == {"407": "Interrupted"}


def test_what_no_fetch_can_send_as_it_is_is_not_sent(awaited: Any) -> None:
    assert len(awaited["invalid"]) == 10
    for name, result in awaited["invalid"].items():
        assert result.startswith("<Failure: not sent (invalid_request): "), name


def test_an_argument_that_cannot_be_used_is_refused_without_being_shown_where_it_may_be_secret(awaited: Any) -> None:
    assert len(awaited["unusable"]) == 16
    for name, refusal in awaited["unusable"].items():
        assert refusal.startswith("ValueError: invalid argument "), name
        assert "hush" not in refusal
    assert "port must be 1 to 65535" in awaited["unusable"]["port 0"]


@pytest.mark.parametrize("framing", ["sized", "chunked"])
@pytest.mark.parametrize(("end", "kind"), [("cut", "truncated"), ("reset", "reset")])
def test_a_body_breaks_off_after_the_chunks_that_were_there(
    of_either_policy: Any, framing: str, end: str, kind: str
) -> None:
    first, broken, again = of_either_policy["cut"][f"{framing}-{end}"]
    assert first == "<Success: b'data: 1\\n\\n'>"
    assert broken.startswith(f"<Failure: interrupted ({kind}): ")
    assert again == broken


def test_cancelling_the_task_closes_the_connection(of_either_policy: Any) -> None:
    assert of_either_policy["cancelled"]["head"] == ["CancelledError", 200]
    assert of_either_policy["cancelled"]["chunk"] == ["data: 1\n\n", "CancelledError", 200]
    for asked in ("read after", "read after close"):
        assert of_either_policy["cancelled"][asked] == "<Failure: interrupted (reset): no body is open to be read>"


def test_the_headers_and_the_query_of_the_transport_arrive_with_those_of_the_request(awaited: Any) -> None:
    plain = json.loads(awaited["headers"]["plain"])
    headers = dict(plain["headers"])
    assert headers["authorization"] == f"Bearer {KEY}"
    assert (headers["openai-organization"], headers["openai-project"]) == ("org_1", "proj_1")
    assert headers["accept"] == "application/json"
    assert headers["user-agent"] == "node"
    assert "cookie" not in headers
    assert plain["body"] is None
    azure = json.loads(awaited["headers"]["azure"])
    headers = dict(azure["headers"])
    assert headers["api-key"] == KEY
    assert "authorization" not in headers
    assert (headers["accept"], headers["x-trace"], headers["user-agent"]) == ("text/plain", "2", "mine")
    assert azure["query"] == [["api-version", "v1"], ["a", "b"], ["code", "c/d+e="], ["sig", ""], ["q", "1"]]
    assert base64.b64decode(azure["body"]) == b"\x00\xff"


def test_a_body_that_the_host_decoded_does_not_say_that_it_is_coded(awaited: Any) -> None:
    assert awaited["compressed"] == "200 None b'the body'"


def test_another_fetch_can_stand_in_for_the_hosts(of_either_policy: Any) -> None:
    (url, options, redirect, credentials, cache), status = of_either_policy["given fetch"]
    assert url.endswith("/echo")
    assert options == ["cache", "credentials", "headers", "method", "redirect", "referrerPolicy", "signal"]
    assert (redirect, credentials, cache, status) == ("manual", "omit", "no-store", 200)


def test_what_is_not_given_is_read_from_an_environment_that_there_may_be(awaited: Any) -> None:
    of_the_environment, given = awaited["environment"]
    assert of_the_environment == (
        "FetchTransport(base_url='https://example.com/of-the-environment', api_key=[redacted])"
    )
    assert given == "FetchTransport(base_url='https://example.com/given', api_key=None)"


def test_exchanges_leave_nothing_behind(awaited: Any) -> None:
    (proxies, callbacks, memory), (proxies_later, callbacks_later, memory_later) = awaited["left over"]
    assert proxies_later <= proxies + 5
    assert callbacks_later <= callbacks + 5
    assert memory_later == memory


@pytest.mark.parametrize("certificate", ["unknown authority", "expired", "another name"])
def test_nothing_is_sent_to_a_server_whose_certificate_is_not_trusted(
    blocking: Any, untrusted_saw: list[HttpRequest], certificate: str
) -> None:
    assert blocking["untrusted"][certificate].startswith("<Failure: not sent (tls): ")
    assert untrusted_saw == []


def test_whom_the_host_trusts_is_trusted(blocking: Any) -> None:
    assert "HttpResponse(status=200" in blocking["trusted"]
    assert "b'over TLS'" in blocking["trusted"]


def test_there_is_no_blocking_form_where_python_cannot_wait(awaited: Any, blocking: Any) -> None:
    assert awaited["blocking"].startswith("RuntimeError: JavaScript does not let Python wait for a promise")
    called, opened = blocking["where Python cannot wait"]
    assert called == opened
    assert called.startswith("<Failure: not sent (invalid_request): JavaScript does not let Python wait")


def test_loading_the_transport_loads_nothing_of_the_network() -> None:
    network = {"urllib3", "socket", "ssl", "threading", "asyncio", "http", "email", "js", "pyodide"}
    program = f"import sys, puresponse.transports.fetch.transport; print({network} & set(sys.modules))"
    assert printed_by(program) == "set()"


def test_outside_javascript_there_is_no_fetch_transport() -> None:
    with pytest.raises(ImportError, match="only a Python inside JavaScript"):
        FetchTransport()
