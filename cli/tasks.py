"""Running operations: what a command does, as the events that it shows.

Law: a task sends and reads, and shows nothing. What it has to show it yields in order, as it happens.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import islice
from typing import Any, TypeAlias

from msgspec import Struct

from ..core import Error, InvalidArgument, Operation, Page, Stream, is_failure
from ..core.arguments import invalid_argument
from ..transports import Clock, Transport, iterate, run
from .streams import FROM_STDIN, is_text

# --- events --------------------------------------------------------------------------------------


class Values(Struct, frozen=True):
    """Values that were received, one or more."""

    values: tuple[Any, ...]


class Failed(Struct, frozen=True):
    """What went wrong with a response; with a list of them, where the id is None."""

    response_id: str | None
    error: Error


class Notice(Struct, frozen=True):
    """What else there is to know."""

    text: str


Event: TypeAlias = Values | Failed | Notice
Events: TypeAlias = Generator[Event, None, None]
Task: TypeAlias = Callable[[Transport, Clock, int], Events]
"""What a command does, with a transport, a clock, and the number of operations that may run at once."""


# --- tasks ---------------------------------------------------------------------------------------


class InOrder(Struct, frozen=True):
    """Carries out operations one after the other. Each has a name for what it is about."""

    pairs: Iterable[tuple[str, Operation[Any]]]

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        for response_id, operation in self.pairs:
            result = run(operation, transport, clock=clock)
            if is_failure(result):
                yield Failed(response_id, result.failure())
            else:
                yield Values((result.unwrap(),))


class Once(Struct, frozen=True):
    """Runs an operation: on a response or a conversation, or on none that there is."""

    operation: Operation[Any]
    about: str | None = None

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        result = run(self.operation, transport, clock=clock)
        yield Failed(self.about, result.failure()) if is_failure(result) else Values((result.unwrap(),))


class Every(Struct, frozen=True):
    """Runs an operation that returns several values, and takes them all."""

    operation: Operation[Page[Any]]
    about: str | None = None

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        result = run(self.operation, transport, clock=clock)
        if is_failure(result):
            yield Failed(self.about, result.failure())
        else:
            yield from _values(result.unwrap())


class OnePage(Struct, frozen=True):
    """Takes a page of the one response that `ids` name, and says where to go on."""

    page: Callable[[str], Operation[Page[Any]]]
    ids: Iterable[str]

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        response_id = _the_only(self.ids)
        if isinstance(response_id, Failed):
            yield response_id
            return
        yield from _page(self.page(response_id), response_id, f"{response_id} has more items", transport, clock)


class AllPages(Struct, frozen=True):
    """Takes all values of the `stream` of the one response that `ids` name, `at_once` values at a time.

    Those that were received before an error are shown first.
    """

    stream: Callable[[str], Stream[Any]]
    ids: Iterable[str]
    at_once: int

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        response_id = _the_only(self.ids)
        if isinstance(response_id, Failed):
            yield response_id
            return
        yield from _all(self.stream(response_id), response_id, self.at_once, transport, clock)


class PageListed(Struct, frozen=True):
    """Takes a page of responses, and says where to go on."""

    page: Operation[Page[Any]]

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        yield from _page(self.page, None, "there are more responses", transport, clock)


class AllListed(Struct, frozen=True):
    """Takes all responses of a stream, `at_once` at a time. Those that precede an error are shown first."""

    stream: Stream[Any]
    at_once: int

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        yield from _all(self.stream, None, self.at_once, transport, clock)


def _page(
    operation: Operation[Page[Any]], response_id: str | None, more: str, transport: Transport, clock: Clock
) -> Events:
    """A page of what is about a response, or about none, and a sentence where there is `more`."""
    result = run(operation, transport, clock=clock)
    if is_failure(result):
        yield Failed(response_id, result.failure())
        return
    page = result.unwrap()
    yield from _values(page)
    if page.has_more:
        onward = f"go on with --after {page.cursor}, or take" if page.cursor else "take"
        yield Notice(f"{more}: {onward} them all with --all")


def _all(stream: Stream[Any], response_id: str | None, at_once: int, transport: Transport, clock: Clock) -> Events:
    """All values of a stream about a response, or about none, `at_once` at a time."""
    values: list[Any] = []
    for value in iterate(stream, transport, clock=clock, results=True):
        if is_failure(value):
            yield from _values(values)
            yield Failed(response_id, value.failure())
            return
        values.append(value)
        if len(values) == at_once:
            yield from _values(values)
            values.clear()
    yield from _values(values)


def _the_only(ids: Iterable[str]) -> str | Failed:
    """The one id that there is to be."""
    found = tuple(islice(ids, 2))
    if len(found) != 1:
        return Failed(FROM_STDIN, invalid_argument("response_id", found, "one id on standard input"))
    invalid = _check_text(found[0])
    return found[0] if invalid is None else Failed(found[0], invalid)


def _check_text(response_id: str) -> InvalidArgument | None:
    """An id is text: what else a file held cannot be asked for."""
    return None if is_text(response_id) else invalid_argument("response_id", response_id, "a string in UTF-8")


def _values(values: Sequence[Any]) -> Events:
    if values:
        yield Values(tuple(values))
