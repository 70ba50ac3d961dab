"""Cassettes of other programs: what is read from theirs, and written for them, and what cannot be carried over."""
