"""The two forms of what is shown: JSON lines for programs, a table (`table_output`) and sentences for people.

A form returns text to be written as it is, and writes nothing itself.

Law: what a server or a file says can neither break a line nor control the terminal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct, json

from ..codecs import encode
from ..core import ApiError, DecodeError, Error, Interrupted, InvalidArgument, NotSent
from .streams import is_text


class Messages(Protocol):
    """What a form writes beside the values: lines with their ends."""

    @property
    def encoding(self) -> str | None:
        """What all of the form is to be written in; None for whatever a stream is set to."""
        ...

    def error(self, response_id: str | None, error: Error) -> str:
        """What went wrong with a response, or with a list of them."""
        ...

    def complaint(self, kind: str, reason: str) -> str:
        """What went wrong with a setting, or with the streams of the process."""
        ...

    def note(self, text: str) -> str:
        """What else there is to know."""
        ...

    def log(self, level: str, line: str) -> str:
        """What was sent or answered: a printable line of the log."""
        ...


class OutputForm(Messages, Protocol):
    """A whole form."""

    def values(self, values: Sequence[Any]) -> str:
        """The values of operations, one or more, to be shown below those before."""
        ...


class JsonLines(Struct, frozen=True):
    """Values as they were received from the server, one object a line."""

    @property
    def encoding(self) -> str:
        """UTF-8, as JSON is exchanged (RFC 8259, section 8.1)."""
        return "utf-8"

    def values(self, values: Sequence[Any]) -> str:
        """The JSON of each value: nothing lost, nothing added."""
        return "".join(self.line(encode(value).decode()) for value in values)

    def line(self, text: str) -> str:
        """A line of JSON for standard output."""
        return f"{text}\n"

    def error(self, response_id: str | None, error: Error) -> str:
        """An `ErrorRecord` as JSON."""
        return _line(error_record(response_id, error))

    def complaint(self, kind: str, reason: str) -> str:
        """An `ErrorRecord` without an id as JSON."""
        return _line(ErrorRecord(None, kind, None, None, encodable(reason), None))

    def note(self, text: str) -> str:
        """An object with one field, `note`."""
        return _line({"note": text})

    def log(self, level: str, line: str) -> str:
        """An object with two fields, `log` and `level`."""
        return _line({"log": line, "level": level})


def _line(value: Any) -> str:
    return f"{json.encode(value).decode()}\n"


class Sentences:
    """What the table form writes beside the table."""

    @property
    def encoding(self) -> None:
        """Whatever the stream is set to."""
        return None

    def error(self, response_id: str | None, error: Error) -> str:
        """A line that names the response, if it is about one, and says what went wrong."""
        return f"{error_line(response_id, error)}\n"

    def complaint(self, kind: str, reason: str) -> str:
        """A line."""
        return f"{whole_line(f'puresponse: {reason}')}\n"

    def note(self, text: str) -> str:
        """A line."""
        return f"{whole_line(f'puresponse: {text}')}\n"

    def log(self, level: str, line: str) -> str:
        """A line, all of it."""
        return f"puresponse: {line}\n"


class ErrorRecord(Struct, frozen=True):
    """An error as the JSON form shows it: all fields always, null where they do not apply.

    `id` is the response that was asked for, null where the trouble is not about one. `error` is the name of the error
    in `puresponse.core`, `NoKey`, or `Stopped` where standard input or output failed. `code` is the API's, or the kind
    of a `NotSent` or `Interrupted`.
    """

    id: str | None
    error: str
    status: int | None
    code: str | None
    message: str | None
    request_id: str | None


def error_record(response_id: str | None, error: Error) -> ErrorRecord:
    """Lay out `error`, the result of an operation on `response_id`, or on no response."""
    name = type(error).__name__
    response_id = None if response_id is None else encodable(response_id)
    match error:
        case ApiError():
            return ErrorRecord(response_id, name, error.status, error.code, error.message, error.request_id)
        case NotSent() | Interrupted():
            return ErrorRecord(response_id, name, None, error.kind, error.reason, None)
        case DecodeError():
            return ErrorRecord(response_id, name, error.status, None, f"{error.path}: {error.reason}", error.request_id)
        case InvalidArgument():
            return ErrorRecord(response_id, name, None, None, f"{error.parameter}: {error.reason}", None)
        case _:
            return ErrorRecord(response_id, name, None, None, str(error), None)


def error_line(response_id: str | None, error: Error) -> str:
    """Say in one line what went wrong."""
    about = "" if response_id is None else f"{response_id}: "
    return one_line(f"puresponse: {about}{error}")


# --- text from elsewhere, made fit to be shown -----------------------------------------------------

_LONGEST_LINE = 500
"""Characters of a message that are shown; the JSON form has all of it."""

_LONGEST_WORD = 80
"""Characters of a word. A longer one is an id (some servers have ids of 485), base64 or the like."""

_HEAD, _TAIL = 40, 12
"""Characters of a longer word that are left at its beginning and at its end, where ids differ."""


def encodable(text: str) -> str:
    """Escape what no encoding of Unicode has a form for."""
    return text if is_text(text) else text.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Escape what is not printable: line breaks, escape sequences, characters that turn the writing direction."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def whole_line(text: str) -> str:
    """`text` as one line, in which nothing is cut: what the program says itself may have a path, or a command."""
    return printable(" ".join(text.split()))


def one_line(text: str) -> str:
    """`text` as one line of limited length. Long words are cut first, so that a long id leaves room for the reason."""
    line = printable(" ".join(map(_short, text.split())))
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"


def _short(word: str) -> str:
    return word if len(word) <= _LONGEST_WORD else f"{word[:_HEAD]}…{word[-_TAIL:]}"


def _escaped(character: str) -> str:
    return (
        character.encode("ascii", "backslashreplace").decode() if ord(character) > 127 else f"\\x{ord(character):02x}"
    )
