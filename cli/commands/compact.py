"""`puresponse compact`."""

from __future__ import annotations

from typing import Any

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command
from ..requests.options import OF_COMPACTION


@command(*OF_COMPACTION, *FOR_ONE)
def compact(given: Invocation, **asked: Any) -> ExitCode | str:
    """Make a conversation shorter, to be given to the next response in its place."""
    from ...core import compact_response, retrying
    from ...core.endpoints.create_arguments import CompactArguments
    from ..execute import execute
    from ..requests.arguments import with_arguments
    from ..requests.text_output import ResponseText
    from ..settings import policy_of
    from ..tasks import Once

    policy = policy_of(given.options)

    def act(arguments: dict[str, Any]) -> ExitCode | str:
        compaction = compact_response(model=arguments.pop("model", None), **arguments)
        return execute(given, Once(retrying(compaction, policy)), ResponseText)

    return with_arguments(given, asked, {*CompactArguments.__annotations__, "model"}, act)
