"""The commands of `puresponse ledger`, a file each.

Law: as of all commands: one says what it takes without loading what it does. A new one is a file here, which calls its
`command`, and a line below.
"""

LEDGER_COMMANDS = ("show", "list", "settle", "verify", "receipt")
"""Their names, in the order in which help has them."""

PACKAGE = __name__
