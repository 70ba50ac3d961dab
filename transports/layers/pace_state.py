"""How fast requests may be sent, as a value: no clock, no thread, no transport.

`wait(state, now)` is for how many seconds the next request waits, `sent(state, now)` the state once it is sent, and
`answered(state, now, epoch, answer)` the state once it is answered.

Laws:

1. Whatever the service says, nothing waits longer than `longest` seconds after the last request and the last answer.
   What waits for a place among `concurrency` waits until an exchange is over.
2. In any time, no more is sent than `rate` allows: (seconds + 0.05) `rate` + 1 requests.
3. After a 429 nothing is sent before the time that it asks for; where it asks for none, 1 second, then 2, 4, …
4. A 429 makes all that share the state as slow as the service was found to be: so many requests as succeeded since the
   last one, in the time that this took and the pause. Answers to requests of before it slow down no further.
   Until eight have succeeded from then on, no more are under way than have, but for one, and one more for each pause.
5. Speed grows again, without an end: to the double in 30 seconds, ten times in 90. Where fewer than eight were answered
   it is no more than a guess, and grows sooner: to the double in 2, 4 or 8 seconds, the longer the more often.
"""

from __future__ import annotations

from math import inf

from msgspec import Struct, structs

from ...codecs.types.error_body import decode_error_body
from ...core.http import HttpResponse
from ...core.retry_hints import asks_to_retry, retry_after
from .budget import Budget, renewed
from .rate_headers import allowances

_CATCHING_UP = 0.05
"""Seconds by which a request may be sent late without those after it being late as well: waking takes time."""

_NOTHING = 1e-9
"""Seconds that are not waited for, as no clock can tell them."""

_IDLE = 1.0
"""Seconds without a request after which the service's speed is measured anew."""

_FIRST_PAUSE = 1.0
_MARGIN = 0.95
_ENOUGH = 8
"""Answers from which on a speed that was measured is taken for what it is."""

_FIRST_DOUBLING = 1.0
_LONGEST_DOUBLING = 8.0
_DOUBLING = 30.0
"""Seconds in which a speed grows to its double: one that is a guess, from the first to the longest; one that is not."""


class PaceState(Struct, frozen=True, kw_only=True, repr_omit_defaults=True):
    """How fast requests may be sent.

    `rate`, `concurrency`, `heed` and `longest` are settings, those of `pacing`. All else is learned:

    - `last`: when the last request was sent, or answered.
    - `under_way`: how many requests are not over.
    - `epoch`: how often a 429 has slowed down all; a request is of the epoch in which it was sent.
    - `slot`: from when the next request may be sent, by the rates.
    - `held`: until when nothing is sent.
    - `learned`: requests a second, as found at the last 429, from the time `since` on; infinite before the first.
    - `is_measured`: whether that was measured, and is not a guess.
    - `refused`: how many 429s there were without a success between.
    - `began`, `served`: how many successes there were since then, without a pause between.
    - `pause`: for how many seconds the last 429 held all; from then on, `out` requests are not answered yet, and
      `proven` were, with success.
    - `requests`, `tokens`: what the service says that it allows.
    """

    rate: float = inf
    concurrency: int | None = None
    heed: bool = True
    longest: float = 120.0
    last: float = -inf
    under_way: int = 0
    epoch: int = 0
    slot: float = -inf
    held: float = -inf
    learned: float = inf
    since: float = -inf
    doubling: float = _FIRST_DOUBLING
    refused: int = 0
    began: float = -inf
    served: int = 0
    pause: float = 0.0
    out: int = 0
    proven: int = 0
    requests: Budget | None = None
    tokens: Budget | None = None


def speed(state: PaceState, now: float) -> float:
    """How many requests a second may be sent, as far as is known."""
    if state.learned == inf:
        return state.rate
    passed = 0.0 if state.refused else max(0.0, now - state.since)
    return min(state.rate, state.learned * (1 + (passed / state.doubling) ** 2))


def wait(state: PaceState, now: float) -> float:
    """For how many seconds the next request waits; infinity where it waits for an answer."""
    if state.concurrency is not None and state.under_way >= state.concurrency:
        return inf
    asked = state.held
    if state.epoch and state.proven < _ENOUGH and state.out > state.proven:
        asked = max(asked, state.held + (state.out - state.proven) * state.pause)
    if state.requests is not None:
        asked = max(asked, state.requests.ready_at())
    if state.tokens is not None:
        asked = max(asked, state.tokens.ready_at())
    seconds = max(state.slot, min(asked, state.last + state.longest)) - now
    return seconds if seconds > _NOTHING else 0.0


def sent(state: PaceState, now: float) -> PaceState:
    """The state once a request is sent."""
    interval = 1 / speed(state, now)
    anew = now - max(state.slot, state.held) > _IDLE
    is_late = now - state.slot > _CATCHING_UP
    return structs.replace(
        state,
        last=now,
        under_way=state.under_way + 1,
        out=state.out + 1,
        slot=(now if is_late else state.slot) + interval,
        began=now if anew else state.began,
        served=0 if anew else state.served,
        requests=None if state.requests is None else state.requests.spent(),
        tokens=None if state.tokens is None else state.tokens.spent(),
    )


def over(state: PaceState) -> PaceState:
    """The state once a request is over that takes a place among those under way."""
    return structs.replace(state, under_way=state.under_way - 1)


def answered(state: PaceState, now: float, epoch: int, answer: HttpResponse | None) -> PaceState:
    """The state once a request of `epoch` has its answer, or has none (None); `over` is for when its body ended."""
    state = structs.replace(state, out=state.out - (epoch == state.epoch), last=now)
    if answer is None or not state.heed:
        return state
    of_requests, of_tokens = allowances(answer.headers)
    if of_requests is not None or of_tokens is not None:
        others = max(0, state.under_way - 1)
        state = structs.replace(
            state,
            requests=renewed(state.requests, of_requests, now, others, costs=False),
            tokens=renewed(state.tokens, of_tokens, now, others, costs=True),
        )
    if answer.status == 429:
        return _refused(state, now, epoch, answer)
    if answer.status == 503 and (seconds := retry_after(answer.headers)):
        return structs.replace(state, held=max(state.held, now + min(seconds, state.longest)))
    if epoch != state.epoch:
        return state
    since = now if state.refused else state.since
    return structs.replace(state, served=state.served + 1, proven=state.proven + 1, refused=0, since=since)


def _refused(state: PaceState, now: float, epoch: int, answer: HttpResponse) -> PaceState:
    body = decode_error_body(answer.body)
    if not asks_to_retry(429, body.code, body.type, answer.headers):
        return state  # a quota that is used up is not restored by waiting
    asked = retry_after(answer.headers)
    pause = min(asked or _FIRST_PAUSE * 2.0 ** min(state.refused, 30), state.longest)
    held = max(state.held, now + pause)
    if epoch != state.epoch:
        return structs.replace(state, held=held) if asked else state
    before = speed(state, now)
    is_measured = state.served >= _ENOUGH
    if state.served:
        learned = min(before, _MARGIN * state.served / (max(0.0, now - state.began) + pause))
    else:
        learned = before / 2 if before < inf else 1 / pause
    return structs.replace(
        state,
        epoch=state.epoch + 1,
        held=held,
        learned=max(learned, 1 / state.longest),
        since=held,
        doubling=_DOUBLING if is_measured else min(2 * state.doubling, _LONGEST_DOUBLING),
        refused=state.refused + 1,
        began=held,
        served=0,
        pause=pause,
        out=0,
        proven=0,
    )
