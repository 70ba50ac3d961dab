"""HAR, cassetter's cassettes, session records of the .NET client and aimock's fixtures, read and written."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from puresponse import (
    ApiError,
    CassetteTransport,
    FunctionCall,
    HttpRequest,
    HttpResponse,
    Imported,
    MemoryTransport,
    Recording,
    StreamedResponse,
    Usage,
    create_response,
    delete_response,
    export_recordings,
    import_recordings,
    iterate,
    run,
    stream_response,
)
from puresponse.transports.cassette.formats.other_formats import detect_format

MODEL = "gpt-4o-mini"


def listed(imported: Imported) -> dict[str, str]:
    return {one.place: one.reason for one in imported.not_carried}


def recorded(tmp_path: Any) -> tuple[Recording, ...]:
    """What our own recorder makes of a create, a stream and a delete."""
    path = tmp_path / "ours.json"
    with CassetteTransport.recording(MemoryTransport(script="Hé!"), path) as recorder:
        run(create_response(model=MODEL, input="Hi"), recorder)
        list(iterate(stream_response(model=MODEL, input="Hi"), recorder))
        run(delete_response("resp_chat"), recorder)
    return import_recordings(path.read_bytes()).recordings


@pytest.mark.parametrize("format", ["vcr", "har", "cassetter", "cassette", "cassette-lines"])
def test_our_own_recordings_are_replayed_after_both_ways(format: Any, tmp_path: Any) -> None:
    exported = export_recordings(recorded(tmp_path), format, recorded=1_750_000_000.0)
    assert detect_format(exported.data) == format
    imported = import_recordings(exported.data)
    assert imported.recorded == (None if format == "vcr" else 1_750_000_000.0)
    cassette = CassetteTransport(imported.recordings)
    assert run(create_response(model=MODEL, input="Hi"), cassette).unwrap().output_text == "Hé!"
    assert len(list(iterate(stream_response(model=MODEL, input="Hi"), cassette))) > 8
    assert run(delete_response("resp_chat"), cassette).unwrap().deleted
    assert cassette.unused == ()


def test_an_unknown_format_and_one_that_is_only_read_are_refused() -> None:
    form: Any = "wav"
    with pytest.raises(ValueError, match="format: 'wav'; allowed are cassette, cassette-lines, vcr"):
        import_recordings(b"", form)
    with pytest.raises(ValueError, match="format: 'aimock'; allowed are cassette, cassette-lines, vcr, har, cassetter"):
        export_recordings([], "aimock")


@pytest.mark.parametrize("base_url", ["ftp://h", "no url", "https://h/v1?key=1", "https://me:pw@h/v1", "https://[h"])
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match=r"^base_url: "):
        import_recordings(b"{}", base_url=base_url)
    with pytest.raises(ValueError, match=r"^base_url: "):
        export_recordings([], "har", base_url=base_url)


@pytest.mark.parametrize("format", ["har", "session-record", "aimock", "cassette"])
def test_json_that_is_nested_too_deeply_is_a_clear_error(format: Any) -> None:
    with pytest.raises(ValueError, match=r"or is damaged: .*nested too deeply"):
        import_recordings(b'{"log":' + b"[" * 100_000, format)


@pytest.mark.parametrize("format", ["vcr", "har", "cassetter"])
@pytest.mark.parametrize("body", [None, b""])
def test_a_body_of_no_bytes_is_told_from_none(format: Any, body: bytes | None) -> None:
    recordings = (Recording(HttpRequest("POST", "/responses/resp_1/cancel", body=body), HttpResponse(status=200)),)
    assert import_recordings(export_recordings(recordings, format).data).recordings == recordings


# --- HAR -------------------------------------------------------------------------------------------


def har(**changes: Any) -> bytes:
    """An entry as a browser exports it."""
    entry = {
        "_initiator": {"type": "script"},
        "startedDateTime": "2025-06-15T15:06:40.000Z",
        "time": 1250.5,
        "request": {
            "method": "POST",
            "url": "https://api.openai.com/v1/responses?include=x",
            "httpVersion": "http/2.0",
            "cookies": [{"name": "s", "value": "secret"}],
            "headers": [
                {"name": ":authority", "value": "api.openai.com"},
                {"name": "Authorization", "value": "Bearer sk-secret-0123456789012345"},
                {"name": "Content-Type", "value": "application/json"},
            ],
            "queryString": [{"name": "include", "value": "x"}],
            "postData": {"mimeType": "application/json", "text": '{"model":"m"}'},
            "headersSize": -1,
            "bodySize": 13,
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "http/2.0",
            "cookies": [],
            "headers": [{"name": "content-encoding", "value": "br"}],
            "content": {"size": 4, "mimeType": "text/plain", "text": "SGnDqQ==", "encoding": "base64"},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": 4,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 1000, "receive": 250.5},
        "serverIPAddress": "1.2.3.4",
    }
    for place, value in changes.items():
        outer, _, inner = place.partition("__")
        holder: Any = entry[outer] if inner else entry
        holder[inner or outer] = value
    return json.encode({"log": {"version": "1.2", "creator": {"name": "b", "version": "1"}, "entries": [entry]}})


def test_an_entry_of_a_browser_is_a_recording_without_its_key() -> None:
    imported = import_recordings(har())
    (recording,) = imported.recordings
    assert recording.request == HttpRequest(
        "POST", "/responses", (("include", "x"),), (("content-type", "application/json"),), b'{"model":"m"}'
    )
    assert recording.answer == HttpResponse(status=200, body="Hié".encode())
    assert (recording.after, imported.recorded) == (1.2505, 1750000000.0)
    assert listed(imported) == {
        "log.entries[0].request.url": "a cassette has no server: this one is https://api.openai.com/v1",
        "log.entries[0].request.headers.authorization": "a credential",
        "log.entries[0].response.headers.content-encoding": "a header that is not among those kept",
        "log.entries[0].request.cookies": "a cassette has no place for it",
        "log.entries[0]._initiator": "a cassette has no place for it",
        "log.entries[0].serverIPAddress": "a cassette has no place for it",
    }


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"response__status": 0}, "it has no response: the whole exchange"),
        ({"response__content": {"size": 9, "mimeType": "x"}}, "the body of the response is not in the file"),
        ({"request__postData": {"mimeType": "x", "params": [{"name": "a"}]}}, "the body of the request is not in"),
    ],
)
def test_an_entry_that_is_not_whole_is_listed(changes: dict[str, Any], reason: str) -> None:
    imported = import_recordings(har(**changes))
    assert imported.recordings == ()
    assert listed(imported)["log.entries[0]"].startswith(reason)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"response__content": {"text": "*", "encoding": "base64"}}, "content.text: no base64"),
        ({"response__content": {"text": "*", "encoding": "rot13"}}, "content.encoding: HAR has base64"),
        ({"response__status": 99}, r"log.entries\[0\].response.status: expected a status"),
        ({"startedDateTime": "yesterday"}, r"log.entries\[0\].startedDateTime: is no date"),
        ({"time": "long"}, r"log.entries\[0\].time: expected a number, got a string"),
        ({"request__url": "wss://h/v1"}, r"log.entries\[0\].request.url: is no URL with http or https"),
        ({"request__headers": [{"value": "x"}]}, r"log.entries\[0\].request.headers\[0\].name: expected a string"),
    ],
)
def test_a_damaged_har_file_is_a_clear_error(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"is not a HAR file, or is damaged: .*{said}"):
        import_recordings(har(**changes))


def test_har_keeps_times_and_has_no_bytes_in_requests() -> None:
    request = HttpRequest("POST", "/files", body=b"\xff")
    slow = StreamedResponse(status=200, chunks=(b"a", b"b"), delays=(0.0, 1.5, 0.5))
    recordings = [Recording(request, HttpResponse(status=200)), Recording(HttpRequest("GET", "/models"), slow, 1.0)]
    exported = export_recordings(recordings, "har")
    assert [one.place for one in exported.not_carried] == [
        "recordings[0].request.body",
        "recordings[1].response.body.chunks",
    ]
    (entry,) = json.decode(exported.data)["log"]["entries"]
    assert (entry["time"], entry["timings"]) == (3000, {"send": 0, "wait": 1000, "receive": 2000})


# --- cassetter -------------------------------------------------------------------------------------

CASSETTER = b"""\
version: 1
interactions:
- request:
    method: POST
    uri: https://api.openai.com/v1/responses?page=2
    headers:
      content-type: [application/json]
    body:
      type: json
      content:
        model: m
        2024: [yes, 1.5, null, 0o17, 2026-01-01, '007', true]
  response:
    status: 200
    body:
      type: text
      content: |
        one
        two
  recorded_at: '2025-06-15T15:06:40Z'
- request: {method: PUT, uri: 'https://api.openai.com/v1/files', headers: {}, body: {type: binary, content: 00ff}}
  response: {status: 204, headers: {}, body: {type: none}}
  recorded_at: '2025-06-15T15:06:41Z'
grpc_interactions:
- request: {method: /a.B/C}
ws_interactions: []
future: {enabled: true}
"""

CASSETTER_TOML = b"""\
version = 1

[[interactions]]
recorded_at = "2025-06-15T15:06:40Z"

[interactions.request]
method = "POST"
uri = "https://api.openai.com/v1/responses"
body_type = "json"
body_content = '{"model":"m"}'

[interactions.response]
status = 200
body_type = "text"
body_content = "one"
"""


def test_cassetters_yaml_is_read() -> None:
    imported = import_recordings(CASSETTER)
    first, second = imported.recordings
    assert first.request.body == b'{"model":"m","2024":["yes",1.5,null,15,"2026-01-01","007",true]}'
    assert (first.request.query, first.answer) == ((("page", "2"),), HttpResponse(status=200, body=b"one\ntwo\n"))
    assert (second.request.body, second.answer) == (b"\x00\xff", HttpResponse(status=204))
    assert imported.recorded == 1750000000.0
    assert listed(imported) == {
        "interactions[0].request.uri": "a cassette has no server: this one is https://api.openai.com/v1",
        "interactions[1].recorded_at": "a cassette has one date, that of its first exchange",
        "grpc_interactions[0]": "a cassette has exchanges of HTTP: the whole interaction",
        "future": "a cassette has no place for it",
    }


def test_cassetters_toml_is_read() -> None:
    imported = import_recordings(CASSETTER_TOML)
    assert imported.recordings == (
        Recording(HttpRequest("POST", "/responses", body=b'{"model":"m"}'), HttpResponse(status=200, body=b"one")),
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"type: text", b"type: binary", r"interactions\[0\].response.body.content: is not hexadecimal"),
        (b"type: text", b"type: xml", r"content: expected json, text, or binary as text, got 'xml'"),
        (b"status: 200", b"status: 2", r"interactions\[0\].response.status: expected a status"),
        (b"version: 1", b"version: 2", "version: 1 is read, and no other"),
        (b"'2025-06-15T15:06:40Z'", b"soon", r"interactions\[0\].recorded_at: is no date"),
    ],
)
def test_a_damaged_cassette_of_cassetter_is_a_clear_error(before: bytes, after: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=f"is not a cassette of cassetter, or is damaged: .*{said}"):
        import_recordings(CASSETTER.replace(before, after), "cassetter")


def test_what_yaml_takes_for_something_else_is_quoted() -> None:
    body = json.encode({"a": ["0o17", "yes", "1e3", "~", "", "2026-01-01", ".5", "+1", "0x1F", "null", "é\u2028"]})
    recordings = (Recording(HttpRequest("POST", "/responses", body=body), HttpResponse(status=200, body=body)),)
    exported = export_recordings(recordings, "cassetter")
    assert b"type: json" in exported.data
    assert import_recordings(exported.data).recordings == recordings


# --- session records -------------------------------------------------------------------------------

SESSION = json.encode(
    {
        "Entries": [
            {
                "RequestUri": "https://api.openai.com/v1/responses",
                "RequestMethod": "POST",
                "RequestHeaders": {"Authorization": "Sanitized", "Content-Type": "application/json", "Accept": ["a"]},
                "RequestBody": {"model": "m", "input": "Hi", "stream": True},
                "StatusCode": 200,
                "ResponseHeaders": {"Content-Type": "text/event-stream", "Set-Cookie": ["Sanitized", "Sanitized"]},
                "ResponseBody": ["event: response.created\n", "data: {}\n", "\n"],
            },
            {
                "RequestUri": "https://api.openai.com/v1/responses/resp_1",
                "RequestMethod": "DELETE",
                "RequestHeaders": {"Content-Length": "0"},
                "RequestBody": None,
                "StatusCode": 200,
                "ResponseHeaders": {},
                "ResponseBody": {"id": "resp_1", "object": "response.deleted", "deleted": True},
            },
        ],
        "Variables": {"seed": "1"},
    }
)


def test_a_session_record_is_read() -> None:
    imported = import_recordings(SESSION)
    stream, deletion = imported.recordings
    assert stream.request.body == b'{"model":"m","input":"Hi","stream":true}'
    assert stream.answer == HttpResponse(
        status=200,
        headers=(("content-type", "text/event-stream"),),
        body=b"event: response.created\ndata: {}\n\n",
    )
    assert deletion.request == HttpRequest("DELETE", "/responses/resp_1", body=b"")
    assert (
        run(
            delete_response("resp_1"),
            CassetteTransport([Recording(HttpRequest("DELETE", "/responses/resp_1"), deletion.answer)]),
        )
        .unwrap()
        .deleted
    )
    assert listed(imported) == {
        "Entries[0].RequestUri": "a cassette has no server: this one is https://api.openai.com/v1",
        "Entries[0].RequestHeaders.authorization": "a credential",
        "Entries[0].ResponseHeaders.set-cookie": "a credential",
        "Entries[1].RequestHeaders.content-length": "a header that is not among those kept",
        "Variables": "a cassette has no place for it",
    }


def test_a_damaged_session_record_is_a_clear_error() -> None:
    said = r"is not a session record of the .NET client, or is damaged: Entries\[1\].StatusCode: expected a status"
    with pytest.raises(ValueError, match=said):
        import_recordings(SESSION.replace(b'"StatusCode":200', b'"StatusCode":"OK"').replace(b'"OK"', b"200", 1))


# --- aimock ----------------------------------------------------------------------------------------


def fixtures(*several: dict[str, Any]) -> bytes:
    return json.encode({"fixtures": several})


def test_a_fixture_is_a_recording_of_a_whole_response() -> None:
    said = {"match": {"userMessage": "Hi"}, "response": {"content": "Hello.", "reasoning": "Hm."}, "latency": 250}
    imported = import_recordings(fixtures(said))
    (recording,) = imported.recordings
    assert recording.after == 0.25
    response = run(create_response(model=MODEL, input="Hi"), CassetteTransport([recording])).unwrap()
    assert (response.output_text, [item.type for item in response.output]) == ("Hello.", ["reasoning", "message"])
    assert set(listed(imported)) == {"fixtures[0].match.userMessage", "fixtures[0].match.model", "fixtures"}


def test_tool_calls_blocks_and_overrides_of_a_fixture_are_in_the_response() -> None:
    call = {"name": "get_weather", "arguments": {"city": "Lyon"}, "id": "call_1"}
    blocks = [{"type": "toolCall", **call}, {"type": "text", "text": "Wait."}]
    overrides = {"id": "resp_own", "model": "m-1", "created": 1_750_000_000, "usage": {"prompt_tokens": 7}}
    imported = import_recordings(
        fixtures(
            {"match": {"userMessage": "a", "model": "m"}, "response": {"toolCalls": [call], **overrides}},
            {"match": {"userMessage": "b", "model": "m"}, "response": {"blocks": blocks, "finishReason": "length"}},
        )
    )
    cassette = CassetteTransport(imported.recordings)
    first = run(create_response(model="m", input="a"), cassette).unwrap()
    assert (first.id, first.model, first.created_at) == ("resp_own", "m-1", 1_750_000_000)
    assert isinstance(first.usage, Usage)
    assert first.usage.input_tokens == 7
    (called,) = first.output
    assert isinstance(called, FunctionCall)
    assert (called.name, called.arguments, called.call_id) == ("get_weather", '{"city":"Lyon"}', "call_1")
    second = run(create_response(model="m", input="b"), cassette).unwrap()
    assert ([item.type for item in second.output], second.status) == (["function_call", "message"], "incomplete")


def test_an_error_of_a_fixture_is_an_answer_of_its_status() -> None:
    error = {"message": "Slow down.", "type": "rate_limit_error", "code": "rate_limit_exceeded"}
    data = fixtures({"match": {"userMessage": "Hi"}, "response": {"error": error, "status": 429, "retryAfter": 3}})
    refused = run(create_response(model=MODEL, input="Hi"), CassetteTransport(import_recordings(data).recordings))
    failure = refused.failure()
    assert isinstance(failure, ApiError)
    assert (failure.status, failure.code, failure.message, failure.retry_after) == (
        429,
        "rate_limit_exceeded",
        "Slow down.",
        3.0,
    )


def test_the_order_of_a_sequence_is_kept_and_what_is_no_recording_is_listed() -> None:
    jokes: list[dict[str, Any]] = [
        {"match": {"userMessage": "joke", "sequenceIndex": index}, "response": {"content": f"{index}"}}
        for index in (0, 1, 5)
    ]
    others: list[dict[str, Any]] = [
        {"match": {"toolCallId": "call_1"}, "response": {"content": "Done."}},
        {"match": {"userMessage": "x"}, "response": {"embedding": [1.0]}},
        {"match": {"userMessage": "x", "turnIndex": 1}, "response": {"content": "x"}, "chaos": {"dropRate": 1}},
    ]
    imported = import_recordings(fixtures(*jokes, *others))
    cassette = CassetteTransport(imported.recordings)
    texts = [run(create_response(model=MODEL, input="joke"), cassette).unwrap().output_text for _ in range(3)]
    assert texts == ["0", "1", "5"]
    told = listed(imported)
    assert told["fixtures[3]"] == "it has no userMessage: the whole fixture"
    assert told["fixtures[4]"] == "it has no answer of the Responses API: the whole fixture"
    assert {"fixtures[2].match.sequenceIndex", "fixtures[5].match.turnIndex", "fixtures[5].chaos"} <= set(told)
    assert "fixtures[0].match.sequenceIndex" not in told


def test_a_system_message_of_a_fixture_is_instructions() -> None:
    one, several = ({"userMessage": "Hi", "systemMessage": said} for said in ("Be brief.", ["a", "b"]))
    imported = import_recordings(
        fixtures(*({"match": match, "response": {"content": "x"}} for match in (one, several)))
    )
    asked = [json.decode(recording.request.body or b"").get("instructions") for recording in imported.recordings]
    assert asked == ["Be brief.", None]
    assert {f"fixtures[{index}].match.systemMessage" for index in (0, 1)} <= set(listed(imported))
