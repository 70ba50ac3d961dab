"""Docstrings tell every public name: its parameters, its errors, the page of the API, with an example that runs.

    python -m pytest -q tests/docs/test_reference_docstrings.py -k transports

`tests/scripts/reference_telling.py` says what counts as told.
"""

from __future__ import annotations

import pytest
from reference_names import Told, public_names, told
from reference_telling import untold

ROOMS = ("codecs", "core", "transports", "transports.testing.contract")


def room_of(one: Told) -> str:
    inside = one.module.__name__.removeprefix("puresponse.")
    return max((room for room in ROOMS if f"{inside}.".startswith(f"{room}.")), key=len)


@pytest.mark.parametrize("room", ROOMS)
def test_every_docstring_tells_all_of_its_name(room: str) -> None:
    names = [one for one in map(told, public_names()) if room_of(one) == room]
    assert len(names) > 20
    assert {one.name: missing for one in names if (missing := untold(one))} == {}
