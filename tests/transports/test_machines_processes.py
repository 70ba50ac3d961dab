"""A batch by processes that are killed: what they held is sent again, or told, and what others held is not lost."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from killing_service import killing
from machine_workers import failed

from puresponse.core import Interrupted, create_response, delete_response, is_failure, retrieve_response
from puresponse.transports import run_many_on


def test_a_process_is_killed_and_what_it_may_have_sent_is_sent_once() -> None:
    made: list[ProcessPoolExecutor] = []

    def pool() -> ProcessPoolExecutor:
        made.append(ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")))
        return made[-1]

    operations = {
        **{f"create {number}": create_response(model="gpt-5", input=f"{number}") for number in range(3)},
        "killed": create_response(model="gpt-5", input="die"),
        **{f"create {number}": create_response(model="gpt-5", input=f"{number}") for number in range(3, 9)},
        "read": retrieve_response("resp_chat"),
        "delete": delete_response("resp_completed"),
    }
    with killing(lambda request: b"die" in (request.body or b"")) as service:
        outcomes = dict(run_many_on(pool, operations.items(), "machine_workers:marked_transport", 12))
    assert len(made) == 2
    killed = failed(outcomes.pop("killed"))
    assert isinstance(killed, Interrupted)
    assert killed.reason == "the worker that held it was lost, and may have sent POST /responses"
    # The pool loses all that it holds. What had not begun, by the marks of the workers, is sent by the next one.
    lost = {key for key, result in outcomes.items() if is_failure(result)}
    assert len(lost) <= 1, "the other process may have been in the midst of one"
    times = Counter(asked for asked in service.asked if asked[0] == "POST")
    assert set(times.values()) == {1}
    assert len(times) + len(lost) >= 10
    assert len(set(service.senders)) >= 2
