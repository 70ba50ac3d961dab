"""Recorders and replays keep the laws of exchanges that can be given up, and over memory give up what that does."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import pytest

from puresponse.core import HttpRequest, HttpResponse, Interrupted, NoRecording, NotSent, is_failure
from puresponse.transports import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncCassetteRecorder,
    CassetteRecorder,
    CassetteTransport,
    Delay,
    Exchange,
    FaultPlan,
    MemoryTransport,
    Recording,
    Rule,
    StubTransport,
    SystemClock,
)
from puresponse.transports.clock import WakingEvent
from puresponse.transports.testing.contract import (
    AbandonableStreamingTransportContract,
    AbandonableTransportContract,
    Service,
)
from puresponse.transports.testing.contract.streaming import read_whole

HEADERS = ("location", "x-other", "x-said", "x-status", "x-twice")
"""The headers that the laws look at, of those that a cassette does not keep by itself."""

IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files are written to no disk: what is written is flushed, and there is much of it here."""

OTHER = Recording(HttpRequest("GET", "/models/known"), HttpResponse(status=200, body=b"{}"))
"""What a recorder knows, and no law asks."""


@contextmanager
def recording(service: Service, *known: Recording) -> Generator[CassetteRecorder]:
    with (
        TemporaryDirectory(dir=IN_MEMORY) as directory,
        CassetteRecorder(StubTransport(service), Path(directory) / "laws.json", known=known) as recorder,
    ):
        yield recorder


class RecordedWhenAsked(CassetteTransport):
    """A replay of what is recorded at the moment in which it is asked, so that a law can have a service of its own."""

    def __init__(self, service: Service, *, opening: bool) -> None:
        super().__init__(())
        self._service = service
        self._opening = opening

    def _found(self, request: HttpRequest) -> Recording | NoRecording:
        with TemporaryDirectory(dir=IN_MEMORY) as directory:
            path = Path(directory) / "laws.json"
            with CassetteRecorder(StubTransport(self._service), path, keep_headers=HEADERS) as recorder:
                if self._opening:
                    read_whole(recorder.open(request).unwrap())
                else:
                    recorder(request)
            return CassetteTransport.replaying(path)._found(request)


@pytest.mark.unmeasured
class TestRecorderThatOpens(AbandonableStreamingTransportContract):
    """Of what opens bodies, whose exchanges are the transport's own."""

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return recording(service)


@pytest.mark.unmeasured
class TestRecorderThatKnows(AbandonableTransportContract):
    """Of a recorder that replays what it knows, and asks the rest."""

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return recording(service, OTHER)


@pytest.mark.unmeasured
class TestRecorderThatKnowsAndOpens(AbandonableStreamingTransportContract):
    """The same, of bodies."""

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return recording(service, OTHER)


@pytest.mark.unmeasured
class TestReplay(AbandonableTransportContract):
    """Of a replay."""

    def make_abandonable_transport(self, service: Service) -> AbstractContextManager[AbandonableTransport]:
        return nullcontext(RecordedWhenAsked(service, opening=False))


@pytest.mark.unmeasured
class TestReplayThatOpens(AbandonableStreamingTransportContract):
    """Of a replay of what was opened, in its chunks."""

    def make_abandonable_streaming_transport(
        self, service: Service
    ) -> AbstractContextManager[AbandonableStreamingTransport]:
        return nullcontext(RecordedWhenAsked(service, opening=True))


# Over memory

SLOW = HttpRequest("DELETE", "/responses/resp_chat")
NEXT = HttpRequest("GET", "/responses/resp_completed")


class SeenSleeping(SystemClock):
    """The system's clock, which says when somebody sleeps by it."""

    def __init__(self) -> None:
        self.sleeps = Event()

    def sleep_unless(self, woken: WakingEvent, seconds: float) -> None:
        self.sleeps.set()
        super().sleep_unless(woken, seconds)


@pytest.mark.parametrize("known", [(), (OTHER,)], ids=["nothing known", "something known"])
@pytest.mark.parametrize("begin", ["begin", "begin_open"])
def test_what_is_given_up_while_the_service_takes_its_time_ends_at_once_and_is_not_recorded(
    tmp_path: Path, begin: str, known: tuple[Recording, ...]
) -> None:
    clock = SeenSleeping()
    service = MemoryTransport(clock=clock, faults=FaultPlan((Rule(Delay(3600.0), path=SLOW.path),)))
    path = tmp_path / "a.json"
    results: list[Any] = []
    with CassetteRecorder(service, path, known=known) as recorder:
        exchange: Exchange[Any] = getattr(recorder, begin)(SLOW)
        asking = Thread(target=lambda: results.append(exchange.result()), daemon=True)
        asking.start()
        assert clock.sleeps.wait(10)
        exchange.give_up()
        asking.join(10)
        assert not asking.is_alive(), "who performs the exchange waits for an answer that nobody wants"
        assert recorder(NEXT).unwrap().status == 200
    error = results[0].failure()
    assert (type(error), error.kind) == (Interrupted, "given_up")
    assert service.requests == (SLOW, NEXT)
    assert [one.request.path for one in CassetteTransport.replaying(path).recordings[len(known) :]] == [NEXT.path]


@pytest.mark.parametrize("begin", ["begin", "begin_open"])
def test_what_is_known_is_replayed_by_an_exchange_and_is_not_used_up_by_one_that_is_given_up(
    tmp_path: Path, begin: str
) -> None:
    service = MemoryTransport()
    with CassetteRecorder(service, tmp_path / "a.json", known=[OTHER]) as recorder:
        given_up: Exchange[Any] = getattr(recorder, begin)(OTHER.request)
        given_up.give_up()
        assert isinstance(given_up.result().failure(), NotSent)
        exchange: Exchange[Any] = getattr(recorder, begin)(OTHER.request)
        first = exchange.result()
        assert exchange.result() is first
        assert not is_failure(first)
        exchange.give_up()
        assert exchange.result() is first
    assert service.requests == ()


def test_what_is_cancelled_in_an_event_loop_is_not_recorded(tmp_path: Path) -> None:
    clock = SystemClock()
    service = MemoryTransport(clock=clock, faults=FaultPlan((Rule(Delay(3600.0), path=SLOW.path),)))
    path = tmp_path / "a.json"

    async def cancelled() -> None:
        async with AsyncCassetteRecorder(service.asynchronous(), path) as recorder:
            asking = asyncio.ensure_future(recorder(SLOW))
            while not service.requests:
                await asyncio.sleep(0)
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            assert (await recorder(NEXT)).unwrap().status == 200

    asyncio.run(cancelled())
    assert [one.request for one in CassetteTransport.replaying(path).recordings] == [NEXT]
