"""A bounded run of the fuzzer over the codecs, and proof that it would find something."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import json
from returns.result import Result, Success

from puresponse.codecs import DecodeError, decode_response, encode

SCRIPT = Path(__file__).with_name("fuzz_codecs.py")
FUZZER: dict[str, Any] = runpy.run_path(str(SCRIPT))
BODIES = Path(__file__).parent.parent / "codecs" / "bodies"
LARGEST = 4000


def corpus() -> list[bytes]:
    """Recorded bodies, and chunks of recorded streams, each for some decoder."""
    inputs: list[bytes] = []
    for path in sorted(BODIES.glob("*.json")):
        for number, body in enumerate(json.decode(path.read_bytes())):
            content = body["body"]
            data = content.encode()[:LARGEST] if isinstance(content, str) else json.encode(content)
            if len(data) <= LARGEST:
                inputs.append(bytes([number]) + data)
    return inputs


def check_by_fuzzing(tmp_path: Path, seconds: int) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number, data in enumerate(corpus()):
        (folder / str(number)).write_bytes(data)
    run = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), f"-max_total_time={seconds}", "-seed=1", "-max_len=5000"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-5000:]
    assert "Done" in run.stderr or "without atheris" in run.stderr


def test_three_seconds_of_fuzzing_find_nothing(tmp_path: Path) -> None:
    check_by_fuzzing(tmp_path, seconds=3)


@pytest.mark.deep
def test_a_minute_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    check_by_fuzzing(tmp_path, seconds=60)


def test_fuzzing_without_atheris_finds_nothing_either() -> None:
    assert FUZZER["without_atheris"](corpus(), seconds=2.0, seed=1) > 100


def forgetful(data: bytes) -> Result[Any, DecodeError]:
    """Loses what it does not know."""
    result = decode_response(data)
    if isinstance(result, Success) and "novel" in json.decode(data):
        return decode_response(data.replace(b',"novel":1', b""))
    return result


def broken(data: bytes) -> Result[Any, DecodeError]:
    """Cannot do with nothing."""
    return Success(1 // len(data))


def test_a_codec_that_loses_something_would_be_found() -> None:
    known = b'{"id":"r","created_at":1,"model":"m","output":[]}'
    FUZZER["check_decoder"](forgetful, encode, known)
    with pytest.raises(AssertionError, match="novel"):
        FUZZER["check_decoder"](forgetful, encode, known[:-1] + b',"novel":1}')


def test_a_codec_that_raises_would_be_found() -> None:
    with pytest.raises(ZeroDivisionError):
        FUZZER["check_decoder"](broken, encode, b"")
