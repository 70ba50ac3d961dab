"""A process that has loaded everything once, and is forked for each snippet: python snippet_server.py SOCKET

A fork runs the snippet as a fresh interpreter would: its own `__main__`, its folder, its environment, its streams, and
nothing that another snippet left. What it saves is the second that all the imports take. A request is a line of JSON,
with the three standard streams beside it; answered are the number of the process, and how it ended.
"""

from __future__ import annotations

import contextlib
import doctest
import gc
import importlib
import ipaddress
import os
import signal
import socket
import sys
import threading
import traceback
import types
import warnings
from typing import Any

import msgspec

LIMIT = 120
"""Seconds after which a snippet is ended."""

_LOADED = (
    "aiohttp",
    "httpx2",
    "openai",
    "pydantic",
    "pytest",
    "starlette.testclient",
    "uvicorn",
    "opentelemetry.sdk.trace",
)


class Request(msgspec.Struct):
    """What is to be run, and where."""

    kind: str
    """`program`, `session` (a doctest), `module` (its `main` with arguments)."""
    folder: str
    environment: dict[str, str]
    name: str
    arguments: list[str] = []
    source: str = ""
    line: int = 1
    path: list[str] = []


def main(place: str) -> None:
    """Load everything, and serve."""
    import puresponse

    importlib.import_module("puresponse.cli.app")
    puresponse.preload()
    for name in dir(puresponse):
        getattr(puresponse, name)
    for name in _LOADED:
        with contextlib.suppress(ImportError):
            __import__(name)
    assert threading.active_count() == 1, "a fork has but one thread"
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen(64)
        print("ready", flush=True)
        parent = os.getppid()
        listening.settimeout(5)
        while os.getppid() == parent:
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection:
                if os.fork() == 0:
                    listening.close()
                    _attend(connection)


def _reap(*_: object) -> None:
    """Take leave of the forks that have ended, so that their time is counted."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _attend(connection: socket.socket) -> None:
    """Run what is asked for in this process, which ends with it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.settimeout(None)
    code = 1
    try:
        message, streams, _, _ = socket.recv_fds(connection, 1 << 20, 3)
        while not message.endswith(b"\n"):
            message += connection.recv(1 << 20)
        request = msgspec.json.decode(message, type=Request)
        connection.sendall(b"%d\n" % os.getpid())
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        code = _run(request)
    except BaseException:
        traceback.print_exc()
    finally:
        for written in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                written.flush()
        connection.sendall(b"%d\n" % code)
        os._exit(code)


def _run(request: Request) -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(LIMIT)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    os.chdir(request.folder)
    os.environ.clear()
    os.environ.update(request.environment)
    sys.path[:0] = [*request.path, request.folder]
    sys.argv = [request.name, *request.arguments]
    refused = _nothing_but_loopback()
    try:
        code = _KINDS[request.kind](request)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 1
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    for address in refused:
        print(f"it wants to reach {address}", file=sys.stderr)
        code = 1
    return code


def _fresh() -> types.ModuleType:
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    return module


def _program(request: Request) -> int:
    warnings.simplefilter("error", DeprecationWarning)
    module = _fresh()
    module.__file__ = os.path.join(request.folder, request.name)
    exec(compile("\n" * (request.line - 1) + request.source, module.__file__, "exec"), module.__dict__)
    return 0


def _session(request: Request) -> int:
    warnings.simplefilter("error", DeprecationWarning)
    parsed = doctest.DocTestParser().get_doctest(request.source, {}, request.name, request.name, request.line - 1)
    parsed.globs = _fresh().__dict__
    return int(doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(parsed, clear_globs=False).failed > 0)


def _module(request: Request) -> int:
    """`python -m puresponse`, `python -m pytest`."""
    import runpy

    warnings.simplefilter("ignore", RuntimeWarning)
    runpy.run_module(request.name, run_name="__main__", alter_sys=True)
    return 0


def _nothing_but_loopback() -> list[str]:
    """Addresses that are asked for, and are not on this machine: asking for one fails, and so does the snippet."""
    asked: list[str] = []

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and not isinstance(arguments[1], str | bytes):
            address = str(arguments[1][0])
        elif event == "socket.getaddrinfo":
            address = str(arguments[0])
        else:
            return
        if not _is_here(address):
            asked.append(address)
            raise OSError(f"{address}: no network in a snippet")

    sys.addaudithook(audit)
    return asked


def _is_here(address: str) -> bool:
    if address in {"localhost", "", "None", socket.gethostname()} or address.endswith((".localhost", ".invalid")):
        return True
    try:
        return ipaddress.ip_address(address).is_loopback or address in {"0.0.0.0", "::"}
    except ValueError:
        return False


_KINDS = {"program": _program, "session": _session, "module": _module}

if __name__ == "__main__":
    main(sys.argv[1])
