"""What a ledger says of operations that were carried out, and which it carries out again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from puresponse import (
    HttpRequest,
    Ledger,
    LedgerInUse,
    MemoryTransport,
    create_response,
    delete_response,
    retrieve_response,
    retrying,
)


def test_each_key_has_the_fate_that_the_server_said(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.ledger") as ledger:
        pairs: list[tuple[str, Any]] = [
            ("here", retrying(delete_response("resp_completed"))),
            ("gone", delete_response("resp_nowhere")),
            ("read", retrieve_response("resp_failed").map(lambda response: response.id)),
            ("made", create_response(model="gpt-5-mini", input="hello")),
            ("refused", create_response(model="gpt-5-mini", input="hello", previous_response_id="resp_nowhere")),
        ]
        assert ledger.plan(pairs) == 5
        assert ledger.counts()["planned"] == 5
        outcomes = dict(ledger.run(MemoryTransport()))
        assert outcomes["read"].unwrap() == "resp_failed"
        fates = {fate.key: fate.fate for fate in ledger.fates()}
    assert fates == {"here": "done", "gone": "absent", "read": "done", "made": "done", "refused": "failed"}


def test_a_key_that_has_ended_is_not_carried_out_again(tmp_path: Path) -> None:
    transport = MemoryTransport()
    for _ in range(2):
        with Ledger(tmp_path / "a.ledger") as ledger:
            ledger.plan([("a", delete_response("resp_completed"))])
            for _ in ledger.run(transport):
                pass
    assert [request.method for request in transport.requests] == ["DELETE"]


def test_what_is_sent_is_in_the_file_before(tmp_path: Path) -> None:
    """The transport finds it there, by another connection."""
    path = tmp_path / "a.ledger"
    memory = MemoryTransport()
    found: list[tuple[str, str]] = []

    def looking(request: HttpRequest) -> Any:
        with closing(sqlite3.connect(path)) as database:
            found.extend(database.execute("SELECT key, fate FROM fates"))
        return memory(request)

    with Ledger(path) as ledger:
        ledger.plan([("a", delete_response("resp_completed"))])
        assert [key for key, _ in ledger.run(looking)] == ["a"]
    assert found == [("a", "in flight")]


def test_a_second_process_is_told_who_holds_the_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.ledger"), pytest.raises(LedgerInUse, match=r"in use by process \d+, since"):
        Ledger(tmp_path / "a.ledger")
    Ledger(tmp_path / "a.ledger").close()
