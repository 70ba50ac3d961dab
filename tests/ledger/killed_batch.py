"""Batches that are killed with -9 at the n-th of all that happens, and carried out again: a program of its own.

`python killed_batch.py FOLDER MODE POINTS`: MODE is `one`, `threads` or `tasks`; POINTS says how many points are
tried, `all` or a number. Whatever is wrong is an `AssertionError`; else it prints how many points there were, and how
many batches were killed.

What happens is counted in the child: each statement that SQLite begins, and each request, when it arrives at the
service and when it is answered. The service is a function that writes each request that it acts upon into a file of
its own: its record outlives the child, and is what the ledger is compared with.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct, json
from returns.result import Success

from puresponse import (
    HttpRequest,
    HttpResponse,
    Ledger,
    Operation,
    Response,
    Verified,
    VirtualClock,
    create_response,
    delete_response,
    erase_response,
    gather,
    json_response,
    retrieve_response,
    retrying,
)

CONCURRENCY = 4


class DeleteMade(Struct, frozen=True):
    """Deletes what was created: the second half of a program."""

    def __call__(self, response: Response) -> Operation[Any]:
        return retrying(delete_response(response.id))


NAMES = {"DeleteMade": DeleteMade}


def programs() -> Iterator[tuple[str, Operation[Any]]]:
    for turn in range(2):
        yield f"delete-{turn}", retrying(delete_response(f"resp_{turn}"))
        yield f"flaky-delete-{turn}", retrying(delete_response(f"resp_flaky_{turn}"))
        yield f"create-{turn}", made(f"create-{turn}")
        yield f"flaky-create-{turn}", retrying(made(f"flaky-create-{turn}"))
        yield f"both-{turn}", made(f"both-{turn}").bind(DeleteMade())
        yield f"erase-{turn}", erase_response(f"resp_erase_{turn}")
        yield f"read-{turn}", retrieve_response(f"resp_read_{turn}")
        yield f"lambda-{turn}", delete_response(f"resp_lambda_{turn}").map(lambda deleted: deleted.id)
    yield "gathered", gather(delete_response("resp_left"), made("gathered"), delete_response("resp_right"))
    yield "nowhere", delete_response("resp_nowhere")


def made(key: str) -> Operation[Response]:
    return create_response(model="m", input="x", metadata={"key": key})


class Service:
    """The service: what it acted upon is a line of its record, written before it answers."""

    def __init__(self, record: Path, happens: Callable[[], object]) -> None:
        self._file = os.open(record, os.O_CREAT | os.O_APPEND | os.O_RDWR)
        self._record = record
        self._happens = happens

    def __call__(self, request: HttpRequest) -> Success[HttpResponse]:
        self._happens()
        answer = self._answer(request)
        self._happens()
        return Success(answer)

    def close(self) -> None:
        os.close(self._file)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        acted = lines(self._record)
        if request.method == "POST":
            key = json.decode(request.body or b"{}")["metadata"]["key"]
            if "flaky" in key and f"busy {key}" not in acted:
                return self._refused(f"busy {key}", 429)
            self._write(f"POST {key}")
            return json_response(response(f"resp_made_{key}"), headers=(("x-request-id", f"req_{key}"),))
        identity = request.path.removeprefix("/responses/")
        is_there = identity != "resp_nowhere" and f"DELETE {identity}" not in acted
        if request.method == "GET":
            return json_response(response(identity)) if is_there else GONE
        if "flaky" in identity and f"busy {identity}" not in acted:
            return self._refused(f"busy {identity}", 503)
        if not is_there:
            return GONE
        self._write(f"DELETE {identity}")
        return json_response({"id": identity, "object": "response", "deleted": True})

    def _refused(self, line: str, status: int) -> HttpResponse:
        self._write(line)
        return json_response({"error": {"message": "busy", "type": "server_error"}}, status=status)

    def _write(self, line: str) -> None:
        os.write(self._file, f"{line}\n".encode())


GONE = json_response({"error": {"message": "No response with that id.", "type": "invalid_request_error"}}, status=404)


def response(identity: str) -> dict[str, Any]:
    return {"id": identity, "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": []}


def lines(record: Path) -> list[str]:
    return record.read_text().splitlines()


def carry_out(folder: Path, mode: str, happens: Callable[[], object]) -> None:
    """Plan all, and carry out what is to be carried out."""
    service = Service(folder / "record", happens)
    with Ledger(folder / "batch.ledger", names=NAMES, clock=VirtualClock()) as ledger:
        ledger._journal.database.set_trace_callback(lambda statement: happens())
        ledger.plan(programs())
        if mode == "tasks":
            asyncio.run(in_loop(ledger, service))
        else:
            for _ in ledger.run(service, CONCURRENCY if mode == "threads" else 1):
                pass
    service.close()


async def in_loop(ledger: Ledger, service: Service) -> None:
    async def asked(request: HttpRequest) -> Success[HttpResponse]:
        await asyncio.sleep(0)
        return service(request)

    async for _ in ledger.run_async(asked, CONCURRENCY):
        pass


def killed(folder: Path, mode: str, point: int) -> bool:
    """Carry it all out in a child that is killed when so much has happened; whether it was."""
    folder.mkdir()
    child = os.fork()
    if not child:
        happened = count()

        def happens() -> None:
            if next(happened) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            carry_out(folder, mode, happens)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child has raised"
    return os.WIFSIGNALED(status)


def state(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """What the file says by itself, read with nothing but SQLite."""
    if not (folder / "batch.ledger").exists():
        return {}
    database = sqlite3.connect(folder / "batch.ledger")
    try:
        rows = database.execute("SELECT key, fate, known FROM fates").fetchall()
    except sqlite3.OperationalError:  # killed before it was made
        return {}
    finally:
        database.close()
    return {key: (fate, json.decode(known)) for key, fate, known in rows}


def check(folder: Path, mode: str) -> None:
    """Carry it all out again, and compare with what the service has seen."""
    before = state(folder)
    seen_before = Counter(lines(folder / "record")) if (folder / "record").exists() else Counter[str]()
    carry_out(folder, mode, lambda: None)
    after = {key: fate for key, (fate, _) in state(folder).items()}
    seen = Counter(lines(folder / "record"))
    assert max(seen.values()) == 1, f"done twice: {seen}"
    assert after.keys() == dict(programs()).keys(), "a key is lost"
    open_ = {
        key
        for key, (fate, known) in before.items()
        if fate == "in flight" and ("unsaved" in known or ("request" in known and not known["idempotent"]))
    }
    lambdas = {key for key, (fate, _) in before.items() if fate == "in flight" and key.startswith("lambda")}
    assert {key for key, fate in after.items() if fate == "unknown"} == open_ | lambdas, (before, after)
    assert len(open_ | lambdas) <= (1 if mode == "one" else CONCURRENCY)
    for key, fate in after.items():
        match key.rpartition("-")[0] or key:
            case "create" | "flaky-create":
                assert fate in ("done", "unknown")
                assert seen[f"POST {key}"] == 1 or fate == "unknown", key
            case "both":
                assert (seen[f"POST {key}"], seen[f"DELETE resp_made_{key}"]) == (1, 1) or fate == "unknown", key
            case "delete" | "flaky-delete" | "erase":
                assert (
                    seen[f"DELETE resp_{key.replace('delete-', '').replace('erase-', 'erase_').replace('-', '_')}"] == 1
                )
                # What was deleted by a request whose answer nobody has is not there any more when it is sent again.
                interrupted = before.get(key, ("", {}))[0] == "in flight"
                assert fate == "done" or (fate == "absent" and interrupted), (key, fate)
            case "gathered":
                assert fate in ("done", "absent", "unknown")
            case "read":
                assert fate == "done"
            case "nowhere":
                assert fate == "absent"
    for line in seen_before:
        assert seen[line] == seen_before[line], f"{line} was done again"
    with closing(sqlite3.connect(folder / "batch.ledger")) as database:
        ((events,),) = database.execute("SELECT count(*) FROM events")
    with Ledger(folder / "batch.ledger", read_only=True) as ledger:
        assert ledger.verify(ledger.head) == Verified(events=events, head=ledger.head, covered=events)


def main() -> None:
    folder, mode, points = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    total = count()
    (folder / "whole").mkdir()
    carry_out(folder / "whole", mode, lambda: next(total))
    happens = next(total)
    step = 1 if points == "all" else happens / int(points)
    tried = sorted({int(turn * step) for turn in range(int(happens / step))})
    kills = 0
    for point in tried:
        kills += killed(folder / str(point), mode, point)
        check(folder / str(point), mode)
    print(happens, kills)


if __name__ == "__main__":
    main()
