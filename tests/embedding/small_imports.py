"""Imports each module of core and codecs as the first of all, and tells what that did other than to define the module.

Law: each import has an interpreter of its own, forked from one that has imported msgspec, returns and what can be
changed from a distance, and nothing of ours. What is told is what the interpreter says of itself while it imports
(PEP 578), and what is no longer as it was afterwards: by value what the process, the interpreter and the standard
library keep, by identity every name of every module and class that was there before.

As a script it reads a `Task` as JSON and writes the breaches by module as JSON.
"""

from __future__ import annotations

import _thread
import asyncio
import atexit
import codecs
import copyreg
import decimal
import gc
import json
import locale
import logging
import mimetypes
import os
import random
import resource
import signal
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, TypedDict

Breaches = list[str]

LOADING = {
    "builtins.id",
    "code.__new__",
    "compile",
    "exec",
    "import",
    "marshal.loads",
    "object.__getattr__",
    "os.listdir",
    "sys._getframe",
    "sys._getframemodulename",
}
"""The audit events of importing, and of making classes."""


class Task(TypedDict):
    """What to import, and from where."""

    path: list[str]  # in front of the interpreter's own
    first: list[str]  # what ours stands on
    modules: list[str]


class Ear:
    """Hears what is done while it listens."""

    def __init__(self, readable: tuple[str, ...]) -> None:
        self.breaches: Breaches = []
        self.listens = False
        self._readable = readable
        self._there_before = set(sys.modules)
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.listens or event in LOADING:
            return
        if event == "open":
            path, _, flags = arguments
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or not str(path).startswith(self._readable):
                self.breaches.append(f"opened {path}")
        elif event == "object.__setattr__":
            # A class is looked at afterwards; while it is made, its module is that of what makes it.
            if not isinstance(arguments[0], type) and getattr(arguments[0], "__module__", None) in self._there_before:
                self.breaches.append(f"set {arguments[1]} of {arguments[0]!r}")
        else:
            self.breaches.append(f"{event} {arguments!r}"[:300])


REGISTRARS: tuple[tuple[object, str], ...] = (
    (_thread, "start_new_thread"),
    (atexit, "register"),
    (codecs, "register"),
    (codecs, "register_error"),
    (threading.Thread, "start"),
)
"""What leaves something behind that cannot be listed afterwards, or is over by then."""


class Calls:
    """Puts down what would be registered or started, in place of doing it."""

    def __init__(self) -> None:
        self.breaches: Breaches = []
        for owner, name in REGISTRARS:
            setattr(owner, name, self._instead_of(name))

    def _instead_of(self, name: str) -> Callable[..., None]:
        def called(*arguments: object, **_: object) -> None:
            self.breaches.append(f"called {name}{arguments!r}")

        return called


def state() -> dict[str, object]:
    """What the process, the interpreter and the standard library keep, by value."""
    logger = logging.getLogger()
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "umask": _umask(),
        "limits": [resource.getrlimit(limit) for limit in (resource.RLIMIT_NOFILE, resource.RLIMIT_STACK)],
        "descriptors": sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else [],
        "children": _children(),
        "signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "timers": signal.getitimer(signal.ITIMER_REAL),
        "threads": [thread.name for thread in threading.enumerate()],
        "thread hooks": (threading.excepthook, threading.gettrace(), threading.getprofile(), threading.stack_size()),
        "at exit": vars(atexit)["_ncallbacks"](),
        "arguments": list(sys.argv),
        "path": list(sys.path),
        "finders": [*sys.meta_path, *sys.path_hooks],
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "hooks": (sys.excepthook, sys.displayhook, sys.unraisablehook, sys.breakpointhook, sys.get_asyncgen_hooks()),
        "tracing": (sys.gettrace(), sys.getprofile()),
        "recursion": sys.getrecursionlimit(),
        "switches": sys.getswitchinterval(),
        "digits": sys.get_int_max_str_digits(),
        "warnings": (list(warnings.filters), warnings.showwarning, warnings.formatwarning),
        "garbage": (gc.isenabled(), gc.get_threshold(), list(gc.callbacks), gc.get_freeze_count(), gc.get_debug()),
        "chance": random.getstate(),
        "decimals": (str(decimal.getcontext()), str(decimal.DefaultContext)),
        "locale": locale.setlocale(locale.LC_ALL),
        "logging": (logger.level, list(logger.handlers), sorted(logger.manager.loggerDict), logger.manager.disable),
        "event loops": _loop_policy(),
        "pickling": dict(copyreg.dispatch_table),
        "mime types": mimetypes.inited,
        "temporary files": tempfile.tempdir,
    }


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _loop_policy() -> object:
    return vars(asyncio.events)["_event_loop_policy"]


def names() -> dict[str, dict[str, object]]:
    """Every name of every module that is loaded, and of every class in it that Python code could change."""
    found: dict[str, dict[str, object]] = {}
    for name, module in list(sys.modules.items()):
        if name == __name__:
            continue
        found[name] = dict(vars(module))
        for key, value in found[name].items():
            if isinstance(value, type) and value.__module__ == name and value.__flags__ & HEAP_TYPE:
                found[f"{name}.{key}"] = dict(vars(value))
    return found


HEAP_TYPE = 1 << 9
"""The flag of classes that are not the interpreter's own."""

CACHES = {"__abstractmethods__", "_abc_impl", "__annotations_cache__", "__annotate_func__"}


def changed(before: dict[str, dict[str, object]]) -> Breaches:
    """What no longer is what it was; that a package has got another module in it is what importing does."""
    after = names()
    breaches: Breaches = []
    for owner, held in before.items():
        now = after.get(owner)
        if now is None:
            breaches.append(f"{owner} is gone")
            continue
        for key in held.keys() | now.keys():
            new = isinstance(now.get(key), ModuleType) and f"{owner}.{key}" in sys.modules
            if held.get(key, ...) is not now.get(key, ...) and not new and key not in CACHES:
                breaches.append(f"{owner}.{key} was changed")
    return breaches


def breaches_of(module: str, ear: Ear, calls: Calls, held: dict[str, dict[str, object]]) -> Breaches:
    """What importing `module` does other than to define it, where `held` is what all names stood for."""
    held["threading"] = dict(vars(threading))  # which makes its locks anew in a fork
    before = state()
    ear.listens = True
    try:
        import_module(module)
    except BaseException:
        return [traceback.format_exc()]
    finally:
        ear.listens = False
    after = state()
    different = [f"{key}: {before[key]!r}, then {after[key]!r}"[:300] for key in before if before[key] != after[key]]
    return [*ear.breaches, *calls.breaches, *different, *changed(held)]


def in_a_fork(work: Callable[[], Breaches]) -> Breaches:
    """What `work` gives in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with open(writer, "wb") as pipe:
                pipe.write(json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    given: Breaches = json.loads(told) if told else ["the interpreter died"]
    return given


def main() -> None:
    task: Task = json.load(sys.stdin.buffer)
    sys.path[:0] = task["path"]
    for name in task["first"]:
        import_module(name)
    places = (*task["path"], *(os.path.realpath(place) for place in task["path"]), os.path.dirname(os.__file__))
    ear = Ear(places)
    calls = Calls()
    held = names()
    gc.freeze()  # or each fork would copy what its collector only looks at
    found: dict[str, Breaches] = {}
    for module in task["modules"]:

        def work(module: str = module) -> Breaches:
            return breaches_of(module, ear, calls, held)

        found[module] = in_a_fork(work)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
