"""Archives that are damaged, foreign, or were left by a process that was killed: told with the place, the rest read."""

from __future__ import annotations

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from archived import FORMATS, read_back, sample, samples, written
from returns.result import Failure, Success

from puresponse.codecs import ResponseAudit
from puresponse.transports import ArchiveDamage, ArchiveFormat, open_archive, read_archive

each_format = pytest.mark.parametrize("form", FORMATS)


def read_all(path: Path, form: ArchiveFormat | None = None) -> tuple[list[ResponseAudit], list[ArchiveDamage]]:
    """What was read, and what could not be."""
    audits, damages = list[ResponseAudit](), list[ArchiveDamage]()
    for read in read_archive(path, form):
        match read:
            case Success(audit):
                audits.append(audit)
            case Failure(damage):
                assert damage.path == str(path)
                damages.append(damage)
            case _:
                pytest.fail("no result")
    return audits, damages


# --- JSON Lines -----------------------------------------------------------------------------------


def test_a_torn_last_line_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", samples())
    os.truncate(path, path.stat().st_size - 100)
    audits, (damage,) = read_all(path)
    assert audits == samples()[:-1]
    assert damage.place == f"line {len(samples())}"
    assert "killed" in damage.reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"no JSON\n", "$: JSON is malformed: invalid character (byte 4)"),
        (b'{"foo": 1}\n', "$: Object missing required field `response`"),
        (b'{"response": {"id": 5}, "input_items": []}\n', "$.response.id: Expected `str`, got `int`"),
        (b'{"response": null, "input_items": []}\n', "$.response: Expected `object`, got `null`"),
        (b"[]\n", "$: Expected `object`, got `array`"),
        (b"\xff\n", "$: "),
    ],
)
def test_a_damaged_line_is_told_with_its_number_and_the_rest_is_read(tmp_path: Path, line: bytes, reason: str) -> None:
    path = written(tmp_path / "export.jsonl", [sample("resp_queued"), sample("resp_chat")])
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b"\n" + line + second)
    audits, (damage,) = read_all(path)
    assert audits == [sample("resp_queued"), sample("resp_chat")]
    assert damage.place == "line 3"
    assert damage.reason.startswith(reason)


def test_a_last_line_without_its_end_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", samples())
    os.truncate(path, path.stat().st_size - 1)
    assert read_back(path) == samples()
    with open_archive(path) as archive:
        assert archive.mended is None
        archive.write(sample())
    assert read_back(path) == [*samples(), sample()]


def test_a_byte_order_mark_and_the_lines_of_windows_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", samples())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_back(path) == samples()
    with open_archive(path) as archive:
        assert all(audit.response.id in archive for audit in samples())


@pytest.mark.parametrize("form", ["jsonl", "jsonl.gz"])
def test_who_goes_on_cuts_off_what_is_torn_and_says_so(tmp_path: Path, form: ArchiveFormat) -> None:
    path = written(tmp_path / f"export.{form}", samples())
    os.truncate(path, path.stat().st_size - 20)
    whole, _ = read_all(path)
    with open_archive(path) as archive:
        assert archive.mended is not None
        assert "cut off" in str(archive.mended)
        assert samples()[-1].response.id not in archive
        assert samples()[0].response.id in archive
        archive.write(sample())
    assert read_back(path) == [*whole, sample()]
    assert len(whole) == len(samples()) - 1


def test_a_zipped_last_line_without_its_end_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl.gz"
    plain = written(tmp_path / "export.jsonl", samples()).read_bytes()
    path.write_bytes(gzip.compress(plain[:-1]))
    written(path, [sample()])
    assert read_back(path) == [*samples(), sample()]


def test_compressed_data_that_is_damaged_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl.gz", samples())
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)
    _, damages = read_all(path)
    assert damages[-1].reason == "the compressed data is cut off or damaged"


WRITES_AND_IS_KILLED = """
import os, signal, sys
from archived import samples
from puresponse.transports import open_archive
archives = [open_archive(path) for path in sys.argv[1:]]
for number in range(33):
    for audit in samples()[:-1]:
        for archive in archives:
            archive.write(audit)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_read_and_gone_on_with(tmp_path: Path) -> None:
    least: dict[ArchiveFormat, int] = {"jsonl": 264, "jsonl.gz": 256, "sqlite": 8}
    paths: dict[ArchiveFormat, Path] = {form: tmp_path / f"export.{form}" for form in least}
    folder = os.pathsep.join(str(Path(__file__).parents[1] / name) for name in ("archive", "codecs"))
    environment = {**os.environ, "PYTHONPATH": folder}
    environment.pop("PYTHONSAFEPATH", None)
    killed = subprocess.run(
        [sys.executable, "-c", WRITES_AND_IS_KILLED, *map(str, paths.values())], env=environment, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    for form, path in paths.items():
        audits, _ = read_all(path)
        assert len(audits) >= least[form]
        written(path, [sample("resp_long")])
        assert read_back(path) == [*audits, sample("resp_long")]


# --- databases ------------------------------------------------------------------------------------


def changed(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE responses SET json = 'no JSON' WHERE id = 'resp_chat'", "$"),
        ("UPDATE responses SET json = x'00' WHERE id = 'resp_chat'", "a column of JSON holds no text"),
        (
            "DELETE FROM input_items WHERE response_id = 'resp_chat' AND position = 2",
            "5 input items were written, and 4",
        ),
        ("UPDATE input_items SET json = '5' WHERE response_id = 'resp_chat' AND position = 2", "$.input_items[2]: "),
    ],
)
def test_a_damaged_response_of_a_database_is_told_and_the_rest_is_read(
    tmp_path: Path, statement: str, reason: str
) -> None:
    path = changed(written(tmp_path / "export.sqlite", samples()), statement)
    audits, (damage,) = read_all(path)
    assert audits == [audit for audit in samples() if audit.response.id != "resp_chat"]
    assert damage.place == "response resp_chat"
    assert damage.reason.startswith(reason)


def test_a_damaged_page_of_a_database_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "export.sqlite", samples())
    data = bytearray(path.read_bytes())
    data[4096:] = bytes([0x55]) * (len(data) - 4096)
    path.write_bytes(data)
    audits, (damage,) = read_all(path)
    assert audits == []
    assert damage.place == "the file"
    with pytest.raises((ValueError, OSError), match=r"malformed|not a database"):
        written(path, samples())


def test_a_database_of_another_program_or_of_a_later_version_is_told(tmp_path: Path) -> None:
    path = changed(tmp_path / "other.db", "CREATE TABLE responses (id)")
    assert read_all(path)[1][0].reason == "it is a database of another program"
    with pytest.raises(ValueError, match="another program"):
        open_archive(path)
    path = changed(written(tmp_path / "later.db", samples()), "PRAGMA user_version = 2")
    assert read_all(path)[1][0].reason == "it was written in version 2; known is version 1"
    with pytest.raises(ValueError, match="version 2"):
        open_archive(path)


def test_reading_a_database_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "export.sqlite", samples())
    before = path.read_bytes()
    read_back(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# --- Parquet --------------------------------------------------------------------------------------


def test_a_parquet_file_takes_its_place_when_it_is_closed(tmp_path: Path) -> None:
    path = written(tmp_path / "export.parquet", [sample("resp_queued")])
    with open_archive(path) as archive:
        archive.write(sample())
        archive.flush()
        assert read_back(path) == [sample("resp_queued")]
    assert read_back(path) == [sample("resp_queued"), sample()]
    assert list(tmp_path.iterdir()) == [path]


def test_a_parquet_file_without_its_end_and_one_of_others_are_told(tmp_path: Path) -> None:
    from importlib import import_module

    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    path = written(tmp_path / "export.parquet", samples())
    os.truncate(path, path.stat().st_size - 20)
    other = tmp_path / "other.parquet"
    parquet.write_table(arrow.table({"id": ["resp_1"]}), other)
    for damaged, reason in ((path, "magic bytes"), (other, "it has no column")):
        audits, (damage,) = read_all(damaged)
        assert audits == []
        assert damage.place == "the file"
        assert reason in damage.reason
        with pytest.raises(ValueError, match=reason):
            open_archive(damaged)


def test_a_damaged_row_of_a_parquet_file_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    from importlib import import_module

    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    path = written(tmp_path / "export.parquet", samples())
    table = parquet.read_table(path)
    rows = table.to_pylist()
    rows[1]["response"] = "{}"
    rows[2]["input_items"] = [None]
    parquet.write_table(arrow.Table.from_pylist(rows, schema=table.schema), path)
    audits, damages = read_all(path)
    assert audits == [samples()[0], *samples()[3:]]
    assert [damage.place for damage in damages] == ["row 2", "row 3"]


# --- any file -------------------------------------------------------------------------------------


@each_format
def test_a_file_in_another_format_than_was_said_is_told(tmp_path: Path, form: ArchiveFormat) -> None:
    path = tmp_path / f"export.{form}"
    other: ArchiveFormat = "jsonl" if form == "sqlite" else "sqlite"
    written(path, samples(), format=other)
    assert read_back(path) == samples()
    audits, (damage,) = read_all(path, form)
    assert audits == []
    assert damage.place == "the file"
    assert "not" in damage.reason
    with pytest.raises(ValueError, match="it is"):
        open_archive(path)
    assert read_back(path) == samples()


def test_a_file_of_no_format_is_told(tmp_path: Path) -> None:
    path = tmp_path / "photo.jsonl"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))
    assert read_all(path)[1][0].reason == "it is none of JSON Lines, gzip, SQLite and Parquet"
    with pytest.raises(ValueError, match="none of the formats"):
        open_archive(path)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_archive(tmp_path / "export.jsonl")


def test_an_empty_file_is_empty_but_a_parquet_file_never_is(tmp_path: Path) -> None:
    for name in ("export.jsonl", "export.jsonl.gz", "export.sqlite", "export.txt"):
        (tmp_path / name).touch()
        assert read_all(tmp_path / name) == ([], [])
    (tmp_path / "export.parquet").touch()
    assert read_all(tmp_path / "export.parquet")[1][0].reason == "it is empty, and a Parquet file never is"


def test_a_name_and_a_format_that_say_nothing_are_refused(tmp_path: Path) -> None:
    unknown: Any = "csv"
    with pytest.raises(ValueError, match=r"allowed is a name that ends in \.jsonl"):
        open_archive(tmp_path / "export.txt")
    for refused in (lambda: open_archive(tmp_path / "export.jsonl", unknown), lambda: read_archive("a", unknown)):
        with pytest.raises(ValueError, match=r"format: given 'csv'; allowed is one of jsonl, jsonl\.gz"):
            refused()
    assert list(tmp_path.iterdir()) == []


def test_what_the_disk_refuses_is_an_os_error(tmp_path: Path) -> None:
    folder = tmp_path / "not there"
    for form in FORMATS:
        with pytest.raises(OSError, match=r"(?i)no such file|unable to open"):
            written(folder / f"export.{form}", samples())
