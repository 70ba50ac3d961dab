"""What a driver reports to an observer about a run, as values: one closed union.

Laws:

1. A run that has begun ends once: with a `RunEnded`, or with a `RunRaised`, its last event.
2. An attempt that has begun is answered, or raises, which the same thread or task reports, with nothing between but
   what the transport does; a body that was opened ends once. What a thread does that was left behind when its run was
   given up is not reported.
3. An observer is called at once, by the thread or task that does what is reported, and what it raises is raised there:
   it is a bug like any other. Where a run uses several threads, so do its events.

An event shows neither a key nor a base URL, for a request has none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Result

from ..codecs.lossless.shown import shown
from ..core.errors import Error
from ..core.http import HttpRequest, HttpResponse
from ..core.steps import Operation
from ..core.streams import Stream

Branch: TypeAlias = tuple[int, ...]
"""Which branch: its place in its fork, counted from 0, after that of the branch around it; `()` is the run itself."""


class _Event(Struct, frozen=True, kw_only=True):
    """`run` is the number of the run, in this process; `elapsed` are the seconds since it began, by its clock."""

    __repr__ = shown

    run: int
    elapsed: float


class RunBegan(_Event, frozen=True, kw_only=True):
    """The driver has begun to carry out `program`, an operation or a stream.

    As all events it has `run`, the number of the run in this process, and `elapsed`, the seconds since it began, by its
    clock.
    """

    program: Operation[Any] | Stream[Any]


class AttemptBegan(_Event, frozen=True, kw_only=True):
    """The transport is about to be asked for `request`, by a `Send`, or by an `Open` where it `opens` a body.

    `number` counts the attempts of the run from 0. `sent_before` is how often an equal request was sent before in this
    run; `resends`, how often of that since one was last answered by a 2xx: 0 for the polls of a wait, and the number of
    the repeat under `retrying`. Equal are requests that arrive as the same, whatever time they are given; of the 10,000
    that were sent last, so that a run without end needs no more memory. `branch` is the place of the attempt among the
    forks, `()` outside of any. `run` and `elapsed` are those of `RunBegan`.
    """

    number: int
    branch: Branch
    request: HttpRequest
    opens: bool
    sent_before: int
    resends: int


class AttemptAnswered(_Event, frozen=True, kw_only=True):
    """The transport has returned `answer`. Of a body that was opened it is what was received before the body.

    `attempt` is how it began. `run` and `elapsed` are those of `RunBegan`.
    """

    attempt: AttemptBegan
    answer: Result[HttpResponse, Error]


class AttemptRaised(_Event, frozen=True, kw_only=True):
    """The transport has raised, or the task that waited for it was cancelled.

    `exception` is what was raised, `attempt` how it began. `run` and `elapsed` are those of `RunBegan`.
    """

    attempt: AttemptBegan
    exception: BaseException


class BodyEnded(_Event, frozen=True, kw_only=True):
    """The body that an attempt has opened has ended, after `size` bytes in so many `chunks`.

    It was received whole where it `is_whole`; else `error` broke it off, or it was closed before its end. `attempt` is
    how it began. `run` and `elapsed` are those of `RunBegan`.
    """

    attempt: AttemptBegan
    size: int
    chunks: int
    is_whole: bool
    error: Error | None


class WaitBegan(_Event, frozen=True, kw_only=True):
    """A wait has begun of `seconds`, and of up to `spread` seconds more, by chance.

    `branch` is its place among the forks. `run` and `elapsed` are those of `RunBegan`.
    """

    branch: Branch
    seconds: float
    spread: float


class ForkBegan(_Event, frozen=True, kw_only=True):
    """So many branches are carried out, at once or one after another: `branch` with 0, with 1, … behind it.

    `branches` is how many. `run` and `elapsed` are those of `RunBegan`.
    """

    branch: Branch
    branches: int


class ValuesEmitted(_Event, frozen=True, kw_only=True):
    """A stream hands over `count` values; with them it is a `total` of so many.

    `run` and `elapsed` are those of `RunBegan`.
    """

    count: int
    total: int


class RunEnded(_Event, frozen=True, kw_only=True):
    """The run has ended with `result`: that of the operation, or how the stream ended.

    `run` and `elapsed` are those of `RunBegan`.
    """

    result: Result[Any, Error]


class RunRaised(_Event, frozen=True, kw_only=True):
    """The run has ended with an `exception`: a bug, a `KeyboardInterrupt`, a cancellation.

    It is a `GeneratorExit` where the caller stopped asking for values, or for outcomes while this one was under way.
    `run` and `elapsed` are those of `RunBegan`.
    """

    exception: BaseException


RunEvent: TypeAlias = (
    RunBegan
    | AttemptBegan
    | AttemptAnswered
    | AttemptRaised
    | BodyEnded
    | WaitBegan
    | ForkBegan
    | ValuesEmitted
    | RunEnded
    | RunRaised
)
"""All that is reported about a run: a closed union, to be matched exhaustively."""

Observer: TypeAlias = Callable[[RunEvent], object]
"""What a run reports to. A plain function is one, and so is `events.append`; what it returns is not used."""
