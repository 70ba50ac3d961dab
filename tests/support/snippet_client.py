"""A command that tests/support/snippet_server.py runs as if in a process of its own: in its folder, with its streams.

Imported it is `ask`; executed it is `puresponse`, `pytest` or `python`, by the name under which it is executed. It
loads little, since a shell starts it for each command.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from typing import Any

MODULES = {"puresponse": "puresponse.cli", "pytest": "pytest"}
"""The commands that are modules, run as `python -m`."""


def ask(place: str, request: dict[str, Any], streams: tuple[int, int, int], *, forwarding: bool = False) -> int:
    """Have a request run with these streams, and return how it ended: 1 where it was killed."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(place)
        message = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(connection, [message], list(streams))
        connection.sendall(message[sent:])
        with connection.makefile() as answers:
            process = int(answers.readline())
            if forwarding:
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, lambda number, _: os.kill(process, number))
            return int(answers.readline() or 1)


def _asked(command: str, arguments: list[str]) -> dict[str, Any]:
    common = {"folder": os.getcwd(), "environment": dict(os.environ)}
    if command in MODULES:
        return {**common, "kind": "module", "name": MODULES[command], "arguments": arguments}
    if arguments[0] == "-m":
        return {**common, "kind": "module", "name": arguments[1], "arguments": arguments[2:]}
    with open(arguments[0], encoding="utf-8") as file:
        source = file.read()
    return {**common, "kind": "program", "name": arguments[0], "arguments": arguments[1:], "source": source}


if __name__ == "__main__":
    asked = _asked(os.path.basename(sys.argv[0]), sys.argv[1:])
    sys.exit(ask(os.environ["SNIPPET_SERVER"], asked, (0, 1, 2), forwarding=True))
