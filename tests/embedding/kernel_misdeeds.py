"""What a closed door forbids, done: each in a process of its own, which the kernel is to kill.

`main` writes to standard output how each process ended, as JSON: an exit code, or minus the number of a signal.
"""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import mmap
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kernel_door import close_the_door, number_of
from msgspec import Struct, json

CALLS = range(512)
"""The numbers of system calls: more than any kernel has."""

X32 = 0x40000000
"""What x86-64 takes for `read` in the manner of another architecture, and others for nothing."""

LIVED = 0
FREE, CLOSED = False, True


class Endings(Struct, frozen=True):
    """How the processes ended: those that made one system call each, by its number, and the others."""

    calls: dict[int, int]
    closed: dict[str, int]
    free: dict[str, int]


system_call = ctypes.CDLL(None).syscall


def listens() -> None:
    socket.create_server(("127.0.0.1", 0))


def forks() -> None:
    if not os.fork():
        os._exit(0)


def starts_a_thread() -> None:
    threading.Thread(target=int).start()


def spawns() -> None:
    os.posix_spawn(sys.executable, [sys.executable, "-V"], {}, file_actions=[(os.POSIX_SPAWN_CLOSE, 1)])


def executes() -> None:
    os.dup2(2, 1)
    os.execv(sys.executable, [sys.executable, "-I", "-c", ""])


def maps(descriptor: int, protection: int, flags: int) -> Callable[[], object]:
    """Map a page; as a bare call, for Python's own looks at the file first, and is killed for that."""
    arguments = (number_of("mmap"), 0, mmap.PAGESIZE, protection, mmap.MAP_PRIVATE | flags, descriptor, 0)
    return lambda: system_call(*map(ctypes.c_long, arguments))


MISDEEDS: dict[str, Callable[[], object]] = {
    "open for reading": lambda: Path(os.devnull).read_bytes(),
    "open for writing": lambda: Path(os.devnull).write_bytes(b""),
    "os.open": lambda: os.open(os.devnull, os.O_RDONLY),
    "tempfile": tempfile.TemporaryFile,
    "os.stat": lambda: os.stat("/"),
    "os.listdir": lambda: os.listdir("/"),
    "os.getcwd": os.getcwd,
    "import": lambda: importlib.import_module("colorsys"),
    "read from another descriptor": lambda: os.read(3, 1),
    "write to another descriptor": lambda: os.write(4, b"x"),
    "duplicate a descriptor": lambda: os.dup(0),
    "map a file": maps(3, mmap.PROT_READ, 0),
    "map code": maps(-1, mmap.PROT_READ | mmap.PROT_EXEC, mmap.MAP_ANONYMOUS),
    "socket": socket.socket,
    "socket pair": socket.socketpair,
    "listen": listens,
    "look a host up": lambda: socket.getaddrinfo("localhost", 80),
    "event loop": asyncio.new_event_loop,
    "fork": forks,
    "thread": starts_a_thread,
    "exec": executes,
    "spawn": spawns,
    "subprocess": lambda: subprocess.run(["true"], check=True),
    "shell": lambda: subprocess.run("true", shell=True, check=True),
    "sleep": lambda: time.sleep(0.001),
    "sleep until select": lambda: select.select([], [], [], 0.001),
    "sleep until poll": lambda: select.poll().poll(1),
    "wait on a lock": lambda: threading.Event().wait(0.001),
    "alarm": lambda: signal.setitimer(signal.ITIMER_REAL, 5),
    "kill": lambda: os.kill(os.getpid(), 0),
    "chance": lambda: os.urandom(1),
    "name of the machine": os.uname,
    "another door": close_the_door,
}
"""What Python can do, and a process behind a closed door cannot."""


def grows() -> None:
    """Memory by the megabyte, taken, moved and given back."""
    grown = bytearray()
    for _ in range(64):
        grown += bytes(1 << 20)
    del grown


GOOD_DEEDS: dict[str, Callable[[], object]] = {
    "nothing": int,
    "memory": grows,
    "map memory": maps(-1, mmap.PROT_READ | mmap.PROT_WRITE, mmap.MAP_ANONYMOUS),
    "many objects": lambda: [str(number) for number in range(300_000)],
    "read from standard input": lambda: os.read(0, 1),
    "write to standard output": lambda: os.write(1, b""),
    "write to standard error": lambda: os.write(2, b""),
}
"""What it still can."""


def ending(deed: Callable[[], object], door: bool) -> int:
    """How a process ends that does this: behind a closed door, or free."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if door is CLOSED:
            close_the_door()
        deed()
    except BaseException as error:
        os.write(2, repr(error).encode())
        os._exit(1)
    os._exit(LIVED)


def call(number: int) -> Callable[[], object]:
    """Make the system call of that number, with arguments that meet no condition of any rule."""
    return lambda: system_call(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)


def main() -> None:
    """Do it all."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as other:
        file.write(b"some bytes")
        file.flush()
        os.dup2(file.fileno(), 3)
        os.dup2(other.fileno(), 4)
        deeds = {**MISDEEDS, **GOOD_DEEDS}
        endings = Endings(
            calls={number: ending(call(number), CLOSED) for number in (*CALLS, X32)},
            closed={name: ending(deed, CLOSED) for name, deed in deeds.items()},
            free={name: ending(deed, FREE) for name, deed in deeds.items()},
        )
        sys.stdout.buffer.write(json.encode(endings))
