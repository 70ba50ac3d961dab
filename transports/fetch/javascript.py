"""The JavaScript around this Python, as far as a fetch needs it.

There is one in Pyodide: in Node.js, a page or a worker. It is looked for when a transport is made, so
that the module can be imported, and its types checked, on any Python.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, TypeVar

from msgspec import Struct

from ..network.refused_urls import check_url_path, check_url_text, refused_url

T = TypeVar("T")

_HASTY = """
return fetch(url, init).then((response) => {
  if (!response.body) return { response };
  const source = response.body.getReader(), reads = [];
  let reading = false;
  const ahead = () => {
    if (reading || reads.length >= 16) return;
    reading = true;
    const read = source.read();
    reads.push(read);
    read.then((result) => { reading = false; if (!result.done) ahead(); }, () => {});
  };
  ahead();
  const read = () => { const next = reads.shift() ?? source.read(); ahead(); return next; };
  return { response, reader: { read } };
});
"""
"""Fetches, and takes up to 16 chunks of the body as soon as they are received. A stream that breaks off drops what it
holds; what was taken before is not lost, and Python is never quick enough for what is received with the break."""


class JavaScript(Struct, frozen=True):
    """What is used of the modules `js` and `pyodide.ffi`; the values of JavaScript are untyped.

    `names` is the global scope, `to_js` copies a Python value, `error` is what a rejected promise raises, and
    `run_sync` waits for an awaitable where `can_run_sync` says that JavaScript can. `hasty` is a function of `_HASTY`,
    or None where JavaScript makes no function of text (as a page's `Content-Security-Policy` may have it).
    """

    names: Any
    to_js: Callable[..., Any]
    error: type[Exception]
    run_sync: Callable[[Awaitable[Any]], Any]
    can_run_sync: Callable[[], bool]
    hasty: Callable[..., Awaitable[Any]] | None


def javascript() -> JavaScript:
    """The JavaScript around this Python. Raises `ImportError` where there is none."""
    try:
        names = import_module("js")
        ffi = import_module("pyodide.ffi")
    except ImportError:
        raise ImportError(
            "only a Python inside JavaScript, such as Pyodide, has a fetch to send with", name="js"
        ) from None
    try:
        hasty = names.Function.new("fetch", "url", "init", _HASTY)
    except ffi.JsException:
        hasty = None
    return JavaScript(names, ffi.to_js, ffi.JsException, ffi.run_sync, ffi.can_run_sync, hasty)


def base_url_of(script: JavaScript, base_url: str, parameter: str = "base_url") -> str:
    """The base URL as JavaScript reads it, without a slash at its end.

    `parameter` is what it was given as, or the `Variable` that has it. Raises `ValueError` for one that is not
    `http(s)://host[:port][/path]`.
    """
    check_url_text(parameter, base_url)
    try:
        url = script.names.URL.new(str.__str__(base_url))
    except script.error:
        url = None
    if url is None:  # outside of the handler, so that the error does not keep one that shows all of the text
        raise refused_url(parameter, base_url, "it must be http://… or https://…, with a host")
    if url.protocol not in {"http:", "https:"}:
        raise refused_url(parameter, base_url, "it must be http://… or https://…, with a host")
    if url.username or url.password or url.search or url.hash:
        raise refused_url(parameter, base_url, "it must have no user, query or fragment")
    if url.port == "0":
        raise refused_url(parameter, base_url, "its port must be 1 to 65535: nothing listens on port 0")
    check_url_path(parameter, base_url, url.pathname)
    return f"{url.origin}{url.pathname}".rstrip("/")
