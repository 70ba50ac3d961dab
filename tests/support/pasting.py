"""What a reader pastes, pasted: a program into an empty file, a session into an interpreter, commands into a shell."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct
from places import ROOT
from snippet_client import MODULES, ask
from snippets import Snippet, folder_of

LIMIT = 60
"""Seconds that a command may take."""

WIDTH = 100
"""Columns of the terminal on which commands run."""

_DEFAULT_NAMES = {"program": "pasted.py", "tests": "test_pasted.py", "session": "pasted.txt"}

_HIDDEN = ("OPENAI_", "AZURE_OPENAI_", "PURESPONSE_", "COV", "COLUMNS", "PYTEST_", "CI")
_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "puresponse_pytest"}
"""The plugin alone: the others that are installed here take a second to load."""


class Ran(Struct):
    """How something ended, and what it wrote."""

    code: int
    output: str


class Desk:
    """Where snippets are pasted: a server that runs them, and the commands that ask it."""

    def __init__(self, place: Path, commands: Path) -> None:
        self._place = place
        self._commands = commands

    def environment(self, **variables: str) -> dict[str, str]:
        """That of a reader who has set nothing: no key, no service."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_HIDDEN)}
        kept["PATH"] = f"{self._commands}:{os.environ['PATH']}"
        return {**kept, **_PLUGINS, "TERM": "xterm", "NO_COLOR": "1", "SNIPPET_SERVER": str(self._place), **variables}

    def run(self, snippet: Snippet, kind: str, folder: Path, **variables: str) -> Ran:
        """Paste a program (`program`), tests (`tests`) or a session (`session`) into an empty folder, and run it."""
        for name, source in folder_of(snippet, _DEFAULT_NAMES[kind]).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(source, encoding="utf-8")
        copy_named_files(snippet.content, folder)
        request: dict[str, object] = {"folder": str(folder), "environment": self.environment(**variables)}
        if kind == "tests":
            request |= {
                "kind": "module",
                "name": "pytest",
                "arguments": ["-q", "-p", "no:cacheprovider", "--strict-markers"],
            }
        else:
            name = str(snippet.page) if kind == "session" else snippet.title or "pasted.py"
            line = snippet.line if kind == "session" else 1
            request |= {"kind": kind, "name": name, "source": snippet.content, "line": line}
        with tempfile.TemporaryFile() as written, open(os.devnull) as nothing:
            streams = (nothing.fileno(), written.fileno(), written.fileno())
            code = ask(str(self._place), request, streams)
            written.seek(0)
            return Ran(code, written.read().decode(errors="replace"))

    def shell(self, command: str, folder: Path, **variables: str) -> Ran:
        """Run a command of a shell, on a terminal, to its end."""
        with self._started(command, folder, variables) as (process, written):
            seen = "".join(written)
            return Ran(process.wait(LIMIT), _shown(seen))

    @contextmanager
    def service(self, command: str, until: str, folder: Path, **variables: str) -> Generator[str]:
        """Run a command that serves until it is ended; what it has written when it has written all of `until`."""
        with self._started(f"exec {command}", folder, variables) as (process, written):
            seen, deadline = "", time.monotonic() + LIMIT
            while until not in (shown := _shown(seen)) and time.monotonic() < deadline:
                chunk = next(written, None)
                if chunk is None:
                    break
                seen += chunk
            yield shown
            process.send_signal(signal.SIGINT)
            with suppress(StopIteration):
                while True:
                    next(written)
            process.wait(LIMIT)

    @contextmanager
    def _started(
        self, command: str, folder: Path, variables: dict[str, str]
    ) -> Generator[tuple[subprocess.Popen[bytes], Iterator[str]]]:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, WIDTH))
        environment = self.environment(**variables)
        with subprocess.Popen(
            ["sh", "-ec", command], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
        ) as process:
            os.close(theirs)
            try:
                yield process, _chunks(ours)
            finally:
                process.kill()
                os.close(ours)


@contextmanager
def desk() -> Generator[Desk]:
    """Start the server of snippets, and end it."""
    with tempfile.TemporaryDirectory() as name:
        place, commands = Path(name, "server"), Path(name, "bin")
        commands.mkdir()
        client = commands / "client"
        source = (ROOT / "tests" / "support" / "snippet_client.py").read_text(encoding="utf-8")
        client.write_text(f"#!{sys.executable} -IS\n{source}", encoding="utf-8")
        client.chmod(0o755)
        for command in (*MODULES, "python"):
            (commands / command).symlink_to(client)
        serving = [sys.executable, str(ROOT / "tests" / "support" / "snippet_server.py"), str(place)]
        with subprocess.Popen(serving, stdout=subprocess.PIPE, cwd=name) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            try:
                yield Desk(place, commands)
            finally:
                server.kill()


def examples_of(content: str) -> list[tuple[str, str]]:
    """The commands of a block of a console, each with what is shown of its output."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n", part)
        assert command is not None
        found.append((command[0].rstrip("\n"), part[command.end() :]))
    return found


def pattern_of(shown: str) -> str:
    """What a page shows, in which `…` is whatever differs, and a line of it any lines."""
    lines = [".*" if line in {"…", "^C"} else re.escape(line).replace("…", "[^\n]*") for line in shown.splitlines()]
    return re.sub(r"(\.\*\n)+", "(?:.*\n)?", "".join(f"{line}\n" for line in lines))


def copy_named_files(command: str, folder: Path) -> None:
    """Copy the files of the repository that a command names by their paths in it."""
    for name in re.findall(r"docs/(?:examples|recordings)/[\w.-]+", command):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def _chunks(terminal: int) -> Iterator[str]:
    """What is written to a terminal, until nobody is left to write: which Linux tells as an error."""
    try:
        while chunk := os.read(terminal, 65536):
            yield chunk.decode(errors="replace")
    except OSError:
        return


def _shown(written: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.replace("\r\n", "\n"))
