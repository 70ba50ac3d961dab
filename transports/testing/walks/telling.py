"""What a walk has found, told to people: a life, and what the other clients did to the service meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from ....core.http import SAFE_METHODS
from ..lives.step_words import answer_words, request_words
from ..lives.story import story_of
from .walked import Strayed, Walk, Walked

_MOST = 30
"""Lines of what others did; of more, the last."""


def story_of_walk(walk: Walk) -> str:
    """The stories of a walk in which something does not hold."""
    head = (
        f"A walk by the seed {walk.seed}: {len(walk.clients)} clients, {walk.lives:,} lives, {len(walk.steps):,} steps"
    )
    parts = [head]
    for strayed in walk.strayed:
        who = (
            f"Client {strayed.client}, life {strayed.life} ({strayed.errand}), {strayed.at:.1f} s after the walk began."
        )
        parts.append(f"{who}\n{story_of(strayed.violation)}")
        others = list(_others(walk, strayed))[-_MOST:]
        if others:
            parts.append("\n".join(["Meanwhile:", *others]))
    if walk.limit is not None:
        parts.append(f"A bound was met: {walk.limit}")
    if walk.holds:
        parts.append("All that is claimed holds.")
    return "\n\n".join(parts)


def _others(walk: Walk, strayed: Strayed) -> Iterator[str]:
    """What others had the service do with the same things while a life went on, in seconds since that began."""
    own = [one for one in walk.steps if (one.client, one.life) == (strayed.client, strayed.life)]
    began = own[0].at if own else strayed.at
    things = dict.fromkeys([thing for one in own for thing in _things(one)])
    for one in walk.steps:
        if (
            one.client == strayed.client
            or one.at < began
            or one.step.request is None
            or one.step.request.method in SAFE_METHODS
        ):
            continue
        if any(thing in things for thing in _things(one)):
            after = f"after {one.at - began:.1f} s, client {one.client}"
            yield f"  {after}: {request_words(one.step.request)}  -> {answer_words(one.step)}"


def _things(one: Walked) -> list[str]:
    """What a request is about: the collection and the id."""
    request = one.step.request
    parts = [] if request is None else request.path.split("/")[1:3]
    return ["/".join(parts)] if len(parts) > 1 else []
