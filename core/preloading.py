"""All that is loaded or built when it is first asked for, at once: for a process that will soon open no more files.

Law: after `preload` the core and the codecs import nothing more, whatever is asked of them, and build nothing more but
for a caller's own types.
"""

from __future__ import annotations

from importlib import import_module

_UNNAMED = (
    "..codecs.lossless.displaced",
    "..codecs.lossless.lenient",
    "..codecs.rendering.page",
    "..codecs.rendering.text",
    ".mistakes",
    ".routes",
)
"""The modules that hold nothing public, and that no public one loads by itself."""

_STANDARD = ("binascii", "difflib", "hashlib", "hmac")
"""What is taken of the standard library inside functions: to verify webhooks, and to suggest a name."""


def preload() -> None:
    """Load every module of the core and the codecs, and all that these load in the midst of their work; build it all.

    Importing `puresponse.core` loads next to nothing: each name is loaded when it is first asked for, a decoder is
    built when it is first used, and so is what reads a payload that holds something new when the first such payload is
    received. A process that is about to lose the right to open files (a seccomp filter, a sandbox) calls this before,
    and so may one that forks while it has threads, or that must not let its first call wait. It takes some 0.2 s, and
    once is enough.

    >>> preload()
    """
    for name in (*_UNNAMED, *_STANDARD):
        import_module(name, __package__)
    for name in ("..codecs", "..core"):
        package = import_module(name, __package__)
        for public in dir(package):
            getattr(package, public)
    _build_all()


def _build_all() -> None:
    from ..codecs import decoders
    from .endpoints import output_reader, webhooks
    from .interchange import exchange_json
    from .interchange.names import library_structs
    from .interchange.reader import asked_of
    from .interchange.writer import defaults_of

    decoders.build_all()
    exchange_json.build_all()
    webhooks.event_codec()
    output_reader.around_any()
    for struct in library_structs():
        defaults_of(struct)
        asked_of(struct)
