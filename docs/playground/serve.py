"""Puts the playground together and serves it on loopback, or writes the folder for a static server.

Law: nothing is built. The folder holds unchanged files: the page, Pyodide and the wheels that `tests/run setup` has
installed, and the sources of the library in one zip. A manifest names them with their sizes.

    python docs/playground/serve.py                serve it on http://127.0.0.1:8000/
    python docs/playground/serve.py --out FOLDER   write the folder that any static server can serve
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import zipfile
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from typing import Any

PLAYGROUND = Path(__file__).resolve().parent
ROOT = PLAYGROUND.parents[1]
RUNTIME = ROOT / "tests" / "embedding" / "pyodide"

PAGE = (
    "index.html",
    "playground.css",
    "icon.svg",
    "playground.js",
    "cards.js",
    "catalogue.js",
    "compose.js",
    "composer.js",
    "dom.js",
    "engine.js",
    "worker.js",
    "playground.py",
    "playground_code.py",
    "playground_facts.py",
    "playground_life.py",
    "playground_text.py",
    "playground_tree.py",
    "playground_views.py",
)
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
LIBRARY = ("codecs", "core", "transports")

LOOPBACK = "127.0.0.1"

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'"
)
"""The Content-Security-Policy. The page says so itself; for the worker, which no page can bind, only a server can."""


TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}
"""Browsers take neither modules nor WebAssembly under other types."""


class NotInstalledError(Exception):
    """Something that the folder is to hold is not on this machine."""


def assemble(folder: Path, runtime: Path = RUNTIME) -> None:
    """Write the page and all that it loads into `folder`, which is made where it is missing.

    `runtime` is where Pyodide and its wheels are installed.

    Raises `NotInstalledError` before anything is written where Pyodide or its wheels are not there.
    """
    pyodide = runtime / "node_modules" / "pyodide"
    wheels = sorted((runtime / "wheels").glob("*.whl"))
    missing = [name for name in PYODIDE if not (pyodide / name).exists()]
    if missing or not wheels:
        raise NotInstalledError("Pyodide is not installed: `tests/run setup` does that")
    for name in ("pyodide", "wheels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in PAGE:
        shutil.copyfile(PLAYGROUND / name, folder / name)
    for name in PYODIDE:
        shutil.copyfile(pyodide / name, folder / "pyodide" / name)
    for wheel in wheels:
        shutil.copyfile(wheel, folder / "wheels" / wheel.name)
    write_library(folder / "puresponse.zip")
    write_manifest(folder, [wheel.name for wheel in wheels])


def write_library(archive: Path) -> None:
    """Write the sources of the library as a zip with `puresponse/` in it; the same bytes for the same sources."""
    found = [
        source
        for package in LIBRARY
        for source in sorted((ROOT / package).rglob("*"))
        if source.suffix in (".py", ".json")
    ]
    sources = [(source, source.relative_to(ROOT)) for source in found]
    sources.append((ROOT / "facade" / "__init__.py", Path("__init__.py")))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for source, name in sources:
            entry = zipfile.ZipInfo(f"puresponse/{name.as_posix()}")  # dated 1980, whenever the source was written
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, source.read_bytes(), zipfile.ZIP_DEFLATED)


def write_manifest(folder: Path, wheels: list[str]) -> None:
    """Write what the page is to load, with sizes in bytes: a static server cannot list a folder."""
    loaded = [f"pyodide/{name}" for name in PYODIDE if not name.endswith(".mjs")]
    loaded += [f"wheels/{name}" for name in wheels]
    loaded += ["puresponse.zip", *(name for name in PAGE if name.endswith(".py"))]
    sizes = {name: (folder / name).stat().st_size for name in loaded}
    manifest = {"wheels": [f"wheels/{name}" for name in wheels], "sizes": sizes}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder, quietly, with the types and the policy that the page wants."""

    def guess_type(self, path: str | PathLike[str]) -> str:
        """The type of a file by its name, whatever this machine's own table says."""
        return TYPES.get(Path(path).suffix) or super().guess_type(path)

    def end_headers(self) -> None:
        """Add what holds for every file."""
        self.send_header("Content-Security-Policy", self.policy())
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def policy(self) -> str:
        """The Content-Security-Policy of the file that is asked for."""
        return POLICY

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Answers each request in a thread, and does not mind a browser that stops listening."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of what went wrong, unless it is that the browser went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def listen(folder: Path, port: int = 0) -> Server:
    """Listen on loopback for requests to the files of `folder`; `serve_forever` then answers them."""
    return Server((LOOPBACK, port), partial(Handler, directory=str(folder)))


def serve(port: int) -> None:
    """Put the folder together in a temporary place, and serve it until the user interrupts."""
    with tempfile.TemporaryDirectory(prefix="puresponse-playground-") as name:
        assemble(Path(name))
        with listen(Path(name), port) as server:
            print(f"The playground is at http://{LOOPBACK}:{server.server_port}/ (Ctrl+C ends it).", flush=True)
            with suppress(KeyboardInterrupt):
                server.serve_forever()


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and return the exit code."""
    parser = argparse.ArgumentParser(description="Serve the playground on loopback, or write it for a static server.")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on, 0 for any that is free")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write the folder there, and serve nothing")
    given = parser.parse_args(arguments)
    out: Path | None = given.out
    try:
        if out is None:
            serve(given.port)
        else:
            assemble(out)
            print(f"The playground is in {out}.")
    except (NotInstalledError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
