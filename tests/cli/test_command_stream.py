"""`puresponse stream`: text and events as they arrive, and how to go on after Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from command_lines import run
from msgspec import json

from puresponse.cli.requests.text_output import StreamedText
from puresponse.codecs import Kept, Unknown
from puresponse.core import HttpResponse
from puresponse.transports.memory.service import sample_state
from puresponse.transports.testing.stub import StubTransport, json_response

KEY = {"OPENAI_API_KEY": "k"}
RESPONSE = {**sample_state().responses["resp_chat"].body, "id": "resp_1"}
LIMIT = 60


def test_programs_have_every_event_as_a_line_of_json() -> None:
    ran = run("stream", "Hello.", "--model", "m", "--memory")
    assert (ran.code, ran.err) == (0, b"")
    assert [event["sequence_number"] for event in ran.values] == list(range(len(ran.values)))
    assert "".join(event.get("delta", "") for event in ran.values) == "Hello."
    assert ran.values[-1]["type"] == "response.completed"


def test_people_have_the_text_and_are_told_how_to_go_on() -> None:
    ran = run("stream", "Hello.", "--model", "m", "--memory", terminal=True)
    assert (ran.code, ran.out) == (0, b"Hello.\n")
    assert ran.err == b"puresponse: resp_000001 is completed; go on with --previous resp_000001\n"


def sent_by(*arguments: str) -> list[tuple[str, str]]:
    """What a command line asks for that is answered with a response that has ended."""
    stub = StubTransport.answering(*[json_response(RESPONSE)] * 3)
    assert run("stream", *arguments, transport=stub, environ=KEY).code == 0
    return list(stub.requests[0].query)


def test_one_that_is_there_is_followed_from_any_event() -> None:
    assert sent_by("--from", "resp_1", "--after", "17", "--include", "a.b") == [
        ("stream", "true"),
        ("starting_after", "17"),
        ("include[]", "a.b"),
    ]
    assert sent_by("--from", "resp_1") == [("stream", "true")]


def test_the_text_of_one_that_was_only_waited_for_is_shown_whole() -> None:
    ran = run("stream", "--from", "resp_completed_background", "--memory", terminal=True)
    assert (ran.code, ran.out) == (0, b"Hello!\n")


def test_one_that_failed_is_a_failure() -> None:
    ran = run("stream", "--from", "resp_failed", "--memory")
    assert (ran.code, ran.values[-1]["type"]) == (9, "response.failed")
    assert ran.problems[0]["id"] == "resp_failed"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Hello.", "--after", "3"], "--after: of use with --from alone"),
        (
            ["Hi", "--from", "resp_1", "--model", "m", "--no-store"],
            "INPUT --model --store of no use with --from",
        ),
        (["--from", "resp_1", "--after", "-1"], "-1 is not in the range x>=0"),
    ],
)
def test_options_that_contradict_each_other_send_nothing(arguments: list[str], said: str) -> None:
    stub = StubTransport.answering(HttpResponse(status=500))
    ran = run("stream", *arguments, transport=stub, environ=KEY)
    assert (ran.code, stub.requests) == (2, ())
    assert all(word in ran.err.decode() for word in said.split())


def test_what_goes_wrong_in_mid_line_begins_a_line_of_its_own() -> None:
    form = StreamedText()
    assert form.values([event("response.output_text.delta", delta="Hel")]) == "Hel"
    assert form.note("Oh.") == "\npuresponse: Oh.\n"
    assert form.note("Oh.") == "puresponse: Oh.\n"


def test_calls_refusals_and_several_parts_are_lines_and_nothing_controls_the_terminal() -> None:
    form = StreamedText()
    call = {"type": "function_call", "name": "f", "arguments": '{"a":1}'}
    shown = [
        form.values([one])
        for one in (
            event("response.output_text.delta", delta="a\x1b[2J"),
            event("response.content_part.added"),
            event("response.refusal.delta", delta="No."),
            event("response.output_item.done", item={"type": "message"}),
            event("response.output_item.done", item=call),
            event("response.function_call_arguments.delta", delta="{"),
        )
    ]
    assert shown == ["a\\x1b[2J", "\n", "No.", "", '\n[function_call: f({"a":1})]\n', ""]


def event(kind: str, **fields: Any) -> Unknown:
    """An event with these fields and no others."""
    return Unknown(Kept({"type": kind, **fields}))


# --- Ctrl-C, in a process of its own -------------------------------------------------------------


def events_of(*, background: bool) -> bytes:
    """The beginning of a stream, up to a part of its text."""
    response: dict[str, Any] = {**RESPONSE, "status": "in_progress", "background": background, "output": []}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "sequence_number": 0, "response": response},
        {"type": "response.output_text.delta", "sequence_number": 1, "delta": "Hel", "item_id": "m"},
    ]
    return b"".join(b"data: " + json.encode(one) + b"\n\n" for one in events)


@contextmanager
def stalling(beginning: bytes) -> Generator[str]:
    """A server that begins a stream and says no more."""
    done = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + beginning)
                done.wait(LIMIT)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        finally:
            done.set()
            thread.join(LIMIT)


@pytest.mark.parametrize(
    ("background", "form", "out", "said"),
    [
        (True, "--table", b"Hel", b"puresponse: go on with: puresponse stream --from resp_1 --after 1\n"),
        (
            False,
            "--json",
            b'{"type":"response.created"',
            b'{"note":"resp_1 was made without --background: its events cannot be gone on with"}\n',
        ),
    ],
)
def test_ctrl_c_ends_it_within_a_second_and_says_how_to_go_on(
    background: bool, form: str, out: bytes, said: bytes
) -> None:
    with stalling(events_of(background=background)) as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "puresponse.cli", "stream", "Hi", "--base-url", url, form],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "NO_PROXY": "*"},
        )
        assert process.stdout is not None
        first = process.stdout.read(len(out))
        assert first == out  # as it arrives: the server has not said all
        time_asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=LIMIT)
    assert time.monotonic() - time_asked < 1
    # As of the signal itself: a shell reports it as 130, and ends its loop.
    assert (process.returncode, err) == (-signal.SIGINT, said)
