"""Puts `FetchTransport`, or the drivers, through every law of the contract suite, inside Pyodide."""

from __future__ import annotations

import asyncio
import gc
from importlib import import_module

import fibres

PATIENCE = 30.0
"""Seconds after which a law is held to be broken."""


async def main(laws_of: str, forms: list[str]) -> dict[str, dict[str, str]]:
    """By form and by law, of these forms in that module: nothing where it was kept, or else how it was broken."""
    fibres.install()
    contracts = import_module(laws_of).FORMS
    gc.freeze()  # what is loaded stays, and need not be looked at after each law
    outcomes: dict[str, dict[str, str]] = {}
    for form in forms:
        contract = contracts[form]
        laws = outcomes[form] = {}
        for law in sorted(name for name in dir(contract) if name.startswith("test_")):
            try:
                await asyncio.wait_for(fibres.fibre(getattr(contract(), law)), PATIENCE)
                laws[law] = ""
            except Exception as broken:
                laws[law] = f"{type(broken).__name__}: {broken}"[:500]
            gc.collect()
    return outcomes
