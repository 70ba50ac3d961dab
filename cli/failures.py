"""What the process ends with: a code for each kind of failure.

Law: the code depends on what went wrong, not on the order in which it did. Failures of one kind have the code of that
kind, failures of different kinds have `SEVERAL`.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core import Error


class ExitCode(IntEnum):
    """The codes, with what each means in `meaning`."""

    OK = 0
    SEVERAL = 1
    USAGE = 2
    INVALID_ARGUMENT = 3
    NOT_SENT = 4
    INTERRUPTED = 5
    NOT_FOUND = 6
    REFUSED_KEY = 7
    RATE_LIMITED = 8
    API_ERROR = 9
    NOT_UNDERSTOOD = 10
    WAIT_EXPIRED = 11
    NO_RECORDING = 12
    CASSETTE = 13
    NO_KEY = 14
    NOT_CONFIRMED = 15
    LEDGER = 16
    LOCAL_IO = 74
    CTRL_C = 130
    BROKEN_PIPE = 141
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """What the code says, as `--help` and the manual have it."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "all well",
    ExitCode.SEVERAL: "failures of more than one kind",
    ExitCode.USAGE: "the command line makes no sense, or the extra is not installed; nothing was sent",
    ExitCode.INVALID_ARGUMENT: "invalid argument; nothing was sent",
    ExitCode.NOT_SENT: "not sent: the server was not reached",
    ExitCode.INTERRUPTED: "interrupted: the server may have acted",
    ExitCode.NOT_FOUND: "not found (404)",
    ExitCode.REFUSED_KEY: "key or permission refused (401, 403)",
    ExitCode.RATE_LIMITED: "rate limit or quota (429)",
    ExitCode.API_ERROR: "any other error of the API",
    ExitCode.NOT_UNDERSTOOD: "an answer, or a file of an export, that was not understood",
    ExitCode.WAIT_EXPIRED: "a wait expired",
    ExitCode.NO_RECORDING: "no recording of the request",
    ExitCode.CASSETTE: "a cassette is damaged, holds a secret, was left unfinished, or differs",
    ExitCode.NO_KEY: "no key, and no --memory; nothing was sent",
    ExitCode.NOT_CONFIRMED: "not confirmed by a person or --yes; nothing was sent",
    ExitCode.LEDGER: "a ledger cannot be used, is damaged, or is of another command",
    ExitCode.LOCAL_IO: "standard input or output failed (a full disk, say)",
    ExitCode.CTRL_C: "stopped by Ctrl-C",
    ExitCode.BROKEN_PIPE: "the reader of the output went away",
    ExitCode.TERMINATED: "stopped by SIGTERM",
}


def overall(kinds: Collection[ExitCode]) -> ExitCode:
    """The code for a run in which the failures were of these kinds."""
    different = set(kinds)
    if not different:
        return ExitCode.OK
    return different.pop() if len(different) == 1 else ExitCode.SEVERAL


def exit_code_of(error: Error) -> ExitCode:
    """The code for one error."""
    # The codes are part of `--help`, which does without the core.
    from ..core import ApiError, DecodeError, Interrupted, InvalidArgument, NoRecording, NotSent, WaitExpired

    match error:
        case InvalidArgument():
            return ExitCode.INVALID_ARGUMENT
        case NotSent():
            return ExitCode.NOT_SENT
        case Interrupted():
            return ExitCode.INTERRUPTED
        case ApiError(status=404, no_such_route=False):
            return ExitCode.NOT_FOUND
        case ApiError(status=401 | 403):
            return ExitCode.REFUSED_KEY
        case ApiError(status=429):
            return ExitCode.RATE_LIMITED
        case ApiError():
            return ExitCode.API_ERROR
        case DecodeError():
            return ExitCode.NOT_UNDERSTOOD
        case WaitExpired():
            return ExitCode.WAIT_EXPIRED
        case NoRecording():
            return ExitCode.NO_RECORDING
