"""What docs/guides/pyodide.md shows of JavaScript and of programs for Pyodide is what happens there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from places import ROOT
from pyodide_runtime import LAYERS, SCRIPTS, run_node, wheels, write_archive

from puresponse.transports import MemoryTransport, serve

KEY = "sk-fetch-0123456789abcdef"

OTHERS = """
import { readFileSync } from "node:fs";

const { wheels: paths, programs: [program, ...others], key } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const wheels = paths.map((path) => new Uint8Array(readFileSync(path)));
LOADING
const all = [shown];
for (const other of others) all.push(await pyodide.runPythonAsync(other));
process.stdout.write(`\\n${JSON.stringify(all)}\\n`, () => process.exit(0));
"""
"""A program of Node.js around what the page shows, for the programs that it shows."""


def blocks(language: str) -> list[str]:
    tokens = MarkdownIt().parse((ROOT / "docs" / "guides" / "pyodide.md").read_text())
    return [token.content for token in tokens if token.type == "fence" and token.info == language]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the programs of the page come to."""
    folder: Path = tmp_path_factory.mktemp("page")
    write_archive(folder / "puresponse.whl", [*LAYERS, "facade"], [])
    (loading,) = blocks("js")
    installed = (SCRIPTS / "node_modules" / "pyodide" / "pyodide.mjs").as_uri()
    with serve(MemoryTransport(), api_key=KEY) as base_url:
        for stands, put in (('"pyodide"', json.dumps(installed)), ("https://api.openai.com/v1", base_url)):
            assert stands in loading
            loading = loading.replace(stands, put)
        (folder / "page.mjs").write_text(OTHERS.replace("LOADING", loading))
        paths = [str(path) for path in (*wheels(), folder / "puresponse.whl")]
        job = {"wheels": paths, "programs": blocks("python"), "key": KEY}
        return run_node(folder / "page.mjs", job, blocking=True)


def test_every_program_of_the_page_runs_in_pyodide(shown: Any) -> None:
    assert shown == [True, True, "ResponseCompletedEvent", "msg_long_250"]
