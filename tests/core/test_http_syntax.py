"""What a path may be: one that arrives as it is, whatever stands between here and there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puresponse.core import HttpRequest, delete_conversation, delete_response, retrieve_model
from puresponse.core.errors import InvalidArgument
from puresponse.core.http_syntax import check_path, check_request, has_dot_segment
from puresponse.transports import MemoryTransport, run
from puresponse.transports.network.request_target import Outgoing

DOTS = [
    "..",
    ".",
    "%2e%2e",
    "%2E%2e",
    ".%2e",
    "%2e.",
    "%2E",
    "%252e%252e",
    "%25252e.",
    "..;x",
    "..;",
    "..%3Bx",
    "..%253bx",
]
SLASHES = ["/", "%2f", "%2F", "%252f", "%5c", "%5C", "%255c"]


@pytest.mark.parametrize("dots", DOTS)
@pytest.mark.parametrize("slash", SLASHES)
@pytest.mark.parametrize("after", ["", "/x", "%2fx", "%5cx"])
def test_a_dot_segment_in_any_encoding_is_refused(dots: str, slash: str, after: str) -> None:
    path = f"/responses{slash}{dots}{after}"
    with pytest.raises(ValueError, match=r"must not be '\.' or '\.\.'"):
        check_path(path)
    with pytest.raises(ValueError, match=r"must not be"):
        Outgoing("", (), ()).target(HttpRequest("GET", path))
    with pytest.raises(ValueError, match=r"must not be"):
        check_request(HttpRequest("GET", path))


@pytest.mark.parametrize(
    "path",
    [
        "/models/gpt-4.1",
        "/models/org%2Fname",
        "/models/org%2Fname.of.it",
        "/responses/...",
        "/responses/..x",
        "/responses/x..",
        "/responses/.x",
        "/responses/%2e%2e%2e",
        "/responses/x%2e%2e",
        "/responses/a%25b",
        "/responses/a%5Cb",
        "/responses/a;..",
        "/responses/%2ewell-known",
    ],
)
def test_dots_and_slashes_in_names_are_no_dot_segments(path: str) -> None:
    check_path(path)


@pytest.mark.parametrize(
    "value", ["a\\..", ".", "..", "%2e%2e", "%2E.", "..;x", "..%2Fx", "x%2f..", "x%5C.", "%252e%252e"]
)
def test_ids_and_paths_have_one_law(value: str) -> None:
    for operation in (delete_response(value), delete_conversation(value), retrieve_model(value)):
        assert isinstance(run(operation, MemoryTransport()).failure(), InvalidArgument)


@given(st.text(st.sampled_from("./%25eEfFcC2x\\;"), max_size=14))
def test_no_dot_segment_is_left_after_any_number_of_decodings(text: str) -> None:
    from urllib.parse import unquote

    path = "/" + text
    found, decoded = has_dot_segment(path), path
    for _ in range(8):
        segments = [segment.partition(";")[0] for segment in decoded.replace("\\", "/").split("/")]
        assert found or {".", ".."}.isdisjoint(segments)
        decoded = unquote(decoded)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (HttpRequest("G T", "/"), "the method is 'G T'; it must be a token"),
        (HttpRequest("GET", "x"), "the path is 'x'"),
        (HttpRequest("GET", "/ "), "the path is '/ '"),
        (HttpRequest("GET", "/", headers=(("a b", "c"),)), "'a b'"),
        (HttpRequest("GET", "/", headers=(("a", "b\n"),)), "'a'"),
        (HttpRequest("GET", "/", headers=(("Content-Length", "1"),)), "'Content-Length'"),
        (HttpRequest("GET", "/", query=(("a", "\ud800"),)), "the query holds text that UTF-8 cannot hold"),
        (HttpRequest("GET", "/", query=(("\ud800", "a"),)), "the query holds text that UTF-8 cannot hold"),
    ],
    ids=str,
)
def test_a_request_that_breaks_the_grammar_is_refused(request_: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        check_request(request_)
    assert reason in str(refused.value)
