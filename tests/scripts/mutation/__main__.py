"""Judges a sample of the mutants of `core/` and `codecs/` by the tests of `tests/core` and `tests/codecs`, and those of
mistakes and of the examples in docstrings.

`tests/run mutants [--sample N] [--seed N] [--workers N] [part of a path] …` does so. What was judged is kept in
`.mutants/`: a run that was interrupted goes on where it ended. The exit code is 1 where a survivor is not in
`survivors.toml`, or too few are noticed.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .covering import Covering, Known, forget_tests, state_of
from .fresh import judge as judge_afresh
from .judging import Verdict, parts
from .results import Survivor, Verdicts, read_survivors, report
from .session import ARGUMENTS
from .targets import Mutant, names_of, sample

ROOT = Path(__file__).resolve().parents[3]
LEAST = 0.92
"""The share of the mutants that must be noticed."""

TESTS = (
    "tests/core",
    "tests/codecs",
    "tests/docs/test_doctests.py",
    *("tests/transports/test_mistakes.py", "tests/transports/test_batch_keys.py"),  # of what the core says is wrong
)
"""Folders and files of tests that judge."""

UNASKED = frozenset(
    f"test_{name}.py"
    for name in (
        *("stream_depth", "depth", "depth_of_many", "loops"),  # a hundred thousand of each
        *("rendering_browser", "time_limit", "introspection", "preloading"),  # in other processes
        *("architecture", "surface", "mutants", "mutation"),  # of the text of the code
    )
)
"""Files of tests that take long, or that cannot tell a mutant."""

AFRESH = 20.0
"""Seconds: how long the tests may take that a mutant is tried against in a process of its own, beyond the like."""


@dataclass(frozen=True)
class Setup:
    """What is mutated, by which tests it is judged, and where that is kept. Files and tests are relative to `root`.

    `package` is what the names of all modules begin with; `path` is where they are found, if they are not installed.
    `unasked` names files of tests that judge nothing.
    """

    root: Path
    folder: Path
    files: Sequence[str]
    modules: Sequence[str]
    tests: Sequence[str]
    package: str = "puresponse"
    arguments: Sequence[str] = ARGUMENTS
    path: str = ""
    unasked: Collection[str] = ()

    def test_files(self) -> list[Path]:
        """The files of tests that judge."""
        asked = [self.root / test for test in self.tests]
        found = [path for test in asked for path in (sorted(test.rglob("test_*.py")) if test.is_dir() else [test])]
        return [path for path in found if path.name not in self.unasked]

    def helpers(self) -> list[Path]:
        """What tests are run with: their own modules, and conftest."""
        found = {*(self.root / "tests").glob("conftest.py"), *(self.root / "tests" / "support").glob("*.py")}
        found |= {path for test in self.tests for path in (self.root / test).rglob("*") if path.is_file()}
        return sorted(path for path in found - {*self.test_files()} if "__pycache__" not in path.parts)

    def naming(self, stems: set[str]) -> set[str]:
        """The files of tests that name one of these modules or files of data, or a helper that does."""
        texts = {path: path.read_text(errors="replace") for path in (*self.helpers(), *self.test_files())}
        found = {*stems}
        while more := {path.stem for path, text in texts.items() if any(stem in text for stem in found)} - found:
            found |= more
        return {str(path.relative_to(self.root)) for path in self.test_files() if path.stem in found - stems}

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process of pytest, with a folder for temporary files of its own: other runs remove old ones."""
        paths = [str(Path(__file__).parents[1]), *([self.path] if self.path else [])]  # an empty one would be the root
        environment = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, "-m", "mutation.session", *arguments]
        with (self.folder / "pytest.log").open("ab") as log:
            return subprocess.Popen(command, cwd=self.root, env=environment, stdout=log)


def library() -> Setup:
    """The core and the codecs, and their tests."""
    files = [path for layer in ("codecs", "core") for path in sorted((ROOT / layer).rglob("*.py"))]
    names = [str(path.relative_to(ROOT)) for path in files]
    modules = [".".join(("puresponse", *path.relative_to(ROOT).with_suffix("").parts)) for path in files]
    modules = [name.removesuffix(".__init__") for name in modules]
    return Setup(ROOT, ROOT / ".mutants", names, modules, TESTS, unasked=UNASKED)


def _states(setup: Setup, paths: Iterable[Path]) -> dict[str, str]:
    return {str(path.relative_to(setup.root)): state_of([path]) for path in paths}


def measure(setup: Setup) -> None:
    """Measure what the tests cover, as far as it is not known."""
    known, data = Known.read(setup.folder / "known.json"), setup.folder / "coverage"
    code = _states(setup, [*(setup.root / file for file in setup.files), *setup.helpers()])
    states = _states(setup, setup.test_files())
    other = {file for file, state in known.code.items() if code.get(file) != state}
    if not known.code or other & {*setup.files} or any(Path(file).name == "conftest.py" for file in other):
        data.unlink(missing_ok=True)
        known = Known()
    known.code = code
    using = setup.naming({Path(file).stem for file in other})
    changed = [file for file, state in states.items() if known.tests.get(file) != state or file in using]
    if not changed:
        known.write(setup.folder / "known.json")
        return
    old = [
        test for test in known.seconds if test.partition("::")[0] in {*changed} or test.partition("::")[0] not in states
    ]
    forget_tests(data, old)
    for test in old:
        del known.seconds[test]
    print(f"measuring what the tests of {len(changed)} files cover", flush=True)
    known.write(setup.folder / "known.json")
    files = [setup.root / file for file in setup.files]
    (setup.folder / "measured").write_bytes(pickle.dumps((files, setup.package, setup.modules)))
    if setup.run("import", str(setup.folder)).wait():
        raise SystemExit(f"the library cannot be imported: see {setup.folder / 'pytest.log'}")
    if setup.run(
        "measure", str(setup.folder), f"--basetemp={setup.folder / 'temporary'}", *setup.arguments, *changed
    ).wait():
        raise SystemExit(f"the tests could not be run: see {setup.folder / 'pytest.log'}")
    measured = Known.read(setup.folder / "known.json")
    measured.tests = states
    measured.write(setup.folder / "known.json")


def judge(setup: Setup, mutants: Sequence[Mutant], state: str, workers: int) -> None:
    """Judge mutants, and keep the verdicts."""
    running: list[subprocess.Popen[bytes]] = []
    for worker, part in enumerate(parts(mutants, workers)):
        files = {mutant.file for mutant in part}
        modules = [module for file, module in zip(setup.files, setup.modules, strict=True) if file in files]
        pickled = pickle.dumps((setup.root, modules, state, part))
        (setup.folder / f"mutants-{worker}").write_bytes(pickled)
        own = f"--basetemp={setup.folder / f'temporary-{worker}'}"
        running.append(
            setup.run("judge", str(setup.folder), str(worker), own, *setup.arguments, *map(str, setup.test_files()))
        )
    for process in running:
        if process.wait():
            raise SystemExit(f"the tests could not be run: see {setup.folder / 'pytest.log'}")


def judge_doubtful(setup: Setup, mutants: Sequence[Mutant], verdicts: Verdicts, workers: int) -> None:
    """Judge anew, in a process of its own, each survivor whose function was run while modules were imported."""
    covering = Covering(setup.folder / "coverage", Known.read(setup.folder / "known.json"))
    judged = [
        (mutant, covering.for_mutant(setup.root, mutant, AFRESH)[0])
        for mutant in sorted(mutants, key=lambda one: one.name)
    ]

    def anew(each: tuple[Mutant, list[str]]) -> tuple[Mutant, Verdict]:
        mutant, tests = each
        seconds = sum(covering.seconds[test] for test in tests)
        return mutant, judge_afresh(mutant, setup.root, tests, setup.arguments, seconds)

    with ThreadPoolExecutor(workers) as pool:
        for mutant, verdict in pool.map(anew, judged):
            verdicts.add(mutant, verdict, is_last=True)


def mutate(
    setup: Setup, mutants: Sequence[Mutant], survivors: Sequence[Survivor], *, workers: int, least: float = LEAST
) -> tuple[str, bool]:
    """Judge what is not judged yet; the report, and whether all is as it should be."""
    setup.folder.mkdir(exist_ok=True)
    state = state_of([*setup.test_files(), *setup.helpers()])
    verdicts = Verdicts(setup.folder / "verdicts.jsonl", state, survivors)
    if any(verdicts.is_open(mutant) for mutant in mutants):
        measure(setup)
    fresh = [mutant for mutant in mutants if verdicts.of(mutant) is None]
    if fresh:
        print(f"judging {len(fresh)} mutants", flush=True)
        judge(setup, fresh, state, workers)
        verdicts.read()
    doubtful = [mutant for mutant in mutants if verdicts.is_open(mutant)]
    if doubtful:
        print(f"judging {len(doubtful)} of them anew, whose functions run while modules are imported", flush=True)
        judge_doubtful(setup, doubtful, verdicts, workers)
    return report(mutants, verdicts, least)


def drawn(setup: Setup, files: Sequence[str], size: int, seed: int) -> list[Mutant]:
    """The sample of the mutants of these files, kept until one of them is changed: making it takes a minute."""
    state = state_of(setup.root / file for file in files)
    kept = setup.folder / f"sample-{state}-{size}-{seed}"
    if not kept.exists():
        names = names_of(setup.root, files, setup.folder / "functions.json")
        kept.write_bytes(pickle.dumps(sample(setup.root, names, size, seed)))
    mutants: list[Mutant] = pickle.loads(kept.read_bytes())
    return mutants


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, judge, and report."""
    parser = argparse.ArgumentParser(prog="tests/run mutants", description="Judge a sample of mutants by the tests.")
    parser.add_argument("files", nargs="*", help="parts of the paths of files: their mutants alone")
    parser.add_argument("--sample", type=int, default=1500, help="how many mutants (1500)")
    parser.add_argument("--seed", type=int, default=18, help="which of them (18)")
    parser.add_argument("--workers", type=int, default=2, help="how many processes judge (2)")
    given = parser.parse_args(arguments)
    setup = library()
    setup.folder.mkdir(exist_ok=True)
    files = [file for file in setup.files if not given.files or any(part in file for part in given.files)]
    chosen = drawn(setup, files, given.sample, given.seed)
    survivors = read_survivors(Path(__file__).with_name("survivors.toml"))
    text, is_right = mutate(setup, chosen, survivors, workers=given.workers)
    (setup.folder / "report.txt").write_text(text + "\n")
    print(text)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
