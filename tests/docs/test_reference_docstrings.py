"""Docstrings tell every public name: its parameters, its errors, the page of the API, with an example that runs.

    python -m pytest -q tests/docs/test_reference_docstrings.py -k transports

`tests/scripts/reference_telling.py` says what counts as told. Names of `UNTOLD` are not told yet: whoever tells one
takes it out of the list, which gets no longer.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from reference_names import Told, public_names, told
from reference_telling import untold

UNTOLD = Path(__file__).with_name("reference_untold.txt")
ROOMS = ("codecs", "core", "transports", "transports.testing.contract")


def room_of(one: Told) -> str:
    inside = one.module.__name__.removeprefix("puresponse.")
    return max((room for room in ROOMS if f"{inside}.".startswith(f"{room}.")), key=len)


def not_told(room: str) -> dict[str, list[str]]:
    names = [one for one in map(told, public_names()) if room_of(one) == room]
    assert len(names) > 20
    return {one.name: missing for one in names if (missing := untold(one))}


@pytest.mark.parametrize("room", ROOMS)
def test_every_docstring_tells_all_of_its_name(room: str) -> None:
    later = set(UNTOLD.read_text().split())
    assert {name: missing for name, missing in not_told(room).items() if name not in later} == {}


def test_no_name_is_waited_for_that_is_told() -> None:
    missing = {name for room in ROOMS for name in not_told(room)}
    assert set(UNTOLD.read_text().split()) - missing == set()
