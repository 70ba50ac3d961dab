"""What the diagrams say is what the code does: statuses and answers, steps, decisions of retry, a resumption, rooms."""

import tomllib
from importlib import import_module
from itertools import chain
from typing import Any

import pytest
from draw_diagrams import source_of
from draw_life import ASKED
from draw_resumption import EVENTS_BEFORE_THE_CUT, carried_out
from draw_retry import STATUSES, decide, decided, spans
from draw_rooms import in_order, rooms_in
from msgspec import json
from places import ROOT

from puresponse import HttpRequest, MemoryTransport, Reply, VirtualClock
from puresponse.core.programs.cancellation import ENDED
from puresponse.core.steps import OPERATION_STEPS
from puresponse.core.streams import STREAM_STEPS

# --- the life of a response ----------------------------------------------------------------------

LIFE = source_of("response-life")
GROUPS = {status: group for group in LIFE["group"] for status in group["statuses"]}
ENDS = {
    "completed": Reply.text("Done."),
    "failed": Reply(error={"code": "server_error", "message": "told"}),
    "incomplete": Reply(incomplete_details={"reason": "max_output_tokens"}),
}
URL = "/responses/resp_000001"
REQUESTS = {
    "retrieve": HttpRequest(method="GET", path=URL),
    "stream": HttpRequest(method="GET", path=URL, query=(("stream", "true"),)),
    "cancel": HttpRequest(method="POST", path=f"{URL}/cancel"),
    "delete": HttpRequest(method="DELETE", path=URL),
}


def in_status(status: str) -> MemoryTransport:
    """A service with one response, of that status, that was made in the background and streamed."""
    clock = VirtualClock()
    service = MemoryTransport.empty(script=ENDS.get(status, ENDS["completed"]), clock=clock)
    body = json.encode({"model": "gpt-5", "input": "Hello", "background": True, "stream": True})
    service.open(HttpRequest(method="POST", path="/responses", body=body)).unwrap().close()
    if status == "in_progress":
        while status_of(service) == "queued":
            clock.sleep(0.1)
    elif status in ENDS:
        clock.sleep(100.0)
    elif status in ("cancelled", "deleted"):
        service(REQUESTS["cancel"])
    if status == "deleted":
        service(REQUESTS["delete"])
    return service


def status_of(service: MemoryTransport) -> str:
    return str(json.decode(service(REQUESTS["retrieve"]).unwrap().body).get("status"))


def test_the_life_has_the_statuses_that_the_code_has() -> None:
    assert GROUPS.keys() - {"deleted"} == {"queued", "in_progress"} | ENDED
    assert set(LIFE["ends"]) | {"cancelled"} == ENDED


@pytest.mark.parametrize("status", GROUPS)
def test_the_service_answers_in_each_status_as_the_life_says(status: str) -> None:
    if status != "deleted":
        assert status_of(in_status(status)) == status
    for asked in ASKED:
        service = in_status(status)
        answer = service(REQUESTS[asked]).unwrap()
        told = GROUPS[status][asked]
        assert f"{answer.status}" == told[:3], (asked, answer.body)
        after = status_of(service)
        if asked == "cancel" and answer.status == 200:
            assert after in told
        elif asked == "delete" and answer.status == 200:
            assert ("deleted" in told, after) == (True, "None")
        elif status != "deleted" and asked != "stream":  # which is read to its end
            assert after == status


def test_what_was_made_without_background_cannot_be_cancelled_as_the_note_says() -> None:
    service = MemoryTransport.empty(clock=VirtualClock())
    body = json.encode({"model": "gpt-5", "input": "Hello"})
    service(HttpRequest(method="POST", path="/responses", body=body))
    note = next(note["text"] for note in LIFE["note"] if note["text"].startswith("Without background=True"))
    assert note.endswith(f"refused: {service(REQUESTS['cancel']).unwrap().status}.")


def test_events_are_sent_again_for_as_long_as_the_life_says() -> None:
    for seconds, status in ((290.0, 200), (310.0, 400)):
        clock = VirtualClock()
        service = MemoryTransport.empty(clock=clock)
        body = json.encode({"model": "gpt-5", "input": "Hello", "background": True, "stream": True})
        service.open(HttpRequest(method="POST", path="/responses", body=body)).unwrap().close()
        clock.sleep(seconds)
        assert service(REQUESTS["stream"]).unwrap().status == status
    assert "5 minutes" in GROUPS["completed"]["stream"]


# --- the steps -----------------------------------------------------------------------------------


def test_the_steps_have_the_names_and_the_fields_that_they_have_in_the_code() -> None:
    operation, stream = source_of("steps")["program"]
    for program, steps in ((operation, OPERATION_STEPS), (stream, STREAM_STEPS)):
        drawn = {step["name"]: (step["fields"], step.get("ends", False)) for step in program["step"]}
        assert drawn == {step.__name__: (list(step.__struct_fields__), step.is_last) for step in steps}


# --- the table of retry --------------------------------------------------------------------------


TESTED: Any = import_module("test_retry")
LAW: list[list[str]] = TESTED.LAW
"""The table of the docstring, which the tests of the core hold the code to."""


@pytest.mark.parametrize("row", LAW, ids=lambda row: row[0])
def test_the_table_of_retry_decides_as_the_law_does(row: list[str]) -> None:
    name, *repeated, left_open = row
    wanted = (*({"repeated": True, "-": False}[word] for word in repeated), left_open == "yes")
    assert {decide(answer) for answer in TESTED.ROWS[name]} == {wanted}


def test_the_table_of_retry_has_each_status_once_and_each_failure() -> None:
    groups = {group.heading: group.rows for group in decided()}
    usual = groups["an answer"]
    assert list(usual) == ["409, 429", "408, 500-599", "any other status"]
    assert "connect_timeout" in " ".join(groups["NotSent"])
    assert "read_timeout" in " ".join(groups["Interrupted"])
    assert all(not (row.idempotent or row.other or row.at_risk) for row in groups["any other error"].values())


def test_numbers_are_told_as_spans() -> None:
    assert spans([408, 500, 501, 502]) == "408, 500-502"
    assert spans(STATUSES) == "300-599"


# --- a stream that is resumed --------------------------------------------------------------------


def test_the_resumed_stream_lost_no_event_and_asked_from_the_last_on() -> None:
    happened = carried_out()
    numbers = [int(one.words.split()[0]) for one in happened if one.kind == "events"]
    assert numbers == list(range(len(numbers)))
    kinds = [one.kind for one in happened if one.kind != "events"]
    assert kinds == ["asked", "lost", "waited", "asked", "ended"]
    again = [one.words for one in happened if one.kind == "asked"][1]
    assert again.endswith(f"stream=true&starting_after={EVENTS_BEFORE_THE_CUT - 1}")


# --- the rooms -----------------------------------------------------------------------------------


def rooms() -> dict[str, set[str]]:
    return rooms_in((ROOT / "docs" / "reasons" / "architecture.md").read_text(encoding="utf-8"))


def test_the_rooms_are_the_packages_that_are_installed() -> None:
    packages: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    installed = {name.removeprefix("puresponse.").replace(".", "/") for name in packages if "." in name}
    # The types of codecs are one room with what is in it, as the page says.
    assert rooms().keys() == {name for name in installed if not name.startswith("codecs/types/")}


def test_a_room_is_below_all_that_it_imports() -> None:
    ordered = in_order(rooms())
    assert sorted(ordered) == sorted(rooms())
    for room, imported in rooms().items():
        assert all(ordered.index(other) < ordered.index(room) for other in imported)


def test_each_import_between_rooms_is_a_mark() -> None:
    svg = (ROOT / "docs" / "pictures" / "rooms.svg").read_text(encoding="utf-8")
    marks: Any = svg.count('class="fill-blue" x=')
    assert marks == len(list(chain.from_iterable(rooms().values())))
