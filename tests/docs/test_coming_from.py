"""The page for those who come from the official client: what they wrote exists there, and what they write runs here."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import msgspec
import openai
import pytest
from places import ROOT
from returns.result import Success

import puresponse
from puresponse import (
    CreateArguments,
    FaultPlan,
    MemoryTransport,
    Refused,
    Rule,
    Urllib3Transport,
    VirtualClock,
    create_conversation,
    is_failure,
    list_conversation_items,
    list_input_items,
    retrieve_response,
    run,
    serve,
    value_or_raise,
    with_response,
)

pytestmark = pytest.mark.unmeasured

PAGE = (ROOT / "docs" / "coming-from" / "openai-python.md").read_text(encoding="utf-8")
CLIENT = Path(inspect.getfile(openai)).parent


class Row(msgspec.Struct):
    """A row of a table: its two columns, and the code in them."""

    left: str
    right: str

    @property
    def wrote(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.left)

    @property
    def writes(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.right)


def rows(heading: str) -> list[Row]:
    """The rows of the tables whose first column is called so."""
    found: list[Row] = []
    for table in re.findall(rf"^\| {heading} \|.*\n\|---\|---\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        found += [Row(*line.strip("| ").split(" | ")) for line in table.splitlines()]
    assert found
    return found


WRITTEN = rows("what you wrote")
CAUGHT = rows("what you caught")


class Reading(msgspec.Struct):
    """What a model is to answer with."""

    city: str


@pytest.fixture(scope="module")
def base_url() -> Generator[str]:
    with serve(MemoryTransport()) as url:
        yield url


@pytest.fixture(scope="module")
def theirs(base_url: str) -> Generator[dict[str, Any]]:
    """What the names of the left column are: values of the official client."""
    with openai.OpenAI(base_url=base_url, api_key="any") as client:
        with pytest.raises(openai.NotFoundError) as caught:
            client.responses.retrieve("resp_unheard_of")
        response = client.responses.parse(model="gpt-4o-mini", input='{"city": "Lyon"}', text_format=_pydantic())
        yield {
            "openai": openai,
            "client": client,
            "response": response,
            "page": client.responses.input_items.list("resp_long"),
            "raw": client.responses.with_raw_response.retrieve("resp_chat"),
            "error": caught.value,
        }


def _pydantic() -> Any:
    import pydantic

    return pydantic.create_model("Reading", city=str)


@pytest.fixture
def ours() -> dict[str, Any]:
    """What the names of the right column are."""
    transport = MemoryTransport(script=puresponse.Scripted.of(default='{"city": "Lyon"}'))
    items = [{"type": "message", "role": "user", "content": "Hi"}]
    conversation = value_or_raise(run(create_conversation(items=items), transport)).id
    body, headers, secret = _delivery()
    return {
        **{name: getattr(puresponse, name) for name in dir(puresponse)},
        "Urllib3Transport": Urllib3Transport,
        "transport": transport,
        "items": items,
        "Reading": Reading,
        "conv_1": conversation,
        "msg_1": value_or_raise(run(list_conversation_items(conversation), transport))[0].id,
        "resp_1": "resp_completed_background",
        "page": value_or_raise(run(list_input_items("resp_long"), transport)),
        "kept": value_or_raise(run(with_response(retrieve_response("resp_chat")), transport)),
        "response": value_or_raise(run(retrieve_response("resp_chat"), transport)),
        "parsed": value_or_raise(run(_parsing(), transport)),
        "operation": retrieve_response("resp_chat"),
        "error": run(retrieve_response("resp_unheard_of"), transport).failure(),
        "endpoint": "https://example.openai.azure.com",
        "body": body,
        "headers": headers,
        "secret": secret,
        "now": 1_750_000_000.0,
    }


def _parsing() -> puresponse.Operation[puresponse.Parsed[Reading]]:
    return puresponse.create_parsed_response(Reading, model="gpt-4o-mini", input="Where?")


def _delivery() -> tuple[bytes, dict[str, str], str]:
    """A delivery of an event, signed as the service signs it."""
    import base64
    import hashlib
    import hmac

    key = b"0123456789abcdef0123456789abcdef"
    data = {"id": "resp_chat"}
    event = {"id": "evt_1", "type": "response.completed", "created_at": 1_750_000_000, "data": data, "object": "event"}
    body = msgspec.json.encode(event)
    signed = hmac.digest(key, b"wh_1.1750000000." + body, hashlib.sha256)
    headers = {"webhook-id": "wh_1", "webhook-timestamp": "1750000000"}
    signature = f"v1,{base64.b64encode(signed).decode()}"
    return body, {**headers, "webhook-signature": signature}, f"whsec_{base64.b64encode(key).decode()}"


def parsed(code: str) -> ast.Module:
    return ast.parse(f"{code}:\n    pass" if code.startswith("for ") else code)


def resolved(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a dotted name is; an AssertionError where there is no such thing."""
    if isinstance(node, ast.Name):
        assert node.id in names, node.id
        return names[node.id]
    assert isinstance(node, ast.Attribute)
    holder = resolved(node.value, names)
    assert hasattr(holder, node.attr), ast.unparse(node)
    return getattr(holder, node.attr)


@pytest.mark.parametrize("row", [*WRITTEN, *rows("of the exception")], ids=lambda row: row.left[:40])
def test_what_was_written_exists_in_the_official_client(row: Row, theirs: dict[str, Any]) -> None:
    assert row.wrote
    for code in row.wrote:
        for node in ast.walk(parsed(code)):
            if isinstance(node, ast.Attribute) and ast.unparse(node).partition(".")[0] in theirs:
                resolved(node, theirs)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                signature = inspect.signature(resolved(node.func, theirs))
                signature.bind_partial(*node.args, **{word.arg or "": None for word in node.keywords})


@pytest.mark.parametrize(
    "row", [row for row in WRITTEN if not row.right.startswith("none")], ids=lambda row: row.right[:40]
)
def test_what_is_written_in_its_place_runs_against_the_service_in_memory(row: Row, ours: dict[str, Any]) -> None:
    for shown in row.writes:
        code = re.sub(r'"(conv_1|msg_1|resp_1)"', lambda found: repr(ours[found[1]]), shown)
        if code == "transport.close()":
            ours["transport"] = Urllib3Transport()
        if re.fullmatch(r"\w+", code):
            assert code in ours or code in CreateArguments.__annotations__, code
        elif not isinstance(parsed(code).body[0], ast.Expr):
            exec(compile(parsed(code), row.left, "exec"), ours)
        elif code != "time.time()":
            assert_succeeds(eval(code, ours))


def assert_succeeds(value: Any) -> None:
    if inspect.isgenerator(value):
        assert next(value) is not None
    elif value.__class__ is puresponse.Send:
        assert isinstance(run(value, MemoryTransport(), clock=VirtualClock()), Success)
    elif hasattr(value, "failure"):
        assert not is_failure(value), value


def public(thing: Any) -> set[str]:
    return {name for name in dir(thing) if not name.startswith("_")}


def test_every_method_of_the_resources_is_in_the_left_column() -> None:
    text = " ".join(code for row in WRITTEN for code in row.wrote)
    client = openai.OpenAI(api_key="any")
    for name in ("responses", "responses.input_items", "responses.input_tokens", "conversations", "conversations.items",
                 "webhooks"):  # fmt: skip
        thing: Any = client
        for part in name.split("."):
            thing = getattr(thing, part)
        raw = {"with_raw_response", "with_streaming_response"}
        lacking = {one for one in public(thing) - raw if f"client.{name}.{one}" not in text}
        assert lacking == set(), name
    assert "client.responses.with_raw_response." in text
    assert "client.responses.with_streaming_response." in text


def test_every_exception_is_in_the_left_column() -> None:
    kinds = {name for name, thing in [*vars(openai).items()] if _is_exception(thing) and not name.startswith("_")}
    named = {code.removeprefix("openai.") for row in CAUGHT for code in row.wrote if code.startswith("openai.")}
    assert named == kinds


def _is_exception(thing: Any) -> bool:
    return type(thing) is type and issubclass(thing, Exception)  # a resource that is loaded when it is asked is no such


def test_every_argument_of_the_clients_is_in_its_table() -> None:
    named = {code for row in rows("argument of the client") for code in row.wrote} - {"connect"}
    taken = {name for kind in (openai.OpenAI, openai.AzureOpenAI) for name in inspect.signature(kind).parameters}
    assert named == {name for name in taken if not name.startswith("_")}
    arguments = inspect.signature(Urllib3Transport).parameters
    for row in rows("argument of the client"):
        for code in [*row.writes, *(row.wrote if row.right == "the same" else [])]:
            name = re.split(r"\W", code)[0]
            assert name in arguments or hasattr(puresponse, name) or name in {"model", "retrying"}, code


def test_every_variable_of_the_client_is_in_its_table() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in CLIENT.rglob("*.py"))
    read = set(re.findall(r"environ\.get\(\s*\"(\w+)\"", source))
    named = {code for row in rows("variable") for code in row.wrote}
    assert {name for name in read if "OPENAI" in name} == named


STATUSES = {
    match[1]: row.wrote[0] for row in CAUGHT if (match := re.fullmatch(r"`case ApiError\(status=(\d+)\)`", row.right))
} | {"500": "openai.InternalServerError", "503": "openai.InternalServerError"}


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_is_the_exception_on_the_left_and_the_case_on_the_right(status: str) -> None:
    plan = FaultPlan((Rule(Refused(int(status))),))
    with (
        serve(MemoryTransport(faults=plan)) as url,
        openai.OpenAI(base_url=url, api_key="any", max_retries=0) as client,
        pytest.raises(openai.APIStatusError) as caught,
    ):
        client.responses.retrieve("resp_chat")
    assert f"openai.{type(caught.value).__name__}" == STATUSES[status]
    error = run(retrieve_response("resp_chat"), MemoryTransport(faults=plan)).failure()
    assert matches(f"case ApiError(status={status})", error)


def matches(case: str, error: Any) -> bool:
    names = {**vars(puresponse), **{name: getattr(puresponse, name) for name in dir(puresponse)}, "error": error}
    exec(f"match error:\n    {case}:\n        matched = True\n    case _:\n        matched = False", names)
    return bool(names["matched"])


@pytest.mark.parametrize("row", CAUGHT, ids=lambda row: row.left[:40])
def test_a_case_is_one_of_the_errors(row: Row) -> None:
    for code in row.writes:
        if code.startswith("case "):
            assert not matches(code, None)
