"""What a sandbox and its host say to each other: a line of JSON each time; the sandbox's are steps.

The host begins with the name of a program. From then on it answers: a `Send` and an `Open` with what `encode_answer`
writes; a `Read` in the same way, the chunk being the body of a 200; a `Wait` with the seconds since the run began; the
`Done` of an operation inside a stream with `null`. To `Emit`, `Perform`, `Close`, `End` and the last `Done` there is
nothing to say. A `Fork` is followed by the first steps of all its operations, so that the host has them; it answers
them in their order, each to its `Done`, and then says `null`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import Raw, Struct, json


class Ready(Struct, frozen=True, tag=True):
    """Start-up is over: which modules are loaded, and how many have been forgotten."""

    modules: frozenset[str]
    forgotten: int


class Send(Struct, frozen=True, tag=True):
    """Send this, and say what came."""

    request: Raw


class Wait(Struct, frozen=True, tag=True):
    """Wait, and say what time it is."""

    seconds: float
    spread: float


class Fork(Struct, frozen=True, tag=True):
    """The first steps of so many operations follow."""

    count: int


class Emit(Struct, frozen=True, tag=True):
    """Values for the caller, pickled."""

    values: bytes


class Perform(Struct, frozen=True, tag=True):
    """The steps of an operation follow, up to its `Done`."""


class Open(Struct, frozen=True, tag=True):
    """Send this, keep the body open, and say what came."""

    request: Raw


class Read(Struct, frozen=True, tag=True):
    """Read the next chunk of the body, and wait for it at most so many seconds."""

    within: float | None = None


class Close(Struct, frozen=True, tag=True):
    """Give the body up; its end may be waited for so many seconds."""

    within: float


class Done(Struct, frozen=True, tag=True):
    """The result of an operation, pickled."""

    result: bytes


class End(Struct, frozen=True, tag=True):
    """The result of a stream, pickled."""

    result: bytes


Line: TypeAlias = Ready | Send | Wait | Fork | Emit | Perform | Open | Read | Close | Done | End

read_line = json.Decoder[Line](Line).decode
read_seconds = json.Decoder(float).decode
read_name = json.Decoder(str).decode


def written(value: Any) -> bytes:
    """A line."""
    return json.encode(value) + b"\n"
