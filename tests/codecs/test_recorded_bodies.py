"""Every body of the recorded exchanges: typed throughout, and exported as it came."""

from __future__ import annotations

import pytest
from msgspec import json
from recorded import PLAIN, STREAMS, Body, kept, read

from puresponse.codecs import StreamDecoder, encode


def _name(record: str, body: Body) -> str:
    return f"{record}-{body.schema}"


BODIES = [pytest.param(body, id=_name(record, body)) for record, body in PLAIN]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_is_typed_throughout(body: Body) -> None:
    assert list(kept(read(body))) == []


@pytest.mark.parametrize("body", BODIES)
def test_a_body_is_exported_as_it_came(body: Body) -> None:
    assert json.decode(encode(read(body))) == body.body


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS.keys())
def test_a_stream_is_typed_throughout_and_each_event_exported_as_it_came(stream: str) -> None:
    decoder, events = StreamDecoder().feed(stream.encode())
    assert decoder.error is None
    sent = [json.decode(line.removeprefix("data: ")) for line in stream.splitlines() if line.startswith("data: ")]
    assert len(events) == len(sent) > 0
    assert [place for event in events for place in kept(event)] == []
    assert [json.decode(encode(event)) for event in events] == sent
