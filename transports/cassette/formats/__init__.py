"""Recordings of other programs, to cassettes and back: bytes to recordings and what was not carried over."""
