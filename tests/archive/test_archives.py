"""What is written into an archive is read back, in every format: nothing lost, nothing added, in order."""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from archived import FORMATS, audit_in, odd_audits, read_back, recorded, sample, samples, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from puresponse.codecs import ResponseAudit, encode
from puresponse.transports import ArchiveFormat, open_archive, read_archive

each_format = pytest.mark.parametrize("form", FORMATS)


def place(folder: Path, form: ArchiveFormat) -> Path:
    return folder / f"export.{form}"


# --- nothing is lost ------------------------------------------------------------------------------


@each_format
def test_what_was_recorded_and_sampled_is_read_back_as_it_was(tmp_path: Path, form: ArchiveFormat) -> None:
    audits = recorded() + samples()
    assert len(audits) > 30
    assert any(len(audit.input_items) == 250 for audit in audits)
    back = read_back(written(place(tmp_path, form), audits))
    assert back == audits
    assert [encode(audit) for audit in back] == [encode(audit) for audit in audits]


@each_format
@given(audits=st.lists(odd_audits(), max_size=3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_odd_payloads_are_read_back_as_they_were(form: ArchiveFormat, audits: list[ResponseAudit]) -> None:
    distinct = [replace(audit, response=replace(audit.response, id=f"r{n}")) for n, audit in enumerate(audits)]
    with TemporaryDirectory() as folder:
        back = read_back(written(place(Path(folder), form), distinct))
    assert back == distinct
    assert [encode(audit) for audit in back] == [encode(audit) for audit in distinct]


@each_format
def test_what_no_struct_names_is_kept_wherever_it_is(tmp_path: Path, form: ArchiveFormat) -> None:
    payload: dict[str, Any] = {
        "response": {
            "id": "resp_1",
            "created_at": 10**30,
            "model": "m",
            "output": [{"type": "novel", "text": "\0\n\u2028é"}],
            "usage": {"input_tokens": 2**70, "novel": 1.5},
            "background": "perhaps",
            "novel": [None],
        },
        "input_items": [{"type": "message", "role": "user", "content": 5}, {"id": "without a type"}],
        "exported_at": 5,
    }
    (back,) = read_back(written(place(tmp_path, form), [audit_in(payload)]))
    assert json.decode(encode(back)) == payload
    assert back.unknown_fields == {"exported_at": 5}


# --- more is added --------------------------------------------------------------------------------


@each_format
def test_more_is_added_behind_what_is_there(tmp_path: Path, form: ArchiveFormat) -> None:
    audits = samples()
    path = place(tmp_path, form)
    for audit in audits:
        written(path, [audit])
    assert read_back(path) == audits


@each_format
def test_an_archive_knows_what_is_in_it(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(place(tmp_path, form), [sample("resp_queued")])
    with open_archive(path) as archive:
        assert "resp_queued" in archive
        assert "resp_chat" not in archive
        archive.write(sample("resp_chat"))
        assert "resp_chat" in archive
        assert 5 not in archive
    with open_archive(place(tmp_path, form).with_name(f"new.{form}")) as archive:
        archive.write(sample("resp_chat"))
        assert "resp_chat" in archive
        assert "resp_queued" not in archive


@each_format
def test_an_archive_of_nothing_is_an_archive(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(place(tmp_path, form), [])
    assert read_back(path) == []
    assert read_back(written(path, [sample()])) == [sample()]


@each_format
def test_replaced_an_archive_begins_anew(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(place(tmp_path, form), samples())
    assert read_back(written(path, [sample()], replace=True)) == [sample()]


@each_format
def test_closing_twice_is_closing_once(tmp_path: Path, form: ArchiveFormat) -> None:
    with open_archive(place(tmp_path, form)) as archive:
        archive.write(sample())
        archive.close()
    assert read_back(place(tmp_path, form)) == [sample()]


def test_a_response_that_is_written_again_takes_its_place_in_a_database(tmp_path: Path) -> None:
    first, second = sample("resp_long"), sample("resp_chat")
    changed = replace(first, input_items=first.input_items[:2])
    path = written(tmp_path / "export.db", [first, second])
    assert read_back(written(path, [changed])) == [changed, second]


# --- for other tools ------------------------------------------------------------------------------


def test_a_line_is_the_response_and_its_items(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", samples())
    lines = path.read_bytes().splitlines()
    assert [json.decode(line) for line in lines] == [json.decode(encode(audit)) for audit in samples()]
    assert all(json.decode(line).keys() == {"response", "input_items"} for line in lines)
    zipped = written(tmp_path / "export.jsonl.gz", samples())
    assert gzip.decompress(zipped.read_bytes()) == path.read_bytes()


def test_a_database_answers_questions(tmp_path: Path) -> None:
    path = written(tmp_path / "export.sqlite", samples())
    with closing(sqlite3.connect(path)) as database:
        asked = "SELECT status, model, background, input_item_count, output_item_count, total_tokens, output_text "
        found = database.execute(f"{asked} FROM responses WHERE id = 'resp_chat'").fetchone()
        assert found == ("completed", "gpt-4o-mini-2024-07-18", 0, 5, 1, 21, "Nineteen degrees, and sunny.")
        said = database.execute(
            "SELECT input_items.text FROM input_items JOIN responses ON responses.id = response_id "
            "WHERE responses.status = 'completed' AND role = 'user' AND response_id = 'resp_completed'"
        ).fetchall()
        assert said == [("Hello, model!",)]
        calls = database.execute("SELECT position, name, text FROM input_items WHERE type = 'function_call'").fetchall()
        assert [name for _, name, _ in calls] == ["get_weather"]
        outputs = database.execute("SELECT count(*) FROM output_items WHERE role = 'assistant'").fetchone()
        assert outputs[0] >= 5


def test_a_parquet_file_answers_questions(tmp_path: Path) -> None:
    from importlib import import_module

    parquet: Any = import_module("pyarrow.parquet")
    rows = parquet.read_table(written(tmp_path / "export.parquet", samples())).to_pylist()
    (chat,) = [row for row in rows if row["id"] == "resp_chat"]
    assert (chat["status"], chat["background"], chat["input_item_count"], chat["total_tokens"]) == (
        "completed",
        False,
        5,
        21,
    )
    assert [json.decode(item) for item in chat["input_items"]] == json.decode(encode(sample().input_items))


def test_rows_are_written_in_groups(tmp_path: Path) -> None:
    from importlib import import_module

    parquet: Any = import_module("pyarrow.parquet")
    long = sample("resp_long")
    text = "x" * 3_000_000
    audits = [replace(long, response=replace(long.response, id=f"r{n}", instructions=text)) for n in range(7)]
    path = written(tmp_path / "export.parquet", audits)
    assert parquet.ParquetFile(path).num_row_groups == 3
    assert read_back(path) == audits


# --- what is loaded -------------------------------------------------------------------------------


def test_json_lines_load_neither_sqlite_nor_pyarrow(tmp_path: Path) -> None:
    code = f"""
import sys
from puresponse.transports import open_archive, read_archive
with open_archive({str(tmp_path / "export.jsonl")!r}):
    pass
list(read_archive({str(tmp_path / "export.jsonl")!r}))
print([name for name in ("sqlite3", "pyarrow", "socket", "ssl", "urllib3") if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"


def test_without_pyarrow_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"puresponse\[parquet\]"):
        open_archive(tmp_path / "export.parquet")
    path = tmp_path / "read.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(ImportError, match=r"puresponse\[parquet\]"):
        list(read_archive(path))
