"""The journal of a scope says what was asked and answered, without credentials, and no more than so much of it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from controlled import CREATE, Asking, steered
from msgspec import json, to_builtins

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import CutStream, FaultPlan, Reset, Rule, ServerError
from puresponse.transports.control.journal import Journal, Wanted
from puresponse.transports.memory.service import Answered

NOW = 1_750_000_000.0
TAKEN = {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}


@pytest.fixture
def ask() -> Generator[Asking]:
    with steered() as asking:
        asking.control("PUT", "clock", {"freeze": NOW})
        yield asking


def entries(ask: Asking, query: str = "", **headers: str) -> list[Any]:
    found: list[Any] = ask.control("GET", f"journal{query}", **headers)["entries"]
    return found


def numbers(ask: Asking, query: str) -> list[int]:
    return [entry["number"] for entry in entries(ask, query)]


def test_an_entry_has_the_request_and_the_answer(ask: Asking) -> None:
    ask("GET", "/v1/responses/resp_none/input_items?limit=5&include=a&include=b", x_mine="1")
    answer = ask.control("GET", "journal")
    (entry,) = answer["entries"]
    assert (answer["scope"], answer["dropped"]) == ("default", 0)
    request, response = entry.pop("request"), entry.pop("response")
    assert entry == {"number": 1, "scope": "default", "at": NOW}
    assert {name: value for name, value in request["headers"].items() if name not in TAKEN} == {
        "content-type": "application/json",
        "x-mine": "1",
    }
    del request["headers"]
    assert request == {
        "method": "GET",
        "path": "/responses/resp_none/input_items",
        "query": {"limit": ["5"], "include": ["a", "b"]},
        "body": None,
    }
    assert (response["at"], response["status"]) == (NOW, 404)
    assert response["headers"]["x-request-id"] == "req_000001"
    assert response["body"]["error"]["type"] == "invalid_request_error"


def test_a_body_is_as_it_was_written_json_or_not(ask: Asking) -> None:
    for body in (b'{"model": "m", "input": "x", "temperature": 1.0}', b"no JSON", b"\xff\x00"):
        ask("POST", "/v1/responses", body)
    first, second, third = (entry["request"] for entry in entries(ask))
    assert first["body"] == {"model": "m", "input": "x", "temperature": 1.0}
    assert second["body"] == "no JSON"
    assert (third["body"], third["body_base64"]) == (None, "/wA=")


def test_it_is_filtered(ask: Asking) -> None:
    created = ask("POST", "/v1/responses", CREATE)["id"]
    ask("GET", f"/v1/responses/{created}")
    ask("DELETE", f"/v1/responses/{created}")
    ask("GET", f"/v1/responses/{created}")
    assert numbers(ask, "?method=GET") == [2, 4]
    assert numbers(ask, "?path=/responses") == [1]
    assert numbers(ask, "?path=/responses/*") == [2, 3, 4]
    assert numbers(ask, "?status=404") == [4]
    assert numbers(ask, "?since=2") == [3, 4]
    assert numbers(ask, "?method=GET&status=200&path=*&since=1") == [2]
    assert ask.refused("GET", "journal?status=2xx") == (400, "query status", "status is a number, and not '2xx'")
    assert ask.refused("GET", "journal?since=-1")[:2] == (400, "query since")
    assert ask.refused("GET", "journal?colour=red")[:2] == (400, "query colour")


def test_what_is_asked_of_the_endpoint_is_not_in_it_and_it_can_be_cleared(ask: Asking) -> None:
    ask.said()
    ask.control("DELETE", "journal")
    assert entries(ask) == []
    ask.said()
    assert numbers(ask, "") == [1]


def test_of_all_scopes_it_is_in_the_order_in_which_they_were_asked(ask: Asking) -> None:
    for scope in ("b", "a", "b"):
        ask.said(x_puresponse_scope=scope)
    assert [(entry["scope"], entry["number"]) for entry in entries(ask, "?scope=*")] == [("b", 1), ("a", 1), ("b", 2)]
    assert ask.refused("GET", "journal?scope=*&since=1")[:2] == (400, "query since")


def test_no_credential_is_in_it(ask: Asking) -> None:
    tool = {"type": "mcp", "server_label": "m", "server_url": "https://example.com", "authorization": "hush"}
    body = {**CREATE, "tools": [{**tool, "headers": {"X-Api-Key": "hush"}}], "metadata": {"password": "hush", "a": "b"}}
    given: dict[str, Any] = {"cookie": "hush", "x_csrf_token": "hush", "api_key": "hush"}
    ask("POST", "/v1/responses?sig=hush", body, authorization="Bearer sk-scope-a", **given)
    shown = json.encode(ask.control("GET", "journal?scope=*"))
    assert b"hush" not in shown
    assert b"sk-scope" not in shown
    (entry,) = entries(ask, "?scope=a")
    assert entry["request"]["body"]["metadata"] == {"password": "[redacted]", "a": "b"}


def test_no_credential_of_a_request_made_by_hand_or_of_an_answer_is_in_it() -> None:
    journal = Journal("a")
    given = (("set-cookie", "hush"), ("a", "1"), ("A", "2"))
    answer = Answered(HttpResponse(status=200, headers=given), NOW)
    journal.add(NOW, HttpRequest("GET", "/models", query=(("sig", "hush"),), headers=(("cookie", "hush"),)), answer)
    (entry,) = journal.entries(Wanted())
    shown = entry.shown(NOW)
    assert b"hush" not in json.encode(shown)
    assert b"hush" not in json.encode(entry.request)
    assert shown["response"]["headers"] == {"set-cookie": "[redacted]", "a": "1, 2"}


def test_what_is_not_due_is_not_answered(ask: Asking) -> None:
    late = Answered(HttpResponse(status=200), NOW + 60)
    ask.scopes.default.journal.add(NOW, HttpRequest("GET", "/models"), late)
    (entry,) = entries(ask)
    assert entry["response"] is None
    ask.control("PUT", "clock", {"move": 60})
    assert entries(ask)[0]["response"]["at"] == NOW + 60


def test_a_stream_is_in_it_event_by_event_as_they_are_due(ask: Asking) -> None:
    ask.control("PUT", "clock", {"run": True})
    ask("POST", "/v1/responses", {**CREATE, "stream": True})
    (entry,) = entries(ask)
    events = entry["response"]["events"]
    assert entry["response"]["ended"] is True
    assert [event["event"] for event in events[:1] + events[-1:]] == ["response.created", "response.completed"]
    assert [event["data"]["sequence_number"] for event in events] == list(range(len(events)))
    ask.control("PUT", "clock", {"freeze": events[0]["at"]})
    ask.control("PUT", "clock", {"set": events[0]["at"] - 1})
    assert entries(ask)[0]["response"] is None


def test_a_stream_that_takes_time_has_the_events_that_are_due_and_has_not_ended(ask: Asking) -> None:
    ask.control("PUT", "script", [{"text": "one two three", "life": {"answering": 60}}])
    ask.scopes.default.open(HttpRequest("POST", "/responses", body=json.encode({**CREATE, "stream": True})))
    counts: list[int] = []
    for seconds in (0, 30, 30):
        ask.control("PUT", "clock", {"move": seconds})
        (entry,) = entries(ask)
        counts.append(len(entry["response"]["events"]))
        assert entry["response"]["ended"] is (len(counts) == 3)
        assert all(event["at"] <= NOW + 60 for event in entry["response"]["events"])
    assert 0 < counts[0] < counts[1] < counts[2]


def test_what_breaks_off_is_told(ask: Asking) -> None:
    plan = FaultPlan((Rule(Reset(), path="/models"), Rule(ServerError(), method="DELETE"), Rule(CutStream(events=2))))
    ask.control("PUT", "faults", to_builtins(plan))
    for method, path, given in (
        ("GET", "/v1/models", None),
        ("POST", "/v1/responses", {**CREATE, "stream": True}),
        ("DELETE", "/v1/responses/resp_1", None),
    ):
        with pytest.raises(ConnectionResetError) if method != "DELETE" else steered():
            ask(method, path, given)
    reset, cut, refused = (entry["response"] for entry in entries(ask))
    assert reset == {"at": NOW, "status": None, "broken": "reset"}
    assert (cut["status"], cut["broken"], len(cut["events"])) == (200, "truncated", 2)
    assert (refused["status"], "broken" in refused) == (500, False)


# The journal itself


def filled(journal: Journal, *bodies: bytes) -> list[int]:
    for body in bodies:
        journal.add(NOW, HttpRequest("POST", "/responses", body=body), Answered(HttpResponse(status=200), NOW))
    return [entry.number for entry in journal.entries(Wanted())]


def test_the_oldest_are_dropped_where_there_are_too_many() -> None:
    journal = Journal("a", entries=2)
    assert filled(journal, b"1", b"2", b"3") == [2, 3]
    assert journal.dropped == 1


def test_the_oldest_are_dropped_where_they_are_too_large_but_never_the_last() -> None:
    journal = Journal("a", bytes=3000)
    assert filled(journal, b"1", b"2" * 1500, b"3" * 1000) == [3]
    assert filled(journal, b"4") == [3, 4]
    assert filled(journal, b"5" * 5000) == [5]
    assert filled(journal, b"6") == [6]
    assert journal.dropped == 5
