"""The jobs that a newcomer has with thousands of responses, in a pipe: whole processes, a real socket, real signals."""

from __future__ import annotations

import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from jobs import COMMAND, LIMIT, SOON, Ran, Service, environment, ids_of, in_pipe, written

from puresponse.transports import FaultPlan
from puresponse.transports.memory.faults import RateLimited, Rule, ServerError
from puresponse.transports.testing.loopback import serving

NOW_AND_THEN = FaultPlan((Rule(RateLimited(retry_after=0.01), chance=0.02),), seed=17)


def stopped_at(service: Service, number: signal.Signals, *arguments: str, url: str) -> Ran:
    """Run a command line, and send it a signal when the service holds; it ends soon."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(url)
    )
    assert service.reached.wait(LIMIT)
    process.send_signal(number)
    began = time.monotonic()
    out, err = process.communicate(timeout=LIMIT)
    took = time.monotonic() - began
    service.released.set()
    assert took < SOON
    return Ran(process.returncode, out, err)


def test_ids_are_deleted_with_a_429_now_and_then_and_a_ctrl_c_in_the_middle_loses_none(tmp_path: Path) -> None:
    ids = ids_of(600)
    service = Service(ids, NOW_AND_THEN, hold_at=300)
    ledger = str(tmp_path / "run.db")
    file = written(tmp_path / "ids", ids)
    with serving(service) as url:
        stopped = stopped_at(service, signal.SIGINT, "delete", "--yes", "--from", file, "--ledger", ledger, url=url)
        # As of the signal itself: a shell reports it as 130, and ends its loop.
        assert stopped.code == -signal.SIGINT
        assert stopped.summary["stopped"] == "Ctrl-C"
        assert stopped.summary["left"] == 600 - len(stopped.ids("deleted")) - len(stopped.ids("in_flight"))
        assert 1 <= len(stopped.ids("in_flight")) <= 16
        command = shlex.split(stopped.summary["go_on"])
        assert command == ["puresponse", "delete", "--yes", "--ledger", ledger, "--resume"]
        went_on = in_pipe(*command[1:], url=url)
    assert (went_on.code, service.left) == (0, set())
    assert stopped.ids("deleted") | went_on.ids("deleted") == set(ids)
    assert stopped.ids("deleted") & went_on.ids("deleted") == set()
    assert stopped.ids("in_flight") <= went_on.ids("deleted")
    assert (went_on.summary["left"], went_on.summary["stopped"]) == (0, None)
    head = went_on.summary["ledger"]["head"]
    proven = in_pipe("ledger", "verify", ledger, "--head", head, url=url)
    assert (proven.code, proven.values[0]["covered"]) == (0, proven.values[0]["events"])


@pytest.mark.deep
def test_two_thousand_ids(tmp_path: Path) -> None:
    ids = ids_of(2000)
    service = Service(ids, NOW_AND_THEN, hold_at=1000)
    ledger = str(tmp_path / "run.db")
    file = written(tmp_path / "ids", ids)
    with serving(service) as url:
        stopped = stopped_at(service, signal.SIGINT, "delete", "--yes", "--from", file, "--ledger", ledger, url=url)
        went_on = in_pipe("delete", "--ledger", ledger, "--resume", url=url)
    assert (went_on.code, service.left) == (0, set())
    assert stopped.ids("deleted") | went_on.ids("deleted") == set(ids)


def test_sigterm_without_a_ledger_says_what_was_under_way_and_what_to_do(tmp_path: Path) -> None:
    service = Service(ids_of(40), hold_at=20)
    file = written(tmp_path / "ids", ids_of(40))
    with serving(service) as url:
        stopped = stopped_at(service, signal.SIGTERM, "delete", "--yes", "--from", file, "--concurrency", "4", url=url)
    assert stopped.code == -signal.SIGTERM
    assert len(stopped.ids("deleted")) >= 15
    assert 1 <= len(stopped.ids("in_flight")) <= 4
    assert (stopped.summary["stopped"], stopped.summary["go_on"]) == ("SIGTERM", None)
    assert "--ledger" in stopped.summary["advice"]


def test_an_audit_has_each_response_with_its_items_as_they_were_received(tmp_path: Path) -> None:
    service = Service(ids_of(30))
    with serving(service) as url:
        ran = in_pipe("audit", "--from", written(tmp_path / "ids", [*ids_of(30), "resp_nowhere"]), url=url)
    assert (ran.code, ran.summary["outcomes"]) == (6, {"audited": 30, "already_absent": 1})
    assert ran.summary["usage"]["total_tokens"] == 30 * 7
    assert {value["response"]["id"] for value in ran.values} == set(ids_of(30))
    assert all(value["input_items"][0]["id"] == f"msg_{value['response']['id']}" for value in ran.values)


def test_an_export_is_viewed_without_the_service(tmp_path: Path) -> None:
    file = str(tmp_path / "responses.jsonl")
    with serving(Service(ids_of(5))) as url:
        ran = in_pipe("export", "--from", written(tmp_path / "ids", ids_of(5)), "--to", file, url=url)
    assert ran.code == 0
    shown = subprocess.run(
        [*COMMAND, "show", "--in", file], capture_output=True, env=environment(""), timeout=LIMIT, check=True
    )
    assert all(response_id in shown.stdout.decode() for response_id in ids_of(5))


def test_failures_are_tried_again(tmp_path: Path) -> None:
    out_of_order = FaultPlan((Rule(ServerError(500), path="*7", times=9),))
    service = Service(ids_of(30), out_of_order)
    ledger = str(tmp_path / "run.db")
    file = written(tmp_path / "ids", ids_of(30))
    with serving(service) as url:
        first = in_pipe("delete", "--yes", "--from", file, "--ledger", ledger, "--retries", "2", url=url)
        again = in_pipe("delete", "--ledger", ledger, "--resume", "--retry-failed", url=url)
    failed = {"resp_0007", "resp_0017", "resp_0027"}
    assert (first.code, first.ids("failed"), len(first.ids("deleted"))) == (9, failed, 27)
    assert (again.code, again.ids("deleted"), service.left) == (0, failed, set())


def test_failures_are_tried_again_by_the_output_of_the_first_time(tmp_path: Path) -> None:
    service = Service(ids_of(10), FaultPlan((Rule(ServerError(500), path="*7", times=1),)))
    with serving(service) as url:
        first = in_pipe("delete", "--yes", "--retries", "0", *ids_of(10), url=url)
        failed = "".join(f'{{"id": "{response_id}"}}\n' for response_id in first.ids("failed"))
        again = in_pipe("delete", "--yes", "-", url=url, stdin=failed.encode())
    assert (first.code, again.code, service.left) == (9, 0, set())


def test_a_key_that_is_refused_ends_the_run_at_once_and_another_goes_on(tmp_path: Path) -> None:
    service = Service(ids_of(200))
    ledger = str(tmp_path / "run.db")
    file = written(tmp_path / "ids", ids_of(200))
    with serving(service) as url:
        wrong = in_pipe("delete", "--yes", "--from", file, "--ledger", ledger, "--concurrency", "4", url=url, key="no")
        asked = len(service.asked)
        command = shlex.split(wrong.summary["go_on"])
        right = in_pipe(*command[1:], url=url)
    assert (wrong.code, wrong.summary["stopped"]) == (7, "hopeless")
    assert asked <= 4
    assert "key" in wrong.summary["advice"]
    assert wrong.summary["left"] == 200 - asked
    assert (right.code, right.ids("deleted"), service.left) == (0, set(ids_of(200)), set())
