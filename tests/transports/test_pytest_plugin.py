"""The pytest plugin gives a service to each test, as its marker says, and a transport that forbids all."""

from __future__ import annotations

import sys

import pytest

from puresponse.transports import ControlEndpoint, Scopes, State, serve
from puresponse.transports.contract import Transport
from puresponse.transports.control.scope_names import scope_of
from puresponse.transports.memory.service import sample_models
from puresponse.transports.serving.received import Received

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "puresponse.transports.testing.pytest_plugin", "-p", "no:cacheprovider", "--strict-markers")

TESTS = """
import pytest
from urllib.request import urlopen

from puresponse.core import HttpRequest, delete_response, retrieve_response
from puresponse.transports import run
from puresponse.transports.testing.capture import assert_asked
from puresponse.transports.memory.service import OGX, sample_state

CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi","background":true}')


def test_the_service_is_empty(puresponse_service):
    assert len(puresponse_service.state.responses) == 0


def test_and_a_new_one_for_each_test(puresponse_service, puresponse_clock):
    assert puresponse_service(CREATE).unwrap().status == 200
    puresponse_clock.sleep(3.0)
    assert run(retrieve_response("resp_000001"), puresponse_service).unwrap().status == "completed"
    assert_asked(puresponse_service.requests, CREATE, retrieve_response("resp_000001"))


@pytest.mark.puresponse(script=["One"], state=sample_state())
class TestMarked:
    def test_a_marker_says_how_it_is(self, puresponse_service):
        assert "resp_chat" in puresponse_service.state.responses
        body = puresponse_service(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi"}')).unwrap().body
        assert b'"text":"One"' in body

    @pytest.mark.puresponse(dialect=OGX)
    def test_a_nearer_marker_adds_to_it(self, puresponse_service):
        assert puresponse_service.state.dialect == OGX
        assert "resp_chat" in puresponse_service.state.responses


def test_it_is_served_on_loopback(puresponse_server, puresponse_service):
    assert b'"gpt-4o-mini"' in urlopen(puresponse_server + "/models").read()
    assert puresponse_service.requests[0].path == "/models"


def test_nothing_may_be_asked(puresponse_forbidden):
    with pytest.raises(AssertionError):
        run(delete_response("resp_1"), puresponse_forbidden)
"""

SHARED = """
import json
from urllib.request import Request, urlopen

import pytest

from puresponse.transports import FaultPlan, Rule, ServerError
from puresponse.transports.memory.service import sample_state

names = set()


def text_of(control):
    headers = {"authorization": "Bearer " + control.api_key, "content-type": "application/json"}
    request = Request(control.base_url + "/responses", b'{"model":"m","input":"Hi"}', headers)
    return json.load(urlopen(request))["output"][0]["content"][0]["text"]


@pytest.mark.puresponse(script=["One"], state=sample_state())
@pytest.mark.parametrize("number", [1, 2])
def test_each_has_a_scope_of_its_own(puresponse_control, puresponse_shared_server, number):
    assert puresponse_control.base_url == puresponse_shared_server
    assert text_of(puresponse_control) == "One"
    (entry,) = puresponse_control.journal()
    assert (entry.number, entry.response.body["id"]) == (1, "resp_000001")
    assert "resp_chat" in puresponse_control.state().responses
    names.add(entry.scope)


def test_it_is_deleted_after_the_test(puresponse_control):
    assert len(names) == 2
    assert not names & set(puresponse_control.scopes())
    assert len(puresponse_control.state().responses) == 0


@pytest.mark.puresponse(faults=FaultPlan((Rule(ServerError()),)))
def test_faults_are_loaded(puresponse_control):
    request = Request(puresponse_control.base_url + "/models", headers=puresponse_control.headers)
    with pytest.raises(OSError, match="500"):
        urlopen(request)


@pytest.mark.puresponse(dialect="ogx")
def test_what_a_server_cannot_be_sent_is_told(puresponse_control):
    pass
"""

WRONG = """
import pytest

@pytest.mark.puresponse(scrpit=["One"])
def test_a_marker_with_a_mistake(puresponse_service):
    pass

@pytest.mark.puresponse("One")
def test_a_marker_with_no_name(puresponse_service):
    pass
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the plugin by name only, whether it is registered here or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_its_fixtures_do_what_they_say(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=6)


def test_each_test_has_a_scope_of_one_server(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PURESPONSE_SERVER", raising=False)
    pytester.makepyfile(SHARED)
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines("*the marker puresponse takes faults, script, state, and not 'dialect'")


def test_the_server_may_be_one_that_runs_already_and_workers_share(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes = Scopes(State(models=sample_models()))
    made: list[str] = []

    def choose(received: Received) -> Transport:
        made.append(scope_of(received))
        return scopes.choose(received)

    pytester.makepyfile(SHARED)
    with serve(scopes.default, choose=choose, early=ControlEndpoint(scopes)) as url:
        monkeypatch.setenv("PURESPONSE_SERVER", url)
        for worker in ("gw0", "gw1"):
            monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)
            pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=4, errors=1)
    assert {name.partition("-")[0] for name in made} == {"gw0", "gw1"}
    assert len(set(made)) == 6
    assert [scope.name for scope in scopes.all()] == ["default"]


PARALLEL = """
import os
from urllib.request import Request, urlopen

import pytest


@pytest.mark.parametrize("number", range(20))
def test_in_parallel(puresponse_control, number):
    puresponse_control.load_script([str(number)])
    headers = {**puresponse_control.headers, "content-type": "application/json"}
    request = Request(puresponse_control.base_url + "/responses", b'{"model":"m","input":"Hi"}', headers)
    assert f'"text":"{number}"'.encode() in urlopen(request).read()
    assert [entry.number for entry in puresponse_control.journal()] == [1]
    assert puresponse_control.scope.startswith(os.environ["PYTEST_XDIST_WORKER"])
"""


@pytest.mark.deep
def test_workers_of_xdist_share_one_server(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile(PARALLEL)
    scopes = Scopes(State(models=sample_models()))
    with serve(scopes.default, choose=scopes.choose, early=ControlEndpoint(scopes)) as url:
        monkeypatch.setenv("PURESPONSE_SERVER", url)
        result = pytester.runpytest_subprocess(*PLUGIN, "-p", "xdist", "-n", "2")
        result.assert_outcomes(passed=20)
    assert [scope.name for scope in scopes.all()] == ["default"]


def test_a_marker_with_a_mistake_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(WRONG)
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(errors=2)
    takes = "*the marker puresponse takes dialect, faults, new_id, script, state, and not"
    result.stdout.fnmatch_lines([f"{takes} 'scrpit'", f"{takes} 'One'"])


def test_loading_it_loads_nothing_else(pytester: pytest.Pytester) -> None:
    loaded = "{'msgspec', 'urllib3'} & set(sys.modules)"
    program = f"import sys; import puresponse.transports.testing.pytest_plugin; print({loaded})"
    assert pytester.run(sys.executable, "-c", program).outlines == ["set()"]
