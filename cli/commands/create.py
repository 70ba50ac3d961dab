"""`puresponse create`."""

from __future__ import annotations

from typing import Any

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command, flag, option
from ..requests.options import OF_CREATION

WAIT = flag("--wait", "With --background: wait until it has ended.")
DEADLINE = option("--deadline", "How long --wait waits. Default: 600.", "SECONDS", type=float)


@command(*OF_CREATION, WAIT, DEADLINE, *FOR_ONE)
def create(given: Invocation, *, wait: bool, deadline: float | None, **asked: Any) -> ExitCode | str:
    """Create a response, and show its text on a terminal, or all of it as JSON in a pipe."""
    from ...core import WaitPolicy, create_response, retrying
    from ...core.endpoints.create_arguments import CreateArguments
    from ..execute import execute
    from ..requests.arguments import with_arguments
    from ..requests.following import Create
    from ..requests.interruption import interruptible
    from ..requests.text_output import ResponseText
    from ..settings import policy_of, shows_json

    if deadline is not None and not (wait and 0 <= deadline <= 1e9):
        return "--deadline: seconds from 0 to 1e9, with --wait"
    policy = policy_of(given.options)
    tells = not shows_json(given.options, terminal=given.process.stdout.isatty())

    def act(arguments: dict[str, Any]) -> ExitCode | str:
        if wait and arguments.get("background") is not True:
            return "--wait: of use with --background alone; any other response is made when it is shown"
        waiting = WaitPolicy(deadline=600.0 if deadline is None else deadline) if wait else None
        creation = retrying(create_response(**arguments), policy)
        task = Create(creation, wait=waiting, retries=policy, tells=tells)
        return interruptible(given, task.onward, lambda: execute(given, task, ResponseText))

    return with_arguments(given, asked, CreateArguments.__annotations__, act)
