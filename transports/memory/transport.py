"""The service in memory: a transport that holds a simulation, and answers as the API does, without network or key.

All that is known of the service is the pure function `service.begin`; this adds a place to keep the state, a clock
to ask and to wait by, and a lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock

from returns.result import Failure, Result, Success

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..bodies import WholeBody, as_exchanged, read_to_end
from ..clock import Clock, SystemClock, WakingClock, WakingEvent
from ..contract import AsyncStreamingTransport, Body, Exchange
from ..exchanges import CallExchange, close_body
from .apply_faults import NoAnswer, SimulatedAnswer, act, changed
from .faults import FaultPlan
from .live_body import LiveBody
from .pace import BlockingPace, GivenUp, total_refused
from .scripts.replies import Reply
from .scripts.script import Script, as_script, echo
from .service import Answered, Dialect, IdSource, State, begin, numbered_id, sample_models, sample_state


class MemoryTransport:
    """Answers from memory, starting from sample responses (`service.sample_state` lists them) or a given `state`.

    - `state`: what the service knows at first. Build one with `State().having(stored(body, input_items))`; a `dialect`
      is a field of it.
    - `script`: what the service replies where a model would: a function of a `ModelInput`, a list of replies or a
      `Scripted` with a default, or one reply for all. A string is the text of a reply. By default the last text of the
      input is repeated.
    - `faults`: which requests meet which misbehaviour.
    - `clock`: has the time, in seconds since 1970, and lets it pass where an answer takes some: with a
      `VirtualClock` nothing sleeps. By default the system's.
    - `now`: in place of a clock, returns a time that only the caller moves. Answers are then returned at once,
      whenever they are due.
    - `new_id`: returns the ids of what is made, from a prefix and a number. By default they are `resp_000001`,
      `msg_000002`, …: the same in every run.
    - `keep_requests`: False for a service that runs for long: its `requests` then stay empty.

    By that clock an exchange takes no longer than the `total` seconds of its request: it is an `Interrupted`
    (`read_timeout`) then, though the service acts as ever. A `total` that is no time is a `NotSent`
    (`invalid_request`). Under `now` no time passes, and no answer is late.

    Many threads may call it at once: each exchange is one step of the state. One that is given up while it waits for an
    answer that takes time has reached the service, which has acted. By a clock of your own that can only sleep
    (`WakingClock` says what it takes), its result is there when that has slept.

    Raises `ValueError` for a clock and a time together, and for a script whose default is not meant for anything.
    """

    def __init__(
        self,
        state: State | None = None,
        *,
        script: Script | Sequence[Reply | str] | Reply | str = echo,
        faults: FaultPlan | None = None,
        clock: Clock | None = None,
        now: Callable[[], float] | None = None,
        new_id: IdSource = numbered_id,
        keep_requests: bool = True,
    ) -> None:
        if clock is not None and now is not None:
            raise ValueError("now: a transport goes by a clock or by a time, not by both")
        self._state = sample_state() if state is None else state
        self._script = as_script(script)
        self._faults = faults or FaultPlan()
        self._counts: tuple[int, ...] = ()
        self._now = clock.monotonic if clock is not None else now or time.time
        self._sleep = _sleeping(clock or SystemClock()) if now is None else None
        self._sleep_async = (clock or SystemClock()).sleep_async if now is None else None
        self._new_id = new_id
        self._keep_requests = keep_requests
        self._requests: list[HttpRequest] = []
        self._asked = 0
        self._lock = Lock()

    @classmethod
    def empty(
        cls,
        *,
        dialect: Dialect | None = None,
        script: Script | Sequence[Reply | str] | Reply | str = echo,
        faults: FaultPlan | None = None,
        clock: Clock | None = None,
        now: Callable[[], float] | None = None,
        new_id: IdSource = numbered_id,
    ) -> MemoryTransport:
        """A service without any responses. Parameters as of the constructor; `dialect` as of `State`."""
        state = State(models=sample_models(), dialect=dialect or Dialect())
        return cls(state, script=script, faults=faults, clock=clock, now=now, new_id=new_id)

    def __call__(self, request: HttpRequest) -> Answer:
        return self._call(request)

    def _call(self, request: HttpRequest, given_up: WakingEvent | None = None) -> Answer:
        if (refused := total_refused(request)) is not None:
            return refused
        pace = BlockingPace(self._now, self._sleep, request.total, given_up)
        exchange = self._begin(request)
        if isinstance(exchange, Answered) and exchange.events is None:
            late = pace.until(exchange.at)
            return Success(exchange.head) if late is None else Failure(late)
        opened = self._opened(exchange, pace)
        return opened if isinstance(opened, Failure) else _whole(opened.unwrap())

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read: of a stream, event by event as they are due."""
        return self._open(request, GivenUp())

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would, and that can be given up."""
        given_up = GivenUp()
        return CallExchange(partial(self._call, request, given_up), wake=given_up.set)

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would, and that can be given up."""
        given_up = GivenUp()
        return CallExchange(partial(self._open, request, given_up), wake=given_up.set, close=close_body)

    def _open(self, request: HttpRequest, given_up: WakingEvent) -> Result[Body, Error]:
        if (refused := total_refused(request)) is not None:
            return refused
        pace = BlockingPace(self._now, self._sleep, request.total, given_up)
        exchange = self._begin(request)
        if isinstance(exchange, Answered) and exchange.events is None:
            late = pace.until(exchange.at)
            return Success(WholeBody(exchange.head)) if late is None else Failure(late)
        opened = self._opened(exchange, pace)
        if isinstance(opened, Failure):
            return opened
        body = opened.unwrap()
        if 200 <= body.answer.status < 300:
            return Success(body)
        # Any other answer is returned whole, as by a call; this one breaks off.
        return _whole(body).map(WholeBody)

    def asynchronous(self) -> AsyncStreamingTransport:
        """The same service for an event loop: it answers from the same state, and no thread waits for an answer.

        What takes time is waited for by `sleep_async` of the clock. A task that is cancelled gives up its exchange.

        >>> import asyncio
        >>> from puresponse import HttpRequest
        >>> service = MemoryTransport()
        >>> asyncio.run(service.asynchronous()(HttpRequest("GET", "/models"))).map(lambda answer: answer.status)
        <Success: 200>
        >>> len(service.requests)
        1
        """
        from .asynchronous import AsyncMemoryTransport  # asyncio, for those who have an event loop only

        return AsyncMemoryTransport(self._begin, self._goes_on, self._now, self._sleep_async, repr(self))

    @property
    def state(self) -> State:
        """What the service knows now. A later exchange does not change it: it is a value."""
        return self._state

    @property
    def requests(self) -> tuple[HttpRequest, ...]:
        """All requests that were asked so far, in the order in which they were answered."""
        return tuple(self._requests)

    def __repr__(self) -> str:
        return f"MemoryTransport({len(self._state.responses)} responses, {self._asked} requests)"

    def _begin(self, request: HttpRequest) -> SimulatedAnswer:
        with self._lock:
            self._asked += 1
            if self._keep_requests:
                self._requests.append(request)
            now = self._now()
            if not self._faults.rules:
                self._state, answered = begin(self._state, request, now, self._new_id, script=self._script)
                return answered
            self._counts, faults = self._faults.met(self._counts, self._asked, request, self._state, now)
            self._state, met = act(faults, self._state, request, now, new_id=self._new_id, script=self._script)
        # The events of a stream are made when they are read, and what is cut off of them here: others need not wait.
        return changed(met, faults)

    def _opened(self, exchange: SimulatedAnswer, pace: BlockingPace) -> Result[LiveBody, Error]:
        late = pace.until(exchange.at)
        if late is not None:
            return Failure(late)
        if isinstance(exchange, NoAnswer):
            return Failure(exchange.error)
        return Success(LiveBody(exchange, pace, self._goes_on))

    def _goes_on(self, response_id: str, at: float) -> bool:
        """Whether the events of a response go on until the time `at`: unless it was cancelled or deleted."""
        response = self._state.responses.get(response_id)
        if response is None or response.streaming is None:
            return False
        return response.streaming.cut is None or at <= response.streaming.cut


def _whole(body: LiveBody) -> Answer:
    return as_exchanged(body.answer, *read_to_end(body.read))


def _sleeping(clock: Clock) -> Callable[[WakingEvent, float], None]:
    """What sleeps by `clock` until an event is set; by one that can only sleep, to the end."""
    return clock.sleep_unless if isinstance(clock, WakingClock) else partial(_sleep, clock)


def _sleep(clock: Clock, woken: WakingEvent, seconds: float) -> None:
    clock.sleep(seconds)
