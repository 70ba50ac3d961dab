"""Core and codecs by themselves: in any interpreter, from any place, under any name, they do the same.

Every program of the catalogue is run here against a service in memory, and its answers recorded. Each test then starts
an interpreter in which nothing else is to be had, and replays them there (`small_probe.py`): what comes of it must be
what came of it here, to the last step.
"""

from __future__ import annotations

import ast
import compileall
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from interpreters import python
from places import ROOT
from small_children import (
    DEPENDENCIES,
    LAYERS,
    PROBE,
    PROGRAMS_FILE,
    Recording,
    Report,
    copy_layers,
    dependencies_alone,
    modules_of,
    place_of,
    record,
    replay,
    vendor,
)

import puresponse.codecs
import puresponse.core

NAMES = {
    "codecs": sorted(vars(puresponse.codecs)["__all__"]),
    "core": sorted(vars(puresponse.core)["__all__"]),
    **{f"{layer}, modules": modules_of(layer) for layer in LAYERS},
}
"""What there is to be loaded."""

DOCSTRING = '"""What a structured output is asked to be."""'
"""What a type of the caller's own says of itself, which the schema of a structured output tells the model."""

HARMLESS = {
    "builtins.id",
    "code.__new__",
    "compile",
    "exec",
    "import",
    "marshal.loads",
    "object.__getattr__",
    "object.__setattr__",
    "open",
    "os.listdir",
    "pickle.find_class",
    "sys._getframe",
    "sys._getframemodulename",
}
"""What the interpreter tells of where modules are loaded and steps are pickled, and no more."""

HOSTILE = {
    "OPENAI_API_KEY": "sk-of-the-environment",
    "OPENAI_BASE_URL": "http://127.0.0.1:1/",
    "OPENAI_ORG_ID": "org-of-the-environment",
    "OPENAI_PROJECT_ID": "proj-of-the-environment",
    "OPENAI_LOG": "debug",
    "OPENAI_WEBHOOK_SECRET": "whsec_of-the-environment",
    "PURESPONSE_DEBUG": "1",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "ALL_PROXY": "socks5://127.0.0.1:1",
    "SSL_CERT_FILE": "/nonexistent",
    "HOME": "/nonexistent",
    "TMPDIR": "/nonexistent",
    "TZ": "Pacific/Kiritimati",
    "LANG": "C",
    "LC_ALL": "C",
    "LANGUAGE": "tlh",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
    "PYTHONHASHSEED": "4242",
    "PYTHONINTMAXSTRDIGITS": "640",
    "PYTHONDEVMODE": "1",
}


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record()


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dependencies_alone(tmp_path_factory.mktemp("alone") / "dependencies", *DEPENDENCIES)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `puresponse` as it is installed, without its transports."""
    folder = tmp_path_factory.mktemp("puresponse")
    copy_layers(folder / "puresponse")
    assert compileall.compile_dir(folder, quiet=1)
    return folder


def check(report: Report, recording: Recording) -> None:
    """It did all that was recorded, loaded all that is public, and looked at nothing."""
    for package, transcripts in report.transcripts.items():
        assert report.names[package] == NAMES
        assert transcripts.keys() == recording.transcripts.keys()
        for name, transcript in transcripts.items():
            assert transcript == recording.transcripts[name], f"{name}, in {package}"
    assert report.strangers == []
    assert report.readers == []
    assert report.asked_for == []
    assert report.written == []
    assert set(report.events) <= HARMLESS


def outside(report: Report, *places: Path) -> list[str]:
    """What was read other than the standard library, the programs, and these places."""
    own = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(PROGRAMS_FILE)}
    allowed = (*own, *map(str, places))
    return [path for path in report.read if not path.startswith(allowed)]


def test_what_is_recorded_takes_every_kind_of_step(recording: Recording) -> None:
    lines = [line for transcript in recording.transcripts.values() for line in transcript]
    kinds = {line.split(":")[0] for line in lines}
    assert {"Done", "Send", "Wait", "Fork", "Emit", "Perform", "Open", "Read", "Close", "End"} <= kinds
    assert {"a Response", "a Page", "a ApiError", "a DeletedResponse", "a ResponseAudit"} <= kinds
    assert {tuple(told) for answers in recording.told.values() for told in answers} == {
        ("answer",),
        ("bytes",),
        ("elapsed",),
    }


def test_recording_is_repeatable(recording: Recording) -> None:
    assert record() == recording


# --- interpreters --------------------------------------------------------------------------------


def test_as_it_is_installed(recording: Recording) -> None:
    report = replay(recording, "-I")
    check(report, recording)
    assert (report.flags["optimize"], report.flags["no_site"]) == (0, 0)


@pytest.mark.parametrize("flags", [("-I", "-S", "-bb", "-W", "error"), ("-I", "-S", "-O")])
def test_isolated_without_site_and_without_asserts(
    recording: Recording, dependencies: Path, alone: Path, flags: tuple[str, ...]
) -> None:
    report = replay(recording, *flags, path=[alone, dependencies])
    check(report, recording)
    assert report.flags == {
        "isolated": 1,
        "no_site": 1,
        "ignore_environment": 1,
        "optimize": flags.count("-O"),
    }
    assert outside(report, alone, dependencies, *map(place_of, DEPENDENCIES)) == []
    assert not [name for name in report.modules if name.startswith(("puresponse.transports", "urllib3", "site"))]


def test_without_docstrings_only_that_of_a_type_of_the_callers_own_is_missed(
    recording: Recording, dependencies: Path, alone: Path, tmp_path: Path
) -> None:
    source = PROGRAMS_FILE.read_text()
    assert source.count(DOCSTRING) == 1
    undescribed = tmp_path / "undescribed.py"
    undescribed.write_text(source.replace(DOCSTRING, "pass"))

    report = replay(recording, "-I", "-S", "-OO", path=[alone, dependencies])
    expected = replay(recording, "-I", "-S", path=[alone, dependencies], programs=undescribed)

    assert report.flags["optimize"] == 2
    assert expected.flags["optimize"] == 0
    assert (report.documented, expected.documented) == (False, True)
    told = report.transcripts["puresponse"]
    assert told == expected.transcripts["puresponse"]
    check(report, Recording(recording.told, told))
    differing = {name for name, transcript in told.items() if transcript != recording.transcripts[name]}
    assert differing == {"create_parsed_response", "create_parsed_response of text"}


def test_a_description_that_is_no_docstring_is_sent_without_docstrings_too() -> None:
    code = """
from typing import Annotated
from msgspec import Meta, Struct
from puresponse.core import create_parsed_response

class Weather(Struct):
    'Gone.'
    city: str

described = Annotated[Weather, Meta(description="Stays.")]
print(create_parsed_response(described, model="m", input="i").request.body.decode())
"""
    sent = python("-I", "-OO", "-c", code)
    assert b'"description":"Stays."' in sent
    assert b"Gone." not in sent


# --- the environment -----------------------------------------------------------------------------


@pytest.mark.parametrize("environment", [{}, HOSTILE], ids=["none", "hostile"])
def test_the_environment_makes_no_difference(
    recording: Recording, dependencies: Path, alone: Path, environment: dict[str, str]
) -> None:
    report = replay(recording, "-S", "-P", path=[alone, dependencies], environment=environment)
    check(report, recording)
    assert report.flags["ignore_environment"] == 0


READINGS = (
    "from os import environ; environ.get('OPENAI_API_KEY')",
    "import os; os.getenv('OPENAI_API_KEY', 'unset')",
    "import os; os.environb.get(b'OPENAI_API_KEY')",
    "import posix; posix.environ.get(b'OPENAI_API_KEY')",
    "import os; 'OPENAI_API_KEY' in os.environ",
    "import os; dict(os.environ)",
    "import os; os.path.expanduser('~')",
    "import os; os.environ['OPENAI_API_KEY'] = 'written'",
    "import os; del os.environ['OPENAI_API_KEY']",
)


def test_a_look_at_the_environment_would_be_noticed(recording: Recording, dependencies: Path, tmp_path: Path) -> None:
    copy_layers(tmp_path / "puresponse")
    tampered = tmp_path / "puresponse" / "core" / "delays.py"
    source = tampered.read_text()
    tampered.write_text(source + "".join(f"try: {reading}\nexcept OSError: pass\n" for reading in READINGS))
    few = Recording({"delay": recording.told["delay"]}, {"delay": recording.transcripts["delay"]})
    report = replay(few, "-I", "-S", path=[tmp_path, dependencies])
    lines = [f"{tampered}:{len(source.splitlines()) + 1 + 2 * number} <" for number in range(len(READINGS))]
    assert [line for line in lines if not any(line in places for places in report.readers)] == []
    with pytest.raises(AssertionError):
        check(report, few)


# --- from a zip file -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["source", "bytecode"])
def test_from_a_zip_file(recording: Recording, tmp_path: Path, form: str) -> None:
    alone = tmp_path / "alone"
    copy_layers(alone / "puresponse")
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    shutil.copytree(place_of("returns"), libraries / "returns", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(place_of("typing_extensions"), libraries)
    if form == "bytecode":
        for folder in (alone, libraries):
            assert compileall.compile_dir(folder, quiet=1, legacy=True)
            for source in folder.rglob("*.py"):
                source.unlink()
    ours = Path(shutil.make_archive(str(tmp_path / "puresponse"), "zip", alone))
    theirs = Path(shutil.make_archive(str(tmp_path / "libraries"), "zip", libraries))
    shutil.rmtree(alone)
    shutil.rmtree(libraries)
    extension = dependencies_alone(tmp_path / "extension", "msgspec")

    report = replay(recording, "-I", "-S", path=[ours, theirs, extension])

    check(report, recording)
    assert outside(report, ours, theirs, extension, place_of("msgspec")) == []
    found = [path for name, path in report.modules.items() if name.startswith(("puresponse.co", "returns."))]
    assert len(found) > sum(len(NAMES[f"{layer}, modules"]) for layer in LAYERS)
    assert [path for path in found if not path.startswith((str(ours), str(theirs), "None"))] == []
    assert {Path(path).suffix for path in found if ".zip" in path} == {".py" if form == "source" else ".pyc"}


# --- vendored ------------------------------------------------------------------------------------

VENDORED = "somepackage.inner._vendor"


def test_vendored_where_puresponse_is_not_to_be_had(recording: Recording, tmp_path: Path, dependencies: Path) -> None:
    vendor(tmp_path, VENDORED)
    report = replay(
        recording, "-I", packages=[VENDORED], path=[tmp_path, dependencies], blocked=["puresponse", "urllib3"]
    )
    check(report, recording)
    assert [name for name in report.modules if name.startswith("puresponse")] == []
    ours = {name: path for name, path in report.modules.items() if name.startswith(VENDORED)}
    assert len(ours) > sum(len(NAMES[f"{layer}, modules"]) for layer in LAYERS)
    assert [name for name, path in ours.items() if not path.startswith((str(tmp_path), "None"))] == []


def test_copies_live_side_by_side(recording: Recording, tmp_path: Path, dependencies: Path, alone: Path) -> None:
    packages = [VENDORED, "puresponse", "another"]
    vendor(tmp_path, VENDORED)
    vendor(tmp_path, "another")
    report = replay(recording, "-I", "-S", packages=packages, path=[alone, tmp_path, dependencies])
    assert list(report.transcripts) == packages
    check(report, recording)


def test_an_import_by_name_would_be_noticed(recording: Recording, tmp_path: Path, dependencies: Path) -> None:
    vendor(tmp_path, "another")
    tampered = tmp_path / "another" / "core" / "delays.py"
    code = "\ntry:\n    import puresponse.core\nexcept ImportError:\n    pass\n"
    tampered.write_text(tampered.read_text() + code)
    few = Recording({"delay": recording.told["delay"]}, {"delay": recording.transcripts["delay"]})
    report = replay(few, "-I", packages=["another"], path=[tmp_path, dependencies], blocked=["puresponse"])
    assert set(report.asked_for) == {"puresponse"}
    with pytest.raises(AssertionError):
        check(report, few)


def absolute_names(source: str) -> list[str]:
    """Where a module names the package that it is in, other than in what nobody runs."""
    tree = ast.parse(source)
    prose = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found += [alias.name for alias in node.names if alias.name.split(".")[0] == "puresponse"]
            case ast.ImportFrom(module=str(module), level=0) if module.split(".")[0] == "puresponse":
                found.append(module)
            case ast.Constant(value=str(text)) if "puresponse." in text and id(node) not in prose:
                found.append(text)
            case _:
                pass
    return found


def test_no_module_names_the_package_that_it_is_in() -> None:
    paths = [path for layer in LAYERS for path in (ROOT / layer).rglob("*.py")]
    assert len(paths) > 90
    assert {path.name: found for path in paths if (found := absolute_names(path.read_text()))} == {}


def test_a_name_of_the_package_would_be_noticed() -> None:
    source = '''"""Prose may name `puresponse.core`."""
import puresponse.core
import puresponse_pytest
from puresponse import codecs
from . import puresponse
where = f"puresponse.{1}"
"""So may what is said of a value: `puresponse.core`."""
'''
    assert absolute_names(source) == ["puresponse.core", "puresponse", "puresponse."]


def test_a_vendored_copy_is_typed(tmp_path: Path) -> None:
    vendor(tmp_path, VENDORED)
    use = tmp_path / "use.py"
    use.write_text(
        f"from {VENDORED}.core import Operation, cancel_response\n"
        f"from {VENDORED}.codecs import Response\n"
        "right: Operation[Response] = cancel_response('resp_1')\n"
        "wrong: Operation[int] = cancel_response('resp_1')\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, "--cache-dir", str(tmp_path / "cache"), "-p", VENDORED.partition(".")[0], "-m", "use"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Found 1 error in 1 file" in done.stdout, done.stdout + done.stderr
    assert "use.py:4: error: Incompatible types in assignment" in done.stdout


def test_the_probe_says_nothing_by_assert() -> None:
    assert not [node for node in ast.walk(ast.parse(PROBE.read_text())) if isinstance(node, ast.Assert)]
