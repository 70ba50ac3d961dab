"""`puresponse stream`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command, option
from ..requests.options import OF_CREATION

if TYPE_CHECKING:
    from ..requests.following import Follow

FROM = option("--from", "Follow this response, which was made by `stream --background`.", "ID")
AFTER = option("--after", "With --from: the number of the event after which to start.", "N", type=click.IntRange(0))


@command(*OF_CREATION, FROM, AFTER, *FOR_ONE)
def stream(given: Invocation, *, after: int | None, **asked: Any) -> ExitCode | str:
    """Create a response, or follow one, and show its text, or in a pipe its events as JSON, as they arrive."""
    from ...core import resume_stream, retrying, stream_response
    from ...core.endpoints.create_arguments import CreateArguments
    from ..execute import execute
    from ..requests.arguments import with_arguments
    from ..requests.following import Follow
    from ..requests.interruption import interruptible
    from ..requests.text_output import StreamedText
    from ..settings import policy_of, shows_json

    policy = policy_of(given.options)
    tells = not shows_json(given.options, terminal=given.process.stdout.isatty())
    followed: str | None = asked.pop("from")

    def act(follow: Follow) -> ExitCode | str:
        form = StreamedText()
        return interruptible(given, follow.onward, lambda: execute(given, follow, lambda: form))

    if followed is None:
        if after is not None:
            return "--after: of use with --from alone"
        return with_arguments(
            given,
            asked,
            CreateArguments.__annotations__,
            lambda arguments: act(Follow(retrying(stream_response(**arguments), policy), tells=tells)),
        )
    include = asked.pop("include")
    useless = [_written(name) for name, value in asked.items() if value not in (None, ())]
    if useless:
        return f"{' and '.join(useless)}: of no use with --from, which makes no response"
    events = resume_stream(followed, starting_after=after, include=include or None)
    return act(Follow(retrying(events, policy), followed, after, tells=tells))


def _written(name: str) -> str:
    """How a parameter is written on the command line."""
    return "INPUT" if name == "text" else "--" + name.replace("_", "-")
