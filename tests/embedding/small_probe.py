"""Runs every program of the catalogue where nothing but core and codecs is to be had, and tells all that it saw.

Law: a run is a function of the programs and of the answers that were recorded for them. So what is told is the same
whatever the package is called, wherever it was loaded from, and however its interpreter was started. No step and no
value is left out of it; the names of the package and the addresses of objects are.

As a script it reads a `Task` as JSON and writes what came of it as JSON. It says nothing by `assert`, which `-O` takes
away. It keeps watch on what is opened and on whatever else the interpreter tells of, and on the environment, which
nothing may look at.
"""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator, MutableMapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from pkgutil import walk_packages
from types import CodeType, ModuleType
from typing import Any, Protocol, TypedDict

Told = dict[str, Any]
"""What a program was told at one step: an `answer` as JSON, a chunk of a body as `bytes` in base64, or `elapsed`."""

Transcript = list[str]
"""What a program asked for, gave on the way, and ended in."""

ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Task(TypedDict):
    """What to run, and where."""

    path: list[str]  # in front of the interpreter's own, as `-I -S` leaves that
    packages: list[str]  # each holds a `core` and a `codecs`; their programs are stepped in turns
    programs: str  # the file that makes them
    recording: dict[str, list[Told]]  # by program
    blocked: list[str]  # packages that must not be asked for


class World(Protocol):
    """Whoever does what a step asks for."""

    def send(self, request: Any) -> Any: ...
    def wait(self, seconds: float) -> float: ...
    def open(self, request: Any) -> Any: ...
    def read(self, within: float | None) -> Any: ...
    def close(self, within: float) -> None: ...


class Replay:
    """Tells a program what was recorded, in order, in the words of the package that it is built from."""

    def __init__(self, package: str, told: list[Told]) -> None:
        self._core = import_module(f"{package}.core")
        self._result = import_module("returns.result")
        self._told = iter(told)

    def send(self, request: Any) -> Any:
        return self._core.decode_answer(next(self._told)["answer"].encode())

    open = send

    def wait(self, seconds: float) -> float:
        elapsed: float = next(self._told)["elapsed"]
        return elapsed

    def read(self, within: float | None) -> Any:
        told = next(self._told)
        return self._result.Success(b64decode(told["bytes"])) if "bytes" in told else self._broken(told)

    def close(self, within: float) -> None:
        """Do nothing: what a body would give after it was recorded."""

    def _broken(self, told: Told) -> Any:
        return self._core.decode_answer(told["answer"].encode())

    def left(self) -> int:
        """How much of the recording was not asked for."""
        return len(list(self._told))


def transcript(package: str, program: Any, world: World) -> Transcript:
    """Step a program by hand to its end. Between two steps it is pickled, and goes on as the copy."""
    teller = Teller(package)
    teller.run(program, world)
    return teller.lines


class Teller:
    """Writes down each step, without the names and addresses that differ from one copy of the package to another."""

    def __init__(self, package: str) -> None:
        self.lines: Transcript = []
        self._package = package
        self._core = import_module(f"{package}.core")
        self._codecs = import_module(f"{package}.codecs")

    def run(self, program: Any, world: World) -> Any:
        core = self._core
        while True:
            program = self._pickled(program)
            self._tell(type(program).__name__, program)
            if isinstance(program, core.Send):
                self.lines.append(core.encode_request(program.request).unwrap().decode())
                program = program.resume(world.send(program.request))
            elif isinstance(program, core.Wait):
                program = program.resume(world.wait(program.seconds))
            elif isinstance(program, core.Emit):
                for value in program.values:
                    self._tell_value(value)
                program = program.rest
            elif isinstance(program, core.Perform):
                program = program.resume(self.run(program.operation, world))
            elif isinstance(program, core.Open):
                program = program.resume(world.open(program.request))
            elif isinstance(program, core.Read):
                program = program.resume(world.read(program.within))
            elif isinstance(program, core.Fork):
                program = program.resume(tuple([self.run(operation, world) for operation in program.operations]))
            elif isinstance(program, core.Close):
                world.close(program.within)
                program = program.rest
            elif isinstance(program, core.Done | core.End):
                failed = core.is_failure(program.result)
                self._tell_value(program.result.failure() if failed else program.result.unwrap())
                return program.result
            else:
                raise TypeError(f"{type(program)} is no step of {self._package}")

    def _pickled(self, program: Any) -> Any:
        copy = pickle.loads(pickle.dumps(program))
        if copy != program or type(copy) is not type(program):
            raise ValueError(f"pickled and read again, {program!r} is {copy!r}")
        return copy

    def _tell(self, kind: str, what: object) -> None:
        self.lines.append(f"{kind}: {ADDRESS.sub('', repr(what)).replace(f'{self._package}.', '')}")

    def _tell_value(self, value: object) -> None:
        self._tell(f"a {type(value).__name__}", value)
        try:
            self.lines.append(self._codecs.encode(value).decode())
        except TypeError:  # a page holds the operation that gives the next one, which is no JSON
            self.lines.append("no JSON")


def load_programs(file: str, package: str) -> Any:
    """The module of programs, made from what `package` holds in the place of `puresponse`."""
    with open(file, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            node.module = re.sub(r"^puresponse\b", package, node.module)
    module = ModuleType(f"{package}.programs")
    sys.modules[module.__name__] = module  # where `pickle` and `msgspec` look for the types that it defines
    code: CodeType = compile(tree, file, "exec")
    exec(code, vars(module))
    return module


# --- the watch -----------------------------------------------------------------------------------


class NoEnvironment(MutableMapping[Any, Any]):
    """An environment that is not to be looked at: tells who does so, who may not even catch the error."""

    def __init__(self, readers: list[str]) -> None:
        self._readers = readers

    def _refused(self) -> PermissionError:
        frame = vars(sys)["_getframe"](2)
        places: list[str] = []
        while frame is not None:
            places.append(f"{frame.f_code.co_filename}:{frame.f_lineno}")
            frame = frame.f_back
        self._readers.append(" < ".join(places))
        return PermissionError("the environment is not to be looked at")

    def __getitem__(self, key: Any) -> Any:
        raise self._refused()

    def __setitem__(self, key: Any, value: Any) -> None:
        raise self._refused()

    def __delitem__(self, key: Any) -> None:
        raise self._refused()

    def __iter__(self) -> Iterator[Any]:
        raise self._refused()

    def __len__(self) -> int:
        raise self._refused()


def watch_environment(readers: list[str]) -> None:
    """From now on, whoever looks at the environment by any of its names is put down in `readers`, and fails."""
    for module in (os, sys.modules[os.name]):
        for name in ("environ", "environb"):
            if hasattr(module, name):
                setattr(module, name, NoEnvironment(readers))


class Watch:
    """What the interpreter raises audit events for from now on (PEP 578), and the files that are opened."""

    def __init__(self) -> None:
        self.events: set[str] = set()
        self.read: set[str] = set()
        self.written: set[str] = set()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        self.events.add(event)
        if event == "open":
            path, _, flags = arguments
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            (self.written if writes else self.read).add(str(path))


class Blocked:
    """A finder that finds nothing, and says so loudly where a blocked package is asked for."""

    def __init__(self, packages: list[str]) -> None:
        self._packages = packages
        self.asked_for: list[str] = []

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name.split(".", maxsplit=1)[0] in self._packages:
            self.asked_for.append(name)
            raise ModuleNotFoundError(f"{name} is not to be had here")
        return None


# --- the script ----------------------------------------------------------------------------------


def run_programs(task: Task) -> dict[str, dict[str, Transcript]]:
    """The transcript of each program, by package; of several packages, one program after the other."""
    modules = {package: load_programs(task["programs"], package) for package in task["packages"]}
    told: dict[str, dict[str, Transcript]] = {package: {} for package in modules}
    for name, recorded in task["recording"].items():
        for package, module in modules.items():
            replay = Replay(package, recorded)
            lines = transcript(package, module.PROGRAMS[name](), replay)
            told[package][name] = [*lines, f"{replay.left()} left"]
    return told


def load_everything(package: str) -> dict[str, list[str]]:
    """Import each module, ask for each public name; the names by layer."""
    names: dict[str, list[str]] = {}
    for layer in ("codecs", "core"):
        module = import_module(f"{package}.{layer}")
        names[layer] = sorted(vars(module)["__all__"])
        for name in names[layer]:
            getattr(module, name)
        prefix = f"{package}.{layer}."
        found = (found.name.removeprefix(prefix) for found in walk_packages(module.__path__, prefix))
        names[f"{layer}, modules"] = sorted(found)
        for name in names[f"{layer}, modules"]:
            import_module(prefix + name)
    return names


def strangers(packages: list[str]) -> list[str]:
    """Types that two of the packages have in common, or that do not come from where they should."""
    found: list[str] = []
    for package in packages:
        for layer in ("codecs", "core"):
            module = import_module(f"{package}.{layer}")
            kinds = [value for name in vars(module)["__all__"] if isinstance(value := getattr(module, name), type)]
            found += [str(kind) for kind in kinds if not kind.__module__.startswith(f"{package}.")]
    return found


def main() -> None:
    task: Task = json.load(sys.stdin.buffer)
    sys.path[:0] = task["path"]
    blocked = Blocked(task["blocked"])
    sys.meta_path.insert(0, blocked)
    readers: list[str] = []
    before = set(sys.modules)
    watch = Watch()
    watch_environment(readers)
    transcripts = run_programs(task)
    names = {package: load_everything(package) for package in task["packages"]}
    came = {name: module for name, module in sys.modules.items() if name not in before}
    report = {
        "transcripts": transcripts,
        "names": names,
        "strangers": strangers(task["packages"]),
        "readers": readers,
        "asked_for": blocked.asked_for,
        "events": sorted(watch.events),
        "read": sorted(watch.read),
        "written": sorted(watch.written),
        "modules": {name: str(getattr(module, "__file__", None)) for name, module in came.items()},
        "flags": {name: getattr(sys.flags, name) for name in ("isolated", "no_site", "optimize", "ignore_environment")},
        "path": sys.path,
        "documented": bool(import_module(f"{task['packages'][0]}.core").__doc__),
    }
    sys.stdout.buffer.write(json.dumps(report).encode())


def written_bytes(data: bytes) -> Told:
    """How a chunk of a body is recorded."""
    return {"bytes": b64encode(data).decode()}


if __name__ == "__main__":
    main()
