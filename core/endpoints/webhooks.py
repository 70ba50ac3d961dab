"""Webhook deliveries: who sent them is verified, and their event is decoded.

Law: nothing of a delivery is believed before its signature is: the HMAC-SHA256 of its id, its timestamp and its body,
under a secret that only the service and the receiver know. An old delivery is refused even if it is genuine, for it
may be repeated by somebody else. The time is the caller's; the secret is in no error and no repr.

https://platform.openai.com/docs/guides/webhooks and
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct
from returns.result import Failure, Result, Success

from ...codecs.lossless.codec import Codec, codec_for
from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.plain import is_mapping
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import InvalidArgument

if TYPE_CHECKING:
    from .webhook_events import WebhookEvent
else:
    WebhookEvent = public_type("WebhookEvent", __name__.rpartition(".")[0].rpartition(".")[0])

WebhookHeaders: TypeAlias = (
    Mapping[str, str] | Mapping[bytes, bytes] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
)
"""The headers of a delivery, as frameworks pass them: a mapping or pairs, of strings or (ASGI) of bytes."""

_PREFIX = "whsec_"
_KEYS = "a webhook secret as the service issues it: `whsec_` and base64; or the key itself as bytes"
_TIMESTAMP = re.compile(r"[0-9]{1,15}", re.ASCII)

_LATEST = 1e15
"""Seconds. A timestamp of 15 digits is before that; an integer of any more may be too large for a float."""


class WebhookRejected(Struct, frozen=True, tag_field="error", tag=True):
    """A delivery that must not be believed: it is not from the service, or not from now. Answer it with a 400.

    `kind` says what is wrong: a header is missing or malformed, the timestamp is out of tolerance, or no signature is
    that of the secret. `reason` says it for people.
    """

    kind: Literal["missing_header", "malformed_header", "too_old", "too_new", "bad_signature"]
    reason: str

    @property
    def may_have_acted(self) -> bool:
        """False: nothing was sent."""
        return False

    @property
    def retryable(self) -> bool:
        """False: the delivery stays what it is. The service makes another one by itself."""
        return False

    def __str__(self) -> str:
        return f"webhook rejected ({self.kind}): {self.reason}"


WebhookError: TypeAlias = InvalidArgument | WebhookRejected | DecodeError
"""What can be wrong with a delivery. No operation returns these, so they are no part of `Error`."""


def unwrap_webhook(
    body: bytes | str,
    headers: WebhookHeaders,
    secret: str | bytes,
    *,
    now: float,
    tolerance: float = 300,
) -> Result[WebhookEvent, WebhookError]:
    """Verify a webhook delivery, and return its event.

    The service repeats deliveries that are not answered with a 2xx in time, under the same `webhook-id`: remember the
    ids of those that are done with.

    Args:
        body: The body, exactly as received: any other spelling of the same JSON has another signature.
        headers: The headers; `webhook-id`, `webhook-timestamp` and `webhook-signature` are looked for in any case.
        secret: The secret of the endpoint: `whsec_` and base64, or the key itself as bytes.
        now: The time, in seconds since 1970: `time.time()`; 1e15 at most.
        tolerance: How many seconds the timestamp may be before or after `now`, 0 to 1e15.

    Errors: `WebhookRejected` for a delivery that is not genuine or not recent; `DecodeError` for one that is, and is
    not understood; `InvalidArgument` for a malformed secret and for times that are none.
    https://platform.openai.com/docs/guides/webhooks

    >>> headers = {"webhook-id": "wh_1", "webhook-timestamp": "1700000000", "webhook-signature": "v1,AAAA"}
    >>> unwrap_webhook(b"{}", headers, "whsec_c2VjcmV0", now=1_700_000_010)
    <Failure: webhook rejected (bad_signature): no signature is that of the secret for this id, timestamp and body>
    """
    rejected = _rejection(body, headers, secret, now, tolerance)
    if rejected is not None:
        return Failure(rejected)
    # What was decoded is what was signed, and an error of it is one of these three.
    decoded: Result[Any, Any] = event_codec().decode(_as_bytes(body))
    return decoded


def verify_webhook(
    body: bytes | str,
    headers: WebhookHeaders,
    secret: str | bytes,
    *,
    now: float,
    tolerance: float = 300,
) -> Result[None, InvalidArgument | WebhookRejected]:
    """Verify a webhook delivery; a `Success` of None is a genuine and recent one. Arguments as of `unwrap_webhook`.

    Errors: `WebhookRejected` and `InvalidArgument`, as there.

    >>> verify_webhook(b"{}", {}, "whsec_c2VjcmV0", now=1_700_000_000).failure().kind
    'missing_header'
    """
    rejected = _rejection(body, headers, secret, now, tolerance)
    return Success(None) if rejected is None else Failure(rejected)


def _rejection(
    body: bytes | str, headers: WebhookHeaders, secret: str | bytes, now: float, tolerance: float
) -> InvalidArgument | WebhookRejected | None:
    invalid = _check_body(body) or _check_times(now, tolerance)
    if invalid is not None:
        return invalid
    key = _key(secret)
    if isinstance(key, InvalidArgument):
        return key
    found = _signed_headers(headers)
    if not isinstance(found, _Signed):
        return found
    late = now - found.seconds
    if late > tolerance:
        return WebhookRejected("too_old", f"it was sent {late:.0f} s ago; tolerated are {tolerance:g} s")
    if -late > tolerance:
        return WebhookRejected("too_new", f"it was sent {-late:.0f} s from now; tolerated are {tolerance:g} s")
    content = b".".join((found.id.encode("latin-1"), found.timestamp.encode("latin-1"), _as_bytes(body)))
    if _is_signed(content, key, found.signature):
        return None
    return WebhookRejected("bad_signature", "no signature is that of the secret for this id, timestamp and body")


class _Signed(Struct, frozen=True):
    """The three headers; `seconds` is what `timestamp` says."""

    id: str
    timestamp: str
    signature: str
    seconds: int


def _signed_headers(headers: WebhookHeaders) -> _Signed | WebhookRejected | InvalidArgument:
    given: dict[str, str] = {}
    pairs: Iterable[Any] = headers.items() if is_mapping(headers) else headers
    try:
        for name, value in pairs:
            given.setdefault(_as_text(name).lower(), _as_text(value))
    except Exception:  # what a framework's class, or a caller's, may raise when it is no headers
        return InvalidArgument("headers", f"given a {type(headers).__name__}; allowed is a mapping or pairs")
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if not given.get(name):
            return WebhookRejected("missing_header", f"there is no header {name!r}")
    message_id, timestamp = given["webhook-id"], given["webhook-timestamp"]
    if _TIMESTAMP.fullmatch(timestamp) is None:
        return WebhookRejected("malformed_header", "'webhook-timestamp' is not a number of seconds since 1970")
    # A dot would move the borders between what is signed.
    if "." in message_id or not _is_latin_1(message_id):
        return WebhookRejected("malformed_header", "'webhook-id' holds a dot, or what no header can hold")
    return _Signed(message_id, timestamp, given["webhook-signature"], int(timestamp))


def _is_signed(content: bytes, key: bytes, signatures: str) -> bool:
    """Whether one of `signatures` is that of `content`. What takes time does not depend on how nearly one is."""
    # Here, because they take 7 ms to load, and most programs receive no webhooks.
    import hashlib
    import hmac
    from binascii import b2a_base64

    expected = b"v1," + b2a_base64(hmac.digest(key, content, hashlib.sha256), newline=False)
    return any(hmac.compare_digest(expected, given.encode("utf-8", "surrogatepass")) for given in signatures.split())


def _key(secret: Any) -> bytes | InvalidArgument:
    """The key in a secret. An error about it does not hold it."""
    from binascii import Error, a2b_base64

    if isinstance(secret, bytes):
        return secret or InvalidArgument("secret", f"given no bytes; allowed is {_KEYS}")
    if not isinstance(secret, str):
        return InvalidArgument("secret", f"given a {type(secret).__name__}; allowed is {_KEYS}")
    if not secret.startswith(_PREFIX):
        return InvalidArgument("secret", f"given a string without `{_PREFIX}` (not shown); allowed is {_KEYS}")
    encoded = secret.removeprefix(_PREFIX)
    try:
        key = a2b_base64(encoded + "=" * (-len(encoded) % 4), strict_mode=True)
    except (Error, ValueError):
        key = b""
    return key or InvalidArgument("secret", f"given a string whose rest is no base64 (not shown); allowed is {_KEYS}")


def _check_body(body: Any) -> InvalidArgument | None:
    if isinstance(body, bytes | bytearray | memoryview | str):
        return None
    return invalid_argument("body", body, "the body as received, as bytes or a string")


def _check_times(now: Any, tolerance: Any) -> InvalidArgument | None:
    if type(now) not in (int, float) or not -_LATEST <= now <= _LATEST:
        return invalid_argument(
            "now", now, f"a number of seconds since 1970, as `time.time()` returns it, up to {_LATEST:g}"
        )
    if type(tolerance) not in (int, float) or not 0 <= tolerance <= _LATEST:
        return invalid_argument("tolerance", tolerance, f"a number of seconds from 0 to {_LATEST:g}")
    return None


def _as_bytes(body: bytes | str) -> bytes:
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)


def _as_text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _is_latin_1(text: str) -> bool:
    return all(character <= "\xff" for character in text)


@cache  # which builds nothing itself: it loads what is built elsewhere
def event_codec() -> Codec[WebhookEvent]:
    """The codec of the events of deliveries."""
    from .webhook_events import WebhookEvent

    return codec_for(WebhookEvent)
