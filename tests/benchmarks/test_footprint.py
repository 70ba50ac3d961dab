"""What the library weighs beside what it is made of, and beside the official client: time to import, memory, files.

Each way of importing is measured in fresh processes that have their bytecode, in turns, by CPU time and by what the
kernel says of their memory. A bound is a ratio to a floor in the same rounds; what does not vary is bound as it is.
"""

from __future__ import annotations

import ast
import io
import py_compile
import shutil
import subprocess
import sys
import tokenize
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pytest
from benchmarking import on_one_processor
from figures import note_figure
from msgspec import Struct
from packaging.requirements import Requirement

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).resolve().parents[2]

NOTHING = "nothing"
PARTS = "msgspec and returns"
FLOOR = "msgspec and urllib3"
CORE = "puresponse.core"
ONE = "one operation"
CANCEL = "one cancel, stepped by hand"
ALL_CORE = "all of the core"
ALL_CODECS = "all of the codecs"
EVERYTHING = "all of both"
CLIENT = "openai"
CLIENT_CANCEL = "one cancel of openai, answered by a stub"

BODY = b'{"id":"resp_1","object":"response","created_at":1,"status":"cancelled","model":"gpt-5-mini","output":[]}'

CODE = {
    NOTHING: "pass",
    PARTS: "import msgspec, returns.result",
    FLOOR: "import msgspec, urllib3",
    CORE: "import puresponse.core",
    ONE: "from puresponse.core import cancel_response",
    CANCEL: f"""
from returns.result import Success
from puresponse.core import HttpResponse, cancel_response
step = cancel_response("resp_1")
done = step.resume(Success(HttpResponse(status=200, body={BODY!r})))
if done.result.unwrap().status != "cancelled":
    raise SystemExit(repr(done))
""",
    ALL_CORE: "from puresponse.core import *",
    ALL_CODECS: "from puresponse.codecs import *",
    EVERYTHING: "from puresponse.core import *\nfrom puresponse.codecs import *",
    CLIENT: "import openai",
    CLIENT_CANCEL: f"""
import httpx2, openai
def answer(request):
    return httpx2.Response(200, headers={{"content-type": "application/json"}}, content={BODY!r})
http_client = httpx2.Client(transport=httpx2.MockTransport(answer), trust_env=False)
client = openai.OpenAI(api_key="sk-none", http_client=http_client)
if client.responses.cancel("resp_1").status != "cancelled":
    raise SystemExit("not cancelled")
""",
}
"""What is measured, by what it is called."""

TIMES = (
    (CORE, PARTS, 0.5),
    (ONE, PARTS, 1.3),
    (CANCEL, PARTS, 2.3),
    (ALL_CORE, PARTS, 2.5),
    (EVERYTHING, FLOOR, 1.0),
    (ONE, CLIENT, 0.1),
    (CANCEL, CLIENT_CANCEL, 0.2),
)
"""How many times the CPU time of what it stands beside each may take."""

MEMORY = (
    (ONE, PARTS, 1.2),
    (CANCEL, PARTS, 1.45),
    (ALL_CORE, PARTS, 1.85),
    (EVERYTHING, FLOOR, 1.0),
    (ONE, CLIENT, 0.2),
    (CANCEL, CLIENT_CANCEL, 0.2),
)
"""How many times what that adds to the memory of an interpreter each may add."""

ALLOCATED = ((ONE, PARTS, 1.2), (CANCEL, PARTS, 1.5), (EVERYTHING, FLOOR, 1.0), (ONE, CLIENT, 0.2))
"""How many times what that has Python allocate, at the peak."""

CODE_OF_A_MODULE = 8_192
"""Bytes, about, that the code of a module takes while it is run, and no longer."""

OWN_MODULES = {CORE: 1, ONE: 25, CANCEL: 59}
"""How many modules of ours each may load; a room counts as one."""

PLOTTED = {
    ONE: "puresponse, one operation",
    CANCEL: "puresponse, one cancel stepped by hand",
    EVERYTHING: "puresponse, all of core and codecs",
    CLIENT: "official client",
    CLIENT_CANCEL: "official client, one cancel answered by a stub",
}
"""What is plotted, and what it is called there."""

ROUNDS = 7
ROUNDS_OF_CLIENT = 5
"""It takes long, and is far away."""

CODE_OF_SOURCES = 648_000
"""The bytes that the code of core and codecs may have: their sources without docstrings, comments and empty lines.

What is told of it may grow; with it the whole has a bound beside the official client. Combinators, and mistakes told by
name, values as people read them, with the styles and the script of a page, requests as command lines of curl, and what
erasure takes are loaded by nothing but who asks for them.
"""


class Footprint(Struct, frozen=True):
    """What importing costs: CPU seconds, bytes of memory, modules."""

    seconds: float
    resident: float
    proportional: float
    private: float
    modules: int
    own: int

    def report(self, name: str) -> None:
        print(
            f"{name}: {self.seconds * 1e3:.1f} ms, {self.resident / 1e6:.1f} MB resident, "
            f"{self.proportional / 1e6:.1f} MB proportional, {self.private / 1e6:.1f} MB private and dirty, "
            f"{self.modules} modules, {self.own} of them ours"
        )


class Measured(Struct, frozen=True):
    """The rounds in order, by what was measured."""

    rounds: dict[str, list[Footprint]]

    def middle(self, name: str) -> Footprint:
        """The medians of the rounds."""
        rounds = self.rounds[name]
        return Footprint(
            seconds=median(each.seconds for each in rounds),
            resident=median(each.resident for each in rounds),
            proportional=median(each.proportional for each in rounds),
            private=median(each.private for each in rounds),
            modules=rounds[0].modules,
            own=rounds[0].own,
        )

    def times(self, name: str, floor: str) -> float:
        """How many times the CPU time of the floor: the median of the rounds that measured both."""
        pairs = zip(self.rounds[name], self.rounds[floor], strict=False)
        return median(ours.seconds / theirs.seconds for ours, theirs in pairs)

    def added(self, name: str) -> float:
        """The bytes of memory, private to the process and dirty, that came on top of the bare interpreter's."""
        return self.middle(name).private - self.middle(NOTHING).private


@cache
def installed() -> TemporaryDirectory[str]:
    """A folder with the packages as a wheel installs them: the links of an editable install take longer to follow."""
    folder = TemporaryDirectory()
    package = Path(folder.name) / "puresponse"
    for room, place in (("facade", package), *((room, package / room) for room in ("codecs", "core", "transports"))):
        shutil.copytree(ROOT / room, place, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def python(code: str) -> str:
    code = f"import sys\nsys.path.insert(0, {installed().name!r})\n{code}"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def footprint(code: str) -> Footprint:
    told = python(
        f"import time\nstarted = time.process_time()\n{code}\ntook = time.process_time() - started\n"
        "memory = open('/proc/self/smaps_rollup').read()\nimport sys\n"
        "print(took, len(sys.modules), len([name for name in sys.modules if name.startswith('puresponse.')]))\n"
        "print(memory)\n"
    )
    first, _, *lines = told.splitlines()
    seconds, modules, own = first.split()
    size = {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines if line)}
    return Footprint(
        float(seconds), size["Rss"], size["Pss"], size["Private_Dirty"], modules=int(modules), own=int(own)
    )


def traced(code: str) -> tuple[int, int]:
    """The bytes that Python allocates: what is kept, and the peak."""
    now, peak = python(
        f"import tracemalloc\ntracemalloc.start()\n{code}\nprint(*tracemalloc.get_traced_memory())"
    ).split()
    return int(now), int(peak)


@pytest.fixture(scope="module")
def measured() -> Measured:
    for code in CODE.values():
        footprint(code)  # writes the bytecode
    rounds: dict[str, list[Footprint]] = {name: [] for name in CODE}
    with on_one_processor():
        for number in range(ROUNDS):
            for name, code in CODE.items():
                if number < ROUNDS_OF_CLIENT or name not in {CLIENT, CLIENT_CANCEL}:
                    rounds[name].append(footprint(code))
    found = Measured(rounds)
    for name in CODE:
        found.middle(name).report(name)
    for name, series in PLOTTED.items():
        note_figure("import-time", series, found.middle(name).seconds * 1e3)
        note_figure("import-memory", series, found.added(name) / 1e6)
    return found


def test_importing_takes_little_longer_than_importing_the_parts(measured: Measured) -> None:
    check("CPU time", {(ours, theirs, bound): measured.times(ours, theirs) for ours, theirs, bound in TIMES})


def test_importing_adds_little_more_memory_than_importing_the_parts(measured: Measured) -> None:
    check(
        "memory, private and dirty",
        {(ours, theirs, bound): measured.added(ours) / measured.added(theirs) for ours, theirs, bound in MEMORY},
    )


def test_what_python_allocates_is_kept_and_little_more_than_for_the_parts() -> None:
    found = {name: traced(CODE[name]) for name in CODE if name not in {NOTHING, ALL_CORE, ALL_CODECS, CLIENT_CANCEL}}
    for name, (kept, peak) in found.items():
        print(f"{name}: {kept / 1e6:.2f} MB allocated by Python, {peak / 1e6:.2f} MB at the peak")
        assert peak <= 1.1 * kept + CODE_OF_A_MODULE
    check("memory, allocated", {row: found[row[0]][1] / found[row[1]][1] for row in ALLOCATED})


def test_only_what_is_asked_for_is_loaded(measured: Measured) -> None:
    own = {name: measured.middle(name).own for name in OWN_MODULES}
    assert {name: count for name, count in own.items() if count > OWN_MODULES[name]} == {}
    assert 0 < own[CORE] < own[ONE] < own[CANCEL] < measured.middle(EVERYTHING).own


def check(what: str, ratios: dict[tuple[str, str, float], float]) -> None:
    """Print ratios, by what stands beside what and the bound, and see that none is above its bound."""
    for (ours, theirs, bound), ratio in ratios.items():
        print(f"{what} of {ours}: {ratio:.3f} x that of {theirs} (at most {bound})")
    assert {row: ratio for row, ratio in ratios.items() if ratio > row[2]} == {}


# --- files ---------------------------------------------------------------------------------------


def installed_size(name: str) -> int:
    """The bytes that a distribution installs, without the bytecode that is made of them."""
    files = distribution(name).files or []
    return sum(Path(str(file.locate())).stat().st_size for file in files if file.suffix != ".pyc")


def with_dependencies(name: str) -> set[str]:
    """A distribution and all that it needs here, without extras."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop().replace("-", "_").lower()
        if name not in found:
            found.add(name)
            needed = [Requirement(line) for line in distribution(name).requires or []]
            waiting += [each.name for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
    return found


def code_of(source: str) -> str:
    """A source without its docstrings, those of attributes included, its comments and its empty lines."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str()), lineno=first, end_lineno=int(last)):
                lines[first - 1 : last] = [""] * (last - first + 1)
            case _:
                pass
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, column = token.start
            lines[line - 1] = lines[line - 1][:column].rstrip()
    return "".join(f"{line}\n" for line in lines if line.strip())


def test_what_is_told_of_code_is_no_code() -> None:
    told = '"""A module."""\n\n# Why.\nSIZE = 1  # because\n"""How large."""\n\n\ndef size() -> str:\n    """Its."""\n'
    assert code_of(f'{told}    return """\n# 1"""\n') == 'SIZE = 1\ndef size() -> str:\n    return """\n# 1"""\n'


def test_what_is_installed_is_small(tmp_path: Path) -> None:
    for layer in ("codecs", "core"):
        shutil.copytree(ROOT / layer, tmp_path / layer, ignore=shutil.ignore_patterns("__pycache__"))
    source = sum(path.stat().st_size for path in tmp_path.rglob("*.*"))
    code = sum(len(code_of(path.read_text()).encode()) for path in tmp_path.rglob("*.py*"))
    archive = Path(shutil.make_archive(str(tmp_path.with_suffix("")), "zip", tmp_path)).stat().st_size
    for number, path in enumerate(sorted(tmp_path.rglob("*.py"))):
        py_compile.compile(str(path), cfile=str(tmp_path / f"{number}.pyc"), doraise=True)
    bytecode = sum(path.stat().st_size for path in tmp_path.glob("*.pyc"))
    ours = {name: installed_size(name) for name in ("msgspec", *with_dependencies("returns"))}
    floor = {name: installed_size(name) for name in ("msgspec", "urllib3")}
    client = {name: installed_size(name) for name in with_dependencies("openai")}
    whole = source + sum(ours.values())
    print(f"core and codecs: {source:,} bytes of source, {code:,} of them code, {archive:,} as a zip file")
    print(f"as bytecode: {bytecode:,}")
    print(f"what they need: {ours}; with them {whole:,} bytes")
    print(f"the floor: {floor}, {sum(floor.values()):,} bytes")
    print(f"the official client: {client['openai']:,} bytes, with {len(client) - 1} others {sum(client.values()):,}")
    assert ours.keys() == {"msgspec", "returns", "typing_extensions"}
    assert code <= CODE_OF_SOURCES
    assert whole <= 0.11 * sum(client.values())
