"""Which branches of a fork have to do with each other: the others need be carried out in one order alone.

Law: requests about different things commute, names aside. That branches are about different things is assumed at first,
and watched: where two of them touch the same, and one of them changes it, the search begins anew, and carries out these
two in every order. So what a search with fewer orders finds is what one with all of them would (partial-order
reduction; Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import json

from ....codecs.lossless.plain import is_object
from ....core.http import SAFE_METHODS, HttpRequest
from .lines import Branch

_ALL = "*"


class Together:
    """Which branches are carried out in every order. `everything` says that all are."""

    def __init__(self, *, everything: bool, replies_in_turn: bool) -> None:
        self._everything = everything
        self._replies_in_turn = replies_in_turn
        self._touched: dict[Branch, dict[int, dict[str, bool]]] = {}
        self._group: dict[tuple[Branch, int], int] = {}

    def forget(self) -> None:
        """The search begins anew: nothing is touched; what is together stays so."""
        self._touched.clear()

    def active(self, branches: list[Branch]) -> list[Branch]:
        """Of the branches that might go on now, those of which each has to be tried first."""
        if self._everything or len(branches) == 1:
            return branches
        # Who is left for later must have nothing to do with any that goes first, and not with the first alone.
        going, found = [branches[0]], {branches[0]}
        for one in going:
            more = [branch for branch in branches if branch not in found and self._are_together(one, branch)]
            going += more
            found.update(more)
        return [branch for branch in branches if branch in found]

    def _are_together(self, one: Branch, other: Branch) -> bool:
        for depth, (left, right) in enumerate(zip(one, other, strict=False)):
            if left != right:
                fork = one[:depth]
                return self._group.get((fork, left), left) == self._group.get((fork, right), right)
        return True

    def touches(self, branch: Branch, request: HttpRequest) -> bool:
        """A branch sends a request. Returns whether it turns out that it is together with another: begin anew then."""
        if not branch or self._everything:
            return False
        found = False
        things = touched_by(request, replies_in_turn=self._replies_in_turn)
        for depth, number in enumerate(branch):
            fork = branch[:depth]
            of_fork = self._touched.setdefault(fork, {})
            mine = of_fork.setdefault(number, {})
            new = {thing: writes for thing, writes in things.items() if not mine.get(thing, False) or thing not in mine}
            if not new:
                continue
            for thing, writes in new.items():
                mine[thing] = writes or mine.get(thing, False)
            for other, theirs in of_fork.items():
                if other != number and _clash(new, theirs):
                    found |= self._join(fork, number, other)
        return found

    def _join(self, fork: Branch, one: int, other: int) -> bool:
        left, right = self._group.get((fork, one), one), self._group.get((fork, other), other)
        if left == right:
            return False
        for branch, group in self._group.items():
            if branch[0] == fork and group == right:
                self._group[branch] = left
        self._group[fork, one] = self._group[fork, other] = left
        return True

    def groups(self) -> dict[Branch, tuple[tuple[int, ...], ...]]:
        """The branches that are together, by the way to their fork."""
        found: dict[Branch, dict[int, list[int]]] = {}
        for (fork, number), group in self._group.items():
            found.setdefault(fork, {}).setdefault(group, []).append(number)
        return {
            fork: tuple(tuple(sorted(numbers)) for numbers in groups.values() if len(numbers) > 1)
            for fork, groups in found.items()
        }


def _clash(one: Mapping[str, bool], other: Mapping[str, bool]) -> bool:
    for thing, writes in one.items():
        for theirs, theirs_writes in other.items():
            if (writes or theirs_writes) and (thing == theirs or _ALL in (thing, theirs)):
                return True
    return False


def touched_by(request: HttpRequest, *, replies_in_turn: bool) -> dict[str, bool]:
    """What a request is about, and whether it may change that. `*` is anything."""
    writes = request.method not in SAFE_METHODS
    match request.path.split("/"):
        case ["", "responses", segment, *_] if segment and segment not in ("input_tokens", "compact"):
            return {f"responses/{segment}": writes}
        case ["", "responses", *_] if writes:
            return _of_body(request.body, replies_in_turn=replies_in_turn)
        case ["", "conversations", segment, *_] if segment:
            return {f"conversations/{segment}": writes}
        case ["", "conversations"] if writes:
            return {}
        case ["", "models", segment] if segment:
            return {f"models/{segment}": writes}
        case _:
            return {_ALL: writes}


def _of_body(body: bytes | None, *, replies_in_turn: bool) -> dict[str, bool]:
    """What a response that is made goes on from."""
    things = {"replies": True} if replies_in_turn else {}
    try:
        given = json.decode(body or b"{}")
    except ValueError:
        return {_ALL: True}
    if not is_object(given):
        return {_ALL: True}
    previous, conversation = given.get("previous_response_id"), given.get("conversation")
    if isinstance(previous, str):
        things[f"responses/{previous}"] = False
    if is_object(conversation):
        conversation = conversation.get("id")
    if isinstance(conversation, str):
        things[f"conversations/{conversation}"] = True
    return things
