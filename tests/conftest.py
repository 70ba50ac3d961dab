"""What holds for every test: some run only where they are asked for, and what everybody asks for is here."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from watched_answers import AnswersWatched

DOCS = Path(__file__).parent / "docs"

ASKED_FOR = ("deep", "drift")
"""The marks of tests that run only where an expression of markers names them: what takes long, and what a release of
another package may fail."""


# How long Hypothesis takes to draw is the machine's affair: several tests share it, and nothing is amiss with the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fewer", settings.get_profile("shared"), max_examples=25)  # what differs on another Python
settings.load_profile("shared")


def pytest_configure(config: pytest.Config) -> None:
    """Watch what the service in memory answers, unless it is to be measured."""
    if config.getoption("markexpr") != "benchmark":
        config.pluginmanager.register(AnswersWatched())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that nobody asked for."""
    marks = [mark for mark in ASKED_FOR if mark not in str(config.getoption("markexpr"))]
    unasked = [item for item in items if any(item.get_closest_marker(mark) for mark in marks)]
    if unasked:
        config.hook.pytest_deselected(items=unasked)
        items[:] = [item for item in items if item not in unasked]


def pytest_sessionstart() -> None:
    """Collect no garbage while tests are collected: nearly all that is made then stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Let the garbage collector look no more at what stays, a million objects of which tests are made."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Take coverage off the tests that are marked `unmeasured`, and off the threads that they start.

    It is taken off those of the documentation, which show what other tests have measured, and off Hypothesis's, which
    run through the same lines a hundred times, three times slower under it: that a line is run at all is for an example
    to show.

    The mark `no_cover` of pytest-cov does nothing in the workers of pytest-xdist: there, a second measurement goes on.
    """
    is_drawn = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if item.get_closest_marker("unmeasured") is None and not is_drawn and item.path.parent != DOCS:
        return (yield)
    tracing, tracing_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracing)
        threading.settrace(tracing_threads)


@pytest.fixture
def hurry() -> Iterator[None]:
    """Threads take turns as often as they can, so that what is not safe among them shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
