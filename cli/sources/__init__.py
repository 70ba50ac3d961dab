"""Where ids are taken from: arguments, lines of files, JSON, a ledger, and the responses before a response."""
