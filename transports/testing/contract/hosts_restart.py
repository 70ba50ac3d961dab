"""The laws of hosts that save a program and go on with it later, in addition to those of what they carry out.

What a host keeps besides the program is one number: the seconds that the run had lasted. With it, deadlines hold across
a stop; without it, every restart would begin them anew.
"""

from __future__ import annotations

from typing import Any, TypeVar

from returns.result import Result, Success

from ....codecs.types.response import Response
from ....core.errors import Error, WaitExpired
from ....core.http import HttpResponse
from ....core.programs.wait_policy import WaitPolicy
from ....core.programs.waiting import wait_for_response
from ....core.results import is_failure
from ....core.steps import Answer, Done, Operation
from ...clock import Clock
from ...contract import Transport
from .expect import expect
from .hosts import HostContract
from .probe_programs import Pause, Split, program
from .probe_world import Always, ok

T = TypeVar("T")

LONG = 1_000.0
"""Seconds."""

QUEUED: Answer = Success(
    HttpResponse(
        status=200,
        body=b'{"id":"resp_1","object":"response","created_at":1,"status":"queued","model":"m","output":[]}',
    )
)


class RestartingHostContract(HostContract):
    """The laws of a host that goes on with what was saved. A subclass says how it does, and pytest runs the laws.

    The parameters of its methods are those of `HostContract`.
    """

    def run_on(self, operation: Operation[T], transport: Transport, clock: Clock, elapsed: float) -> Result[T, Error]:
        """Carry out `operation`, which is what is left of a run that had lasted `elapsed` seconds."""
        raise NotImplementedError("a subclass of RestartingHostContract says how the host goes on with a saved program")

    def run(self, operation: Operation[T], transport: Transport, clock: Clock) -> Result[T, Error]:
        """Go on with what has not begun, for the laws of all hosts."""
        return self.run_on(operation, transport, clock, 0.0)

    def test_a_saved_run_counts_from_when_it_first_began(self) -> None:
        """Its seconds go on from where they were, whatever was between; in the operations of a fork too."""
        for elapsed in (0.25, LONG):
            clock = self.make_clock()
            instructions = (Pause(0.0), Pause(2.0 * self.second), Split(((Pause(0.0),),)), Pause(0.0))
            result = self.run_on(program(instructions), ok, clock, elapsed * self.second)
            expect(isinstance(result, Success), f"what was left of a run that succeeds ended in {result}")
            first, second, (in_a_fork,), last = result.unwrap()
            told = (first, second, *in_a_fork.unwrap(), last)
            for seconds, since in zip(told, (0.0, 2.0, 2.0, 2.0), strict=True):
                what = f"{since} seconds after a run of {elapsed} seconds went on, the seconds of a wait"
                self.expect_lasting(what, seconds, elapsed + since)

    def test_a_deadline_holds_across_a_restart(self) -> None:
        """A wait of ten seconds that had lasted nine when it was saved expires after one more."""
        policy = WaitPolicy(deadline=10 * self.second, initial_delay=self.second / 4, jitter=0.0)
        waiting: Operation[Response] = wait_for_response("resp_1", policy)
        for received in (0.0, QUEUED):  # the wait for the time, and the first poll
            expect(not isinstance(waiting, Done), f"a wait for a response that is queued is over: {waiting}")
            waiting = _resumed(waiting, received)
        clock = self.make_clock()
        began = clock.monotonic()
        result = self.run_on(waiting, Always(QUEUED), clock, 9 * self.second)
        held = is_failure(result) and isinstance(result.failure(), WaitExpired)
        expect(held, f"the result of a wait for a response that never ends is {result}")
        self.expect_lasting("of a wait of ten seconds, the tenth", clock.monotonic() - began, 1.0)


def _resumed(operation: Operation[T], received: Any) -> Operation[T]:
    return operation if isinstance(operation, Done) else operation.resume(received)
