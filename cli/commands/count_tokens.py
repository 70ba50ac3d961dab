"""`puresponse count-tokens`."""

from __future__ import annotations

from typing import Any

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command
from ..requests.options import OF_COUNT


@command(*OF_COUNT, *FOR_ONE)
def count_tokens(given: Invocation, **asked: Any) -> ExitCode | str:
    """Count the tokens that an input would take. Nothing is made, and nothing is kept."""
    from ...core import count_input_tokens, retrying
    from ...core.endpoints.create_arguments import CountArguments
    from ..execute import execute
    from ..requests.arguments import with_arguments
    from ..requests.text_output import CountText
    from ..settings import policy_of
    from ..tasks import Once

    policy = policy_of(given.options)

    def act(arguments: dict[str, Any]) -> ExitCode | str:
        return execute(given, Once(retrying(count_input_tokens(**arguments), policy)), CountText)

    return with_arguments(given, asked, CountArguments.__annotations__, act)
