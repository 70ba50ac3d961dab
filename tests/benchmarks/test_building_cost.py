"""What it costs to find what was built: no more than `functools.cache` takes, which is no lock."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from benchmarking import compare

from puresponse.codecs.decoders import decode_deleted_response
from puresponse.codecs.lossless.building import decoder_of, once
from puresponse.codecs.lossless.codec import Codec
from puresponse.codecs.types.response import DeletedResponse
from puresponse.core import HttpRequest

pytestmark = pytest.mark.benchmark

BOUND = 1.05
CALLS = 20_000
BODY = b'{"id":"resp_1","object":"response","deleted":true}'


def test_what_was_built_once_is_found_as_by_a_cache() -> None:
    remembered = cache(decoder_of)
    found = compare(lambda: remembered(HttpRequest), lambda: decoder_of(HttpRequest), calls=CALLS)
    found.report("finding a decoder, beside functools.cache", BOUND)
    assert found.ratio <= BOUND


def test_what_takes_no_argument_is_found_as_by_a_cache() -> None:
    def build() -> int:
        return 1

    remembered, built = cache(build), once(build)
    found = compare(remembered, built, calls=CALLS)
    found.report("finding the one thing that was built, beside functools.cache", BOUND)
    assert found.ratio <= BOUND


def test_a_decoder_of_the_table_is_found_as_by_a_cache() -> None:
    @cache
    def codec() -> Codec[Any]:
        return Codec(DeletedResponse)

    def decode(data: bytes) -> Any:
        return codec().decode(data)

    found = compare(lambda: decode(BODY), lambda: decode_deleted_response(BODY), calls=CALLS)
    found.report("decoding an acknowledgement, its decoder beside one in functools.cache", BOUND)
    assert found.ratio <= BOUND
