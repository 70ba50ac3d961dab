"""The tutorial works as it is pasted, from an empty folder to the last command, and shows what it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tutorial
from places import ROOT
from tutorial import Command, Differs, File, do_tutorial, parts


def test_a_reader_who_pastes_every_file_and_runs_every_command_sees_what_the_pages_show(tmp_path: Path) -> None:
    commands = [part for part in parts() if isinstance(part, Command)]
    assert len(commands) > 20
    assert do_tutorial(tmp_path) == len(commands)


def test_all_code_of_the_tutorial_is_a_file_to_paste_and_nothing_but_what_installs_or_needs_a_key_is_not_run() -> None:
    fences = [
        (page.name, fence)
        for page in tutorial.PAGES
        for fence in re.findall(r"^```(\S.*)$", page.read_text(), re.MULTILINE)
    ]
    pasted = [part.page for part in parts() if isinstance(part, File)]
    assert [page for page, fence in fences if fence.startswith("python")] == pasted
    others = [(page, fence) for page, fence in fences if fence != "console" and not fence.startswith("python title=")]
    assert others == [("1-first-steps.md", "sh"), ("7-with-a-key.md", "sh"), ("7-with-a-key.md", "sh")]


@pytest.mark.parametrize(
    ("shown", "printed"), [("one", "two"), ("one\n…\nfour", "one\ntwo\nthree"), ("a … of two", "a line"), ("", "more")]
)
def test_a_page_that_shows_something_else_is_found_out(
    shown: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "1-page.md"
    page.write_text(f"```console\n$ printf '{printed}\\n'\n{shown}\n```\n")
    monkeypatch.setattr(tutorial, "PAGES", [page])
    with pytest.raises(Differs, match=r"1-page\.md: \$ printf"):
        do_tutorial(tmp_path)


def test_every_page_leads_to_the_next_and_the_first_page_of_the_tutorial_to_all() -> None:
    names = [page.name for page in tutorial.PAGES]
    index = (ROOT / "docs" / "tutorial" / "README.md").read_text()
    assert re.findall(r"\]\((\d-.+?\.md)\)", index) == names
    for page, following in zip(tutorial.PAGES, names[1:], strict=False):
        assert f"]({following})" in page.read_text().splitlines()[-1]
