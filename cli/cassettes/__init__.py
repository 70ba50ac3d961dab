"""The commands of `puresponse cassette`, a file each, and what they show.

Law: as of all commands: one says what it takes without loading what it does. A new one is a file here, which calls its
`command`, and a line below.
"""

CASSETTE_COMMANDS = ("show", "check", "diff", "scrub", "convert", "list", "verify")
"""Their names, in the order in which help has them."""

PACKAGE = __name__
