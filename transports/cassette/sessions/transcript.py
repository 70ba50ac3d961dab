"""Requests and answers as lines for people: what is compared in a diff."""

from __future__ import annotations

from msgspec import json

from ....codecs.lossless.errors import REFUSALS
from ....core.http import HttpRequest, Pairs


def request_lines(request: HttpRequest) -> list[str]:
    """A request as lines: its method and path, a line for each parameter, and its body, JSON indented and in order."""
    return [f"{request.method} {request.path}", *_pairs("?", request.query), *_body(request.body)]


def _pairs(sign: str, pairs: Pairs) -> list[str]:
    return [f"{sign} {name}={value}" for name, value in sorted(pairs, key=_name)]


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def _body(body: bytes | None) -> list[str]:
    if not body:
        return []
    try:
        text = json.format(json.encode(json.decode(body), order="sorted"), indent=2).decode()
    except REFUSALS:
        text = body.decode("utf-8", "replace")
    return text.splitlines()
