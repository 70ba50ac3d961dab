"""Builds what is built when it is first asked for, msgspec's decoders above all: once, and in one thread at a time.

Law: while anything is being built, no other thread builds, nothing is imported, and the process does not fork.

msgspec keeps what it knows of a struct on the struct, and puts it there before it is complete. A decoder that another
thread builds meanwhile takes the part for the whole, and crashes the interpreter when it meets what is missing. In a
process that was forked meanwhile it stays incomplete for ever. `functools.cache` is no lock: whoever finds nothing
remembered calls the function, at the same time as others.

So all that builds goes through this module, under one lock: the interpreter's import lock. `os.fork` takes that too,
and waits for what is being built: a child finds neither half a struct, nor a lock that nobody is left to release. The
same thread may take it again, for building one thing may build another.

What runs under the lock must import nothing. A thread that imports holds the lock of that module; it may need this one
to go on, and so wait for ever for a thread that waits for it. Modules are loaded first; so is what a caller's own types
name in annotations, which may be loaded when it is named (`evaluate`).
"""

from __future__ import annotations

from _imp import acquire_lock, release_lock  # a private module, and the only way to this lock: a test watches over it
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

from msgspec import MsgspecError, Raw, convert, inspect, json

P = ParamSpec("P")
T = TypeVar("T")

_PACKAGE = f"{__name__.rsplit('.', 3)[0]}."
"""What the names of the library's own modules begin with."""


class _Building:
    """Holds the lock: `with building: …`."""

    __slots__ = ()

    def __enter__(self) -> None:
        acquire_lock()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        release_lock()


building = _Building()


def once(build: Callable[P, T], *, at_most: int | None = None) -> Callable[P, T]:
    """Remember what `build` returns for the same arguments, and build it once, whichever threads ask.

    What is remembered costs what `functools.cache` takes to find it. `at_most` is for how many arguments it is
    remembered: those that were not asked for the longest are forgotten first. `build` must import nothing.
    """
    built: Any = lru_cache(at_most)(build)

    @wraps(build)
    def locked(*args: P.args, **kwargs: P.kwargs) -> T:
        for argument in (*args, *kwargs.values()):
            evaluate(argument)
        with building:
            result: T = built(*args, **kwargs)
        return result

    found: Any = lru_cache(at_most)(locked)
    remembered: Callable[P, T] = found
    return remembered


def decoder(shape: Any) -> Callable[[bytes | memoryview | Raw], Any]:
    """What decodes JSON into a type that msgspec knows. Raises `TypeError` for one that it does not."""
    evaluate(shape)
    with building:
        return json.Decoder[Any](shape).decode


decoder_of = once(decoder)
"""The same, remembered: for the types of the library itself, of which there are only so many."""


def plain_decoder(float_hook: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """What decodes JSON into plain values, and floats by `float_hook`."""
    with building:
        return json.Decoder(float_hook=float_hook).decode


plain_decoder_of = once(plain_decoder)


def schema_of(
    shape: Any, hook: Callable[[type], dict[str, Any]] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schema of a type, and those that it refers to, as msgspec makes them."""
    evaluate(shape)
    with building:
        (schema,), definitions = json.schema_components([shape], schema_hook=hook)
    return schema, definitions


def info_of(shape: Any) -> Any:
    """What msgspec knows of a type. Raises `TypeError`, or whatever its annotations raise, for one it cannot know."""
    evaluate(shape)
    with building:
        return inspect.type_info(shape)


def converted(value: Any, kind: type[Any]) -> Any:
    """Make a `kind` of a plain value, as `msgspec.convert` does, which builds the type at its first use."""
    if _can_be_built(kind):
        return convert(value, kind)
    with building:
        return convert(value, kind)


def _build(kind: type[Any]) -> bool:
    """Whether msgspec knows the type; if so, all of it has been built."""
    try:
        convert(None, kind)
    except MsgspecError:
        return True
    except Exception:
        return False
    return True


_can_be_built = once(_build, at_most=256)


def evaluate(shape: Any) -> None:
    """Look at what the annotations of a caller's own types name, for a module may load it when it is named.

    What cannot be named is left to msgspec, which says so.
    """
    seen: dict[int, Any] = {}
    pending = [shape]
    while pending:
        part = pending.pop()
        if id(part) in seen:
            continue
        seen[id(part)] = part
        pending += (get_origin(part), *get_args(part))
        with suppress(Exception):  # whatever a caller's own module, or a name that there is not, may raise
            if isinstance(part, type) and not part.__module__.startswith((_PACKAGE, "builtins")):
                pending += get_type_hints(part).values()
            pending.append(getattr(part, "__value__", None))  # of a `type` statement
