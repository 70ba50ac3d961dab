"""What drivers tell of a run while it is under way, and what records it."""
