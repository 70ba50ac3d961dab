"""An answer whose body is received in chunks, as a value; and how any answer that is a value is called for, and opened.

Law: chunks say when bytes were received, not what they are. Called for, an answer in chunks is the answer with all of
them, and one that breaks off the error, with all of them as its `partial`; opened, an answer without chunks is one of a
single chunk, and so is such a `partial`.
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
from ...core.streams import NOT_OPEN, Chunk
from ..bodies import WholeBody, cut_body
from ..contract import Body


class StreamedResponse(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """A response whose body is received in `chunks`, and then ends, or breaks off with `error`.

    >>> cut = StreamedResponse(status=200, chunks=(b"one", b"two"), error=Interrupted("reset", "gone"))
    >>> body = as_opened(cut).unwrap()
    >>> [body.read() for _ in range(3)]
    [<Success: b'one'>, <Success: b'two'>, <Failure: interrupted (reset): gone>]
    """

    status: int
    headers: Pairs = ()
    chunks: tuple[bytes, ...] = ()
    error: Interrupted | None = None


CannedAnswer: TypeAlias = HttpResponse | StreamedResponse | Error
"""What a stub answers with: a response of any status, whole or in chunks, or an error, returned as a `Failure`."""


def as_called(answer: CannedAnswer) -> Answer:
    """What a transport returns that is called, and answers with `answer`."""
    if isinstance(answer, HttpResponse):
        return Success(answer)
    if not isinstance(answer, StreamedResponse):
        return Failure(answer)
    received = HttpResponse(status=answer.status, headers=answer.headers, body=b"".join(answer.chunks))
    if answer.error is not None:
        return Failure(replace(answer.error, partial=received))
    return Success(received)


def as_opened(answer: CannedAnswer) -> Result[Body, Error]:
    """What a transport returns that is to open a body, and answers with `answer`."""
    if isinstance(answer, StreamedResponse) and 200 <= answer.status < 300:
        return Success(ChunkwiseBody(answer))
    called = as_called(answer)
    if not is_failure(called):
        return Success(WholeBody(called.unwrap()))
    cut = cut_body(called.failure())
    return called if cut is None else Success(WholeBody(*cut))


class ChunkwiseBody:
    """The body of a `StreamedResponse`. Chunks of no bytes are left out: they would be its end.

    The chunks are there already: no `within` makes a difference.
    """

    def __init__(self, response: StreamedResponse) -> None:
        self.answer = HttpResponse(status=response.status, headers=response.headers)
        self._chunks = iter([chunk for chunk in response.chunks if chunk])
        self._end: Chunk = Success(b"") if response.error is None else Failure(response.error)
        self._over = False

    def read(self, within: float | None = None) -> Chunk:
        """The next chunk, no bytes at the end, or the `Interrupted` that breaks the body off."""
        for chunk in self._chunks:
            return Success(chunk)
        self._over = True
        return self._end

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        if not self._over:
            self._over = True
            self._chunks = iter(())
            self._end = NOT_OPEN
