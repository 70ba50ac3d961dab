"""The ids that a command is given, wherever they are.

Laws: they are read as they are asked for, arguments before files before a ledger. Each is asked once, however often
it is given. A line that names no id is told with its place, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from os.path import isfile
from typing import TYPE_CHECKING, Any

import click

from ...core import Operation, fail
from ...core.errors import InvalidArgument
from ..failures import ExitCode
from ..streams import FROM_STDIN, Stopped, is_text
from .given import Source
from .lines import WrongLine, ids_in

if TYPE_CHECKING:
    from ..parameters import Invocation

_STDIN_NAME = "standard input"


class Ids:
    """The ids of a `Source`, to be taken once.

    Attributes:
        total: How many they are, where that is known beforehand.
        longest: Characters of the longest of the arguments.
        repeated: How many were passed over so far, having been given before.
        are_at_hand: Whether they can be read beforehand, without waiting for anybody: from files and a ledger.
    """

    def __init__(
        self,
        found: Iterable[str | WrongLine],
        *,
        total: int | None = None,
        longest: int = 0,
        are_at_hand: bool = False,
    ) -> None:
        self.total = total
        self.longest = longest
        self.are_at_hand = are_at_hand
        self.repeated = 0
        self._found = found

    def __iter__(self) -> Iterator[str | WrongLine]:
        # Hashes, for an id that is kept takes about 100 bytes and a hash 32: there may be millions.
        seen = set[int]()
        for one in self._found:
            if isinstance(one, str):
                known = len(seen)
                seen.add(hash(one))
                if len(seen) == known:
                    self.repeated += 1
                    continue
            yield one

    def read(self) -> Ids:
        """The same, all of them read."""
        found = list(self)
        whole = Ids(found, total=sum(isinstance(one, str) for one in found), longest=self.longest)
        whole.repeated = self.repeated
        return whole

    def pairs(self, operation: Callable[[str], Operation[Any]]) -> Iterator[tuple[str, Operation[Any]]]:
        """Each id with the operation on it; a line that names none with its place and an operation that says so."""
        for one in self:
            if isinstance(one, WrongLine):
                yield one.place, fail(InvalidArgument("line", one.reason))
            elif not is_text(one):
                yield one, fail(InvalidArgument("response_id", "it is not UTF-8"))
            else:
                yield one, operation(one)

    def note(self) -> str | None:
        """What to say at the end of those that were given more than once; None where there were none."""
        if not self.repeated:
            return None
        return (
            "1 id was given before, and asked once"
            if self.repeated == 1
            else (f"{self.repeated} ids were given before, and each asked once")
        )


def ids_from(source: Source, given: Invocation, *, follow: bool | None = None) -> Ids:
    """The ids that `source` says.

    Args:
        source: Where they are.
        given: What the command was given: its streams, and the service, which chains are followed at.
        follow: Whether those before each follow it, by `previous_response_id`. Default: as `source` says.

    Raises a usage error for a file that cannot be opened.
    """
    for file in source.files:
        _check_file("--from", file)
    if source.from_ledger is not None:
        _check_file("--from-ledger", source.from_ledger)
    own = found = _found(source, given)
    if source.follow_chain if follow is None else follow:
        from .chains import followed

        found = followed(found, given)
    total = len(set(source.ids)) if source.are_known and source.ids else None
    at_hand = found is own and not source.reads_standard_input and all(map(isfile, source.files))
    return Ids(found, total=total, longest=max(map(len, source.ids), default=0), are_at_hand=at_hand)


def _found(source: Source, given: Invocation) -> Iterator[str | WrongLine]:
    for argument in source.ids:
        if argument == FROM_STDIN:
            yield from _of_file(FROM_STDIN, source.field, given)
        else:
            yield argument
    for file in source.files:
        yield from _of_file(file, source.field, given)
    if source.from_ledger is not None:
        yield from _of_ledger(source)


def _of_ledger(source: Source) -> Iterator[str]:
    from .ledger import ids_of_ledger  # loads SQLite

    return ids_of_ledger(source.from_ledger or "", source.fate)


def _of_file(file: str, field: str | None, given: Invocation) -> Iterator[str | WrongLine]:
    try:
        if file != FROM_STDIN:
            with open(file, "rb") as lines:
                yield from ids_in(lines, file, field)
        elif given.process.stdin is None:
            raise Stopped(ExitCode.LOCAL_IO, f"cannot read ids: {_STDIN_NAME} is closed")
        else:
            yield from ids_in(given.process.stdin, _STDIN_NAME, field)
    except OSError as error:
        reading = "ids" if file == FROM_STDIN else file
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read {reading}: {error.strerror or error}") from None


def _check_file(name: str, file: str) -> None:
    """What is wrong with a file is said before anything is sent."""
    if file == FROM_STDIN:
        return
    try:
        with open(file, "rb"):
            pass
    except OSError as error:
        context = click.get_current_context(silent=True)
        raise click.BadParameter(f"{file}: {error.strerror or error}", context, param_hint=name) from None
