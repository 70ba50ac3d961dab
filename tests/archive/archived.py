"""What the tests of archives are about: audits of recorded answers, of samples, and odd ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, get_args

from changes import Change, changes
from hypothesis import strategies as st
from msgspec import json
from recorded import PLAIN

from puresponse.codecs import ResponseAudit, decode
from puresponse.codecs.lossless.plain import is_object
from puresponse.core import audit_response, is_failure
from puresponse.transports import ArchiveFormat, MemoryTransport, open_archive, read_archive, run
from puresponse.transports.memory.service import sample_state

FORMATS: tuple[ArchiveFormat, ...] = get_args(ArchiveFormat)

RESPONSES = [body.body for _, body in PLAIN if body.schema == "Response"]
ITEMS = [item for _, body in PLAIN if body.schema == "ResponseItemList" for item in body.body["data"]]


def audit_in(payload: Any) -> ResponseAudit:
    audit: ResponseAudit = decode("ResponseAudit", json.encode(payload)).unwrap()
    return audit


@cache
def sample(response_id: str = "resp_chat") -> ResponseAudit:
    return run(audit_response(response_id), MemoryTransport()).unwrap()


@cache
def samples() -> list[ResponseAudit]:
    """All sample responses, one of them with 250 items."""
    return [sample(response_id) for response_id in sample_state().responses]


def recorded() -> list[ResponseAudit]:
    """All recorded responses; each has all items that were recorded."""
    bodies = {body["id"]: body for body in RESPONSES if is_object(body)}
    return [audit_in({"response": body, "input_items": ITEMS}) for body in bodies.values()]


def written(path: Path, audits: list[ResponseAudit], **options: Any) -> Path:
    with open_archive(path, **options) as archive:
        for audit in audits:
            archive.write(audit)
    return path


def read_back(path: Path) -> list[ResponseAudit]:
    """All that is in an archive, none of it damaged."""
    return [read.unwrap() for read in read_archive(path)]


_CHAT = json.decode(json.encode(RESPONSES[0]))
_PAYLOAD: Any = {"response": _CHAT, "input_items": ITEMS[:3]}
_CHANGES = list(changes(_PAYLOAD))


def _changed(change: Change, text: str, number: float) -> Any:
    payload = change.of(_PAYLOAD)
    if is_object(payload.get("response")):
        payload = {**payload, "response": {**payload["response"], "novel": {"text": text, "number": number}}}
    return payload


def odd_audits() -> st.SearchStrategy[ResponseAudit]:
    """Audits in which something is left out, of another kind, new, or a text or a number of any kind."""
    text = st.text(st.characters(exclude_categories=["Cs"]))
    number = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    payloads = st.builds(_changed, st.sampled_from(_CHANGES), text, number)
    read = payloads.map(lambda payload: decode("ResponseAudit", json.encode(payload)))
    return read.filter(lambda result: not is_failure(result)).map(lambda result: result.unwrap())
