"""What docs/guides/cassettes.md has pasted into an empty folder works, in fresh processes, and shows what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from places import ROOT

from puresponse.transports import MemoryTransport, Reply, serve

KEY = "sk-of-the-page-and-nothing-else"

_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "puresponse_pytest"}
"""The plugin alone: the others that are installed here take a second to load."""


class Folder:
    """An empty folder, into which a page is pasted."""

    def __init__(self, path: Path, page: str) -> None:
        self.path = path
        self.page = (ROOT / "docs" / page).read_text()

    def paste(self) -> None:
        for name, source in re.findall(r"^```python title=(\S+)\n(.*?)^```$", self.page, re.MULTILINE | re.DOTALL):
            (self.path / name).write_text(source)

    def commands(self) -> Iterator[tuple[list[str], list[str]]]:
        """The calls of pytest in the page, each with the lines that it is said to print."""
        for block in re.findall(r"^```console\n(.*?)^```$", self.page, re.MULTILINE | re.DOTALL):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *lines = part.splitlines()
                yield command.split(), lines

    def run(self, told: tuple[list[str], list[str]], **variables: str) -> str:
        """Run pytest as the page does; all lines are among what it prints, a pattern as it may be."""
        command, lines = told
        assert command[0] == "pytest"
        ours = {"CI", "OPENAI_API_KEY", "OPENAI_BASE_URL", "PURESPONSE_CASSETTE_MODE"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COV") and name not in ours}
        finished = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *command[1:]],
            cwd=self.path,
            env={**kept, **_PLUGINS, **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        printed = finished.stdout.replace(f"{self.path}/", "")
        for line in lines:
            found = any(line in shown or fnmatchcase(shown, line) for shown in printed.splitlines())
            assert found, f"{line!r} is not in:\n{printed}{finished.stderr}"
        return printed


def test_what_is_pasted_into_an_empty_folder_works_and_shows_what_the_page_says(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "guides/cassettes.md")
    folder.paste()
    kinds = tmp_path / "test_kinds.py"
    later = kinds.rename(tmp_path / "test_kinds.later")
    first, replayed, missed, anew, more, all_replayed = folder.commands()
    says_hello = tmp_path / "cassettes" / "test_hello" / "test_says_hello.json"

    with serve(MemoryTransport(script=Reply.text("Hello!")), api_key=KEY) as url:
        reached = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": url}
        folder.run(first, **reached)
        assert KEY not in says_hello.read_text()
        folder.run(replayed)

        source = tmp_path / "test_hello.py"
        (change,) = re.findall(r"Let the test say `(input=.*?)`", folder.page)
        source.write_text(source.read_text().replace('input="Say hello."', change))
        folder.run(missed)
        folder.run(anew, **reached)
        assert "Say hello to Ada." in says_hello.read_text()

        later.rename(kinds)
        folder.run(more, **reached)
        people = (tmp_path / "cassettes" / "people.json").read_text()
        assert "Write to [redacted]" in people
        assert "ada@" not in people

    # The server is gone, there is no key, and a build never records.
    printed = folder.run(all_replayed, CI="true", PURESPONSE_CASSETTE_MODE="all")
    assert "recorded" not in printed


@pytest.mark.deep
def test_a_test_of_vcr_and_the_same_of_ours_are_recorded_and_replayed(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "coming-from/vcr.md")
    folder.paste()
    with serve(MemoryTransport(script=Reply.text("Hello!")), api_key=KEY) as url:
        folder.run((["pytest", "--cassette-mode=once"], ["2 passed"]), OPENAI_API_KEY=KEY, OPENAI_BASE_URL=url)
    # Without any key, ours is replayed, and the official client cannot be made.
    folder.run((["pytest"], ["1 passed, 1 error", "ERROR test_before.py::test_says_hello*"]))


@pytest.mark.parametrize("page", ["guides/cassettes.md", "coming-from/vcr.md"])
def test_every_option_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()
    plugin = (ROOT / "transports" / "testing" / "pytest_cassettes.py").read_text()
    for option in set(re.findall(r"--(?:cassette|block)-[a-z-]+", text)):
        assert f'"{option}"' in plugin, option
