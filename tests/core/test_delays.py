"""Time as an operation: what `elapsed` and `delay` ask of a driver, and what they give."""

import asyncio
import pickle
from typing import Any

import pytest
from returns.result import Failure, Success

from puresponse.core import Done, HttpRequest, InvalidArgument, Operation, Wait, fail
from puresponse.core.delays import delay, elapsed
from puresponse.transports import VirtualClock, run, run_async
from puresponse.transports.testing.stub import StubTransport

NOTHING = StubTransport.answering()


def test_elapsed_is_a_wait_of_no_seconds() -> None:
    step = elapsed()
    assert isinstance(step, Wait)
    assert (step.seconds, step.spread) == (0.0, 0.0)
    assert step.resume(12.5) == Done(Success(12.5))


def test_elapsed_counts_from_the_beginning_of_the_run() -> None:
    clock = VirtualClock(now=1000.0)
    assert run(elapsed(), NOTHING, clock=clock) == Success(0.0)
    assert run(delay(3.0).bind(lambda _: elapsed()), NOTHING, clock=clock) == Success(3.0)


def test_a_delay_gives_the_time_by_which_it_is_over() -> None:
    clock = VirtualClock(chance=0.5)
    assert run(delay(3.0, 2.0), NOTHING, clock=clock) == Success(4.0)
    assert clock.slept == [4.0]


def test_a_delay_gives_what_the_driver_tells_not_what_it_was_asked() -> None:
    step = delay(3)
    assert isinstance(step, Wait)
    assert step.resume(99.0) == Done(Success(99.0))


def test_the_difference_of_two_times_is_how_long_it_took() -> None:
    def since(start: float) -> Operation[float]:
        return delay(2.5).map(lambda end: end - start)

    assert run(delay(10.0).bind(since), NOTHING, clock=VirtualClock()) == Success(2.5)


def test_delays_run_under_an_event_loop() -> None:
    async def nowhere(request: HttpRequest) -> Any:
        pytest.fail(f"{request} was sent")

    clock = VirtualClock()
    assert asyncio.run(run_async(delay(3600.0).bind(lambda _: elapsed()), nowhere, clock=clock)) == Success(3600.0)


@pytest.mark.parametrize("bad", [-1, -0.001, float("nan"), float("inf"), 1e9 + 1, 10**400, True, "1", None])
def test_a_delay_that_makes_no_sense_is_an_invalid_argument(bad: Any) -> None:
    for operation, name in ((delay(bad), "seconds"), (delay(1.0, bad), "spread")):
        assert isinstance(operation, Done)
        assert isinstance(operation.result, Failure)
        error = operation.result.failure()
        assert isinstance(error, InvalidArgument)
        assert error.parameter == name
        assert error.reason.endswith("allowed is a number of seconds from 0 to 1e+09")


def test_the_longest_and_the_shortest_delay_are_delays() -> None:
    assert isinstance(delay(1e9, 1e9), Wait)
    assert isinstance(delay(0, 0), Wait)


def test_delays_are_values() -> None:
    assert delay(1) == delay(1.0) != delay(2)
    assert pickle.loads(pickle.dumps(delay(1.0, 0.5))) == delay(1.0, 0.5)
    assert repr(delay(1)) == "Wait(seconds=1.0, spread=0.0, resume=ReturnElapsed())"
    assert delay(-1) == fail(InvalidArgument("seconds", "given -1; allowed is a number of seconds from 0 to 1e+09"))
