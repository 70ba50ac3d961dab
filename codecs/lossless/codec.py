"""Bytes to values and back, losing nothing and raising nothing.

Laws: `decode` is total (it returns a value or a `DecodeError`, whatever the bytes are), and `encode(decode(x))` is `x`
as JSON. Where an object has the same member twice, the last one counts (RFC 8259, section 4, leaves that open); what
becomes of numbers that have more digits than a double is said in `big_numbers.py`.

One pass of plain msgspec does both for payloads that hold only what the structs name. Whatever else arrives is read
a second time, by `lenient.py`. What that kept is written where it was read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Raw, json
from msgspec.structs import StructConfig
from returns.primitives.container import BaseContainer
from returns.result import Failure, Result, Success

from .building import decoder, once
from .errors import UNREAD, DecodeError
from .wire import UNKNOWN_FIELDS, Displaced, Kept, Unknown, Untagged

if TYPE_CHECKING:
    from .lenient import Lenient

T = TypeVar("T")

_container: Any = BaseContainer
_new: Callable[[Any], Any] = Success.__new__
_hold: Callable[[Any, Any], None] = _container.__init__
"""What a container does with its value. The constructor of `Success` does this and no more, which a test sees: round a
response of a kilobyte it would cost a tenth of the decoding, and half of that is the way from one constructor to the
other.
"""


class Again:
    """Reads again what a strict decoder refused. What that takes is loaded when it is first needed."""

    __slots__ = ("_lenient", "_shape", "decode", "read")

    def __init__(self, shape: Any, decode: Callable[[bytes], Any]) -> None:
        self._shape = shape
        self.decode = decode
        self._lenient: Lenient | None = None
        self.read: Callable[[bytes, Exception], Any] = self._load_and_read
        """Reads the bytes that were refused for that exception: returns a value, or a `DecodeError`."""

    @property
    def lenient(self) -> Lenient:
        """What reads it, and parts of it."""
        lenient = self._lenient
        if lenient is None:
            from .lenient import Lenient

            lenient = self._lenient = Lenient(self._shape, self.decode)
            self.read = lenient.read
        return lenient

    def _load_and_read(self, data: bytes, refusal: Exception) -> Any:
        return self.lenient.read(data, refusal)


def _total(decode: Callable[[bytes], T], again: Again) -> Callable[[bytes], Result[T, DecodeError]]:
    """The `decode` of a codec as a function that has all it needs at hand: for who decodes often."""

    def total(data: bytes) -> Result[T, DecodeError]:
        try:
            value = decode(data)
        except UNREAD as refusal:
            value = again.read(data, refusal)
            if value.__class__ is DecodeError:
                return Failure(value)
        result: Result[T, DecodeError] = _new(Success)
        _hold(result, value)
        return result

    return total


class Codec(Generic[T]):
    """Decodes JSON into `T`: a wire struct, a union of them, or anything that msgspec knows and is made of them.

    Args:
        shape: The type, `T`.

    >>> Codec(list[int]).decode(b"[1, 2]")
    <Success: [1, 2]>
    """

    __slots__ = ("again", "shape", "strict", "total")

    def __init__(self, shape: Any) -> None:
        self.shape = open_shape(shape)
        self.strict: Callable[[bytes], T] = decoder(self.shape)
        self.again = Again(self.shape, self.strict)
        self.total = _total(self.strict, self.again)

    def decode(self, data: bytes) -> Result[T, DecodeError]:
        """Read `data` as a `T`. Returns a value or a `DecodeError`, whatever the bytes are."""
        return self.total(data)


class BareCodec(Codec[T]):
    """A codec that reads without a container, too. It is the library's own: what is public returns a `Result`."""

    __slots__ = ()

    def read(self, data: bytes) -> T | DecodeError:
        """What `decode` returns, without the container, which would cost a third more for each of a stream's events."""
        value: T | DecodeError
        try:
            value = self.strict(data)
        except UNREAD as refusal:
            value = self.again.read(data, refusal)
        return value


codec_for: Callable[[Any], BareCodec[Any]] = once(BareCodec)
"""The codec of a type of the library itself, made once for all who ask."""


def result_of(value: T | DecodeError) -> Result[T, DecodeError]:
    """Put a value or an error where `returns` has them."""
    return Failure(value) if isinstance(value, DecodeError) else Success(value)


def open_shape(shape: Any) -> Any:
    """The type to decode where `shape` is wanted: beside a struct with a tag there is always `Unknown`.

    Alone it would also take an object without a tag, which would then have one when it is written.
    """
    config: StructConfig | None = getattr(shape, "__struct_config__", None)
    return shape if config is None or config.tag is None else either(shape, Unknown)


def either(*shapes: Any) -> Any:
    """The union of types that are known only at run time."""
    union = shapes[0]
    for shape in shapes[1:]:
        union = union | shape
    return union


def encode(value: Any) -> bytes:
    """Write `value`, a wire struct or anything made of them, as JSON: what was decoded is written as it was read.

    Raises `TypeError` for what has no form in JSON.

    >>> from puresponse.codecs import Message
    >>> encode(Message(role="user", content="Hi"))
    b'{"type":"message","role":"user","content":"Hi"}'
    """
    written = _encode(value)
    return _spliced(written) if 0 in written else written


def to_plain(value: Any) -> Any:
    """Turn the wire structs of `value` into dicts, lists and scalars, with what they kept where it was.

    >>> from puresponse.codecs import Message
    >>> to_plain(Message(role="user", content="Hi"))
    {'type': 'message', 'role': 'user', 'content': 'Hi'}
    """
    from .big_numbers import decode_plain

    return decode_plain(encode(value))


_MARK = b"\0"
"""Is written before and after what was kept. JSON holds no such byte: in strings it is escaped."""

_DISPLACED = _MARK + b"D"

_UNKNOWN = b'{"type":"(unknown)","raw":'
_UNKNOWN_FIELDS = f'"{UNKNOWN_FIELDS}":'.encode()


def _marked(value: Any) -> Raw:
    """What the encoder writes for a `Kept`: a letter for its kind and its members without braces, between marks.

    A `BigNumber` is written as it was read. What was displaced is written as an object, for `displaced.py`.
    """
    if not isinstance(value, Kept):
        return _number(value)
    if isinstance(value, Displaced):
        members = encode({"entries": [*value.entries], "untagged": value.untagged, "members": value.to_dict()})
        return Raw(_DISPLACED + members + _MARK)
    kind = b"U" if isinstance(value, Untagged) else b"K"
    return Raw(_MARK + kind + encode(value.to_dict())[1:-1] + _MARK)


def _number(value: Any) -> Raw:
    from .big_numbers import BigNumber

    if isinstance(value, BigNumber):
        return Raw(value.text.encode())
    raise TypeError(f"{type(value).__name__} has no JSON form")


_encode = json.Encoder(enc_hook=_marked).encode


def _spliced(written: bytes) -> bytes:
    """Put the members that stand between marks into the object around them, in place of what msgspec wrote there.

    It wrote `unknown_fields` first in their object, after the tag if there is one.
    """
    chunks: list[bytes] = []
    start = 0
    while (mark := written.find(_MARK, start)) >= 0:
        if written.startswith(_DISPLACED, mark):
            from .displaced import settled

            return _spliced(settled(written))
        end = written.index(_MARK, mark + 1)
        members = written[mark + 2 : end]
        after = end + 1
        if written.endswith(_UNKNOWN_FIELDS, start, mark):
            before = mark - len(_UNKNOWN_FIELDS)
            if written.startswith(b"U", mark + 1):
                before = written.rindex(b'"type":', start, before)
            if not members and written.startswith(b",", after):
                after += 1
            elif not members and written.endswith(b",", start, before):
                before -= 1
            chunks += (written[start:before], members)
        elif written.endswith(_UNKNOWN, start, mark):
            chunks += (written[start : mark - len(_UNKNOWN)], b"{", members)
        else:
            chunks += (written[start:mark], b"{", members, b"}")
        start = after
    chunks.append(written[start:])
    return b"".join(chunks)
