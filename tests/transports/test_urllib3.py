"""What `Urllib3Transport` sends, what it refuses to send, and what it makes of an answer."""

from __future__ import annotations

import gzip
import platform
import zlib
from importlib.metadata import version
from typing import Any

import pytest

from puresponse.core.errors import Error, Interrupted, NotSent
from puresponse.core.http import HttpRequest, HttpResponse, Pairs
from puresponse.core.results import value_or_raise
from puresponse.transports.network.credentials import user_agent
from puresponse.transports.network.secret import Secret
from puresponse.transports.testing.contract.transports import Recorder, error_of
from puresponse.transports.testing.loopback import answering, serving
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def sent(request: HttpRequest, *, path: str = "/v1", **arguments: Any) -> HttpRequest:
    """The request as it arrives from a transport made with these arguments."""
    service = Recorder(HttpResponse(status=200, body=b"{}"))
    with serving(service, path=path) as base_url, Urllib3Transport(base_url=base_url, **arguments) as transport:
        value_or_raise(transport(request))
    return service.requests[0]


def refused(request: HttpRequest) -> Error:
    """The error for a request that must not reach the server."""
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url, Urllib3Transport(base_url=base_url, timeout=5.0) as transport:
        error = error_of(transport(request), "a request that breaks the grammar")
    assert service.requests == []
    return error


def received(data: bytes) -> HttpResponse:
    """The response that a transport makes of these bytes."""
    with answering(data) as base_url, Urllib3Transport(base_url=base_url) as transport:
        return value_or_raise(transport(GET))


def named(headers: Pairs, name: str) -> list[str]:
    return [value for key, value in headers if key == name]


def test_a_request_says_who_sends_it() -> None:
    headers = dict(sent(GET, api_key=KEY, organization="org-1", project="proj_1").headers)
    assert headers.pop("Host").startswith("127.0.0.1:")
    assert headers.pop("User-Agent").startswith("puresponse/")
    assert headers == {
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": f"Bearer {KEY}",
        "OpenAI-Organization": "org-1",
        "OpenAI-Project": "proj_1",
    }


def test_without_a_key_no_credential_is_sent() -> None:
    for key in (None, ""):
        assert named(sent(GET, api_key=key).headers, "Authorization") == []


def test_a_key_can_be_given_as_a_secret() -> None:
    assert named(sent(GET, api_key=Secret(KEY)).headers, "Authorization") == [f"Bearer {KEY}"]


def test_the_user_agent_names_the_library_and_the_python() -> None:
    (agent,) = named(sent(GET).headers, "User-Agent")
    assert agent.split(" ")[0] in {f"puresponse/{version('puresponse')}", "puresponse/unknown"}
    assert agent.split(" ")[1] == f"python/{platform.python_version()}"


def test_the_user_agent_is_honest_where_the_library_is_vendored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.meta_path", [])  # so that no installed distribution is found
    assert user_agent().startswith("puresponse/unknown python/")


def test_azure_takes_its_key_in_its_own_header_and_its_version_in_the_query() -> None:
    request = sent(GET, path="/openai/v1", api_key=KEY, azure_api_version="v1")
    assert named(request.headers, "api-key") == [KEY]
    assert named(request.headers, "Authorization") == []
    assert request.query == (("api-version", "v1"),)


def test_a_base_url_without_a_path_is_the_root() -> None:
    assert sent(GET, path="").path == GET.path


def test_a_slash_at_the_end_of_the_base_url_makes_no_difference() -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url, Urllib3Transport(base_url=f"{base_url}/") as transport:
        transport(GET)
        assert transport.base_url == base_url
    assert service.requests[0].path == GET.path


def test_default_headers_go_with_every_request_and_before_the_transports_own() -> None:
    defaults = {"X-Team": "blue", "user-agent": "mine", "authorization": "Bearer other"}
    headers = sent(GET, api_key=KEY, default_headers=defaults).headers
    assert named(headers, "X-Team") == ["blue"]
    assert [value for name, value in headers if name.lower() == "user-agent"] == ["mine"]
    assert [value for name, value in headers if name.lower() == "authorization"] == ["Bearer other"]


def test_a_header_of_the_request_goes_before_a_default_of_that_name_in_any_case() -> None:
    request = HttpRequest("GET", "/responses", (), (("x-team", "red"), ("ACCEPT", "text/event-stream")))
    headers = sent(request, default_headers={"X-Team": "blue"}).headers
    assert [pair for pair in headers if pair[0].lower() in {"x-team", "accept"}] == [
        ("x-team", "red"),
        ("ACCEPT", "text/event-stream"),
    ]


def test_a_header_that_a_request_repeats_is_sent_as_often_and_with_the_defaults() -> None:
    request = HttpRequest("GET", "/responses", (), (("X-1", "a"), ("X-1", "b"), ("X-Team", "red")))
    headers = sent(request, api_key=KEY, default_headers={"x-team": "blue"}).headers
    assert named(headers, "X-1") == ["a", "b"]
    assert named(headers, "Authorization") == [f"Bearer {KEY}"]
    assert [value for name, value in headers if name.lower() == "x-team"] == ["red"]


def test_default_query_parameters_go_before_those_of_the_request_which_win() -> None:
    request = HttpRequest("GET", "/responses", (("limit", "5"), ("a", "1"), ("limit", "6")))
    assert sent(request, default_query={"tenant": "t 1", "limit": "1"}).query == (
        ("tenant", "t 1"),
        ("limit", "5"),
        ("a", "1"),
        ("limit", "6"),
    )


def test_header_values_of_latin_1_arrive() -> None:
    request = HttpRequest("GET", "/responses", (), (("X-Name", "é\t§"),))
    assert named(sent(request).headers, "X-Name") == ["é\t§"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
def test_a_body_of_no_bytes_is_sent_as_content_length_0(method: str) -> None:
    assert named(sent(HttpRequest(method, "/x", (), (), b"")).headers, "Content-Length") == ["0"]


@pytest.mark.parametrize("method", ["DELETE", "GET"])
def test_without_a_body_there_is_no_content_length(method: str) -> None:
    names = {name.lower() for name, _ in sent(HttpRequest(method, "/x")).headers}
    assert names.isdisjoint({"content-length", "transfer-encoding", "content-type"})


def test_a_method_that_is_not_common_is_sent_as_it_is() -> None:
    assert sent(HttpRequest("query", "/x")).method == "query"


@pytest.mark.parametrize(
    "request_",
    [
        HttpRequest("", "/x"),
        HttpRequest("GET /y HTTP/1.1\r\nX: ", "/x"),
        HttpRequest("GÉT", "/x"),
        HttpRequest("GET", ""),
        HttpRequest("GET", "x"),
        HttpRequest("GET", "/x\r\nX-Injected: 1"),
        HttpRequest("GET", "/x y"),
        HttpRequest("GET", "/x?a=b"),
        HttpRequest("GET", "/x#a"),
        HttpRequest("GET", "/100%"),
        HttpRequest("GET", "/%zz"),
        HttpRequest("GET", "/é"),
        HttpRequest("GET", "/x\n"),
        HttpRequest("GET", "http://elsewhere.example/x"),
        HttpRequest("GET", "/responses/.."),
        HttpRequest("GET", "/responses/./x"),
        HttpRequest("GET", "/responses/%2E%2e/files"),
        HttpRequest("GET", "/responses/.%2e"),
        HttpRequest("GET", "/x", (("q", "\ud800"),)),
        HttpRequest("GET", "/x", (), (("X-1", "a\r\nX-Injected: 1"),)),
        HttpRequest("GET", "/x", (), (("X-1", "a\r\n folded"),)),
        HttpRequest("GET", "/x", (), (("X-1", "a\x00"),)),
        HttpRequest("GET", "/x", (), (("X-1", "漢字"),)),
        HttpRequest("GET", "/x", (), (("X 1", "a"),)),
        HttpRequest("GET", "/x", (), (("", "a"),)),
        HttpRequest("GET", "/x", (), (("X-1:", "a"),)),
        HttpRequest("POST", "/x", (), (("Content-Length", "5"),), b"{}"),
        HttpRequest("POST", "/x", (), (("transfer-encoding", "chunked"),), b"{}"),
    ],
    ids=repr,
)
def test_a_request_that_breaks_the_grammar_of_http_is_not_sent(request_: HttpRequest) -> None:
    error = refused(request_)
    assert isinstance(error, NotSent)
    assert error.kind == "invalid_request"
    assert not error.retryable


@pytest.mark.parametrize("path", ["/.well-known/x", "/a..b/...", "/%2Fx", "/responses/%20"])
def test_a_path_with_dots_that_are_no_dot_segments_is_sent(path: str) -> None:
    assert sent(HttpRequest("GET", path)).path == path


def test_the_reason_names_the_header_and_not_its_value() -> None:
    error = refused(HttpRequest("GET", "/x", (), (("X-Token", "hush\n"),)))
    assert "X-Token" in str(error)
    assert "hush" not in repr(error)


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate"])
def test_an_answer_that_comes_compressed_is_decoded_and_its_headers_say_so(coding: str) -> None:
    packed = gzip.compress(b"the answer") if coding != "deflate" else zlib.compress(b"the answer")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nX-Request-Id: r\r\nContent-Length: {len(packed)}\r\n\r\n"
    response = received(head.encode() + packed)
    assert response == HttpResponse(status=200, headers=(("X-Request-Id", "r"),), body=b"the answer")


def test_an_answer_in_a_coding_that_is_not_understood_is_given_as_it_came() -> None:
    response = received(b"HTTP/1.1 200 OK\r\nContent-Encoding: x-secret\r\nContent-Length: 2\r\n\r\n\x00\x01")
    assert response.header("content-encoding") == "x-secret"
    assert response.body == b"\x00\x01"


def test_an_answer_whose_compression_is_damaged_is_truncated() -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
    with answering(data) as base_url, Urllib3Transport(base_url=base_url) as transport:
        error = error_of(transport(GET), "a damaged answer")
    reason = "Received response with content-encoding: gzip, but failed to decode it."
    assert error == Interrupted("truncated", reason, HttpResponse(status=200))


def test_an_answer_that_ends_with_its_connection_is_whole() -> None:
    assert received(b"HTTP/1.0 200 OK\r\nX: y\r\n\r\nto the end").body == b"to the end"


@pytest.mark.parametrize("seconds", [0, -1.0, True, "5", None, float("nan"), float("inf"), 1e9])
@pytest.mark.parametrize("parameter", ["timeout", "connect_timeout"])
def test_a_time_that_is_no_number_of_seconds_is_refused(parameter: str, seconds: Any) -> None:
    arguments: dict[str, Any] = {parameter: seconds}
    with pytest.raises(ValueError, match=f"invalid argument '{parameter}': it is .*; it must be a number of seconds"):
        Urllib3Transport(**arguments)


@pytest.mark.parametrize("count", [0, -1, True, 1.5, "5", None])
def test_a_number_of_connections_that_is_none_is_refused(count: Any) -> None:
    with pytest.raises(ValueError, match=r"invalid argument 'max_connections': it is .*; it must be a whole number"):
        Urllib3Transport(max_connections=count)


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.openai.com/v1",
        "ftp://api.openai.com",
        "https://",
        "https://h:99999/v1",
        "https://h h/v1",
        "https://api.openai.com/v1\n",
        "https://h?a=b",
        "https://h#a",
    ],
)
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="invalid argument 'base_url': it is '"):
        Urllib3Transport(base_url=base_url)


def test_an_empty_version_of_azure_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid argument 'azure_api_version'"):
        Urllib3Transport(azure_api_version="")


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("organization", "org\n1"),
        ("project", "proj\r\nX-Injected: 1"),
        ("default_headers", {"X 1": "a"}),
        ("default_headers", {"X-1": "a\nb"}),
        ("default_headers", {"Content-Length": "5"}),
    ],
)
def test_what_could_not_be_a_header_is_refused_at_once(parameter: str, value: Any) -> None:
    arguments: dict[str, Any] = {parameter: value}
    with pytest.raises(ValueError, match=f"invalid argument '{parameter}': "):
        Urllib3Transport(**arguments)


def test_the_repr_says_where_it_sends_to_and_whether_with_a_key() -> None:
    keyed = Urllib3Transport(base_url="http://127.0.0.1:8080/v1/", api_key=KEY)
    assert repr(keyed) == "Urllib3Transport(base_url='http://127.0.0.1:8080/v1', api_key=[redacted])"
    keyless = Urllib3Transport(base_url="http://127.0.0.1:80")
    assert repr(keyless) == "Urllib3Transport(base_url='http://127.0.0.1', api_key=None)"
