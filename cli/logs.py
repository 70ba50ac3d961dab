"""What is sent and answered, shown on standard error while a command is carried out.

Law: a log that cannot be written stops nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from ..transports import Clock, Transport, logging_exchanges
from ..transports.layers.log_level import LogLevel
from .streams import Stopped


def logged(transport: Transport, level: LogLevel, show: Callable[[str, str], None], clock: Clock) -> Transport:
    """Log what passes through `transport`: `show` is called with the level and the text of each line."""
    logger = logging.Logger("puresponse.http", level.upper())  # not the one by that name, which others may hear
    logger.addHandler(_Handler(show))
    return logging_exchanges(transport, logger=logger, clock=clock)


class _Handler(logging.Handler):
    def __init__(self, show: Callable[[str, str], None]) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        """Show a line."""
        with suppress(Stopped):
            self._show(record.levelname, record.getMessage())
