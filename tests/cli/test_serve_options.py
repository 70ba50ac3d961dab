"""The options of `puresponse serve` that say how it is reached, what it starts from, and what becomes of it."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
from msgspec import json

from puresponse.cli.commands.serve import Served, behaviour_of, make_service, start_server, state_of
from puresponse.cli.failures import ExitCode
from puresponse.cli.serving.beginning import save_state
from puresponse.cli.serving.ending import ENDING, stopped_by_signals
from puresponse.cli.serving.files import write_file
from puresponse.cli.serving.reach import reach
from puresponse.cli.streams import Stopped
from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import Life, MemoryTransport, Reply, State, sample_state, stored
from puresponse.transports.memory.service.saved_state import dump_state, load_state
from puresponse.transports.serving.server import running


@contextmanager
def served(**given: Any) -> Generator[httpx2.Client]:
    options: dict[str, Any] = {"port": 0, **given}
    with (
        running(start_server(Served(**options), {})) as server,
        httpx2.Client(base_url=server.origin) as client,
    ):
        yield client


def stopped(**given: Any) -> tuple[ExitCode, str]:
    options: dict[str, Any] = {"port": 0, **given}
    with pytest.raises(Stopped) as caught:
        start_server(Served(**options), {})
    return caught.value.code, str(caught.value.reason)


def memory_of(**given: Any) -> MemoryTransport:
    return MemoryTransport(state_of(Served(**given)))


def asked(memory: MemoryTransport, method: str, path: str, **body: Any) -> HttpResponse:
    return memory(HttpRequest(method, path, body=json.encode(body) if body else None)).unwrap()


def created(memory: MemoryTransport, **given: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.decode(asked(memory, "POST", "/responses", model="m", input="x", **given).body)
    return made


# --- how it is reached -----------------------------------------------------------------------------


def test_a_server_answers_to_local_names_only_and_says_how_to_allow_others() -> None:
    with served() as client:
        assert client.get("/v1/models").status_code == 200
        assert client.get("/v1/models", headers={"host": "localhost:1"}).status_code == 200
        refused = client.get("/v1/models", headers={"host": "evil.example"})
    assert (refused.status_code, "--allow-host NAME" in refused.text) == (421, True)


def test_the_options_of_the_server_reach_it() -> None:
    page = "http://localhost:5173"
    with served(path="/api", cors=(page,), allow_host=("fake.example",)) as client:
        answer = client.get("/api/models", headers={"host": "fake.example", "origin": page})
        assert client.get("/v1/models").status_code == 404
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, page)


@pytest.mark.parametrize(
    ("address", "local", "allowed", "hosts"),
    [
        ("127.0.0.1", True, (), set[str]()),
        ("127.0.0.1", True, ("A.example",), {"a.example"}),
        ("127.0.0.1", True, ("*",), None),
        ("0.0.0.0", False, (), None),
        ("10.0.0.1", False, (), None),
        ("0.0.0.0", False, ("a.example",), {"a.example", "0.0.0.0"}),
        ("10.0.0.1", False, ("a.example",), {"a.example", "10.0.0.1"}),
        ("::", False, ("a.example",), {"a.example", "::"}),
        ("", False, ("a.example",), {"a.example"}),
    ],
)
def test_which_names_are_answered_depends_on_who_can_reach_it(
    address: str, local: bool, allowed: tuple[str, ...], hosts: set[str] | None
) -> None:
    assert reach("/v1", allowed, (), address=address, local=local).get("hosts", "none") == hosts


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"path": "/v 1"}, "--path: '/v 1' is no path; it must be like /v1, or empty"),
        ({"cors": ("x",)}, "--cors: 'x' is no origin; it must be like http://localhost:5173, without a path, or *"),
        ({"allow_host": ("a:1",)}, "--allow-host: 'a:1' is no name of a server; it must be one without a port, or *"),
    ],
)
def test_what_is_no_way_to_reach_it_is_refused_by_the_name_of_its_option(given: Any, reason: str) -> None:
    assert stopped(**given) == (ExitCode.USAGE, reason)


# --- lives -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "life"),
    [
        ("queued=5", Life(queued=5)),
        ("queued=0, running=0.5 ,answering=3", Life(0, 0.5, 3)),
        ("queued=none", Life(queued=None)),
        ("running=none,answering=1e1", Life(running=None, answering=10)),
    ],
)
def test_a_life_holds_for_replies_that_say_nothing_of_it(given: str, life: Life) -> None:
    assert state_of(Served(life=given)).life == life


def test_a_reply_with_a_life_of_its_own_keeps_it() -> None:
    now = [1000.0]
    script: list[str | Reply] = ["Hi", Reply.text("Hi").lasting(queued=9)]
    memory = MemoryTransport(State(life=Life(queued=0, running=5)), script=script, now=lambda: now[0])
    statuses = [created(memory, background=True) for _ in script]
    now[0] += 4
    shown = [json.decode(asked(memory, "GET", f"/responses/{made['id']}").body)["status"] for made in statuses]
    assert shown == ["in_progress", "queued"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("queued", "'queued' is not NAME=SECONDS, each name once: queued, running, answering"),
        ("", "'' is not NAME=SECONDS, each name once: queued, running, answering"),
        ("sleeping=1", "'sleeping=1' is not NAME=SECONDS, each name once: queued, running, answering"),
        ("queued=1,queued=2", "'queued=2' is not NAME=SECONDS, each name once: queued, running, answering"),
        ("queued=-1", "queued must be seconds, 0 or more, or none, got '-1'"),
        ("running=inf", "running must be seconds, 0 or more, or none, got 'inf'"),
        ("running=soon", "running must be seconds, 0 or more, or none, got 'soon'"),
        ("answering=none", "answering must be seconds, 0 or more, got 'none'"),
        ("answering=nan", "answering must be seconds, 0 or more, got 'nan'"),
    ],
)
def test_what_is_no_life_is_refused(given: str, reason: str) -> None:
    assert stopped(life=given) == (ExitCode.USAGE, f"--life {given!r}: {reason}")


# --- models ----------------------------------------------------------------------------------------


def listed(memory: MemoryTransport) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = json.decode(asked(memory, "GET", "/models").body)["data"]
    return models


def test_models_are_listed_by_name() -> None:
    models = listed(memory_of(models="gpt-5, my/own:1"))
    assert [model["id"] for model in models] == ["gpt-5", "my/own:1"]
    assert models[0] == {"id": "gpt-5", "object": "model", "created": 1_750_000_000, "owned_by": "system"}


def test_models_of_a_file_have_what_it_says(tmp_path: Path) -> None:
    file = tmp_path / "models.json"
    file.write_text('["a", {"id": "b", "owned_by": "me", "max_tokens": 5}]')
    models = listed(memory_of(models=str(file)))
    assert [model["id"] for model in models] == ["a", "b"]
    assert models[1] == {"id": "b", "object": "model", "created": 1_750_000_000, "owned_by": "me", "max_tokens": 5}


@pytest.mark.parametrize(("refuses", "status"), [(False, 200), (True, 400)])
def test_a_model_that_is_not_listed_is_refused_only_if_that_is_asked(refuses: bool, status: int) -> None:
    memory = memory_of(models="a", refuse_unknown_models=refuses)
    for model, expected in (("a", 200), ("b", status)):
        assert asked(memory, "POST", "/responses", model=model, input="x").status == expected


@pytest.mark.parametrize(
    ("given", "reason"), [("", "a name is empty"), ("a,,b", "a name is empty"), ("a,a", "'a' is given twice")]
)
def test_names_that_are_none_are_refused(given: str, reason: str) -> None:
    assert stopped(models=given) == (ExitCode.USAGE, f"--models {given!r}: {reason}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": 1}', "$: it is to be a list of names and objects"),
        ('["a", 5]', "$[1]: it is to be a name, or an object with an id"),
        ('["a", {"name": "b"}]', "$[1]: it is to be a name, or an object with an id"),
        ('["a", {"id": "a"}]', "$[1]: 'a' is listed twice"),
        ("[", "$: Input data was truncated"),
    ],
)
def test_a_file_that_lists_no_models_is_refused_with_the_place(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "models.json"
    file.write_text(content)
    assert stopped(models=str(file)) == (ExitCode.USAGE, f"--models: {file}: {reason}")


# --- the state in a file ---------------------------------------------------------------------------


def test_a_state_is_the_same_when_it_is_read_back() -> None:
    memory = MemoryTransport(now=lambda: 1_750_000_000.5)
    asked(memory, "POST", "/responses", model="m", input="x", background=True, stream=True)
    asked(memory, "POST", "/conversations", items=[{"role": "user", "content": "Hi"}])
    assert load_state(dump_state(memory.state)) == memory.state != sample_state()


def test_a_file_that_is_there_is_gone_on_from_and_the_options_hold_whatever_it_says(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    kept = State(models=({"id": "kept"},), life=Life(queued=7)).having(stored({"id": "resp_1", "status": "completed"}))
    file.write_bytes(dump_state(kept))
    state = state_of(Served(state=str(file), dialect="ogx"))
    assert (list(state.responses), state.models[0]["id"]) == (["resp_1"], "kept")
    assert (state.dialect.envelope, state.life) == ("detail", Life())
    assert state_of(Served(state=str(file), models="a")).models[0]["id"] == "a"


def test_with_control_it_is_the_state_of_the_scope_without_a_name_as_it_is_by_then() -> None:
    service = make_service(Served(control=True, empty=True), {})

    async def ask() -> None:
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=service.application), base_url="http://localhost"
        ) as client:
            for scope in ("default", "other"):
                headers = {"x-puresponse-scope": scope}
                assert (await client.post("/_puresponse/reset", headers=headers)).status_code == 200
                assert (await client.post("/v1/responses", json=ASKED, headers=headers)).status_code == 200
            assert (await client.post("/v1/responses", json=ASKED)).status_code == 200

    asyncio.run(ask())
    assert len(service.state().responses) == 2


def test_the_control_endpoint_goes_by_the_names_the_origins_and_the_path_of_the_server() -> None:
    page = "http://localhost:5173"
    with served(control=True, path="/", host="0.0.0.0", allow_host=("fake.example",), cors=(page,)) as client:
        for headers, status in (
            ({"host": "fake.example"}, 200),
            ({"host": "evil.example"}, 421),
            ({"origin": page}, 200),
            ({"origin": "http://evil.example"}, 403),
        ):
            assert client.get("/_puresponse/clock", headers=headers).status_code == status
        assert client.get("/models").status_code == 200
    assert stopped(control=True, path="/_puresponse/v1")[0] is ExitCode.USAGE


ASKED = {"model": "m", "input": "x"}


def test_a_script_goes_on_where_it_was(tmp_path: Path) -> None:
    script, file = tmp_path / "script.json", tmp_path / "state.json"
    script.write_text('["One", "Two", "Three"]')

    def said_next() -> str:
        given = Served(state=str(file), script=str(script))
        memory = MemoryTransport(state_of(given), **behaviour_of(given))
        said: str = created(memory)["output"][0]["content"][0]["text"]
        save_state(str(file), lambda: memory.state)
        return said

    assert [said_next() for _ in range(3)] == ["One", "Two", "Three"]


@pytest.mark.parametrize(("empty", "count"), [(True, 0), (False, 9)])
def test_without_the_file_it_starts_as_it_does_without_the_option(tmp_path: Path, empty: bool, count: int) -> None:
    assert len(state_of(Served(state=str(tmp_path / "none"), empty=empty)).responses) == count


GROUPS = '{"responses": {"groups": {"_1": {"resp_1": {"body": %s, "input_items": [%s], "positions": {%s}}}}}}'
ITEM = '{"id": "a", "type": "message"}'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "$: expected JSON, got nothing"),
        ("[1]", "$: Expected `object`, got `array`"),
        ('{"rules": []}', "$: it has no responses, and so is no state"),
        ('{"responses": {}, "colour": 1}', "$.colour: a state has no such member; it has responses, "),
        ('{"responses": {}, "served": "x"}', "$.served: "),
        (
            '{"responses": {"groups": {"xx": {"resp_1": {"body": {}, "input_items": [], "positions": {}}}}}}',
            "it is in the group",
        ),
        (GROUPS % ('{"id": "b"}', "", ""), "it is kept as 'resp_1', and has the id 'b'"),
        (GROUPS % ('{"id": "resp_1"}', ITEM, ""), ".positions: they are to be the indexes of the input items by id"),
        (GROUPS % ('{"id": "resp_1"}', "5", ""), "input_items"),
        ('{"responses": {}, "models": [{"name": "a"}]}', "$.models[0].id: a model needs an id"),
    ],
)
def test_a_file_that_is_no_state_is_refused_with_the_place(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    code, said = stopped(state=str(file))
    assert code is ExitCode.USAGE
    assert said.startswith(f"--state: {file}: $")
    assert reason in said
    assert file.read_text() == content


def test_a_place_for_it_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "none" / "state.json"
    assert stopped(state=str(file)) == (
        ExitCode.LOCAL_IO,
        f"--state: cannot write {file}: its folder is not there",
    )


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    file, link = tmp_path / "state.json", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_file("--state", str(link), b"new")
    assert (file.read_text(), file.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o640, True)
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(Stopped, match=r"--state: cannot write .*: Is a directory"):
        write_file("--state", str(folder), b"newer")
    assert {path.name for path in tmp_path.iterdir()} == {"state.json", "link", "folder"}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_what_it_knows_is_written_down_when_a_signal_ends_it(tmp_path: Path, ending: signal.Signals) -> None:
    file = tmp_path / "state.json"
    command = [sys.executable, "-m", "puresponse.cli", "serve", "--port", "0", "--empty", "--state", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        made = httpx2.post(f"{url}/responses", json={"model": "m", "input": "x"}).json()["id"]
        process.send_signal(ending)
        assert process.wait(30) == 0
    state = load_state(file.read_bytes())
    assert (list(state.responses), state.served) == ([made], 1)


def test_each_signal_stops_it_until_all_is_done_and_then_does_what_it_did_before() -> None:
    done: list[str] = []
    before = [signal.getsignal(number) for number in ENDING]
    with stopped_by_signals(lambda: done.append("stopped")):
        signal.raise_signal(signal.SIGTERM)
        done.append("saved")
        signal.raise_signal(signal.SIGINT)
    assert done == ["stopped", "saved", "stopped"]
    assert [signal.getsignal(number) for number in ENDING] == before


def test_in_another_thread_no_signal_is_looked_after() -> None:
    found: list[Any] = []

    def serve() -> None:
        with stopped_by_signals(lambda: None):
            found.append(signal.getsignal(signal.SIGTERM))

    thread = Thread(target=serve)
    thread.start()
    thread.join()
    assert found == [signal.SIG_DFL]
