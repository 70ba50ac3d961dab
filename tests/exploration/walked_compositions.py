"""Programs that nobody would write: operations and streams composed at random, a few combinators deep.

Law: whatever is composed of what the library offers raises nothing and ends, in the time of the limit around it, and
what it reports as deleted is gone. It may well ask twice for what it creates: so that is not claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from walked_claims import DeletedIsGoneOrHidden
from walked_frames import AndThen, Count, GoneIsFine
from walked_service import REPLIES

from puresponse import (
    END,
    Emit,
    Operation,
    Perform,
    RetryPolicy,
    State,
    Stream,
    WaitPolicy,
    all_input_items,
    all_outcomes,
    audit_response,
    cancel_and_wait,
    cancel_if_running,
    chunk,
    collect,
    concat,
    configured,
    create_response,
    delay,
    delete_response,
    delete_response_chain,
    erase_response,
    flat_map,
    gather,
    gather_all,
    lash_end,
    list_input_items,
    numbered,
    perform_each,
    resume_stream,
    retrieve_response,
    retrying,
    sequence,
    stream_response,
    take,
    wait_for_response,
    watch_response,
    within,
)
from puresponse.transports import Claim, ends_in_time

Made: TypeAlias = tuple[Any, tuple[Claim, ...]]

_LIMITS = (0.0, 0.3, 2.0, 15.0, 100.0)
_WAIT = WaitPolicy(deadline=12.0)
_CANCEL = WaitPolicy(deadline=4.0, at_deadline="cancel", last_poll=1.0)
_POLICIES = (RetryPolicy(), RetryPolicy(max_retries=4, initial_delay=0.05), RetryPolicy(repeat_unsafe=True))


class Composer:
    """Composes programs about the same few responses. Each draw is from `chance`."""

    def __init__(self, chance: Random, state: State) -> None:
        self._chance = chance
        names = list(state.responses) or ["resp_none"]
        self._names = [chance.choice(names) for _ in range(3)]

    def operation(self, depth: int) -> Operation[Any]:
        """An operation of so many combinators, one in another, at most."""
        make: Callable[[int], Operation[Any]] = self._chance.choice(self._operations() if depth else (self._one,))
        return make(depth - 1)

    def stream(self, depth: int) -> Stream[Any]:
        """A stream of so many combinators, one in another, at most."""
        make: Callable[[int], Stream[Any]] = self._chance.choice(self._streams() if depth else (self._events,))
        return make(depth - 1)

    def _name(self) -> str:
        return self._chance.choice(self._names)

    def _text(self) -> str:
        return self._chance.choice(tuple(REPLIES))

    def _operations(self) -> tuple[Callable[[int], Operation[Any]], ...]:
        several, operation = self._several, self.operation
        return (
            self._one,
            lambda depth: gather(*several(depth)),
            lambda depth: gather_all(*several(depth)).map(Count()),
            lambda depth: sequence(several(depth)),
            lambda depth: all_outcomes(several(depth)),
            lambda depth: operation(depth).bind(AndThen(operation(depth))),
            lambda depth: operation(depth).lash(AndThen(operation(depth))),
            lambda depth: operation(depth).lash(GoneIsFine()),
            lambda depth: collect(self.stream(depth)),
            lambda depth: collect(self.stream(depth)),
            lambda depth: self.guarded(operation(depth)),
            lambda depth: self.guarded(operation(depth)),
        )

    def _streams(self) -> tuple[Callable[[int], Stream[Any]], ...]:
        stream, operation, chance = self.stream, self.operation, self._chance
        return (
            self._events,
            lambda depth: take(chance.randint(0, 5))(stream(depth)),
            lambda depth: chunk(chance.randint(1, 3))(stream(depth)),
            lambda depth: numbered()(stream(depth)),
            lambda depth: concat(stream(depth), stream(depth)),
            lambda depth: lash_end(AndThen(stream(depth)))(stream(depth)),
            lambda depth: flat_map(AndThen(stream(depth)))(take(2)(stream(depth))),
            lambda depth: perform_each(AndThen(operation(depth)))(take(3)(stream(depth))),
            lambda depth: perform_each(AndThen(operation(depth)))(Emit((1, 2), END)),
            lambda depth: Perform(operation(depth), AndThen(stream(depth))),
            lambda depth: self.guarded(stream(depth)),
            lambda depth: self.guarded(stream(depth)),
        )

    def _several(self, depth: int) -> list[Operation[Any]]:
        return [self.operation(depth) for _ in range(self._chance.randint(0, 3))]

    def guarded(self, program: Any) -> Any:
        """The program under a retry, a limit, or settings of its requests."""
        draw = self._chance.random()
        if draw < 0.45:
            return retrying(program, self._chance.choice(_POLICIES))
        if draw < 0.85:
            return within(program, self._chance.choice(_LIMITS))
        return configured(program, headers={"X-Team": "walks"}, timeout=self._chance.choice((0.5, 30.0)))

    def _one(self, depth: int) -> Operation[Any]:
        name, chance = self._name(), self._chance
        make: Callable[[], Operation[Any]] = chance.choice(
            (
                lambda: retrieve_response(name),
                lambda: delete_response(name),
                lambda: erase_response(name),
                lambda: audit_response(name),
                lambda: list_input_items(name, limit=1),
                lambda: cancel_if_running(name),
                lambda: cancel_and_wait(name, _CANCEL),
                lambda: wait_for_response(name, chance.choice((_WAIT, _CANCEL))),
                lambda: create_response(model="m", input=self._text(), background=True),
                lambda: delay(chance.choice((0.0, 1.0)), 2.0),
            )
        )
        return make()

    def _events(self, depth: int) -> Stream[Any]:
        name, chance = self._name(), self._chance
        make: Callable[[], Stream[Any]] = chance.choice(
            (
                lambda: stream_response(
                    model="m", input=chance.choice(tuple(REPLIES)), background=True, fallback=_WAIT
                ),
                lambda: stream_response(model="m", input=chance.choice(tuple(REPLIES))),
                lambda: resume_stream(name, fallback=_CANCEL),
                lambda: all_input_items(name, limit=1),
                lambda: watch_response(name, _WAIT),
                lambda: delete_response_chain(name),
            )
        )
        return make()


def composed(chance: Random, state: State) -> Made:
    """A program of up to three combinators, one in another, under a limit every other time."""
    composer = Composer(chance, state)
    make = chance.choice((composer.operation, composer.stream))
    program: Any = make(chance.randint(1, 3))
    if chance.random() < 0.5:
        seconds = chance.choice(_LIMITS)
        return within(program, seconds), (DeletedIsGoneOrHidden(), ends_in_time(seconds))
    return program, (DeletedIsGoneOrHidden(),)
