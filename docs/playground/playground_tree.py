"""A program that is under way, as a tree: what was begun around the steps that are to be done.

Law: `whole` is the program that is left, as a checkpoint has it; trees are values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from playground_code import Program
from returns.result import Result

from puresponse import Done, Error, Fork, Perform


class Performing(Struct, frozen=True):
    """A stream that performs an operation, and goes on with `resume`."""

    operation: Tree
    resume: Callable[[Any], Any]


class Forked(Struct, frozen=True):
    """A fork whose branches are under way, or have their results; it goes on with `resume` when all have."""

    branches: tuple[Tree | Result[Any, Error], ...]
    resume: Callable[[Any], Any]


Tree: TypeAlias = Program | Performing | Forked


class Leaf(Struct, frozen=True):
    """A step that is to be done: its `path` in the tree, the `branch` that a life names, and that in `words`."""

    step: Program
    path: tuple[int, ...] = ()
    branch: tuple[int, ...] = ()
    words: str = ""


def leaves(tree: Any, path: tuple[int, ...] = (), branch: tuple[int, ...] = (), words: str = "") -> Iterator[Leaf]:
    """The steps that are to be done, of all branches."""
    if isinstance(tree, Performing):
        yield from leaves(tree.operation, (*path, 0), branch, words)
    elif isinstance(tree, Forked):
        for number, inner in enumerate(tree.branches):
            if not isinstance(inner, Result):
                named = f"{number + 1} of {len(tree.branches)}"
                yield from leaves(inner, (*path, number), (*branch, number), named)
    else:
        yield Leaf(tree, path, branch, words)


def at(tree: Any, path: tuple[int, ...]) -> Any:
    """What is there in a tree."""
    for number in path:
        tree = tree.operation if isinstance(tree, Performing) else tree.branches[number]
    return tree


def put(tree: Any, path: tuple[int, ...], value: Any) -> Any:
    """The tree with `value` there."""
    if not path:
        return value
    inner = put(at(tree, path[:1]), path[1:], value)
    if isinstance(tree, Performing):
        return Performing(inner, tree.resume)
    return Forked((*tree.branches[: path[0]], inner, *tree.branches[path[0] + 1 :]), tree.resume)


def whole(tree: Any) -> Any:
    """The program that a tree is: what a checkpoint has."""
    if isinstance(tree, Performing):
        return Perform(whole(tree.operation), tree.resume)
    if isinstance(tree, Forked):
        return Fork(tuple(Done(one) if isinstance(one, Result) else whole(one) for one in tree.branches), tree.resume)
    return tree
