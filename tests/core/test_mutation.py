"""What `tests/run mutants` is built of tells what is noticed from what is not, and asks nothing twice."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from mutation.__main__ import Setup, library, mutate
from mutation.judging import Verdict
from mutation.results import Survivor, Verdicts, read_survivors, report
from mutation.targets import Mutant, hide_decorators, ranked, show_decorators
from places import ROOT

SOURCE = """\
from functools import cache


class Account:
    @cache
    def fee(self, cents, least=5):
        if cents > 100:
            return max(cents // 100, least)
        return least


SMALL = Account().fee(20)  # which runs while modules are imported, and is remembered
"""
TESTS = """\
from tiny import Account

ACCOUNT = Account()
ACCOUNT.fee(20)


def test_a_large_sum_costs_a_hundredth():
    assert ACCOUNT.fee(90_000) == 900


def test_a_small_sum_costs_the_least():
    assert ACCOUNT.fee(20) == 5
"""


def mutant(number: int, old: str, new: str) -> Mutant:
    """Change the method of the tiny module."""
    line = SOURCE[: SOURCE.index(old)].count("\n") + 1
    return Mutant("tiny.py", "Account.fee", number, (line, line), range(7, 10), SOURCE, SOURCE.replace(old, new))


NOTICED, BY_DEFAULT, UNNOTICED, KNOWN = (
    mutant(1, "//", "*"),
    mutant(2, "least=5", "least=6"),
    mutant(3, "> 100", ">= 100"),
    mutant(4, "return least", "return None"),
)
REASON = Survivor("tiny.py", "Account.fee", UNNOTICED.change, "what a hundred cents cost is not promised")


def test_a_change_is_killed_where_a_test_notices_it_and_what_is_known_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tiny.py").write_text(SOURCE)
    (tmp_path / "tests" / "test_tiny.py").write_text(TESTS)
    (tmp_path / "tests" / "conftest.py").write_text("import gc\n\n\ndef pytest_collection_finish():\n    gc.freeze()\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    setup = Setup(
        tmp_path, tmp_path / "kept", ["tiny.py"], ["tiny"], ["tests"], "tiny", arguments=(), path=str(tmp_path)
    )
    kept = tmp_path / "kept" / "verdicts.jsonl"
    kept.parent.mkdir()
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    Verdicts(kept, "").add(KNOWN, Verdict("killed", "an earlier run"), is_last=True)

    text, is_right = mutate(setup, [NOTICED, BY_DEFAULT, UNNOTICED, KNOWN], [], workers=1, least=0.7)

    verdicts = {each["key"]: (each["end"], each["by"]) for each in map(json.loads, kept.read_text().splitlines())}
    assert verdicts == {
        NOTICED.key: ("killed", "tests/test_tiny.py::test_a_large_sum_costs_a_hundredth"),
        BY_DEFAULT.key: ("killed", "tests/test_tiny.py::test_a_small_sum_costs_the_least"),
        UNNOTICED.key: ("survived", ""),
        KNOWN.key: ("killed", "an earlier run"),
    }
    assert "-if cents > 100:\n    +if cents >= 100:\n  NOT EXPLAINED" in text
    assert not is_right
    assert (tmp_path / "tiny.py").read_text() == SOURCE

    monkeypatch.setattr(Setup, "run", None)  # nothing is asked again
    text, is_right = mutate(setup, [NOTICED, BY_DEFAULT, UNNOTICED, KNOWN], [REASON], workers=1, least=0.7)
    assert "4 mutants: 3 killed, 0 timed out, 1 survived, 0 of these not explained\n75.0% noticed" in text
    assert is_right


def test_too_few_that_are_noticed_one_without_a_verdict_and_changed_tests_are_told(tmp_path: Path) -> None:
    verdicts = Verdicts(tmp_path / "verdicts", "tests", [REASON])
    verdicts.add(NOTICED, Verdict("killed"), is_last=True)
    verdicts.add(UNNOTICED, Verdict("survived"), is_last=True)
    assert report([NOTICED, UNNOTICED], verdicts, 0.5)[1]
    assert not report([NOTICED, UNNOTICED], verdicts, 0.51)[1]
    text, is_right = report([NOTICED, UNNOTICED, KNOWN], verdicts, 0.5)
    assert text.endswith("1 are not judged yet")
    assert not is_right
    later = Verdicts(tmp_path / "verdicts", "other tests")
    assert (later.is_open(NOTICED), later.is_open(UNNOTICED)) == (False, True)
    explained = Verdicts(tmp_path / "verdicts", "other tests", [REASON])
    assert not explained.is_open(UNNOTICED)
    assert explained.is_open(replace(NOTICED, original=f"{SOURCE}\n"))


def test_a_seed_draws_the_same_sample_and_one_function_more_moves_no_other() -> None:
    names = [f"core/retry.py:retrying:{number}" for number in range(100)]
    more = [f"core/steps.py:succeed:{number}" for number in range(100)]
    assert ranked(names, 18) == ranked(reversed(names), 18) != ranked(names, 19)
    assert [name for name in ranked([*names, *more], 18) if name in names] == ranked(names, 18)


def test_decorators_are_hidden_but_for_overloads_and_shown_again() -> None:
    source = (
        "@overload\ndef one(): ...\n\n\nclass Two:\n    @property\n    @cache(\n        1)\n    def three(self): ...\n"
    )
    hidden = hide_decorators(source)
    assert [line for line in hidden.splitlines() if "@" in line] == ["@overload", "    #~@property", "    #~@cache("]
    assert show_decorators(hidden) == source


def test_what_survives_for_a_reason_is_in_the_code_as_it_is() -> None:
    for survivor in read_survivors(ROOT / "tests" / "scripts" / "mutation" / "survivors.toml"):
        lines = [line.strip() for line in (ROOT / survivor.file).read_text().splitlines()]
        gone = [line[1:] for line in survivor.change if line.startswith("-") and line[1:] not in lines]
        assert not gone, f"{survivor.file} was changed: so is what may survive in it"
        assert survivor.reason


def test_only_functions_of_the_core_and_the_codecs_are_changed() -> None:
    setup = library()
    assert {file.partition("/")[0] for file in setup.files} == {"core", "codecs"}
    assert "core/retry.py" in setup.files
