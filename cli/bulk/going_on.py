"""The command to type that goes on with a run.

Law: it has the options that the run had, but for those that say which responses: the ledger knows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import join
from typing import Any

import click
from click.core import ParameterSource

from ..parameters import Option

_OTHERWISE = frozenset({"ledger", "resume", "retry_failed", "dry_run"})
_SOURCES = "Ids"
"""The section of options that say which responses."""


def command_to_go_on(ledger: str | None, *, retry_failed: bool = False) -> str | None:
    """The command that goes on with what is left in the ledger; None where there is none.

    With `retry_failed` also with those that failed: for what all of them would have met, and is put right by then.
    """
    context = click.get_current_context(silent=True)
    if ledger is None or context is None:
        return None
    more = ["--retry-failed"] if retry_failed else []
    return join([*context.command_path.split(), *_given(context), "--ledger", ledger, "--resume", *more])


def _given(context: click.Context) -> Iterator[str]:
    """The options that were given, before the command or after it."""
    root = context.find_root()
    for found in (root, context) if root is not context else (context,):
        for parameter in found.command.params:
            name = str(parameter.name)
            if name in _OTHERWISE or not isinstance(parameter, Option) or parameter.section == _SOURCES:
                continue
            if found.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                yield from _written(parameter, found.params[name])


def _written(parameter: Option, value: Any) -> Iterator[str]:
    if parameter.is_flag:
        yield parameter.opts[0]
        return
    for one in value if parameter.multiple else (value,):
        yield from (parameter.opts[0], str(one))
