"""The operations, driven through exchanges recorded with the real service: what was recorded arrives, typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from msgspec import json
from msgspec.structs import replace

from puresponse.codecs import DeletedResponse, InputText, Message, OutputText, Response, to_plain
from puresponse.core import (
    ApiError,
    HttpRequest,
    HttpResponse,
    Operation,
    Page,
    Send,
    all_input_items,
    cancel_response,
    collect,
    delete_response,
    list_input_items,
    retrieve_response,
)
from puresponse.core.endpoints.responses import ReceiveResponse
from puresponse.transports import run
from puresponse.transports.cassette.format import Recording, load_cassette
from puresponse.transports.cassette.transport import CassetteTransport

TESTS = Path(__file__).parent.parent
CASSETTES = sorted((TESTS / "cassettes").glob("*.json"))
CONVERTER = TESTS / "scripts" / "convert_recordings.py"


def cassette(name: str) -> CassetteTransport:
    """Load a cassette as this library would have recorded it: the .NET client writes out the default order."""
    (path,) = (path for path in CASSETTES if path.stem.endswith(name))
    recordings = load_cassette(path.read_bytes())
    return CassetteTransport(
        replace(recording, request=without_defaults(recording.request)) for recording in recordings
    )


def without_defaults(request: HttpRequest) -> HttpRequest:
    return replace(request, query=tuple(pair for pair in request.query if pair != ("order", "desc")))


def operation_of(request: HttpRequest) -> tuple[Operation[Any], type]:
    """Give the operation that asks for what `request` asks for, and the type of its value."""
    response_id, _, part = request.path.removeprefix("/responses").lstrip("/").partition("/")
    query: dict[str, Any] = dict(request.query)
    match request.method, part:
        case "POST", "" if not response_id:
            return Send(request, ReceiveResponse()), Response
        case "GET", "":
            return retrieve_response(response_id), Response
        case "DELETE", "":
            return delete_response(response_id), DeletedResponse
        case "POST", "cancel":
            return cancel_response(response_id), Response
        case "GET", "input_items":
            limit = int(query.pop("limit", "20"))
            return list_input_items(response_id, limit=limit, **query), Page
        case _:
            raise AssertionError(f"no operation asks for {request.method} {request.path}")


def recorded() -> list[Any]:
    return [
        pytest.param(path.stem.partition(".")[2], index, id=f"{path.stem.partition('.')[2]}-{index}")
        for path in CASSETTES
        for index in range(len(load_cassette(path.read_bytes())))
    ]


def answer_to(recording: Recording) -> HttpResponse:
    assert isinstance(recording.answer, HttpResponse)
    return recording.answer


@pytest.mark.parametrize(("name", "index"), recorded())
def test_every_answer_arrives_as_the_typed_value_that_was_recorded(name: str, index: int) -> None:
    replayed = cassette(name)
    recording = replayed.recordings[index]
    operation, kind = operation_of(recording.request)
    result = run(operation, CassetteTransport([recording]))
    answer = answer_to(recording)
    if answer.status == 404:
        error = result.failure()
        assert isinstance(error, ApiError)
        assert {
            "message": error.message,
            "type": error.type,
            "param": error.param,
            "code": error.code,
        } == json.decode(answer.body)["error"]
        return
    value = result.unwrap()
    assert isinstance(result.unwrap(), kind)
    assert to_plain(value.listing if kind is Page else value) == json.decode(answer.body)


def test_all_that_was_chosen_is_there() -> None:
    assert len(CASSETTES) == 11
    assert len(recorded()) == 31


def id_in(replayed: CassetteTransport) -> str:
    found: str = json.decode(answer_to(replayed.recordings[0]).body)["id"]
    return found


def test_the_life_of_a_response_that_is_deleted() -> None:
    replayed = cassette("CanDeleteResponse")
    response_id = id_in(replayed)
    assert run(operation_of(replayed.recordings[0].request)[0], replayed).unwrap().status == "completed"
    retrieved = run(retrieve_response(response_id), replayed).unwrap()
    (message,) = retrieved.output
    assert isinstance(message, Message)
    text = message.content[0]
    assert isinstance(text, OutputText)
    assert text.text == "Hello! How can I assist you today?"
    deleted = run(delete_response(response_id), replayed).unwrap()
    assert deleted == DeletedResponse(id=response_id, object="response.deleted", deleted=True)
    gone = run(retrieve_response(response_id), replayed).failure()
    assert isinstance(gone, ApiError)
    assert (gone.status, gone.message) == (404, f"Response with id '{response_id}' not found.")
    assert replayed.unused == ()


def test_the_life_of_a_response_that_is_cancelled() -> None:
    replayed = cassette("CanCancelBackgroundResponses")
    queued = run(operation_of(replayed.recordings[0].request)[0], replayed).unwrap()
    cancelled = run(cancel_response(id_in(replayed)), replayed).unwrap()
    assert (queued.status, cancelled.status) == ("queued", "cancelled")
    assert cancelled == replace(queued, status="cancelled")
    assert replayed.unused == ()


@pytest.mark.parametrize(
    ("name", "limit", "order", "texts"),
    [
        ("GetInputItemsCollectionPage", 2, "desc", ["Item 4", "Item 3", "Item 2", "Item 1"]),
        ("GetInputItemsHandlesLargeLimits", 100, "desc", ["gamma", "beta", "alpha"]),
        ("GetInputItemsWithMinimalLimits", 1, "desc", ["z", "y", "x"]),
        ("GetInputItemsWithMultiPartPagination", 2, "asc", ["What is input text?", "Item 2", "Item 3", "Item 4"]),
        ("GetInputItemsWithPagination", 2, "desc", ["Item 4", "Item 3", "Item 2", "Item 1"]),
        ("GetInputItemsWithPaginationNoOptions", 20, "desc", ["Item 4", "Item 3", "Item 2", "Item 1"]),
    ],
)
def test_all_items_are_paged_through(name: str, limit: int, order: Literal["asc", "desc"], texts: list[str]) -> None:
    replayed = cassette(name)
    items = run(collect(all_input_items(id_in(replayed), limit=limit, order=order)), replayed).unwrap()
    assert [text_of(item) for item in items] == texts
    # All was asked for but the creation, and nothing else.
    assert replayed.unused == replayed.recordings[:1]


def text_of(item: Any) -> str:
    assert isinstance(item, Message)
    part = item.content[0]
    assert isinstance(part, InputText)
    return part.text


# The script that made the cassettes

RECORD = b"""{"Entries": [
  {"RequestUri": "https://api.openai.com/v1/responses/resp_1/input_items?include[]=a%20b&include[]=c&after=",
   "RequestMethod": "GET",
   "RequestHeaders": {"Accept": "application/json", "Authorization": "Sanitized"},
   "RequestBody": null,
   "StatusCode": 200,
   "ResponseHeaders": {"Content-Type": "application/json", "X-Request-ID": "Sanitized", "Set-Cookie": ["a", "b"]},
   "ResponseBody": {"data": []}},
  {"RequestUri": "https://api.openai.com/v1/responses/resp_1/cancel",
   "RequestMethod": "POST",
   "RequestHeaders": {"Content-Length": "0"},
   "RequestBody": null,
   "StatusCode": 502,
   "ResponseHeaders": {},
   "ResponseBody": "<html>"},
  {"RequestUri": "https://api.openai.com/v1/responses",
   "RequestMethod": "POST",
   "RequestHeaders": {},
   "RequestBody": {"stream": true},
   "StatusCode": 200,
   "ResponseHeaders": {"Content-Type": "text/event-stream"},
   "ResponseBody": ["event: x\\n", "data: {}\\n\\n"]},
  {"RequestUri": "https://api.openai.com/v1/responses/resp_1",
   "RequestMethod": "DELETE",
   "RequestHeaders": {},
   "RequestBody": null,
   "StatusCode": 204,
   "ResponseHeaders": {},
   "ResponseBody": null}
]}"""

CONVERTED = (
    Recording(
        HttpRequest(
            "GET",
            "/responses/resp_1/input_items",
            (("include[]", "a b"), ("include[]", "c"), ("after", "")),
            (("accept", "application/json"),),
        ),
        HttpResponse(
            status=200,
            headers=(("content-type", "application/json"), ("x-request-id", "Sanitized")),
            body=b'{"data":[]}',
        ),
    ),
    Recording(
        HttpRequest("POST", "/responses/resp_1/cancel", body=b""),
        HttpResponse(status=502, body=b"<html>"),
    ),
    Recording(
        HttpRequest("POST", "/responses", body=b'{"stream":true}'),
        HttpResponse(status=200, headers=(("content-type", "text/event-stream"),), body=b"event: x\ndata: {}\n\n"),
    ),
    Recording(HttpRequest("DELETE", "/responses/resp_1"), HttpResponse(status=204)),
)


def convert(source: Path, out: Path, *patterns: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(CONVERTER), str(source), str(out), *patterns]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_record_becomes_a_cassette_always_the_same(tmp_path: Path) -> None:
    source = tmp_path / "records"
    source.mkdir()
    (source / "A.json").write_bytes(RECORD)
    (source / "B.json").write_bytes(RECORD)
    done = convert(source, tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "A.json: 4 exchanges\nB.json: 4 exchanges\n"), done.stderr
    first, second = ((tmp_path / "out" / name).read_bytes() for name in ("A.json", "B.json"))
    assert first == second
    assert load_cassette(first) == CONVERTED


def test_only_the_records_that_were_asked_for_are_converted(tmp_path: Path) -> None:
    for name in ("A.json", "B.json", "C.json"):
        (tmp_path / name).write_bytes(b'{"Entries": []}')
    out = tmp_path / "out"
    assert convert(tmp_path, out, "A.*", "C.*").returncode == 0
    assert sorted(path.name for path in out.iterdir()) == ["A.json", "C.json"]


def test_the_script_fails_where_there_is_nothing_to_convert(tmp_path: Path) -> None:
    assert convert(tmp_path, tmp_path / "out", "X*").returncode == 1


def test_the_script_says_how_it_is_used() -> None:
    done = subprocess.run([sys.executable, str(CONVERTER)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "SOURCE_DIR OUT_DIR" in done.stderr


def test_a_record_of_another_service_is_refused(tmp_path: Path) -> None:
    (tmp_path / "A.json").write_bytes(RECORD.replace(b"api.openai.com", b"elsewhere.example"))
    done = convert(tmp_path, tmp_path / "out")
    assert done.returncode != 0
    assert "is not under https://api.openai.com/v1" in done.stderr
