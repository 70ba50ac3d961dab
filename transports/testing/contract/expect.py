"""How a law fails, with words, and which laws do. It needs nothing: hosts can be checked without a network."""

from __future__ import annotations


def expect(held: bool, otherwise: str) -> None:
    """Fail the law with the words `otherwise` where it was not `held`, also under `python -O`."""
    if not held:
        raise AssertionError(otherwise)


def broken_laws(contract: object) -> dict[str, str]:
    """Put what `contract` says how to make through all its laws, without pytest: the laws that it breaks, and how.

    >>> class Laws:  # a subclass of `HostContract`, say
    ...     def test_nothing_is_lost(self) -> None:
    ...         raise AssertionError("the last header is lost")
    >>> broken_laws(Laws())
    {'test_nothing_is_lost': 'the last header is lost'}
    """
    broken: dict[str, str] = {}
    for law in sorted(name for name in dir(contract) if name.startswith("test_")):
        try:
            getattr(contract, law)()
        except Exception as error:
            broken[law] = str(error) or repr(error)
    return broken
