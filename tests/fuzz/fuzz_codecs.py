"""Fuzz the codecs: whatever bytes come, they keep their laws.

    python tests/fuzz/fuzz_codecs.py [CORPUS] [-max_total_time=SECONDS] [-seed=NUMBER] [other options of libFuzzer]

CORPUS is a folder of inputs to start from. With atheris (Linux on x86-64) what an input reaches in the code decides
what is tried next; without, inputs are damaged at random. Either way the first input that breaks a law ends the run
with an error. Ten seconds unless told otherwise.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from msgspec import json
from returns.result import Result, Success

SECONDS = 10.0
CUTS = 4


def check(data: bytes) -> None:
    """Fail if the codecs break their laws on these bytes: the first chooses a decoder, the others are the body."""
    from puresponse.codecs import DecodeError, decode_error_body, decoders, encode

    names = sorted(name for name in vars(decoders) if name.startswith("decode_"))
    choice, body = (data[0] if data else 0), data[1:]
    decoder: Callable[[bytes], Result[Any, DecodeError]] = getattr(decoders, names[choice % len(names)])
    check_decoder(decoder, encode, body)
    check_stream(body, choice)
    decode_error_body(body)


def check_decoder(decoder: Callable[[bytes], Result[Any, Any]], encoder: Callable[[Any], bytes], body: bytes) -> None:
    """Law: a value is exported as it came, an error has a path, and both are the same the second time."""
    result = decoder(body)
    if isinstance(result, Success):
        exported = json.decode(encoder(result.unwrap()))
        came = json.decode(body.removeprefix(b"\xef\xbb\xbf"))
        assert exported == came, (exported, came)
    else:
        assert result.failure().path.startswith("$")
    assert decoder(body) == result


def check_stream(body: bytes, choice: int) -> None:
    """Law: where a stream is cut does not matter."""
    from puresponse.codecs import StreamDecoder

    whole, expected = StreamDecoder().feed(body)
    decoder = StreamDecoder()
    events: list[Any] = []
    size = max(1, len(body) * (choice + 1) // (256 * CUTS))
    for start in range(0, len(body), size):
        decoder, completed = decoder.feed(body[start : start + size])
        events += completed
    assert tuple(events) == expected
    assert (decoder.error, decoder.done) == (whole.error, whole.done)


def without_atheris(corpus: Sequence[bytes], seconds: float, seed: int) -> int:
    """Damage inputs at random for so many seconds; give how many were tried."""
    random = Random(seed)
    ends = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < ends:
        data = bytearray(random.choice(corpus))
        for _ in range(random.randrange(1, 5)):
            start = random.randrange(len(data) + 1)
            end = min(len(data), start + random.choice((0, 0, 1, 2, 10, 100)))
            chunk = random.choice(corpus)
            at = random.randrange(len(chunk) + 1)
            data[start:end] = random.choice((b"", random.randbytes(random.randrange(4)), chunk[at : at + 40]))
        check(bytes(data))
        tried += 1
    return tried


def option(arguments: Sequence[str], name: str, default: float) -> float:
    """The value of an option in libFuzzer's form."""
    given = [argument.partition("=")[2] for argument in arguments if argument.startswith(f"-{name}=")]
    return float(given[-1]) if given else default


def main(arguments: list[str]) -> None:
    """Run until the time is over, or a law is broken."""
    seconds = option(arguments, "max_total_time", SECONDS)
    if importlib.util.find_spec("atheris") is None:
        folders = [Path(argument) for argument in arguments if not argument.startswith("-")]
        corpus = [path.read_bytes() for folder in folders for path in sorted(folder.iterdir())] or [b"\0{}"]
        tried = without_atheris(corpus, seconds, int(option(arguments, "seed", 1)))
        print(f"without atheris: {tried} inputs", file=sys.stderr)
        return
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["puresponse.codecs"]):
        for module in ("schema_table", "lossless.lenient", "event_decoder"):
            importlib.import_module(f"puresponse.codecs.{module}")
    atheris.Setup([sys.argv[0], *arguments, f"-max_total_time={seconds:.0f}"], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
