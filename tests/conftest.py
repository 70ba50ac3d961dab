"""Leaves out what takes long, unless it is asked for: `tests/run deep`, which is `pytest -m deep`."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that are marked `deep`, where no expression of markers says anything of them."""
    if "deep" in str(config.getoption("markexpr")):
        return
    deep = [item for item in items if item.get_closest_marker("deep")]
    if deep:
        config.hook.pytest_deselected(items=deep)
        items[:] = [item for item in items if item not in deep]
