"""Seeded bugs in copies of `wait_for_response` and of a cancellation: what a 404 means, and what time it is."""

from __future__ import annotations

from typing import Any

from flawed import Flawed, Outcome, holding, is_not_found
from msgspec import Struct, structs
from returns.result import Failure, Result

from puresponse import (
    ApiError,
    DecodeError,
    Done,
    Error,
    HttpRequest,
    Operation,
    Response,
    Send,
    State,
    WaitExpired,
    cancel_response,
    create_response,
    delay,
    fail,
    has_ended,
    retrieve_response,
    succeed,
)

BACKGROUND = create_response(model="gpt-4o-mini", input="Write the report.", background=True)

# --- a 404 for a while ----------------------------------------------------------------------------


class AwaitEnd(Struct, frozen=True):
    """Waits until a response has ended; a 404 is believed once it has lasted for `grace` seconds."""

    response_id: str = ""
    pause: float = 1.0
    grace: float = 40.0
    missing_since: float | None = None

    def __call__(self, response: Response) -> Operation[Response]:
        """Receive the response that was created."""
        return structs.replace(self, response_id=response.id).paused()

    def paused(self) -> Operation[Response]:
        longer = structs.replace(self, pause=min(2 * self.pause, 16.0))
        return delay(self.pause).bind(PollEnd(longer))

    def not_found(self, error: Error, polled: float) -> Operation[Response]:
        if self.missing_since is None:
            return delay(0.0).bind(Missing(self))
        return fail(error) if polled - self.missing_since >= self.grace else self.paused()


class AwaitEndWithoutGrace(AwaitEnd, frozen=True):
    """The same, for whom a 404 is an error like any other."""

    def not_found(self, error: Error, polled: float) -> Operation[Response]:
        return fail(error)


class PollEnd(Struct, frozen=True):
    """Polls, once the wait before it is over."""

    wait: AwaitEnd

    def __call__(self, elapsed: float) -> Operation[Response]:
        return retrieve_response(self.wait.response_id).then(Polled(self.wait, elapsed))


class Polled(Struct, frozen=True):
    """Receives what a poll found that was sent `at` a time: the answer may be slow."""

    wait: AwaitEnd
    at: float

    def __call__(self, found: Result[Response, Error]) -> Operation[Response]:
        if is_not_found(found):
            return self.wait.not_found(found.failure(), self.at)
        if isinstance(found, Failure) or has_ended(found.unwrap()):
            return Done(found)
        return structs.replace(self.wait, missing_since=None).paused()


class Missing(Struct, frozen=True):
    """Receives the time at which the first 404 in a row was received."""

    wait: AwaitEnd

    def __call__(self, elapsed: float) -> Operation[Response]:
        return structs.replace(self.wait, missing_since=elapsed).paused()


def believed_missing(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    if not is_not_found(result) or not state.responses:
        return None
    polled = requests[-1].path.rpartition("/")[2]
    return f"the wait says that there is no {polled}, and there is" if polled in state.responses else None


# --- a cancellation -------------------------------------------------------------------------------


class Stopped(Struct, frozen=True):
    """How a response was stopped: `cancelled`, another end that it had before, or `gone`."""

    response_id: str
    how: str


class StopAfter(Struct, frozen=True):
    """Receives a response that was created, and stops it after so many `seconds`, if it has not ended by then."""

    seconds: float

    def __call__(self, response: Response) -> Operation[Stopped]:
        return delay(self.seconds).bind(Stop(response.id)).then(self.told(response.id))

    def told(self, response_id: str) -> Cancelled:
        return Cancelled(response_id)


class StopAfterOrGone(StopAfter, frozen=True):
    """The same, to be called again and again: what is gone need not be stopped."""

    def told(self, response_id: str) -> Cancelled:
        return CancelledOrGone(response_id)


class Stop(Struct, frozen=True):
    """Cancels a response, once the wait before it is over."""

    response_id: str

    def __call__(self, elapsed: float) -> Operation[Response]:
        return cancel_response(self.response_id)


class Cancelled(Struct, frozen=True):
    """Receives the answer to a cancellation."""

    response_id: str

    def __call__(self, result: Result[Response, Error]) -> Operation[Stopped]:
        if isinstance(result, Failure):
            return fail(result.failure())
        return succeed(Stopped(self.response_id, str(result.unwrap().status)))


class CancelledOrGone(Cancelled, frozen=True):
    """The same, for whom a 404 is as good."""

    def __call__(self, result: Result[Response, Error]) -> Operation[Stopped]:
        return succeed(Stopped(self.response_id, "gone")) if is_not_found(result) else super().__call__(result)


def gone_and_there(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    stopped: Stopped | None = None if isinstance(result, Failure) else result.unwrap()
    if stopped is None or stopped.how != "gone" or stopped.response_id not in state.responses:
        return None
    return f"{stopped.response_id} is said to be gone: it was not cancelled, and has been paid for"


# --- a deadline -----------------------------------------------------------------------------------

DEADLINE = 6.0
LAST_POLL = 0.5


class Watch(Struct, frozen=True):
    """How far a wait is: `polls` so far, `started` at a time of the run, and `waited` for so many seconds."""

    polls: int = 0
    started: float = 0.0
    waited: float = 0.0

    def polled(self) -> Operation[Response]:
        """Poll; that may take `LAST_POLL` seconds."""
        poll = retrieve_response("resp_1")
        assert isinstance(poll, Send)
        return Send(structs.replace(poll.request, total=LAST_POLL), poll.resume).then(Watched(self))

    def measured(self) -> Operation[Response]:
        """Go on from the time that it is."""
        return delay(0.0).bind(Measured(self))

    def paused(self) -> Operation[Response]:
        """Poll again after two seconds, or at the deadline; or end there."""
        ahead = DEADLINE - self.waited
        if ahead < 0.01:
            return fail(WaitExpired(elapsed=self.waited, polls=self.polls, response_id="resp_1"))
        pause = min(2.0, ahead)
        return delay(pause).bind(PollAgain(structs.replace(self, waited=self.waited + pause)))


class WatchThatAddsUp(Watch, frozen=True):
    """The same, by the sum of its pauses, so that the clock need not be asked."""

    def measured(self) -> Operation[Response]:
        return self.paused()


class Begin(Struct, frozen=True):
    """Begins a wait, at the time from which its deadline counts."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Response]:
        return structs.replace(self.watch, started=elapsed).polled()


class PollAgain(Struct, frozen=True):
    """Polls, once the pause before it is over."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Response]:
        return self.watch.polled()


class Watched(Struct, frozen=True):
    """Receives what a poll found: the end, or nothing that is known for certain."""

    watch: Watch

    def __call__(self, found: Result[Response, Error]) -> Operation[Response]:
        if isinstance(found, Failure):
            error = found.failure()
            if isinstance(error, DecodeError) or (isinstance(error, ApiError) and not error.retryable):
                return Done(found)
        elif has_ended(found.unwrap()):
            return Done(found)
        return structs.replace(self.watch, polls=self.watch.polls + 1).measured()


class Measured(Struct, frozen=True):
    """Goes on with a wait, by the clock."""

    watch: Watch

    def __call__(self, elapsed: float) -> Operation[Response]:
        return structs.replace(self.watch, waited=elapsed - self.watch.started).paused()


def too_late(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    if seconds <= DEADLINE + LAST_POLL + 0.01:
        return None
    return f"a wait of {DEADLINE:g} s, whose last poll may take {LAST_POLL:g} s, has lasted {seconds:g} s"


FIRST_404_BELIEVED = Flawed(
    name="a wait that believes the first 404",
    program=BACKGROUND.bind(AwaitEndWithoutGrace()),
    correct=BACKGROUND.bind(AwaitEnd()),
    service=State(),
    claim="A wait does not say of a response that is there that there is none.",
    broken=believed_missing,
)

CANCEL_404 = Flawed(
    name="a cancel that takes 404 for done",
    program=BACKGROUND.bind(StopAfterOrGone(5.0)),
    correct=BACKGROUND.bind(StopAfter(5.0)),
    service=State(),
    claim="What is said to be gone is gone.",
    broken=gone_and_there,
)

PAUSES_ADDED_UP = Flawed(
    name="a wait that adds up its pauses",
    program=delay(0.0).bind(Begin(WatchThatAddsUp())),
    correct=delay(0.0).bind(Begin(Watch())),
    service=holding(["resp_1"], status="in_progress", background=True),
    claim="A wait is over by its deadline, and by what its last poll may take.",
    broken=too_late,
)

FRAMES = (
    AwaitEnd,
    AwaitEndWithoutGrace,
    PollEnd,
    Polled,
    Missing,
    Stopped,
    StopAfter,
    StopAfterOrGone,
    Stop,
    Cancelled,
    CancelledOrGone,
    Watch,
    WatchThatAddsUp,
    Begin,
    PollAgain,
    Watched,
    Measured,
)
