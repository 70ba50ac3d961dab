"""What the service knows, in words, and what of it has changed."""

from __future__ import annotations

from ...memory.service import State
from .passing_time import NOW

NAMED = 3
"""How many changes are told one by one."""


def change_words(before: State, after: State) -> str:
    """What the service knows by now that it did not know before; nothing where that is the same."""
    if before.responses is after.responses and before.conversations is after.conversations:
        return ""
    ours, theirs = known(before), known(after)
    changes = [_change(name, ours.get(name), theirs.get(name)) for name in dict.fromkeys((*ours, *theirs))]
    told = [change for change in changes if change]
    more = len(told) - NAMED
    return "; ".join(told[:NAMED]) + (f"; and {more} more changes" if more > 0 else "")


def known(state: State) -> dict[str, str]:
    """What the service has, each by its id, and what there is to say of it."""
    things: dict[str, str] = {}
    for name in state.responses:
        response = state.responses[name]
        if response.hidden is not None or response.seen(NOW):
            things[name] = str(response.at(NOW)["status"]) + ("" if response.seen(NOW) else ", a 404 for now")
    for name in state.conversations:
        items = len(state.conversations[name].items(NOW))
        things[name] = "1 item" if items == 1 else f"{items} items"
    return things


def _change(name: str, before: str | None, after: str | None) -> str:
    if before == after:
        return ""
    if before is None:
        return f"the service now has {name} ({after})"
    return f"{name} is gone" if after is None else f"{name} is now {after}"
