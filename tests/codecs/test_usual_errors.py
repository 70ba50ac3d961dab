"""What an error says of itself in the usual envelope is read at once, and is what is read of it in any other way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from puresponse.codecs import ErrorBody, decode_error_body
from puresponse.codecs.types import error_body

TEXTS = st.none() | st.sampled_from(["", "error", "invalid_request_error", "gone", "x" * 4_001]) | st.text(max_size=5)
ODD = st.integers() | st.booleans() | st.lists(TEXTS, max_size=2) | st.dictionaries(st.just("message"), TEXTS)
NAMES = st.sampled_from(["message", "type", "param", "code", "message", "detail", "error"])
ENVELOPES = st.dictionaries(NAMES, TEXTS | ODD, max_size=5).map(lambda error: {"error": error})


@given(ENVELOPES | st.dictionaries(st.sampled_from(["error", "status"]), TEXTS | ODD))
def test_the_usual_envelope_is_read_as_any_other_is(body: dict[str, Any]) -> None:
    plain = json.decode(json.encode(body))
    usual: Any = vars(error_body)["_usual"](plain)
    if usual is not None:
        assert usual == vars(error_body)["_unusual"](plain)


@pytest.mark.parametrize(
    "error",
    [
        {"message": "Rate limit reached", "type": "requests", "param": None, "code": "rate_limit_exceeded"},
        {"message": "m"},
        {"message": "m", "type": "error", "code": ""},
    ],
)
def test_an_error_of_the_service_is_a_usual_one(error: dict[str, Any]) -> None:
    body = {"error": error}
    assert (
        vars(error_body)["_usual"](body) == decode_error_body(json.encode(body)) == vars(error_body)["_unusual"](body)
    )
    assert decode_error_body(json.encode(body)) != ErrorBody()
