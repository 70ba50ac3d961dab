"""The tests that docs/guides/checking.md shows in pytest are run by it, and one that fails says what is shown."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt
from places import ROOT

from puresponse.core import preload

preload()  # pytester has modules forgotten that were loaded while it ran tests in this process

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.unmeasured

PAGE = (ROOT / "docs" / "guides" / "checking.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("\n## In pytest\n") :]
FENCES = [(token.info, token.content) for token in MarkdownIt().parse(SECTION) if token.type == "fence"]
PLUGIN = (
    *("-p", "puresponse.transports.testing.pytest_plugin", "-p", "puresponse.transports.testing.pytest_every_fault"),
    *("-p", "no:cacheprovider", "--strict-markers"),
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the plugin by name only, whether it is registered here or not."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def block(info: str, number: int = 0) -> str:
    return [content for language, content in FENCES if language == info][number]


def test_the_tests_that_are_shown_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(block("python"))
    pytester.runpytest_inprocess(*PLUGIN).assert_outcomes(passed=3)


def test_the_one_that_is_careless_fails_with_the_story_that_is_shown(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(block("python", 1))
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(failed=1)
    shown = block("text").splitlines()
    said = "\n".join(line.removeprefix("E").strip() for line in result.outlines)
    assert re.search("\n".join(re.escape(line.strip()).replace(r"\.\.\.", ".*") for line in shown), said), said
    (chosen,) = [line.split("only=")[1].strip("'") for line in shown if "only=" in line]
    pytester.runpytest_inprocess(*PLUGIN, "--only-life", chosen).assert_outcomes(failed=1)
    pytester.runpytest_inprocess(*PLUGIN, "--only-life", "0: Unsent()").assert_outcomes(passed=1)
