"""Many threads that ask one transport at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from puresponse.core import HttpRequest
from puresponse.transports import Transport


def from_eight_threads(transport: Transport, request: HttpRequest) -> list[int]:
    """Ask 4,000 times from eight threads that start together, and give the statuses in order."""
    start = Barrier(8)

    def ask(_: int) -> list[int]:
        start.wait()
        return [transport(request).unwrap().status for _ in range(500)]

    with ThreadPoolExecutor(8) as threads:
        return sorted(status for statuses in threads.map(ask, range(8)) for status in statuses)
