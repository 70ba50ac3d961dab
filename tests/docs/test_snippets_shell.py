"""Every command of README and docs/ runs in an empty folder, and prints what is shown; and what no test can run."""

from __future__ import annotations

import os
import re
import socket
import tomllib
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec import json
from pasting import WIDTH, Desk, copy_named_files, desk, examples_of, pattern_of
from places import ROOT
from snippets import GIVEN, Snippet, pages, snippets

from puresponse import (
    CassetteTransport,
    MemoryTransport,
    create_response,
    load_faults,
    load_script,
    run,
    sample_state,
    stored,
)
from puresponse.cli.commands.serve import Served, start_server
from puresponse.cli.configuration.services import read_configuration
from puresponse.transports.serving.server import running

pytestmark = pytest.mark.unmeasured

EXCEPTIONS = {
    "a clone of the repository": "the commands are for who works on this project; tests/run runs what they run",
    "a cluster of Dask": "it is on other machines; tests/transports/test_machines_dask.py has one on this",
    "MPI": "it is not among the packages that the tests install, as the page says",
    "Ray": "it is not among the packages that the tests install, as the page says",
    "Pyodide": "it is no CPython; tests/embedding/test_pyodide_docs.py runs these programs there",
    "Go": "it is not among the tools that the tests install, as the page says",
    "a key of the API": "it costs money; tests/cli/test_record.py records from the service in memory",
    "a resource of Azure": "it costs money; tests/transports/test_azure_paths.py asks a server that is as Azure's",
    "arguments": "the page's next command gives them; tests/docs/test_tutorial.py runs both",
    "tests of yours": "they are yours; tests/docs/test_recording_page.py runs those of the page",
}
"""What snippets cannot run without, by their own first lines, and why no test of snippets has it."""

ELSEWHERE = {
    ("docs/reference/command-line.md", "console"): "tests/cli/test_command_line_page.py",
    ("docs/guides/jobs.md", "console"): "tests/cli/test_jobs_page.py",
    ("docs/guides/cassettes.md", "console"): "tests/docs/test_cassettes_page.py",
    ("docs/service/control.md", "js"): "tests/transports/test_control_served.py",
    ("docs/service/recording.md", "js"): "tests/docs/test_recording_page.py",
    ("README.md", "sh"): "tests/docs/test_readme.py",
    ("docs/reference/releases.md", "sh"): "tests/packaging/test_release_checks.py",
    **{
        (f"docs/tutorial/{page.name}", "console"): "tests/docs/test_tutorial.py"
        for page in (ROOT / "docs" / "tutorial").glob("[0-9]*.md")
    },
}
"""Blocks of one language on one page that the test of that page runs: with a service of its own, or in order."""

ALL = [snippet for page in pages() for snippet in snippets(page)]


def page_of(snippet: Snippet) -> str:
    return str(snippet.page.relative_to(ROOT))


SHELL = [
    snippet
    for snippet in ALL
    if snippet.language in {"sh", "console"}
    and not snippet.needs
    and (page_of(snippet), snippet.language) not in ELSEWHERE
]


@pytest.fixture(scope="module")
def at() -> Generator[Desk]:
    with desk() as made:
        yield made


@pytest.fixture
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A service with the sample responses and those that pages name, which can be steered."""
    state = sample_state()
    for name in ("resp_1", "resp_2", "resp_9"):
        state = state.having(stored({"id": name}))
    path = tmp_path_factory.mktemp("state") / "state.json"
    path.write_bytes(json.encode(state))
    script = path.with_name("script.json")
    script.write_text('{"replies": [], "default": "Hello!"}', encoding="utf-8")
    with running(start_server(Served(port=0, control=True, state=str(path), script=str(script)), {})) as server:
        yield server.origin


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, at: Desk) -> Path:
    """The files that are at hand where a command names them."""
    folder = tmp_path_factory.mktemp("files")
    for name, content in GIVEN.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "script.json").write_text('["Hello!"]', encoding="utf-8")
    (folder / "faults.json").write_text('{"rules": []}', encoding="utf-8")
    with CassetteTransport.recording(MemoryTransport(), folder / "recordings" / "story.json") as recorder:
        run(create_response(model="gpt-4o-mini", input="Tell me a story."), recorder).unwrap()
    for name in ("export.jsonl", "export.sqlite"):
        made = at.shell(f"puresponse export resp_chat resp_long --memory --to {name} --concurrency 1", folder)
        assert made.code == 0, made.output
    return folder


def put_at_hand(snippet: Snippet, files: Path, folder: Path) -> None:
    """Copy what a block names and does not write itself: files at hand, those of the repository, those of its page."""
    for path in (path for path in files.rglob("*") if path.is_file()):
        name = str(path.relative_to(files))
        first = re.search(rf"(\S+) (?:\S*/)?(?:{re.escape(path.name)}|\*{path.suffix})(?![\w.])", snippet.content)
        if first and first[1] not in {">", "--to", "--output", "--ledger"}:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(path.read_bytes())
    copy_named_files(snippet.content, folder)
    if re.search(r"^(\$ )?pytest", snippet.content, re.MULTILINE):
        for other in snippets(snippet.page):
            if other.title:
                (folder / other.title).write_text(other.content, encoding="utf-8")


def commands_of(snippet: Snippet) -> list[tuple[str, str]]:
    """The commands, each with what is shown of its output; a script for `sh` is one, but for a service at its end."""
    if snippet.language == "console":
        return examples_of(snippet.content)
    *before, last = re.split(r"\n(?=puresponse (?:serve|record))", f"\n{snippet.content}")
    return [(one, "") for one in ("\n".join(before), last) if one.strip()]


def is_service(command: str, shown: str) -> bool:
    return re.match(r"puresponse (serve|record)\b(?!.*--schema)", command) is not None and ": --" not in shown


@pytest.mark.parametrize("snippet", SHELL, ids=lambda snippet: snippet.name)
def test_commands_run_in_an_empty_folder_and_print_what_is_shown(
    snippet: Snippet, at: Desk, origin: str, files: Path, tmp_path: Path
) -> None:
    put_at_hand(snippet, files, tmp_path)
    place = free_place() if any(is_service(*one) for one in commands_of(snippet)) else origin.removeprefix("http://")
    variables = {"OPENAI_BASE_URL": f"{origin}/v1", "OPENAI_API_KEY": "sk-any", "PURESPONSE_TO": "memory"}
    with ExitStack() as services:
        for command, shown in commands_of(snippet):
            if not (line := as_it_is_run(command, place)):
                assert_extras_exist(command)
            elif is_service(command, shown):
                expected = shown.replace("127.0.0.1:8080", place)
                until = expected.splitlines()[-1] if expected else "/v1\n"
                seen = services.enter_context(at.service(line, until, tmp_path, **variables))
                assert re.search(pattern_of(expected), seen), seen
            else:
                assert_runs(at, line, shown.replace("127.0.0.1:8080", place), tmp_path, variables)


def assert_runs(at: Desk, line: str, shown: str, folder: Path, variables: dict[str, str]) -> None:
    ran = at.shell(line, folder, **variables)
    seen = ran.output if ran.output.endswith("\n") else f"{ran.output}\n"
    assert ran.code == 0 or shown, f"{line}\n{seen}"
    assert not shown or re.fullmatch(pattern_of(shown), seen, re.DOTALL), f"{line}\n{seen}"


INSTALLS = re.compile(r"pip install|python3? -m venv|\. \.?venv/bin/activate|source ")
"""Lines that install; what they name is asked to be there, and tests/packaging installs it."""


def as_it_is_run(command: str, place: str) -> str:
    """A command as this test runs it: at a port that is free, past any proxy, with nothing installed."""
    line = "\n".join(one for one in command.splitlines() if not INSTALLS.match(one)).strip()
    if is_service(line, ""):
        line = re.sub(r" --port \d+", "", line).replace("puresponse serve", f"puresponse serve --port {place[10:]}")
    line = re.sub(r"\bcurl ", "curl -sS --noproxy '*' ", line)
    return line.replace("127.0.0.1:8080", place).strip()


def assert_extras_exist(command: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for named in re.findall(r"puresponse\[([\w,]+)\]", command):
        assert {*named.split(",")} <= {*extras}


def free_place() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.mark.parametrize(
    "snippet",
    [one for one in ALL if one.language in {"json", "toml"} and page_of(one) != "docs/README.md"],
    ids=lambda snippet: snippet.name,
)
def test_a_file_that_is_shown_is_read_by_what_reads_it(snippet: Snippet, tmp_path: Path) -> None:
    if snippet.language == "toml" and "[tool." in snippet.content:
        assert tomllib.loads(snippet.content)["tool"]
    elif snippet.language == "toml":
        path = tmp_path / "puresponse.toml"
        path.write_text(snippet.content, encoding="utf-8")
        assert not isinstance(read_configuration(str(path), os.environ), str)
    else:
        (load_faults if "rules" in json.decode(snippet.content) else load_script)(snippet.content)


def test_what_cannot_run_alone_says_what_it_needs_and_the_list_of_that_is_short() -> None:
    needs = {snippet.needs for snippet in ALL if snippet.needs}
    assert needs == {*EXCEPTIONS}
    assert len(EXCEPTIONS) <= 10
    tests = {name for reason in EXCEPTIONS.values() for name in re.findall(r"tests/\S+\.py", reason)}
    assert {name for name in {*tests, *ELSEWHERE.values()} if not (ROOT / name).is_file()} == set()


def test_what_cannot_run_alone_is_python_nonetheless() -> None:
    for snippet in ALL:
        if snippet.needs and snippet.language == "python":
            compile(snippet.content, snippet.name, "exec", flags=0x2000)  # PyCF_ALLOW_TOP_LEVEL_AWAIT
            for names in re.findall(r"^from puresponse import ([\w, ]+)$", snippet.content, re.MULTILINE):
                exec(f"from puresponse import {names}", {})


def test_a_part_of_a_file_is_in_it() -> None:
    quoted = [snippet for snippet in ALL if snippet.quoted]
    assert quoted
    for snippet in quoted:
        source = (ROOT / "docs" / snippet.quoted).read_text(encoding="utf-8")
        assert snippet.content.partition("\n")[2] in source, snippet.name


def test_the_test_of_a_page_reads_that_page_and_the_page_has_such_blocks() -> None:
    for (page, language), test in ELSEWHERE.items():
        source = (ROOT / test).read_text(encoding="utf-8")
        assert Path(page).name in source or Path(page).parent.name in source, test
        assert language in {snippet.language for snippet in ALL if page_of(snippet) == page}, page


def test_every_block_is_of_a_language_that_is_run_or_read_or_is_what_something_prints() -> None:
    run_or_read = {"python", "pycon", "console", "sh", "json", "toml"}
    printed = {"text", "", "pyi"}
    others = {
        snippet.name
        for snippet in ALL
        if snippet.language not in run_or_read | printed
        and not snippet.needs
        and (page_of(snippet), snippet.language) not in ELSEWHERE
    }
    assert others == set()


def test_the_name_of_a_file_is_in_the_first_line_of_its_block_or_in_the_text_of_its_page() -> None:
    """Behind the language a reader of the repository does not see it."""
    titled = [snippet for snippet in ALL if snippet.title]
    assert titled
    assert [one.name for one in titled if not is_told(one)] == []
    assert WIDTH == 100


def is_told(snippet: Snippet) -> bool:
    first = re.match(rf"# {re.escape(snippet.title)}(,|\n)", snippet.content)
    told = re.search(rf"(?<!title=)\b{re.escape(snippet.title)}\b", snippet.page.read_text(encoding="utf-8"))
    return first is not None or told is not None
