"""The log of the command line: where it is asked for, on standard error, with nothing secret in it."""

from __future__ import annotations

import io
import logging

import pytest
from command_lines import Stream, run
from msgspec import json

from puresponse.cli.options import Options
from puresponse.cli.process import run_program
from puresponse.cli.settings import Settings, settings_of
from puresponse.cli.streams import Process
from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports.testing.loopback import serving
from puresponse.transports.testing.stub import StubTransport, json_response

SECRET = "sk-PLANTED-0123456789"
LINE = "DELETE /responses/resp_chat: 200, 61 bytes in 0.000 s, request id req_000001"


def test_verbose_logs_each_request_in_either_form() -> None:
    ran = run("delete", "resp_chat", "--memory", "--verbose", "--json")
    assert (ran.code, ran.problems) == (0, [{"log": LINE, "level": "INFO"}])
    ran = run("--verbose", "delete", "resp_chat", "--memory", "--table")
    assert (ran.code, ran.err.decode()) == (0, f"puresponse: {LINE}\n")


def test_without_it_nothing_is_logged() -> None:
    assert run("delete", "resp_chat", "--memory", environ={"OPENAI_LOG": "warn"}).err == b""


def test_retries_are_logged() -> None:
    stub = StubTransport.answering(
        HttpResponse(status=503, body=b"busy"), json_response({"id": "resp_1", "object": "response", "deleted": True})
    )
    ran = run("delete", "resp_1", "--verbose", transport=stub, environ={"OPENAI_API_KEY": "k"})
    assert [(line["level"], line["log"].split(" in ")[0]) for line in ran.problems] == [
        ("WARNING", "DELETE /responses/resp_1: 503, 4 bytes"),
        ("INFO", "DELETE /responses/resp_1: 200, 50 bytes"),
    ]


@pytest.mark.parametrize(
    ("verbose", "variable", "level"),
    [
        (False, "", None),
        (True, "", "info"),
        (False, "info", "info"),
        (False, "debug", "debug"),
        (True, "debug", "debug"),
        (True, "nonsense", "info"),
    ],
)
def test_the_variable_and_the_option_mean_together(verbose: bool, variable: str, level: str | None) -> None:
    settings = settings_of(Options(verbose=verbose, memory=True), {"OPENAI_LOG": variable}, terminal=False)
    assert isinstance(settings, Settings)
    assert settings.log == level


def test_debug_shows_headers_and_nothing_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("NO_PROXY", "*")

    def parrot(request: HttpRequest) -> HttpResponse:
        said = (("X-Auth-Token", SECRET), ("Set-Cookie", SECRET), ("X-Said", repr(request.headers)))
        return HttpResponse(status=401, headers=said, body=repr(request).encode())

    with serving(parrot) as base_url:
        environ = {"OPENAI_API_KEY": SECRET, "OPENAI_LOG": "debug"}
        ran = run("delete", "resp_1", "--base-url", base_url, environ=environ)
    assert b"Set-Cookie: [redacted]" in ran.err or b"set-cookie: [redacted]" in ran.err
    assert b"PLANTED" not in ran.err
    assert [line["level"] for line in ran.problems if "log" in line] == ["DEBUG", "DEBUG", "INFO"]


class Broken(Stream):
    """A stream whose reader is gone, until the test is over: a finalizer flushes too, and Python 3.13 tells of it."""

    is_gone = True

    def flush(self) -> None:
        if self.is_gone:
            raise BrokenPipeError


def test_a_log_that_cannot_be_written_stops_nothing() -> None:
    out = io.BytesIO()
    stdout, stderr = Stream(out, encoding="utf-8"), Broken(io.BytesIO(), encoding="utf-8")
    process = Process(stdin=None, stdout=stdout, stderr=stderr, environ={})
    assert run_program(["delete", "resp_chat", "--memory", "--verbose"], process) == 0
    assert json.decode(out.getvalue())["outcome"] == "deleted"
    stderr.is_gone = False


def test_it_is_not_the_log_of_the_process(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run("delete", "resp_chat", "--memory", "--verbose")
    assert caplog.records == []
