"""The request log: `--log` and `--log-file`."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TextIO

from ...transports.serving.request_log import LogEntry
from ..failures import ExitCode
from ..streams import Stopped, write
from .line_writer import LineWriter
from .options import LogForm


class RequestLog:
    """Writes a line for each request to `stream`."""

    def __init__(self, form: LogForm, stream: TextIO) -> None:
        self._form = form
        self._lines = LineWriter(partial(write, stream))

    def __call__(self, entry: LogEntry) -> None:
        self._lines(entry.as_json() if self._form == "json" else entry.as_text())

    def close(self) -> None:
        """Write what is still to be written."""
        self._lines.close()


@contextmanager
def request_log(form: LogForm, file: str | None, stderr: TextIO) -> Generator[RequestLog | None]:
    """The log that the options ask for while the block runs; None for none.

    Raises `Stopped` for a file that cannot be written.
    """
    if form == "auto":
        form = "text" if file is not None or stderr.isatty() else "off"
    if form == "off":
        if file is not None:
            raise Stopped(ExitCode.USAGE, f"--log-file {file!r}: --log off leaves nothing to be written")
        yield None
        return
    with ExitStack() as stack:
        log = RequestLog(form, stderr if file is None else stack.enter_context(_opened(file)))
        stack.callback(log.close)
        yield log


def _opened(file: str) -> TextIO:
    try:
        return open(file, "a", encoding="utf-8")
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"--log-file: cannot write {file}: {error.strerror or error}") from None
