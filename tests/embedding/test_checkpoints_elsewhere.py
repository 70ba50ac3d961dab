"""A checkpoint belongs to no copy of the library: what one saved, another loads, under whatever name it goes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import json
from programs import NAMES
from small_children import DEPENDENCIES, dependencies_alone, vendor

VENDORED = "somepackage.deep._vendor"
SAVED = Path(__file__).parents[1] / "core" / "checkpoints" / "format-1.json"

FRAMES = "".join(
    f"""
class {name}(Struct, frozen=True):
    {"; ".join(f"{field}: {kind}" for field, kind in frame.__annotations__.items()) or "pass"}

    def __call__(self, *given):
        raise NotImplementedError
"""
    for name, frame in NAMES.items()
)
"""What a caller calls by a name, in a process that has never heard of `programs.py`."""

CHILD = f"""
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("puresponse", "urllib3"):
            raise ImportError(name)

sys.meta_path.insert(0, Blocked())
sys.path[:0] = sys.argv[2:]
from msgspec import Struct, json
from {VENDORED}.core import load_operation, load_stream, save_checkpoint

{FRAMES}
names = {{name: globals()[name] for name in {[*NAMES]!r}}}
with open(sys.argv[1], "rb") as file:
    saved = json.decode(file.read())["checkpoints"]
for checkpoint in saved:
    data = json.encode(checkpoint)
    loaded = load_operation(data, names=names)
    if type(loaded).__name__ == "Failure":
        loaded = load_stream(data, names=names)
    loaded = loaded.unwrap()
    if not type(loaded.program).__module__.startswith("{VENDORED}.core."):
        raise SystemExit(f"{{loaded}} is not of this copy")
    again = save_checkpoint(loaded.program, elapsed=loaded.elapsed, names=names).unwrap()
    if json.decode(again) != checkpoint:
        raise SystemExit(f"{{again}} is not {{checkpoint}}")
print(len(saved), [name for name in sys.modules if name.startswith("puresponse")])
"""


@pytest.mark.parametrize("flags", [("-I",), ("-I", "-S", "-OO")])
def test_a_vendored_copy_loads_what_the_library_saved(flags: tuple[str, ...], tmp_path: Path) -> None:
    vendor(tmp_path, VENDORED)
    dependencies = dependencies_alone(tmp_path / "dependencies", *DEPENDENCIES)
    command = [sys.executable, *flags, "-c", CHILD, str(SAVED), str(tmp_path), str(dependencies)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    saved = json.decode(SAVED.read_bytes())["checkpoints"]
    assert (done.stdout, done.stderr) == (f"{len(saved)} []\n", "")
    assert len(saved) > 200
