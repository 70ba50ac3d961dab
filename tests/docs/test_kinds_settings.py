"""The pages on settings have every argument that sets something, as the code and its docstrings have it."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
import write_settings
from places import ROOT
from reference_names import told
from told_tables import spans, tables_of

from puresponse import AiohttpTransport, Urllib3Transport

REFERENCE = ROOT / "docs" / "reference"
GROUPED = [name for names in write_settings.GROUPS.values() for name in names.split()]

UNIT = re.compile(
    r"\b(seconds?|bytes|how many|so many|how often|chance|number|port|version|statuse?s?|MiB)\b", re.IGNORECASE
)
"""What a number is of."""


def test_the_page_is_what_the_script_writes() -> None:
    assert write_settings.PAGE.read_text(encoding="utf-8") == write_settings.page()


def test_all_that_can_be_set_is_on_the_page_or_is_a_value() -> None:
    assert len(set(GROUPED)) == len(GROUPED)
    assert not write_settings.VALUES & set(GROUPED)
    assert write_settings.can_be_set() == write_settings.VALUES | set(GROUPED)


@pytest.mark.parametrize("name", [name for name in GROUPED if ".transports." in told(name).module.__name__])
def test_a_number_is_told_with_its_unit_and_its_range(name: str) -> None:
    for parameter, one in write_settings.settings(name).items():
        is_number = re.search(r"\b(int|float)\b", str(one.annotation)) and "Callable" not in str(one.annotation)
        if is_number and type(one.default) in {int, float}:
            text = write_settings.entry(told(name).doc, parameter, frozenset({name})) or ""
            assert UNIT.search(text), (name, parameter, text)
            assert re.search(r"\d|whole number|half", text), (name, parameter, text)


def rows() -> list[dict[str, str]]:
    return tables_of(REFERENCE / "settings.md", "## All of them")[0]


@pytest.mark.parametrize("transport", [Urllib3Transport, AiohttpTransport])
def test_the_table_of_a_network_transport_has_each_argument_and_no_other(transport: Any) -> None:
    assert [name for row in rows() for name in spans(row["argument"])] == list(inspect.signature(transport).parameters)


def test_the_table_says_the_default_and_the_variables_of_each() -> None:
    parameters = inspect.signature(Urllib3Transport).parameters
    known = {
        name for table in tables_of(REFERENCE / "environment.md") for row in table for name in spans(row["variable"])
    }
    sizes = {"256 KiB": 256 * 1024, "1 GiB": 1024**3}
    for row in rows():
        assert set(re.findall(r"`([A-Z_]+)`", row["environment"])) <= known
        default = parameters[row["argument"].strip("`")].default
        if type(default) in {int, float}:
            shown = row["default"].replace(",", "")
            assert sizes.get(shown, None if not shown.isdigit() else float(shown)) == default, row
            assert re.search(r"\d", row["allowed"]), row


@pytest.mark.parametrize("heading", ["## Azure", "### A company's own authority: `ca_file`", "## Logging"])
def test_a_stranger_finds_what_was_on_no_page_by_its_heading(heading: str) -> None:
    assert f"\n{heading}\n" in (REFERENCE / "settings.md").read_text(encoding="utf-8")
