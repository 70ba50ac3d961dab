"""Stubs and cassettes keep the laws of every transport."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from returns.result import Result

from puresponse.core import Answer, Error, HttpRequest
from puresponse.transports import Body, StreamingTransport, Transport
from puresponse.transports.cassette.transport import CassetteRecorder, CassetteTransport
from puresponse.transports.testing.contract import StreamingTransportContract, TransportContract
from puresponse.transports.testing.contract.streaming import read_whole
from puresponse.transports.testing.loopback import Service
from puresponse.transports.testing.stub import StubTransport

HEADERS = ("location", "x-other", "x-request-id", "x-said", "x-status", "x-twice")
"""The headers that the laws look at, of those that a cassette does not keep by itself."""


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


@contextmanager
def recorder_of(service: Service) -> Generator[CassetteRecorder]:
    with (
        TemporaryDirectory() as directory,
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
        with TemporaryDirectory() as directory:
            path = Path(directory) / "laws.json"
            with CassetteTransport.recording(StubTransport(self._service), path, keep_headers=HEADERS) as recorder:
                if self._opening:
                    read_whole(recorder.open(request).unwrap())
                else:
                    recorder(request)
            return CassetteTransport.replaying(path)
