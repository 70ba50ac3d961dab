"""The commands, a file each: what it takes, and what it does.

Law: a command says what it takes without loading what it does; that is imported when it is done. A new command is a
file here, which calls its `command`, and a line below.
"""

COMMANDS = (
    "delete",
    "cancel",
    "wait",
    "retrieve",
    "audit",
    "show",
    "input-items",
    "list",
    "create",
    "stream",
    "models",
    "conversations",
    "count-tokens",
    "compact",
    "export",
    "import",
    "services",
    "ledger",
    "samples",
    "serve",
    "record",
    "cassette",
)
"""Their names, in the order in which help has them. The file is that of the name: `_` for `-`, and after a keyword."""
