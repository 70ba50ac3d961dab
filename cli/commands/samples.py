"""`puresponse samples`."""

from __future__ import annotations

from ..failures import ExitCode
from ..parameters import FORMS, Invocation, command


@command(*FORMS)
def samples(given: Invocation) -> ExitCode | str:
    """Show the responses of the service in memory, to try the other commands with."""
    from ...core import retrieve_response
    from ...transports.memory.service import sample_state
    from ..execute import execute
    from ..service import InMemory
    from ..tables import RESPONSE_VIEW
    from ..tasks import InOrder

    stored = sample_state().responses
    ids = sorted(stored, key=lambda response_id: stored[response_id].body["created_at"])
    task = InOrder([(response_id, retrieve_response(response_id)) for response_id in ids])
    return execute(given, task, RESPONSE_VIEW, longest_id=max(map(len, ids)), service=InMemory())
