"""A WSGI application on a socket, with cheroot: what users of another server have."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from threading import Thread
from typing import Any

from cheroot import wsgi


@contextmanager
def serving_wsgi(
    application: Callable[..., Iterable[bytes]], *, path: str = "/v1", threads: int = 32
) -> Generator[str]:
    """Serve `application` from a thread while the block runs, and yield its base URL, which ends in `path`."""
    server: Any = wsgi.Server(("127.0.0.1", 0), application, numthreads=threads, timeout=60, shutdown_timeout=1)
    # How often it checks whether it is to stop, in seconds.
    server.expiration_interval = 0.05
    server.prepare()
    thread = Thread(target=server.serve, name="cheroot", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}{path}"
    finally:
        server.stop()
        thread.join()
