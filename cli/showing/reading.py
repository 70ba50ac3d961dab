"""Reading what is to be shown from a file or from standard input, in whichever form it is there.

Law: values are read as they are asked for; only a file that is one JSON value on several lines is read whole. What
cannot be read is told with its place, and the rest is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO

from ...codecs.lossless.big_numbers import decode_plain
from ...codecs.lossless.errors import REFUSALS
from ...codecs.lossless.plain import is_object
from ...core import is_failure
from ..failures import ExitCode
from ..sources.lines import WrongLine
from ..streams import FROM_STDIN, Stopped

_BOM = b"\xef\xbb\xbf"


def read_values(path: str, stdin: BinaryIO | None) -> Iterator[Any]:
    """The values in a file, `-` for standard input; a `WrongLine` for each that cannot be read."""
    if path == FROM_STDIN and stdin is None:
        raise Stopped(ExitCode.LOCAL_IO, "cannot read: standard input is closed")
    try:
        if path == FROM_STDIN or not _is_archive(path):
            yield from _in_json(path, stdin)
        else:
            yield from _in_archive(path)
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read {path}: {error.strerror or error}") from None
    except ImportError as error:  # of the library that a format needs
        raise Stopped(ExitCode.USAGE, str(error)) from None


def _is_archive(path: str) -> bool:
    """Whether it is in a format of archives that is not JSON itself."""
    from ...transports.archive.formats import format_found

    return format_found(path) not in (None, "jsonl")


def _in_archive(path: str) -> Iterator[Any]:
    from ...transports import read_archive

    for read in read_archive(path):
        if is_failure(read):
            damage = read.failure()
            yield WrongLine(f"{damage.path}: {damage.place}", damage.reason)
        else:
            yield read.unwrap()


def _in_json(path: str, stdin: BinaryIO | None) -> Iterator[Any]:
    with ExitStack() as stack:
        file = stack.enter_context(open(path, "rb")) if path != FROM_STDIN or stdin is None else stdin
        called = "standard input" if path == FROM_STDIN else path
        first, number = b"", 0
        while not first:
            line = file.readline()
            if not line:
                return
            number += 1
            first = line.removeprefix(_BOM).strip()
        value = _json(first, called)
        if isinstance(value, WrongLine):  # a value on several lines, or none
            yield _json(first + b"\n" + file.read(), called)
            return
        yield value
        yield from (_json(line, f"{called}:{at}") for at, line in enumerate(file, number + 1) if line.strip())


def _json(data: bytes, place: str) -> Any:
    try:
        return decode_plain(data)
    except REFUSALS as refusal:
        return WrongLine(place, str(refusal))


def id_of(value: Any) -> str | None:
    """The id of the response that a value is, or is about; None where it says none."""
    if is_object(value):
        response = value.get("response", value)
        found = response.get("id") if is_object(response) else None
    else:
        found = getattr(getattr(value, "response", None), "id", None)
    return found if isinstance(found, str) else None


def without_input(value: Any) -> Any:
    """The response of an audit; anything else as it is."""
    if is_object(value):
        return value["response"] if "input_items" in value and "response" in value else value
    return getattr(value, "response", value)
