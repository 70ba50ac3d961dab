"""How a law fails: with words. It needs nothing, so that the laws of hosts load where there is no network either."""

from __future__ import annotations


def expect(held: bool, otherwise: str) -> None:
    """Fail the law with the words `otherwise` where it was not `held`, also under `python -O`."""
    if not held:
        raise AssertionError(otherwise)
