"""`puresponse conversations` and `puresponse models`: what is sent, and what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_lines import run
from msgspec import json

from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import StubTransport, json_response

KEY = {"OPENAI_API_KEY": "k"}
CONVERSATION: dict[str, Any] = {"id": "conv_1", "object": "conversation", "created_at": 1, "metadata": {}}
OF_GROUP = "conversations"


def table(*arguments: str) -> list[str]:
    """The rows of what a command on the service in memory shows."""
    ran = run(*arguments, "--memory", "--table")
    assert (ran.code, ran.err) == (0, b"")
    return ran.out.decode().splitlines()[1:]


def sent(*arguments: str, stdin: bytes = b"") -> Any:
    """The body that a command line sends."""
    stub = StubTransport.answering(json_response(CONVERSATION))
    run(OF_GROUP, *arguments, stdin=stdin, transport=stub, environ=KEY)
    return json.decode(stub.requests[0].body or b"")


def test_a_conversation_begins_with_items_and_metadata(tmp_path: Path) -> None:
    items = tmp_path / "items.json"
    items.write_text('{"role": "developer", "content": "Be brief."}')
    assert sent("create", "-", "--items", str(items), "--metadata", "a=b=c", "--metadata", "d=", stdin=b"Hi.\n") == {
        "items": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi."}],
        "metadata": {"a": "b=c", "d": ""},
    }
    assert sent("create") == {}


def test_metadata_is_replaced_or_taken_away() -> None:
    assert sent("update", "conv_1", "--metadata", "a=b") == {"metadata": {"a": "b"}}
    assert sent("update", "conv_1", "--clear") == {"metadata": {}}


def test_a_conversation_is_shown_changed_and_deleted() -> None:
    memory = MemoryTransport()

    def there(*arguments: str) -> tuple[int, list[Any]]:
        ran = run(OF_GROUP, *arguments, transport=memory, environ={"PURESPONSE_MEMORY": "1"})
        return ran.code, ran.values

    assert there("retrieve", "conv_weather")[1][0]["metadata"] == {"topic": "weather"}
    assert there("add-item", "conv_weather", "And in Paris?")[1][0]["content"][0]["text"] == "And in Paris?"
    assert [one["id"] for one in there("items", "conv_weather", "--all", "--order", "asc")[1]][:2] == [
        "msg_weather_1",
        "msg_weather_2",
    ]
    assert there("item", "conv_weather", "msg_weather_2")[1][0]["role"] == "assistant"
    assert there("delete-item", "conv_weather", "msg_weather_1")[1][0]["id"] == "conv_weather"
    assert len(there("items", "conv_weather")[1]) == 2
    assert there("delete", "conv_weather")[1] == [{"id": "conv_weather", "outcome": "deleted"}]
    assert there("delete", "conv_weather")[0] == 6
    assert there("delete", "conv_weather", "--missing-ok")[0] == 0


def test_people_have_tables() -> None:
    assert [row.split() for row in table(OF_GROUP, "retrieve", "conv_weather")] == [
        ["conv_weather", "2025-06-15", "15:06", "topic=weather"]
    ]
    assert table(OF_GROUP, "items", "conv_weather", "--limit", "2")[1].endswith("How is the weather in Lyon?")
    assert table("models", "o4-mini") == ["o4-mini  2025-06-15 15:06  system"]


def test_a_page_says_where_to_go_on() -> None:
    ran = run(OF_GROUP, "items", "conv_weather", "--limit", "1", "--memory")
    assert ran.problems[0]["note"].startswith("conv_weather has more items: go on with --after msg_weather_2")


def test_many_conversations_are_not_deleted_without_being_asked_for() -> None:
    stub = StubTransport.answering()
    ran = run(OF_GROUP, "delete", "conv_1", "conv_2", transport=stub, environ=KEY)
    assert (ran.code, stub.requests) == (15, ())
    assert "to delete many conversations" in ran.problems[0]["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["update", "conv_1"], "--clear"),
        (["update", "conv_1", "--clear", "--metadata", "a=b"], "--clear"),
        (["add-item", "conv_1"], "name what is to be added"),
        (["create", "--metadata", "a"], "--metadata a: write it as KEY=VALUE"),
    ],
)
def test_what_says_nothing_or_too_much_is_a_usage_error(arguments: list[str], said: str) -> None:
    stub = StubTransport.answering()
    ran = run(OF_GROUP, *arguments, transport=stub, environ=KEY)
    assert (ran.code, stub.requests) == (2, ())
    assert said in " ".join(ran.err.decode().split())


def test_models_are_listed_and_shown() -> None:
    assert [one["id"] for one in run("models", "--memory").values][:2] == ["gpt-4o-mini", "gpt-4.1-mini"]
    ran = run("models", "o4-mini", "nope", "--memory", "--concurrency", "1")
    assert ([one["id"] for one in ran.values], ran.code) == (["o4-mini"], 6)
