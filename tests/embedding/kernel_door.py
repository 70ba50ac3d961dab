"""A seccomp filter: the kernel kills the process at any call that is not on a list of seven.

Law: all that is not allowed is forbidden, whatever it is called, and however it is called. What is left is to read
from standard input, to write to standard output and standard error, to have memory, and to end.
"""

from __future__ import annotations

import mmap
import resource
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol, cast

from msgspec import Struct


class _Filter(Protocol):
    def add_rule(self, action: int, syscall: str, *args: Any) -> None: ...
    def set_attr(self, attr: int, value: int) -> None: ...
    def load(self) -> None: ...


class _Arch(Protocol):
    NATIVE: int


class _Attr(Protocol):
    ACT_BADARCH: int
    CTL_NNP: int


class _Seccomp(Protocol):
    """What is used here of pyseccomp, which has no types of its own."""

    KILL_PROCESS: int
    ALLOW: int
    MASKED_EQ: int
    Arch: _Arch
    Attr: _Attr
    SyscallFilter: Callable[[int], _Filter]
    Arg: Callable[[int, int, int, int], Any]

    def resolve_syscall(self, arch: int, syscall: str) -> int: ...


seccomp = cast(_Seccomp, import_module("pyseccomp"))


class If(Struct, frozen=True):
    """A condition: argument number `argument`, of which only the bits of `mask` count, is `value`."""

    argument: int
    value: int
    mask: int = 0xFFFFFFFF


class Allowed(Struct, frozen=True):
    """A call that the kernel carries out if all the conditions hold, and why."""

    call: str
    why: str
    conditions: tuple[If, ...] = ()


ALLOWED = (
    Allowed("read", "what the host answers", (If(0, 0),)),
    Allowed("write", "what is asked of the host", (If(0, 1),)),
    Allowed("write", "the last words of a process that fails", (If(0, 2),)),
    Allowed("brk", "malloc: small objects"),
    Allowed(
        "mmap",
        "malloc and CPython's arenas: memory of no file, in which no code can stand",
        (If(2, 0, mmap.PROT_EXEC), If(3, mmap.MAP_ANONYMOUS, mmap.MAP_ANONYMOUS)),
    ),
    Allowed("munmap", "the same given back"),
    Allowed("mremap", "realloc of what is large"),
    Allowed("exit_group", "the end"),
)
"""All that CPython needs to compute, and to talk to a host. The names are those of x86-64 and of AArch64 alike."""


def close_the_door() -> None:
    """Let the kernel kill this process at whatever is not `ALLOWED`: for ever, as no filter can be taken off.

    It needs no privilege, for it gives up all that there might be to gain (`no_new_privs`).
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # else the kernel would leave a file where it killed
    made = seccomp.SyscallFilter(seccomp.KILL_PROCESS)
    # The default for calls in the manner of another architecture (32 bits, x32) would kill one thread only.
    made.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    made.set_attr(seccomp.Attr.CTL_NNP, 1)
    for allowed in ALLOWED:
        conditions = (seccomp.Arg(it.argument, seccomp.MASKED_EQ, it.mask, it.value) for it in allowed.conditions)
        made.add_rule(seccomp.ALLOW, allowed.call, *conditions)
    made.load()


def number_of(call: str) -> int:
    """The number of a system call on this machine; below 0 where it has none of that name."""
    return seccomp.resolve_syscall(seccomp.Arch.NATIVE, call)
