"""How a run tells how it goes: the line of progress, what it counts, and the signals that end it."""

from __future__ import annotations

import io
import signal
import time
from collections.abc import Callable
from threading import Event

import pytest
from command_lines import Stream
from hypothesis import given
from hypothesis import strategies as st

from puresponse.cli.bulk.bar import bar_line
from puresponse.cli.bulk.interruption import Interruption, Shield
from puresponse.cli.bulk.live import LiveScreen
from puresponse.cli.bulk.outcomes import Outcome
from puresponse.cli.bulk.screen import Screen, screen_for
from puresponse.cli.bulk.summary import Summary, sentences
from puresponse.cli.bulk.tally import Latency, Tally
from puresponse.cli.output import JsonLines
from puresponse.cli.streams import Process
from puresponse.core import ApiError
from puresponse.transports import Progress, VirtualClock


def told(outcomes: int, failures: int = 0, *, total: int | None = None, rate: float = 0.0) -> Tally:
    """What a run has come to: so many deleted, and so many refused."""
    tally = Tally(VirtualClock().monotonic)
    for number in range(outcomes):
        tally.count(Outcome(id=f"r{number}", word="deleted"))
    for number in range(failures):
        tally.count(Outcome(id=f"f{number}", word="failed", error=ApiError(status=500 + number % 5)))
    left = None if total is None or not rate else (total - outcomes - failures) / rate
    tally.told(Progress(total=total, rate=rate, remaining=left))
    return tally


# --- the line ------------------------------------------------------------------------------------


def test_the_line_has_how_many_how_fast_how_long_and_what_failed_by_kind() -> None:
    line = bar_line(told(1499, 1, total=2000, rate=250.0), 100).plain
    assert line == "━" * 18 + "─" * 6 + "  1,500/2,000 75%  250/s  0:02 left  1 failed: ApiError 500 (1)"


def test_without_a_total_it_has_neither_bar_nor_time_left() -> None:
    assert bar_line(told(7, rate=2.5), 100).plain == "7 done  2.5/s  for 0:00"


def test_of_many_kinds_of_failures_it_has_the_most_frequent() -> None:
    assert bar_line(told(0, 11), 100).plain.endswith(
        "11 failed: ApiError 500 (3), ApiError 501 (2), ApiError 502 (2), …"
    )


@given(
    done=st.integers(0, 300),
    failed=st.integers(0, 30),
    total=st.none() | st.integers(330, 10**9),
    rate=st.floats(0, 1e6),
    width=st.integers(1, 300),
)
def test_the_line_fits_every_terminal(done: int, failed: int, total: int | None, rate: float, width: int) -> None:
    tally = told(done, failed, total=total, rate=rate)
    for ascii_only in (False, True):
        line = bar_line(tally, width, ascii_only=ascii_only)
        assert line.cell_len <= width
        assert "\n" not in line.plain


def terminal() -> tuple[Stream, io.BytesIO]:
    received = io.BytesIO()
    stream = Stream(received, encoding="utf-8", write_through=True)
    stream.terminal = True
    return stream, received


def test_a_run_that_is_over_at_once_draws_nothing() -> None:
    stderr, received = terminal()
    stdout, result = terminal()
    screen = LiveScreen(JsonLines(), Process(None, stdout, stderr, {}), told(0))
    screen.begin()
    screen.write("a\n", is_result=True)
    screen.close()
    assert (result.getvalue(), received.getvalue()) == (b"a\n", b"")


def test_what_is_written_goes_above_the_line_which_is_gone_at_the_end() -> None:
    both, received = terminal()
    screen = LiveScreen(JsonLines(), Process(None, both, both, {}), told(7))
    screen.draw()
    line = received.getvalue()
    assert line.startswith(b"\r\x1b[2K7 done")
    screen.write("a\n", is_result=True)
    assert received.getvalue() == line + b"\r\x1b[2Ka\n" + line.removeprefix(b"\r\x1b[2K")
    screen.close()
    screen.draw()
    assert received.getvalue() == line + b"\r\x1b[2Ka\n" + line.removeprefix(b"\r\x1b[2K") + b"\r\x1b[2K"


@pytest.mark.parametrize(
    ("is_terminal", "kind", "is_live"),
    [(True, "xterm", True), (True, "dumb", False), (True, "", False), (False, "xterm", False)],
)
def test_a_line_is_drawn_where_one_can_be(is_terminal: bool, kind: str, is_live: bool) -> None:
    stderr, _ = terminal()
    stderr.terminal = is_terminal
    screen = screen_for(JsonLines(), Process(None, stderr, stderr, {"TERM": kind}), told(0))
    assert isinstance(screen, Screen)
    assert isinstance(screen, LiveScreen) == is_live


# --- what is counted -----------------------------------------------------------------------------


def test_percentiles_are_times_that_operations_took() -> None:
    clock = VirtualClock()
    tally = Tally(clock.monotonic)
    for number in range(1, 101):
        list(tally.taking([(str(number), None)]))
        clock.sleep(float(number))
        tally.ended(str(number))
    assert tally.latency() == Latency(50.0, 95.0, 99.0)
    assert told(3).latency() is None


def test_a_short_run_is_told_in_a_sentence_and_a_long_one_in_some() -> None:
    few = Summary(outcomes={"deleted": 3}, failures={}, left=0, seconds=0.2, latency=Latency(0.1, 0.1, 0.1))
    assert sentences(few) == ["3 deleted"]
    many = Summary(
        outcomes={"deleted": 1200, "failed": 1, "in_flight": 16},
        failures={"ApiError 500": 1},
        left=783,
        seconds=75.2,
        latency=Latency(0.0214, 1.23, 61.0),
        stopped="Ctrl-C",
    )
    assert sentences(many) == [
        "stopped (Ctrl-C): 1,200 deleted, 1 failed, 16 in flight, which may have been done, 783 left, in 1:15 (16.2/s)",
        "errors: ApiError 500 (1)",
        "each took p50 21 ms, p95 1.2 s, p99 1:01",
    ]


# --- signals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_raised_and_afterwards_it_is_what_it_was(number: signal.Signals) -> None:
    before, shield = signal.getsignal(number), Shield()
    shield.raise_signals()
    with pytest.raises(Interruption) as raised:
        signal.raise_signal(number)
    shield.leave_signals()
    assert (raised.value.number, signal.getsignal(number)) == (number, before)


def interrupted(shield: Shield, *steps: Callable[[], object]) -> None:
    """Do the steps, shielded, after a signal; an `Interruption` there must be."""
    shield.raise_signals()
    try:
        with pytest.raises(Interruption):
            _shielded(shield, *steps)
    finally:
        shield.leave_signals()


def _shielded(shield: Shield, *steps: Callable[[], object]) -> None:
    with shield:
        signal.raise_signal(signal.SIGINT)
        for step in steps:
            step()


def test_what_is_told_is_told_whole_before_the_signal_is_raised() -> None:
    written = list[str]()
    interrupted(Shield(), lambda: written.append("whole"))
    assert written == ["whole"]


def test_a_second_signal_waits_for_nothing() -> None:
    written = list[str]()
    interrupted(Shield(), lambda: signal.raise_signal(signal.SIGINT), lambda: written.append("never"))
    assert written == []


def test_who_cannot_write_keeps_no_signal_waiting_for_more_than_half_a_second() -> None:
    before, began = signal.getsignal(signal.SIGALRM), time.monotonic()
    interrupted(Shield(), lambda: Event().wait(30))
    assert 0.4 < time.monotonic() - began < 10
    assert signal.getsignal(signal.SIGALRM) == before


def test_a_signal_that_the_process_ignores_is_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    shield = Shield()
    try:
        shield.raise_signals()
        signal.raise_signal(signal.SIGINT)
        shield.leave_signals()
    finally:
        signal.signal(signal.SIGINT, before)
