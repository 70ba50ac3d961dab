"""A life that was lived elsewhere, stepped through again: a program is answered what it was answered then.

Law: what is done at once (hand over values, perform, fork, give up a body, go on with a result) is done one step for
each press, as ever. What asks for something takes its turn when it was its turn in the life, and gets the answer that
it got there; where a program asks otherwise, nothing is made up. A process that dies goes on from its checkpoint.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from typing import Any

from msgspec import Struct, json
from playground_code import Problem, Program, is_program, problem_of
from playground_text import clipped, in_line
from playground_tree import Forked, Leaf, Performing, Tree, at, leaves, put, whole
from playground_views import (
    Card,
    CloseShown,
    DiedShown,
    Emitted,
    ForkShown,
    Next,
    OpenShown,
    PerformShown,
    RaisedShown,
    SendShown,
    ServiceShown,
    Shown,
    WaitShown,
    held_service,
    next_of,
    show_answer,
    show_chunk,
    show_done,
    show_end,
    show_request,
)
from returns.result import Result, Success

from puresponse import (
    Close,
    Done,
    Emit,
    End,
    Error,
    Fork,
    Open,
    Perform,
    Read,
    Send,
    Wait,
    WrittenLife,
    WrittenStep,
    is_failure,
    load_life,
    load_operation,
)
from puresponse.transports.testing.exploration.lines import as_program, gone_on_with
from puresponse.transports.testing.lives.literals import Source

KINDS: dict[type[Any], str] = {Send: "send", Open: "open", Read: "read", Wait: "wait"}
"""What a life calls the steps that ask for something."""


class LifeHost:
    """Holds a program between two steps, and the life that it is to live again from the time `start` on."""

    def __init__(self, program: Program | None, life: WrittenLife, start: float) -> None:
        self._tree: Tree | None = program
        self._life = life
        self._start = start
        self._left = list(reversed(life.steps))
        self._service = life.service
        self._open = False
        self._emitted = Emitted()
        self.steps = 0
        self.requests = 0
        self.elapsed = 0.0

    @property
    def program(self) -> Any:
        """The program that is left; None where nothing is."""
        return None if self._tree is None else whole(self._tree)

    def following(self) -> Next | None:
        """What will be done next."""
        if self._tree is None:
            return None
        leaf = self._leaf()
        return next_of(leaf.step, len(leaf.path), leaf.words)

    def service(self) -> ServiceShown:
        """What the service had in the life by then."""
        return held_service(self._service, self._start + self.elapsed, self.elapsed, self.requests)

    def step(self) -> tuple[Card, ...]:
        """Do what is next: the card of it, and one of what went wrong in a visitor's function, or in the life."""
        assert self._tree is not None
        leaf = self._leaf()
        lived: WrittenStep | None = None
        if type(leaf.step) in KINDS:
            lived = self._left.pop() if self._left else None
            problem = self._unlike(leaf, lived)
            if problem is not None:
                return (self._ended(problem, leaf),)
        shown, goes_on = self._carried_out(leaf, lived)
        if lived is not None:
            self.elapsed = lived.ended
            self._service = lived.service or self._service
        printed = io.StringIO()
        try:
            with redirect_stdout(printed):
                tree = goes_on()
            wrong = None if tree is None or all(is_program(each.step) for each in leaves(tree)) else _NO_PROGRAM
        except (Exception, SystemExit) as error:
            tree, wrong = None, problem_of(error)
        said = lived.said if lived is not None and lived.went_wrong and not lived.died else ""
        card = self._card(shown, leaf, printed.getvalue(), said)
        if wrong is not None:
            return card, self._ended(wrong, leaf)
        self._tree = tree
        return (card,)

    def _leaf(self) -> Leaf:
        """What is done at once, wherever it is; else what was next in the life."""
        assert self._tree is not None
        all_leaves = list(leaves(self._tree))
        for leaf in all_leaves:
            if type(leaf.step) not in KINDS:
                return leaf
        turn = self._left[-1].branch if self._left else ()
        return next((leaf for leaf in all_leaves if leaf.branch == turn), all_leaves[0])

    def _unlike(self, leaf: Leaf, lived: WrittenStep | None) -> Problem | None:
        """Where the life has something else in this place, or nothing."""
        if lived is None:
            return Problem(f"the life ends here: {self._life.why}")
        asked = leaf.step.request if isinstance(leaf.step, Send | Open) else None
        same = asked is None or lived.request is None or _is_alike(asked, lived.request)
        if lived.kind == KINDS[type(leaf.step)] and lived.branch == leaf.branch and same:
            return None
        return Problem(f"the program does something else than in the life, where it was: {lived.said}")

    def _carried_out(self, leaf: Leaf, lived: WrittenStep | None) -> tuple[Shown, Callable[[], Tree | None]]:
        if lived is not None and lived.died:
            self._open = False
            return DiedShown(lived.said), self._gone_on
        answer: Any = None if lived is None else lived.resumed_with()
        match leaf.step:
            case Send(request, resume):
                self.requests += 1
                return SendShown(show_request(request), show_answer(answer)), self._put(leaf, resume, answer)
            case Open(request, resume):
                self.requests += 1
                self._open = isinstance(answer, Success)
                return OpenShown(show_request(request), show_answer(answer)), self._put(leaf, resume, answer)
            case Read(resume, _):
                return show_chunk(answer), self._put(leaf, resume, answer)
            case Wait(seconds, spread, resume):
                assert lived is not None
                waited = WaitShown(seconds, spread, lived.ended - lived.began, answer)
                return waited, self._put(leaf, resume, answer)
            case Emit(values, rest):
                return self._emitted.shown_with(values), self._put(leaf, _itself, rest)
            case Close(rest, within):
                closed, self._open = CloseShown(open=self._open, within=within), False
                return closed, self._put(leaf, _itself, rest)
            case Perform(operation, resume):
                return PerformShown(), self._put(leaf, _itself, Performing(operation, resume))
            case Fork((), resume):
                return ForkShown(0), self._put(leaf, resume, ())
            case Fork(operations, resume):
                return ForkShown(len(operations)), self._put(leaf, _itself, Forked(operations, resume))
            case Done(result):
                return show_done(result, last=not leaf.path), partial(self._left_with, leaf.path, result)
            case End(result):
                return show_end(result), _nothing

    def _put(self, leaf: Leaf, resume: Callable[[Any], Tree], value: Any) -> Callable[[], Tree]:
        return lambda: put(self._tree, leaf.path, resume(value))

    def _left_with(self, path: tuple[int, ...], result: Result[Any, Error]) -> Any:
        """The tree without the operation there, which has ended."""
        if not path:
            return None
        around: Any = at(self._tree, path[:-1])
        if isinstance(around, Performing):
            return put(self._tree, path[:-1], around.resume(result))
        branches = (*around.branches[: path[-1]], result, *around.branches[path[-1] + 1 :])
        if all(isinstance(branch, Result) for branch in branches):
            return put(self._tree, path[:-1], around.resume(branches))
        return put(self._tree, path[:-1], Forked(branches, around.resume))

    def _gone_on(self) -> Tree:
        """The program as another process goes on with it."""
        settled = gone_on_with(self.program)
        rest = as_program(settled.tree)
        return Emit(settled.emitted, rest) if settled.emitted else rest

    def _ended(self, problem: Problem, leaf: Leaf) -> Card:
        self._tree = None
        return self._card(RaisedShown(problem), leaf)

    def _card(self, shown: Shown, leaf: Leaf, printed: str = "", said: str = "") -> Card:
        self.steps += 1
        return Card(
            number=self.steps,
            depth=len(leaf.path),
            branch=leaf.words,
            at=self.elapsed,
            shown=shown,
            printed=clipped(printed),
            said=clipped(said),
        )


_NO_PROGRAM = Problem("a function gave a value that is neither an operation nor a stream")


class LifeProgram(Struct):
    """The `source` of the program of a life, what is to be said `about` it, and the `problem` where it is no life."""

    source: str = ""
    about: str = ""
    problem: str | None = None


def program_of(text: str) -> LifeProgram:
    """Write the program of a life as Python: its checkpoint, or where there is none, what it was as a remark."""
    try:
        life = load_life(text)
    except ValueError as error:
        return LifeProgram(problem=clipped(str(error)))
    about = clipped(f"{life.claim}: {life.why}")
    if life.program is None:
        shown = [f"# {in_line(line)}" for line in clipped(life.shown).splitlines()]
        lines = ["# The program of this life cannot be saved. Put it here, in place of the last line. It was:", *shown]
        return LifeProgram("\n".join([*lines, "program = ...", ""]), about)
    checkpoint = json.encode(life.program)
    loads = "load_stream" if is_failure(load_operation(checkpoint)) else "load_operation"
    data = Source().lines(checkpoint, 0, "saved = ", after="")
    lines = [f"from puresponse import {loads}", "", *data, f"program = {loads}(saved).unwrap().program", ""]
    return LifeProgram("\n".join(lines), about)


def _is_alike(asked: Any, lived: Any) -> bool:
    return (asked.method, asked.path, asked.query, asked.body) == (lived.method, lived.path, lived.query, lived.body)


def _itself(value: Any) -> Any:
    return value


def _nothing() -> None:
    """Nothing is left to do."""
