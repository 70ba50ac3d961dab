"""What is claimed of a program: of every step, of every end, of every life.

Law: a claim is a value. It is told of each step of a life, and remembers of it what it needs, as a value: two lives of
which all claims remember the same, and that have the same before them, are one to the search. A claim that looks at
the whole past (`requests`, `emitted`, `seconds`) makes that a part of what distinguishes them.
"""

from __future__ import annotations

from collections.abc import Callable
from os.path import basename
from typing import Any, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct
from returns.result import Result

from ....core.errors import Error
from ...memory.service import State
from ..lives.lives import LifeStep


class Broken(Struct, frozen=True):
    """A claim does not hold, and `why`, in a sentence."""

    why: str


class Moment(Protocol):
    """A life as it is by now."""

    @property
    def result(self) -> Result[Any, Error] | None:
        """How the program has ended; None while it has not."""
        ...

    @property
    def state(self) -> State:
        """What the service knows."""
        ...

    @property
    def now(self) -> float:
        """The time of the service, in seconds since 1970."""
        ...

    @property
    def emitted(self) -> tuple[Any, ...]:
        """All values that were emitted."""
        ...

    @property
    def requests(self) -> tuple[LifeStep, ...]:
        """All steps that were requests, in order."""
        ...

    @property
    def seconds(self) -> float:
        """How long the life has lasted."""
        ...


@runtime_checkable
class Claim(Protocol):
    """What a search checks. The memory that `begin` and `after` return is a value, of which equal ones are alike."""

    @property
    def name(self) -> str:
        """The claim in a few words."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether it is the same to it in which order branches of a fork do what has nothing to do with each other."""
        ...

    def begin(self) -> Any:
        """What it remembers at first."""
        ...

    def after(self, memory: Any, step: LifeStep, moment: Moment) -> Any:
        """What it remembers after `step`, at the `moment` behind it, if its `memory` was that before; or `Broken`."""
        ...

    def end(self, memory: Any, step: LifeStep, moment: Moment) -> Broken | None:
        """Whether it holds of a life that has ended with `step`, which `after` was told before.

        `memory` is what that returned, and `moment` the end.
        """
        ...


Check: TypeAlias = Callable[[Moment], bool | str | None]
"""Judges a moment: False, or a sentence, where it is not as it should be; True or None where it is."""

REQUESTS = frozenset({"send", "open"})
"""The kinds of steps that are requests. A `read` has the request whose body it reads, and is none."""


class Always(Struct, frozen=True):
    """The claim of `always`."""

    name: str
    check: Check
    is_local: bool = False

    def begin(self) -> None:
        """Remember nothing."""

    def after(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        """Check each step."""
        return _judged(self.check(moment), self.name)

    def end(self, memory: None, step: LifeStep, moment: Moment) -> None:
        """The last step was checked."""


class Finally(Struct, frozen=True):
    """The claim of `finally_`."""

    name: str
    check: Check
    is_local: bool = True

    def begin(self) -> None:
        """Remember nothing."""

    def after(self, memory: None, step: LifeStep, moment: Moment) -> None:
        """Nothing is claimed of a step."""

    def end(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        """Check the end."""
        return _judged(self.check(moment), self.name)


class Eventually(Struct, frozen=True):
    """The claim of `eventually`: it remembers whether it was so already."""

    name: str
    check: Check
    is_local: bool = False

    def begin(self) -> bool:
        """It was not so yet."""
        return False

    def after(self, memory: bool, step: LifeStep, moment: Moment) -> bool:
        """Whether it was so by now."""
        return memory or _judged(self.check(moment), self.name) is None

    def end(self, memory: bool, step: LifeStep, moment: Moment) -> Broken | None:
        """It has been so."""
        return None if memory else Broken(f"{self.name}: it never was")


def always(check: Check, *, name: str | None = None) -> Claim:
    """Claim that `check` holds after every step, the last among them.

    - `check`: is given the life as it is by then. What is false, or a sentence that says why, breaks the claim.
    - `name`: what the claim is called; by default as the function is.

    >>> always(lambda life: len(life.state.responses) < 3, name="never more than two responses").name
    'never more than two responses'
    """
    return Always(*_checked("always", check, name))


def finally_(check: Check, *, name: str | None = None) -> Claim:
    """Claim that `check` holds at every end. The parameters are those of `always`.

    The order in which branches of a fork did what has nothing to do with each other is nothing to judge by: of the
    orders that lead to the same, one is searched.

    >>> from puresponse import delete_response, explore, sample_state
    >>> gone = finally_(lambda life: "resp_chat" not in life.state.responses, name="it is gone")
    >>> found = explore(delete_response("resp_chat"), sample_state(), faults=1, claims=[gone])
    >>> found.violations[0].why
    'it is gone: it does not hold'
    """
    return Finally(*_checked("finally_", check, name))


def eventually(check: Check, *, name: str | None = None) -> Claim:
    """Claim that `check` holds at some time in every life: none ends, and none goes on for ever, before it did.

    The parameters are those of `always`.

    >>> from puresponse import delete_response, explore, retrying, sample_state
    >>> gone = eventually(lambda life: "resp_chat" not in life.state.responses, name="it was deleted")
    >>> explore(retrying(delete_response("resp_chat")), sample_state(), faults=0, claims=[gone]).holds
    True
    """
    return Eventually(*_checked("eventually", check, name))


def _judged(verdict: bool | str | None, name: str) -> Broken | None:
    if verdict is None or verdict is True:
        return None
    return Broken(verdict if isinstance(verdict, str) else f"{name}: it does not hold")


def _checked(who: str, check: Check, name: str | None) -> tuple[str, Check]:
    given: Any = check
    if not callable(given):
        raise TypeError(f"{who}: check must be a function of a life as it is by then, got {given!r}")
    return name or _name_of(given), check


def _name_of(check: Any) -> str:
    """A function's name in words; of one that has none, where it is."""
    name: str = getattr(check, "__name__", type(check).__name__)
    if name == "<lambda>":
        code = check.__code__
        return f"what is checked in line {code.co_firstlineno} of {basename(code.co_filename)}"
    return name.strip("_").replace("_", " ")
