"""The official client for JavaScript, recorded by `puresponse record` and replayed by `puresponse serve --replay`.

All that it does before the service it does again before the file, and notices no difference.
"""

from __future__ import annotations

import io
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from node_clients import run_at, script
from test_node_openai import EXPECTED

from puresponse import MemoryTransport
from puresponse.cli.commands.serve import Served, start_server
from puresponse.cli.options import Options
from puresponse.cli.service import ServiceChoice
from puresponse.cli.serving.recorded import Recorded
from puresponse.cli.serving.recording import begun, save
from puresponse.cli.streams import Process
from puresponse.transports import Transport
from puresponse.transports.serving.server import running

SAID = {name: {"value": value} for name, value in EXPECTED.items()}


def test_what_node_was_answered_it_is_answered_again(tmp_path: Path) -> None:
    file = str(tmp_path / "node.json")
    memory = MemoryTransport.empty(script=script)

    def connect(service: ServiceChoice, concurrency: int) -> AbstractContextManager[Transport]:
        return nullcontext(memory)

    out, err = (io.TextIOWrapper(io.BytesIO()) for _ in range(2))
    process = Process(None, out, err, {"TOKEN": "sk-test"}, connect)
    recorded = Recorded(file, port=0, token_variable="TOKEN")
    with begun(recorded, Options(memory=True), process) as started:
        with running(started.server):
            assert run_at(started.url, "openai") == SAID
        save(file, started.cassette, err)
    with running(start_server(Served(port=0, replay=(file,)), {})) as server:
        assert run_at(f"{server.origin}/v1", "openai") == SAID
