"""Under a kernel that says no: every public operation is stepped in a process that the kernel kills at any I/O.

The filter leaves a process two pipes, memory and an end. What is asked of the host, what comes of each program, and
what each function gives is the same as without it.
"""

from __future__ import annotations

import inspect
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from calls import CALLS
from catalogue import PROGRAMS, Host, Program, Run
from kernel_door import ALLOWED, number_of
from kernel_host import HERE, Ended, Sandbox
from kernel_misdeeds import GOOD_DEEDS, LIVED, MISDEEDS, X32, Endings
from msgspec import json

from puresponse import codecs, core
from puresponse.core import HttpRequest, Open, Send

KILLED = -signal.SIGSYS


@pytest.fixture(scope="module")
def sandboxes() -> Iterator[list[Sandbox]]:
    """The sandboxes so far: one, for as long as it lives."""
    with ExitStack() as stack:
        begun = [stack.enter_context(Sandbox())]
        yield begun
        for another in begun[1:]:
            stack.enter_context(another)


@pytest.fixture
def sandbox(sandboxes: list[Sandbox]) -> Sandbox:
    """The same for all of the programs, as each leaves it as it was; after one that was killed, another."""
    if not sandboxes[-1].lives:
        sandboxes.append(Sandbox())
    return sandboxes[-1]


def first_words(names: dict[str, Any]) -> set[str]:
    return {name.replace(",", "").split(" ")[0] for name in names}


def functions(package: Any) -> set[str]:
    return {name for name in package.__all__ if inspect.isfunction(getattr(package, name))}


def told(program: Program) -> tuple[Run, list[HttpRequest]]:
    """What a host makes of a program, and all that it was asked to send, to the last byte."""
    requests: list[HttpRequest] = []

    def between(program: Program, elapsed: float) -> Program:
        if isinstance(program, Send | Open):
            requests.append(program.request)
        return program

    return Host(between).run(program), requests


# --- every operation -----------------------------------------------------------------------------


def test_every_public_function_is_called() -> None:
    public = functions(core) | functions(codecs)
    assert {"delete_response", "stream_response", "verify_webhook", "decode", "brief"} <= public
    assert public - first_words(PROGRAMS) - first_words(CALLS) == set()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_takes_the_same_steps_to_the_same_end(sandbox: Sandbox, name: str) -> None:
    assert told(sandbox.program(name)) == told(PROGRAMS[name]())


@pytest.mark.parametrize("name", CALLS)
def test_a_function_gives_the_same(sandbox: Sandbox, name: str) -> None:
    assert Host().run(sandbox.program(f"call of {name}")).result.unwrap() == CALLS[name]()


# --- what there is in the sandbox ----------------------------------------------------------------


def test_no_transport_is_loaded_and_nothing_more_after_start_up(sandbox: Sandbox) -> None:
    ready = sandbox.ready
    assert {
        name for name in ready.modules if name.startswith(("puresponse.transports", "urllib3", "pyseccomp"))
    } == set()
    assert {"puresponse.core.streams", "puresponse.codecs.lossless.lenient"} <= ready.modules
    assert {"socket", "select", "ssl", "threading", "subprocess", "ctypes", "asyncio"} & ready.modules == set()
    assert ready.forgotten > 0
    for name in ("stream_response", "call of verify_webhook"):
        Host().run(sandbox.program(name))
    assert Host().run(sandbox.program("what is loaded")).result.unwrap() == ready.modules


def test_the_kernel_says_that_it_is_closed_in(sandbox: Sandbox) -> None:
    proc = Path(f"/proc/{sandbox.pid}")
    status = dict(line.split(":\t", 1) for line in (proc / "status").read_text().splitlines() if ":\t" in line)
    assert (status["Seccomp"], status["NoNewPrivs"], status["Threads"]) == ("2", "1", "1")
    assert status["CapEff"].strip("0") == status["CapPrm"].strip("0") == ""
    assert "0" not in status["Uid"].split("\t")


def test_it_has_three_pipes_and_no_environment(sandbox: Sandbox) -> None:
    proc = Path(f"/proc/{sandbox.pid}")
    assert (proc / "environ").read_bytes() == b""
    open_files = {path.name: str(path.readlink()) for path in (proc / "fd").iterdir()}
    assert sorted(open_files) == ["0", "1", "2"]
    assert all(target.startswith("pipe:") for target in open_files.values())


def test_it_ends_when_no_more_is_asked() -> None:
    assert Sandbox().close() == 0


# --- what would be noticed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("a program that opens a file", "Send"),
        ("a program that imports", "Send"),
        ("a program that opens a file as it is built", "Ready"),
    ],
)
def test_a_program_that_did_io_would_be_killed_and_named(name: str, last: str) -> None:
    with Sandbox() as sandbox, pytest.raises(Ended) as ended:
        Host().run(sandbox.program(name))
    assert (ended.value.program, ended.value.last, ended.value.signal) == (name, last, signal.SIGSYS)
    assert str(ended.value) == f"the sandbox ended at {name!r}, after {last}: SIGSYS"


def test_a_program_that_raises_is_told_from_one_that_was_killed() -> None:
    with Sandbox() as sandbox, pytest.raises(Ended, match="exit code 1 ArithmeticError: by the caller") as ended:
        Host().run(sandbox.program("a program that raises"))
    assert ended.value.signal is None


def test_without_preloading_an_operation_opens_files() -> None:
    name = "call of verify_webhook"
    with Sandbox(preloads=False) as sandbox, pytest.raises(Ended) as ended:
        Host().run(sandbox.program(name))
    assert (ended.value.program, ended.value.signal) == (name, signal.SIGSYS)


# --- the door ------------------------------------------------------------------------------------

FORBIDDEN = {
    "network": "socket socketpair connect bind listen accept accept4 sendto recvfrom sendmsg recvmsg setsockopt",
    "files": "open openat openat2 creat memfd_create dup dup2 dup3 pipe pipe2 fcntl ioctl lseek pread64 pwrite64 readv",
    "names": "stat newfstatat statx getdents64 getcwd chdir readlink unlinkat renameat2 mkdirat mount chroot",
    "programs": "execve execveat fork vfork clone clone3 unshare setns mprotect",
    "sleep": "nanosleep clock_nanosleep select pselect6 poll ppoll epoll_wait epoll_pwait futex pause timer_create",
    "others": "kill tgkill ptrace process_vm_readv pidfd_open prctl seccomp bpf io_uring_setup getrandom getpid",
    "clock": "clock_gettime gettimeofday time",
}
"""What must not be allowed, by name. Not every architecture has all of them."""

UNFILTERED = {335, 336}
"""On x86-64: `uretprobe` and `uprobe`, which no filter sees since Linux 6.14, and which do nothing but in a probe."""


@pytest.fixture(scope="module")
def endings() -> Endings:
    """How those ended who did what is forbidden, or what is not."""
    code = f"import sys; sys.path.append({str(HERE)!r}); from kernel_misdeeds import main; main()"
    command = [sys.executable, "-I", "-B", "-c", code]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return json.decode(done.stdout, type=Endings)


@pytest.mark.parametrize(
    "name", [name for names in FORBIDDEN.values() for name in names.split() if number_of(name) >= 0]
)
def test_a_forbidden_call_kills(endings: Endings, name: str) -> None:
    assert endings.calls[number_of(name)] == KILLED


def test_whatever_has_a_number_and_is_not_allowed_kills(endings: Endings) -> None:
    assert len(endings.calls) > 500
    lived = {number for number, ending in endings.calls.items() if ending != KILLED} - UNFILTERED
    assert lived == {number_of(allowed.call) for allowed in ALLOWED if not allowed.conditions}
    assert endings.calls[X32] == KILLED


@pytest.mark.parametrize("name", MISDEEDS)
def test_what_python_could_do_kills_behind_the_door_and_only_there(endings: Endings, name: str) -> None:
    assert (endings.closed[name], endings.free[name]) == (KILLED, LIVED)


@pytest.mark.parametrize("name", GOOD_DEEDS)
def test_what_is_not_forbidden_is_done(endings: Endings, name: str) -> None:
    assert (endings.closed[name], endings.free[name]) == (LIVED, LIVED)


def test_every_call_that_is_allowed_says_why() -> None:
    assert all(allowed.why and number_of(allowed.call) >= 0 for allowed in ALLOWED)
