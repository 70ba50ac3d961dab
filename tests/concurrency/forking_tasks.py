"""What is done in a fresh process that forks while it builds or imports, where a lock could hang the child."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from importlib import import_module
from typing import Any

from midst import EXPECTED, PATIENCE, decoded, in_the_midst

LONG_ENOUGH = 0.2
"""Seconds in which another thread gets as far as it can."""


def ended(child: int) -> int:
    """How a child ended: its exit code, or minus the number of a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def decode_and_end() -> None:
    """Decode in a child, whose exit code says whether that gave what it should. A child that hangs gets a signal."""
    signal.alarm(PATIENCE)
    os._exit(0 if decoded() == EXPECTED else 3)


def forked_while_another_thread_builds(number: int) -> list[Any]:
    """How a child ends that decodes what another thread was building when it was forked."""
    for name in ("types.response", "lossless.lenient"):
        import_module(f"puresponse.codecs.{name}")  # so that the thread loads nothing: that is another test
    midst = threading.Event()
    told: list[list[str]] = []

    def wait() -> None:
        midst.set()
        time.sleep(LONG_ENOUGH)

    def build() -> None:
        with in_the_midst(number, wait):
            told.append(decoded())

    builder = threading.Thread(target=build)
    builder.start()
    met = midst.wait(PATIENCE)
    child = os.fork()
    if child == 0:
        decode_and_end()
    code = ended(child)
    builder.join()
    return [met, code, told]


def forked_again_and_again(pause: float) -> list[Any]:
    """How children end that do what another thread was just doing for the first time, loading and building."""
    import_module("puresponse.transports.drivers")
    done = threading.Event()
    told: list[list[str]] = []

    def work() -> None:
        told.append(decoded())
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    children: list[int] = []
    while not done.is_set() or not children:
        child = os.fork()
        if child == 0:
            decode_and_end()
        children.append(child)
        done.wait(pause)
    worker.join()
    return [len(children), sorted({ended(child) for child in children}), told]


def forked_while_another_thread_imports() -> list[Any]:
    """What another thread was importing when a child was forked, how that ends, and what the thread gets."""
    from puresponse.transports.forks import orphans

    import_module("puresponse.transports.drivers")
    midst, forked = threading.Event(), threading.Event()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        name = getattr(arguments[0], "co_filename", "") if event == "exec" and not forked.is_set() else ""
        if name.endswith("codecs/types/content.py"):
            import_module("tabnanny")  # as a module of the library may import one of the standard library
        elif name.endswith("tabnanny.py"):
            midst.set()
            forked.wait(PATIENCE)

    told: list[list[str]] = []
    sys.addaudithook(hear)

    def work() -> None:
        import_module("puresponse.codecs.types.content")
        told.append(decoded())

    worker = threading.Thread(target=work)
    worker.start()
    midst.wait(PATIENCE)
    importing = orphans()
    child = os.fork()
    forked.set()
    if child == 0:
        signal.alarm(PATIENCE)
        import_module("tabnanny")
        decode_and_end()
    code = ended(child)
    worker.join()
    return [importing, code, *told]


def forked_by_the_thread_that_builds(number: int) -> list[Any]:
    """How a child ends that goes on building, as its parent does."""
    import_module("puresponse.codecs.types.response")
    children: list[int] = []

    def fork() -> None:
        children.append(os.fork())
        signal.alarm(PATIENCE if children == [0] else 0)

    with in_the_midst(number, fork):
        told = decoded()
    if children == [0]:
        os._exit(0 if told == EXPECTED == decoded() else 3)
    return [len(children), ended(children[0]), told]
