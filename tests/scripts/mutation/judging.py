"""Judges mutants, each in a child of a process that has collected the tests: the first test that fails ends it.

A child takes a few milliseconds, and nothing that a mutant does outlives it. A test that takes far longer than it did
without the mutant, of the processor or by the clock, ends its child by a signal: so does a loop without an end.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

from .covering import Covering
from .swapping import Functions, NoSwapError, live_functions, remembering, swap
from .targets import Mutant

QUICK = 0.25
"""Seconds: tests that take longer are tried once all that are quicker have passed."""

ROOM = 2 << 30
"""Bytes that a mutant may take beyond what the process has: what grows without an end fails, and harms no neighbour."""

TOGETHER = 250
"""Mutants: the lines of one file are known at a time, and what was judged of a run that was interrupted is a sample."""


@dataclass(frozen=True)
class Verdict:
    """How the judging of a mutant ended: `killed` (by which test), `timeout`, `survived`, `unswappable`."""

    end: str
    by: str = ""
    tests: int = 0
    seconds: float = 0.0


class Judging:
    """A plugin: in the place of the run of the tests, mutants are judged by them."""

    def __init__(
        self,
        root: Path,
        mutants: Sequence[Mutant],
        modules: Sequence[str],
        covering: Covering,
        told: Callable[[Mutant, Verdict, bool], None],
    ) -> None:
        self.root, self.mutants, self.modules, self.covering, self.told = root, mutants, modules, covering, told
        self.items: dict[str, pytest.Item] = {}
        self.functions: Functions = {}
        self.remembering: list[Any] = []
        self.killers: dict[str, dict[str, int]] = {}
        self.sound: dict[str, bool] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("tests that cannot be collected judge nothing")
        self.items = {item.nodeid: item for item in session.items}
        for module in self.modules:
            import_module(module)
        self.functions = live_functions(self.root / file for file in {mutant.file for mutant in self.mutants})
        self.remembering = remembering(self.modules[0].partition(".")[0])
        gc.collect()
        gc.freeze()
        for mutant in self.mutants:
            tests, imported = self.covering.for_mutant(self.root, mutant)
            self.told(mutant, self.judge(mutant, tests), imported)
        return True

    def judge(self, mutant: Mutant, tests: Sequence[str]) -> Verdict:
        """Try a mutant against tests, in the order in which they are likely to notice it."""
        began = time.perf_counter()
        there = [test for test in tests if test in self.items]
        killers = self.killers.setdefault(mutant.file, {})
        ordered = sorted(there, key=lambda test: (self.covering.seconds[test] > QUICK, -killers.get(test, 0)))
        while True:
            verdict = self._child(ordered, lambda: self._become(mutant))
            if verdict.end != "killed" or self._is_sound(verdict.by):
                break
            ordered.remove(verdict.by)
        if verdict.end == "killed":
            killers[verdict.by] = killers.get(verdict.by, 0) + 1
        return Verdict(verdict.end, verdict.by, len(ordered), round(time.perf_counter() - began, 3))

    def _is_sound(self, test: str) -> bool:
        """Whether a test passes by itself where nothing is changed: one that does not has noticed nothing."""
        if test not in self.sound:
            self.sound[test] = self._child([test], lambda: None).end == "survived"
        return self.sound[test]

    def _become(self, mutant: Mutant) -> None:
        swap(mutant, self.root, self.functions)
        for function in self.remembering:
            function.cache_clear()

    def _child(self, tests: Sequence[str], change: Callable[[], None]) -> Verdict:
        with TemporaryFile() as file:  # and no pipe, which would not end before whatever the child may have started
            child = os.fork()
            if child == 0:
                try:
                    end = self._tried(tests, change, file.fileno())
                except BaseException as error:  # whatever a mutant leads to: the child must not go on as its parent
                    end = {"end": "killed", "how": repr(error)}
                os.write(file.fileno(), json.dumps(end).encode() + b"\n")
                os._exit(0)
            _, status = os.waitpid(child, 0)
            file.seek(0)
            said = [json.loads(line) for line in file]
        last: dict[str, str] = said[-1] if said else {}
        if os.WIFSIGNALED(status):
            is_late = os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM)
            return Verdict("timeout" if is_late else "killed", last.get("test", ""))
        test = next((line["test"] for line in reversed(said) if "test" in line), "")
        return Verdict(last.get("end", "killed"), "" if last.get("end") == "survived" else test)

    def _tried(self, tests: Sequence[str], change: Callable[[], None], writing: int) -> dict[str, str]:
        try:
            change()
        except NoSwapError as error:
            return {"end": "unswappable", "how": str(error)}
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, used + ROOM))
        for quiet in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), quiet)
        items = [self.items[test] for test in tests]
        for item, after in zip(items, [*items[1:], None], strict=True):
            os.write(writing, json.dumps({"test": item.nodeid}).encode() + b"\n")
            if not self._passes(item, after):
                return {"end": "killed"}
        return {"end": "survived"}

    def _passes(self, item: pytest.Item, after: pytest.Item | None) -> bool:
        seconds = self.covering.seconds.get(item.nodeid, 1.0)
        failures = Failures()
        manager = item.config.pluginmanager
        reporter = manager.getplugin("terminalreporter")
        if reporter is not None:
            manager.unregister(reporter)
        manager.register(failures)
        signal.setitimer(signal.ITIMER_PROF, 3 + 10 * seconds)
        signal.setitimer(signal.ITIMER_REAL, 30 + 20 * seconds)
        item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        manager.unregister(failures)
        return not failures.any


class Failures:
    """A plugin: whether any part of a test has failed."""

    any = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.any = self.any or report.failed


def parts(mutants: Sequence[Mutant], workers: int) -> Iterator[list[Mutant]]:
    """Share mutants out. Of every `TOGETHER` in the order of the seed, those of one file follow each other."""
    for worker in range(workers):
        own = mutants[worker::workers]
        chunks = (own[at : at + TOGETHER] for at in range(0, len(own), TOGETHER))
        yield [mutant for chunk in chunks for mutant in sorted(chunk, key=lambda mutant: mutant.name)]
