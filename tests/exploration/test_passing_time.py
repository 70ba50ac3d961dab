"""The law of `passing_time`: what is asked of a state some time later is answered as it would be then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import json
from reenacted import canonical

from puresponse import CancelUndone, HttpRequest, LateConsistency, State
from puresponse.transports.memory.service import Dialect, begin
from puresponse.transports.memory.service.endpoint import Quirk
from puresponse.transports.testing.lives.passing_time import NOW, later, rounded

GAPS = st.sampled_from((0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 33.0, 250.0, 301.0, 700.0, 3e6))
"""Seconds: around the steps of a response's life, and around the times for which things are kept."""

IDS = st.sampled_from(("resp_000001", "resp_000001", "resp_000002", "resp_000004", "resp_000007"))
CONVERSATIONS = st.sampled_from(("conv_000001", "conv_000002"))


def _created(given: dict[str, Any]) -> HttpRequest:
    return HttpRequest("POST", "/responses", body=json.encode({"model": "m", "input": "Hi you", **given}))


def _asked(method: str, path: str, *query: tuple[str, str]) -> Callable[[str], HttpRequest]:
    def named(name: str) -> HttpRequest:
        return HttpRequest(method, path.format(name), query, body=b"" if method == "POST" else None)

    return named


CREATIONS = st.fixed_dictionaries(
    {},
    optional={
        "background": st.just(True),
        "stream": st.just(True),
        "store": st.booleans(),
        "conversation": CONVERSATIONS,
        "previous_response_id": IDS,
    },
).map(_created)
REQUESTS = st.one_of(
    CREATIONS,
    CREATIONS,
    st.just(HttpRequest("POST", "/conversations", body=b"{}")),
    IDS.map(_asked("GET", "/responses/{}")),
    IDS.map(_asked("GET", "/responses/{}", ("stream", "true"))),
    IDS.map(_asked("POST", "/responses/{}/cancel")),
    IDS.map(_asked("DELETE", "/responses/{}")),
    CONVERSATIONS.map(_asked("GET", "/conversations/{}/items")),
)
QUIRKS = st.sampled_from((None, None, LateConsistency(3.0, "created"), LateConsistency(3.0), CancelUndone(2.0)))
DIALECTS = st.sampled_from((Dialect(), Dialect(streamed_for=None), Dialect(background_unstored=200, polled_for=5.0)))

STREAM = _created({"background": True, "stream": True})
BACKGROUND = _created({"background": True})
POLL = HttpRequest("GET", "/responses/resp_000001")
REPLAY = HttpRequest("GET", "/responses/resp_000001", (("stream", "true"),))


@settings(max_examples=100)
@given(st.lists(st.tuples(GAPS, REQUESTS, QUIRKS), max_size=7), DIALECTS)
@example([(0.0, BACKGROUND, None), (2.0, POLL, None), (2.0, POLL, None)], Dialect())
@example([(0.0, STREAM, None), (5.0, REPLAY, None), (301.0, REPLAY, None)], Dialect())
def test_what_is_asked_later_is_answered_as_it_is_later(
    asked: list[tuple[float, HttpRequest, Quirk | None]], dialect: Dialect
) -> None:
    then, now = State(dialect=dialect), State(dialect=dialect)
    passed = 0.0
    for gap, request, quirk in asked:
        passed = rounded(passed + gap)
        now = later(now, gap)
        quirks = () if quirk is None else (quirk,)
        then, as_it_is_then = begin(then, request, NOW + passed, quirks=quirks)
        now, as_it_is_now = begin(now, request, NOW, quirks=quirks)
        assert _told(as_it_is_now, NOW) == _told(as_it_is_then, NOW + passed)


@given(st.lists(st.tuples(REQUESTS, QUIRKS), max_size=5), GAPS, GAPS)
def test_two_times_that_pass_are_one(asked: list[tuple[HttpRequest, Quirk | None]], one: float, other: float) -> None:
    state = State()
    for request, quirk in asked:
        state, _ = begin(state, request, NOW, quirks=() if quirk is None else (quirk,))
    assert later(later(state, one), other) == later(state, rounded(one + other))


def _told(answered: Any, now: float) -> Any:
    """An answer, with its times from now on, and but for dates."""
    events = None if answered.events is None else [(round(one.at - now, 3), one.data) for one in answered.events]
    return canonical(answered.head), round(answered.at - now, 3), canonical(events), answered.follows
