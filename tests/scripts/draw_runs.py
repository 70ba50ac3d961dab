"""The command line as pictures of real runs: each is run on a terminal, and what is then on its screen is drawn.

    .venv/bin/python tests/scripts/draw_runs.py

A terminal is as wide as a telephone can show. What a run says of time is by a clock of its own (`draw_host.py`), and so
it says the same each time.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from terminals import Terminal

from draw_screen import LEAST_OF_HELP, TerminalScreen
from msgspec import json

HERE = Path(__file__).resolve().parent
SUPPORT = HERE.parent / "support"
PICTURES = HERE.parents[1] / "docs" / "pictures"

COUNT, HOLD_AT = 120, 80


class Session:
    """A person at a terminal, in a folder that is empty at first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.screen = TerminalScreen()

    def run(self, line: str, *, ends: int = 0, url: str = "http://127.0.0.1:9/", **more: str) -> None:
        """Type a command line of `puresponse`, and wait for its end."""
        with self.begun(line, url=url, **more) as terminal:
            code = terminal.end()
            self.screen.write(terminal.seen)
        if code != ends:
            raise SystemExit(f"{line}: {code}, {terminal.seen}")

    @contextmanager
    def begun(self, line: str, *, url: str = "http://127.0.0.1:9/", **more: str) -> Generator[Terminal, None, None]:
        """Type a command line of `puresponse`, and let it run."""
        from jobs import environment
        from terminals import on_terminal

        self.screen.type(line)
        key = more.pop("key", "sk-of-the-tests")
        environ = environment(url, key=key) | {"PYTHONPATH": str(SUPPORT), "LANG": "C.UTF-8"} | more
        command = [sys.executable, str(HERE / "draw_host.py"), *shlex.split(line.replace("\\\n", " "))[1:]]
        with on_terminal(command, environ, columns=self.screen.columns, folder=self.folder) as terminal:
            yield terminal


def first(session: Session) -> dict[str, str]:
    """The first command of the README."""
    session.run("puresponse --memory cancel resp_in_progress")
    return {"run-first": session.screen.drawn("The first command: a response in progress is cancelled")}


def deletion(session: Session) -> dict[str, str]:
    """Many deleted: in the middle, at the end, and what the ledger has of it."""
    (session.folder / "ids.txt").write_text("".join(f"resp_{number:04d}\n" for number in range(COUNT)))
    many = {"DRAWN_COUNT": f"{COUNT}", "DRAWN_HOLD_AT": f"{HOLD_AT}"}
    line = "puresponse --concurrency 1 delete \\\n  --from ids.txt --ledger run.db \\\n  --output done.jsonl"
    with session.begun(line, **many) as terminal:
        terminal.until("permanently")
        terminal.press(b"y\n")
        terminal.until(rf"{HOLD_AT - 1}/{COUNT}")
        middle = TerminalScreen()
        middle.type(line)
        middle.write(terminal.seen)
        (session.folder / "go").touch()
        code = terminal.end()
        session.screen.write(terminal.seen)
    if code != 9:
        raise SystemExit(f"{line}: {code}, {terminal.seen}")
    drawn = {
        "run-delete": middle.drawn(
            "A hundred and twenty responses are deleted: the question, and the line of progress"
        ),
        "run-deleted": session.screen.drawn("The same run at its end: what was done, what failed, and the ledger"),
    }
    session.screen = TerminalScreen()
    session.run("puresponse ledger show run.db")
    return drawn | {"run-ledger": session.screen.drawn("What became of every response, as the ledger has it")}


def shown(session: Session) -> dict[str, str]:
    """A response, as people read it."""
    session.run("puresponse --memory show resp_chat")
    return {"run-show": session.screen.drawn("A response as people read it: messages, a tool call and its output")}


def difference(session: Session) -> dict[str, str]:
    """Two recordings, compared."""
    for name, message, status in (("old.json", "Hello.", "queued"), ("new.json", "Hi.", "failed")):
        recordings: list[dict[str, object]] = [
            {"request": {"method": "GET", "path": "/models"}, "response": {"status": 200}},
            {
                "request": {
                    "method": "POST",
                    "path": "/responses",
                    "body": {"json": {"model": "gpt-5", "input": message}},
                },
                "response": {"status": 200, "body": {"json": {"id": "resp_1", "status": status}}},
            },
        ]
        if name == "new.json":
            recordings.append(
                {"request": {"method": "DELETE", "path": "/responses/resp_1"}, "response": {"status": 200}}
            )
        (session.folder / name).write_bytes(json.encode({"version": 1, "recordings": recordings}))
    session.run("puresponse cassette diff old.json new.json", ends=13)
    return {"run-diff": session.screen.drawn("Two cassettes, compared as traffic")}


def refused(session: Session) -> dict[str, str]:
    """A key that the server refuses: a service on loopback that wants another."""
    from jobs import Service, ids_of

    from puresponse.transports.testing.loopback import serving

    with serving(Service(ids_of(3))) as url:
        session.run("puresponse --concurrency 1 audit \\\n  resp_0000 resp_0001", ends=7, url=url, key="sk-wrong")
    return {"run-refused": session.screen.drawn("A key that is refused: the run ends at once, and says what to do")}


def helped(session: Session) -> dict[str, str]:
    """The help of a command."""
    session.screen = TerminalScreen(LEAST_OF_HELP)
    session.run("puresponse ledger settle --help")
    return {"run-help": session.screen.drawn("The help of a command: arguments, options and examples")}


SESSIONS: Sequence[Callable[[Session], dict[str, str]]] = (first, deletion, shown, difference, refused, helped)


def drawn() -> dict[str, str]:
    """Each picture, by the name of its file."""
    found: dict[str, str] = {}
    for session in SESSIONS:
        with TemporaryDirectory() as folder:
            pictures = session(Session(Path(folder)))
            found |= {f"{name}.svg": svg for name, svg in pictures.items()}
    return found


def main() -> None:
    """Write them."""
    sys.path[:0] = [str(SUPPORT)]
    for name, svg in drawn().items():
        (PICTURES / name).write_text(svg, encoding="utf-8")
        print(f"docs/pictures/{name}: {len(svg):,} bytes")


if __name__ == "__main__":
    main()
