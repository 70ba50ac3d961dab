"""The library's drivers inside Pyodide, put through every law of hosts of the contract suite, as it is."""

from __future__ import annotations

from typing import Any

import pytest
from pyodide_runtime import SCRIPTS, run_in_pyodide

from puresponse.transports.testing.contract import (
    AsyncHostContract,
    AsyncStreamHostContract,
    HostContract,
    RestartingHostContract,
    StreamHostContract,
)

HOSTS: dict[str, type[HostContract]] = {
    "run": RestartingHostContract,
    "run_async": AsyncHostContract,
    "iterate": StreamHostContract,
    "iterate_async": AsyncStreamHostContract,
}


def laws_of(contract: type[HostContract]) -> list[str]:
    return sorted(name for name in dir(contract) if name.startswith("test_"))


@pytest.fixture(scope="module")
def outcomes() -> Any:
    modules = [SCRIPTS / "fibres.py", SCRIPTS / "host_laws.py"]
    return run_in_pyodide(
        "contract.py", modules=modules, blocking=True, laws_of="host_laws", forms=[*HOSTS, "impatient"]
    )


@pytest.mark.parametrize(("host", "law"), [(host, law) for host in HOSTS for law in laws_of(HOSTS[host])])
def test_a_driver_keeps_a_law(outcomes: Any, host: str, law: str) -> None:
    assert outcomes[host][law] == ""


def test_every_law_is_tried(outcomes: Any) -> None:
    assert {host: sorted(outcomes[host]) for host in HOSTS} == {host: laws_of(HOSTS[host]) for host in HOSTS}


def test_a_host_that_goes_by_another_clock_is_found_out(outcomes: Any) -> None:
    assert "test_a_wait_lasts_at_least_its_seconds" in {law for law, how in outcomes["impatient"].items() if how}
