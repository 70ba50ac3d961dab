"""The commands of `puresponse conversations`, a file each.

Law: as of all commands: one says what it takes without loading what it does. A new one is a file here, which calls its
`command`, and a line below.
"""

CONVERSATION_COMMANDS = (
    "create",
    "retrieve",
    "update",
    "delete",
    "items",
    "item",
    "add-item",
    "delete-item",
)
"""Their names, in the order in which help has them."""

PACKAGE = __name__
