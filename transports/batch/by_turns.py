"""The loop of a batch of which one operation is carried out at a time, in the caller's own thread."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from returns.result import Result

from ...core.errors import Error
from ...core.http import HttpRequest
from ...core.steps import Answer
from ..branches import may_be_sent
from ..clock import Clock
from ..contract import Transport
from ..drivers import run_from
from ..mistakes import RESULTS, result_of
from .book import Book


def by_turns(book: Book, transport: Transport, clock: Clock) -> Generator[tuple[Any, Result[Any, Error]], None, None]:
    """Carry out the operations of `book`, and yield their outcomes."""
    sending = Sending(transport)
    with book:
        try:
            while (taken := book.take()) is not None:
                sending.sent = False
                taken.put(0, run_from(taken.operations[0], sending, clock, clock.monotonic()))
                book.ended((taken,))
                book.ready.clear()
                del book.held[taken]
                yield taken.key, taken.results[0]
        finally:
            book.close(sending.may_be_sent)
    book.raise_limit()


class Sending:
    """A transport, and whether what was asked of it last was, or may have been, sent."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.sent = False

    def __call__(self, request: HttpRequest) -> Answer:
        self.sent = True
        answer = self._transport(request)
        if type(answer) not in RESULTS:
            answer = result_of("run_many", self._transport, answer)
        self.sent = may_be_sent(answer)
        return answer

    def may_be_sent(self, taken: object) -> bool:
        """Whether the last request of the operation that was under way, the only one, was or may have been sent."""
        return self.sent
