"""`puresponse record` passes requests on with the key and records them, and `serve --replay` gives the same answers."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest
from command_lines import run
from msgspec import json
from returns.result import Failure, Result, Success

from puresponse import (
    HttpRequest,
    HttpResponse,
    Interrupted,
    MemoryTransport,
    NotSent,
    Urllib3Transport,
    serve,
)
from puresponse.cli.commands.serve import Served, start_server
from puresponse.cli.failures import ExitCode
from puresponse.cli.options import Options
from puresponse.cli.service import InMemory, Remote, ServiceChoice
from puresponse.cli.serving.recorded import Recorded
from puresponse.cli.serving.recording import Begun, begun, chosen, save
from puresponse.cli.streams import Process, Stopped
from puresponse.core import Answer, Error
from puresponse.transports import Body, Transport
from puresponse.transports.cassette.format import load_cassette
from puresponse.transports.serving.server import running

KEY = "sk-upstream-0123456789abcdefghijklmnop"
TOKEN = "a-token-for-clients"
CREATE = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hello!"}')
STREAM = HttpRequest("POST", "/responses", body=b'{"model":"m","input":"Hello!","stream":true}')
STORY = "Once upon a time, high up in the sky, there was a little star."


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """The base URL of a service that takes `KEY` alone, which is in the environment."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serve(MemoryTransport(), api_key=KEY) as base_url:
        yield base_url


@contextmanager
def recording(
    file: Path, transport: Transport | None = None, **given: Any
) -> Generator[tuple[Begun, io.TextIOWrapper]]:
    """What has begun, and standard error."""
    said = io.TextIOWrapper(Said())
    environ = {"TOKEN": TOKEN, "OPENAI_API_KEY": KEY}
    connect = None if transport is None else connecting(transport)
    options: dict[str, Any] = {"to": str(file), "port": 0, "token_variable": "TOKEN", **given}
    process = Process(None, io.TextIOWrapper(io.BytesIO()), said, environ, connect)
    with begun(Recorded(**options), Options(), process) as started:
        yield started, said


def connecting(transport: Transport) -> Callable[[ServiceChoice, int], AbstractContextManager[Transport]]:
    """The way to a service, whichever is chosen."""

    def connect(service: ServiceChoice, concurrency: int) -> AbstractContextManager[Transport]:
        return nullcontext(transport)

    return connect


class Said(io.BytesIO):
    """What is said on standard error, be it by another thread."""

    def __init__(self) -> None:
        super().__init__()
        self.failure = Event()

    def write(self, data: Any, /) -> int:
        count = super().write(data)
        if b": not sent (dns): no such host" in self.getvalue():
            self.failure.set()
        return count


@contextmanager
def recorded(file: Path, transport: Transport | None = None, **given: Any) -> Generator[str]:
    """The base URL of a recorder that is ended, and saves, when the block is left."""
    with recording(file, transport, **given) as (started, said):
        with running(started.server):
            yield started.url
        save(str(file), started.cassette, said)


@contextmanager
def replayed(*files: Path, **given: Any) -> Generator[str]:
    with running(start_server(Served(port=0, replay=tuple(map(str, files)), **given), {})) as server:
        yield f"{server.origin}/v1"


def client(base_url: str, key: str = TOKEN) -> Urllib3Transport:
    return Urllib3Transport(api_key=key, base_url=base_url)


def asked(base_url: str, method: str = "GET", path: str = "/v1/models", **headers: str) -> tuple[int, dict[str, Any]]:
    server = urlsplit(base_url)
    connection = HTTPConnection("127.0.0.1", server.port or 0, timeout=20)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = json.decode(answer.read() or b"{}")
    connection.close()
    return answer.status, body


def stopped(file: Path, transport: Transport | None = None, **given: Any) -> tuple[ExitCode, str]:
    with pytest.raises(Stopped) as caught, recording(file, transport, **given):
        pass
    return caught.value.code, str(caught.value.reason)


# --- recorded, and replayed ------------------------------------------------------------------------


def test_what_a_client_is_answered_is_what_it_is_answered_again(upstream: str, tmp_path: Path) -> None:
    file = tmp_path / "made" / "exchange.json"
    asks = (CREATE, HttpRequest("GET", "/responses/resp_chat"), HttpRequest("GET", "/responses/resp_none"))

    def answers(base_url: str) -> list[HttpResponse]:
        with client(base_url) as transport:
            return [transport(request).unwrap() for request in asks]

    with recorded(file, upstream=upstream) as base_url:
        live = answers(base_url)
    with replayed(file) as base_url:
        again = answers(base_url)
    assert [answer.status for answer in live] == [200, 200, 404]
    for one, other in zip(live, again, strict=True):
        assert (one.status, one.body, one.header("x-request-id")) == (
            other.status,
            other.body,
            other.header("x-request-id"),
        )
        for answer in (one, other):
            names = [name.lower() for name, _ in answer.headers]
            assert len(set(names)) == len(names), "nothing is said twice"
    written = file.read_text()
    assert KEY not in written
    assert TOKEN not in written
    assert "chunks" not in written, "an answer that is no stream is kept whole"


def test_the_official_client_streams_through_it_and_from_the_file(upstream: str, tmp_path: Path) -> None:
    file = tmp_path / "stream.json"

    def events(base_url: str) -> list[str]:
        with openai.OpenAI(base_url=base_url, api_key=TOKEN, max_retries=0) as official:
            stream = official.responses.create(model="gpt-4o-mini", input=STORY, stream=True)
            return [event.to_json() for event in stream]

    with recorded(file, upstream=upstream) as base_url:
        live = events(base_url)
    with replayed(file) as base_url:
        assert events(base_url) == live
    assert '"type": "response.completed"' in live[-1]
    assert "chunks" in file.read_text()


class Gated:
    """A transport whose streams send a second chunk only once the client has the first."""

    def __init__(self) -> None:
        self.gate = Event()

    def __call__(self, request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=200, body=b"{}"))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return Success(GatedBody(self.gate))


class GatedBody:
    answer = HttpResponse(status=200, headers=(("content-type", "text/event-stream"),))

    def __init__(self, gate: Event) -> None:
        self._gate = gate
        self._chunks = [b"data: 1\n\n", b"data: 2\n\n", b""]

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        if len(self._chunks) == 2:
            assert self._gate.wait(20)
        return Success(self._chunks.pop(0))

    def close(self, within: float = 0.0) -> None:
        """Nothing is open."""


def test_a_stream_is_passed_on_chunk_by_chunk_as_it_arrives(tmp_path: Path) -> None:
    file, gated = tmp_path / "gated.json", Gated()
    with recorded(file, gated) as base_url, client(base_url) as transport:
        body = transport.open(STREAM).unwrap()
        assert body.read().unwrap() == b"data: 1\n\n"
        gated.gate.set()
        assert body.read().unwrap() == b"data: 2\n\n"
        assert body.read().unwrap() == b""
    with replayed(file) as base_url, client(base_url) as transport:
        assert transport(STREAM).unwrap().body == b"data: 1\n\ndata: 2\n\n"


class Failing:
    """A transport of which nothing is heard."""

    def __init__(self, *errors: Error) -> None:
        self._errors = list(errors)

    def __call__(self, request: HttpRequest) -> Answer:
        return Failure(self._errors.pop(0))


def test_failures_are_recorded_and_told_and_replayed_as_failures(tmp_path: Path) -> None:
    file = tmp_path / "failed.json"
    failing = Failing(NotSent("dns", "no such host"), Interrupted("reset", "connection reset"))
    with recording(file, failing) as (started, said):
        with running(started.server), client(started.url) as transport:
            live = [transport(CREATE).failure() for _ in range(2)]
        save(str(file), started.cassette, said)
        assert isinstance(said.buffer, Said)
        assert said.buffer.failure.wait(20)
    with replayed(file) as base_url, client(base_url) as transport:
        again = [transport(CREATE).failure() for _ in range(2)]
    for error in (*live, *again):
        assert isinstance(error, Interrupted)
    assert [type(one.answer).__name__ for one in load_cassette(file.read_bytes())] == ["NotSent", "Interrupted"]


# --- who may ask -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"authorization": f"Bearer {TOKEN}"}, 200, None),
        ({}, 401, None),
        ({"authorization": "Bearer another"}, 401, "invalid_api_key"),
        ({"authorization": f"Bearer {TOKEN}", "host": "evil.example"}, 421, "host_not_allowed"),
        ({"authorization": f"Bearer {TOKEN}", "host": "localhost:1"}, 200, None),
        ({"authorization": f"Bearer {TOKEN}", "origin": "http://localhost:8080"}, 403, "origin_not_allowed"),
        ({"authorization": f"Bearer {TOKEN}", "origin": "null"}, 403, "origin_not_allowed"),
        ({"authorization": f"Bearer {TOKEN}", "sec_fetch_site": "cross-site"}, 403, "origin_not_allowed"),
        ({"authorization": f"Bearer {TOKEN}", "sec_fetch_mode": "cors"}, 200, None),
    ],
)
def test_programs_with_the_token_are_answered_and_nobody_else(
    headers: dict[str, str], status: int, code: str | None, tmp_path: Path
) -> None:
    memory = MemoryTransport()
    with recorded(tmp_path / "asked.json", memory) as base_url:
        found, body = asked(base_url, **headers)
    assert (found, body.get("error", {}).get("code")) == (status, code)
    assert len(memory.requests) == (status == 200)


def test_without_a_token_pages_are_refused_all_the_same(tmp_path: Path) -> None:
    memory = MemoryTransport()
    with recorded(tmp_path / "asked.json", memory, no_token=True, token_variable=None) as base_url:
        assert asked(base_url)[0] == 200
        assert asked(base_url, origin="http://localhost")[0] == 403
        assert asked(base_url, "OPTIONS", origin="http://localhost", access_control_request_method="GET")[0] == 403
        assert asked(base_url, host="evil.example")[0] == 421


def test_a_token_is_made_and_printed_and_is_another_each_time(tmp_path: Path) -> None:
    notes: list[str] = []
    for _ in range(2):
        with recording(tmp_path / "x.json", MemoryTransport(), token_variable=None) as (started, _):
            note = next(note for note in started.notes if note.startswith("key for clients: "))
            notes.append(note)
            with running(started.server):
                token = note.removeprefix("key for clients: ")
                assert asked(started.url, authorization=f"Bearer {token}")[0] == 200
                assert asked(started.url, authorization=f"Bearer {TOKEN}")[0] == 401
    assert notes[0] != notes[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.com", ""])
def test_it_listens_on_loopback_alone(host: str, tmp_path: Path) -> None:
    code, reason = stopped(tmp_path / "x.json", MemoryTransport(), host=host)
    assert code is ExitCode.USAGE
    assert reason.startswith(f"--host: {host!r} may be reached by other machines")
    assert list(tmp_path.iterdir()) == []


# --- what is passed on -----------------------------------------------------------------------------


def test_what_is_about_one_connection_or_is_the_clients_credential_is_not_passed_on(tmp_path: Path) -> None:
    memory = MemoryTransport()
    with recorded(tmp_path / "hops.json", memory) as base_url:
        status, _ = asked(
            base_url,
            authorization=f"Bearer {TOKEN}",
            connection="close, x-mine",
            x_mine="1",
            te="trailers",
            proxy_authorization="Basic eA==",
            x_forwarded_for="1.2.3.4",
            cookie="a=b",
            accept="application/json",
            openai_beta="assistants=v2",
        )
    assert status == 200
    assert dict(memory.requests[0].headers) == {"accept": "application/json", "openai-beta": "assistants=v2"}


def test_of_an_answer_neither_cookies_nor_what_is_about_the_other_connection_are_passed_on(tmp_path: Path) -> None:
    headers = (
        ("set-cookie", "a=b"),
        ("connection", "x-mine"),
        ("x-mine", "1"),
        ("date", "then"),
        ("x-request-id", "r"),
    )

    def answering(request: HttpRequest) -> Answer:
        return Success(HttpResponse(status=200, headers=headers, body=b"{}"))

    with recorded(tmp_path / "hops.json", answering) as base_url, client(base_url) as transport:
        answer = transport(CREATE).unwrap()
    assert answer.header("x-request-id") == "r"
    assert [answer.header(name) for name in ("set-cookie", "x-mine")] == [None, None]
    assert answer.header("date") != "then"


def test_a_path_that_would_lead_elsewhere_is_refused(tmp_path: Path) -> None:
    memory = MemoryTransport()
    with recorded(tmp_path / "x.json", memory) as base_url:
        status, body = asked(base_url, path="/v1/responses/%2e%2e", authorization=f"Bearer {TOKEN}")
    assert (status, body["error"]["code"]) == (400, "invalid_request")
    assert memory.requests == ()


@pytest.mark.parametrize(
    ("given", "environ", "service"),
    [
        ({}, {"OPENAI_API_KEY": KEY}, Remote()),
        ({"upstream": "http://localhost:1/v1"}, {}, Remote("http://localhost:1/v1")),
        ({"memory": True}, {}, InMemory()),
    ],
)
def test_the_service_is_chosen_as_by_the_other_commands(
    given: dict[str, Any], environ: dict[str, str], service: object
) -> None:
    options = Options(memory=given.pop("memory", False))
    assert chosen(Recorded("x", **given), options, environ) == service


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"upstream": ""}, "--upstream is empty"),
        ({"upstream": "http://x", "memory": True}, "--memory and --upstream exclude each other"),
    ],
)
def test_without_a_service_nothing_is_recorded(given: dict[str, Any], reason: str) -> None:
    options = Options(memory=given.pop("memory", False))
    with pytest.raises(Stopped) as caught:
        chosen(Recorded("x", **given), options, {})
    assert (caught.value.code, caught.value.reason) == (ExitCode.USAGE, reason)


def test_without_a_key_nothing_is_recorded(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    ran = run("record", "--to", str(file), "--port", "0")
    assert (ran.code, ran.out) == (ExitCode.NO_KEY, b"")
    assert ran.err.startswith(b"puresponse: OPENAI_API_KEY is not set, and nothing was sent: ")
    assert b"--upstream" in ran.err
    assert not file.exists()


def test_it_does_not_ask_itself(tmp_path: Path) -> None:
    with serve(MemoryTransport()) as base_url:
        port = urlsplit(base_url).port
    code, reason = stopped(tmp_path / "x.json", upstream=f"http://localhost:{port}/v1", port=port)
    assert code is ExitCode.USAGE
    assert reason.endswith("is both what is asked and what asks: give --upstream, or another --port")
    assert list(tmp_path.iterdir()) == []


# --- the modes, and the file -----------------------------------------------------------------------


def test_once_records_what_is_not_there_and_replays_what_is(tmp_path: Path) -> None:
    file = tmp_path / "once.json"
    memory = MemoryTransport()
    with recorded(file, memory) as base_url, client(base_url) as transport:
        live = transport(CREATE).unwrap()
    before = file.read_bytes()
    with recording(file, memory) as (started, said):
        assert any("is replayed, and nothing recorded (--mode once)" in note for note in started.notes)
        with running(started.server), client(started.url) as transport:
            assert transport(CREATE).unwrap().body == live.body
            missed = transport(STREAM).unwrap()
        save(str(file), started.cassette, said)
    assert missed.status == 422
    assert "--mode new_episodes" in json.decode(missed.body)["error"]["message"]
    assert len(memory.requests) == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize(("mode", "asked_for", "kept"), [("new_episodes", 1, 2), ("all", 2, 2), ("none", 0, 1)])
def test_a_mode_says_what_is_asked_and_kept(mode: str, asked_for: int, kept: int, tmp_path: Path) -> None:
    file = tmp_path / "mode.json"
    with recorded(file, MemoryTransport()) as base_url, client(base_url) as transport:
        transport(CREATE).unwrap()
    memory = MemoryTransport()
    with recorded(file, memory, mode=mode) as base_url, client(base_url) as transport:
        transport(CREATE).unwrap()
        transport(HttpRequest("GET", "/models")).unwrap()
    assert len(memory.requests) == asked_for
    assert len(load_cassette(file.read_bytes())) == kept


def test_a_run_that_records_nothing_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    with recorded(file, MemoryTransport()) as base_url, client(base_url) as transport:
        transport(CREATE).unwrap()
    before = file.read_bytes()
    with recorded(file, MemoryTransport(), mode="all"):
        pass
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["all.json"]


def test_times_are_recorded_if_asked(tmp_path: Path) -> None:
    gated = Gated()
    gated.gate.set()
    for times in (False, True):
        file = tmp_path / f"{times}.json"
        with recorded(file, gated, times=times) as base_url, client(base_url) as transport:
            transport(STREAM).unwrap()
        # Times of less than a millisecond are none.
        assert times or "after" not in file.read_text()


def test_a_secret_is_refused_with_its_place_and_what_was_recorded_stays_and_can_be_replayed(tmp_path: Path) -> None:
    file = tmp_path / "secret.json"
    secret = "sk-proj-0123456789abcdefghij"
    request = HttpRequest("POST", "/responses", body=json.encode({"model": "m", "input": f"Is {secret} good?"}))
    with recording(file, MemoryTransport()) as (started, said):
        with running(started.server), client(started.url) as transport:
            transport(request).unwrap()
            transport(CREATE).unwrap()
        with pytest.raises(Stopped) as caught:
            save(str(file), started.cassette, said)
    assert caught.value.code is ExitCode.CASSETTE
    reason = str(caught.value.reason)
    assert "recording 1 (POST /responses): request body $.input holds what looks like a key" in reason
    assert "--redact-member or --redact-pattern" in reason
    assert secret not in reason
    beside = tmp_path / "secret.json.partial"
    assert [path.name for path in tmp_path.iterdir()] == [beside.name]
    assert secret not in beside.read_text()
    with replayed(beside) as base_url, client(base_url) as transport:
        assert transport(CREATE).unwrap().status == 200
        assert transport(request).unwrap().status == 200
    with recording(tmp_path / "secret.json", MemoryTransport(), redact_pattern=(r"sk-[\w-]+",)) as (started, said):
        assert any("secret.json.partial.old" in note for note in started.notes), "what was left over is named"
        with running(started.server), client(started.url) as transport:
            transport(request).unwrap()
        save(str(file), started.cassette, said)
    assert secret not in file.read_text()


def test_what_is_harmless_and_what_a_member_holds_can_be_said(tmp_path: Path) -> None:
    file, text = tmp_path / "rules.json", "sk-proj-0123456789abcdefghij"
    body = json.encode({"model": "m", "input": text, "user": "Ada"})
    given: dict[str, Any] = {"harmless": (text,), "redact_member": ("user",)}
    with recorded(file, MemoryTransport(), **given) as base_url, client(base_url) as transport:
        transport(HttpRequest("POST", "/responses", body=body)).unwrap()
    assert text in file.read_text()
    assert "Ada" not in file.read_text()


def test_a_disk_that_takes_nothing_is_said_and_what_was_recorded_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "full.json"
    with recording(file, MemoryTransport()) as (started, said):
        with running(started.server), client(started.url) as transport:
            transport(CREATE).unwrap()

        def full(path: str, data: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("puresponse.transports.cassette.tape.write_whole", full)
        with pytest.raises(Stopped) as caught:
            save(str(file), started.cassette, said)
    assert caught.value.code is ExitCode.LOCAL_IO
    assert f"No space left on device; what was recorded is in {file}.partial" in str(caught.value.reason)
    assert (tmp_path / "full.json.partial").stat().st_size > 0


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"token_variable": "NONE"}, "--token-variable: NONE is not set"),
        ({"no_token": True}, "--token-variable and --no-token exclude each other"),
        ({"path": "/v 1"}, "--path: '/v 1' is no path; it must be like /v1, or empty"),
        ({"redact_pattern": ("(",)}, "--redact-pattern: redact: pattern '(' is no regular expression: "),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(given: dict[str, Any], reason: str, tmp_path: Path) -> None:
    code, found = stopped(tmp_path / "x.json", MemoryTransport(), **given)
    assert (code, found[: len(reason)]) == (ExitCode.USAGE, reason)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_a_damaged_file_and_one_that_is_in_use_are_refused_at_once(
    tmp_path: Path,
) -> None:
    code, reason = stopped(tmp_path, MemoryTransport(), mode="all")
    assert (code, reason) == (ExitCode.LOCAL_IO, f"--to: {tmp_path}: Is a directory")
    damaged = tmp_path / "damaged.json"
    damaged.write_text('{"version": 1, "recordings": [')
    code, reason = stopped(damaged, MemoryTransport(), mode="new_episodes")
    assert code is ExitCode.USAGE
    assert reason.startswith(f"--to: the cassette {damaged} is not a cassette, or is damaged: ")
    with recording(tmp_path / "x.json", MemoryTransport()):
        code, reason = stopped(tmp_path / "x.json", MemoryTransport())
    assert code is ExitCode.LOCAL_IO
    assert reason.endswith("the cassette is being recorded already")


def test_a_key_that_cannot_be_one_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong\nkey")
    code, reason = stopped(tmp_path / "x.json")
    assert code is ExitCode.INVALID_ARGUMENT
    assert "sk-wrong" not in reason
