"""What workers of other processes import by name, executors that run here, and functions of programs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from msgspec import Struct, json
from returns.result import Result, Success

from puresponse.codecs import DeletedResponse, Response, ResponseAudit, encode
from puresponse.core import (
    Answer,
    Error,
    HttpRequest,
    HttpResponse,
    Operation,
    create_response,
    delete_response,
    retrieve_response,
)
from puresponse.transports import MemoryTransport, Transport, Urllib3Transport, WorkerLost
from puresponse.transports.machines.marks import FileMarks

KEY = "sk-proj-0123456789abcdef-machines"


def current_key() -> str:
    """The key of a worker, which travels nowhere."""
    return KEY


def marked_transport() -> Urllib3Transport:
    """A transport to the service of a test, which says in each request what process it is of."""
    return Urllib3Transport(
        api_key=KEY, base_url=os.environ["MACHINES_URL"], proxy="", default_headers={"X-Worker": str(os.getpid())}
    )


class Service:
    """The service of a test in this process, and what it was asked; `transport` leads to that of the running test."""

    def __init__(self) -> None:
        self.asked: list[HttpRequest] = []
        self.made = 0
        self.answer: Callable[[HttpRequest], Answer] = MemoryTransport()

    def __call__(self, request: HttpRequest) -> Answer:
        self.asked.append(request)
        return self.answer(request)


SERVICES: list[Service] = []


def here() -> Transport:
    """What an executor that runs in this process has for a transport: it leads to the service of the running test."""
    SERVICES[-1].made += 1
    return running


def also_here() -> Transport:
    """Another name for it."""
    return here()


def running(request: HttpRequest) -> Answer:
    return SERVICES[-1](request)


# --- functions of programs ---------------------------------------------------------------------------


class NotPickled(Exception):
    """An exception that holds what no other process can have."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one}, {other}")
        self.lock = threading.Lock()


def length(value: Any) -> int:
    return len(str(value.id))


def broken(value: Any) -> Any:
    raise ZeroDivisionError("a bug of the program")


def broken_badly(value: Any) -> Any:
    raise NotPickled(1, 2)


def lock_of(value: Any) -> Any:
    return threading.Lock()


class Answering(Struct, frozen=True):
    """Creates a response that answers another."""

    text: str

    def __call__(self, before: Any) -> Operation[Response]:
        return create_response(model="gpt-5", input=self.text)


class ReadAgain(Struct, frozen=True):
    """Retrieves what was created."""

    def __call__(self, created: Response) -> Operation[Response]:
        return retrieve_response(created.id)


class DeleteIt(Struct, frozen=True):
    """Deletes what was retrieved, or audited."""

    def __call__(self, found: Any) -> Operation[DeletedResponse]:
        return delete_response(getattr(found, "response", found).id)


class WithLambda(Struct, frozen=True):
    """Goes on with what cannot be saved."""

    def __call__(self, before: Any) -> Operation[Any]:
        return create_response(model="gpt-5", input="lambda").map(lambda response: response)


NAMES = {
    "length": length,
    "broken": broken,
    "broken_badly": broken_badly,
    "lock_of": lock_of,
    "Answering": Answering,
    "ReadAgain": ReadAgain,
    "DeleteIt": DeleteIt,
    "WithLambda": WithLambda,
}


# --- executors ---------------------------------------------------------------------------------------


class Inline:
    """An executor that calls at once, in the caller's thread; `sent` and `returned` are the bytes that travelled."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.returned: list[bytes] = []

    def submit(self, function: Callable[[bytes], bytes], data: bytes, /) -> Future[bytes]:
        self.sent.append(data)
        future: Future[bytes] = Future()
        try:
            self.returned.append(function(data))
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(self.returned[-1])
        return future


class Losing(Inline):
    """One whose worker is lost with the parcel number `lost`: before it begins, or when all was carried out."""

    def __init__(self, lost: int, *, is_late: bool, error: type[Exception] = WorkerLost) -> None:
        super().__init__()
        self._lost = lost
        self._is_late = is_late
        self._error = error

    def submit(self, function: Callable[[bytes], bytes], data: bytes, /) -> Future[bytes]:
        if len(self.sent) != self._lost:
            return super().submit(function, data)
        if self._is_late:
            super().submit(function, data)
        else:
            self.sent.append(data)
        future: Future[bytes] = Future()
        future.set_exception(self._error("killed"))
        return future


class Marking(Losing):
    """The same, whose workers leave marks."""

    def marks(self) -> FileMarks:
        return FileMarks()


def failed(result: Result[Any, Error]) -> Any:
    """The error of a result, which is of whatever kind the test says."""
    return result.failure()


def answered(status: int, *headers: tuple[str, str], body: bytes = b"") -> Answer:
    return Success(HttpResponse(status=status, headers=headers, body=body))


# --- audits that are work ----------------------------------------------------------------------------


class Exporting(Struct, frozen=True):
    """Writes an audit as a line of this process's own file in a folder; returns how long it is."""

    folder: str

    def __call__(self, audit: ResponseAudit) -> int:
        with Path(self.folder, f"{os.getpid()}.jsonl").open("ab") as lines:
            return lines.write(encode(audit) + b"\n")


EXPORTING = {"Exporting": Exporting}

_PAGES = 10
_TEXT = "Er sagte: „Die Prüfung ist vollständig“, and went on. " * 12


def _message(number: int, role: str, kind: str) -> dict[str, Any]:
    part = {"type": kind, "text": f"{number}: {_TEXT}"}
    return {
        "id": f"msg_{number:06}",
        "type": "message",
        "role": role,
        "status": "completed",
        "content": [part | ({"annotations": [], "logprobs": []} if role == "assistant" else {})],
    }


def _page(number: int) -> bytes:
    items: list[dict[str, Any]] = [_message(number * 100 + one, "user", "input_text") for one in range(100)]
    page: dict[str, Any] = {"object": "list", "data": items, "first_id": items[0]["id"], "last_id": items[-1]["id"]}
    return json.encode(page | {"has_more": number + 1 < _PAGES})


def big_audits() -> Transport:
    """A transport that answers at once, with responses that have a thousand input items and a long output."""
    response: dict[str, Any] = {
        "id": "resp_big",
        "object": "response",
        "created_at": 1_750_000_000,
        "status": "completed",
        "model": "gpt-5",
        "output": [_message(number, "assistant", "output_text") for number in range(200)],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "metadata": {},
    }
    pages = {None: _page(0)} | {f"msg_{number * 100 + 99:06}": _page(number + 1) for number in range(_PAGES - 1)}
    whole = json.encode(response)

    def answer(request: HttpRequest) -> Answer:
        body = pages[dict(request.query).get("after")] if request.path.endswith("/input_items") else whole
        return Success(HttpResponse(status=200, headers=(("content-type", "application/json"),), body=body))

    return answer
