"""The key of a transport is in what is sent, and nowhere else."""

from __future__ import annotations

import logging
import pickle
import traceback
from typing import Any

import pytest

from puresponse.core.errors import Interrupted
from puresponse.core.http import HttpRequest, HttpResponse, Pairs
from puresponse.core.results import value_or_raise
from puresponse.transports.testing.contract.transports import error_of
from puresponse.transports.testing.loopback import answering, refusing, serving
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1")


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


def parrot(status: int) -> Any:
    """A service that sends back all that it is told, in a header and in the body."""

    def service(request: HttpRequest) -> HttpResponse:
        said = "; ".join(f"{name}={value}" for name, value in (*request.headers, *request.query))
        return HttpResponse(status=status, headers=(("X-Said", said),), body=said.encode())

    return service


@pytest.mark.parametrize("status", [302, 400, 401, 403, 500])
def test_a_key_that_the_server_sends_back_is_taken_out(status: int) -> None:
    with serving(parrot(status)) as base_url, Urllib3Transport(base_url=base_url, api_key=KEY) as transport:
        response = value_or_raise(transport(GET))
    assert KEY not in repr(response)
    assert b"Authorization=Bearer [redacted]" in response.body
    assert "Authorization=Bearer [redacted]" in (response.header("X-Said") or "")


def test_the_key_for_azure_is_taken_out_as_well() -> None:
    arguments: dict[str, Any] = {"api_key": KEY, "azure_api_version": "v1"}
    with serving(parrot(401)) as base_url, Urllib3Transport(base_url=base_url, **arguments) as transport:
        assert KEY not in repr(transport(GET))


def test_credentials_among_the_defaults_are_taken_out_as_well() -> None:
    arguments: dict[str, Any] = {
        "default_headers": {"Helicone-Auth": "Bearer pk-0123456789", "X-Api-Key": "", "X-Team": "the blue team"},
        "default_query": {"sig-token": "qs-0123456789", "tenant": "the blue tenant"},
    }
    with serving(parrot(401)) as base_url, Urllib3Transport(base_url=base_url, **arguments) as transport:
        shown = repr(transport(GET))
    assert "0123456789" not in shown
    assert "Helicone-Auth=Bearer [redacted]" in shown
    assert "the blue team" in shown
    assert "tenant=the blue tenant" in shown


@pytest.mark.parametrize("key", ["x", "EMPTY", "ollama", "sk-none"])
def test_a_stand_in_for_a_key_is_no_secret_and_garbles_no_message(key: str) -> None:
    said = f"the {key} is the {key}".encode()

    def service(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=400, body=said)

    with serving(service) as base_url, Urllib3Transport(base_url=base_url, api_key=key) as transport:
        assert value_or_raise(transport(GET)).body == said


def test_a_key_in_a_garbled_answer_is_not_in_the_error() -> None:
    data = f"your key is {KEY}\r\n\r\n".encode()
    with answering(data) as base_url, Urllib3Transport(base_url=base_url, api_key=KEY) as transport:
        error = error_of(transport(GET), "a garbled answer")
    assert error == Interrupted("protocol", r"the answer is not HTTP: 'your key is [redacted]\r\n'")


def test_the_key_is_in_no_repr_and_in_no_attribute_that_can_be_printed() -> None:
    transport = Urllib3Transport(base_url="http://127.0.0.1", api_key=KEY, default_headers={"X-Auth": "hush-hush"})
    attributes: dict[str, object] = vars(transport)
    shown = [repr(transport), str(transport), repr(attributes)]
    shown += [repr(vars(value)) for value in attributes.values() if hasattr(value, "__dict__")]
    assert KEY not in "".join(shown)
    assert "hush-hush" not in "".join(shown)


def test_the_key_is_in_no_pickle() -> None:
    transport = Urllib3Transport(
        base_url="http://127.0.0.1",
        api_key=KEY,
        proxy="http://user:hush-proxy@127.0.0.1:3128",
        default_headers={"X-Auth": "hush-header", "X-Team": "blue"},
        default_query={"api-key": "hush-query", "tenant": "t"},
    )
    pickled = pickle.dumps(transport)
    assert KEY.encode() not in pickled
    assert b"hush" not in pickled
    assert b"X-Team" in pickled
    assert b"tenant" in pickled


def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(parrot(401)) as base_url, Urllib3Transport(base_url=base_url, api_key=KEY) as transport:
        transport(GET)
    with refusing() as base_url, Urllib3Transport(base_url=base_url, api_key=KEY) as transport:
        transport(GET)
    assert "Starting new HTTP connection" in caplog.text  # urllib3 does log
    assert KEY not in caplog.text


@pytest.mark.parametrize("headers", [(), (("X-1", "1"),), (("X-1", "1"), ("X-1", "2"))])
def test_the_key_is_in_no_report_of_a_crash_that_prints_local_variables(headers: Pairs) -> None:
    # Here the caller's request is no request, so what writes it crashes with the headers among its variables.
    body: Any = 5
    with serving(parrot(200)) as base_url, Urllib3Transport(base_url=base_url, api_key=KEY) as transport:
        with pytest.raises(TypeError) as raised:
            transport(HttpRequest("POST", "/x", (), headers, body))
        report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    shown = "".join(report.format())
    assert "headers = [redacted]" in shown
    assert KEY not in shown
