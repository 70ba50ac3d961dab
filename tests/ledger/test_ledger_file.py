"""The file of a ledger: what any SQLite tool finds there, and what is no ledger."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from puresponse import (
    Ledger,
    LedgerRefused,
    MemoryTransport,
    cancel_response,
    delete_conversation_item,
    delete_response,
    erase_response,
    load_operation,
    retrieve_response,
    retrying,
    save_checkpoint,
)

to_cancel: Any = cancel_response


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "a.ledger", now=lambda: 1_800_000_000.25) as ledger:
        ledger.plan([("a", delete_response("resp_completed")), ("b", delete_response("resp_nowhere"))])
        for _ in ledger.run(MemoryTransport(), 1):
            pass
        ledger.plan([("c", retrying(delete_response("resp_3")))])
    return tmp_path / "a.ledger"


def test_the_present_state_is_a_view_that_sqlite_alone_reads(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT key, fate, at, json_extract(known, '$.status') FROM fates").fetchall() == [
            ("a", "done", "2027-01-15T08:00:00.250Z", None),
            ("b", "absent", "2027-01-15T08:00:00.250Z", 404),
            ("c", "planned", "2027-01-15T08:00:00.250Z", None),
        ]
        (program,) = database.execute("SELECT program FROM events WHERE key = 'c'").fetchone()
    assert load_operation(program.encode()).unwrap().program == retrying(delete_response("resp_3"))


@pytest.mark.parametrize("statement", ["UPDATE events SET fate = 'done' WHERE key = 'c'", "DELETE FROM events"])
def test_sqlite_refuses_to_change_an_event(path: Path, statement: str) -> None:
    with (
        closing(sqlite3.connect(path)) as database,
        pytest.raises(sqlite3.IntegrityError, match="of a ledger are never"),
    ):
        database.execute(statement)


def test_what_is_no_ledger_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE t (x)")
    text = tmp_path / "text"
    text.write_text("these are some words that are no database" * 100)
    before = other.read_bytes(), text.read_bytes()
    with pytest.raises(LedgerRefused, match="is another program's database"):
        Ledger(other)
    with pytest.raises(LedgerRefused, match="cannot be read: file is not a database"):
        Ledger(text)
    with pytest.raises(LedgerRefused, match="cannot be"):
        Ledger(tmp_path / "nowhere" / "a.ledger", read_only=True)
    assert (other.read_bytes(), text.read_bytes()) == before


def test_a_ledger_of_another_format_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 2")
    with pytest.raises(LedgerRefused, match="is of format 2; this version reads format 1"):
        Ledger(path)


def test_a_ledger_is_read_while_another_holds_it(path: Path) -> None:
    with Ledger(path) as holder, Ledger(path, read_only=True) as reader:
        assert holder.counts() == reader.counts()
        assert holder.head == reader.head
        with pytest.raises(LedgerRefused, match="was opened to be read only"):
            reader.plan([])
        with pytest.raises(LedgerRefused, match="was opened to be read only"):
            reader.settle("c", "done")


def test_a_receipt_is_json_with_what_was_acknowledged_what_the_404_said_and_the_head(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.ledger") as ledger:
        ledger.plan([("a", erase_response("resp_completed")), ("b", delete_response("resp_nowhere"))])
        for _ in ledger.run(MemoryTransport(), 1):
            pass
        receipt: Any = json.decode(json.encode(ledger.receipt("a")))
        assert receipt["fate"] == "done"
        assert receipt["acknowledged"] == {
            "request": "DELETE /responses/resp_completed",
            "status": 200,
            "request_id": "req_000001",
        }
        assert (receipt["absence"]["status"], receipt["absence"]["request_id"]) == (404, "req_000002")
        assert [event["fate"] for event in receipt["events"]] == ["planned", "in flight", "in flight", "done"]
        assert receipt["events"][0]["at"].endswith("Z")
        assert receipt["head"] == ledger.head
        absent = ledger.receipt("b")
        assert (absent.fate, absent.acknowledged) == ("absent", None)
        assert absent.absence is not None
        assert absent.absence["status"] == 404
        with pytest.raises(ValueError, match="allowed is a key of the ledger"):
            ledger.receipt("c")


@pytest.mark.parametrize(
    "made",
    [
        delete_response,
        lambda name: retrying(delete_response(name)),
        lambda name: retrying(cancel_response(name, extra_body={"of": name})),
        lambda name: cancel_response(name, extra_body={"of": "resp_1234567890"}),
        lambda name: retrieve_response(name).bind(to_cancel),
        lambda name: delete_conversation_item("conv_123456789", name),
        erase_response,
        retrieve_response,
    ],
)
def test_what_is_saved_is_what_save_checkpoint_writes(tmp_path: Path, made: Any) -> None:
    """Also for ids that are like names within a checkpoint, or that are to be escaped."""
    ids = [
        "resp_1234567890",
        "resp_0987654321",
        "checkpoint",
        "idempotent",
        "base64ed",
        "resp_ü_12345",
        "a1",
        "resp_1234567890",
    ]
    with Ledger(tmp_path / "a.ledger") as ledger:
        ledger.plan([(f"{turn}", made(name)) for turn, name in enumerate(ids)])
    with closing(sqlite3.connect(tmp_path / "a.ledger")) as database:
        saved = [program for (program,) in database.execute("SELECT program FROM events ORDER BY seq")]
    assert saved == [save_checkpoint(made(name)).unwrap().decode() for name in ids]
