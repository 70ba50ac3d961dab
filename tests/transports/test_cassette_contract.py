"""Stubs and cassettes keep the laws of every transport."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from puresponse.core import Answer, HttpRequest
from puresponse.transports import Transport
from puresponse.transports.cassette import CassetteRecorder, CassetteTransport
from puresponse.transports.contract_suite import TransportContract
from puresponse.transports.loopback import Service
from puresponse.transports.stub import StubTransport

HEADERS = ("location", "x-other", "x-request-id", "x-said", "x-status", "x-twice")
"""The headers that the laws look at, of those that a cassette does not keep by itself."""


class TestStubTransport(TransportContract):
    """The laws, of a stub."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(StubTransport(service))


class TestCassetteRecorder(TransportContract):
    """The laws, of a recorder around a stub."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return self._recorder(service)

    @contextmanager
    def _recorder(self, service: Service) -> Generator[CassetteRecorder]:
        with (
            TemporaryDirectory() as directory,
            CassetteRecorder(StubTransport(service), Path(directory) / "laws.json") as recorder,
        ):
            yield recorder


class TestCassetteTransport(TransportContract):
    """The laws, of a replay: every exchange is recorded, written, read, and replayed."""

    def make_transport(self, service: Service) -> AbstractContextManager[Transport]:
        return nullcontext(RecordedAndReplayed(service))


class RecordedAndReplayed:
    """Records an exchange with a service, and gives what its replay gives."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def __call__(self, request: HttpRequest) -> Answer:
        with TemporaryDirectory() as directory:
            path = Path(directory) / "laws.json"
            with CassetteTransport.recording(StubTransport(self._service), path, keep_headers=HEADERS) as recorder:
                recorder(request)
            return CassetteTransport.replaying(path)(request)
