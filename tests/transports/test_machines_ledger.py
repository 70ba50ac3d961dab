"""A batch by an executor with a ledger: what is written before anything travels, and what a later run goes on with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from machine_workers import NAMES, SERVICES, Answering, Inline, Losing, Service

from puresponse.core import create_response, delete_response, retrieve_response, retrying
from puresponse.transports import Ledger, run_many_on

HERE = "machine_workers:here"


@pytest.fixture
def service() -> Generator[Service, None, None]:
    SERVICES.append(Service())
    yield SERVICES[-1]
    SERVICES.pop()


class Killed(BaseException):
    """The process that hands out is killed: nothing of it runs any more."""


class Watching(Inline):
    """An executor that notes what the ledger says when a parcel is handed out, and may be killed with one."""

    def __init__(self, ledger: Ledger, killed: int = -1, *, is_late: bool = False) -> None:
        super().__init__()
        self.fates: list[dict[str, int]] = []
        self._ledger = ledger
        self._killed = killed
        self._is_late = is_late

    def submit(self, function: Any, data: bytes, /) -> Any:
        self.fates.append({name: number for name, number in self._ledger.counts().items() if number})
        if len(self.sent) == self._killed:
            if self._is_late:
                function(data)
            raise Killed
        return super().submit(function, data)


def pairs() -> list[tuple[str, Any]]:
    return [
        ("deleted", delete_response("resp_chat")),
        ("absent", retrying(delete_response("resp_000nope"))),
        ("created", create_response(model="gpt-5", input="one")),
        ("bad", retrieve_response("")),
    ]


def fates(ledger: Ledger) -> dict[str, str]:
    return {fate.key: fate.fate for fate in ledger.fates()}


def test_it_is_written_before_it_is_handed_out_and_before_it_is_yielded(service: Service, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        executor = Watching(ledger)
        seen: list[str] = []
        for key, _ in run_many_on(executor, pairs(), HERE, 1, ledger=ledger):
            seen.append(fates(ledger)[key])
        assert executor.fates == [
            {"in flight": 1},
            {"in flight": 1, "done": 1},
            {"in flight": 1, "done": 1, "absent": 1},
        ]
        assert seen == ["done", "absent", "done", "failed"]
        assert list(run_many_on(executor, pairs(), HERE, ledger=ledger)) == []
        assert len(service.asked) == 3


def test_what_a_lost_worker_held_is_unknown_or_sent_again(service: Service, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        for lost in (0, 1):
            executor = Losing(lost, is_late=True)
            given = (
                [("deleted", delete_response("resp_chat"))]
                if lost == 0
                else [
                    ("other", retrieve_response("resp_completed")),
                    ("created", create_response(model="gpt-5", input="one")),
                ]
            )
            dict(run_many_on(executor, given, HERE, 1, ledger=ledger))
        assert fates(ledger) == {"deleted": "absent", "other": "done", "created": "unknown"}
        (known,) = [fate.known for fate in ledger.fates("unknown")]
        assert "may have sent POST /responses" in known["error"]


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("killed", range(4))
def test_a_batch_that_is_killed_goes_on_and_repeats_nothing_that_must_not_be(
    service: Service, tmp_path: Path, killed: int, is_late: bool
) -> None:
    operations = [*pairs(), ("two", create_response(model="gpt-5", input="a").bind(Answering("b")))]
    with Ledger(tmp_path / "ledger.sqlite", names=NAMES) as ledger:
        executor = Watching(ledger, killed, is_late=is_late)
        with pytest.raises(Killed):
            list(run_many_on(executor, operations, HERE, 2, ledger=ledger, names=NAMES))
    with Ledger(tmp_path / "ledger.sqlite", names=NAMES) as ledger:
        list(run_many_on(Inline(), operations, HERE, ledger=ledger, names=NAMES))
        list(run_many_on(Inline(), ledger.to_do(), HERE, ledger=ledger, names=NAMES))
        found = fates(ledger)
    asked = Counter((one.method, one.body) for one in service.asked)
    assert all(times == 1 for (method, _), times in asked.items() if method == "POST")
    assert found.keys() == {key for key, _ in operations}
    assert set(found.values()) <= {"done", "absent", "failed", "unknown"}
    for key, (method, text) in {"created": ("POST", "one"), "two": ("POST", "a")}.items():
        body = f'{{"model":"gpt-5","input":"{text}"}}'.encode()
        assert found[key] in ("unknown", "done"), key
        assert found[key] == "unknown" or asked[method, body] == 1, key


def test_whoever_leaves_leaves_them_in_flight(service: Service, tmp_path: Path) -> None:
    given = [(f"{number}", delete_response(f"resp_{number}")) for number in range(9)]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        with closing(run_many_on(Inline(), given, HERE, 2, ledger=ledger)) as outcomes:
            next(outcomes)
        assert 1 <= ledger.counts()["in flight"] <= 2
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        dict(run_many_on(Inline(), given, HERE, ledger=ledger))
        assert ledger.counts()["absent"] == 9
