"""`puresponse cancel`."""

from __future__ import annotations

from ..failures import ExitCode
from ..parameters import FOR_MANY, IDS, Invocation, command


@command(IDS, *FOR_MANY)
def cancel(given: Invocation, ids: tuple[str, ...]) -> ExitCode | str:
    """Cancel responses that were created with `background`."""
    from ...core import cancel_response, retrying
    from ..execute import for_each
    from ..settings import policy_of
    from ..tables import RESPONSE_VIEW

    policy = policy_of(given.options)
    return for_each(given, ids, lambda response_id: retrying(cancel_response(response_id), policy), RESPONSE_VIEW)
