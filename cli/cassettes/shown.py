"""Results as these commands show them: JSON lines, or lines for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import json

from ...codecs.lossless.plain import is_object, is_sequence
from ..colour import ColourChoice, has_colour
from ..execute import give_up
from ..failures import ExitCode
from ..output import JsonLines, Messages, Sentences, encodable
from ..service import InMemory
from ..settings import settings_of
from ..streams import Stopped, write
from ..tables import View

if TYPE_CHECKING:
    from ..parameters import Invocation


class Shown:
    """What a command shows, in the form that was asked for."""

    def __init__(self, given: Invocation, as_json: bool) -> None:
        self._process = given.process
        self._color: ColourChoice | None = given.options.color
        self.as_json = as_json
        self._form: Messages = JsonLines() if as_json else Sentences()

    def result(self, value: dict[str, Any]) -> None:
        """Show a result as a line of JSON."""
        write(self._process.stdout, f"{json.encode(_sound(value)).decode()}\n", "utf-8")

    def lines(self, lines: Sequence[str]) -> None:
        """Show lines to people."""
        write(self._process.stdout, "".join(f"{line}\n" for line in lines))

    def table(self, view: View, values: Sequence[Any]) -> None:
        """Show a table to people."""
        if values:
            from ..table_output import TableForm  # loads rich, which programs do not need

            longest = max(len(view.cells(value)[0]) for value in values)
            stdout = self._process.stdout
            colours = has_colour(self._color, self._process.environ, terminal=stdout.isatty())
            write(stdout, TableForm(view, longest, stdout, coloured=colours).values(values))

    def note(self, text: str) -> None:
        """Say what else there is to know, on standard error."""
        write(self._process.stderr, self._form.note(text), self._form.encoding)

    def complaint(self, reason: str) -> None:
        """Say what is wrong, on standard error."""
        write(self._process.stderr, self._form.complaint("ValueError", reason), self._form.encoding)

    def stopped(self, stopped: Stopped) -> ExitCode:
        """Say why the command stops."""
        return give_up(stopped, self._form, self._process.stderr)


def showing(given: Invocation, act: Callable[[Shown], ExitCode | str]) -> ExitCode | str:
    """Do what a command does, which is given where to show it."""
    process = given.process
    terminal = process.stdout.isatty()
    settings = settings_of(given.options, process.environ, terminal=terminal, service=InMemory())
    if isinstance(settings, str):
        return settings
    shown = Shown(given, settings.json)
    try:
        return act(shown)
    except Stopped as stopped:
        return shown.stopped(stopped)


def _sound(value: Any) -> Any:
    """JSON without half a surrogate pair in a name of a file."""
    if isinstance(value, str):
        return encodable(value)
    if is_object(value):
        return {name: _sound(member) for name, member in value.items()}
    return [_sound(one) for one in value] if is_sequence(value) else value
