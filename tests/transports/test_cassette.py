"""Cassettes: recorded through any transport, replayed without network."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from msgspec.structs import replace
from threads import from_eight_threads

from puresponse.core import (
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    NoRecording,
    NotSent,
    cancel_response,
    delete_response,
    list_input_items,
    retrieve_response,
    retrying,
)
from puresponse.transports import VirtualClock, run
from puresponse.transports.cassette.format import Recording, dump_cassette, load_cassette
from puresponse.transports.cassette.recorder import CassetteRecorder
from puresponse.transports.cassette.transport import CassetteTransport
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import StubTransport

GET = HttpRequest("GET", "/responses/resp_1", headers=(("accept", "application/json"),))
OTHER = HttpRequest("GET", "/responses/resp_2")


def answer(status: int) -> HttpResponse:
    return HttpResponse(status=status, body=b"{}")


def missing(cassette: CassetteTransport, request: HttpRequest) -> NoRecording:
    error = cassette(request).failure()
    assert isinstance(error, NoRecording)
    assert error.request == request
    return error


# Replay


def test_a_recorded_request_gets_its_answer() -> None:
    cassette = CassetteTransport([Recording(OTHER, answer(500)), Recording(GET, answer(200))])
    assert cassette(GET).unwrap() == answer(200)


def test_headers_do_not_count() -> None:
    cassette = CassetteTransport([Recording(GET, answer(200))])
    assert cassette(replace(GET, headers=(("accept", "*/*"),))).unwrap() == answer(200)


def test_the_same_request_gets_its_answers_in_turn() -> None:
    cassette = CassetteTransport([Recording(GET, answer(status)) for status in (200, 404)])
    assert [cassette(GET).unwrap().status for _ in range(2)] == [200, 404]


def test_different_requests_may_be_asked_in_any_order() -> None:
    cassette = CassetteTransport([Recording(GET, answer(200)), Recording(OTHER, answer(404))])
    assert cassette(OTHER).unwrap().status == 404
    assert cassette(GET).unwrap().status == 200


def test_a_failure_is_replayed_as_one() -> None:
    failures = (NotSent("dns", "no such host"), Interrupted("reset", "gone"))
    cassette = CassetteTransport([Recording(GET, failure) for failure in failures])
    assert tuple(cassette(GET).failure() for _ in failures) == failures


def test_a_miss_tells_the_nearest_recording_and_the_differences() -> None:
    items = HttpRequest("GET", "/responses/resp_1/input_items", (("limit", "2"),))
    cassette = CassetteTransport([Recording(GET, answer(200)), Recording(items, answer(200))])
    error = run(list_input_items("resp_1", limit=3), cassette).failure()
    assert isinstance(error, NoRecording)
    assert error.nearest == items
    assert error.differences == ("query limit: asked '3', recorded '2'",)
    assert str(error) == (
        "no recording of GET /responses/resp_1/input_items; nearest is GET /responses/resp_1/input_items: "
        "query limit: asked '3', recorded '2'; record it anew: `CassetteTransport.recording(transport, path)`"
    )
    again = CassetteTransport([], how_to_record="run it with `--cassette-mode=all`")
    assert str(again(GET).failure()).endswith("resp_1; run it with `--cassette-mode=all`")
    assert again.misses == (again.misses[0],)


def test_an_empty_cassette_has_nothing_near() -> None:
    assert missing(CassetteTransport([]), GET).nearest is None


@pytest.mark.parametrize(("count", "times"), [(1, "once"), (2, "2 times")])
def test_once_all_answers_were_replayed_it_says_so(count: int, times: str) -> None:
    cassette = CassetteTransport([Recording(GET, answer(200))] * count)
    for _ in range(count):
        cassette(GET)
    error = missing(cassette, GET)
    assert error.nearest == GET
    assert error.differences == (f"it was recorded {times}, and has been replayed as often",)


def test_a_miss_uses_nothing_up() -> None:
    cassette = CassetteTransport([Recording(GET, answer(200))])
    missing(cassette, OTHER)
    assert cassette(GET).unwrap().status == 200


def test_recordings_that_were_not_replayed_can_be_told() -> None:
    recordings = [Recording(GET, answer(200)), Recording(OTHER, answer(404)), Recording(GET, answer(410))]
    cassette = CassetteTransport(recordings)
    assert list(cassette.unused) == list(cassette.recordings) == recordings
    cassette(GET)
    assert list(cassette.unused) == recordings[1:]
    cassette(GET)
    cassette(OTHER)
    assert list(cassette.unused) == []


@pytest.mark.usefixtures("hurry")
def test_many_threads_get_each_recording_once() -> None:
    cassette = CassetteTransport([Recording(GET, answer(status)) for status in range(200, 4200)])
    assert from_eight_threads(cassette, GET) == list(range(200, 4200))
    assert cassette.unused == ()


def test_its_repr_says_how_much_is_left() -> None:
    cassette = CassetteTransport([Recording(GET, answer(200)), Recording(OTHER, answer(200))])
    cassette(GET)
    assert repr(cassette) == "CassetteTransport(2 recordings, 1 unused)"


def test_a_cassette_may_be_bytes() -> None:
    recordings = (Recording(GET, answer(200)),)
    assert CassetteTransport.from_bytes(dump_cassette(recordings)).recordings == recordings


def test_damaged_bytes_are_a_value_error() -> None:
    with pytest.raises(ValueError, match=r"^the cassette is not a cassette, or is damaged: "):
        CassetteTransport.from_bytes(b"{}")


def test_a_damaged_file_is_a_value_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "new.json"
    path.write_bytes(b'{"version":7}')
    with pytest.raises(
        ValueError, match=r"^the cassette .*new\.json is of version 7, and this library reads version 1$"
    ):
        CassetteTransport.replaying(path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        CassetteTransport.replaying(tmp_path / "none.json")


# Recording


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    path = tmp_path / "life.json"
    program = (
        cancel_response("resp_queued"),
        cancel_response("resp_queued"),
        retrieve_response("resp_queued"),
        delete_response("resp_queued"),
        delete_response("resp_queued"),
        list_input_items("resp_chat", order="asc"),
        retrieve_response("resp_nobody"),
    )
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        live = [run(operation, recorder) for operation in program]
    replaying = CassetteTransport.replaying(path)
    replayed = [run(operation, replaying) for operation in program]
    assert [str(result) for result in replayed] == [str(result) for result in live]
    assert replaying.unused == ()


def test_the_recorder_gives_what_the_transport_gives_and_sends_what_it_is_asked(tmp_path: Path) -> None:
    given = HttpResponse(status=200, headers=(("set-cookie", "a=b"), ("x-unknown", "1")), body=b"\xff")
    stub = StubTransport.answering(given)
    request = replace(GET, headers=(("authorization", "x"),))
    with CassetteTransport.recording(stub, tmp_path / "a.json") as recorder:
        assert recorder(request).unwrap() == given
    assert stub.requests == (request,)


def test_failures_are_recorded_too(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    failures = (NotSent("refused", "nobody"), Interrupted("truncated", "cut"))
    stub = StubTransport.answering(*failures, answer(404))
    with CassetteTransport.recording(stub, path) as recorder:
        live = run(retrying(retrieve_response("resp_1")), recorder, clock=VirtualClock())
    cassette = CassetteTransport.replaying(path)
    assert [recording.answer for recording in cassette.recordings] == [*failures, answer(404)]
    assert run(retrying(retrieve_response("resp_1")), cassette, clock=VirtualClock()) == live


def test_what_neither_server_nor_network_did_is_not_recorded(tmp_path: Path) -> None:
    error = InvalidArgument("x", "made by a layer")
    with CassetteTransport.recording(StubTransport(lambda request: error), tmp_path / "a.json") as recorder:
        assert recorder(GET).failure() == error
        assert recorder.recordings == ()


def test_nothing_is_written_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("before")
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        recorder(GET)
        assert path.read_text() == "before"
    assert len(CassetteTransport.replaying(path).recordings) == 1
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_block_left_by_an_exception_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("before")
    recorder = CassetteTransport.recording(MemoryTransport(), path)

    def broken() -> None:
        with recorder:
            recorder(GET)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert path.read_text() == "before"
    with pytest.raises(ValueError, match="is closed"):
        recorder(GET)


def test_a_recording_may_be_saved_on_the_way(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    recorder = CassetteRecorder(MemoryTransport(), path)
    recorder(GET)
    recorder.save()
    assert len(CassetteTransport.replaying(path).recordings) == 1
    recorder(GET)
    recorder.close()
    assert len(CassetteTransport.replaying(path).recordings) == 2


def test_closing_twice_saves_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    recorder = CassetteRecorder(MemoryTransport(), path)
    recorder.close()
    path.unlink()
    recorder.close()
    assert not path.exists()


def test_a_file_that_cannot_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    recorder = CassetteRecorder(MemoryTransport(), path)
    path.mkdir()
    with pytest.raises(OSError, match=r"a\.json"):
        recorder.save()
    assert sorted(os.listdir(tmp_path)) == ["a.json", "a.json.partial"]


def test_the_directory_of_a_cassette_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "a.json"
    with CassetteTransport.recording(MemoryTransport(), path) as recorder:
        recorder(GET)
    assert path.exists()


def test_a_cassette_may_stand_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with CassetteTransport.recording(MemoryTransport(), "a.json"):
        pass
    assert CassetteTransport.replaying("a.json").recordings == ()


def test_a_secret_header_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keep_headers: authorization holds secrets"):
        CassetteTransport.recording(MemoryTransport(), tmp_path / "a.json", keep_headers=["Authorization"])


def test_more_headers_are_recorded_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    stub = StubTransport.answering(HttpResponse(status=200, headers=(("X-Mine", "1"),)))
    with CassetteTransport.recording(stub, path, keep_headers=["x-mine"]) as recorder:
        recorder(GET)
    assert CassetteTransport.replaying(path)(GET).unwrap().header("x-mine") == "1"


def without_secret(request: HttpRequest) -> HttpRequest:
    return replace(request, body=(request.body or b"").replace(b"secret", b"***"))


def test_what_is_scrubbed_is_sent_but_not_recorded(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    stub = StubTransport.answering(answer(200))
    request = HttpRequest("POST", "/responses", body=b'{"token":"secret"}')
    with CassetteTransport.recording(stub, path, scrub=without_secret) as recorder:
        recorder(request)
    assert stub.requests == (request,)
    assert b"secret" not in path.read_bytes()
    assert CassetteTransport.replaying(path, scrub=without_secret)(request).unwrap() == answer(200)
    data = path.read_bytes()
    assert CassetteTransport.from_bytes(data, scrub=without_secret)(request).unwrap() == answer(200)
    assert missing(CassetteTransport.replaying(path), request).nearest == without_secret(request)


def test_recordings_stand_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    meeting = Barrier(2)

    def slow_first(request: HttpRequest) -> HttpResponse:
        if request == GET:
            meeting.wait()
        return answer(200)

    recorder = CassetteRecorder(StubTransport(slow_first), tmp_path / "a.json")
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(recorder, GET)
        while not meeting.n_waiting:
            pass
        recorder(OTHER)
        meeting.wait()
        first.result()
    assert [recording.request for recording in recorder.recordings] == [GET, OTHER]


@pytest.mark.usefixtures("hurry")
def test_many_threads_may_record_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    requests = [HttpRequest("GET", f"/responses/resp_{n}") for n in range(200)]
    with CassetteTransport.recording(MemoryTransport(), path) as recorder, ThreadPoolExecutor(8) as threads:
        list(threads.map(recorder, requests))
    assert {recording.request for recording in load_cassette(path.read_bytes())} == set(requests)


def test_a_recorders_repr_says_where_it_saves(tmp_path: Path) -> None:
    with CassetteRecorder(MemoryTransport(), tmp_path / "a.json") as recorder:
        recorder(GET)
        assert repr(recorder) == f"CassetteRecorder({str(tmp_path / 'a.json')!r}, 1 recordings)"
