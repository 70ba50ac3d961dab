"""Recorders: they ask a transport, pass on what it returns, and record both.

Law: what a recorder returns is what its transport returns, and what the transport is asked is what the recorder is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from functools import partial
from time import time
from types import TracebackType
from typing import Generic, Self, TypeVar

from returns.result import Failure, Result, Success

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..bodies import open_body, open_body_async
from ..clock import Clock
from ..contract import AsyncBody, AsyncTransport, Body, Exchange, Transport
from ..exchanges import SeenExchange, beginning_calls, beginning_to_open, close_body
from ..mistakes import awaitable_of, result_of
from .format import Recording
from .known_exchange import KnownExchange
from .leaks import leaks_of
from .matching import Matching
from .normalising import Normalising
from .recording_body import AsyncRecordingBody, RecordingBody
from .redaction import Redaction
from .replay import called, opened, opened_async
from .tape import Asked, Tape

N = TypeVar("N", bound=Transport | AsyncTransport)


class _Recorder(Generic[N]):
    """What is recorded, and where; of which the recorders below are two faces."""

    def __init__(
        self,
        transport: N,
        path: str | os.PathLike[str],
        *,
        keep_headers: Collection[str] = (),
        scrub: Callable[[HttpRequest], HttpRequest] | None = None,
        clock: Clock | None = None,
        now: Callable[[], float] = time,
        redact: Collection[Redaction] = (),
        normalise: Normalising | None = None,
        harmless: Collection[str] = (),
        known: Iterable[Recording] = (),
        match: Matching | None = None,
    ) -> None:
        self._transport = transport
        further = () if match is None else match.headers
        self._tape = Tape(
            path,
            keep_headers=(*keep_headers, *further),
            scrub=scrub,
            clock=clock,
            now=now,
            redact=redact,
            normalise=normalise,
            harmless=harmless,
            leaks=leaks_of(transport),
            known=known,
            match=match,
        )

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """What was recorded so far, in the order in which it was asked for."""
        return self._tape.recordings

    def redact(self, *rules: Redaction) -> None:
        """Add `rules`, for what was recorded so far too."""
        self._tape.redact(rules)

    def save(self) -> None:
        """Write what was recorded so far: the file is there whole, or as it was.

        Raises `SecretFound`, a `ValueError`, for what would hold a secret, and `OSError`.
        """
        self._tape.save()

    def close(self) -> None:
        """Save, once; what is asked from now on is refused with a `ValueError`.

        Where saving fails it raises what `save` does, and again when it is called again, until the file is saved.
        """
        self._tape.close()

    def abandon(self) -> None:
        """Close it, and leave the file as it was; what was recorded stays beside it."""
        self._tape.abandon()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._tape.path!r}, {len(self._tape)} recordings)"

    def _left(self, error: BaseException | None) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()

    def _called(self, asked: Asked, result: Answer) -> Answer:
        self._tape.keep(asked, result.failure() if isinstance(result, Failure) else result.unwrap())
        return result


class CassetteRecorder(_Recorder[Transport]):
    """Asks `transport`, passes on what it returns, and records both; saves to `path` when it is closed.

    Recorded are responses of any status, and the failures `NotSent` and `Interrupted`: whatever a server or network
    did. Any other failure is passed on unrecorded, and so is that of an exchange which its caller gave up. A body that
    is opened is recorded in the chunks in which it is read; if it is closed before its end, the recording breaks off
    there.

    Each recording is written to `NAME.partial`, beside the file, as soon as it has ended: a process that is killed
    leaves it there. The file itself is written when the recorder is closed. As a context manager it closes itself, but
    keeps the file as it was if the block was left by an exception. The transport stays open: it belongs to whoever made
    it.

    - `keep_headers`: names of headers to keep besides those that always are; one that holds secrets is a `ValueError`.
    - `scrub`: what is recorded of a request; it is sent as it is.
    - `clock`: what tells how long answers and chunks take, to record that too; None records no times.
    - `now`: what tells the date at the top of the file, in seconds of Unix time.
    - `redact`: what is taken out of what is recorded, besides what always is.
    - `normalise`: which ids and times are replaced by ones that are the same in every run.
    - `harmless`: texts that look like keys, and are none.
    - `known`: recordings that are replayed instead of asking the transport, and stay in the file.
    - `match`: by what a request is one of those; None by a `Matching()`. The headers that count for it are kept.

    Before anything is written it is searched for what looks like a key, and for the transport's own credential
    (`leaks`). Where that is found a `SecretFound` says where, and nothing is written; nor is anything lost: add a rule
    by `redact`, and close the recorder again.

    A `path` that ends with `.jsonl` is written in the JSON Lines form. The directory of `path` is made if it is not
    there; where nothing can be written, an `OSError` says so at once. Many threads may call it at once; the recordings
    are in the order in which they were asked for.
    """

    def __call__(self, request: HttpRequest) -> Answer:
        known = self._known_call(request)
        return self._called(self._tape.asked(request), self._transport(request)) if known is None else known

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Open a body, in one chunk where the transport cannot do better, and record what is read of it."""
        known = self._known_body(request)
        return self._opened(self._tape.asked(request), open_body(self._transport, request)) if known is None else known

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs and records, and that is given up as the transport's is."""
        live = SeenExchange(beginning_calls(self._transport)(request), partial(self._calling, request))
        return KnownExchange(partial(self._known_call, request), live) if self._tape.has_known else live

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, of which is recorded what is read, and that can be given up."""
        live = SeenExchange(beginning_to_open(self._transport)(request), partial(self._opening, request))
        if not self._tape.has_known:
            return live
        return KnownExchange(partial(self._known_body, request), live, close=close_body)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left(error)

    def _known_call(self, request: HttpRequest) -> Answer | None:
        known = self._tape.known(request)
        return None if known is None else called(known, request, None)[1]

    def _known_body(self, request: HttpRequest) -> Result[Body, Error] | None:
        known = self._tape.known(request)
        return None if known is None else opened(known, request, None)[1]

    def _calling(self, request: HttpRequest) -> Callable[[Answer], Answer]:
        """What keeps the result of a call that is asked for now."""
        return partial(self._called, self._tape.asked(request))

    def _opening(self, request: HttpRequest) -> Callable[[Result[Body, Error]], Result[Body, Error]]:
        """What keeps the result of an opening that is asked for now."""
        return partial(self._opened, self._tape.asked(request))

    def _opened(self, asked: Asked, live: Result[Body, Error]) -> Result[Body, Error]:
        if isinstance(live, Failure):
            self._tape.keep(asked, live.failure())
            return live
        body = live.unwrap()
        if not body.answer.is_success:
            self._tape.keep(asked, body.answer)
            return live
        return Success(RecordingBody(body, self._tape.notes(asked, body.answer)))


class AsyncCassetteRecorder(_Recorder[AsyncTransport]):
    """The same around an asynchronous transport, which it is itself; it writes files, which blocks for moments.

    The parameters are those of `CassetteRecorder`, and so is what is raised: `ValueError` and `OSError`.
    """

    async def __call__(self, request: HttpRequest) -> Answer:
        known = self._tape.known(request)
        if known is not None:
            return called(known, request, None)[1]
        asked, who = self._tape.asked(request), type(self).__name__
        answer: Answer = await awaitable_of(who, self._transport, self._transport(request))
        return self._called(asked, result_of(who, self._transport, answer))

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        """Open a body, in one chunk where the transport cannot do better, and record what is read of it."""
        known = self._tape.known(request)
        if known is not None:
            return opened_async(known, request, None)[1]
        asked = self._tape.asked(request)
        live = await open_body_async(self._transport, request)
        if isinstance(live, Failure):
            self._tape.keep(asked, live.failure())
            return live
        body = live.unwrap()
        if not body.answer.is_success:
            self._tape.keep(asked, body.answer)
            return live
        return Success(AsyncRecordingBody(body, self._tape.notes(asked, body.answer)))

    async def aclose(self) -> None:
        """Save, once, as `close` does."""
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left(error)
