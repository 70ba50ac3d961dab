"""What several of these commands take."""

from __future__ import annotations

import click

from ..parameters import Argument

FILE = Argument("file", "The ledger of a run.", "FILE", type=click.Path(exists=True, dir_okay=False))
KEY = Argument("key", "The id of a response, or what else an operation is called there.", "KEY")
