"""The script of a life runs alone, and a program that runs against it ends as it did in the life."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from lived import lived, violation
from returns.result import Failure, Success

from puresponse.core import (
    HttpRequest,
    Send,
    create_response,
    delete_response,
    gather,
    retrieve_response,
    retrying,
    stream_response,
    succeed,
)
from puresponse.core.streams import is_stream
from puresponse.transports import (
    EVERY_FAULT,
    Moment,
    ScriptedTransport,
    Violation,
    VirtualClock,
    explore,
    finally_,
    iterate,
    run,
    sample_state,
)
from puresponse.transports.memory.faults import CutStream, Delay, RateLimited, Reset, ServerError, Truncated, Unsent
from puresponse.transports.testing.lives.literals import Source
from puresponse.transports.testing.lives.lives import Dies, Mishap
from puresponse.transports.testing.lives.script import script_of

STATE = sample_state()
STREAM = stream_response(model="gpt-5-mini", input="One 'two' \"three\"", background=True)

OPERATIONS: dict[str, tuple[Any, dict[int, Mishap]]] = {
    "a retry": (retrying(delete_response("resp_chat")), {1: Reset(acted=True), 3: ServerError(503)}),
    "what was never sent": (retrying(create_response(model="m", input='it\'s "so" \\ \t\u202e')), {1: Unsent()}),
    "a refusal": (delete_response("resp_chat"), {1: RateLimited()}),
    "half of an answer": (retrieve_response("resp_long"), {1: Truncated(50)}),
    "two branches": (gather(retrying(delete_response("resp_chat")), retrieve_response("resp_long")), {1: Reset()}),
    "nothing": (succeed(1), {}),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_ends_as_it_did_in_the_life(name: str) -> None:
    program, mishaps = OPERATIONS[name]
    life = lived(program, STATE, mishaps)
    transport = pasted(violation(life))
    result = run(program, transport, clock=VirtualClock())
    assert str(result) == str(life[-1].result)
    assert type(result) is type(life[-1].result)
    assert transport.left_over == ()


@pytest.mark.parametrize("mishaps", [{}, {4: CutStream()}, {1: Reset()}, {1: ServerError(503), 3: CutStream()}])
def test_a_stream_emits_what_it_emitted_in_the_life(mishaps: dict[int, Mishap]) -> None:
    program = STREAM
    life = lived(program, STATE, mishaps)
    transport = pasted(violation(life))
    emitted: list[Any] = [value for step in life for value in step.emitted]
    received = list(iterate(program, transport, clock=VirtualClock(), results=True))
    if isinstance(life[-1].result, Failure):
        assert str(received.pop()) == str(life[-1].result)
    assert received == emitted
    assert transport.left_over == ()


@pytest.mark.parametrize("program", [OPERATIONS["a retry"][0], STREAM], ids=["an operation", "a stream"])
def test_each_fault_that_explore_knows_is_in_the_script(program: Any) -> None:
    found = [
        one
        for kind in EVERY_FAULT
        for one in explore(
            program, STATE, faults=1, kinds=[kind], dies=False, cuts=False, claims=[finally_(nothing_goes_wrong)]
        ).violations
    ]
    assert len(found) > 20
    for one in found:
        transport = pasted(one)
        end: Any = one.life[-1].result
        if is_stream(program):
            last = [*iterate(program, transport, clock=VirtualClock(), results=True)][-1]
            assert not isinstance(last, Failure) if isinstance(end, Success) else str(last) == str(end)
        else:
            assert str(run(program, transport, clock=VirtualClock())) == str(end)
        assert transport.left_over == ()


def test_an_answer_that_takes_its_time_is_said_to_take_it() -> None:
    lines = script_of(violation(lived(delete_response("resp_chat"), STATE, {1: Delay(20.0)}))).split("\n")
    assert lines[lines.index("    (") - 1] == "    # This took 20 s."


def test_where_the_process_dies_a_comment_says_so_at_that_place() -> None:
    program = retrying(delete_response("resp_chat"))
    life = lived(program, STATE, {1: ServerError(503), 3: Dies(acted=True)})
    lines = script_of(violation(life)).split("\n")
    at = next(number for number, line in enumerate(lines) if "the process dies" in line)
    assert lines[at] == "    # Here the process dies after the service acted: DELETE /responses/resp_chat"
    assert sum('HttpRequest("DELETE", "/responses/resp_chat")' in line for line in lines[:at]) == 1
    assert sum('HttpRequest("DELETE", "/responses/resp_chat")' in line for line in lines[at:]) == 1
    assert str(run(program, pasted(violation(life)), clock=VirtualClock())) == str(life[-1].result)


def test_branches_that_took_turns_are_put_in_the_order_of_run() -> None:
    program = gather(retrying(delete_response("resp_chat")), retrying(retrieve_response("resp_long")))
    life = lived(program, STATE, {1: Reset(), 4: Reset()})
    begin, *steps = life
    branches = [[step for step in steps if step.branch == (index,)] for index in (0, 1)]
    taking_turns = [step for pair in zip(*branches, strict=True) for step in pair]
    transport = pasted(violation((begin, *taking_turns)))
    assert str(run(program, transport, clock=VirtualClock())) == str(life[-1].result)


def test_a_script_is_formatted_and_short_enough() -> None:
    for program, mishaps in OPERATIONS.values():
        script = script_of(violation(lived(program, STATE, mishaps), claim="c " * 200, why="w\n" * 200))
        assert max(map(len, script.split("\n"))) <= 120
        formatted = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=120", "-"],
            input=script,
            text=True,
            capture_output=True,
            check=True,
        )
        assert formatted.stdout == script


def test_what_fits_is_on_one_line() -> None:
    flat = 'HttpRequest("GET", "/models"),'
    longest = HttpRequest("GET", f"/models{'x' * (120 - len(flat))}")
    assert len(Source().lines(longest, 0)) == 1
    assert len(Source().lines(longest, 1)) == 4


def test_credentials_are_no_part_of_a_script() -> None:
    request = HttpRequest("GET", "/models", (("api_key", "sk-1"),), headers=(("Authorization", "Bearer sk-2"),))
    script = script_of(violation(lived(Send(request, _over), STATE)))
    assert "sk-" not in script
    assert '(("api_key", "[redacted]"),)' in script


def nothing_goes_wrong(moment: Moment) -> bool:
    return all(step.mishap is None for step in moment.requests)


def pasted(found: Violation) -> ScriptedTransport:
    """What the script of a violation makes, in a namespace of its own."""
    namespace: dict[str, Any] = {}
    exec(compile(script_of(found), "pasted.py", "exec"), namespace)
    transport = namespace["transport"]
    assert isinstance(transport, ScriptedTransport)
    return transport


def _over(answer: Any) -> Any:
    return succeed(None)
