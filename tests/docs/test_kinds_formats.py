"""The page on formats has each of them, with the version that the code writes, and the members that it writes."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from typing import Any

import write_raised
from places import ROOT
from told_tables import spans, tables_of

from puresponse.cli.bulk.outcomes import Outcome
from puresponse.cli.bulk.summary import Summary
from puresponse.cli.bulk.telling import error_fields
from puresponse.cli.commands.services import services_of
from puresponse.cli.configuration.services import Configuration, Service
from puresponse.cli.output import ErrorRecord, JsonLines
from puresponse.core import NotSent
from puresponse.transports.archive.formats import FORMATS as ARCHIVES
from puresponse.transports.cassette.formats.other_formats import FORMATS as RECORDINGS

PUBLIC = dict(write_raised.every_name())
PAGE = ROOT / "docs" / "reference" / "formats.md"
VERSIONED = tables_of(PAGE, "## With a version of their own")[0]
OTHERS = tables_of(PAGE, "## Without a version")[0]
OF_THE_COMMANDS = {row["object"]: row for row in tables_of(PAGE, "## JSON of the command line")[0]}
ROOMS = ("core", "codecs", "transports", "cli")


def versions() -> dict[str, int]:
    """The number that a module says is the version of what it writes."""
    found: dict[str, int] = {}
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^(?:FORMAT|VERSION) = (\d+)$", source, re.MULTILINE):
            found[str(path.relative_to(ROOT))] = int(match[1])
    return found


def test_each_version_is_that_of_the_code_and_each_of_the_code_is_told() -> None:
    told = {spans(row["in the code"])[0]: int(row["version"]) for row in VERSIONED}
    assert told == versions()
    assert len(told) > 3


def test_no_name_of_a_version_in_the_code_escapes_the_test_above() -> None:
    """What is called a version or a format, and is a number, is written so that it is found."""
    escaped: list[str] = []
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if not re.search(r"^_?\w*(?:FORMAT|VERSION)\w*\b.*= *\d", source, re.MULTILINE):
            continue
        for node in ast.parse(source).body:
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            named = [target.id for target in targets if isinstance(target, ast.Name)]
            value: Any = getattr(node, "value", None)
            if isinstance(value, ast.Constant) and type(value.value) is int:
                escaped += [f"{path}: {name}" for name in named if re.search("FORMAT|VERSION", name)]
    assert {place.partition(": ")[2] for place in escaped} <= {"FORMAT", "VERSION"}


def test_every_public_function_that_writes_or_reads_a_format_is_named() -> None:
    is_one = re.compile(
        r"(save|load|encode|open|read|export|import)_\w+|\w+_json|decode_(request|answer)|json_schema|encode|decode|to_html|to_text"
    )
    made_in_memory = {"json_response"}  # an answer of a test
    names = {name for name in PUBLIC if is_one.fullmatch(name)} - made_in_memory
    told = set(spans(PAGE.read_text(encoding="utf-8")))
    assert {"save_checkpoint", "load_life", "export_recordings"} <= names
    assert names - told == set()


def test_whatever_is_called_like_a_name_of_the_library_is_one() -> None:
    columns = [row[column] for row in (*VERSIONED, *OTHERS) for column in ("written by", "read by")]
    named = {
        name for cell in columns for name in spans(cell) if re.fullmatch(r"[a-z]+_\w+|[A-Z][a-z]+[A-Z]\w+|Ledger", name)
    }
    assert {name for name in named if name not in PUBLIC} == set()
    assert len(named) > 15


def test_each_row_says_where_it_is_described_and_what_is_promised() -> None:
    promises = {row["promise"].split()[0].strip("*:;,") for row in (*VERSIONED, *OTHERS)}
    (told, *_) = tables_of(PAGE)
    assert promises <= {row["promise"] for row in told} | {"as", "none", "JSON"}
    assert all("](" in row["described"] for row in (*VERSIONED, *OTHERS))


def test_the_formats_of_archives_and_recordings_are_those_of_the_code() -> None:
    told = {name for row in (*VERSIONED, *OTHERS) if "archive" in row["format"] for name in spans(row["format"])}
    assert {name for name in ARCHIVES if name != "sqlite"} <= told
    (rows,) = tables_of(PAGE, "## Recordings of other programs")
    assert [row["name"].strip("`") for row in rows] == list(RECORDINGS)
    for row in rows:
        assert row["read"] == "yes"
        assert row["written"] == ("no" if RECORDINGS[row["name"].strip("`")].write is None else "yes")


def members(row: str) -> list[str]:
    return spans(re.sub(r"\(\[[^)]*\)\)?", "", OF_THE_COMMANDS[row]["members"]))


def test_what_the_command_line_writes_has_the_members_that_the_page_says() -> None:
    lines = JsonLines()
    assert members("error") == list(ErrorRecord.__struct_fields__)
    assert members("`error` of an outcome") == list(error_fields(NotSent("dns", "no such host")))
    assert members("summary of a run") == ["summary", *Summary.__struct_fields__]
    decoded: Any = import_module("msgspec").json.decode
    assert members("note") == list(decoded(lines.note("a note")))
    assert members("line of the log") == list(decoded(lines.log("INFO", "a line")))
    (row,) = services_of(Configuration("a file", {"work": Service(name="work")}), {})
    assert members("service of `services`") == list(row)
    assert Outcome.__struct_fields__[0] == "id"
