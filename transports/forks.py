"""A child process does not wait for what a thread of its parent was importing when it was forked.

Law: what a process can load, a child of it can. For each module that is being imported the interpreter keeps a lock. A
child inherits it from a thread that it does not have, with the module half made, and would wait for ever. So it forgets
both, and imports the module anew: nobody has seen the half.

That is so for modules of this library and for what they import in turn; what others import is theirs. What is being
built needs no such care (see `codecs/lossless/building.py`), and after `preload` nothing of the core and the codecs is
left to be loaded.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident
from contextlib import suppress
from importlib import import_module
from typing import Any

_PACKAGE = f"{__name__.rpartition('.')[0].rpartition('.')[0]}."

_locks: dict[str, Any] = vars(import_module("importlib._bootstrap")).get("_module_locks", {})
"""The locks of modules that are being imported, weakly, by name.

Private, as is `_initializing`: nothing public says what is being imported. `tests/concurrency/test_no_hang.py` fails
where either changes.
"""


def orphans() -> list[str]:
    """The modules of this library that other threads are importing, and those that they import for them.

    In a child these are threads of its parent. The locks are in the order in which the imports began.
    """
    found: list[str] = []
    importing = set[int]()
    for name, reference in list(_locks.items()):
        owner: int | None = getattr(reference(), "owner", None)
        if owner is None or owner == get_ident():
            continue
        if name.startswith(_PACKAGE):
            importing.add(owner)
        if owner in importing:
            found.append(name)
    return found


def forget_orphans() -> None:
    """Let what was being imported be imported anew: what the interpreter calls in a child process."""
    for name in orphans():
        del _locks[name]
        spec = getattr(sys.modules.get(name), "__spec__", None)
        if getattr(spec, "_initializing", False):
            del sys.modules[name]


def watch_forks() -> None:
    """Have the interpreter call `forget_orphans` in each child process."""
    with suppress(AttributeError):  # a system that does not fork
        os.register_at_fork(after_in_child=forget_orphans)
