"""Each operation on stored responses: the exact request that it sends, and what it makes of every answer."""

import json
from collections.abc import Callable
from typing import Any, Literal, TypeVar
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.codecs import DeletedResponse, Message, Unknown, encode
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    Error,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NotSent,
    Operation,
    Pairs,
    Send,
    cancel_response,
    delete_conversation,
    delete_response,
    fold,
    list_input_items,
    retrieve_response,
)
from puresponse.transports import run

T = TypeVar("T")

RESPONSE: dict[str, object] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1741386163,
    "status": "cancelled",
    "model": "gpt-4o",
    "output": [],
}
OPERATIONS: list[Operation[Any]] = [
    delete_response("resp_1"),
    cancel_response("resp_1"),
    retrieve_response("resp_1"),
    list_input_items("resp_1"),
]
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=["delete", "cancel", "retrieve", "list"])


def request_of(operation: Operation[Any]) -> HttpRequest:
    """What `operation` sends first."""
    assert isinstance(operation, Send)
    return operation.request


def answered(operation: Operation[T], body: bytes, status: int = 200, headers: Pairs = ()) -> Result[T, Error]:
    """What `operation` gives for that answer."""
    return run(operation, lambda _: Success(HttpResponse(status=status, headers=headers, body=body)))


def error_of(result: Result[Any, Error]) -> Error:
    return fold(result, _no_error, _itself)


def _no_error(value: object) -> Error:
    pytest.fail(f"{value!r} is no error")


def _itself(error: Error) -> Error:
    return error


def api_error(status: int, body: bytes, headers: Pairs = ()) -> ApiError:
    """What an answer of that status becomes; the same for every operation."""
    errors = [error_of(answered(operation, body, status, headers)) for operation in OPERATIONS]
    assert errors[1:] == errors[:-1]
    assert isinstance(errors[0], ApiError)
    return errors[0]


def decode_error(result: Result[Any, Error]) -> DecodeError:
    error = error_of(result)
    assert isinstance(error, DecodeError)
    return error


# --- requests -------------------------------------------------------------------------------------


def test_delete_sends_a_delete_without_a_body() -> None:
    assert request_of(delete_response("resp_1")) == HttpRequest(
        "DELETE", "/responses/resp_1", query=(), headers=(), body=None, idempotent=True
    )


def test_cancel_posts_an_empty_body() -> None:
    assert request_of(cancel_response("resp_1")) == HttpRequest(
        "POST", "/responses/resp_1/cancel", query=(), headers=(), body=b"", idempotent=True
    )


def test_retrieve_gets_the_response() -> None:
    assert request_of(retrieve_response("resp_1")) == HttpRequest(
        "GET", "/responses/resp_1", query=(), headers=(), body=None, idempotent=True
    )


def test_retrieve_sends_each_include() -> None:
    request = request_of(retrieve_response("resp_1", include=["reasoning.encrypted_content", "new.thing"]))
    assert request.query == (("include[]", "reasoning.encrypted_content"), ("include[]", "new.thing"))


def test_list_input_items_gets_the_items() -> None:
    assert request_of(list_input_items("resp_1")) == HttpRequest(
        "GET", "/responses/resp_1/input_items", query=(), headers=(), body=None, idempotent=True
    )


def test_list_input_items_sends_what_differs_from_the_defaults() -> None:
    request = request_of(
        list_input_items("resp_1", after="msg_9", include=("a.b", "c.d"), limit=100, order="asc"),
    )
    assert sorted(request.query) == [
        ("after", "msg_9"),
        ("include[]", "a.b"),
        ("include[]", "c.d"),
        ("limit", "100"),
        ("order", "asc"),
    ]
    assert [value for name, value in request.query if name == "include[]"] == ["a.b", "c.d"]


def test_a_default_given_is_not_sent_either() -> None:
    given_all = list_input_items("resp_1", after=None, include=None, limit=20, order="desc")
    assert given_all == list_input_items("resp_1")
    assert list_input_items("resp_1", include=[]) == list_input_items("resp_1")
    assert retrieve_response("resp_1", include=[]) == retrieve_response("resp_1")


@pytest.mark.parametrize("limit", [1, 19, 21, 100])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_every_allowed_limit_and_order_is_sent(limit: int, order: Literal["asc", "desc"]) -> None:
    query = dict(request_of(list_input_items("resp_1", limit=limit, order=order)).query)
    assert query == {"limit": str(limit)} | ({"order": "asc"} if order == "asc" else {})


BUILDERS: list[Callable[..., Operation[Any]]] = [delete_response, cancel_response, retrieve_response, list_input_items]
each_builder = pytest.mark.parametrize("build", BUILDERS)


@each_builder
def test_a_caller_adds_headers_query_and_timeout_to_any_request(build: Callable[..., Operation[Any]]) -> None:
    added = build("resp_1", extra_headers={"X-Trace": "t1"}, extra_query={"a": 1, "b": [True, "x"]}, timeout=5)
    plain = request_of(build("resp_1"))
    assert request_of(added) == replace(
        plain, headers=(("X-Trace", "t1"),), query=(("a", "1"), ("b[]", "true"), ("b[]", "x")), timeout=5.0
    )


@each_builder
def test_what_a_caller_adds_does_not_change_what_receives_the_answer(build: Callable[..., Operation[Any]]) -> None:
    plain, added = build("resp_1"), build("resp_1", timeout=1.5)
    assert answered(added, b"") == answered(plain, b"")
    assert type(added) is type(plain)


@each_builder
def test_nothing_added_changes_nothing(build: Callable[..., Operation[Any]]) -> None:
    assert build("resp_1", extra_headers={}, extra_query={}) == build("resp_1")
    assert build("resp_1", extra_headers=None, extra_query=None, timeout=None) == build("resp_1")


@each_builder
@pytest.mark.parametrize(
    ("parameter", "given"),
    [
        ("extra_headers", {"Authorization": "Bearer sk-secret"}),
        ("extra_headers", {"Content-Length": "3"}),
        ("extra_headers", {"a": "b\r\nc: d"}),
        ("extra_headers", "a: b"),
        ("extra_query", "a=b"),
        ("extra_query", {"a": object()}),
        ("extra_query", {"a": "\ud800"}),
        ("extra_query", {"a": 10**5_000}),
        ("timeout", 0),
        ("timeout", "5"),
        ("timeout", True),
        ("timeout", float("nan")),
        ("timeout", 10**400),
    ],
)
def test_a_bad_addition_is_an_invalid_argument(
    build: Callable[..., Operation[Any]], parameter: str, given: Any
) -> None:
    added: dict[str, Any] = {parameter: given}
    operation = build("resp_1", **added)
    assert isinstance(operation, Done)
    error = error_of(operation.result)
    assert isinstance(error, InvalidArgument)
    assert error.parameter == parameter
    assert "sk-secret" not in str(error)


def test_a_cancellation_may_have_a_body_of_its_own() -> None:
    request = request_of(cancel_response("resp_1", extra_body={"reason": "late"}, extra_headers={"X-Trace": "t1"}))
    assert (request.method, request.path, request.idempotent) == ("POST", "/responses/resp_1/cancel", True)
    assert json.loads(request.body or b"") == {"reason": "late"}
    assert sorted(request.headers) == [("Content-Type", "application/json"), ("X-Trace", "t1")]


def test_what_a_caller_adds_goes_before_what_the_operation_says() -> None:
    request = request_of(list_input_items("resp_1", limit=5, order="asc", extra_query={"limit": 7}))
    assert sorted(request.query) == [("limit", "7"), ("order", "asc")]


@pytest.mark.parametrize(
    ("response_id", "segment"),
    [
        ("resp_AZaz09-._~", "resp_AZaz09-._~"),
        ("a b", "a%20b"),
        ("a%2Fb", "a%252Fb"),
        ("a?b#c", "a%3Fb%23c"),
        ("a+b&c=d", "a%2Bb%26c%3Dd"),
        ("a:b@c;d", "a%3Ab%40c%3Bd"),
        ("a\r\nHost: evil", "a%0D%0AHost%3A%20evil"),
        ("\x00", "%00"),
        ("ä€𝄞", "%C3%A4%E2%82%AC%F0%9D%84%9E"),
        ("\ud800", "%ED%A0%80"),
        ("...", "..."),
        (" ", "%20"),
    ],
)
def test_an_odd_id_is_percent_encoded(response_id: str, segment: str) -> None:
    assert request_of(delete_response(response_id)).path == f"/responses/{segment}"
    assert request_of(cancel_response(response_id)).path == f"/responses/{segment}/cancel"
    assert request_of(retrieve_response(response_id)).path == f"/responses/{segment}"
    assert request_of(list_input_items(response_id)).path == f"/responses/{segment}/input_items"


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda text: not set(text) & {"/", "\\"} and text not in (".", "..")))
def test_any_id_is_one_segment_that_decodes_to_it(response_id: str) -> None:
    path = request_of(cancel_response(response_id)).path
    empty, responses, segment, cancel = path.split("/")
    assert (empty, responses, cancel) == ("", "responses", "cancel")
    assert unquote(segment, errors="surrogatepass") == response_id
    assert segment.isascii()
    assert segment.replace("%", "").replace("-", "").replace(".", "").replace("_", "").replace("~", "").isalnum() or (
        set(segment) <= set("-._~")
    )


# --- what comes back ------------------------------------------------------------------------------


def test_a_deletion_is_acknowledged_as_the_service_does() -> None:
    body = b'{"id": "resp_1", "object": "response.deleted", "deleted": true}'
    assert answered(delete_response("resp_1"), body) == Success(
        DeletedResponse(id="resp_1", object="response.deleted", deleted=True)
    )


def test_a_deletion_is_acknowledged_as_the_guide_shows() -> None:
    body = b'{"id": "resp_1", "object": "response", "deleted": true}'
    assert answered(delete_response("resp_1"), body) == Success(
        DeletedResponse(id="resp_1", object="response", deleted=True)
    )


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize("body", [b"", b" ", b"\r\n", b"\t\n  \n"])
def test_a_deletion_is_acknowledged_by_an_empty_answer(status: int, body: bytes) -> None:
    deleted = answered(delete_response("resp_1"), body, status)
    assert deleted == Success(DeletedResponse(id="resp_1", deleted=True))
    assert deleted.unwrap().object is UNSET


@pytest.mark.parametrize("body", [b'{"deleted": true}', b'{"deleted": true, "object": "response.deleted"}'])
def test_a_deletion_that_names_no_id_is_of_the_one_that_was_asked_for(body: bytes) -> None:
    deleted = answered(delete_response("resp_1"), body).unwrap()
    assert (deleted.id, deleted.deleted) == ("resp_1", True)


@pytest.mark.parametrize("odd", [None, 7, True, [], {"is": "resp_1"}])
@pytest.mark.parametrize("operation", [delete_response("resp_1"), delete_conversation("resp_1")], ids=["r", "c"])
def test_a_deletion_whose_id_does_not_fit_is_of_the_one_that_was_asked_for(operation: Operation[Any], odd: Any) -> None:
    deleted = answered(operation, json.dumps({"deleted": True, "id": odd, "new": 1}).encode()).unwrap()
    assert (deleted.id, deleted.deleted) == ("resp_1", True)
    assert deleted.unknown_fields == {"id": odd, "new": 1}


@pytest.mark.parametrize("operation", [delete_response("resp_1"), delete_conversation("resp_1")], ids=["r", "c"])
@pytest.mark.parametrize("odd", [7, True, [], {}])
def test_an_acknowledgement_is_one_whatever_its_object_is(operation: Operation[Any], odd: Any) -> None:
    body = {"deleted": True, "id": "resp_1", "object": odd}
    deleted = answered(operation, json.dumps(body).encode()).unwrap()
    assert json.loads(encode(deleted)) == body


@pytest.mark.parametrize("operation", [delete_response("resp_1"), delete_conversation("conv_1")], ids=["r", "c"])
@pytest.mark.parametrize(
    "body",
    [
        b'{"OK": true}',
        b'{"id": "resp_1", "deleted": null}',
        b'{"id": 7, "deleted": 1}',
        b'{"id": null, "deleted": false}',
        b"[]",
        b"[true]",
        b'{"id": "resp_1", "deleted": false}',
        b'{"deleted": false}',
        b'{"id": "resp_1"}',
        b'{"id": "resp_1", "deleted": "true"}',
        b'{"deleted": 1}',
        b"{}",
        b"null",
        b"true",
        b"OK",
        b"<html>",
        b'{"deleted": true',
    ],
)
def test_what_says_not_that_it_deleted_is_not_understood_and_may_have_acted(
    operation: Operation[Any], body: bytes
) -> None:
    error = decode_error(answered(operation, body))
    assert error.may_have_acted
    assert (error.status, error.body) == (200, body)


def test_an_empty_answer_acknowledges_nothing_but_a_deletion() -> None:
    for operation in OPERATIONS[1:]:
        assert decode_error(answered(operation, b"")).status == 200


@pytest.mark.parametrize("operation", [cancel_response("resp_1"), retrieve_response("resp_1")], ids=["cancel", "get"])
def test_a_response_comes_back_whole(operation: Operation[Any]) -> None:
    response = answered(
        operation, json.dumps(RESPONSE | {"status": "a new status", "billing": {"payer": "x"}}).encode()
    )
    assert response.unwrap().id == "resp_1"
    assert response.unwrap().status == "a new status"
    assert response.unwrap().output == ()


def test_a_page_of_items_comes_back_typed() -> None:
    message = {"id": "msg_1", "type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    listing = {
        "object": "list",
        "data": [message, {"type": "brand_new", "id": "new_1"}],
        "first_id": "msg_1",
        "last_id": "new_1",
        "has_more": False,
    }
    page = answered(list_input_items("resp_1"), json.dumps(listing).encode()).unwrap()
    first, second = page
    assert isinstance(first, Message)
    assert (first.id, first.role) == ("msg_1", "user")
    assert isinstance(second, Unknown)
    assert second.type == "brand_new"
    assert (page.first_id, page.last_id, page.has_more) == ("msg_1", "new_1", False)


@pytest.mark.parametrize("status", [200, 201, 202, 206, 226, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    assert answered(cancel_response("resp_1"), json.dumps(RESPONSE).encode(), status).unwrap().id == "resp_1"


@pytest.mark.parametrize("status", [100, 199, 300, 301, 304, 400, 404, 418, 500, 599, 999, 0, -1])
def test_any_other_status_is_an_api_error(status: int) -> None:
    assert api_error(status, json.dumps(RESPONSE).encode()).status == status


@each_operation
@pytest.mark.parametrize("error", [NotSent("dns", "no such host"), Interrupted("reset", "cut off")])
def test_what_the_transport_met_comes_back(operation: Operation[Any], error: Error) -> None:
    assert run(operation, lambda _: Failure(error)) == Failure(error)


# --- what the server says when it says no ---------------------------------------------------------


def test_an_error_envelope_is_read() -> None:
    body = (
        b'{"error": {"message": "Response with id \'resp_1\' not found.", "type": "invalid_request_error", '
        b'"param": null, "code": null}}'
    )
    headers = (("Content-Type", "application/json"), ("X-Request-Id", "req_7"))
    assert api_error(404, body, headers) == ApiError(
        status=404,
        type="invalid_request_error",
        message="Response with id 'resp_1' not found.",
        request_id="req_7",
        headers=headers,
        body=body,
    )


def test_every_field_of_an_envelope_is_read() -> None:
    body = b'{"error": {"message": "M", "type": "T", "param": "P", "code": "C"}}'
    error = api_error(400, body)
    assert (error.message, error.type, error.param, error.code) == ("M", "T", "P", "C")


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        (b'{"message": "no envelope", "type": "x", "param": null, "code": "c"}', "no envelope", "c"),
        (b'{"error": "only a text"}', "only a text", None),
        (b'{"detail": "another server"}', "another server", None),
        (b'{"error": {"message": "a number", "code": 404}}', "a number", "404"),
        (b'{"error": {"message": {"nested": 1}, "code": [1]}}', None, None),
        (b'{"error": null}', None, None),
        (b'{"error": []}', None, None),
        (b'"a text"', "a text", None),
        (b"[1, 2]", None, None),
        (b"null", None, None),
        (b"", None, None),
        (b"\xff\xfe", None, None),
        (b'{"error": {"message": "cut', None, None),
    ],
)
def test_an_error_in_any_form_is_read_as_far_as_it_goes(body: bytes, message: str | None, code: str | None) -> None:
    error = api_error(400, body)
    assert (error.message, error.code, error.body) == (message, code, body)


def test_an_html_page_from_a_proxy_keeps_status_and_body() -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head></html>"
    error = api_error(502, page, (("content-type", "text/html"),))
    assert (error.status, error.body, error.message, error.headers) == (
        502,
        page,
        "502 Bad Gateway",
        (("content-type", "text/html"),),
    )
    assert error.may_have_acted
    assert error.retryable


# --- what is not understood -----------------------------------------------------------------------


def test_what_is_not_understood_says_where_and_in_which_answer() -> None:
    body = json.dumps(RESPONSE | {"model": 7}).encode()
    error = decode_error(answered(cancel_response("resp_1"), body, 201, (("x-request-id", "req_9"),)))
    assert (error.status, error.path, error.request_id, error.body) == (201, "$.model", "req_9", body)
    assert "str" in error.reason
    assert error.may_have_acted


def test_a_path_leads_into_lists() -> None:
    body = b'{"data": [{"type": "message", "role": "user", "content": "hi"}, 5]}'
    assert decode_error(answered(list_input_items("resp_1"), body)).path == "$.data[1]"


@each_operation
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"7",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"NaN",
        b"<html></html>",
        b'{"id": "resp_1"}',
        b"{}",
    ],
    ids=["cut", "list", "number", "not utf-8", "deep list", "deep object", "nan", "html", "fields missing", "empty"],
)
def test_a_2xx_that_is_not_understood_is_a_decode_error(operation: Operation[Any], body: bytes) -> None:
    error = decode_error(answered(operation, body, headers=(("X-REQUEST-ID", "req_2"),)))
    assert (error.status, error.request_id, error.body) == (200, "req_2", body)
    assert error.reason


# --- whatever comes -------------------------------------------------------------------------------

NAMES = [
    "id",
    "object",
    "data",
    "first_id",
    "last_id",
    "has_more",
    "type",
    "role",
    "content",
    "text",
    "deleted",
    "error",
    "model",
    "output",
    "created_at",
    "status",
    "message",
    "code",
    "param",
    "detail",
]
TEXTS = ["message", "input_text", "output_text", "list", "response", "msg_1", "insufficient_quota", "\ud800", ""]
HEADERS = ["retry-after", "Retry-After-Ms", "x-should-retry", "Date", "x-request-id", ""]
DATES = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 99:99:99 GMT", "true", "false", "1", "-1", "9" * 400, "nan"]

numbers = st.one_of(st.integers(), st.just(10**400), st.floats(allow_nan=False, allow_infinity=False))
scalars = st.one_of(st.none(), st.booleans(), numbers, st.sampled_from(TEXTS), st.text())
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8)
)
listings = st.fixed_dictionaries(
    {"data": st.lists(values, max_size=3)},
    optional={"first_id": scalars, "last_id": scalars, "has_more": scalars, "object": scalars},
)
bodies = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8", "replace")),
    st.one_of(values, listings).map(lambda value: json.dumps(value).encode()),
    st.tuples(listings.map(lambda value: json.dumps(value).encode()), st.integers(0, 100)).map(
        lambda cut: cut[0][: cut[1]]
    ),
)
headers_of_any_kind = st.lists(
    st.tuples(st.sampled_from(HEADERS) | st.text(), st.sampled_from(DATES) | st.text()), max_size=5
).map(tuple[tuple[str, str], ...])
statuses = st.sampled_from([200, 204, 404, 429, 503]) | st.integers()


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(OPERATIONS), statuses, headers_of_any_kind, bodies)
def test_whatever_the_server_sends_gives_a_result_that_prints(
    operation: Operation[Any], status: int, headers: Pairs, body: bytes
) -> None:
    result = answered(operation, body, status, headers)
    if isinstance(result, Failure):
        error = result.failure()
        assert isinstance(error, ApiError | DecodeError)
        assert (error.status, error.body) == (status, body)
        assert str(error)
        assert isinstance(error, DecodeError) == (200 <= status < 300)
    else:
        assert 200 <= status < 300
    assert repr(result)
