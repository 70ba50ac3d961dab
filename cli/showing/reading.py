"""Reading what is to be shown from a file or from standard input, in whichever form it is there.

Law: lines are read as they are asked for; only a file that is one JSON value on several lines is read whole. What
cannot be read is told with its place, and the rest is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO, NamedTuple

from ...codecs.lossless.big_numbers import decode_plain
from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_object
from ..failures import ExitCode
from ..streams import FROM_STDIN, Stopped

_BOM = b"\xef\xbb\xbf"


class Unreadable(NamedTuple):
    """What cannot be read: where it is, and why."""

    reason: str


def read_values(path: str, stdin: BinaryIO | None) -> Iterator[Any]:
    """The values in a file, `-` for standard input, as plain JSON; an `Unreadable` for each that cannot be read."""
    try:
        with ExitStack() as stack:
            if path != FROM_STDIN:
                file: BinaryIO = stack.enter_context(open(path, "rb"))
            elif stdin is None:
                raise Stopped(ExitCode.LOCAL_IO, "cannot read: standard input is closed")
            else:
                file = stdin
            yield from _values(file, "standard input" if path == FROM_STDIN else path)
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read {path}: {error.strerror or error}") from None


def _values(file: BinaryIO, called: str) -> Iterator[Any]:
    number, first = 0, b""
    while not first:
        line = file.readline()
        if not line:
            return
        number += 1
        first = line.removeprefix(_BOM).strip()
    value = _json(first)
    if isinstance(value, Unreadable):
        whole = _json(first + file.read())
        yield Unreadable(f"{called}: {whole.reason}") if isinstance(whole, Unreadable) else whole
        return
    yield value
    for number_of_line, line in enumerate(file, number + 1):
        if line.strip():
            read = _json(line)
            yield (
                Unreadable(f"{called}: line {number_of_line}: {read.reason}") if isinstance(read, Unreadable) else read
            )


def _json(data: bytes) -> Any:
    try:
        return decode_plain(data)
    except REFUSALS as refusal:
        return Unreadable(str(refusal))


def id_of(value: Any) -> str | None:
    """The id of the response that a value is or is about; None where it says none."""
    if not is_object(value):
        return None
    response = value.get("response", value)
    found = response.get("id") if is_object(response) else None
    return found if isinstance(found, str) else None
