"""The core and the codecs alone: what they load, and programs stepped by hand against answers given as JSON."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any


async def main(recorded: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """What importing the core loads, and what the programs show. `recorded`: by program, requests with answers."""
    before = set(sys.modules)
    import puresponse.codecs
    import puresponse.core

    for module in (puresponse.core, puresponse.codecs):  # which load their modules when they are asked for them
        for name in dir(module):
            getattr(module, name)
    loaded = sorted(set(sys.modules) - before)

    import pyodide_programs

    from puresponse.core import Answer, HttpRequest, decode_answer, encode_request

    def replaying(exchanges: list[tuple[str, str]]) -> Any:
        left = iter(exchanges)

        def send(request: HttpRequest) -> Answer:
            asked, answer = next(left)
            assert encode_request(request).unwrap().decode() == asked
            return decode_answer(answer.encode())

        return send

    shown = {
        name: pyodide_programs.stepped(program(), replaying(recorded[name]), lambda seconds: None)
        for name, program in pyodide_programs.PROGRAMS.items()
    }
    return {
        "python": sys.version_info[:2],
        "platform": sys.platform,
        "has transports": find_spec("puresponse.transports") is not None,
        "loaded": loaded,
        "shown": shown,
    }
