"""What is built in a fresh process, and the midst of it.

Where the midst is: msgspec looks at the annotations of a struct by a function of Python's, `get_class_annotations`,
while the structs that led there are known in part. A profile function hears of each such call.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 20
"""Seconds for what takes less than one."""

BODY = (
    b'{"id":"resp_1","object":"response","status":"completed","model":"m","created_at":1,"output":[{"type":"message",'
    b'"id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Yes.",'
    b'"annotations":[{"type":"url_citation","start_index":0,"end_index":1,"title":"T","url":"u"}]}]}],"new":1}'
)


@contextmanager
def in_the_midst(number: int, action: Callable[[], None]) -> Generator[None, None, None]:
    """Do `action` in the midst of what this thread builds: while the struct of that number is looked at."""
    met = 0

    def hear(frame: FrameType, event: str, argument: object) -> None:
        nonlocal met
        if event == "call" and frame.f_code.co_name == "get_class_annotations":
            met += 1
            if met == number:
                sys.setprofile(None)
                action()

    sys.setprofile(hear)
    try:
        yield
    finally:
        sys.setprofile(None)


def decoded() -> list[str]:
    """What the text of a response says, and what else is in it: read twice, for there is something new in it."""
    from puresponse.codecs import decode_response, output_text

    response = decode_response(BODY).unwrap()
    return [type(response).__name__, output_text(response), *(response.unknown_fields or ())]


EXPECTED = ["Response", "Yes.", "new"]
