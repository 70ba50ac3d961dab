"""Prints the files of the library that one call leads through, in order, and how often it changes from one to another.

    python tests/scripts/trace_files.py

The call is `run(retrying(cancel_response("resp_1")), Urllib3Transport(…))`, against a server on loopback that answers
with a cancelled response. It is made twice, and the second is counted: by then all is loaded that is loaded where it is
first asked for. A change is a call of a function in another file than the call before it; returning to a file is none.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import groupby
from pathlib import Path
from types import FrameType

from puresponse.core import cancel_response, retrying
from puresponse.transports import Urllib3Transport, run

RESPONSE = b'{"id":"resp_1","object":"response","created_at":1,"status":"cancelled","model":"gpt-5-mini","output":[]}'
PACKAGE = "puresponse."


class Service(BaseHTTPRequestHandler):
    """Answers each POST with the response."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Read the body, of which there is none, and answer."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(RESPONSE)))
        self.end_headers()
        self.wfile.write(RESPONSE)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Generator[str, None, None]:
    """The base URL of the service, as long as it runs."""
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1"
        finally:
            server.shutdown()
            thread.join()


def module_of(frame: FrameType) -> str | None:
    """The module of the library that a frame runs code of; None for any other."""
    name = str(frame.f_globals.get("__name__", ""))
    return name.removeprefix(PACKAGE) if name.startswith(PACKAGE) else None


class Trace:
    """The modules of the library that were entered, in call order."""

    def __init__(self) -> None:
        self.entered: list[str] = []

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        """Note where a call begins."""
        if event == "call":
            module = module_of(frame)
            if module is not None:
                self.entered.append(module)


def traced() -> list[str]:
    """The modules that the call enters, in order, without repeats in a row."""
    with served() as base_url, Urllib3Transport(api_key="sk-none", base_url=base_url) as transport:
        assert run(retrying(cancel_response("resp_1")), transport).unwrap().status == "cancelled"
        trace = Trace()
        sys.setprofile(trace)
        try:
            result = run(retrying(cancel_response("resp_1")), transport)
        finally:
            sys.setprofile(None)
    assert result.unwrap().id == "resp_1"
    return [module for module, _ in groupby(trace.entered)]


def main() -> None:
    """Print the way, and count it."""
    way = traced()
    for module in way:
        print(Path(*module.split(".")).with_suffix(".py"))
    print(f"{len(set(way))} files, {len(way) - 1} changes of file")


if __name__ == "__main__":
    main()
