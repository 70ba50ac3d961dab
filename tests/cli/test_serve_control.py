"""`puresponse serve --control` steers what the other options made, and is no more open than they say."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from puresponse.cli.commands.serve import Served, listen_as, make_service, start_server
from puresponse.cli.failures import ExitCode
from puresponse.cli.streams import Stopped
from puresponse.core import create_response
from puresponse.transports import ServiceControl, Urllib3Transport, run
from puresponse.transports.serving.server import running

PAGE = "http://localhost:5173"


@contextmanager
def served(environ: dict[str, str] | None = None, **given: Any) -> Generator[str]:
    options: dict[str, Any] = {"port": 0, "control": True, **given}
    with running(start_server(Served(**options), environ or {})) as server:
        yield f"{server.origin}/v1"


def status_of(url: str, method: str = "POST", path: str = "/_puresponse/reset", **headers: str) -> int:
    return asked(url, method, path, **headers).status


def asked(url: str, method: str, path: str, **headers: str) -> HTTPResponse:
    server = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"connection": "close", **sent})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_is_off_unless_it_is_asked_for() -> None:
    with served(control=False) as url:
        assert status_of(url) == 404
    with served() as url:
        assert status_of(url) == 200


def test_a_page_may_steer_it_whose_origin_is_allowed_by_name() -> None:
    with served(cors=("*", PAGE)) as url:
        assert status_of(url, origin=PAGE) == 200
        assert status_of(url, origin="https://example.com") == 403
        clock = "/_puresponse/clock"
        preflight = asked(url, "OPTIONS", clock, origin=PAGE, access_control_request_method="PUT")
        assert (preflight.status, preflight.getheader("access-control-allow-methods")) == (204, "PUT")
    with served(cors=(PAGE,)) as url:
        assert asked(url, "GET", "/_puresponse/clock", origin=PAGE).getheader("access-control-allow-origin") == PAGE


def test_it_answers_to_local_names_only_and_to_those_that_are_allowed() -> None:
    with served(allow_host=("steered.example.com",)) as url:
        assert status_of(url, host="steered.example.com") == 200
        assert status_of(url, host="example.com") == 421


def test_where_others_can_reach_the_server_it_still_answers_to_local_names_only() -> None:
    with served(host="0.0.0.0") as url:
        assert status_of(url, "GET", "/v1/models", host="example.com") == 200
        assert status_of(url, host="example.com") == 421
        assert status_of(url) == 200
    with served(host="0.0.0.0", allow_host=("*",)) as url:
        assert status_of(url, host="example.com") == 200


def test_it_asks_for_the_key_of_the_server() -> None:
    with served({"MY_KEY": "sk-right"}, key_variable="MY_KEY") as url:
        assert status_of(url) == 401
        ServiceControl(url, server_key="sk-right").reset()


def test_it_is_beside_the_path_of_the_api_wherever_that_is() -> None:
    with served(path="/api/v3") as url:
        assert status_of(url) == 200
    with pytest.raises(Stopped, match=r"^prefix: '/_puresponse' is not beside the path of the API") as stopped:
        start_server(Served(port=0, control=True, path="/_puresponse/v1"), {})
    assert stopped.value.code == ExitCode.USAGE


def test_a_scope_is_at_first_as_the_other_options_say() -> None:
    with served(empty=True, models="mine") as url, ServiceControl(url, scope="a") as control:
        state = control.state()
    assert len(state.responses) == 0
    assert [model["id"] for model in state.models] == ["mine"]


def test_the_state_that_is_written_at_the_end_is_that_of_the_default_scope_after_all_resets() -> None:
    given = Served(port=0, control=True, empty=True)
    service = make_service(given, {})
    with running(listen_as(given, service.application)) as server:
        url = f"{server.origin}/v1"
        ServiceControl(url).reset()
        with Urllib3Transport(api_key="", base_url=url) as transport:
            run(create_response(model="gpt-4o-mini", input="Hi"), transport).unwrap()
    assert "resp_000001" in service.state().responses
