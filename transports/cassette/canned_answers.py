"""An answer whose body comes in pieces, as a value; and how any answer that is a value is called for, and opened.

Law: pieces say when bytes came, not what they are. Called for, an answer in pieces is the answer with all of them, and
one that breaks off the error, with all of them as its `partial`; opened, an answer without pieces is one of a single
piece, and so is such a `partial`.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from ...core.errors import Error, Interrupted
from ...core.http import HttpResponse, Pairs
from ...core.results import is_failure
from ...core.steps import Answer
from ...core.streams import NOT_OPEN, Piece
from ..bodies import WholeBody, cut_body
from ..contract import Body


class StreamedResponse(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """A response whose body comes in `pieces`, and then ends, or breaks off with `broken`.

    >>> cut = StreamedResponse(status=200, pieces=(b"one", b"two"), broken=Interrupted("reset", "gone"))
    >>> body = as_opened(cut).unwrap()
    >>> [body.read() for _ in range(3)]
    [<Success: b'one'>, <Success: b'two'>, <Failure: interrupted (reset): gone>]
    """

    status: int
    headers: Pairs = ()
    pieces: tuple[bytes, ...] = ()
    broken: Interrupted | None = None


CannedAnswer: TypeAlias = HttpResponse | StreamedResponse | Error
"""What a stub answers with: a response of any status, whole or in pieces, or an error, which comes as a `Failure`."""


def as_called(answer: CannedAnswer) -> Answer:
    """What a transport gives that is called, and answers with `answer`."""
    if isinstance(answer, HttpResponse):
        return Success(answer)
    if not isinstance(answer, StreamedResponse):
        return Failure(answer)
    received = HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.pieces))
    if answer.broken is not None:
        return Failure(replace(answer.broken, partial=received))
    return Success(received)


def as_opened(answer: CannedAnswer) -> Result[Body, Error]:
    """What a transport gives that is to open a body, and answers with `answer`."""
    if isinstance(answer, StreamedResponse) and 200 <= answer.status < 300:
        return Success(PiecewiseBody(answer))
    called = as_called(answer)
    if not is_failure(called):
        return Success(WholeBody(called.unwrap()))
    cut = cut_body(called.failure())
    return called if cut is None else Success(WholeBody(*cut))


class PiecewiseBody:
    """The body of a `StreamedResponse`. Pieces of no bytes are left out: they would be its end.

    The pieces are there already: no `within` makes a difference.
    """

    def __init__(self, response: StreamedResponse) -> None:
        self.answer = HttpResponse(status=response.status, headers=response.headers)
        self._pieces = iter([piece for piece in response.pieces if piece])
        self._end: Piece = Success(b"") if response.broken is None else Failure(response.broken)
        self._over = False

    def read(self, within: float | None = None) -> Piece:
        """The next piece, no bytes at the end, or the `Interrupted` that breaks the body off."""
        for piece in self._pieces:
            return Success(piece)
        self._over = True
        return self._end

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        if not self._over:
            self._over = True
            self._pieces = iter(())
            self._end = NOT_OPEN
