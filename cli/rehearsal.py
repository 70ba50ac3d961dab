"""`--dry-run`: what would be sent.

Law: nothing is sent, and no key is needed or shown. Of each operation the first request is shown, for those after it
follow from answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import json
from returns.result import Failure, Result

from ..core import (
    Done,
    Error,
    Fork,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    NoRecording,
    Operation,
    Send,
    Wait,
    is_failure,
    to_curl,
)
from ..core.arguments import path_segment
from ..core.credentials import hide_pairs
from ..transports import SystemClock
from .failures import ExitCode, exit_code_of, overall
from .output import OutputForm, encodable
from .service import InMemory, Remote, connect, key_variable_of
from .settings import Settings, check_settings
from .streams import Process, Stopped, write
from .tasks import Failed, Task

if TYPE_CHECKING:
    from ..transports import Body

_CURLS_KEY = '"Authorization: Bearer $OPENAI_API_KEY"'


class Rehearsal:
    """Shows requests in place of sending them. Raises `Stopped` for settings that cannot be used."""

    def __init__(self, settings: Settings, form: OutputForm, process: Process) -> None:
        invalid = check_settings(settings)
        if invalid is not None:
            raise Stopped(ExitCode.INVALID_ARGUMENT, str(invalid), InvalidArgument.__name__)
        self._settings = settings
        self._form = form
        self._process = process
        self._base_url = _base_url(settings)
        self._failures: set[ExitCode] = set()

    def of_each(self, pairs: Iterable[tuple[str, Operation[Any]]]) -> ExitCode:
        """Show what would be sent for each operation, by its name."""
        for name, operation in pairs:
            for found in _first(operation):
                if isinstance(found, HttpRequest):
                    self._show(found, name)
                else:
                    self._fail(name, found)
        return overall(self._failures)

    def of_task(self, task: Task) -> ExitCode:
        """Show what a task would send."""
        for event in task(self, self._process.clock or SystemClock(), 1):
            if isinstance(event, Failed) and not isinstance(event.error, NoRecording):
                self._fail(event.response_id, event.error)
        return overall(self._failures)

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        """Show a request, and answer that there is no answer."""
        self._show(request, None)
        return Failure(NoRecording(request=request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """The same for one whose answer is a stream."""
        self._show(request, None)
        return Failure(NoRecording(request=request))

    def _show(self, request: HttpRequest, name: str | None) -> None:
        if self._settings.curl:
            text = self._curl(request)
        elif self._settings.json:
            text = f"{json.encode(self._fields(request, name)).decode()}\n"
        else:
            text = self._lines(request)
        write(self._process.stdout, text, self._form.encoding)

    def _fail(self, name: str | None, error: Error) -> None:
        self._failures.add(exit_code_of(error))
        write(self._process.stderr, self._form.error(name, error), self._form.encoding)

    def _curl(self, request: HttpRequest) -> str:
        written = to_curl(request, self._base_url)
        if is_failure(written):
            raise Stopped(exit_code_of(written.failure()), str(written.failure()), type(written.failure()).__name__)
        text = written.unwrap()
        variable = key_variable_of(self._settings.service) if isinstance(self._settings.service, Remote) else None
        # The first: what a body holds is after it.
        if variable is None:
            text = text.replace(f" \\\n  --header {_CURLS_KEY}", "", 1)
        else:
            text = text.replace(_CURLS_KEY, f'"Authorization: Bearer ${variable}"', 1)
        return f"{text}\n"

    def _fields(self, request: HttpRequest, name: str | None) -> dict[str, Any]:
        about = {} if name is None else {"id": encodable(name)}
        return {
            **about,
            "method": request.method,
            "url": f"{self._base_url}{request.path}",
            "query": [list(pair) for pair in hide_pairs(request.query)],
            "headers": [list(pair) for pair in hide_pairs(request.headers)],
            "body": _body(request),
        }

    def _lines(self, request: HttpRequest) -> str:
        query = "&".join(f"{path_segment(name)}={path_segment(value)}" for name, value in hide_pairs(request.query))
        lines = [f"{request.method} {self._base_url}{request.path}" + (f"?{query}" if query else "")]
        lines += [f"  {name}: {value}" for name, value in hide_pairs(request.headers)]
        body = _body(request)
        if body:
            text = body if isinstance(body, str) else json.format(json.encode(body), indent=2).decode()
            lines += [f"  {line}" for line in text.splitlines()]
        return "".join(f"{line}\n" for line in lines)


def _first(operation: Operation[Any]) -> Iterator[HttpRequest | Error]:
    """The first requests of an operation: several, where it forks; the error of one that was never built."""
    match operation:
        case Send():
            yield operation.request
        case Wait():
            yield from _first(operation.resume(0.0))
        case Fork():
            for branch in operation.operations:
                yield from _first(branch)
        case Done():
            if is_failure(operation.result):
                yield operation.result.failure()


def _base_url(settings: Settings) -> str:
    """What paths are relative to: as the transport to the service has it."""
    if isinstance(settings.service, InMemory):
        return ""
    try:
        with connect(settings.service, 1) as transport:
            return str(getattr(transport, "base_url", ""))
    except (ValueError, OSError) as error:
        raise Stopped(ExitCode.INVALID_ARGUMENT, str(error), InvalidArgument.__name__) from None


def _body(request: HttpRequest) -> Any:
    """The body as JSON, where it is; else as text. None where there is none."""
    if request.body is None:
        return None
    try:
        return json.decode(request.body)
    except ValueError:
        return request.body.decode("utf-8", "backslashreplace")
