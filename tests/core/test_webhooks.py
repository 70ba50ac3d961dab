"""Webhook deliveries: only what the service has just signed is believed, and what it says is typed."""

from __future__ import annotations

import hashlib
import hmac
import pickle
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreters import printed_by
from msgspec import UNSET, json
from returns.result import Success

from puresponse.codecs import DecodeError, Unknown, to_plain
from puresponse.core import InvalidArgument
from puresponse.core.endpoints.webhook_events import (
    RealtimeCallIncomingWebhookEvent,
    ResponseCompletedWebhookEvent,
    WebhookData,
    WebhookEvent,
)
from puresponse.core.endpoints.webhooks import WebhookRejected, unwrap_webhook, verify_webhook

# The vector that the official clients of all languages test with: secret, headers and body.
PUBLISHED_SECRET = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c="
PUBLISHED_BODY = (
    b'{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, '
    b'"type": "response.completed", "data": {"id": "resp_123"}}'
)
PUBLISHED_HEADERS = {
    "webhook-signature": "v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=",
    "webhook-timestamp": "1750861210",
    "webhook-id": "wh_685c059ae39c8190af8c71ed1022a24d",
}
NOW = 1750861210

KEY = bytes(range(32))
SECRET = "whsec_" + b64encode(KEY).decode()
BODY = b'{"id":"evt_1","object":"event","created_at":1,"type":"response.completed","data":{"id":"resp_1"}}'


def signature_of(body: bytes, *, key: bytes = KEY, name: str = "wh_1", timestamp: str = str(NOW)) -> str:
    signed = f"{name}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_of(body: bytes = BODY, *, name: str = "wh_1", timestamp: str = str(NOW), **more: str) -> dict[str, str]:
    signature = signature_of(body, name=name, timestamp=timestamp)
    return {
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature,
        **{key.replace("_", "-"): value for key, value in more.items()},
    }


def rejection_of(body: bytes = BODY, headers: Any = None, secret: Any = SECRET, **times: Any) -> WebhookRejected:
    result = unwrap_webhook(body, headers_of(body) if headers is None else headers, secret, **{"now": NOW, **times})
    error = result.failure()
    assert isinstance(error, WebhookRejected)
    return error


def refusal_of(
    body: Any = BODY, headers: Any = None, secret: Any = SECRET, now: Any = NOW, tolerance: Any = 300
) -> InvalidArgument:
    given_headers = headers_of() if headers is None else headers
    error = unwrap_webhook(body, given_headers, secret, now=now, tolerance=tolerance).failure()
    assert isinstance(error, InvalidArgument)
    return error


# --- genuine --------------------------------------------------------------------------------------


def test_the_vector_of_the_official_clients_is_genuine() -> None:
    event = unwrap_webhook(PUBLISHED_BODY, PUBLISHED_HEADERS, PUBLISHED_SECRET, now=NOW).unwrap()
    assert event == ResponseCompletedWebhookEvent(
        id="evt_685c059ae3a481909bdc86819b066fb6",
        object="event",
        created_at=1750861210,
        data=WebhookData(id="resp_123"),
    )


def test_a_genuine_delivery_gives_its_event() -> None:
    event = unwrap_webhook(BODY, headers_of(), SECRET, now=NOW).unwrap()
    assert isinstance(event, ResponseCompletedWebhookEvent)
    assert (event.type, event.data.id) == ("response.completed", "resp_1")
    assert verify_webhook(BODY, headers_of(), SECRET, now=NOW) == Success(None)


@pytest.mark.thread_unsafe(reason="one of the headers is an iterator, which is used up once")
@pytest.mark.parametrize(
    "headers",
    [
        {name.upper(): value for name, value in headers_of().items()},
        list(headers_of().items()),
        [(name.encode(), value.encode()) for name, value in headers_of().items()],
        {name.encode(): value.encode() for name, value in headers_of().items()},
        iter(headers_of().items()),
        {"Host": "x", **headers_of(), "Content-Type": "application/json"},
    ],
    ids=["upper", "pairs", "asgi", "bytes", "iterator", "others"],
)
def test_headers_are_taken_as_frameworks_give_them(headers: Any) -> None:
    assert unwrap_webhook(BODY, headers, SECRET, now=NOW).unwrap()


@pytest.mark.parametrize("body", [BODY, BODY.decode(), bytearray(BODY), memoryview(BODY)])
def test_a_body_is_bytes_or_text(body: Any) -> None:
    assert unwrap_webhook(body, headers_of(), SECRET, now=NOW).unwrap()


def test_text_other_than_ascii_is_signed_as_utf_8() -> None:
    body = '{"id":"evt_1","created_at":1,"type":"response.completed","data":{"id":"ré"}}'
    assert unwrap_webhook(body, headers_of(body.encode()), SECRET, now=NOW).unwrap()


@pytest.mark.parametrize("secret", [SECRET, SECRET.rstrip("="), KEY])
def test_a_secret_is_base64_or_the_key_itself(secret: str | bytes) -> None:
    assert verify_webhook(BODY, headers_of(), secret, now=NOW) == Success(None)


def test_one_signature_of_many_is_enough() -> None:
    other = signature_of(BODY, key=b"old")
    for signatures in (f"{other} {signature_of(BODY)}", f"{signature_of(BODY)} {other}", f"v1a,x {signature_of(BODY)}"):
        headers = {**headers_of(), "webhook-signature": signatures}
        assert verify_webhook(BODY, headers, SECRET, now=NOW) == Success(None)


@pytest.mark.parametrize("seconds", [-300, -299.5, 0, 299.5, 300])
def test_a_delivery_within_five_minutes_either_way_is_believed(seconds: float) -> None:
    assert verify_webhook(BODY, headers_of(), SECRET, now=NOW + seconds) == Success(None)


def test_the_tolerance_is_the_callers() -> None:
    assert verify_webhook(BODY, headers_of(), SECRET, now=NOW + 1000, tolerance=1000) == Success(None)
    assert verify_webhook(BODY, headers_of(), SECRET, now=NOW, tolerance=0) == Success(None)
    assert rejection_of(now=NOW + 1, tolerance=0).kind == "too_old"


# --- rejected -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "kind"), [(300.5, "too_old"), (10**9, "too_old"), (-301, "too_new")])
def test_a_delivery_of_another_time_is_rejected(seconds: float, kind: str) -> None:
    assert rejection_of(now=NOW + seconds).kind == kind


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_delivery_without_one_of_the_headers_is_rejected(name: str, how: str) -> None:
    headers = {**headers_of(), name: ""}
    if how == "missing":
        del headers[name]
    error = rejection_of(headers=headers)
    assert error.kind == "missing_header"
    assert name in str(error)


@pytest.mark.parametrize("timestamp", ["now", "1.5", "-1", "1e9", "\u0661", " 1", "9" * 16, "0x1"])
def test_a_timestamp_is_a_whole_number_of_seconds(timestamp: str) -> None:
    assert rejection_of(headers=headers_of(timestamp=timestamp)).kind == "malformed_header"


@pytest.mark.parametrize("name", ["wh.1", "wh_ł"])
def test_an_id_that_moves_the_borders_of_what_is_signed_is_rejected(name: str) -> None:
    assert rejection_of(headers=headers_of(name=name)).kind == "malformed_header"


@pytest.mark.parametrize(
    "signature",
    [
        signature_of(BODY, key=b"another"),
        signature_of(BODY + b" "),
        signature_of(BODY, name="wh_2"),
        signature_of(BODY, timestamp=str(NOW + 1)),
        signature_of(BODY).removeprefix("v1,"),
        signature_of(BODY).replace("v1,", "v1a,"),
        signature_of(BODY)[:-1],
        "v1,",
        "v1,é",
        "v1,\ud800",
        "rubbish",
    ],
)
def test_a_signature_of_anything_else_is_rejected(signature: str) -> None:
    assert rejection_of(headers={**headers_of(), "webhook-signature": signature}).kind == "bad_signature"


def test_a_body_that_is_no_text_of_any_encoding_is_rejected_like_any_other() -> None:
    assert verify_webhook("\ud800", headers_of(), KEY, now=NOW).failure() == rejection_of(b"x", headers_of())


@given(st.binary(), st.binary(min_size=1, max_size=64), st.integers(0, 10**12))
def test_what_is_signed_is_genuine_and_any_other_body_is_not(body: bytes, key: bytes, seconds: int) -> None:
    timestamp = str(seconds)
    signature = signature_of(body, key=key, timestamp=timestamp)
    headers = {"webhook-id": "wh_1", "webhook-timestamp": timestamp, "webhook-signature": signature}
    assert verify_webhook(body, headers, key, now=seconds) == Success(None)
    rejected = verify_webhook(body + b"\0", headers, key, now=seconds).failure()
    assert isinstance(rejected, WebhookRejected)


def test_a_rejection_is_a_value_that_says_what_to_do() -> None:
    error = rejection_of(now=NOW + 1000)
    assert str(error) == "webhook rejected (too_old): it was sent 1000 s ago; tolerated are 300 s"
    assert (error.may_have_acted, error.retryable) == (False, False)
    assert pickle.loads(pickle.dumps(error)) == error == rejection_of(now=NOW + 1000)
    assert "from now" in str(rejection_of(now=NOW - 1000))
    no_signature = "no signature is that of the secret for this id, timestamp and body"
    assert str(rejection_of(b"x", headers_of())) == f"webhook rejected (bad_signature): {no_signature}"
    assert refusal_of(secret=5).reason.startswith("given a int; allowed is ")


# --- bad arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_ü",
        "whsec_a b",
        "whsec_====",
        SECRET + "\n",
        SECRET.replace("A", "!A", 1),
        "whsec_A",
        "sk-hidden",
        b"",
        5,
        None,
        ["whsec_AA=="],
    ],
)
def test_a_malformed_secret_is_refused_and_not_shown(secret: Any) -> None:
    refused = refusal_of(secret=secret)
    assert refused.parameter == "secret"
    assert "hidden" not in repr(refused)
    assert "a b" not in repr(refused)


def test_no_error_holds_the_secret() -> None:
    encoded = SECRET.removeprefix("whsec_")
    errors = [rejection_of(body=BODY, headers={**headers_of(), "webhook-signature": "x"}), rejection_of(now=0)]
    errors_and_refusals = [*map(repr, errors), *map(str, errors), repr(refusal_of(now="x")), repr(refusal_of(body=5))]
    assert all(encoded not in shown and str(KEY) not in shown for shown in errors_and_refusals)


@pytest.mark.parametrize("now", ["1750861210", None, float("nan"), float("inf"), True])
def test_now_is_a_number_of_seconds(now: Any) -> None:
    assert refusal_of(now=now).parameter == "now"


@pytest.mark.parametrize(
    "tolerance",
    ["300", None, float("nan"), float("inf"), -1, False, 10**400, 1e300, -(10**400)],
    ids=lambda value: type(value).__name__,
)
def test_a_tolerance_is_a_number_of_seconds(tolerance: Any) -> None:
    assert refusal_of(tolerance=tolerance).parameter == "tolerance"


@pytest.mark.parametrize("body", [5, None, ["a"], {"id": "evt_1"}])
def test_a_body_that_was_parsed_is_refused(body: Any) -> None:
    assert refusal_of(body=body).parameter == "body"


@pytest.mark.parametrize("headers", [5, ["webhook-id"], [("a", "b", "c")]])
def test_headers_of_another_kind_are_refused(headers: Any) -> None:
    assert refusal_of(headers=headers).parameter == "headers"


# --- events ---------------------------------------------------------------------------------------


def event_of(value: Mapping[str, Any]) -> Any:
    body = json.encode(value)
    return unwrap_webhook(body, headers_of(body), SECRET, now=NOW).unwrap()


EVENT = {"id": "evt_1", "object": "event", "created_at": 1750861210, "data": {"id": "x_1"}}
TELLING: dict[str, dict[str, object]] = {
    "realtime.call.incoming": {"call_id": "call_1", "sip_headers": [{"name": "From", "value": "sip:a@b"}]},
    "agent.session.created": {
        "id": "x_1",
        "environment_type": "self_hosted",
        "environment_id": "env_1",
        "connect": {"remote_url": "https://example.com/"},
    },
    "agent.session.in_progress": {"id": "x_1", "environment_type": "none"},
    "agent.session.idle": {"id": "x_1", "environment_type": "none"},
    "agent.session.failed": {"id": "x_1", "environment_type": "openai_hosted", "environment_id": None},
    "agent.session.action_required": {"id": "x_1", "required_action": {"type": "function_call"}},
    "live.transport.connected": {"session_id": "live_1", "type": "webrtc"},
    "live.transport.incoming": {
        "session_id": "live_1",
        "type": "sip",
        "sip_headers": [{"name": "From", "value": "sip:a@b"}],
        "sip_media_security": "srtp",
    },
    "live.call.incoming": {"session_id": "live_1", "sip_headers": []},
}
"""The events that hold more than an id, and what they hold."""

THIN = [kind for kind in get_args(WebhookEvent) if kind is not Unknown and kind.type not in TELLING]


@pytest.mark.parametrize("kind", THIN)
def test_every_documented_type_has_a_struct(kind: Any) -> None:
    body = {**EVENT, "type": kind.type}
    event = event_of(body)
    assert type(event) is kind
    assert (event.type, event.id, event.created_at, event.data.id) == (kind.type, "evt_1", 1750861210, "x_1")
    assert to_plain(event) == body


def test_the_types_are_those_of_the_documentation() -> None:
    assert {kind.type for kind in THIN} == {
        *("response.completed", "response.cancelled", "response.failed", "response.incomplete"),
        *("batch.completed", "batch.cancelled", "batch.expired", "batch.failed"),
        *("fine_tuning.job.succeeded", "fine_tuning.job.cancelled", "fine_tuning.job.failed"),
        *("eval.run.succeeded", "eval.run.canceled", "eval.run.failed"),
        *("agent.environment.ready", "agent.environment.failed"),
        *("agent.environment.suspended", "agent.environment.expired"),
        *("safety.alert.created", "safety.org_alert.created"),
        *("safety.warning_issued", "safety.deactivation_issued"),
    }


@pytest.mark.parametrize("name", TELLING)
def test_what_an_event_holds_is_typed(name: str) -> None:
    body = {**EVENT, "type": name, "data": TELLING[name]}
    event = event_of(body)
    assert event.type == name
    assert (event.unknown_fields, event.data.unknown_fields) == (UNSET, UNSET)
    assert to_plain(event) == body


def test_an_incoming_call_tells_its_headers() -> None:
    data = {"call_id": "call_1", "sip_headers": [{"name": "From", "value": "sip:a@b"}]}
    body = {**EVENT, "type": "realtime.call.incoming", "data": data}
    event = event_of(body)
    assert isinstance(event, RealtimeCallIncomingWebhookEvent)
    assert event.data.sip_headers[0].name == "From"
    assert to_plain(event) == body


def test_an_event_of_an_unknown_type_is_kept_whole() -> None:
    body = {**EVENT, "type": "safety.alert.read", "data": {"level": 3}}
    event = event_of(body)
    assert isinstance(event, Unknown)
    assert (event.type, event.id) == ("safety.alert.read", "evt_1")
    assert to_plain(event) == body


def test_an_event_that_lacks_what_its_type_has_is_kept_whole() -> None:
    body = {"id": "evt_1", "type": "response.completed", "created_at": 1}
    event = event_of(body)
    assert isinstance(event, Unknown)
    assert (event.type, event.mismatch) == ("response.completed", "$: Object missing required field `data`")
    assert to_plain(event) == body


def test_what_is_not_known_of_an_event_is_kept() -> None:
    body = {**EVENT, "type": "response.completed", "data": {"id": "resp_1", "status": "completed"}, "project": "p"}
    assert to_plain(event_of(body)) == body


@pytest.mark.parametrize(
    ("body", "path"),
    [(b"", "$"), (b"hello", "$"), (b"[]", "$")],
)
def test_a_genuine_delivery_that_is_not_understood_is_a_decode_error(body: bytes, path: str) -> None:
    error = unwrap_webhook(body, headers_of(body), SECRET, now=NOW).failure()
    assert isinstance(error, DecodeError)
    assert error.path == path


def test_who_receives_no_webhooks_loads_no_cryptography() -> None:
    program = (
        "import sys; import puresponse.core.endpoints.webhooks; "
        "print([name for name in ('hashlib', 'hmac', 'ssl', 'socket', '_hashlib') if name in sys.modules])"
    )
    assert printed_by(program) == "[]"


# --- times of any size ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "now",
    [10**400, -(10**400), 1e300, -1e300, float("nan"), float("inf"), 10**5000, "now", True],
    ids=lambda value: type(value).__name__,
)
def test_a_time_of_any_size_is_verified_or_refused(now: Any) -> None:
    refused = refusal_of(now=now)
    assert refused.parameter == "now"
    assert len(str(refused)) < 300


@pytest.mark.parametrize(
    "timestamp", ["9" * 15, "9" * 16, "9" * 5000, "-1", "1e400", "nan", "inf", "\u0661", "0x1", "+1"]
)
def test_a_timestamp_of_any_size_is_rejected(timestamp: str) -> None:
    rejected = rejection_of(headers=headers_of(timestamp=timestamp))
    assert rejected.kind in ("malformed_header", "too_new")
    assert len(str(rejected)) < 200


@given(
    now=st.integers() | st.floats() | st.integers(10**300, 10**400),
    tolerance=st.integers() | st.floats() | st.integers(10**300, 10**400),
    timestamp=st.text(st.sampled_from("0123456789.e-"), max_size=20),
)
def test_no_times_raise(now: Any, tolerance: Any, timestamp: str) -> None:
    verify_webhook(BODY, headers_of(timestamp=timestamp), SECRET, now=now, tolerance=tolerance)
