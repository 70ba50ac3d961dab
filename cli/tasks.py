"""Running operations: what a command does, as the events that it shows.

Law: a task sends and reads, and shows nothing. What it has to show it yields in order, as it happens.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import islice
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct
from returns.result import Result, Success

from ..core import Done, Error, InvalidArgument, Operation, Page, Stream, fail, is_failure
from ..core.arguments import invalid_argument
from ..transports import Clock, Transport, iterate, run
from .streams import FROM_STDIN, is_text

T = TypeVar("T")


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


class Each(Struct, frozen=True):
    """Runs `operation` on each of the responses that `ids` name, several at once, in whatever order they end.

    With `in_order` it runs them one after the other.
    """

    operation: Callable[[str], Operation[Any]]
    ids: Iterable[str]
    in_order: bool = False

    def __call__(self, transport: Transport, clock: Clock, concurrency: int) -> Events:
        operations = (_labelled(self.operation, response_id) for response_id in self.ids)
        if self.in_order or concurrency == 1:
            for operation in operations:
                yield _event_of(run(operation, transport, clock=clock).unwrap())
            return
        from ..transports import run_many  # loads what threads need, which a single id does not

        for _, result in run_many(operations, transport, concurrency, clock=clock):
            yield _event_of(result.unwrap())


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


# --- results with the response that they are about, in whatever order they end ------------------


class LabelledResult(Struct, Generic[T], frozen=True):
    """The result of the operation on one response."""

    response_id: str
    result: Result[T, Error]


class Label(Struct, Generic[T], frozen=True, tag=True):
    """Puts the id to a result."""

    response_id: str

    def __call__(self, result: Result[T, Error]) -> Operation[LabelledResult[T]]:
        return Done(Success(LabelledResult(self.response_id, result)))


def _labelled(operation: Callable[[str], Operation[Any]], response_id: str) -> Operation[LabelledResult[Any]]:
    """The operation on one response. It always succeeds, with the `LabelledResult`."""
    invalid = _check_text(response_id)
    frame: Label[Any] = Label(response_id)
    return (operation(response_id) if invalid is None else fail(invalid)).then(frame)


def _event_of(outcome: LabelledResult[Any]) -> Event:
    if is_failure(outcome.result):
        return Failed(outcome.response_id, outcome.result.failure())
    return Values((outcome.result.unwrap(),))
