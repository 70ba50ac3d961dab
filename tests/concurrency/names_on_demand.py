"""A module whose name `Place` is loaded when it is asked for, from `slow_module.py`."""

import threading

begun = threading.Event()
"""Somebody imports `slow_module.py`."""

asked = threading.Event()
"""Somebody else asked for what is in it."""


def __getattr__(name: str) -> object:
    if name != "Place":
        raise AttributeError(name)
    asked.set()
    from slow_module import Place

    return Place
