"""The key of a transport is read where it sends, and is in nothing that travels."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from machine_workers import KEY, Inline, failed

from puresponse.core import HttpRequest, HttpResponse, NotSent, create_response, delete_response, retrieve_response
from puresponse.transports import AiohttpTransport, NamedKey, Urllib3Transport, run_many_on
from puresponse.transports.testing.loopback import serving

NAMED = NamedKey("machine_workers:current_key")


@pytest.fixture(autouse=True)
def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@contextmanager
def parrot() -> Generator[tuple[str, list[HttpRequest]], None, None]:
    """A service that refuses all, and says back whatever it was told."""
    asked: list[HttpRequest] = []

    def refuse(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        told = "; ".join(f"{name}: {value}" for name, value in request.headers)
        return HttpResponse(status=401, headers=(("X-Told", told),), body=told.encode())

    with serving(refuse) as url:
        yield url, asked


def transports(url: str) -> dict[str, Urllib3Transport]:
    return {
        "by name": Urllib3Transport(base_url=url, api_key=NAMED),
        "from the environment": Urllib3Transport(base_url=url),
        "as an argument here, from the environment there": Urllib3Transport(base_url=url, api_key=KEY),
    }


def test_the_key_is_sent_and_in_no_bytes_that_travel_and_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with parrot() as (url, asked):
        for name, transport in transports(url).items():
            executor = Inline()
            operations = [delete_response("resp_1"), create_response(model="gpt-5", input="hello")]
            outcomes = list(run_many_on(executor, operations, transport))
            errors = [failed(result) for _, result in outcomes]
            assert [error.status for error in errors] == [401, 401], name
            assert {dict(one.headers)["Authorization"] for one in asked} == {f"Bearer {KEY}"}, name
            seen = [*executor.sent, *executor.returned, repr(errors).encode(), repr(transport).encode()]
            assert len(seen) == 6
            assert [bytes_ for bytes_ in seen if KEY.encode() in bytes_] == [], name
            assert all(KEY.encode() not in error.body for error in errors), name


def test_the_bytes_would_show_a_key_that_travelled() -> None:
    executor = Inline()
    list(run_many_on(executor, [retrieve_response(f"resp_{KEY}")], "puresponse:MemoryTransport"))
    assert KEY.encode() in executor.sent[0]


def test_a_worker_that_raises_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n{KEY}")  # no worker can make a transport of that
    executor = Inline()
    transport = pickle.dumps(Urllib3Transport(api_key="x", base_url="http://127.0.0.1:9/v1"))
    assert KEY.encode() not in transport
    with pytest.raises(ValueError, match="OPENAI_API_KEY") as raised:
        list(
            run_many_on(
                executor,
                [delete_response("resp_1")],
                Urllib3Transport(api_key="x", base_url="http://127.0.0.1:9/v1"),
            )
        )
    told = "".join(traceback.format_exception(raised.value))
    assert "in a worker:" in told
    assert KEY not in told
    assert all(KEY.encode() not in bytes_ for bytes_ in (*executor.sent, *executor.returned))


# --- keys by name --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Urllib3Transport, AiohttpTransport])
@pytest.mark.parametrize("parameter", ["api_key", "azure_ad_token"])
def test_a_pickle_of_a_transport_keeps_the_name_of_its_key(kind: Any, parameter: str) -> None:
    azure = {"azure_endpoint": "https://one.openai.azure.com"} if parameter == "azure_ad_token" else {}
    pickled = pickle.dumps(kind(**{parameter: NAMED}, **azure))
    assert b"machine_workers:current_key" in pickled
    assert KEY.encode() not in pickled
    assert "api_key=[redacted]" in repr(pickle.loads(pickled))


def test_a_pickle_keeps_no_other_key() -> None:
    for key in (KEY, lambda: KEY):
        pickled = pickle.dumps(Urllib3Transport(api_key=key))
        assert KEY.encode() not in pickled


def test_a_key_by_name_is_asked_at_each_request() -> None:
    with parrot() as (url, asked), Urllib3Transport(base_url=url, api_key=NAMED) as transport:
        transport(HttpRequest("GET", "/models"))
    assert dict(asked[0].headers)["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("name", ["no_such_module:key", "machine_workers:no_such_function"])
def test_a_name_that_leads_nowhere_is_told_before_anything_is_sent(name: str) -> None:
    with Urllib3Transport(base_url="http://127.0.0.1:9/v1", api_key=NamedKey(name)) as transport:
        error = transport(HttpRequest("GET", "/models")).failure()
    assert isinstance(error, NotSent)
    assert error.kind == "invalid_request"


@pytest.mark.parametrize("given", [KEY, "module", "module:", ":function", "a b:c", 1, None])
def test_what_is_no_name_is_refused_and_not_shown(given: Any) -> None:
    with pytest.raises(ValueError, match="allowed is the name of a function of a module") as refused:
        NamedKey(given)
    assert KEY not in str(refused.value)
