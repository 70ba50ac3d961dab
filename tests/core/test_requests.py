"""What a caller may say of any request: headers, query, members of the body, a timeout."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, json

from puresponse.core import HttpRequest, InvalidArgument, Pairs, delete_response
from puresponse.core.combinators.additions import RequestOptions
from puresponse.core.endpoints.request_options import json_request, list_request, with_extras
from puresponse.core.http import LONGEST_TIMEOUT

GET = HttpRequest("GET", "/responses/resp_1", (("include[]", "a"), ("limit", "5")), (("Accept", "x"),), idempotent=True)


def request_of(made: HttpRequest | InvalidArgument) -> HttpRequest:
    assert isinstance(made, HttpRequest), made
    return made


def refusal_of(made: object) -> InvalidArgument:
    assert isinstance(made, InvalidArgument), made
    return made


def with_added(
    request: HttpRequest, headers: Any = None, query: Any = None, timeout: Any = None
) -> HttpRequest | InvalidArgument:
    options: RequestOptions = {"extra_headers": headers, "extra_query": query, "timeout": timeout}
    return with_extras(request, options, delete_response)


def posted(body: dict[str, Any], extra_headers: Any = None, timeout: Any = None, **arguments: Any) -> HttpRequest:
    return request_of(
        with_added(request_of(json_request("/responses", body, **arguments)), extra_headers, None, timeout)
    )


# --- nothing added --------------------------------------------------------------------------------


def test_a_request_to_which_nothing_is_added_is_itself() -> None:
    assert with_added(GET) is GET
    assert with_added(GET, {}, {}) == GET


def test_a_body_is_posted_as_json() -> None:
    assert posted({"model": "m", "input": None}) == HttpRequest(
        "POST",
        "/responses",
        headers=(("Content-Type", "application/json"),),
        body=b'{"model":"m","input":null}',
        idempotent=False,
    )


# --- headers --------------------------------------------------------------------------------------


def test_an_extra_header_is_sent() -> None:
    assert request_of(with_added(GET, {"X-Trace": "1"})).headers == (("Accept", "x"), ("X-Trace", "1"))


def test_an_extra_header_goes_before_one_of_the_same_name_in_any_case() -> None:
    assert request_of(with_added(GET, {"ACCEPT": "y"})).headers == (("ACCEPT", "y"),)
    assert posted({}, extra_headers={"content-type": "application/json; v=2"}).headers == (
        ("content-type", "application/json; v=2"),
    )


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\n", "é", 5, None])
def test_a_header_name_is_a_token(name: Any) -> None:
    assert refusal_of(with_added(GET, {name: "x"})).parameter == "extra_headers"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "\0", "ł", 5, None, b"x"])
def test_a_header_value_breaks_no_message_and_is_not_shown(value: Any) -> None:
    refused = refusal_of(with_added(GET, {"X-Session": value}))
    assert refused.parameter == "extra_headers"
    assert "X-Session" in refused.reason
    assert "Evil" not in refused.reason


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "authorization",
        "API-KEY",
        "x-api-key",
        "Cookie",
        "Proxy-Authorization",
        "X-Auth-Token",
        "Ocp-Apim-Subscription-Key",
        "Set-Cookie",
        "x-webhook-signature",
    ],
)
def test_a_credential_is_refused_and_not_shown(name: str) -> None:
    refused = refusal_of(with_added(GET, {"X-Trace": "1", name: "Bearer sk-hidden"}))
    assert refused == InvalidArgument(
        "extra_headers",
        f"given {name!r}; allowed is no credential: that belongs to the transport (`default_headers`)",
    )


@pytest.mark.parametrize("name", ["Idempotency-Key", "x-stainless-lang", "OpenAI-Organization", "X-Client-Request-Id"])
def test_a_header_that_is_no_credential_is_sent_whatever_its_name_sounds_like(name: str) -> None:
    assert (name, "1") in request_of(with_added(GET, {name: "1"})).headers


@pytest.mark.parametrize(
    "name", ["Authorization: Bearer sk-hidden", "X-Auth-Token=sk-hidden", "Bearer sk-hidden", " sk"]
)
def test_of_a_name_that_is_no_token_only_the_beginning_is_shown(name: str) -> None:
    refused = refusal_of(with_added(GET, {name: "x"}))
    assert "tokens" in refused.reason
    assert "sk" not in refused.reason


def test_what_is_no_mapping_of_headers_is_not_shown() -> None:
    wrong: Any = "Authorization: Bearer sk-hidden"
    assert (
        refusal_of(with_added(GET, wrong)).reason == "given 'str'; allowed is a mapping from names to values, or None"
    )


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding"])
def test_a_header_that_follows_from_the_body_is_refused(name: str) -> None:
    assert "follow from the body" in refusal_of(with_added(GET, {name: "1"})).reason


@pytest.mark.parametrize("headers", [[("X-Trace", "1")], "X-Trace: 1", 5])
def test_headers_are_a_mapping(headers: Any) -> None:
    assert "mapping" in refusal_of(with_added(GET, headers)).reason


# --- query ----------------------------------------------------------------------------------------


def query_of(extra: Mapping[str, object], own: Pairs = ()) -> Pairs:
    return request_of(with_added(HttpRequest("GET", "/", own), None, extra)).query


def test_an_extra_parameter_is_sent_after_the_others() -> None:
    assert query_of({"api-version": "preview"}, (("limit", "5"),)) == (("limit", "5"), ("api-version", "preview"))


def test_an_extra_parameter_goes_before_one_of_the_same_name() -> None:
    assert query_of({"limit": 7}, GET.query) == (("include[]", "a"), ("limit", "7"))
    assert query_of({"include": ["b", "c"]}, GET.query) == (("limit", "5"), ("include[]", "b"), ("include[]", "c"))


def test_values_of_every_kind_are_written_as_the_official_client_writes_them() -> None:
    extra = {"s": "x y", "e": "", "i": 3, "f": 0.5, "t": True, "n": False, "none": None, "m": {"a": 1, "b": [2, 3]}}
    assert query_of(extra) == (
        ("s", "x y"),
        ("e", ""),
        ("i", "3"),
        ("f", "0.5"),
        ("t", "true"),
        ("n", "false"),
        ("m[a]", "1"),
        ("m[b][]", "2"),
        ("m[b][]", "3"),
    )


@pytest.mark.parametrize(
    "value", [b"x", object(), {1: 2}, float("nan"), float("inf"), ["\ud800"], {"\udfff": 1}, {1, 2}]
)
def test_what_no_query_can_hold_is_refused(value: Any) -> None:
    assert refusal_of(with_added(GET, None, {"x": value})).parameter == "extra_query"


def test_the_bounds_of_an_integer_are_those_that_any_server_reads() -> None:
    assert query_of({"a": 2**63 - 1, "b": -(2**63 - 1)}) == (("a", str(2**63 - 1)), ("b", str(-(2**63 - 1))))
    for integer in (2**63, -(2**63), 10**5000, -(10**5000)):
        for value in (integer, [integer], {"in": {"deep": [integer]}}):
            assert refusal_of(with_added(GET, None, {"x": value})).parameter == "extra_query"


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ({"api-key": "sk-hidden"}, "api-key"),
        ({"code": "sk-hidden"}, "code"),
        ({"sig": "sk-hidden"}, "sig"),
        ({"limit": 5, "X-Amz-Signature": "sk-hidden"}, "X-Amz-Signature"),
        ({"auth": {"token": "sk-hidden"}}, "auth[token]"),
        ({"a": {"b": [{"clientSecret": "sk-hidden"}]}}, "a[b][][clientSecret]"),
        ({"token": ["sk-hidden", "sk-hidden"]}, "token[]"),
        ({"key": 31337}, "key"),
    ],
)
def test_a_credential_among_the_parameters_is_refused_and_not_shown(extra: dict[str, Any], name: str) -> None:
    expected = InvalidArgument(
        "extra_query", f"given {name!r}; allowed is no credential: that belongs to the transport (`default_query`)"
    )
    assert with_added(GET, None, extra) == expected


def test_a_parameter_that_is_no_credential_is_sent_whatever_its_name_sounds_like() -> None:
    extra = {"page_token": "a", "filter": {"key": "b", "author": "c"}, "max_output_tokens": 5}
    assert query_of(extra) == (
        ("page_token", "a"),
        ("filter[key]", "b"),
        ("filter[author]", "c"),
        ("max_output_tokens", "5"),
    )


def test_a_credential_that_is_left_out_is_none() -> None:
    assert query_of({"api_key": None, "token": []}) == ()


@pytest.mark.parametrize(
    "extra", ["api-key=sk-hidden", {"api-key": b"sk-hidden"}, {"a": {b"sk-hidden": 1}}, [("api-key", "sk-hidden")]]
)
def test_no_value_of_a_refused_query_is_shown(extra: Any) -> None:
    refused = refusal_of(with_added(GET, None, extra))
    assert refused.parameter == "extra_query"
    assert "sk-hidden" not in refused.reason


@pytest.mark.parametrize("query", [[("a", "b")], "a=b", {1: "b"}])
def test_a_query_is_a_mapping_from_strings(query: Any) -> None:
    assert "mapping" in refusal_of(with_added(GET, None, query)).reason


def test_a_query_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "nested too deeply" in refusal_of(with_added(GET, None, {"x": endless})).reason


# --- timeout --------------------------------------------------------------------------------------


def test_a_timeout_is_part_of_the_request() -> None:
    assert request_of(with_added(GET, timeout=3)).timeout == 3.0
    assert posted({}, timeout=0.5).timeout == 0.5
    assert GET.timeout is None


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), LONGEST_TIMEOUT + 1, "3", True])
def test_a_timeout_is_a_number_of_seconds(timeout: Any) -> None:
    refused = refusal_of(with_added(GET, timeout=timeout))
    assert refused.parameter == "timeout"
    assert repr(timeout) in refused.reason


# --- body -----------------------------------------------------------------------------------------


def test_an_extra_member_is_sent_and_goes_before_one_of_the_same_name_whole() -> None:
    request = posted({"model": "m", "text": {"verbosity": "low"}}, extra_body={"text": {"format": None}, "new": [1]})
    assert request.body == b'{"model":"m","text":{"format":null},"new":[1]}'


@pytest.mark.parametrize("body", [[("a", 1)], "x", {1: 2}])
def test_an_extra_body_is_a_mapping_from_strings(body: Any) -> None:
    assert refusal_of(json_request("/", {}, extra_body=body)).parameter == "extra_body"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (object(), "object has no JSON form"),
        (UNSET, "no JSON form"),
        ({"deep": [{1, "a"}, 1j]}, "complex has no JSON form"),
        ("\ud800", "surrogates not allowed"),
        ({(1, 2): 3}, "no JSON form"),
    ],
    ids=["object", "unset", "deep", "surrogate", "key"],
)
def test_what_json_cannot_hold_is_refused_by_name(value: Any, said: str) -> None:
    refused = refusal_of(json_request("/", {"model": "m", "tools": value}))
    assert refused.parameter == "tools"
    assert said in refused.reason
    assert refusal_of(json_request("/", {"model": "m"}, extra_body={"x": value})).parameter == "extra_body"


def test_a_value_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert refusal_of(json_request("/", {"tools": endless})) == InvalidArgument(
        "tools", "it is nested too deeply; allowed is what JSON can hold"
    )


def test_mappings_and_sequences_that_are_no_dicts_and_lists_are_sent_like_them() -> None:
    value = MappingProxyType({"a": deque([1, MappingProxyType({"b": (2,)})])})
    assert (
        posted({"metadata": value}, extra_body={"x": deque("y")}).body == b'{"metadata":{"a":[1,{"b":[2]}]},"x":["y"]}'
    )


names = st.text(st.characters(codec="utf-8"), max_size=10)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
objects = st.dictionaries(names, json_values, max_size=5)


@given(objects, objects)
def test_what_is_sent_is_the_body_with_the_extra_body_over_it(body: dict[str, Any], extra: dict[str, Any]) -> None:
    sent = posted(body, extra_body=extra).body
    assert sent is not None
    assert json.decode(sent) == {**body, **extra}


# --- repeating ------------------------------------------------------------------------------------


def test_a_request_with_an_idempotency_key_may_be_repeated() -> None:
    request = posted({}, idempotency_key="key-1")
    assert request.idempotent
    assert ("Idempotency-Key", "key-1") in request.headers
    assert posted({}, extra_headers={"idempotency-key": "key-2"}).idempotent


def test_a_request_without_one_may_not() -> None:
    assert not posted({}).idempotent
    assert not posted({}, extra_headers={"X-Trace": "1"}).idempotent
    assert not posted({}, extra_headers={"Idempotency-Key": ""}, idempotency_key="overruled").idempotent
    assert posted({}, idempotent=True).idempotent


@pytest.mark.parametrize("key", ["", " ", "a\nb", 5, "ł"])
def test_an_idempotency_key_can_stand_in_a_header(key: Any) -> None:
    assert refusal_of(json_request("/", {}, idempotency_key=key)).parameter == "idempotency_key"


# --- lists ----------------------------------------------------------------------------------------


def test_a_default_of_a_list_is_not_sent() -> None:
    assert request_of(list_request("/x", None, None, 20, "desc")) == HttpRequest("GET", "/x", idempotent=True)


def test_all_else_of_a_list_is() -> None:
    assert request_of(list_request("/x", "msg_1", ["a", "b"], 100, "asc")).query == (
        ("include[]", "a"),
        ("include[]", "b"),
        ("limit", "100"),
        ("order", "asc"),
        ("after", "msg_1"),
    )


@pytest.mark.parametrize(
    ("parameter", "value"), [("after", ""), ("include", "a"), ("limit", 0), ("limit", 101), ("order", "up")]
)
def test_what_a_list_cannot_be_asked_is_refused_by_name(parameter: str, value: Any) -> None:
    arguments: dict[str, Any] = {"after": None, "include": None, "limit": 20, "order": "desc", parameter: value}
    assert refusal_of(list_request("/x", **arguments)).parameter == parameter


# --- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_added(GET, {"X-Trace": "1"}, {"a": [1]}, 3),
        lambda: json_request("/", {"a": 1}, extra_body={"b": 2}, idempotency_key="k"),
    ],
)
def test_what_is_made_twice_is_equal_and_pickles(make: Callable[[], HttpRequest | InvalidArgument]) -> None:
    assert make() == make()
    assert pickle.loads(pickle.dumps(make())) == make()
