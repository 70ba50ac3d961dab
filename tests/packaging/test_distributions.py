"""What is published: a source distribution with all that a clone has, and a wheel with the packages and no more."""

from __future__ import annotations

import re
import sys
import tarfile
import tomllib
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from clone import VERSION, clone, shell
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
MADE_BY_SETUPTOOLS = {"PKG-INFO", "setup.cfg"}
ABOUT = f"puresponse-{VERSION}.dist-info/"

HOOK = """
import sys
from importlib import import_module
backend, path, hook, folder = sys.argv[1:]
sys.path.insert(0, path)
module = import_module(backend)
getattr(module, "get_requires_for_" + hook)()
getattr(module, hook)(folder)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist, what it unpacks to, the wheel of the tree, and in `again` the wheel of the sdist."""
    folder = tmp_path_factory.mktemp("built")
    build(tree, "build_sdist", folder)
    build(tree, "build_wheel", folder)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (folder / "again").mkdir()
    build(unpacked(folder), "build_wheel", folder / "again")
    return folder


def build(source: Path, hook: str, folder: Path) -> None:
    """Build as pip does: the hook of the backend that `pyproject.toml` names, in the folder of the sources."""
    system = tomllib.loads((source / "pyproject.toml").read_text())["build-system"]
    (path,) = system["backend-path"]
    shell(sys.executable, "-c", HOOK, system["build-backend"], str(source / path), hook, str(folder), cwd=source)


def unpacked(built: Path) -> Path:
    (folder,) = (built / "unpacked").iterdir()
    return folder


def files_of(folder: Path) -> set[str]:
    """The files of a folder, without those that Python and pytest have left there."""
    names = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    return {name.as_posix() for name in names if not {"__pycache__", ".pytest_cache"} & set(name.parts)}


def contents(folder: Path) -> dict[str, bytes]:
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def metadata(built: Path) -> Message:
    return message_from_bytes(contents(built)[f"{ABOUT}METADATA"])


def test_the_source_distribution_holds_all_that_a_clone_does(built: Path, tree: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        held = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    held -= {name for name in held if name.startswith("puresponse.egg-info/")}
    assert held - MADE_BY_SETUPTOOLS == {name for name in files_of(tree) if not name.startswith("build/")}
    wanted = {
        "LICENSE",
        "CHANGELOG.md",
        "tests/run",
        "tests/docs/test_examples.py",
        "docs/reasons/architecture.md",
        "MANIFEST.in",
    }
    assert held >= wanted | {"build_backend.py", "docs/examples/batch.py", "tests/codecs/openapi-responses.json"}


def test_the_wheel_of_the_source_distribution_is_the_wheel_of_the_clone(built: Path) -> None:
    assert contents(built / "again") == contents(built)


def test_the_wheel_holds_the_packages_and_nothing_else(built: Path, tree: Path) -> None:
    folders = tomllib.loads((tree / "pyproject.toml").read_text())["tool"]["setuptools"]["package-dir"]
    inside = {
        f"{package.replace('.', '/')}/{name}"
        for package, folder in folders.items()
        for name in files_of(tree / folder)
        if Path(name).suffix in {".py", ".pyi", ".typed", ".json"}
    }
    # The plugin that pytest registers is a package of its own, and lies in a room.
    inside -= {name for name in inside if name.startswith("puresponse/transports/testing/pytest_entry/")}
    described = {name for name in contents(built) if name.startswith(ABOUT)}
    assert set(contents(built)) - described == inside
    assert {Path(name).name for name in described} == {
        "LICENSE",
        "METADATA",
        "NOTICE",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "puresponse.cdx.json",
        "top_level.txt",
    }


def test_a_build_takes_nothing_from_an_earlier_one_and_leaves_nothing_at_the_root(built: Path, tree: Path) -> None:
    assert "puresponse/core/removed_since.py" not in contents(built)
    assert list(tree.glob("*.egg-info")) == []


def test_every_link_and_picture_of_the_description_works_on_any_page(built: Path) -> None:
    described = metadata(built)
    text = str(described.get_payload())
    assert described["Description-Content-Type"] == "text/markdown"
    assert text.strip() == (ROOT / "README.md").read_text().strip()
    tokens = [child for token in MarkdownIt().parse(text) for child in token.children or ()]
    targets = [str(token.attrs.get("href") or token.attrs.get("src")) for token in tokens if token.type in NAMING]
    assert [target for target in targets if not target.startswith("https://")] == []
    assert targets


NAMING = {"link_open", "image"}
"""The parts of Markdown that name another document."""


def test_every_file_that_the_description_names_is_in_the_source_distribution(built: Path) -> None:
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"`((?:cli|codecs|core|docs|facade|tests|transports)/[\w./-]*|[A-Z]+\.md)`", text))
    assert {"docs/guides/testing.md", "CONTRIBUTING.md"} <= named
    assert [name for name in sorted(named) if not (unpacked(built) / name).exists()] == []


def test_every_address_of_the_metadata_is_absolute(built: Path) -> None:
    urls = [str(url).partition(", ")[2] for url in metadata(built).get_all("Project-URL", [])]
    assert urls
    assert [url for url in urls if not re.match(r"https://\S+$", url)] == []


REGISTRY = re.compile(r"registry\.|pypi\.|pythonhosted|npmjs|index-url|find-links")


def test_no_lock_file_and_no_setting_names_a_registry(tree: Path) -> None:
    settings = {".toml", ".cfg", ".ini", ".lock", ".txt", ".in", ".yaml", ".yml", ".npmrc"}
    read = [
        path
        for path in tree.rglob("*")
        if path.is_file()
        and (path.suffix in settings or path.name in {"run", ".npmrc", "package.json", "package-lock.json"})
    ]
    assert {"pyproject.toml", "package-lock.json", "run"} <= {path.name for path in read}
    assert [path.name for path in read if REGISTRY.search(path.read_text())] == []
