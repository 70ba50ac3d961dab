"""The marker `every_fault` has a test carried out for each life, and a test that fails tells the shortest."""

from __future__ import annotations

import pytest

from puresponse.core import preload

preload()  # pytester has modules forgotten that were loaded while it ran tests in this process

pytest_plugins = ["pytester"]

PLUGIN = (
    *("-p", "puresponse.transports.testing.pytest_plugin", "-p", "puresponse.transports.testing.pytest_every_fault"),
    *("-p", "no:cacheprovider", "--strict-markers"),
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the plugin by name only, whether it is registered here or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


TESTS = """
from contextlib import suppress
from urllib.request import urlopen

import pytest

from puresponse import (
    HttpRequest, Reset, ServerError, Unsent, delete_response, is_failure, retrying, run, run_async, sample_state
)

pytestmark = pytest.mark.puresponse(state=sample_state())
COUNTS = {}


def counted(name):
    COUNTS[name] = COUNTS.get(name, 0) + 1


@pytest.fixture
def client(puresponse_service, puresponse_clock):
    return lambda operation: run(operation, puresponse_service, clock=puresponse_clock)


@pytest.mark.every_fault
def test_each_life_has_a_new_service_also_behind_a_fixture(client, puresponse_service, puresponse_clock, tmp_path):
    counted("each")
    assert "resp_chat" in puresponse_service.state.responses
    assert (puresponse_service.requests, puresponse_clock.slept, list(tmp_path.iterdir())) == ((), [], [])
    (tmp_path / "file").write_text("x")
    client(retrying(delete_response("resp_chat")))


@pytest.mark.every_fault(faults=1, kinds=(Reset(), Reset(acted=True)), cuts=False)
async def test_a_coroutine_has_a_loop_for_each_life(puresponse_service, puresponse_clock):
    counted("coroutine")
    deleted = retrying(delete_response("resp_chat"))
    await run_async(deleted, puresponse_service.asynchronous(), clock=puresponse_clock)


@pytest.mark.every_fault(faults=1)
class TestMarked:
    @pytest.mark.every_fault(kinds=(), faults=2)
    def test_the_process_dies_where_the_test_takes_the_life(self, puresponse_life, puresponse_service, tmp_path):
        counted("dies")
        assert puresponse_life.folder == tmp_path
        assert (tmp_path / "begun").exists() == (puresponse_life.deaths > 0)
        (tmp_path / "begun").write_text("x")
        assert puresponse_life.transport is puresponse_service
        puresponse_service(HttpRequest("DELETE", "/responses/resp_chat"))

    @pytest.mark.parametrize("name", ["resp_chat", "resp_completed"])
    @pytest.mark.every_fault(other_waits=True, kinds=(Unsent(),), only={0: Unsent()})
    def test_one_life_alone(self, client, name):
        counted(name)
        assert not is_failure(client(retrying(delete_response(name))))


@pytest.mark.every_fault(faults=1, kinds=(Reset(), Unsent(), ServerError()), cuts=False)
def test_a_client_in_any_library_has_the_same_lives(puresponse_server, puresponse_service):
    counted("served")
    with suppress(OSError), urlopen(puresponse_server + "/models") as answer:
        assert answer.status == 200
    assert len(puresponse_service.requests) == 1


def test_they_were_carried_out_so_often():
    assert COUNTS.pop("each") > 400
    assert COUNTS.pop("served") == 4
    assert COUNTS == {"coroutine": 3, "dies": 1 + 2 * 2 + 3 * 3, "resp_chat": 1, "resp_completed": 1}


def test_programs_that_are_values_are_explored(puresponse_explore):
    deleted = retrying(delete_response("resp_chat"))
    assert len({type(end.result) for end in puresponse_explore(deleted, faults=1).endings}) == 2


@pytest.mark.every_fault(faults=0)
def test_with_the_parameters_of_the_marker(puresponse_explore):
    assert puresponse_explore(retrying(delete_response("resp_chat"))).faults == 0
"""


def test_a_test_that_is_marked_is_carried_out_for_each_life(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=9)


FAILING = """
import pytest

from puresponse import HttpRequest, Reset, RetryPolicy, always, create_response, is_failure, list_models, retrying, run


@pytest.mark.every_fault
def test_a_create_that_is_repeated(puresponse_service, puresponse_clock):
    policy = RetryPolicy(repeat_unsafe=True)
    run(retrying(create_response(model="m", input="x"), policy), puresponse_service, clock=puresponse_clock)
    assert len(puresponse_service.state.responses) < 2


def once(moment):
    return len(moment.requests) < 2


@pytest.mark.every_fault(claims=(always(once, name="no more than one request"),))
def test_a_claim(puresponse_service, puresponse_clock):
    run(retrying(list_models()), puresponse_service, clock=puresponse_clock)


@pytest.mark.every_fault(kinds=(Reset(),))
def test_that_says_itself_that_it_fails(puresponse_service):
    if is_failure(puresponse_service(HttpRequest("GET", "/models"))):
        pytest.fail("no models")


@pytest.mark.every_fault(most_lives=3)
def test_a_bound(puresponse_service):
    puresponse_service(HttpRequest("GET", "/models"))


@pytest.mark.every_fault
def test_that_is_skipped(puresponse_service):
    pytest.skip("not today")
"""


def test_a_test_that_fails_tells_the_shortest_life_and_how_to_carry_it_out_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILING)
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(failed=4, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*test_a_create_that_is_repeated*",
            "*assert len(puresponse_service.state.responses) < 2",
            "E *assert 2 < 2*",
            "*POST /responses*",
            "*lives with 2 faults at most; this life alone: only='0: Reset(acted=True)'",
            "*test_a_claim*",
            "*no more than one request*",
            "*only='0: *'",
            "*test_that_says_itself_that_it_fails*",
            "*no models",
            "*only='0: Reset()'",
            "*test_a_bound*",
            "*more than 3 lives: those that follow, with 1 fault, were not carried out",
        ]
    )


def test_the_option_carries_out_one_life_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILING)
    chosen = ("--only-life", "0: Unsent()", "-k", "repeated or bound or itself")
    pytester.runpytest_inprocess(*PLUGIN, *chosen).assert_outcomes(failed=1, passed=2)


WRONG = """
import pytest

from puresponse import VirtualClock


@pytest.mark.every_fault(2)
def test_a_marker_with_no_name(puresponse_service):
    pass


@pytest.mark.every_fault(fault=2)
def test_a_marker_with_a_mistake(puresponse_service):
    pass


@pytest.mark.every_fault
def test_without_a_service(tmp_path):
    pass


def test_without_a_marker(puresponse_life):
    pass


class TestOtherClock:
    @pytest.fixture
    def puresponse_clock(self):
        return VirtualClock()

    @pytest.mark.every_fault
    def test_another_clock(self, puresponse_service):
        pass


@pytest.mark.every_fault(only="2")
def test_a_text_that_says_no_life(puresponse_service):
    pass
"""


def test_what_cannot_be_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(WRONG)
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(errors=4, failed=2)
    takes = "*the marker every_fault takes claims, cuts, faults, kinds, most_lives, only, other_waits, and not "
    for line in (
        f"{takes}2",
        f"{takes}'fault'",
        "*the marker every_fault is for tests that use puresponse_service or puresponse_explore",
        "*puresponse_life is for tests that have the marker every_fault",
        "*the marker every_fault goes by the fixture puresponse_clock of the plugin, not another",
        "*only: must be what a failure says*",
    ):
        result.stdout.fnmatch_lines(line)
