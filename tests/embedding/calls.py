"""Every public function of the core and the codecs that builds no program: each called with something to do.

`programs.py` has those that build one. A test sees to it that none is missing. What a call gives pickles and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct, json
from programs import MESSAGE, NAMES, OPERATIONS, STREAMS, Weather
from returns.pipeline import flow
from returns.result import Failure, Success

from puresponse import codecs, core
from puresponse.codecs import Codec, EventStream, InputItem, ListCodec, StreamDecoder, Unknown, decode, encode

RESPONSE: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1_750_000_000,
    "status": "completed",
    "model": "gpt-5-mini",
    "output": [
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "It asks for weather."}]},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": '{"city":"Lyon"}'},
        {"type": "function_call", "id": "fc_2", "call_id": "call_2", "name": "look", "arguments": "{cut"},
        {"type": "hologram", "id": "hg_1", "shape": "of a kind that nobody knows"},
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [
                {"type": "output_text", "annotations": [], "text": '{"city":"Lyon","degrees":19}'},
                {"type": "refusal", "refusal": "No more than that."},
            ],
        },
    ],
    "a_new_field": {"with": ["something", None, 1.5e300]},
}
"""A response with all that `accessors.py` looks for, and with a field and an item that the library does not know."""

ANSWERED = {**RESPONSE, "output": [{**RESPONSE["output"][-1], "content": RESPONSE["output"][-1]["content"][:1]}]}
"""The response without refusal, whose text is a `Weather`."""

EVENTS: tuple[dict[str, Any], ...] = (
    {"type": "response.created", "response": {**RESPONSE, "status": "in_progress", "output": []}, "sequence_number": 0},
    {"type": "response.output_item.added", "output_index": 0, "item": RESPONSE["output"][3], "sequence_number": 1},
    {"type": "response.hologram.delta", "output_index": 0, "delta": "…", "sequence_number": 2},
    {"type": "response.cancelled", "response": {**RESPONSE, "status": "cancelled"}, "sequence_number": 3},
)

KNOWN = json.encode(RESPONSE)
BODIES: dict[str, Any] = {
    path.stem: json.decode(path.read_bytes())
    for path in sorted((Path(__file__).parents[1] / "codecs" / "bodies").glob("*.json"))
}
"""What was sent and answered in recorded exchanges with the real service."""

SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
DELIVERY = (
    b'{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, '
    b'"type": "response.completed", "data": {"id": "resp_123"}}'
)
HEADERS = {
    "webhook-signature": "v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=",
    "webhook-timestamp": "1750861210",
    "webhook-id": "wh_685c059ae39c8190af8c71ed1022a24d",
}
"""The delivery that the official clients of all languages test with."""

ERROR = json.encode({"error": {"message": "No.", "type": "invalid_request_error", "code": "bad", "param": "model"}})
REQUEST = core.HttpRequest("POST", "/responses", (("a", "é"),), (("x-id", "1"),), b"{}", idempotent=True, timeout=2.5)


class Sketch(Struct, frozen=True):
    """A type that refers to another and to itself."""

    title: str
    places: list[Weather]
    next: Sketch | None = None


def response(body: dict[str, Any] = RESPONSE) -> Any:
    return codecs.decode_response(json.encode(body)).unwrap()


def events() -> list[Any]:
    return [codecs.decode_stream_event(json.encode(event)).unwrap() for event in EVENTS]


def read_and_written(name: str, data: bytes) -> tuple[Any, ...]:
    """What `decode_<name>` makes of `data`, of the same with a new field, and of half of it, and what is written."""
    read: Callable[[bytes], Any] = getattr(codecs, f"decode_{name}")
    whole, more, half = read(data), read(data[:-1] + b',"a_new_field":[1]}'), read(data[: len(data) // 2])
    return (whole, encode(whole.unwrap()), more, encode(more.unwrap()), half)


def _listed(*data: dict[str, Any]) -> bytes:
    return json.encode({"object": "list", "data": data, "first_id": "a", "last_id": "b", "has_more": False})


ITEM = {**MESSAGE, "id": "msg_1", "status": "completed"}
STRANGE = {"type": "hologram", "id": "hg_1"}
DECODERS: dict[str, bytes] = {
    "response": KNOWN,
    "deleted_response": b'{"id":"resp_1","object":"response","deleted":true}',
    "input_items": _listed(ITEM, STRANGE),
    "compacted_response": json.encode(
        {
            "id": "resp_1",
            "object": "response.compaction",
            "created_at": 1,
            "output": [ITEM],
            "usage": {
                "input_tokens": 1,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 2,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 3,
            },
        }
    ),
    "token_count": b'{"object":"response.input_tokens","input_tokens":7}',
    "conversation": b'{"id":"conv_1","object":"conversation","created_at":1,"metadata":{}}',
    "deleted_conversation": b'{"id":"conv_1","object":"conversation.deleted","deleted":true}',
    "conversation_item": json.encode(ITEM),
    "conversation_items": _listed(ITEM, STRANGE),
    "model": b'{"id":"m","object":"model","created":1,"owned_by":"o"}',
    "deleted_model": b'{"id":"m","object":"model","deleted":true}',
    "models": json.encode({"object": "list", "data": [{"id": "m", "object": "model", "created": 1, "owned_by": "o"}]}),
    "responses": json.encode(
        {"object": "list", "data": [RESPONSE], "first_id": "r", "has_more": False, "last_id": "r"}
    ),
    "stream_event": json.encode(EVENTS[0]),
}
"""A body for each `decode_<name>` of the codecs."""


def every_schema() -> list[Any]:
    """What each schema of the specification makes of objects and of scraps."""
    given = (b'{"type":"hologram","a_new_field":1}', b'"text"', b"[]", b"null", b"", b"\xff")
    return [(name, [decode(name, data) for data in given]) for name in codecs.SCHEMAS]


def misspelt_schema() -> str:
    try:
        return str(decode("Respons", b"{}"))
    except ValueError as error:
        return str(error)


def list_codec() -> tuple[Any, ...]:
    """It remembers that something was amiss: a later list may take another way than the first."""
    codec = ListCodec[Any](InputItem)
    return tuple(codec.decode(_listed(ITEM, {**STRANGE, "turn": turn})) for turn in range(3))


def kept_fields() -> tuple[Any, ...]:
    unknown = response().output[3]
    assert isinstance(unknown, Unknown)
    return unknown, repr(unknown), dict(response().unknown_fields)


def errors() -> list[Any]:
    """Every error in every form that it has for people and for other hosts."""
    made: list[core.Error] = [
        core.InvalidArgument("model", "given 1"),
        core.NotSent("dns", "no such host"),
        core.Interrupted("reset", "by the peer"),
        core.ApiError(status=503, message="busy", headers=(("retry-after", "2"),), body=ERROR),
        core.DecodeError(path="$.id", reason="expected text", body=b"\xff{"),
        core.WaitExpired(elapsed=2.0, polls=3),
        core.NoRecording(request=REQUEST, nearest=REQUEST, differences=("body",)),
    ]
    written = [core.encode_answer(Failure(error)) for error in made]
    return [(str(error), repr(error), error.may_have_acted, error.retryable) for error in made] + written


def answers() -> list[Any]:
    given = [core.HttpResponse(status=200, headers=(("X-Request-Id", "é"),), body=bytes(range(256)))]
    written = [core.encode_answer(Success(answer)).unwrap() for answer in given]
    return [
        core.decode_answer(data) for data in (*written, b'{"error":"NotSent","kind":"dns","reason":"x"}', b"{", b"")
    ]


def pointfree() -> list[Any]:
    def doubled(value: int) -> int:
        return 2 * value

    interrupted = core.fail(core.Interrupted("reset", "by the caller"))
    again = core.lash(lambda error: core.succeed(str(error)))
    worse = core.alt(lambda error: core.InvalidArgument("of", str(error)))
    return [
        flow(core.succeed(3), core.map_(doubled), core.bind(core.succeed)),
        flow(interrupted, again),
        flow(interrupted, worse),
    ]


def saved_operations() -> list[Any]:
    """Each operation at its first step, and what holds something that nobody knows."""
    made = [*(make() for make in OPERATIONS.values()), core.succeed(response()), core.succeed(float("inf"))]
    data = [core.save_checkpoint(operation, elapsed=1.5, names=NAMES).unwrap() for operation in made]
    return [(one, core.load_operation(one, names=NAMES)) for one in data]


def saved_streams() -> list[Any]:
    data = [core.save_checkpoint(make(), names=NAMES).unwrap() for make in STREAMS.values()]
    return [core.load_stream(one, names=NAMES) for one in data]


def forged() -> list[Any]:
    """What must be refused without looking anywhere for it."""
    told = (b'{"$":"os.system"}', b'{"$":"name","name":"eval"}', b'{"@":"Weather"}', b"1")
    made = [b'{"checkpoint":1,"elapsed":0,"program":%b}' % program for program in told]
    return [core.load_operation(data) for data in (*made, b'{"checkpoint":9}', b"{", b"\xff")]


def raised() -> str:
    try:
        return str(core.value_or_raise(Failure(core.NotSent("dns", "no such host"))))
    except core.OperationFailed as failed:
        return str(failed)


def recorded(bodies: Any) -> list[Any]:
    """Every body of a record: read, and written as it came; a stream cut into chunks, and folded."""
    done: list[Any] = []
    for body in bodies:
        if body["schema"] == "ResponseStreamEvent":
            done.append(streamed(body["body"].encode()))
        elif body["schema"] in codecs.SCHEMAS:
            read = decode(body["schema"], json.encode(body["body"])).unwrap()
            done.append((read, encode(read)))
    return done


def streamed(data: bytes) -> tuple[Any, ...]:
    decoder, seen = StreamDecoder(), list[Any]()
    for start in range(0, len(data), 1000):
        decoder, found = decoder.feed(data[start : start + 1000])
        seen += found
    return decoder, seen, core.response_so_far(seen)


def sent(*events: dict[str, Any]) -> bytes:
    return b"".join(b"event: %b\ndata: %b\n\n" % (event["type"].encode(), json.encode(event)) for event in events)


CALLS: dict[str, Callable[[], Any]] = {
    # the core
    "preload": core.preload,
    "create_request": lambda: core.create_request({"model": "gpt-5-mini", "input": "Hello"}, stream=True),
    "create_request of an invalid argument": lambda: core.create_request({"model": "gpt-5-mini", "temperature": 9}),
    "parse_output": lambda: core.parse_output(response(ANSWERED), Weather),
    "parse_output of a refusal": lambda: core.parse_output(response(), Weather),
    "parse_output of another shape": lambda: core.parse_output(response(ANSWERED), Sketch),
    "parse_output of no type": lambda: core.parse_output(response(ANSWERED), 5),
    "text_format_of": lambda: [core.text_format_of(of, description="It.") for of in (Weather, Sketch, list[int])],
    "verify_webhook": lambda: core.verify_webhook(DELIVERY, HEADERS, SECRET, now=1750861210),
    "verify_webhook of a forgery": lambda: core.verify_webhook(DELIVERY + b" ", HEADERS, SECRET, now=1750861210),
    "verify_webhook late": lambda: core.verify_webhook(DELIVERY, HEADERS, SECRET, now=1750869999),
    "verify_webhook by a malformed secret": lambda: core.verify_webhook(DELIVERY, HEADERS, "whsec_*", now=1),
    "unwrap_webhook": lambda: core.unwrap_webhook(DELIVERY, HEADERS, SECRET, now=1750861210),
    "has_ended": lambda: core.has_ended(response()),
    "fold_event": lambda: [core.fold_event(before, event) for before in (None, response()) for event in events()],
    "response_so_far": lambda: core.response_so_far(events()),
    "sequence_number": lambda: [core.sequence_number(event) for event in events()],
    "to_curl": lambda: [core.to_curl(REQUEST), core.to_curl(REQUEST, "no URL")],
    "encode_request": lambda: core.encode_request(REQUEST),
    "encode_request of what no JSON holds": lambda: core.encode_request(core.HttpRequest("GET", "/\ud800")),
    "decode_request": lambda: [core.decode_request(data) for data in (core.encode_request(REQUEST).unwrap(), b"{}")],
    "encode_answer of errors": errors,
    "decode_answer": answers,
    "save_checkpoint": saved_operations,
    "save_checkpoint of what is not the library's": lambda: core.save_checkpoint(core.succeed(Sketch)),
    "load_operation of forgeries": forged,
    "load_stream": saved_streams,
    "map_, bind, alt and lash": pointfree,
    "alt": pointfree,
    "bind": pointfree,
    "lash": pointfree,
    "fold": lambda: [core.fold(result, repr, str) for result in (Success(1), Failure("no"))],
    "is_failure": lambda: [core.is_failure(result) for result in (Success(1), Failure("no"))],
    "break_off": lambda: core.break_off(core.NotSent("dns", "no such host")),
    "value_or_raise": raised,
    # the codecs
    "brief": lambda: codecs.brief(response()),
    "pretty": lambda: codecs.pretty(response(), width=60),
    "decode, every schema": every_schema,
    "decode, a misspelt schema": misspelt_schema,
    "decode_error_body": lambda: [codecs.decode_error_body(data) for data in (ERROR, b'{"detail":"no"}', b"<html>")],
    "json_schema": lambda: codecs.json_schema(codecs.Response),
    "encode": lambda: encode(response()),
    "to_html": lambda: codecs.to_html(response()),
    "to_plain": lambda: codecs.to_plain(response()),
    "to_text": lambda: codecs.to_text(response()),
    "function_calls": lambda: codecs.function_calls(response()),
    "output_text": lambda: codecs.output_text(response()),
    "parse_arguments": lambda: [
        codecs.parse_arguments(call, dict[str, str]) for call, _ in codecs.function_calls(response())
    ],
    "reasoning_summaries": lambda: codecs.reasoning_summaries(response()),
    "refusal": lambda: codecs.refusal(response()),
    "Codec": lambda: [Codec[Weather](Weather).decode(data) for data in (b'{"city":"Lyon","degrees":19}', b"{}", b"")],
    "ListCodec": list_codec,
    "StreamDecoder": lambda: streamed(sent(*EVENTS)),
    "StreamDecoder of an error": lambda: streamed(b'event: error\ndata: {"error":{"message":"no"}}\n\n'),
    "EventStream": lambda: EventStream().feed(sent(*EVENTS) + b"\xff\r"),
    "Unknown and Kept": kept_fields,
    **{f"decode_{name}": partial(read_and_written, name, data) for name, data in DECODERS.items()},
    **{f"recorded: {name}": partial(recorded, bodies) for name, bodies in BODIES.items()},
}
"""Calls by the name of what is called, in the same way as `PROGRAMS`."""
