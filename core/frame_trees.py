"""Frames in a row and frames under rules, as trees that are carried on flat.

Law: a tree of frames is called as if each called the next: what `first` returns goes on with `rest` when it has ended,
and what `resume` returns is put under its `rule`. It is called in constant stack, however deep it is, and n frames cost
O(n) altogether: combinators only ever add to the right, and a tree that leans to the left is turned over on the way to
its first leaf, every node once (van der Ploeg and Kiselyov, "Reflection without Remorse", 2014).

So trees are compared, hashed, pickled and printed, too: by walking along them, and not by one call within the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from msgspec import Struct

_SHOWN_FRAMES = 5


def carried_on(frame: Any, value: Any) -> Any:
    """What a tree of frames goes on with: the step of the first, and the others behind it, under their rules."""
    rest: Any = None
    outer: Any = None
    while True:
        kind = frame.__class__
        if kind is Then:
            rest = frame.rest if rest is None else Then(frame.rest, rest)
            frame = frame.first
            continue
        if kind is Under:
            rule = frame.rule
            if frame.sees:
                rule, value = rule.after(value), rule.passed_on(value)
            outer = (rule, rest, outer)
            rest, frame = None, frame.resume
            continue
        step = frame(value)
        while True:
            if rest is not None:
                try:
                    is_last = step.is_last
                except AttributeError:
                    raise _no_program(frame, step) from None
                if is_last:
                    break
                step = step.then(rest)
            if outer is None:
                return step
            rule, rest, outer = outer
            step = rule(step)
        value = step.result
        frame = rest
        rest = None


def _no_program(frame: Any, returned: Any) -> TypeError:
    from .mistakes import returned_no_program

    return returned_no_program(frame, returned)


class Then(Struct, frozen=True, tag=True):
    """Two frames in a row: `rest` is given the result of the program that `first` returns."""

    first: Callable[[Any], Any]
    rest: Callable[[Any], Any]

    def __repr__(self) -> str:
        """The first frames in order, and how many more there are."""
        frames, _ = flattened(self)
        return f"Then({_shown_row(frames)})"

    def __eq__(self, other: object) -> bool:
        return flattened(self) == flattened(other) if isinstance(other, Then) else NotImplemented

    def __hash__(self) -> int:
        return hash(flattened(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, flattened(self)

    __call__ = carried_on


class Under(Struct, frozen=True, tag=True):
    """Goes on with `resume`, and puts the step that it returns under `rule`.

    A rule that `sees` what the step before is resumed with makes of it, by `after`, the rule that holds from there on,
    and, by `passed_on`, what `resume` is given.
    """

    rule: Any
    resume: Callable[[Any], Any]
    sees: bool = False

    def __repr__(self) -> str:
        """The frames that go on, and the rules, the innermost first."""
        frames, ends = flattened(self)
        rules = [end.rule for row in ends if not isinstance(row, int) for end in row if end is not None]
        return f"Under({_shown_row(rules)}: {_shown_row(frames)})"

    def __eq__(self, other: object) -> bool:
        return flattened(self) == flattened(other) if isinstance(other, Under) else NotImplemented

    def __hash__(self) -> int:
        return hash(flattened(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, flattened(self)

    __call__ = carried_on


class RuleEnd(Struct, frozen=True):
    """The place in a flattened tree where what is under a rule ends."""

    rule: Any
    sees: bool = False


Ends: TypeAlias = int | tuple[RuleEnd | None, ...]
"""What ends behind a frame: so many `Then`s; or, where rules are among it, each `Then` as None and each rule."""


def flattened(tree: Any) -> tuple[tuple[Any, ...], tuple[Ends, ...]]:
    """The frames of a tree from left to right, and what ends behind each."""
    frames: list[Any] = []
    ends: list[Ends] = []
    pending: list[Any] = [tree]
    while pending:
        part = pending.pop()
        if part is _END:
            last = ends[-1]
            ends[-1] = last + 1 if isinstance(last, int) else (*last, None)
        elif isinstance(part, RuleEnd):
            last = ends[-1]
            ends[-1] = (*((None,) * last if isinstance(last, int) else last), part)
        elif isinstance(part, Then):
            pending += (_END, part.rest, part.first)
        elif isinstance(part, Under):
            pending += (RuleEnd(part.rule, part.sees), part.resume)
        else:
            frames.append(part)
            ends.append(0)
    return tuple(frames), tuple(ends)


_END = object()


def rebuilt(frames: Iterable[Any], ends: Iterable[Ends]) -> Any:
    """The tree that `flattened` made these of."""
    trees: list[Any] = []
    for frame, behind in zip(frames, ends, strict=True):
        trees.append(frame)
        for end in (None,) * behind if isinstance(behind, int) else behind:
            last = trees.pop()
            trees.append(Then(trees.pop(), last) if end is None else Under(end.rule, last, end.sees))
    return trees[0]


def _shown_row(parts: Iterable[Any]) -> str:
    """The first of a row, and how many more there are."""
    row = list(parts)
    shown = [repr(part) for part in row[:_SHOWN_FRAMES]]
    if len(row) > _SHOWN_FRAMES:
        shown.append(f"… {len(row) - _SHOWN_FRAMES:,} more")
    return ", ".join(shown)
