"""The control endpoint loads, resets, moves and refuses, beside the API; and scopes do not see each other."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from controlled import CREATE, Asking, steered
from jsonschema import Draft202012Validator
from msgspec import json, to_builtins

from puresponse.transports import ControlEndpoint, FaultPlan, Rule, Scopes, ServerError, State, sample_state

NOW = 1_750_000_000.0
RESPONSE: dict[str, Any] = {"body": {"id": "resp_2"}, "input_items": [], "positions": {}}


@pytest.fixture
def ask() -> Generator[Asking]:
    with steered() as asking:
        yield asking


# Where it is


def test_it_is_beside_the_api_which_knows_nothing_of_it(ask: Asking) -> None:
    assert set(ask.control("GET", "")) >= {"/_puresponse/script", "/_puresponse/clock"}
    assert ask("GET", "/v1/_puresponse/clock")["error"]["type"] == "invalid_request_error"
    assert ask.status == 404


@pytest.mark.parametrize(("path", "prefix"), [("/v1", "/v1/_puresponse"), ("/v1", "/v1"), ("/a/v1", "/a"), ("", "/")])
def test_a_place_under_the_path_of_the_api_or_above_it_is_refused(path: str, prefix: str) -> None:
    with pytest.raises(ValueError, match=r"^prefix: '.*' is not beside the path of the API, '.*'$"):
        ControlEndpoint(Scopes(), path=path, prefix=prefix)


def test_an_api_at_the_root_has_none_of_its_paths() -> None:
    with steered(path="") as ask:
        assert ask.control("GET", "clock")["scope"] == "default"
        assert ask("GET", "/models/gpt-4o-mini")["id"] == "gpt-4o-mini"


def test_what_there_is_not_is_told(ask: Asking) -> None:
    assert ask.refused("GET", "clocks")[:2] == (404, "path")
    assert ask.refused("GET", "clock/now")[:2] == (404, "path")
    assert ask.refused("POST", "clock", {"move": 1})[:2] == (405, "method")
    assert ask.headers["allow"] == "GET, HEAD, PUT, OPTIONS"
    assert ask.refused("GET", "clock?colour=red") == (400, "query colour", "there is no parameter 'colour' here")


def test_its_answers_are_json_that_nobody_keeps(ask: Asking) -> None:
    ask.control("GET", "clock")
    assert (ask.headers["content-type"], ask.headers["cache-control"]) == ("application/json", "no-store")


# Scripts and faults


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_script_is_loaded_and_begins_anew(ask: Asking, method: str) -> None:
    assert ask.control(method, "script", ["One", "Two"]) == {"scope": "default"}
    assert (ask.said(), ask.said()) == ("One", "Two")
    ask.control(method, "script", ["Three"])
    assert ask.said() == "Three"
    ask.said()
    assert ask.status == 400


def test_a_plan_is_loaded_and_counts_anew(ask: Asking) -> None:
    ask.said()
    plan = to_builtins(FaultPlan((Rule(ServerError(503), numbers=(1,)),)))
    for _ in range(2):
        ask.control("PUT", "faults", plan)
        ask.said()
        assert ask.status == 503
        ask.said()
        assert ask.status == 200


@pytest.mark.parametrize(
    ("path", "given", "place"),
    [
        ("script", b"", "$"),
        ("script", b"[", "$"),
        ("script", b'["\xff"]', "$"),
        ("script", ["One", 2], "$.replies[1]"),
        ("script", {"replies": [], "colour": "red"}, "$.colour"),
        ("script", {"replies": [{"when": {"modell": "m"}}]}, "$.replies[0].when.modell"),
        ("script", {"replies": [{"no member": 1}]}, '$.replies[0]["no member"]'),
        ("faults", {"rules": [{"fault": {"fault": "Delay", "seconds": "1"}}]}, "$.rules[0].fault.seconds"),
        ("faults", {"rules": [{"fault": {"fault": "Delay", "seconds": 1}, "chance": 2}]}, "$.rules[0].chance"),
        ("clock", {"freeze": True, "move": 1}, "$"),
        ("clock", {}, "$"),
        ("clock", {"move": "1"}, "$.move"),
        ("clock", {"colour": "red"}, "$"),
        ("clock", {"set": -1}, "$"),
        ("state", {"responses": 1}, "$.responses"),
        ("state", {"responses": {"groups": {}}, "colour": "red"}, "$.colour"),
        ("state", {"responses": {"groups": {}}, "models": [{"id": 1}]}, "$.models[0].id"),
        (
            "state",
            {"responses": {"groups": {"_1": {"resp_1": RESPONSE}}}},
            "$.responses.groups['_1']['resp_1'].body.id",
        ),
    ],
)
def test_what_is_not_what_it_is_to_be_is_refused_with_the_place_and_changes_nothing(
    ask: Asking, path: str, given: Any, place: str
) -> None:
    ask.control("PUT", "clock", {"freeze": NOW})
    ask.control("PUT", "script", ["Still."])
    before = ask.control("GET", "state"), ask.control("GET", "clock")
    status, where, why = ask.refused("PUT", path, given)
    assert (status, where) == (400, place)
    assert why
    assert (ask.control("GET", "state"), ask.control("GET", "clock")) == before
    assert ask.said() == "Still."


def test_a_body_that_is_too_large_is_refused(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("puresponse.transports.control.endpoint.MOST_BYTES", 20)
    assert ask.refused("PUT", "script", ["x" * 20])[:2] == (413, "$")


def test_each_body_has_a_schema_that_takes_what_is_taken(ask: Asking) -> None:
    schemas = ask.control("GET", "schema")
    assert set(schemas) == {"script", "faults", "state", "clock"}
    given: dict[str, Any] = {
        "script": ["One"],
        "faults": json.decode(json.encode(FaultPlan((Rule(ServerError()),)))),
        "state": ask.control("GET", "state"),
        "clock": {"freeze": NOW},
    }
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        validator: Any = Draft202012Validator(schema)
        validator.validate(given[name])
        assert name == "state" or not validator.is_valid({"colour": "red"})
        ask.control("PUT", name, given[name])


# State and reset


def test_a_state_is_taken_out_and_put_in(ask: Asking) -> None:
    ask("POST", "/v1/responses", {**CREATE, "background": True})
    state = ask.control("GET", "state")
    ask("DELETE", "/v1/responses/resp_000001")
    ask.control("PUT", "state", state)
    ask("GET", "/v1/responses/resp_000001")
    assert ask.status == 200
    assert ask.scopes.default.state.issued == state["issued"]


def test_a_state_keeps_the_dialect_of_the_server(ask: Asking) -> None:
    ask.control("PUT", "state", to_builtins(State(dialect=sample_state().dialect)) | {"dialect": {"envelope": "bare"}})
    assert "error" in ask("GET", "/v1/responses/resp_nobody")


def test_a_reset_makes_all_of_it_as_it_was_at_first(ask: Asking) -> None:
    ask.control("PUT", "script", ["One"])
    ask.control("PUT", "clock", {"freeze": NOW})
    assert ask.said() == "One"
    ask.control("PUT", "faults", to_builtins(FaultPlan((Rule(ServerError()),))))
    ask.control("POST", "reset")
    assert ask.said() == "Hello!"
    (entry,) = ask.control("GET", "journal")["entries"]
    assert (entry["number"], entry["response"]["body"]["id"]) == (1, "resp_000001")
    assert not ask.control("GET", "clock")["frozen"]
    assert ask.refused("POST", "reset", {"colour": "red"})[:2] == (400, "$")


# The clock


def test_a_background_response_completes_as_the_clock_is_moved(ask: Asking) -> None:
    assert ask.control("PUT", "clock", {"freeze": NOW}) == {
        "scope": "default",
        "now": NOW,
        "frozen": True,
        "waiting": [],
    }
    created = ask("POST", "/v1/responses", {**CREATE, "background": True})
    statuses = [created["status"]]
    for seconds in (1, 2):
        ask.control("PUT", "clock", {"move": seconds})
        statuses.append(ask("GET", f"/v1/responses/{created['id']}")["status"])
    assert statuses == ["queued", "in_progress", "completed"]
    ask.control("PUT", "clock", {"set": NOW + 0.5})
    assert ask("GET", f"/v1/responses/{created['id']}")["status"] == "queued"
    assert ask.control("PUT", "clock", {"run": True})["frozen"] is False


@pytest.mark.parametrize("move", [{"freeze": 0}, {"set": 0}, {"move": -NOW}])
def test_a_time_may_be_0(ask: Asking, move: dict[str, float]) -> None:
    ask.control("PUT", "clock", {"freeze": NOW})
    assert ask.control("PUT", "clock", move)["now"] == 0
    assert ask.control("PUT", "clock", {"move": 0})["now"] == 0


# Scopes


def test_scopes_share_nothing_but_the_server(ask: Asking) -> None:
    a, b = {"x_puresponse_scope": "a"}, {"x_puresponse_scope": "b"}
    ask.control("PUT", "script", ["of a", "again of a"], **a)
    ask.control("PUT", "script", ["of b"], **b)
    ask.control("PUT", "clock", {"freeze": NOW}, **a)
    assert [ask.said(**scope) for scope in (a, b, a, {})] == ["of a", "of b", "again of a", "Hello!"]
    ids = [
        [entry["response"]["body"]["id"] for entry in ask.control("GET", "journal", **scope)["entries"]]
        for scope in (a, b)
    ]
    assert ids == [["resp_000001", "resp_000004"], ["resp_000001"]]
    assert ask.control("GET", "clock", **a)["frozen"]
    assert not ask.control("GET", "clock", **b)["frozen"]


@pytest.mark.parametrize(
    "headers",
    [
        {"x_puresponse_scope": " a "},
        {"authorization": "Bearer sk-scope-a"},
        {"api_key": "sk-scope-a"},
        {"authorization": "Bearer sk-scope-b", "x_puresponse_scope": "a"},
    ],
)
def test_a_request_is_of_the_scope_that_its_header_or_its_key_names(ask: Asking, headers: dict[str, str]) -> None:
    ask.control("PUT", "script", ["of a"], **headers)
    assert ask.said(x_puresponse_scope="a") == "of a"
    assert ask.control("GET", "journal?scope=a", authorization="Bearer sk-scope-c")["scope"] == "a"


def test_without_a_name_it_is_of_the_default_one_whatever_its_key(ask: Asking) -> None:
    ask.said(authorization="Bearer sk-mine")
    assert ask.control("GET", "journal", authorization="Bearer sk-other")["entries"][0]["scope"] == "default"


def test_a_name_that_is_none_is_refused_and_not_repeated(ask: Asking) -> None:
    for headers, place in (
        ({"authorization": "Bearer sk-scope-a/b"}, "the key"),
        ({"x_puresponse_scope": "a/b"}, "header x-puresponse-scope"),
    ):
        assert ask.refused("GET", "clock", **headers)[:2] == (400, place)
        error = ask("POST", "/v1/responses", CREATE, **headers)["error"]
        assert (ask.status, error["code"]) == (400, "invalid_scope")
        assert place in error["message"]
        assert "a/b" not in error["message"]
    assert ask.refused("GET", "clock?scope=")[:2] == (400, "query scope")


def test_there_are_no_more_scopes_than_there_may_be_and_none_is_forgotten() -> None:
    with steered(Scopes(most=2)) as ask:
        ask.control("PUT", "script", ["of a"], x_puresponse_scope="a")
        assert ask.refused("GET", "clock", x_puresponse_scope="b")[:2] == (409, "scope")
        error = ask("POST", "/v1/responses", CREATE, x_puresponse_scope="b")["error"]
        assert (ask.status, error["code"]) == (400, "too_many_scopes")
        assert ask.said(x_puresponse_scope="a") == "of a"
        assert ask.control("DELETE", "scopes/a") == {"deleted": ["a"]}
        assert ask.said(x_puresponse_scope="b") == "Hello!"
    with pytest.raises(ValueError, match=r"^most: must be 1 or more, got 0$"):
        Scopes(most=0)


def test_scopes_are_listed_and_deleted(ask: Asking) -> None:
    ask.control("PUT", "clock", {"freeze": NOW}, x_puresponse_scope="a")
    assert ask.refused("DELETE", "scopes/b")[:2] == (404, "path")
    assert [scope["scope"] for scope in ask.control("GET", "scopes")["scopes"]] == ["default", "a"]
    ask.control("PUT", "script", ["of the default one"])
    assert ask.control("DELETE", "scopes") == {"deleted": ["default", "a"]}
    assert [scope["scope"] for scope in ask.control("GET", "scopes")["scopes"]] == ["default"]
    assert ask.said() == "Hello!"
    assert ask.refused("GET", "scopes/a")[:2] == (405, "method")


def test_every_scope_is_reset_at_once_where_all_are_named(ask: Asking) -> None:
    for scope in ("a", "b"):
        ask.control("PUT", "script", ["once"], x_puresponse_scope=scope)
    assert ask.control("POST", "reset?scope=*")["scopes"] == ["default", "a", "b"]
    assert ask.said(x_puresponse_scope="a") == ask.said(x_puresponse_scope="b") == "Hello!"
    assert ask.refused("GET", "clock?scope=*")[:2] == (400, "query scope")


# Who may


@pytest.mark.parametrize(
    ("headers", "place"),
    [
        ({"origin": "https://example.com"}, "header origin"),
        ({"origin": "null"}, "header origin"),
        ({"sec_fetch_site": "cross-site"}, "header sec-fetch-site"),
        ({"sec_fetch_site": "same-site"}, "header sec-fetch-site"),
    ],
)
def test_a_web_page_may_not_steer_it(ask: Asking, headers: dict[str, str], place: str) -> None:
    assert ask.refused("PUT", "script", ["Mine."], **headers)[:2] == (403, place)
    assert ask.said() == "Hello!"


def test_a_page_of_an_origin_that_is_allowed_may() -> None:
    with steered(origins=("http://localhost:5173", "*")) as ask:
        ask.control("PUT", "script", ["Mine."], origin="http://localhost:5173", sec_fetch_site="same-site")
        assert ask.refused("POST", "reset", origin="https://example.com")[:2] == (403, "header origin")


def test_a_name_of_the_server_that_leads_anywhere_is_refused() -> None:
    with steered() as ask:
        assert ask.refused("POST", "reset", host="rebound.example.com")[:2] == (421, "header host")
    with steered(hosts=("steered.example.com",)) as ask:
        ask.control("POST", "reset", host="steered.example.com:8080")


def test_where_the_server_asks_for_a_key_the_endpoint_does_too() -> None:
    with steered(api_key="sk-right") as ask:
        for key in ("", "Bearer", "Bearer sk-wrong", "Basic sk-right", "Bearer sk-scope-a"):
            status, place, message = ask.refused("POST", "reset", authorization=key)
            assert (status, place) == (401, "header authorization")
            assert "sk-right" not in message
        ask.control("PUT", "script", ["of a"], authorization="Bearer sk-right", x_puresponse_scope="a")
        assert ask.said(authorization="Bearer sk-right", x_puresponse_scope="a") == "of a"
    assert "sk-right" not in repr(ControlEndpoint(Scopes(), api_key="sk-right"))
