"""`puresponse create`, `count-tokens` and `compact`: what is sent, and what is shown of the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_lines import Ran, run
from msgspec import json

from puresponse.cli.requests.arguments import is_strict, schema_format
from puresponse.core import HttpResponse
from puresponse.transports.memory.service import sample_state
from puresponse.transports.testing.stub import StubTransport, json_response

KEY = {"OPENAI_API_KEY": "k"}
RESPONSE = {**sample_state().responses["resp_chat"].body, "id": "resp_1"}


def sent(*arguments: str, stdin: bytes = b"", command: str = "create") -> Any:
    """The body that a command line sends."""
    stub = StubTransport.answering(json_response(RESPONSE))
    run(command, *arguments, stdin=stdin, transport=stub, environ=KEY)
    return json.decode(stub.requests[0].body or b"")


def refused(*arguments: str, stdin: bytes | None = b"", command: str = "create") -> Ran:
    """What a command line says that sends nothing."""
    stub = StubTransport.answering(json_response(RESPONSE))
    ran = run(command, *arguments, stdin=stdin, transport=stub, environ=KEY)
    assert (stub.requests, ran.out) == ((), b"")
    return ran


def test_each_option_is_a_parameter_of_the_api() -> None:
    options = "--model m --instructions i --background --no-store --previous resp_0 --conversation conv_1"
    assert sent("Hello.", *options.split(), "--include", "a.b", "--include", "c") == {
        "model": "m",
        "input": "Hello.",
        "instructions": "i",
        "background": True,
        "conversation": "conv_1",
        "include": ["a.b", "c"],
        "previous_response_id": "resp_0",
        "store": False,
    }


def test_what_is_not_given_is_not_sent() -> None:
    assert sent("Hello.") == {"input": "Hello."}


def test_the_input_is_an_argument_standard_input_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "input.txt"
    path.write_bytes("\ufeffTwo\nlines, é\r\n".encode())
    assert sent("-", stdin=b"Two\nlines\n") == {"input": "Two\nlines"}
    assert sent("--input-file", str(path)) == {"input": "Two\nlines, é"}
    assert sent("--", "--wait") == {"input": "--wait"}


def test_options_override_params_and_these_the_file(tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    body.write_text('{"model": "a", "temperature": 0.5, "input": [{"role": "user", "content": "x"}], "new": 1}')
    given = sent("--body", str(body), "--param", "temperature=0.25", "--param", 'model="b"', "--model", "c")
    assert given == {"model": "c", "temperature": 0.25, "input": [{"role": "user", "content": "x"}], "new": 1}
    assert sent("Hi.", "--param", "extra_body=1", "--param", "user=null") == {
        "input": "Hi.",
        "user": None,
        "extra_body": 1,
    }


def test_tools_and_a_schema_are_read_from_files(tmp_path: Path) -> None:
    tools, schema = tmp_path / "tools.json", tmp_path / "my city.json"
    tools.write_text('{"type": "web_search"}')
    schema.write_text('{"type": "object", "properties": {}, "additionalProperties": false, "required": []}')
    param = 'text={"verbosity":"low"}'
    assert sent("Lyon", "--tools", str(tools), "--json-schema", str(schema), "--param", param) == {
        "input": "Lyon",
        "tools": [{"type": "web_search"}],
        "text": {
            "verbosity": "low",
            "format": {
                "type": "json_schema",
                "name": "my_city",
                "schema": json.decode(schema.read_bytes()),
                "strict": True,
            },
        },
    }


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        ({"type": "string"}, True),
        ({"type": "object"}, False),
        ({"properties": {"a": {}}, "required": ["a"]}, False),
        ({"properties": {"a": {}}, "required": [], "additionalProperties": False}, False),
        ({"properties": {"a": {"type": "object"}}, "required": ["a"], "additionalProperties": False}, False),
        ({"anyOf": [{"type": "null"}, {"type": "object"}]}, False),
    ],
)
def test_a_schema_is_strict_where_strict_mode_takes_it(schema: dict[str, Any], strict: bool) -> None:
    assert is_strict(schema) is strict


def test_a_file_may_hold_the_text_format_itself() -> None:
    form = {"name": "n", "schema": {"type": "object"}, "description": "d"}
    assert schema_format(form, "f.json") == {"type": "json_schema", **form}
    assert schema_format({"title": "A b!"}, "f.json")["name"] == "A_b"
    assert schema_format({}, "é.json")["name"] == "answer"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["a", "--input-file", "b"], 2, "INPUT and --input-file exclude each other"),
        (["--input-file", "/nowhere"], 74, "--input-file: cannot read /nowhere: No such file or directory"),
        (["--tools", "/nowhere"], 74, "--tools: cannot read /nowhere"),
        (["--param", "user=me"], 2, "is no JSON; a text is written with its quotes: --param 'user=\"me\"'"),
        (["--param", "user"], 2, "write it as NAME=JSON"),
        (["a", "--wait"], 2, "--wait: of use with --background alone"),
        (["a", "--background", "--deadline", "3"], 2, "--deadline: seconds from 0 to 1e9, with --wait"),
        (["a", "--param", "temperature=9"], 3, "temperature"),
    ],
)
def test_what_makes_no_request_is_said_before_any_is_sent(arguments: list[str], code: int, said: str) -> None:
    ran = refused(*arguments)
    assert ran.code == code
    assert said in " ".join(ran.err.decode().replace('\\"', '"').split())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("body", "[]", "expected a JSON object"),
        ("body", "{", "no JSON"),
        ("tools", "[1]", "expected a JSON array of objects"),
        ("json-schema", "3", "expected a JSON object"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(name: str, content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(content)
    ran = refused("Hello.", f"--{name}", str(path))
    assert ran.code == 2
    assert f"--{name}: {path}: {said}" in ran.err.decode()


def test_an_input_that_is_no_text_is_refused() -> None:
    assert (ran := refused("-", stdin=b"\xff")).code == 2
    assert b"standard input: no text in UTF-8: invalid start byte at byte 0" in ran.err
    assert refused("-", stdin=None).code == 74


def test_a_creation_is_repeated_with_an_idempotency_key_alone() -> None:
    stub = StubTransport.answering(HttpResponse(status=500), json_response(RESPONSE))
    assert run("create", "Hello.", transport=stub, environ=KEY).code == 9
    assert len(stub.requests) == 1
    stub = StubTransport.answering(HttpResponse(status=500), json_response(RESPONSE))
    assert run("create", "Hello.", "--idempotency-key", "k1", transport=stub, environ=KEY).code == 0
    assert [dict(one.headers)["Idempotency-Key"] for one in stub.requests] == ["k1", "k1"]


def test_people_are_shown_the_text_and_programs_the_response() -> None:
    shown = run("create", "Hello.", "--model", "m", "--memory", terminal=True)
    assert (shown.code, shown.out) == (0, b"Hello.\n")
    assert shown.err == b"puresponse: resp_000001 is completed; go on with --previous resp_000001\n"
    piped = run("create", "Hello.", "--model", "m", "--memory")
    assert (piped.code, piped.err, piped.values[0]["id"]) == (0, b"", "resp_000001")


def test_a_text_cannot_control_the_terminal_and_keeps_its_lines() -> None:
    hostile = "one\r\n\ttwo\x1b[2J\u202e\x9b31m\rthree"
    shown = run("create", hostile, "--model", "m", "--memory", terminal=True)
    assert shown.out.decode() == "one\n\ttwo\\x1b[2J\\u202e\\x9b31m\\x0dthree\n"


def test_calls_are_shown_where_there_is_no_text() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "c_1", "name": "f", "arguments": '{"a":"\x9b"}'}
    thought: dict[str, Any] = {"type": "reasoning", "id": "rs_1", "summary": []}
    stub = StubTransport.answering(json_response({**RESPONSE, "output": [thought, call]}))
    ran = run("create", "Hello.", terminal=True, transport=stub, environ=KEY)
    assert ran.out.decode() == '[function_call: f({"a":"\\x9b"})]\n'


def test_one_in_the_background_is_told_of_and_waited_for() -> None:
    queued = json_response({**RESPONSE, "status": "queued", "background": True, "output": []})
    stub = StubTransport.answering(queued)
    ran = run("create", "a", "--background", transport=stub, environ=KEY, terminal=True)
    assert (ran.code, ran.out, ran.err) == (0, b"", b"puresponse: resp_1 is queued: puresponse wait resp_1\n")
    stub = StubTransport.answering(queued, queued, json_response(RESPONSE))
    ran = run("create", "a", "--background", "--wait", transport=stub, environ=KEY)
    assert (ran.code, ran.values[0]["status"]) == (0, "completed")
    assert [one.method for one in stub.requests] == ["POST", "GET", "GET"]


def test_a_wait_that_expires_names_the_response() -> None:
    queued = json_response({**RESPONSE, "status": "queued"})
    stub = StubTransport.answering(*[queued] * 9)
    ran = run("create", "a", "--background", "--wait", "--deadline", "1", transport=stub, environ=KEY)
    assert (ran.code, ran.problems[0]["id"], ran.problems[0]["error"]) == (11, "resp_1", "WaitExpired")


def test_a_response_that_failed_is_a_failure() -> None:
    error = {"code": "server_error", "message": "It broke."}
    stub = StubTransport.answering(json_response({**RESPONSE, "status": "failed", "output": [], "error": error}))
    ran = run("create", "a", transport=stub, environ=KEY)
    assert (ran.code, ran.values[0]["status"]) == (9, "failed")
    assert (ran.problems[0]["code"], ran.problems[0]["message"]) == ("server_error", "It broke.")


def test_a_mistake_of_the_api_is_shown_as_by_other_commands() -> None:
    ran = run("create", "a", "--memory")
    assert (ran.code, ran.out) == (9, b"")
    assert (ran.problems[0]["id"], ran.problems[0]["code"]) == (None, "missing_required_parameter")


# --- of an input alone ---------------------------------------------------------------------------


def test_tokens_are_counted_of_all_that_is_read() -> None:
    given = sent(
        "Hi", "--model", "m", "--previous", "resp_0", "--param", 'personality="friendly"', command="count-tokens"
    )
    assert given == {"model": "m", "input": "Hi", "personality": "friendly", "previous_response_id": "resp_0"}
    assert run("count-tokens", "one two", "--model", "m", "--memory", terminal=True).out.strip().isdigit()
    assert run("count-tokens", "one two", "--model", "m", "--memory").values[0]["object"] == "response.input_tokens"


def test_a_conversation_is_compacted() -> None:
    given = sent("--model", "m", "--previous", "resp_0", "--param", "store=true", command="compact")
    assert given == {"model": "m", "previous_response_id": "resp_0", "store": True}
    assert run("compact", "A story.", "--model", "m", "--memory").values[0]["object"] == "response.compaction"
