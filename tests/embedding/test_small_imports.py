"""Importing core and codecs does nothing but define them, whichever of their modules comes first."""

from __future__ import annotations

import compileall
import json
from pathlib import Path

import pytest
from interpreters import python
from small_children import DEPENDENCIES, LAYERS, copy_layers, dependencies_alone, modules_of

SCRIPT = Path(__file__).with_name("small_imports.py")

SIDE_EFFECTS = {
    "an environment that is written": "import os; os.environ['X'] = '1'",
    "an environment of the process alone": "import os; os.putenv('X', '1')",
    "a folder that is left": "import os; os.chdir('/')",
    "a mask": "import os; os.umask(0o77)",
    "a child": "import os; os.fork() or os._exit(0); os.wait()",
    "a program": "import subprocess; subprocess.run(['true'])",
    "a socket": "import socket; socket.socket()",
    "a file that is written": "open('/dev/null', 'w')",
    "a file that is read": "open('/etc/hostname')",
    "a file that stays open": "import os; kept = os.dup(0)",
    "a folder that is listed elsewhere": "import glob; glob.glob('/*')",
    "a temporary folder": "import tempfile; tempfile.gettempdir()",
    "a signal": "import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)",
    "a thread": "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
    "a thread that has ended": "import _thread; _thread.start_new_thread(print, ('',), {'end': ''})",
    "something at exit": "import atexit; atexit.register(print)",
    "an encoding": "import codecs; codecs.register(lambda name: None)",
    "a handler of errors": "import codecs; codecs.register_error('x', lambda error: ('', 0))",
    "the path": "import sys; sys.path.append('/nonexistent')",
    "a finder": "import sys; sys.meta_path.append(None)",
    "a hook": "import sys; sys.excepthook = print",
    "tracing": "import sys; sys.settrace(lambda *_: None)",
    "profiling": "import sys; sys.setprofile(lambda *_: None)",
    "the depth of the stack": "import sys; sys.setrecursionlimit(5000)",
    "the digits of a number": "import sys; sys.set_int_max_str_digits(0)",
    "a stream": "import sys, io; sys.stdout = io.StringIO()",
    "warnings": "import warnings; warnings.simplefilter('ignore')",
    "collecting garbage": "import gc; gc.disable()",
    "the threshold of collecting": "import gc; gc.set_threshold(100_000)",
    "chance": "import random; random.seed(1)",
    "chance that is used up": "import random; random.random()",
    "the precision of decimals": "import decimal; decimal.getcontext().prec = 3",
    "the locale": "import locale; locale.setlocale(locale.LC_ALL, 'C.UTF-8')",
    "a log": "import logging; logging.basicConfig()",
    "a logger": "import logging; logging.getLogger('x')",
    "how a type pickles": "import copyreg; copyreg.pickle(complex, lambda x: (complex, ()))",
    "a builtin": "import builtins; builtins.x = 1",
    "a builtin that is replaced": "import builtins; builtins.open = print",
    "a function of another's": "import json; json.dumps = print",
    "the code of a function": "import json; json.loads.__code__ = json.dumps.__code__",
    "a method of another's class": "import json; json.JSONEncoder.default = print",
    "a method of a dependency's": "from returns.result import Success; Success.x = 1",
    "a name of a dependency's": "import msgspec; msgspec.x = 1",
    "a module that is gone": "import sys; del sys.modules['json']",
    "an exception": "raise ValueError",
    "an exit": "raise SystemExit(0)",
    "the end": "import os; os._exit(0)",
}
"""What a module could do to others by being imported."""


@pytest.fixture
def dependencies(tmp_path: Path) -> Path:
    return dependencies_alone(tmp_path / "dependencies", *DEPENDENCIES)


def breaches(modules: list[str], *path: Path) -> dict[str, list[str]]:
    task = {
        "path": [str(place) for place in path],
        "first": ["msgspec", "msgspec.json", "returns.result"],
        "modules": modules,
    }
    found: dict[str, list[str]] = json.loads(python("-I", "-S", "-B", str(SCRIPT), given=json.dumps(task).encode()))
    assert list(found) == modules
    return found


def test_importing_any_module_first_does_nothing_but_define_it(tmp_path: Path, dependencies: Path) -> None:
    copy_layers(tmp_path / "alone" / "puresponse")
    assert compileall.compile_dir(tmp_path / "alone", quiet=1)
    modules = [f"puresponse.{layer}" for layer in LAYERS]
    modules += [f"puresponse.{layer}.{module}" for layer in LAYERS for module in modules_of(layer)]
    assert len(modules) > 95
    found = breaches(modules, tmp_path / "alone", dependencies)
    assert {module: told for module, told in found.items() if told} == {}


def test_every_side_effect_would_be_noticed(tmp_path: Path, dependencies: Path) -> None:
    modules = {name: f"side_effect_{number}" for number, name in enumerate(SIDE_EFFECTS)}
    for name, module in modules.items():
        (tmp_path / f"{module}.py").write_text(SIDE_EFFECTS[name])
    found = breaches(list(modules.values()), tmp_path, dependencies)
    assert [name for name, module in modules.items() if not found[module]] == []


def test_a_module_without_side_effects_is_not_accused(tmp_path: Path, dependencies: Path) -> None:
    source = """
import hashlib, re, struct
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

class Colour(Enum):
    RED = 1

class Pair(NamedTuple):
    left: int

@dataclass
class Box(Generic[T]):
    held: T

WORDS = re.compile("[a-z]+")
"""
    (tmp_path / "harmless.py").write_text(source)
    assert breaches(["harmless"], tmp_path, dependencies) == {"harmless": []}
