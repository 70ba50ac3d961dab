"""A transport whose server does not answer, until the exchange is given up or the test lets it answer."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from threading import Condition, Event

from returns.result import Success

from puresponse.core import Answer, HttpRequest, HttpResponse
from puresponse.transports import Exchange
from puresponse.transports.exchanges import CallExchange


class Silent:
    """Answers what is `answered`, by its path, when `together` are asked, and all else when `goes_on` is set."""

    def __init__(self, *answered: str, together: int = 1) -> None:
        self.answered: Collection[str] = answered
        self.together = together
        self.goes_on = Event()
        self.asked: list[str] = []
        self.given_up: list[str] = []
        self._changed = Condition()

    def __call__(self, request: HttpRequest) -> Answer:
        return self._answer(request, self.goes_on)

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that ends when it is given up, and otherwise as a call does."""
        over = Event() if not self.goes_on.is_set() else self.goes_on
        return CallExchange(partial(self._answer, request, over), wake=partial(self._give_up, request, over))

    def wait_for(self, count: int) -> bool:
        """Wait until so many requests were asked."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.asked) >= count, 10.0)

    def _answer(self, request: HttpRequest, over: Event) -> Answer:
        with self._changed:
            self.asked.append(request.path)
            self._changed.notify_all()
        if request.path in self.answered:
            self.wait_for(self.together)
        else:
            while not over.wait(0.01) and not self.goes_on.is_set():
                pass
        return Success(HttpResponse(status=200, body=b'{"id":"resp","object":"response.deleted","deleted":true}'))

    def _give_up(self, request: HttpRequest, over: Event) -> None:
        self.given_up.append(request.path)
        over.set()
