"""Serves the built site on loopback, as a static server would.

    python docs/site/site_view.py              serve build/site on http://127.0.0.1:8000/
    python docs/site/site_view.py --port 0     on any port that is free

Law: a page asks nobody but this server, and a policy that browsers enforce says so.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "playground"))

from serve import LOOPBACK, Handler, Server

OUT = Path(__file__).resolve().parents[2] / "build" / "site"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
)
"""The Content-Security-Policy of the pages. The theme sets light or dark by a script in the page: hence the inline."""


class SiteHandler(Handler):
    """Serves the site: each folder under the policy that it needs, and a page for what is not there."""

    def policy(self) -> str:
        """The playground has a stricter one."""
        asked = self.path.split("?")[0]
        own = asked.startswith("/playground/") and not asked.endswith("/about.html")
        return super().policy() if own else POLICY

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is not there with the page that says so."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def listen(folder: Path = OUT, port: int = 0) -> Server:
    """Listen on loopback for requests to the site in `folder`; `serve_forever` then answers them."""
    return Server((LOOPBACK, port), partial(SiteHandler, directory=str(folder)))


@contextmanager
def viewing(folder: Path = OUT) -> Generator[str]:
    """Serve the site from a thread while the block runs, and return the URL of the front page."""
    with listen(folder) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and return the exit code."""
    parser = argparse.ArgumentParser(description="Serve the built site on loopback.")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on, 0 for any that is free")
    given = parser.parse_args(arguments)
    if not (OUT / "index.html").is_file():
        print("The site is not built: `tests/run docs` does that.", file=sys.stderr)
        return 1
    with listen(OUT, given.port) as server:
        print(f"The site is at http://{LOOPBACK}:{server.server_port}/ (Ctrl+C ends it).", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
