"""`puresponse conversations`: commands for conversations, each in a file of `cli/conversations`."""

from __future__ import annotations

from ..conversations import CONVERSATION_COMMANDS, PACKAGE
from ..groups import Commands

conversations = Commands(
    "conversations",
    names=CONVERSATION_COMMANDS,
    package=PACKAGE,
    help="Create, show, change and delete conversations, and their items.",
)
