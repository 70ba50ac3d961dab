"""Everything public in one place: `from puresponse import cancel_response, run, Urllib3Transport`.

Law: importing this loads nothing else, be it of the library, of what it is made of, or of Python's own. What is public
in `puresponse.core`, `puresponse.codecs` and `puresponse.transports` is public here, and loaded when it is first asked
for; what is of the core can be had without the transports.
"""

_PACKAGES = ("core", "codecs", "transports")
"""Where what is public is looked for, in this order: a name of two packages is the same thing in both."""


def __getattr__(name: str) -> object:
    value: object
    if name == "__version__":
        value = _version()
    elif name == "__all__":
        value = _names()
    elif name in _PACKAGES:
        return _package(name)
    else:
        value = _found(name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    own = {name for name in globals() if name.startswith("__")}
    return sorted({*own, *_names(), "__all__", "__version__"})


def _package(name: str):
    from importlib import import_module

    return import_module(f".{name}", __name__)


def _names() -> list[str]:
    return list(dict.fromkeys(name for package in map(_package, _PACKAGES) for name in package.__all__))


def _found(name: str) -> object:
    if not name.startswith("_"):
        for package in map(_package, _PACKAGES):
            if name in package.__all__:
                return getattr(package, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("puresponse")
    except PackageNotFoundError:  # a copy on the path, which says of itself no more than that
        return "0+unknown"
