"""Where ids, and what is said of services, are taken from: arguments, files, a ledger, a configuration."""
