"""`puresponse conversations create`."""

from __future__ import annotations

from ..failures import ExitCode
from ..parameters import FOR_ONE, Argument, Invocation, command
from .options import ITEMS_FILE, METADATA

TEXT = Argument("text", "What the user says first, a text; - takes it from standard input.", "[TEXT]", required=False)


@command(TEXT, ITEMS_FILE, METADATA, *FOR_ONE)
def create(given: Invocation, *, text: str | None, items: str | None, metadata: tuple[str, ...]) -> ExitCode | str:
    """Create a conversation, with at most 20 items."""
    from msgspec import UNSET

    from ...core import create_conversation, retrying
    from ..execute import execute
    from ..requests.arguments import metadata_of, stoppable
    from ..settings import policy_of
    from ..tables import CONVERSATION_VIEW
    from ..tasks import Once
    from .added import added_items

    def act() -> ExitCode | str:
        pairs = metadata_of(metadata) or UNSET
        creation = create_conversation(items=added_items(text, items, given.process.stdin) or UNSET, metadata=pairs)
        return execute(given, Once(retrying(creation, policy_of(given.options))), CONVERSATION_VIEW)

    return stoppable(given, act)
