"""A cassette is verified: its requests are asked live, as far as that changes nothing of anybody's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from returns.result import Failure, Success

from puresponse.core import (
    Answer,
    HttpRequest,
    HttpResponse,
    NotSent,
    cancel_response,
    create_response,
    delete_response,
    list_input_items,
    retrieve_response,
    stream_response,
)
from puresponse.transports import (
    CassetteTransport,
    MemoryTransport,
    Verification,
    in_threads,
    iterate,
    run,
    verify_cassette,
    verify_cassette_async,
)
from puresponse.transports.cassette.format import Recording, dump_cassette
from puresponse.transports.testing.forbidden import ForbiddenTransport


def service(start: int) -> MemoryTransport:
    """The service in memory, whose ids begin with a number."""
    numbers = count(start)
    return MemoryTransport(new_id=lambda prefix, number: f"{prefix}_{next(numbers):024}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.json"


def life(transport: Any) -> None:
    """A life of a response: created, continued, listed, cancelled, streamed, deleted."""
    first = run(create_response(model="gpt-4o-mini", input="Hi"), transport).unwrap()
    run(create_response(model="gpt-4o-mini", input="And?", previous_response_id=first.id), transport).unwrap()
    run(list_input_items(first.id), transport).unwrap()
    later = run(create_response(model="gpt-4o-mini", input="Hi", background=True), transport).unwrap()
    run(cancel_response(later.id), transport).unwrap()
    assert list(iterate(stream_response(model="gpt-4o-mini", input="Hi"), transport))
    run(delete_response(first.id), transport).unwrap()
    run(retrieve_response(first.id), transport).failure()


def recorded(path: Path, program: Callable[[Any], object], transport: Any) -> Path:
    with CassetteTransport.recording(transport, path) as recorder:
        program(recorder)
    return path


class Asked:
    """A transport that notes what it is asked, and changes what is answered."""

    def __init__(self, transport: Any, change: Callable[[HttpRequest, HttpResponse], Answer] | None = None) -> None:
        self.requests: list[HttpRequest] = []
        self._transport = transport
        self._change = change

    def __call__(self, request: HttpRequest) -> Answer:
        self.requests.append(request)
        answer: Answer = self._transport(request)
        return answer if self._change is None else self._change(request, answer.unwrap())


def test_what_has_not_drifted_is_verified_with_the_ids_of_this_run(path: Path) -> None:
    recorded(path, life, service(1))
    live = Asked(service(900))
    assert verify_cassette(path, live) == Verification(8)
    paths = [request.path for request in live.requests]
    assert paths[2] == paths[6] + "/input_items"
    assert "0000900" in paths[6]
    assert paths[6].encode().rpartition(b"/")[2] in (live.requests[1].body or b"")


def test_it_is_verified_in_an_event_loop_too(path: Path) -> None:
    recorded(path, life, service(1))
    assert asyncio.run(verify_cassette_async(path, in_threads(service(900)))) == Verification(8)


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[HttpRequest, HttpResponse], Answer]:
    def answer(request: HttpRequest, response: HttpResponse) -> Answer:
        value = json.decode(response.body)
        change(value)
        return Success(HttpResponse(status=response.status, body=json.encode(value)))

    return answer


def retrieving(transport: Any) -> None:
    run(retrieve_response("resp_chat"), transport).unwrap()


DRIFTS: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda value: value.pop("model"), "$.model: recorded a string, now left out"),
    (lambda value: value.update(new=[1]), "$.new: recorded left out, now an array"),
    (lambda value: value.update(created_at="today"), "$.created_at: recorded a number, now a string"),
    (lambda value: value["output"][0].update(type="riddle"), "$.output[message]: recorded there, now left out"),
    (
        lambda value: value["output"][0]["content"][0].pop("annotations"),
        "$.output[message].content[output_text].annotations: recorded an array, now left out",
    ),
]


@pytest.mark.parametrize(("change", "told"), DRIFTS)
def test_what_has_drifted_is_told_by_its_place(path: Path, change: Any, told: str) -> None:
    recorded(path, retrieving, MemoryTransport())
    found = verify_cassette(path, Asked(MemoryTransport(), changed(change)))
    assert found.has_drifted
    assert str(found.drifts[0]) == f"recording 1 (GET /responses/resp_chat): {told}"


def test_what_differs_from_answer_to_answer_is_no_drift_but_for_chosen_fields(path: Path) -> None:
    recorded(path, retrieving, MemoryTransport())

    def change(value: dict[str, Any]) -> None:
        value["created_at"] += 5
        value["model"] = "gpt-5"
        value["output"] += value["output"]

    live = Asked(MemoryTransport(), changed(change))
    assert verify_cassette(path, live) == Verification(1)
    (drift,) = verify_cassette(path, live, fields=["model"]).drifts
    assert (drift.place, drift.recorded, drift.live) == ("$.model", '"gpt-4o-mini-2024-07-18"', '"gpt-5"')


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Success(HttpResponse(status=404)), "status: recorded 200, now 404"),
        (Failure(NotSent("dns", "no such host")), "status: recorded 200, now not sent (dns): no such host"),
    ],
)
def test_another_status_and_a_failure_are_drifts(path: Path, answer: Answer, told: str) -> None:
    recorded(path, retrieving, MemoryTransport())
    found = verify_cassette(path, lambda request: answer)
    assert str(found) == f"1 verified, 1 drifts, 0 not verified\nrecording 1 (GET /responses/resp_chat): {told}"


def test_events_of_a_stream_are_compared_by_their_types(path: Path) -> None:
    def streaming(transport: Any) -> None:
        assert list(iterate(stream_response(model="gpt-4o-mini", input="Hi"), transport))

    recorded(path, streaming, MemoryTransport())

    def change(request: HttpRequest, response: HttpResponse) -> Answer:
        return Success(HttpResponse(status=200, body=response.body.replace(b"output_text.delta", b"output_text.piece")))

    assert [drift.place for drift in verify_cassette(path, Asked(MemoryTransport(), change)).drifts] == [
        "$[response.output_text.delta]",
        "$[response.output_text.piece]",
    ]


# What is not asked

ANSWER = HttpResponse(status=200, body=b'{"id":"resp_0001"}')

FOREIGN: list[tuple[HttpRequest, Any, str]] = [
    (HttpRequest("DELETE", "/responses/resp_9"), ANSWER, "it changes resp_9, which this run did not create"),
    (HttpRequest("POST", "/responses/resp_9/cancel"), ANSWER, "it changes resp_9, which this run did not create"),
    (HttpRequest("POST", "/conversations/conv_9"), ANSWER, "it changes conv_9, which this run did not create"),
    (HttpRequest("POST", "/conversations/conv_9/items"), ANSWER, "it changes conv_9, which this run did not create"),
    (
        HttpRequest("POST", "/responses", body=b'{"conversation":{"id":"conv_9"}}'),
        ANSWER,
        "it changes conv_9, which this run did not create",
    ),
    (HttpRequest("POST", "/responses", body=b'{"conversation":"conv_9"}'), ANSWER, "it changes conv_9, which this run"),
    (HttpRequest("POST", "/files"), ANSWER, "it is not known what it changes"),
    (HttpRequest("DELETE", "/all"), ANSWER, "it is not known what it changes"),
    (HttpRequest("GET", "/responses/[redacted]"), ANSWER, "something was redacted in it"),
    (HttpRequest("POST", "/responses", body=b'{"input":"[redacted]"}'), ANSWER, "something was redacted in it"),
    (HttpRequest("GET", "/responses/resp_9"), NotSent("dns", "?"), "a failure was recorded (dns)"),
]


@pytest.mark.parametrize(("request_", "answer", "reason"), FOREIGN)
def test_what_may_change_anything_of_anybodys_is_listed_and_not_asked(
    path: Path, request_: HttpRequest, answer: Any, reason: str
) -> None:
    path.write_bytes(dump_cassette([Recording(request_, answer)]))
    (told,) = verify_cassette(path, ForbiddenTransport()).not_verified
    assert str(told).startswith(f"recording 1 ({request_.method} {request_.path}): not verified: {reason}")


def test_what_is_about_something_that_was_not_created_this_time_is_not_asked(path: Path) -> None:
    recorded(path, life, service(1))
    refusing = Asked(service(900), lambda request, response: Success(HttpResponse(status=500, body=b"{}")))
    found = verify_cassette(path, refusing)
    assert {request.method for request in refusing.requests} == {"POST"}
    assert len(found.not_verified) >= 4
    assert all("which this run did not create" in told.reason for told in found.not_verified)
    assert found.verified + len(found.not_verified) == 8
