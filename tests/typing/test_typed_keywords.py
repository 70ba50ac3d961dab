"""An unknown or mistyped argument of a creation is an error for mypy and for pyright, and each on its line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """\
from puresponse import (
    CreateArguments,
    DeletedResponse,
    InputItem,
    Operation,
    Page,
    RequestOptions,
    Response,
    Stream,
    WaitPolicy,
    cancel_if_running,
    compact_response,
    configured,
    count_input_tokens,
    create_parsed_response,
    create_request,
    create_response,
    delete_response,
    delete_response_chain,
    list_input_items,
    stream_response,
    wait_for_response,
)

right: Operation[Response] = create_response(model="m", input=["Hi"], temperature=1, timeout=2.5, tools=[{"type": "x"}])
some: CreateArguments = {"model": "m"}
passed_on: Operation[Response] = create_response(**some)

options: RequestOptions = {"extra_headers": {"X-Trace": "1"}, "extra_query": {"a": [1]}, "timeout": 5}
page: Operation[Page[InputItem]] = configured(list_input_items("r", limit=5, **options), timeout=2.5)
recipe: Operation[Response] = configured(cancel_if_running("r", **options), headers={"A": "b"}, query={"c": 1})
chain: Stream[DeletedResponse] = configured(delete_response_chain("r", **options))

create_response(modle="m")  # wrong
list_input_items("r", timuot=1)  # wrong
delete_response("r", timeout="5")  # wrong
cancel_if_running("r", extra_headers=["A"])  # wrong
delete_response_chain("r", extra_body={})  # wrong
wait_for_response("r", WaitPolicy(deadline=1), limit=1)  # wrong
configured(delete_response("r"), extra_headers={})  # wrong
configured("r", timeout=1)  # wrong
create_response(temperature="hot")  # wrong
create_response("m")  # wrong
create_response(model="m", personality="friendly")  # wrong
create_request({"modle": "m"})  # wrong
stream_response(modle="m")  # wrong
create_parsed_response(int, modle="m")  # wrong
compact_response(input="Hi")  # wrong
compact_response(model="m", temperature=1)  # wrong
count_input_tokens(max_output_tokens=16)  # wrong
count_input_tokens(tools="none")  # wrong
"""

WRONG = {number for number, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# wrong")}


def output_of(*command: str) -> str:
    # From the environment, where the cache of `tests/run check` lies, and where no folder is called `codecs`.
    done = subprocess.run([sys.executable, "-m", *command], cwd=sys.prefix, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def test_mypy_finds_what_is_wrong_and_nothing_else(program: Path) -> None:
    told = output_of("mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), str(program))
    assert {int(line) for line in re.findall(r"program\.py:(\d+): error", told)} == WRONG


def test_pyright_finds_what_is_wrong_and_nothing_else(program: Path) -> None:
    told = json.loads(output_of("pyright", "--outputjson", "--pythonpath", sys.executable, str(program)))
    assert {found["range"]["start"]["line"] + 1 for found in told["generalDiagnostics"]} == WRONG
