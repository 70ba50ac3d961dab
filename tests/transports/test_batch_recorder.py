"""Who keeps a record of a batch: what it is asked, in which thread, and before what."""

import threading
from collections.abc import Sequence
from typing import Any, TypeVar

import pytest
from batches import Way, every_way
from returns.result import Result, Success
from silence import Silent

from puresponse.core import (
    Answer,
    Error,
    HttpRequest,
    HttpResponse,
    Operation,
    Send,
    delete_response,
    is_failure,
    succeed,
)
from puresponse.transports import AsyncTransport, MemoryTransport, Progress, Recorder, Transport, run_many

T = TypeVar("T")


class Marked(HttpRequest, frozen=True):
    """A request that says whose it is."""

    key: str = ""


class Record:
    """Admits all but what it `has`, and notes what it is asked."""

    def __init__(self, *has: str) -> None:
        self.has = has
        self.notes: list[str] = []
        self.sent: list[str] = []
        self.threads: set[int] = set()

    def admit(self, key: Any, operation: Operation[T]) -> Operation[T] | None:
        """The operation with its request marked."""
        self._note(f"admit {key}")
        if key in self.has:
            return None
        assert isinstance(operation, Send)
        marked = Marked(operation.request.method, operation.request.path, key=key)
        return Send(marked, operation.resume)

    def recording(self, transport: Transport) -> Transport:
        """Notes the keys of what is sent."""

        def send(request: HttpRequest) -> Answer:
            assert isinstance(request, Marked)
            self.sent.append(request.key)
            return transport(HttpRequest(request.method, request.path))

        return send

    def recording_async(self, transport: AsyncTransport) -> AsyncTransport:
        """The same in an event loop."""

        async def send(request: HttpRequest) -> Answer:
            assert isinstance(request, Marked)
            self.sent.append(request.key)
            return await transport(HttpRequest(request.method, request.path))

        return send

    def ended(self, outcomes: Sequence[tuple[Any, Result[Any, Error]]]) -> None:
        """Notes them."""
        assert outcomes
        for key, result in outcomes:
            self._note(f"{'failed' if is_failure(result) else 'done'} {key}")

    def over(self) -> None:
        """Notes it."""
        self._note("over")

    def _note(self, note: str) -> None:
        self.notes.append(note)
        self.threads.add(threading.get_ident())


IDS = ("resp_chat", "resp_lost", "resp_long", "resp_failed")


def pairs() -> list[tuple[str, Any]]:
    return [(one, delete_response(one)) for one in IDS]


@every_way
def test_each_is_admitted_sent_through_its_transport_and_recorded(carried_out: Way) -> None:
    record: Record = Record()
    protocol: Recorder = record
    outcomes, _ = carried_out(pairs(), MemoryTransport(), ledger=protocol)
    assert sorted(record.sent) == sorted(key for key, _ in outcomes) == sorted(IDS)
    assert [note for note in record.notes if note.startswith("admit")] == [f"admit {one}" for one in IDS]
    assert sorted(note for note in record.notes if not note.startswith("admit")) == [
        "done resp_chat",
        "done resp_failed",
        "done resp_long",
        "failed resp_lost",
        "over",
    ]
    assert record.notes[-1] == "over"
    assert record.threads == {threading.get_ident()}


@every_way
def test_what_is_not_admitted_is_skipped_and_counted(carried_out: Way) -> None:
    record, told = Record("resp_chat", "resp_long"), list[Progress]()
    outcomes, _ = carried_out(pairs(), MemoryTransport(), ledger=record, progress=told.append)
    assert sorted(key for key, _ in outcomes) == ["resp_failed", "resp_lost"]
    assert (told[-1].done, told[-1].failed, told[-1].skipped, told[-1].total) == (1, 1, 2, 4)


@pytest.mark.parametrize("concurrency", [1, 3])
@pytest.mark.parametrize("order", ["finished", "given"])
def test_an_outcome_is_recorded_before_it_is_told_and_yielded(concurrency: int, order: Any) -> None:
    record = Record()

    def note(progress: Progress) -> None:
        ended = [note for note in record.notes if not note.startswith("admit")]
        assert len(ended) >= progress.done + progress.failed

    for key, result in run_many(pairs(), MemoryTransport(), concurrency, ledger=record, progress=note, order=order):
        assert f"{'failed' if is_failure(result) else 'done'} {key}" in record.notes


def test_what_ended_and_is_not_yielded_is_recorded_as_well() -> None:
    record = Record()
    silent = Silent("/responses/resp_0", "/responses/resp_1", together=3)
    outcomes = run_many(
        [(f"resp_{number}", delete_response(f"resp_{number}")) for number in range(3)],
        silent,
        3,
        ledger=record,
        on_stop="finish",
    )
    next(outcomes)
    silent.goes_on.set()
    outcomes.close()
    assert sorted(record.notes[3:]) == ["done resp_0", "done resp_1", "done resp_2", "over"]


@pytest.mark.parametrize("concurrency", [1, 2])
def test_it_is_told_that_the_batch_is_over_where_something_raises(concurrency: int) -> None:
    record = Record()

    def raising(request: HttpRequest) -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(run_many(pairs()[:1], raising, concurrency, ledger=record))
    assert record.notes == ["admit resp_chat", "over"]


@pytest.mark.parametrize("concurrency", [1, 2])
def test_what_it_raises_gives_up_all(concurrency: int) -> None:
    class Full(Record):
        def ended(self, outcomes: Sequence[tuple[Any, Result[Any, Error]]]) -> None:
            raise OSError("no space left on device")

    record, unfinished = Full(), list[Any]()
    with pytest.raises(OSError, match="no space"):
        list(run_many(pairs()[:1], MemoryTransport(), concurrency, ledger=record, unfinished=unfinished.append))
    assert [one.key for one in unfinished] == ["resp_chat"]


@every_way
def test_it_needs_keys(carried_out: Way) -> None:
    without: Any = [delete_response("resp_chat")]
    with pytest.raises(TypeError, match=r"with a ledger takes \(key, operation\) pairs, not an operation"):
        carried_out(without, MemoryTransport(), ledger=Record())


@every_way
def test_what_is_recorded_is_observed_as_well(carried_out: Way) -> None:
    record, events = Record(), list[Any]()
    outcomes, _ = carried_out(pairs(), MemoryTransport(), ledger=record, observe=events.append)
    assert sorted(record.sent) == sorted(key for key, _ in outcomes) == sorted(IDS)
    assert len({event.run for event in events}) == 4


def test_those_that_have_ended_by_then_are_recorded_together() -> None:
    calls: list[int] = []
    recording, ended, four = threading.Event(), threading.Semaphore(0), threading.Barrier(4)

    class Slow(Record):
        def ended(self, outcomes: Sequence[tuple[Any, Result[Any, Error]]]) -> None:
            calls.append(len(outcomes))
            recording.set()
            for _ in range(3 if len(calls) == 1 else 0):
                assert ended.acquire(timeout=10.0)

    def transport(request: HttpRequest) -> Answer:
        four.wait(10.0)
        if not request.path.endswith("resp_0"):
            assert recording.wait(10.0)  # the first is being recorded meanwhile
        return Success(HttpResponse(status=204))

    def last(value: Any) -> Operation[Any]:
        ended.release()
        return succeed(value)

    many = [("0", delete_response("resp_0")), *((str(one), delete_response(f"resp_{one}")) for one in range(1, 4))]
    marked = [(key, operation if key == "0" else operation.bind(last)) for key, operation in many]
    assert len(list(run_many(marked, transport, 4, ledger=Slow()))) == 4
    assert calls[0] == 1
    assert sum(calls) == 4
    assert len(calls) <= 3  # the last of them may not have been put yet, when the third was
