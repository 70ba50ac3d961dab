"""Watches every answer of the service in memory while a test runs, and fails the test where one is not whole.

Nothing is put in the service's place: its function is called as ever, and what it returns is kept until the test's end.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from whole_answers import Answer, flaws_in

from puresponse.core import HttpRequest
from puresponse.transports.memory import apply_faults, service, transport
from puresponse.transports.memory.service import Answered, State
from puresponse.transports.memory.service import service as function

LONG = 100_000
"""Bytes of a response whose stream is not read: it is made as it is read, and the test may be of just that."""


class AnswersWatched:
    """A plugin of pytest. Answers that differ in ids and times alone are read once."""

    def __init__(self) -> None:
        self._begin = function.begin
        self._seen: dict[Answer, None] = {}
        for module in (function, service, transport, apply_faults):
            assert vars(module)["begin"] is self._begin
            vars(module)["begin"] = self.begin

    def begin(self, state: State, request: HttpRequest, *more: Any, **options: Any) -> tuple[State, Answered]:
        after, answered = self._begin(state, request, *more, **options)
        if answered.events is not None and answered.events.held() > LONG:
            return after, answered
        chunks = None if answered.events is None else b"".join([chunk.data for chunk in answered.events])
        body = answered.head.body if chunks is None else chunks
        self._seen[
            Answer(request.method, request.path, state.dialect, answered.head.status, body, chunks is not None)
        ] = None
        return after, answered

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()

    def found(self) -> list[str]:
        """All that is amiss in what was answered since."""
        return [
            f"{answer.method} {answer.path}: {flaw.place}: {flaw.rule}: {flaw.words}"
            for answer in self._seen
            for flaw in flaws_in(answer)
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Read what was answered in a test, once it has passed."""
        self.forget()
        result = yield
        if found := self.found():
            raise AssertionError("the service in memory gave answers that are not whole:\n" + "\n".join(found[:20]))
        return result
