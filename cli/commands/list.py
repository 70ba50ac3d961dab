"""`puresponse list`."""

from __future__ import annotations

from typing import Literal

import click

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command, option
from ..requests.listing import ALL

AFTER = option("--after", "The response after which to start. Default: at the beginning.", "ID")
LIMIT = option("--limit", "How many responses a page has, 1 to 100. Default: 20; 100 with --all.", "N", type=int)
ORDER = option(
    "--order",
    "The oldest response first, or the newest. Not of Fireworks.",
    type=click.Choice(["asc", "desc"]),
    default="desc",
    show_default=True,
)
MODEL = option("--model", "Those of this model. Of OGX alone.", "ID")
CONVERSATION = option("--conversation", "Those of this conversation. Of Azure AI Foundry alone.", "ID")


@command(AFTER, LIMIT, ORDER, MODEL, CONVERSATION, ALL, *FOR_ONE)
def list(
    given: Invocation,
    *,
    after: str | None,
    limit: int | None,
    order: Literal["asc", "desc"],
    model: str | None,
    conversation: str | None,
    all: bool,
) -> ExitCode | str:
    """List stored responses. Azure AI Foundry, Fireworks and OGX have such a list, OpenAI has none."""
    from ...core import all_responses, list_responses, retrying
    from ..execute import execute
    from ..settings import policy_of
    from ..tables import RESPONSE_VIEW
    from ..tasks import AllListed, PageListed

    policy = policy_of(given.options)
    page_size = (100 if all else 20) if limit is None else limit
    if all:
        responses = all_responses(after=after, limit=page_size, order=order, model=model, conversation_id=conversation)
        return execute(given, AllListed(retrying(responses, policy), page_size), RESPONSE_VIEW)
    page = list_responses(after=after, limit=page_size, order=order, model=model, conversation_id=conversation)
    return execute(given, PageListed(retrying(page, policy)), RESPONSE_VIEW)
