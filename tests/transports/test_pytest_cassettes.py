"""The pytest plugin of cassettes: a file for each test, in the mode of the run, and no network where none is to be."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from places import ROOT

from puresponse.core import HttpResponse
from puresponse.transports.cassette.format import read_cassette
from puresponse.transports.testing.blocked_network import NetworkBlocked, blocked_network
from puresponse.transports.testing.loopback import serving

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "puresponse.transports.testing.pytest_cassettes", "-p", "no:cacheprovider", "--strict-markers")

HELLO = (
    b'{"id":"resp_1","object":"response","created_at":1,"model":"gpt-4o-mini","status":"completed","output":'
    b'[{"type":"message","id":"msg_1","role":"assistant","status":"completed","content":'
    b'[{"type":"output_text","text":"Hello!","annotations":[]}]}]}'
)

TESTS = """
import pytest
from puresponse import MemoryTransport, retrieve_response, run
from puresponse import Redaction

def ask(transport, *names):
    return [run(retrieve_response(name), transport).unwrap().id for name in names]

def test_plain(cassette):
    assert ask(cassette(MemoryTransport()), "resp_chat") == ["resp_chat"]

@pytest.mark.parametrize("name", ["resp_chat", "resp_tools/a b"])
def test_each(cassette, name):
    ask(cassette(MemoryTransport()), "resp_chat")

class TestClass:
    def test_in(self, cassette):
        ask(cassette(MemoryTransport()), "resp_chat")

@pytest.mark.cassette("shared", redact=[Redaction(member="model")])
def test_named(cassette):
    ask(cassette(MemoryTransport()), "resp_chat")
"""

FAILING = """
from puresponse import MemoryTransport, retrieve_response, run

def test_failing(cassette):
    transport = cassette(MemoryTransport())
    run(retrieve_response("resp_chat"), transport)
    assert False
"""

MISSING = """
import pytest
from msgspec import json
from puresponse import MemoryTransport, create_response, run

def test_missing(cassette):
    transport = cassette(MemoryTransport())
    assert run(create_response(model="gpt-4o-mini", input="TEXT"), transport).unwrap()
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the plugin by name only, and be no CI."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("PURESPONSE_CASSETTE_MODE", raising=False)


def run(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*PLUGIN, *args)


def files(pytester: pytest.Pytester) -> list[str]:
    folder = pytester.path / "cassettes"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_each_test_has_a_file_that_is_named_after_it_and_the_run_says_what_it_recorded(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(test_it=TESTS)
    recorded = run(pytester, "--cassette-mode=once")
    recorded.assert_outcomes(passed=5)
    assert files(pytester) == [
        "shared.json",
        "test_it/TestClass.test_in.json",
        "test_it/test_each[resp_chat].json",
        "test_it/test_each[resp_tools-a-b]-4a7a0f6b.json",
        "test_it/test_plain.json",
    ]
    recorded.stdout.fnmatch_lines(["cassettes: once", "*= cassettes =*", "recorded *test_plain.json: 1 recordings"])
    assert b"gpt-4o" not in (pytester.path / "cassettes" / "shared.json").read_bytes()
    replayed = run(pytester, "--cassette-verdicts")
    replayed.assert_outcomes(passed=5)
    replayed.stdout.no_fnmatch_line("recorded *")
    replayed.stdout.fnmatch_lines(["hit     test_it.py::test_plain"])


def test_by_itself_nothing_is_recorded(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=TESTS)
    result = run(pytester)
    result.assert_outcomes(failed=5)
    assert not (pytester.path / "cassettes").exists()
    result.stdout.fnmatch_lines(
        ["*there is no cassette *: record it: run this test with*--cassette-mode=new_episodes*"]
    )


@pytest.mark.parametrize("variable", ["1", "true"])
def test_in_ci_nothing_is_ever_recorded(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    pytester.makepyfile(test_it=TESTS.replace('"shared",', '"shared", mode="all",'))
    monkeypatch.setenv("CI", variable)
    monkeypatch.setenv("PURESPONSE_CASSETTE_MODE", "all")
    run(pytester).assert_outcomes(failed=5)
    assert not (pytester.path / "cassettes").exists()
    refused = run(pytester, "--cassette-mode=all")
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines(["*the variable CI is set, and cassettes are only replayed there*"])


def test_the_option_comes_before_the_variable_and_that_before_the_marker(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(test_it=TESTS.replace('"shared",', '"shared", mode="once",'))
    run(pytester).assert_outcomes(passed=1, failed=4)
    assert files(pytester) == ["shared.json"]
    monkeypatch.setenv("PURESPONSE_CASSETTE_MODE", "all")
    run(pytester, "--cassette-mode=none").assert_outcomes(passed=1, failed=4)
    run(pytester).assert_outcomes(passed=5)
    monkeypatch.setenv("PURESPONSE_CASSETTE_MODE", "replay")
    assert run(pytester).ret != 0


def test_a_failing_test_keeps_the_old_file(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=FAILING.replace("assert False", ""))
    run(pytester, "--cassette-mode=all").assert_outcomes(passed=1)
    path = pytester.path / "cassettes" / "test_it" / "test_failing.json"
    before = path.read_bytes()
    pytester.makepyfile(test_it=FAILING.replace("resp_chat", "resp_queued"))
    result = run(pytester, "--cassette-mode=all")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("recorded *")
    assert path.read_bytes() == before
    assert len(read_cassette(Path(f"{path}.partial").read_bytes()).recordings) == 1


def test_a_miss_is_shown_as_a_diff(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=MISSING.replace("TEXT", "Hi"))
    run(pytester, "--cassette-mode=all").assert_outcomes(passed=1)
    pytester.makepyfile(test_it=MISSING.replace("TEXT", "Ho"))
    result = run(pytester, "--cassette-verdicts")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*test_missing.json: not recorded*",
            "--- recorded",
            "+++ asked",
            " POST /responses",
            '-  "input": "Hi",',
            '+  "input": "Ho",',
            '   "model": "gpt-4o-mini"',
            "record it: run this test with*",
            "miss    test_it.py::test_missing",
        ]
    )


def test_what_was_not_replayed_is_left_over_and_can_be_asserted(pytester: pytest.Pytester) -> None:
    two = TESTS[: TESTS.index("@pytest")].replace('"resp_chat") ==', '"resp_chat", "resp_chat")[:1] ==')
    pytester.makepyfile(test_it=two)
    run(pytester, "--cassette-mode=all").assert_outcomes(passed=1)
    pytester.makepyfile(test_it=TESTS[: TESTS.index("@pytest")] + "    assert len(cassette.unused) == 1\n")
    result = run(pytester, "--cassette-verdicts")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["partial test_it.py::test_plain"])
    run(pytester, "--cassette-verdicts", "--cassette-mode=all").stdout.fnmatch_lines(["live    test_it.py::test_plain"])


def test_cassettes_that_no_test_has_are_listed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_it=TESTS)
    run(pytester, "--cassette-mode=once")
    pytester.makepyfile(test_it=TESTS.replace("def test_plain", "def test_renamed"))
    result = run(pytester, "--cassette-orphans", "-k", "test_named")
    result.stdout.fnmatch_lines(["orphan *test_plain.json"])
    assert result.stdout.str().count("orphan ") == 1


def test_what_would_leak_fails_the_test_and_writes_nothing(pytester: pytest.Pytester) -> None:
    key = "sk-proj-" + "aB3dE5gH7jK9mN1pQ2rS4tU6"
    pytester.makepyfile(test_it=MISSING.replace("TEXT", key))
    result = run(pytester, "--cassette-mode=all")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*SecretFound: the cassette *test_missing.json was not written*"])
    assert files(pytester) == ["test_it/test_missing.json.partial"]


def test_a_test_has_one_cassette(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(cassette):\n    cassette(print)\n    cassette(print)\n")
    run(pytester).stdout.fnmatch_lines(["*UsageError: the fixture `cassette` is called once in a test*"])


def test_the_how_to_works_in_an_empty_folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    page = (ROOT / "docs" / "transports" / "cassette.md").read_text()
    how_to = page[page.index("## In pytest") :]
    (source,) = re.findall(r"```python title=test_hello\.py\n(.*?)```", how_to, re.DOTALL)
    commands = re.findall(r"^\$ pytest (.*)$", how_to, re.MULTILINE)
    assert commands[:2] == ["--cassette-mode=once", "--block-network"]
    with serving(lambda _: HttpResponse(status=200, body=HELLO)) as base_url:
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-none")
        pytester.makepyfile(test_hello=source)
        pytester.runpytest_inprocess(commands[0]).stdout.fnmatch_lines(["recorded *test_says_hello.json: 1 recordings"])
    assert files(pytester) == ["test_hello/test_says_hello.json"]
    for command in commands[1:]:
        pytester.runpytest_inprocess(*command.split(), "-p", "no:cacheprovider").assert_outcomes(passed=1)


# No network

BLOCKED = """
import socket
import pytest
from puresponse import Urllib3Transport, delete_response, run

@pytest.mark.block_network
def test_blocked():
    with pytest.raises(RuntimeError, match="the network is blocked in this test, and it was to reach api.example"):
        run(delete_response("resp_1"), Urllib3Transport(base_url="http://api.example/v1", api_key="x"))

@pytest.mark.block_network(allowed_hosts=["192.0.2.1"])
def test_allowed():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("192.0.2.1", 9))
        with pytest.raises(RuntimeError):
            one.connect(("192.0.2.2", 9))

def test_free():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("192.0.2.2", 9))
"""


def test_tests_that_are_marked_reach_no_network(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BLOCKED)
    run(pytester).assert_outcomes(passed=3)
    run(pytester, "--block-network").assert_outcomes(passed=2, failed=1)
    # Where cassettes are recorded, the network is needed.
    run(pytester, "--block-network", "--cassette-mode=all", "-k", "free").assert_outcomes(passed=1)


def test_no_way_out_of_the_machine_is_left() -> None:
    kinds = (socket.SOCK_DGRAM, socket.SOCK_STREAM)
    before = socket.socket.connect, socket.getaddrinfo
    with blocked_network():
        for kind in kinds:
            with socket.socket(socket.AF_INET, kind) as one:
                reaching: list[Callable[[tuple[str, int]], object]] = [
                    one.connect,
                    one.connect_ex,
                    partial(one.sendto, b"x"),
                ]
                for reach in reaching:
                    with pytest.raises(NetworkBlocked, match=r"192\.0\.2\.1"):
                        reach(("192.0.2.1", 9))
        with pytest.raises(NetworkBlocked, match="a name"):
            socket.getaddrinfo("a name", 80)
        with pytest.raises(NetworkBlocked):
            socket.create_connection(("2001:db8::1", 80))
        assert socket.getaddrinfo("127.0.0.1", 80)
        with socket.socket() as server, socket.socket() as client:
            server.bind(("127.0.0.1", 0))
            server.listen()
            client.connect(server.getsockname())
    assert (socket.socket.connect, socket.getaddrinfo) == before
