"""A process of pytest that measures what tests cover, or judges mutants by them.

`python -m mutation.session import <folder>` measures what imports run,
`python -m mutation.session measure <folder> <arguments of pytest> …` what tests run, and
`python -m mutation.session judge <folder> <number of the worker> <arguments of pytest> …` judges.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from .covering import Covering, Known, Measuring, measure_imports
from .judging import Judging, Verdict
from .results import Verdicts
from .targets import Mutant

ARGUMENTS = (
    "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest_cov", "-o", "timeout=0", "-m", "not benchmark",
    "-o", "tmp_path_retention_policy=none", "--hypothesis-profile", "mutants",
)  # fmt: skip
"""What pytest is told wherever a mutant is judged."""


SETTINGS = "_hypothesis_internal_use_settings"
"""Where Hypothesis keeps what `@settings` says of a test. Were it kept elsewhere, these tests would take longer."""

MOST = 50
"""Examples of a test of Hypothesis, whatever it says itself."""


class SameExamples:
    """A plugin: Hypothesis draws the same few examples each time, so that a mutant meets the same fate in each run."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        if config.getoption("--hypothesis-profile", None) != "mutants":
            return
        from hypothesis import HealthCheck, settings  # not before pytest has said what is rewritten as it is imported

        settings.register_profile(
            "mutants",
            deadline=None,
            max_examples=25,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        )

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        from hypothesis import settings

        for item in items:
            test = getattr(item, "obj", None)
            own = getattr(test, SETTINGS, None)
            if own is not None and own.max_examples > MOST:  # a test says so itself: no profile changes that
                setattr(test, SETTINGS, settings(own, max_examples=MOST))


def measure(folder: Path, arguments: list[str]) -> int:
    """Run tests, and add what they cover, how long they take and which fail to what is known."""
    files, package, _ = pickle.loads((folder / "measured").read_bytes())
    measuring = Measuring(folder / "coverage", files, package)
    ended = pytest.main(["-q", *arguments], plugins=[SameExamples(), measuring])
    known = Known.read(folder / "known.json")
    known.seconds |= measuring.seconds
    known.failed = sorted({*known.failed} - {*measuring.seconds} | measuring.failed)
    known.write(folder / "known.json")
    return 0 if ended in (0, 1) else int(ended)


def judge(folder: Path, worker: str, arguments: list[str]) -> int:
    """Judge the mutants that were left for a worker, and write each verdict at once."""
    root, modules, state, mutants = pickle.loads((folder / f"mutants-{worker}").read_bytes())
    verdicts = Verdicts(folder / "verdicts.jsonl", state)
    covering = Covering(folder / "coverage", Known.read(folder / "known.json"))

    def told(mutant: Mutant, verdict: Verdict, imported: bool) -> None:
        is_doubtful = verdict.end == "unswappable" or (verdict.end == "survived" and imported)
        verdicts.add(mutant, verdict, is_last=not is_doubtful)

    return int(
        pytest.main(["-q", *arguments], plugins=[SameExamples(), Judging(root, mutants, modules, covering, told)])
    )


def main(do: str, folder: str, *rest: str) -> int:
    """Do what the module's first lines say."""
    if do == "judge":
        return judge(Path(folder), rest[0], list(rest[1:]))
    if do == "measure":
        return measure(Path(folder), list(rest))
    files, _, modules = pickle.loads(Path(folder, "measured").read_bytes())
    measure_imports(Path(folder, "coverage"), files, modules)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
