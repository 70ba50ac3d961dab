"""`puresponse conversations add-item`."""

from __future__ import annotations

from ..failures import ExitCode
from ..parameters import FOR_ONE, INCLUDE, Argument, Invocation, command
from .options import ITEMS_FILE, ONE

TEXT = Argument("text", "What the user says, a text; - takes it from standard input.", "[TEXT]", required=False)


@command(ONE, TEXT, ITEMS_FILE, INCLUDE, *FOR_ONE)
def add_item(
    given: Invocation, *, conversation: str, text: str | None, items: str | None, include: tuple[str, ...]
) -> ExitCode | str:
    """Add items to a conversation, 20 at most, and show them as they were added."""
    from ...core import create_conversation_items, retrying
    from ..execute import execute
    from ..requests.arguments import stoppable
    from ..settings import policy_of
    from ..tables import ITEM_VIEW
    from ..tasks import Every
    from .added import added_items

    if text is None and items is None:
        return "name what is to be added: a TEXT, or a file with --items"

    def act() -> ExitCode | str:
        added = added_items(text, items, given.process.stdin)
        addition = create_conversation_items(conversation, items=added, include=include or None)
        return execute(given, Every(retrying(addition, policy_of(given.options)), conversation), ITEM_VIEW)

    return stoppable(given, act)
