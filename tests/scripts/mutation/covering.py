"""Which tests run a line, and how long each takes: what a mutant is judged by.

Law: what is known is kept until the code or the tests that it is known of are changed. Where a file of tests is
changed, or a helper that it names, only its tests are run again; where the library is, or conftest, all.

The tests run once each under coverage, with their ids for contexts. What runs while modules are imported has a context
of its own, and is measured in a process of its own. Tests that conftest takes coverage off, those of Hypothesis above
all, are measured here nevertheless.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from os.path import realpath
from pathlib import Path

import coverage
import pytest

from .swapping import remembering
from .targets import Mutant

IMPORTING = "importing"
"""The context of what runs while the library is imported."""

BEYOND = 3.0
"""Seconds: how long the tests may take that a mutant is tried against beyond those that run its lines."""

FAR_BEYOND = 20.0
"""Seconds: the same for a file that has functions which remember, for these run in few of the tests that need them."""

REMEMBERS = re.compile(r"^\s*@(?:once|cache|lru_cache)\b", re.MULTILINE)

SLOW, MANY = 2.0, 20
"""Seconds, and tests: one that takes longer is asked only where no more than so many others run the changed lines."""


def _coverage(data: Path, files: Iterable[Path]) -> coverage.Coverage:
    return coverage.Coverage(
        data_file=str(data), config_file=False, include=[str(file) for file in files], concurrency=["thread"]
    )


def measure_imports(data: Path, files: Iterable[Path], modules: Iterable[str]) -> None:
    """Import modules, and write which lines that takes."""
    measuring = _coverage(data, files)
    measuring.load()
    measuring.start()
    measuring.switch_context(IMPORTING)
    for module in modules:
        import_module(module)
    measuring.stop()
    measuring.save()


class Measuring:
    """A plugin: runs the tests, and writes which lines each of them takes."""

    def __init__(self, data: Path, files: Iterable[Path], package: str) -> None:
        self.package = package
        self.coverage = _coverage(data, files)
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.coverage.load()

    def pytest_collection_finish(self) -> None:
        for function in remembering(self.package):
            function.cache_clear()  # what is remembered would run in no test

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        return (yield from self._measured(item))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        return (yield from self._measured(item))

    def _measured(self, item: pytest.Item) -> Generator[None, object, object]:
        began = time.perf_counter()
        self.coverage.start()
        self.coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.stop()
            self.seconds[item.nodeid] = self.seconds.get(item.nodeid, 0) + time.perf_counter() - began

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.save()


@dataclass
class Known:
    """What is known of the tests: their seconds, which fail without a mutant, and of what state of the files."""

    code: dict[str, str] = field(default_factory=dict[str, str])
    tests: dict[str, str] = field(default_factory=dict[str, str])
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    failed: list[str] = field(default_factory=list[str])

    @classmethod
    def read(cls, path: Path) -> Known:
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(vars(self), indent=1))


def state_of(paths: Iterable[Path]) -> str:
    """A hash of all that is in these files."""
    state = hashlib.sha256()
    for path in sorted(paths):
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


class Covering:
    """Answers which tests run any of some lines of a file, by the data that were measured."""

    def __init__(self, data: Path, known: Known) -> None:
        self.seconds = known.seconds
        self.failed = set(known.failed)
        self.data = coverage.CoverageData(str(data))
        self.data.read()
        self._lines: dict[str, dict[int, list[str]]] = {}

    def tests(self, file: Path, lines: Iterable[int]) -> tuple[list[str], bool]:
        """The tests, the quickest first, and whether any of the lines runs while modules are imported."""
        name = realpath(file)
        if name not in self._lines:
            self._lines = {name: self.data.contexts_by_lineno(name)}  # of one file at a time
        contexts = {context for line in lines for context in self._lines[name].get(line, ())}
        known = [context for context in contexts if context in self.seconds and context not in self.failed]
        return sorted(known, key=lambda test: (self.seconds[test], test)), IMPORTING in contexts

    def for_mutant(self, root: Path, mutant: Mutant, beyond: float = BEYOND) -> tuple[list[str], bool]:
        """The tests that a mutant is judged by, and whether what it changes runs while modules are imported.

        Those that run the changed lines are first, the slow ones only where they are among few; then, as far as they
        take no more than `beyond` seconds, those that run its function, or anything of its file: what is remembered
        runs in the first test alone that needs it, and the default of a parameter in none.
        """
        file, (first, last) = root / mutant.file, mutant.lines
        if REMEMBERS.search(mutant.original):
            beyond = max(beyond, FAR_BEYOND)
        tests, imported = self.tests(file, range(first, last + 1))
        function, function_imported = self.tests(file, mutant.function_lines)
        whole, _ = self.tests(file, range(1, mutant.original.count("\n") + 2))
        quick = [test for test in tests if self.seconds[test] <= SLOW]
        tests = quick if len(quick) > MANY else tests
        seen = {*tests}
        for test in dict.fromkeys((*function, *whole)):
            beyond -= self.seconds[test]
            if beyond < 0:
                break
            if test not in seen:
                tests.append(test)
        return tests, imported or function_imported


def forget_tests(data: Path, tests: Iterable[str]) -> None:
    """Take tests that are to be measured anew out of the data."""
    if not data.exists():
        return
    with sqlite3.connect(data) as rows:
        for test in tests:
            rows.execute(
                "DELETE FROM line_bits WHERE context_id IN (SELECT id FROM context WHERE context = ?)", (test,)
            )
    rows.close()
