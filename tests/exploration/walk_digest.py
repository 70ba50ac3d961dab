"""What tells two walks apart, in a few characters."""

from __future__ import annotations

from hashlib import sha256

from puresponse.transports.testing.walks.walked import Walk


def digest(one: Walk) -> str:
    """All that was asked, answered and returned, by whom and when."""
    told = sha256()
    for taken in one.steps:
        step = taken.step
        asked = (taken.client, taken.life, taken.at, step.kind, step.request, step.branch, step.mishap)
        came = (step.answer, step.acted, step.began, step.ended, step.emitted, step.result)
        told.update(repr((asked, came)).encode())
    return told.hexdigest()
