"""The catalogue of programs: that it is complete, and that each of its programs does what it is there for."""

import inspect
import typing
from collections.abc import Callable
from typing import Any

import pytest
from catalogue import OPERATIONS, PROGRAMS, STREAMS, Host, Program

import puresponse.core
from puresponse.core import Operation, Stream, is_failure

FAILING = {
    "delete_response of an unknown id",
    "delete_response of an invalid id",
    "create_parsed_response of text",
    "wait_for_response that expires",
    "wait_for_response of an unknown id",
    "retrying",
    "retrying, in vain",
    "fail",
    "sequence that fails",
    "Close of nothing",
    "within, too late",
    "within a stream, too late",
    "within a stream of events",
    "with_response of a failure",
    "gather that fails",
    "followed_by",
    "alt_end",
    "stream_response",
    "stream_response of an invalid argument",
    "resume_stream",
    "retrying a stream of events",
    "collect of a stream of events",
}


GIVES = ("Operation[", "Stream[", "Done[", "Callable[[Stream[")
"""A program, or a function of a stream; `P` is for what makes the one of an operation and the other of a stream."""


def builders() -> set[str]:
    """The public names of the core that build a program, or do by a method's name, by what they say they give."""
    found: set[str] = set()
    for name in dir(puresponse.core):
        value = getattr(puresponse.core, name)
        if inspect.isfunction(value) and not name.startswith("_"):
            gives = str(inspect.signature(value).return_annotation)
            if gives.startswith(GIVES) or gives == "P":
                found.add(name)
    return found


def test_every_builder_of_the_core_is_in_the_catalogue() -> None:
    assert {"delete_response", "stream_response", "retrying", "collect"} <= builders()
    first_words = {name.replace(",", "").split(" ")[0] for name in PROGRAMS}
    assert first_words - {"bind", "Fork", "Close"} == builders()


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_program_ends_as_it_is_meant_to(name: str) -> None:
    done = Host().run(PROGRAMS[name]())
    assert is_failure(done.result) is (name in FAILING), done.result
    assert done == Host().run(PROGRAMS[name]())


def kinds(name: str) -> set[str]:
    return {step.kind for step in Host().run(PROGRAMS[name]()).steps}


def test_the_catalogue_takes_every_kind_of_step() -> None:
    expected = {
        step.__name__ for step in (*typing.get_args(Operation), *typing.get_args(Stream)) if isinstance(step, type)
    }
    taken = {kind for name in PROGRAMS for kind in kinds(name)}
    assert taken == {"Done", "Send", "Wait", "Fork", "Emit", "Perform", "Open", "Read", "Close", "End"} >= expected


def test_the_programs_that_fork_and_close_do_both_in_every_way() -> None:
    assert {"Fork", "Send", "Done"} <= kinds("Fork of forks")
    assert "Wait" in kinds("retrying a fork")
    assert {"Perform", "Fork", "End"} <= kinds("Fork within a stream")
    steps = [step.kind for step in Host().run(STREAMS["Close"]()).steps]
    assert [kind for kind in steps if kind in {"Open", "Read", "Close", "Fork", "End"}] == [
        *("Open", "Read", "Close", "Read", "Fork", "Open", "Read", "End")
    ]


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name.startswith("retrying")])
def test_what_retries_waits(name: str) -> None:
    assert "Wait" in kinds(name)


def test_a_stream_that_is_cut_is_opened_again() -> None:
    steps = Host().run(STREAMS["stream_response, cut and resumed"]()).steps
    assert [step.detail.split(" ")[0] for step in steps if step.kind == "Open"] == ["POST", "GET", "GET"]


def test_a_host_may_change_what_is_stepped() -> None:
    seen: list[Program] = []

    def between(program: Program, elapsed: float) -> Program:
        seen.append(program)
        return program

    make: Callable[[], Any] = OPERATIONS["retrying"]
    steps = Host(between).run(make()).steps
    assert len(seen) == len(steps)
