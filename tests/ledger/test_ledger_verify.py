"""Whatever is done to the events of a ledger, `verify` finds it, or says that it could not."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puresponse import Damaged, Ledger, MemoryTransport, Verified, delete_response, retrieve_response

COLUMNS = ("seq", "at", "key", "fate", "known", "program", "hash")


def written(path: Path) -> str:
    """A ledger of a dozen events, and its head."""
    with Ledger(path, now=lambda: 1_800_000_000.0) as ledger:
        ledger.plan([(f"key-{turn}", delete_response(f"resp_{turn}")) for turn in range(3)])
        ledger.plan([("read", retrieve_response("resp_completed"))])
        for _ in ledger.run(MemoryTransport(), 1):
            pass
        return ledger.head


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    path = tmp_path_factory.mktemp("original") / "a.ledger"
    head = written(path)
    return path.read_bytes(), head


def rows_of(database: sqlite3.Connection) -> list[list[Any]]:
    return [list(row) for row in database.execute("SELECT * FROM events ORDER BY seq")]


def edited(path: Path, original: bytes, edit: Callable[[list[list[Any]]], object]) -> bool:
    """Write the rows anew, after an edit, as one who knows SQLite can; whether anything is different."""
    path.write_bytes(original)
    with closing(sqlite3.connect(path)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        before = rows_of(database)
        after = [list(row) for row in before]
        edit(after)
        database.execute("DELETE FROM events")
        database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", after)
        for _, definition in triggers:
            database.execute(definition)
        database.commit()
        return rows_of(database) != before


def verified(path: Path, head: str | None) -> Verified | Damaged:
    with Ledger(path, read_only=True) as ledger:
        return ledger.verify(head)


VALUES = st.one_of(st.integers(0, 20), st.text(max_size=3), st.binary(max_size=3), st.floats(0, 20), st.none())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_row_that_is_changed_removed_inserted_or_moved_is_found(
    data: st.DataObject, original: tuple[bytes, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file, head = original
    path = tmp_path_factory.mktemp("edited") / "a.ledger"

    def edit(rows: list[list[Any]]) -> None:
        place = data.draw(st.integers(0, len(rows) - 1), "row")
        match data.draw(st.sampled_from(["change", "remove", "insert", "swap", "move"])):
            case "change":
                column = data.draw(st.integers(1, len(COLUMNS) - 1), "column")
                taken = st.sampled_from([row[column] for row in rows])
                rows[place][column] = data.draw(VALUES | taken)
            case "remove":
                del rows[place]
                if data.draw(st.booleans(), "numbered anew"):
                    for seq, row in enumerate(rows, 1):
                        row[0] = seq
            case "insert":
                rows.insert(place, list(data.draw(st.sampled_from(rows))))
                for seq, row in enumerate(rows, 1):
                    row[0] = seq
            case "swap":
                other = data.draw(st.integers(0, len(rows) - 1), "other")
                rows[place][1:], rows[other][1:] = rows[other][1:], rows[place][1:]
            case _:
                rows[place][0] = data.draw(st.integers(-3, 40).filter(lambda seq: seq not in {r[0] for r in rows}))

    try:
        is_different = edited(path, file, edit)
    except sqlite3.IntegrityError:  # SQLite itself takes no such value there
        return
    found = verified(path, head)
    assert isinstance(found, Damaged if is_different else Verified), found


def test_events_that_are_cut_off_are_found_with_the_head_and_not_without(
    tmp_path: Path, original: tuple[bytes, str]
) -> None:
    file, head = original
    assert edited(tmp_path / "a.ledger", file, lambda rows: rows.pop())
    without = verified(tmp_path / "a.ledger", None)
    assert isinstance(without, Verified)
    assert without.covered is None
    assert "nobody can tell whether the last ones are missing" in str(without)
    assert "events at its end are missing" in str(verified(tmp_path / "a.ledger", head))


def test_a_head_covers_the_events_up_to_it(tmp_path: Path) -> None:
    head = written(tmp_path / "a.ledger")
    with Ledger(tmp_path / "a.ledger") as ledger:
        ledger.plan([("later", delete_response("resp_9"))])
        found = ledger.verify(head)
        assert isinstance(found, Verified)
        assert (found.events, found.covered) == (found.covered + 1 if found.covered else 0, found.events - 1)
        assert str(found).endswith("events are whole and unchanged up to the head given; 1 were added since")


def test_a_ledger_whose_definitions_were_changed_is_damaged(tmp_path: Path, original: tuple[bytes, str]) -> None:
    file, head = original
    path = tmp_path / "a.ledger"
    path.write_bytes(file)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP VIEW fates")
        database.execute("CREATE VIEW fates AS SELECT key, 'done' AS fate, at, known, seq FROM events")
    assert str(verified(path, head)) == "damaged: fates is not defined as this version defines it"


def test_a_file_with_damaged_pages_is_damaged(tmp_path: Path, original: tuple[bytes, str]) -> None:
    file, head = original
    path = tmp_path / "a.ledger"
    at = file.index(b"key-1")
    path.write_bytes(file[:at] + b"key-7" + file[at + 5 :])
    assert isinstance(verified(path, head), Damaged)
