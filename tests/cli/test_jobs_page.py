"""What docs/guides/jobs.md shows is what happens: its commands, in order, with a service behind a real socket."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from command_lines import Stream
from jobs import KEY, Service, written

from puresponse.cli.process import run_program
from puresponse.cli.streams import Process
from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports import FaultPlan
from puresponse.transports.memory.faults import RateLimited, Rule, ServerError
from puresponse.transports.testing.loopback import serving

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "jobs.md").read_text()
EXAMPLES: list[tuple[str, str]] = re.findall(r"^```console\n\$ (.*?)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)

IDS = [f"resp_{number:04d}" for number in range(2000)]
UNLUCKY = [f"resp_{number}" for number in range(2000, 2030)]
REFUSED = [f"resp_{number}" for number in range(3000, 3050)]
AUDITED = [f"resp_{number}" for number in range(4000, 4020)]

_INTERRUPTED_AT = 700


class Interrupting(Service):
    """Sends a Ctrl-C to this process in the middle of the first job."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(self.asked) == _INTERRUPTED_AT:
            os.kill(os.getpid(), signal.SIGINT)
        return super().__call__(request)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A folder with the files that the page names, and the service that has what they name."""
    monkeypatch.chdir(tmp_path)
    for name, ids in (("ids", IDS), ("unlucky", UNLUCKY), ("refused", REFUSED), ("audited", AUDITED)):
        written(tmp_path / f"{name}.txt", ids)
    faults = FaultPlan(
        (
            Rule(RateLimited(retry_after=0.001), path="*/resp_0*", chance=0.01),
            Rule(ServerError(500), path="*/resp_2007", times=3),
        ),
        seed=17,
    )
    with serving(Interrupting([*IDS, *UNLUCKY, *REFUSED, *AUDITED], faults)) as base:
        yield base


def shown_by(words: str, environ: dict[str, str]) -> str:
    """What a command line shows on a terminal that draws nothing anew."""
    received = io.BytesIO()
    stream = Stream(received, encoding="utf-8", write_through=True)
    stream.terminal = True
    run_program(shlex.split(words), Process(stdin=None, stdout=stream, stderr=stream, environ=environ))
    return re.sub(r"\x1b\[[0-9;]*m", "", received.getvalue().decode())


def pattern_of(shown: str) -> str:
    """What the page shows, in which `…` is whatever differs, and a line of it any lines."""
    lines = [".*" if line in {"…", "^C"} else re.escape(line).replace("…", "[^\n]*") for line in shown.splitlines()]
    return re.sub(r"(\.\*\n)+", "(?:.*\n)?", "".join(f"{line}\n" for line in lines))


def test_the_jobs_are_done_as_the_page_shows_them(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(EXAMPLES) == 11
    environ = {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": KEY, "NO_PROXY": "*", "TERM": "dumb", "COLUMNS": "100"}
    for command, shown in EXAMPLES:
        before, words = command.split("puresponse", 1)
        variables = dict(one.split("=") for one in before.split())
        for name, value in (environ | variables).items():
            monkeypatch.setenv(name, value)
        seen = shown_by(words, environ | variables)
        assert re.fullmatch(pattern_of(shown), seen, re.DOTALL), f"{command}\n{seen[-3000:]}"
