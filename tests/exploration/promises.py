"""What the docstrings of the library's programs promise, as claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from returns.result import Failure, Success

from puresponse import (
    ApiError,
    Broken,
    Claim,
    DeletedResponse,
    Dies,
    Error,
    InvalidArgument,
    LifeStep,
    MemoryTransport,
    Moment,
    NoRecording,
    Response,
    VirtualClock,
    WaitExpired,
    collect,
    decode_response,
    delete_response_chain,
    finally_,
    has_ended,
    run,
)
from puresponse.core.delays import LEAST_DELAY
from puresponse.transports.testing.lives.passing_time import NOW


def succeeds_with(name: str, check: Callable[[Any, Moment], bool | str | None]) -> Claim:
    """Where the program succeeds, `check` holds of its value."""

    def judged(life: Moment) -> bool | str | None:
        return check(life.result.unwrap(), life) if isinstance(life.result, Success) else None

    return finally_(judged, name=name)


def fails_with(name: str, check: Callable[[Any, Moment], bool | str | None]) -> Claim:
    """Where the program fails, `check` holds of its error."""

    def judged(life: Moment) -> bool | str | None:
        return check(life.result.failure(), life) if isinstance(life.result, Failure) else None

    return finally_(judged, name=name)


class UnlessExpired(Struct, frozen=True):
    """What is claimed of all ends but those for which there was no time left."""

    claim: Any
    name: str
    is_local: bool

    def begin(self) -> Any:
        """What it remembers."""
        return self.claim.begin()

    def after(self, memory: Any, step: LifeStep, moment: Moment) -> Any:
        """What it remembers after a step."""
        return self.claim.after(memory, step, moment)

    def end(self, memory: Any, step: LifeStep, moment: Moment) -> Broken | None:
        """Judge an end that is no expiry."""
        expired = isinstance(step.result, Failure) and isinstance(step.result.failure(), WaitExpired)
        return None if expired else self.claim.end(memory, step, moment)


def unless_expired(claim: Claim) -> Claim:
    """Claim it of all ends but a `WaitExpired`."""
    return UnlessExpired(claim, claim.name, claim.is_local)


def error_names(*ids: str) -> Claim:
    """Every error has the id of the response that it is about."""

    def judged(error: Error, life: Moment) -> bool | str:
        if isinstance(error, InvalidArgument | NoRecording):
            return True
        return error.response_id in ids or f"the error does not say which response it is about: {error}"

    return fails_with("every error names its response", judged)


def always_succeeds(name: str) -> Claim:
    """The program does not fail, whatever happens."""
    return fails_with(name, lambda error, life: f"it failed: {error}")


# --- responses, as they are and as they are said to be --------------------------------------------


def _as_it_is(response: Response, life: Moment) -> bool | str:
    kept = life.state.responses.get(response.id)
    if kept is None:
        return f"{response.id} is not there"
    status = kept.at(life.now)["status"]
    return response.status == status or f"it is said to be {response.status}, and is {status}"


def returned_as_it_is() -> Claim:
    """What is returned has the status that the response has on the server."""
    return succeeds_with("the response is returned as it is", _as_it_is)


def has_ended_then() -> Claim:
    """What is returned has ended."""
    return succeeds_with("the response that is returned has ended", lambda response, life: has_ended(response))


def not_found_is_gone(*ids: str) -> Claim:
    """A 404 about a response is true: it is not there."""

    def judged(error: Error, life: Moment) -> bool | str:
        if not isinstance(error, ApiError) or error.status != 404:
            return True
        there = [name for name in ids if name in life.state.responses]
        return not there or f"a 404, and {there[0]} is there"

    return fails_with("a 404 is believed only where the response is gone", judged)


def receipts_are_true() -> Claim:
    """Only the service's own 404 makes a receipt, and it is true."""

    def judged(receipt: Any, life: Moment) -> bool:
        absence, name = receipt.absence, receipt.deleted.id
        return absence.status == 404 and not absence.no_such_route and name not in life.state.responses

    return succeeds_with("a receipt is made of a 404, and the response is gone", judged)


def never_there(name: str) -> Claim:
    """A 404 that follows no interrupted attempt says that there never was such a response, which is not so."""

    def judged(error: Error, life: Moment) -> bool | str:
        if not isinstance(error, ApiError) or error.status != 404:
            return True
        return error.after_interruption or f"{name} was there, and by the error it never was: {error}"

    return fails_with("what was there is not said never to have been", judged)


class Attempts(Struct, frozen=True):
    """A request is sent no more often than its policy says; not counted are those of a process that died."""

    most: int
    name: str = "no more attempts than the policy has"
    is_local: bool = True

    def begin(self) -> int:
        """None was made."""
        return 0

    def after(self, memory: int, step: LifeStep, moment: Moment) -> int | Broken:
        """How many were made."""
        memory += step.kind in ("send", "open") and not isinstance(step.mishap, Dies)
        return memory if memory <= self.most else Broken(f"attempt {memory}, where {self.most} are allowed")

    def end(self, memory: int, step: LifeStep, moment: Moment) -> None:
        """The last step was checked."""


# --- chains ---------------------------------------------------------------------------------------


class ChainIsReachable(Struct, frozen=True):
    """As long as there is anything of a chain, its newest is there, and all in between."""

    chain: tuple[str, ...]
    name: str = "what is left of the chain is reachable from its newest"
    is_local: bool = True

    def begin(self) -> None:
        """Remember nothing."""

    def after(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        """Nothing is missing between the newest and what is there."""
        there = [name in step.after.responses for name in self.chain]
        if there == sorted(there, reverse=True):
            return None
        return Broken(f"of {', '.join(self.chain)} (newest first) there are {there}")

    def end(self, memory: None, step: LifeStep, moment: Moment) -> None:
        """The last step was checked."""


class EmittedIsDeleted(Struct, frozen=True):
    """The values that a deletion of many emits are what it has deleted: all of it, but for one that its error names."""

    names: tuple[str, ...]
    name: str = "what was emitted is what was deleted"
    is_local: bool = True

    def begin(self) -> tuple[str, ...]:
        """Nothing was emitted."""
        return ()

    def after(self, memory: tuple[str, ...], step: LifeStep, moment: Moment) -> tuple[str, ...] | Broken:
        """What was emitted is not there any more, and was not emitted before."""
        for value in step.emitted:
            told: DeletedResponse = value
            if told.id in memory:
                return Broken(f"{told.id} was emitted twice")
            if told.id in step.after.responses:
                return Broken(f"{told.id} was emitted, and is there")
            memory = (*memory, told.id)
        return memory

    def end(self, memory: tuple[str, ...], step: LifeStep, moment: Moment) -> Broken | None:
        """All that was deleted was emitted, or may have been deleted, as the error says."""
        error = step.result.failure() if isinstance(step.result, Failure) else None
        for name in self.names:
            if name in step.after.responses or name in memory:
                continue
            if error is None or not (error.may_have_acted and getattr(error, "response_id", None) == name):
                return Broken(f"{name} was deleted, and neither emitted nor said to be left open: {error}")
        return None


def deletes_the_rest(newest: str, chain: tuple[str, ...]) -> Claim:
    """The same call again deletes the rest, where nothing goes wrong."""

    def judged(life: Moment) -> bool | str:
        if newest not in life.state.responses:
            return all(name not in life.state.responses for name in chain)
        service = MemoryTransport(life.state, clock=VirtualClock(now=NOW))
        again = run(collect(delete_response_chain(newest)), service)
        left = [name for name in chain if name in service.state.responses]
        return not left or f"the same call again left {', '.join(left)}: {again}"

    return finally_(judged, name="the same call again deletes the rest")


class OneByOne(Struct, frozen=True):
    """Of operations whose results are all returned, each result is true of its own response."""

    letters: str
    name: str = "each result is true of its own response"
    is_local: bool = True

    def begin(self) -> None:
        """Remember nothing."""

    def after(self, memory: None, step: LifeStep, moment: Moment) -> None:
        """Nothing is claimed of a step."""

    def end(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        """They succeed as a whole; what is gone is a success, or left open."""
        if not isinstance(step.result, Success):
            return Broken(f"it failed: {step.result}")
        results = step.result.unwrap()
        if len(results) != len(self.letters):
            return Broken(f"{len(results)} results of {len(self.letters)} operations")
        for letter, result in zip(self.letters, results, strict=True):
            name = f"resp_{letter}"
            deleted = result.value_or(None)
            if deleted is not None:
                if deleted.id != name:
                    return Broken(f"the result for {name} is {result}")
            elif name not in step.after.responses and not result.failure().may_have_acted:
                return Broken(f"{name} is gone, and its result does not leave that open: {result}")
        return None


# --- lists ----------------------------------------------------------------------------------------


class InOrderOnce(Struct, frozen=True):
    """What is emitted has these ids, each once and in this order; all of them, where the stream ends well."""

    ids: tuple[str, ...]
    name: str = "each item once, in order, and all of them at a good end"
    is_local: bool = True

    def begin(self) -> int:
        """None was emitted."""
        return 0

    def after(self, memory: int, step: LifeStep, moment: Moment) -> int | Broken:
        """How many were emitted."""
        found = tuple([value.id for value in step.emitted])
        wanted = self.ids[memory : memory + len(found)]
        return memory + len(found) if found == wanted else Broken(f"expected {wanted}, got {found}")

    def end(self, memory: int, step: LifeStep, moment: Moment) -> Broken | None:
        """All were emitted, or the stream failed."""
        if isinstance(step.result, Failure) or memory == len(self.ids):
            return None
        return Broken(f"the stream ended well after {memory} of {len(self.ids)} items")


def audits_all(*ids: str) -> Claim:
    """An audit has all input items, each once, oldest first."""

    def judged(audit: Any, life: Moment) -> bool:
        return tuple([item.id for item in audit.input_items]) == ids

    return succeeds_with("all input items, each once, oldest first", judged)


# --- waits ----------------------------------------------------------------------------------------


def returned_as_it_stays(deadline: float) -> Claim:
    """What is returned is final, unless the deadline overrode that."""

    def judged(response: Response, life: Moment) -> bool | str:
        kept = life.state.responses.get(response.id)
        last = None if kept is None else kept.at(life.now + 1e6)["status"]
        return response.status == last or life.seconds >= deadline or f"it is said to be {response.status}, not {last}"

    return succeeds_with("the response is returned as it finally is", judged)


def expires_last() -> Claim:
    """A wait that expired has what it saw last, where it saw anything."""

    def judged(error: Error, life: Moment) -> bool | str:
        if not isinstance(error, WaitExpired):
            return True
        if error.not_found > error.polls or (error.last is None and error.not_found < error.polls - 1):
            return f"{error.polls} polls, {error.not_found} not found, and last {error.last}"
        if error.last is not None and has_ended(error.last):
            return f"a response that has ended is not returned: {error.last.status}"
        return not error.may_have_acted

    return fails_with("an expired wait says what it has seen", judged)


class TooLateIsNoFailure(Struct, frozen=True):
    """A refusal to cancel what has ended already is not what the program fails with."""

    name: str = "a cancellation that comes too late is no failure"
    is_local: bool = True

    def begin(self) -> bool:
        """Nothing was refused."""
        return False

    def after(self, memory: bool, step: LifeStep, moment: Moment) -> bool:
        """Whether the last cancellation was refused by the service itself."""
        if step.kind != "send" or step.request is None:
            return memory
        if step.request.method != "POST":
            return memory and step.mishap is None  # else the poll that follows may be what was refused
        return step.mishap is None and step.answer.unwrap().status in (400, 409)

    def end(self, memory: bool, step: LifeStep, moment: Moment) -> Broken | None:
        """It is not the result."""
        error = step.result.failure() if isinstance(step.result, Failure) else None
        if memory and isinstance(error, ApiError) and error.status in (400, 409):
            return Broken(f"it failed with the refusal to cancel what has ended: {error}")
        return None


class PollsApart(Struct, frozen=True):
    """No two polls that are answered are nearer to each other than `LEAST_DELAY`."""

    name: str = "polls are apart"
    is_local: bool = True

    def begin(self) -> float | None:
        """None was made."""
        return None

    def after(self, memory: float | None, step: LifeStep, moment: Moment) -> float | Broken | None:
        """How many seconds there may be until the next: none that are known, after a wait."""
        if step.kind == "wait" and step.ended - step.began >= LEAST_DELAY - 1e-9:
            return None
        if step.kind != "send" or step.request is None:
            return memory
        if step.request.method != "GET":
            return None  # it is asked for what was refused, and not for whether it has ended
        if memory is not None and not isinstance(step.mishap, Dies):
            return Broken("a poll follows another at once")
        return None if isinstance(step.mishap, Dies) else 0.0

    def end(self, memory: float | None, step: LifeStep, moment: Moment) -> None:
        """The last step was checked."""


class BelievesTheEnd(Struct, frozen=True):
    """Once a poll was answered with a response that has ended, nothing more is sent."""

    name: str = "the first end that is seen is the end"
    is_local: bool = True

    def begin(self) -> bool:
        """None was seen."""
        return False

    def after(self, memory: bool, step: LifeStep, moment: Moment) -> bool | Broken:
        """Whether one was seen."""
        if step.kind != "send":
            return memory
        if memory:
            return Broken("a response that has ended was seen, and more was sent")
        answer = None if step.answer is None else step.answer.value_or(None)
        if answer is None or not answer.is_success:
            return False
        found = decode_response(answer.body).value_or(None)
        return found is not None and has_ended(found)

    def end(self, memory: bool, step: LifeStep, moment: Moment) -> None:
        """The last step was judged."""


class OnlySends(Struct, frozen=True):
    """No request has another method."""

    method: str
    name: str = "nothing else is asked for"
    is_local: bool = True

    def begin(self) -> None:
        """Remember nothing."""

    def after(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        """Judge a request."""
        if step.kind not in ("send", "open") or step.request is None or step.request.method == self.method:
            return None
        return Broken(f"{step.request.method} {step.request.path}")

    def end(self, memory: None, step: LifeStep, moment: Moment) -> None:
        """The last request was judged."""


def followed_to_its_end() -> Claim:
    """Of two results, the first is the events of a response: to the end of that, or a failure."""

    def judged(results: Any, life: Moment) -> bool | str:
        events = results[0].value_or(None)
        if events is None:
            return True
        types: list[str] = [event.type for event in events]
        ended = "response.completed", "response.failed", "response.incomplete", "response.cancelled"
        return (bool(types) and types[-1] in ended) or f"the last event is {types[-1:]}"

    return succeeds_with("the events go on to the end", judged)


class GoesOn(Struct, frozen=True):
    """Once an event was emitted, the stream ends well."""

    name: str = "what has begun is resumed"
    is_local: bool = True

    def begin(self) -> bool:
        """Nothing was emitted."""
        return False

    def after(self, memory: bool, step: LifeStep, moment: Moment) -> bool:
        """Whether anything was emitted."""
        return memory or bool(step.emitted)

    def end(self, memory: bool, step: LifeStep, moment: Moment) -> Broken | None:
        """It ends well then."""
        return Broken(f"it failed: {step.result}") if memory and isinstance(step.result, Failure) else None


class LastIsTheResult(Struct, frozen=True):
    """A watch that ends well has emitted the response as it ended last, and only then one that has ended."""

    name: str = "the last value is the response as it ended"
    settles: bool = False
    is_local: bool = True

    def begin(self) -> bool:
        """None was emitted that has ended."""
        return False

    def after(self, memory: bool, step: LifeStep, moment: Moment) -> bool | Broken:
        """Whether the last that was emitted has ended."""
        for value in step.emitted:
            if memory and not self.settles:
                return Broken("a response that has ended was followed by another value")
            memory = has_ended(value)
        return memory

    def end(self, memory: bool, step: LifeStep, moment: Moment) -> Broken | None:
        """It has ended, where the stream ended well."""
        if isinstance(step.result, Failure) or memory:
            return None
        return Broken("the watch ended well, and its last value has not ended")


def made_once(most: int = 1) -> Claim:
    """No more responses are made than were asked for."""

    class Made(Struct, frozen=True):
        """Counts what is made."""

        name: str = f"no more than {most} made"
        is_local: bool = True

        def begin(self) -> int:
            """None was made."""
            return 0

        def after(self, memory: int, step: LifeStep, moment: Moment) -> int | Broken:
            """How many were made by now."""
            new = sum(1 for name in step.after.responses if name not in step.before.responses)
            memory += new
            return memory if memory <= most else Broken(f"{memory} responses were made, where {most} was asked for")

        def end(self, memory: int, step: LifeStep, moment: Moment) -> None:
            """The last step was checked."""

    return Made()
