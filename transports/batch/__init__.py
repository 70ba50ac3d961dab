"""Many operations at once, each with its own outcome: how they are taken, told of, limited and ended."""
