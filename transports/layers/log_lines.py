"""What a log says of an attempt: one line for each thing that is told, made of values alone.

Law: a line holds no credential, by name (`core/credentials`), in headers, in the query, and in a JSON body; and nothing
that a server or a caller says can break it. Lengths and the request id are always in it, bodies only where asked for.
"""

from __future__ import annotations

import re

from ...core.credentials import REDACTED, hide_pairs, names_a_credential
from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse, Pairs

_MEMBER = re.compile(r'("((?:[^"\\]|\\.)*)"\s*:\s*)("(?:[^"\\]|\\.)*("|\Z)|-?[0-9][0-9.eE+-]*)')
"""A name in JSON and its value, where that is a string or a number; the value of the last may be cut."""


def request_line(request: HttpRequest, *, bodies: bool) -> str:
    """What is sent, with its headers; those that the transport adds are not among them."""
    said = [f"request {_what(request)}", *_headers(request.headers)]
    if bodies and request.body:
        said.append(f"body {body_text(request.body)}")
    return "; ".join(said)


def answer_line(request: HttpRequest, answer: HttpResponse, length: int | None, *, bodies: bool) -> str:
    """What was received, with its headers; `length` is None for a body that is to be read."""
    size = "a body to be read" if length is None else _bytes(length)
    said = [f"answer to {_what(request)}: {answer.status}, {size}", *_headers(answer.headers)]
    if bodies and answer.body:
        said.append(f"body {body_text(answer.body)}")
    return "; ".join(said)


def outcome_line(
    request: HttpRequest, answer: HttpResponse, length: int, seconds: float, *, chunks: int | None = None
) -> str:
    """The one line of an attempt that was answered; `chunks` is of a body that was opened."""
    read = "" if chunks is None else f" in {chunks} chunks"
    return f"{_what(request)}: {answer.status}, {_bytes(length)}{read} in {seconds:.3f} s, {_id_of(answer)}"


def failure_line(request: HttpRequest, error: Error, seconds: float, head: HttpResponse | None = None) -> str:
    """The one line of an attempt that failed; `head` is what was received by then."""
    status = "" if head is None else f"{head.status}, {_id_of(head)}, "
    return f"{_what(request)}: {status}{printable(str(error))} after {seconds:.3f} s"


def raised_line(request: HttpRequest, error: BaseException, seconds: float) -> str:
    """The one line of an attempt whose transport raised, or whose task was cancelled."""
    return f"{_what(request)}: {type(error).__name__} after {seconds:.3f} s"


def body_text(body: bytes) -> str:
    """A body as one line of text, what is a credential in its JSON redacted."""
    return printable(_MEMBER.sub(_hidden, body.decode("utf-8", "backslashreplace")))


def printable(text: str) -> str:
    """Escape what is not printable: line breaks, escape sequences, characters that turn the writing direction."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _hidden(member: re.Match[str]) -> str:
    return f'{member[1]}"{REDACTED}"' if names_a_credential(member[2]) else member[0]


def _what(request: HttpRequest) -> str:
    query = "&".join(f"{name}={value}" for name, value in hide_pairs(request.query))
    target = printable(f"{request.method} {request.path}{'?' if query else ''}{query}")
    return target if request.body is None else f"{target}, {_bytes(len(request.body))}"


def _headers(headers: Pairs) -> list[str]:
    return [printable(f"{name}: {value}") for name, value in hide_pairs(headers)]


def _id_of(answer: HttpResponse) -> str:
    return f"request id {printable(answer.header('x-request-id') or 'none')}"


def _bytes(length: int) -> str:
    return "1 byte" if length == 1 else f"{length} bytes"
