"""Rows of steps that lead around, and never on: a life that goes on for ever, though nothing more goes wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator


def on_a_cycle(steps: Iterable[tuple[int, int]], among: Collection[int]) -> int | None:
    """A place, of the first numbers, to which a row of steps through places that are `among` these leads back."""
    following: dict[int, list[int]] = {}
    for source, target in steps:
        following.setdefault(source, []).append(target)
    done: set[int] = set()
    for start in sorted(among):
        if start in done:
            continue
        under_way: dict[int, Iterator[int]] = {start: iter(following.get(start, ()))}
        stack = [start]
        while stack:
            after = next(under_way[stack[-1]], None)
            if after is None:
                last = stack.pop()
                del under_way[last]
                done.add(last)
            elif after in under_way:
                return after
            elif after in among and after not in done:
                under_way[after] = iter(following.get(after, ()))
                stack.append(after)
    return None
