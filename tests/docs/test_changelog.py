"""CHANGELOG.md is of the version that is built, and names nothing that is not there, but for what it says is gone."""

import re
import tomllib

from places import ROOT

CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
SURFACE = (ROOT / "docs" / "reference" / "public-surface.txt").read_text()

ELSEWHERE = {
    *("http", "client", "debuglevel", "inspect", "signature", "typing", "get_type_hints", "help", "repr"),
    *("RecursionError", "TypeError", "ValueError", "NameError", "Failure", "Success", "Result", "is_successful", "str"),
    *("puresponse", "mismatch", "outcome", "codec", "loopback"),
}
"""Names of Python's own and of `returns`, members of JSON, a module, and a variable of the reader's."""

SPAN = re.compile(r"`([^`]+)`")
NAME = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]*")


def newest() -> str:
    """The part about the newest version, without the heading of the next."""
    return CHANGELOG.split("\n## ")[1]


def gone_and_instead() -> list[tuple[str, str]]:
    """The rows of the tables of what is to be changed: what was written, and what is."""
    rows = [line.split(" | ") for line in newest().splitlines() if line.startswith("| ")]
    assert all(len(row) == 2 for row in rows)
    return [(before.removeprefix("| "), now.removesuffix(" |")) for before, now in rows]


def names_in(text: str) -> set[str]:
    """The names of Python in the code of a text; a command line, a file and a heading of HTTP have none."""
    spans = (span for span in SPAN.findall(text) if re.fullmatch(r"[\w.]+(\(.*\))?|[\w.]+=\S+", span))
    calls = (re.sub(r"(['\"]).*?\1|\([^()]*[“”]", "", span) for span in spans)
    return {name for call in calls for name in NAME.findall(call) if not call.startswith("-")}


def test_the_newest_version_is_the_one_that_is_built() -> None:
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    heading = newest().splitlines()[0]
    assert re.fullmatch(rf"\[{re.escape(version)}\] - 20\d\d-\d\d-\d\d", heading), heading


def test_a_version_begins_with_what_is_to_be_changed() -> None:
    headings = re.findall(r"^### (.*)$", newest(), re.MULTILINE)
    assert headings == ["What to change", "New", "Mended"]
    assert len(gone_and_instead()) > 10


def test_every_name_that_is_mentioned_is_there_unless_it_is_said_to_be_gone() -> None:
    known = set(NAME.findall(SURFACE)) | ELSEWHERE
    gone = {name for before, _ in gone_and_instead() for name in names_in(before)}
    new = newest().partition("\n### New")[2]
    behaviour = newest().partition("\nWhat behaves otherwise")[2].partition("\n### New")[0]
    instead = "\n".join(now for _, now in gone_and_instead())
    assert names_in(instead) - known == set()
    assert names_in(new) - known == set()
    assert names_in(behaviour) - known - gone == set()


def test_what_is_said_to_be_gone_is_gone() -> None:
    # A name alone in the first column is one that no longer is.
    lines = SURFACE.splitlines()
    for before, _ in gone_and_instead():
        if alone := re.match(r"`(?:[a-z]+\.)?([A-Za-z_]+)`(?: of `puresponse\.(\w+)`.*)?$", before):
            there = [
                line
                for line in lines
                if re.match(rf"(class )?{alone[2] or '(core|codecs|transports)'}\.{alone[1]}\b", line)
            ]
            assert there == [], before


def test_a_name_that_is_not_there_would_be_noticed() -> None:
    assert names_in("`no_such_name` and `Nobody(at=1)`, but not `puresponse --flag` nor `docs/x.md`") == {
        *("no_such_name", "Nobody", "at")
    }
