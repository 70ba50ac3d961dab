"""All that is loaded when it is first asked for, loaded at once: for a host that will soon be able to open no file.

Law: after `preload` the core and the codecs import nothing more, whatever is asked of them.
"""

from __future__ import annotations

from importlib import import_module

_UNNAMED = ("..codecs.second_reading", ".routes")
"""The modules that hold nothing public, and that no public one loads by itself."""

_STANDARD = ("binascii", "difflib", "hashlib", "hmac")
"""What is taken of the standard library inside functions: to verify webhooks, and to suggest a name."""


def preload() -> None:
    """Load every module of the core and the codecs, and all that these load in the midst of their work.

    Importing `puresponse.core` loads next to nothing: each name is loaded when it is first asked for, and the reading
    of a payload that holds something new when the first such payload comes. A process that is about to give up opening
    files (a seccomp filter, a sandbox) calls this before it does. It takes some 0.1 s, and once is enough.
    """
    for name in (*_UNNAMED, *_STANDARD):
        import_module(name, __package__)
    for name in ("..codecs", "..core"):
        package = import_module(name, __package__)
        for public in dir(package):
            getattr(package, public)
