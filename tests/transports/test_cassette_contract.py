"""Stubs and cassettes keep the laws of every transport."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from returns.result import Result

from puresponse.core import Answer, Error, HttpRequest
from puresponse.transports import (
    AsyncBody,
    AsyncStreamingTransport,
    AsyncTransport,
    Body,
    StreamingTransport,
    Transport,
    in_threads,
)
from puresponse.transports.bodies import read_to_end_async
from puresponse.transports.cassette.recorder import AsyncCassetteRecorder, CassetteRecorder
from puresponse.transports.cassette.transport import AsyncCassetteTransport, CassetteTransport
from puresponse.transports.testing.contract import (
    AsyncStreamingTransportContract,
    AsyncTransportContract,
    StreamingTransportContract,
    TransportContract,
)
from puresponse.transports.testing.contract.streaming import read_whole
from puresponse.transports.testing.loopback import Service
from puresponse.transports.testing.stub import StubTransport

HEADERS = ("location", "x-other", "x-request-id", "x-said", "x-status", "x-twice")
"""The headers that the laws look at, of those that a cassette does not keep by itself."""

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files are written to no disk: what is written is flushed, and there is much of it here."""

pytestmark = pytest.mark.unmeasured
"""Each call of a law records a cassette and replays it: what that covers, other tests do with fewer calls."""


class TestStubTransport(TransportContract):
    """The laws, of a stub."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(StubTransport(service))


class TestStubTransportOpening(StreamingTransportContract):
    """The laws, of a stub that opens."""

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(StubTransport(service))


class TestCassetteRecorder(TransportContract):
    """The laws, of a recorder around a stub."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return recorder_of(service)


class TestCassetteRecorderOpening(StreamingTransportContract):
    """The laws, of a recorder that opens."""

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return recorder_of(service)


class TestCassetteTransport(TransportContract):
    """The laws, of a replay: every exchange is recorded, written, read, and replayed."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(RecordedAndReplayed(service, opening=False))


class TestCassetteTransportOpening(StreamingTransportContract):
    """The laws, of a replay that opens what was called for."""

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(RecordedAndReplayed(service, opening=False))


class TestCassetteTransportOfChunks(TransportContract):
    """The laws, of a replay that is called for what was opened."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(RecordedAndReplayed(service, opening=True))


class TestCassetteTransportOpeningChunks(StreamingTransportContract):
    """The laws, of a replay that opens what was opened."""

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(RecordedAndReplayed(service, opening=True))


class TestAsyncCassetteRecorder(AsyncTransportContract):
    """The laws, of a recorder in an event loop."""

    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return async_recorder_of(service)


class TestAsyncCassetteRecorderOpening(AsyncStreamingTransportContract):
    """The laws, of a recorder in an event loop that opens."""

    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return async_recorder_of(service)


class TestAsyncCassetteTransport(AsyncTransportContract):
    """The laws, of a replay in an event loop."""

    def make_async_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncTransport]:
        return nullcontext(AsyncRecordedAndReplayed(service, opening=False))


class TestAsyncCassetteTransportOpening(AsyncStreamingTransportContract):
    """The laws, of a replay in an event loop that opens what was opened."""

    def make_async_streaming_transport(self, service: Service) -> AbstractAsyncContextManager[AsyncStreamingTransport]:
        return nullcontext(AsyncRecordedAndReplayed(service, opening=True))


@asynccontextmanager
async def async_recorder_of(service: Service) -> AsyncGenerator[AsyncCassetteRecorder]:
    with TemporaryDirectory(dir=MEMORY) as directory:
        async with AsyncCassetteRecorder(in_threads(StubTransport(service)), Path(directory) / "laws.json") as recorder:
            yield recorder


class AsyncRecordedAndReplayed:
    """Records an exchange with a service, by calling or by opening, and gives what its replay gives."""

    def __init__(self, service: Service, *, opening: bool) -> None:
        self._service = service
        self._opening = opening

    async def __call__(self, request: HttpRequest) -> Answer:
        return await (await self._replaying(request))(request)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        return await (await self._replaying(request)).open(request)

    async def _replaying(self, request: HttpRequest) -> AsyncCassetteTransport:
        with TemporaryDirectory(dir=MEMORY) as directory:
            path = Path(directory) / "laws.json"
            async with AsyncCassetteRecorder(
                in_threads(StubTransport(self._service)), path, keep_headers=HEADERS
            ) as recorder:
                if self._opening:
                    await read_to_end_async((await recorder.open(request)).unwrap().read)
                else:
                    await recorder(request)
            return AsyncCassetteTransport.replaying(path)


@contextmanager
def recorder_of(service: Service) -> Generator[CassetteRecorder]:
    with (
        TemporaryDirectory(dir=MEMORY) as directory,
        CassetteRecorder(StubTransport(service), Path(directory) / "laws.json") as recorder,
    ):
        yield recorder


class RecordedAndReplayed:
    """Records an exchange with a service, by calling or by opening, and gives what its replay gives."""

    def __init__(self, service: Service, *, opening: bool) -> None:
        self._service = service
        self._opening = opening

    def __call__(self, request: HttpRequest) -> Answer:
        return self._replaying(request)(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return self._replaying(request).open(request)

    def _replaying(self, request: HttpRequest) -> CassetteTransport:
        with TemporaryDirectory(dir=MEMORY) as directory:
            path = Path(directory) / "laws.json"
            with CassetteTransport.recording(StubTransport(self._service), path, keep_headers=HEADERS) as recorder:
                if self._opening:
                    read_whole(recorder.open(request).unwrap())
                else:
                    recorder(request)
            return CassetteTransport.replaying(path)
