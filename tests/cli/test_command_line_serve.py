"""`puresponse serve` puts the service in memory on loopback, as it is told."""

from __future__ import annotations

import io
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from returns.result import Failure

from puresponse.cli.commands.serve import DIALECT_NAMES, Served, announce, serve_as, start_server
from puresponse.cli.failures import ExitCode
from puresponse.cli.streams import Process, Stopped
from puresponse.core import HttpRequest, delete_response, retrieve_response
from puresponse.transports import Urllib3Transport, run
from puresponse.transports.memory.faults import FaultPlan, Reset, Rule
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import DIALECTS
from puresponse.transports.serving.server import running

CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi"}')
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hi","stream":true,"background":true}')


class Streams:
    """A process whose streams can be read afterwards."""

    def __init__(self, **environ: str) -> None:
        self._out, self._err = io.BytesIO(), io.BytesIO()
        self.process = Process(
            stdin=None,
            stdout=io.TextIOWrapper(self._out, encoding="utf-8"),
            stderr=io.TextIOWrapper(self._err, encoding="utf-8"),
            environ=environ,
        )

    @property
    def out(self) -> str:
        return self._out.getvalue().decode()

    @property
    def err(self) -> str:
        return self._err.getvalue().decode()


@contextmanager
def served(key: str = "sk-any", environ: dict[str, str] | None = None, **given: Any) -> Generator[Urllib3Transport]:
    options: dict[str, Any] = {"port": 0, **given}
    with (
        running(start_server(Served(**options), environ or {})) as server,
        Urllib3Transport(api_key=key, base_url=f"{server.origin}/v1") as transport,
    ):
        yield transport


def stopped(environ: dict[str, str] | None = None, **given: Any) -> Stopped:
    options: dict[str, Any] = {"port": 0, **given}
    with pytest.raises(Stopped) as caught:
        start_server(Served(**options), environ or {})
    return caught.value


def test_it_serves_the_sample_responses() -> None:
    with served() as transport:
        assert run(retrieve_response("resp_chat"), transport).unwrap().id == "resp_chat"


def test_it_may_start_without_them() -> None:
    with served(empty=True) as transport:
        assert isinstance(run(retrieve_response("resp_chat"), transport), Failure)
        assert transport(HttpRequest("GET", "/models/gpt-4o-mini")).unwrap().status == 200


def test_a_script_says_what_to_reply(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_bytes(json.encode(["One", Reply.tool_call("f", {"a": 1}), {"text": "Two"}]))
    with served(script=str(script)) as transport:
        first, second, third = (json.decode(transport(CREATE).unwrap().body)["output"][0] for _ in range(3))
    assert first["content"][0]["text"] == "One"
    assert (second["type"], second["name"]) == ("function_call", "f")
    assert third["content"][0]["text"] == "Two"


def test_a_plan_says_how_to_misbehave(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faults.write_bytes(json.encode(FaultPlan((Rule(Reset(), times=1),))))
    with served(faults=str(faults)) as transport:
        results = [transport(CREATE) for _ in range(2)]
    assert [isinstance(result, Failure) for result in results] == [True, False]


def test_a_dialect_says_whose_answers_to_give() -> None:
    with served(dialect="ogx") as transport:
        assert run(delete_response("resp_completed"), transport).unwrap().object == "response"
    assert set(DIALECT_NAMES) == set(DIALECTS)


def test_a_dialect_has_its_own_word_on_what_a_body_may_be_unless_another_is_given() -> None:
    request = HttpRequest("POST", "/responses", body=b'{"model":"gpt-5-mini","input":"x","top_k":5}')
    for accept, status in ((None, 200), ("known", 400)):
        with served(dialect="sglang", accept=accept) as transport:
            assert transport(request).unwrap().status == status


@pytest.mark.parametrize(("retention", "status"), [("standard", 200), ("mam", 200), ("zdr", 404)])
def test_what_is_kept_can_be_said(retention: str, status: int) -> None:
    with served(retention=retention) as transport:
        made = json.decode(transport(CREATE).unwrap().body)
        assert made["store"] is (status == 200)
        assert transport(HttpRequest("GET", f"/responses/{made['id']}")).unwrap().status == status


@pytest.mark.parametrize(("accept", "status"), [("known", 400), ("unknown_names", 200), ("anything", 200)])
def test_what_a_body_may_be_can_be_said(accept: str, status: int) -> None:
    with served(accept=accept) as transport:
        body = b'{"model":"m","input":"x","colour":"red"}'
        assert transport(HttpRequest("POST", "/responses", body=body)).unwrap().status == status


@pytest.mark.parametrize(("key", "status"), [("sk-right", 200), ("sk-wrong", 401)])
def test_a_key_may_be_asked_for(key: str, status: int) -> None:
    with served(key, environ={"MY_KEY": "sk-right"}, key_variable="MY_KEY") as transport:
        assert transport(HttpRequest("GET", "/models")).unwrap().status == status


def test_a_key_that_is_not_there_is_a_mistake() -> None:
    ending = stopped(key_variable="MY_KEY")
    assert (ending.code, ending.reason) == (ExitCode.USAGE, "--key-variable: MY_KEY is not set")


def test_a_key_that_cannot_be_one_is_not_shown() -> None:
    ending = stopped(environ={"MY_KEY": "sk right"}, key_variable="MY_KEY")
    assert ending.code is ExitCode.USAGE
    assert "sk right" not in str(ending.reason)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    ending = stopped(script=str(tmp_path / "none"))
    assert ending.code is ExitCode.LOCAL_IO
    assert ending.reason == f"--script: cannot read {tmp_path / 'none'}: No such file or directory"


@pytest.mark.parametrize("content", [b"{", b"[5]", b"\xff", b'{"rules":[{"fault":{"fault":"Reset"},"chance":2}]}'])
def test_a_file_that_makes_no_sense_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    for option in ("script", "faults"):
        given: dict[str, Any] = {option: str(file)}
        ending = stopped(**given)
        assert ending.code is ExitCode.USAGE
        assert str(ending.reason).startswith(f"--{option}: {file}: ")


@pytest.mark.parametrize(
    ("option", "content", "reason"),
    [
        (
            "script",
            b'{"replies":["a",{"text":"b","when":{"modell":"gpt-4o"}}]}',
            "replies[1].when.modell: unknown; allowed are text, model, tool_output, header, instructions, turn",
        ),
        ("faults", b'{"rules":[{"fault":"Reset","chance":2}]}', "rules[0].chance: must be from 0 to 1, got 2"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, content: bytes, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("file.json")
    file.write_bytes(content)
    streams = Streams()
    given: dict[str, Any] = {option: str(file)}
    assert serve_as(Served(port=0, **given), streams.process) is ExitCode.USAGE
    assert (streams.out, streams.err) == ("", f"puresponse: --{option}: {file}: {reason}\n")


def test_the_schema_of_both_files_is_printed_and_nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puresponse.transports.serving.server.find_spec", nothing)
    streams = Streams()
    assert serve_as(Served(schema=True), streams.process) is ExitCode.OK
    assert json.decode(streams.out)["$defs"].keys() >= {"Script", "FaultPlan", "When"}


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ending = stopped(port=taken.getsockname()[1])
    assert (ending.code, "cannot listen on 127.0.0.1" in str(ending.reason)) == (ExitCode.LOCAL_IO, True)


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = Streams()
    monkeypatch.setattr("puresponse.transports.serving.server.find_spec", nothing)
    assert serve_as(Served(), streams.process) == ExitCode.USAGE
    assert "pip install 'puresponse[serve]'" in streams.err


def nothing(name: str) -> None:
    assert name == "uvicorn"


@pytest.mark.parametrize(("host", "warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_it_says_where_it_is_and_warns_of_others(host: str, warned: bool) -> None:
    streams = Streams()
    given = Served(host=host, port=0)
    server = start_server(given, {})
    try:
        announce(given, server, streams.process)
        assert streams.out == f"{server.origin}/v1\n"
    finally:
        server.stop()
    assert ("other machines can reach" in streams.err) == warned


def seconds_until_it_ends(by: signal.Signals, streams: int) -> float:
    """Serve, open streams of responses that run without end, and send the signal."""
    command = [sys.executable, "-m", "puresponse.cli", "serve", "--port", "0"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
        ExitStack() as stack,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        transport = stack.enter_context(Urllib3Transport(api_key="sk-any", base_url=url))
        for _ in range(streams):
            body = transport.open(STREAM).unwrap()
            stack.callback(body.close)
            assert body.read().unwrap().startswith(b"event: response.created")
        began = time.monotonic()
        process.send_signal(by)
        assert process.wait(30) == 0
        seconds = time.monotonic() - began
        assert process.stderr.read() == ""
    return seconds


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_process_with_its_streams_and_that_is_no_error(by: signal.Signals) -> None:
    assert seconds_until_it_ends(by, 5) < 2.0  # machines are busy


@pytest.mark.deep
def test_a_signal_ends_fifty_streams_in_a_fifth_of_a_second() -> None:
    """The best of a few: what the system and others do meanwhile is no doing of the server's."""
    took = [seconds_until_it_ends(signal.SIGTERM, 50) for _ in range(5)]
    print(f"SIGTERM with 50 streams: {min(took) * 1000:.0f} ms to {max(took) * 1000:.0f} ms")
    assert min(took) < 0.2
