"""The parent's side of `small_probe.py`: records what the service in memory answers, and starts interpreters to replay
it in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from catalogue import START, service
from interpreters import python
from msgspec import Struct
from places import ROOT
from programs import PROGRAMS
from returns.result import Failure, Success
from small_probe import Told, Transcript, transcript, written_bytes

from puresponse.core import NOT_OPEN, Answer, Chunk, HttpRequest, HttpResponse, encode_answer
from puresponse.transports import Body, VirtualClock

PROBE = Path(__file__).with_name("small_probe.py")
PROGRAMS_FILE = Path(__file__).with_name("programs.py")
LAYERS = ("codecs", "core")
DEPENDENCIES = ("msgspec", "returns", "typing_extensions")


def modules_of(layer: str) -> list[str]:
    """The modules and packages inside `core` or `codecs`, as `core` or `codecs` name them."""
    folder = ROOT / layer
    found = (path.relative_to(folder).with_suffix("").parts for path in folder.rglob("*.py"))
    return sorted({".".join(parts).removesuffix(".__init__") for parts in found} - {"__init__"})


class Recording(Struct, frozen=True):
    """What each program was told, and what came of it."""

    told: dict[str, list[Told]]
    transcripts: dict[str, Transcript]


class Recorder:
    """A world that is the service in memory, and writes down what it tells."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._clock = VirtualClock(now=START)
        self._service = service(self._clock)
        self._body: Any = None

    def send(self, request: HttpRequest) -> Answer:
        return self._answered(self._service(request))

    def open(self, request: HttpRequest) -> Answer:
        opened = self._service.open(request)
        self._body = opened.unwrap() if isinstance(opened, Success) else None
        return self._answered(opened.map(_answer_of))

    def wait(self, seconds: float) -> float:
        self._clock.now += seconds
        elapsed = self._clock.now - START
        self.told.append({"elapsed": elapsed})
        return elapsed

    def read(self, within: float | None) -> Chunk:
        chunk: Chunk = NOT_OPEN if self._body is None else self._body.read(within)
        if isinstance(chunk, Failure):
            self.told.append({"answer": encode_answer(chunk).unwrap().decode()})
        else:
            self.told.append(written_bytes(chunk.unwrap()))
        return chunk

    def close(self, within: float) -> None:
        if self._body is not None:
            self._body.close(within)
        self._body = None

    def _answered(self, answer: Answer) -> Answer:
        self.told.append({"answer": encode_answer(answer).unwrap().decode()})
        return answer


def _answer_of(body: Body) -> HttpResponse:
    return body.answer


def record() -> Recording:
    """Run every program here, against the service in memory."""
    told: dict[str, list[Told]] = {}
    transcripts: dict[str, Transcript] = {}
    for name, make in PROGRAMS.items():
        recorder = Recorder()
        transcripts[name] = [*transcript("puresponse", make(), recorder), "0 left"]
        told[name] = recorder.told
    return Recording(told, transcripts)


class Report(Struct, frozen=True):
    """What `small_probe.py` tells: see there."""

    transcripts: dict[str, dict[str, Transcript]]
    names: dict[str, dict[str, list[str]]]
    strangers: list[str]
    readers: list[str]
    asked_for: list[str]
    events: list[str]
    read: list[str]
    written: list[str]
    modules: dict[str, str]
    flags: dict[str, int]
    path: list[str]
    documented: bool


def replay(
    recording: Recording,
    *flags: str,
    packages: Sequence[str] = ("puresponse",),
    path: Sequence[Path] = (),
    blocked: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    programs: Path = PROGRAMS_FILE,
) -> Report:
    """Replay the recording in a fresh interpreter that is started with `flags`, its `path` before its own."""
    task = {
        "path": [str(entry) for entry in path],
        "packages": packages,
        "programs": str(programs),
        "recording": recording.told,
        "blocked": blocked,
    }
    told = python(*flags, "-B", str(PROBE), given=json.dumps(task).encode(), environment=environment)
    return Report(**json.loads(told))


def place_of(dependency: str) -> Path:
    """The folder or file that a dependency is installed as."""
    spec = find_spec(dependency)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def dependencies_alone(folder: Path, *names: str) -> Path:
    """A folder with nothing in it but links to these dependencies, to stand on the path instead of all that is
    installed.
    """
    folder.mkdir()
    for name in names:
        place = place_of(name)
        (folder / place.name).symlink_to(place)
    return folder


def copy_layers(folder: Path) -> None:
    """Copy `core/` and `codecs/` as they stand into `folder`."""
    for layer in LAYERS:
        shutil.copytree(ROOT / layer, folder / layer, ignore=shutil.ignore_patterns("__pycache__"))


def vendor(folder: Path, package: str) -> None:
    """Copy `core/` and `codecs/` as they stand into the package of that dotted name, below `folder`."""
    for part in package.split("."):
        folder /= part
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    copy_layers(folder)
