"""The transport of a ledger's run, around the caller's: nothing is sent that is not written.

Law: what is written of a request is in the file before the request is sent, whoever writes it; the caller's transport
is asked as it would be without a ledger. What a ledger did not mark is handed on as it is.
"""

from __future__ import annotations

import asyncio
from threading import Lock

from ...core.http import HttpRequest, HttpResponse
from ...core.steps import Answer
from ..contract import AbandonableTransport, AsyncTransport, Exchange, Transport
from ..mistakes import awaitable_of, result_of
from .entries import Sending
from .journal import Journal


def recording(transport: Transport, journal: Journal) -> Transport:
    """The transport that writes first."""
    if isinstance(transport, AbandonableTransport):
        return RecordingAbandonableTransport(transport, journal)
    return RecordingTransport(transport, journal)


class RecordingTransport:
    """Writes in the thread that sends; threads that write at once share a commit."""

    def __init__(self, transport: Transport, journal: Journal) -> None:
        self._transport = transport
        self._journal = journal

    def __call__(self, request: HttpRequest) -> Answer:
        if not isinstance(request, Sending):
            return self._transport(request)
        entry, asked = request.entry, request.request
        self._journal.commit(entry.sending(request.step, asked))
        answer = result_of("run_many", self._transport, self._transport(asked))
        entry.answered(asked, answer)
        return answer


class RecordingAbandonableTransport(RecordingTransport):
    """The same of a transport whose calls can be given up."""

    def __init__(self, transport: AbandonableTransport, journal: Journal) -> None:
        super().__init__(transport, journal)
        self._abandonable = transport

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that writes when it is performed."""
        if not isinstance(request, Sending):
            return self._abandonable.begin(request)
        return RecordingExchange(self._abandonable, self._journal, request)


class RecordingExchange:
    """An exchange that can be given up, written of by the thread that performs it."""

    def __init__(self, transport: AbandonableTransport, journal: Journal, sending: Sending) -> None:
        self._transport = transport
        self._journal = journal
        self._sending = sending
        self._exchange = transport.begin(sending.request)
        self._lock = Lock()
        self._is_begun = False

    def result(self) -> Answer:
        """Write, perform the exchange, and take the answer; whoever asks again gets the same."""
        with self._lock:
            is_begun, self._is_begun = self._is_begun, True
        if is_begun:
            return self._exchange.result()
        entry, asked = self._sending.entry, self._sending.request
        self._journal.commit(entry.sending(self._sending.step, asked))
        answer = result_of("run_many", self._transport, self._exchange.result())
        entry.answered(asked, answer)
        return answer

    def give_up(self) -> None:
        """End it now."""
        self._exchange.give_up()


class RecordingAsyncTransport:
    """The same in an event loop: tasks that write in one turn of the loop share a commit, which blocks it meanwhile."""

    def __init__(self, transport: AsyncTransport, journal: Journal) -> None:
        self._transport = transport
        self._journal = journal
        self._waiting: list[asyncio.Future[None]] = []

    async def __call__(self, request: HttpRequest) -> Answer:
        if not isinstance(request, Sending):
            return await self._asked(request)
        entry, asked = request.entry, request.request
        entry.sending(request.step, asked)
        await self._committed()
        answer = await self._asked(asked)
        entry.answered(asked, answer)
        return answer

    async def _asked(self, request: HttpRequest) -> Answer:
        awaitable = awaitable_of("run_many_async", self._transport, self._transport(request))
        return result_of("run_many_async", self._transport, await awaitable)

    async def _committed(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._commit)
        future = loop.create_future()
        self._waiting.append(future)
        await future

    def _commit(self) -> None:
        waiting, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            self._journal.commit()
        except BaseException as raised:
            error = raised
        for future in waiting:
            if future.cancelled():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
