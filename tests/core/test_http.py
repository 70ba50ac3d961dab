"""Requests and responses as values."""

import pickle

import pytest
from msgspec.structs import replace

from puresponse.core import HttpRequest, HttpResponse

RESPONSE = HttpResponse(
    status=200,
    headers=(("Content-Type", "application/json"), ("Set-Cookie", "a"), ("set-cookie", "b")),
    body=b"{}",
)


@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_a_header_is_found_in_any_case(name: str) -> None:
    assert RESPONSE.header(name) == "application/json"


def test_of_several_headers_of_a_name_the_first_is_given() -> None:
    assert RESPONSE.header("SET-COOKIE") == "a"


def test_a_header_that_is_not_there_is_none() -> None:
    assert RESPONSE.header("x-request-id") is None
    assert HttpResponse(status=204).header("content-type") is None


def test_headers_keep_their_order_and_their_case() -> None:
    assert [name for name, _ in RESPONSE.headers] == ["Content-Type", "Set-Cookie", "set-cookie"]


def test_requests_and_responses_are_values() -> None:
    request = HttpRequest("POST", "/responses", (("a", "1"), ("a", "2")), (("x", "y"),), b"{}", True)
    for value in (request, RESPONSE):
        assert pickle.loads(pickle.dumps(value)) == value
        assert replace(value) == value
        assert len({value, replace(value)}) == 1


def test_no_body_and_an_empty_body_stay_apart() -> None:
    assert HttpRequest("POST", "/") != HttpRequest("POST", "/", body=b"")


def test_what_is_printed_leaves_out_what_is_default() -> None:
    assert repr(HttpRequest("GET", "/models")) == "HttpRequest(method='GET', path='/models')"
    assert repr(HttpResponse(status=204)) == "HttpResponse(status=204)"


def test_a_response_is_built_by_keywords_alone() -> None:
    with pytest.raises(TypeError):
        eval("HttpResponse(200, (), b'')", {"HttpResponse": HttpResponse})
