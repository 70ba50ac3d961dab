"""Carrying operations out: what a command does, as the events that it shows.

Law: a task sends and reads; it shows nothing. What it has to show comes out of it in order, as it happens.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from itertools import islice
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Failure

from ..codecs import InputItem
from ..core import Error, Operation, Page, Stream, is_failure
from ..core.arguments import refused
from ..transports import Clock, Transport, iterate, run
from .host import FROM_STDIN
from .jobs import Job, ListItems, Outcome, check_text, operation_for


class Values(Struct, frozen=True):
    """Values that came, one or more."""

    values: tuple[Any, ...]


class Failed(Struct, frozen=True):
    """What went wrong with a response."""

    response_id: str
    error: Error


class Note(Struct, frozen=True):
    """What else there is to know."""

    text: str


Event: TypeAlias = Values | Failed | Note
Events: TypeAlias = Generator[Event, None, None]


class Each(Struct, frozen=True):
    """Does `job` with each of the responses that `ids` name: `concurrency` at a time, in whatever order they end."""

    job: Job
    ids: Iterable[str]
    concurrency: int

    def __call__(self, transport: Transport, clock: Clock) -> Events:
        operations = (operation_for(self.job, response_id) for response_id in self.ids)
        if self.concurrency == 1:
            for operation in operations:
                yield _event_of(run(operation, transport, clock=clock).unwrap())
            return
        from ..transports import run_many  # loads what threads need, which a single id does not

        for _, result in run_many(operations, transport, self.concurrency, clock=clock):
            yield _event_of(result.unwrap())


class OfOne(Struct, frozen=True):
    """Does `job` with the one response that `ids` name: takes a page of items, or `everything`."""

    job: ListItems
    ids: Iterable[str]
    everything: bool

    def __call__(self, transport: Transport, clock: Clock) -> Events:
        found = tuple(islice(self.ids, 2))
        if len(found) != 1:
            yield Failed(FROM_STDIN, refused("response_id", found, "one id on standard input"))
            return
        response_id = found[0]
        invalid = check_text(response_id)
        if invalid is not None:
            yield Failed(response_id, invalid)
        elif self.everything:
            yield from _all_pages(response_id, self.job.all(response_id), self.job.page_size, transport, clock)
        else:
            yield from _one_page(response_id, self.job.page(response_id), transport, clock)


Task: TypeAlias = Each | OfOne


def _one_page(response_id: str, operation: Operation[Page[InputItem]], transport: Transport, clock: Clock) -> Events:
    """A page, and where to go on."""
    result = run(operation, transport, clock=clock)
    if is_failure(result):
        yield Failed(response_id, result.failure())
        return
    page = result.unwrap()
    yield from _values(page)
    if page.has_more:
        onward = f"go on with --after {page.cursor}, or take" if page.cursor else "take"
        yield Note(f"{response_id} has more items: {onward} them all with --all")


def _all_pages(response_id: str, stream: Stream[InputItem], at_once: int, transport: Transport, clock: Clock) -> Events:
    """All items, as many at once as come in a page; those that came before an error are given first."""
    items: list[InputItem] = []
    for item in iterate(stream, transport, clock=clock):
        if isinstance(item, Failure):
            yield from _values(items)
            yield Failed(response_id, item.failure())
            return
        items.append(item)
        if len(items) == at_once:
            yield from _values(items)
            items.clear()
    yield from _values(items)


def _values(items: Sequence[InputItem]) -> Events:
    if items:
        yield Values(tuple(items))


def _event_of(outcome: Outcome[Any]) -> Event:
    if is_failure(outcome.result):
        return Failed(outcome.response_id, outcome.result.failure())
    return Values((outcome.result.unwrap(),))
