"""`tests/clients/kinds.json` has all kinds of items and tools of the official client. Run by `tests/run drift` alone.

What fails here is mended by `python tests/scripts/write_client_kinds.py`; `tests/clients` then says what of it the
service in memory does not take yet.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

import pytest
from msgspec import json
from write_client_kinds import FILE, Kinds, kinds

pytestmark = pytest.mark.drift

WRITTEN: dict[str, Any] = json.decode(FILE.read_bytes())


@pytest.fixture(scope="module")
def all_installed() -> Kinds:
    return kinds()


@pytest.mark.parametrize("what", ["input", "output", "tool", "event", "parameter"])
def test_all_that_the_official_client_may_send_and_be_sent_is_gone_through(what: str, all_installed: Kinds) -> None:
    written, installed = WRITTEN[what], all_installed[what]
    new = [name for name, values in installed.items() if values != written.get(name)]
    gone = [name for name in written if name not in installed]
    assert (new, gone) == ([], []), f"of openai {metadata.version('openai')}, the file has {WRITTEN['openai']}"
