"""What is published: a source distribution with all that a clone has, and a wheel with the packages and no more.

`tests/run release` asks the same of what it builds, from a clean checkout.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import tarfile
import tomllib
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from zipfile import ZipFile

import pytest
from clone import VERSION, clone, shell
from markdown_it import MarkdownIt
from release.comparison import differences, members, verdict
from release.contents import REGISTRY, amiss_in_sdist, amiss_in_wheel, expected_in_wheel, traces

ROOT = Path(__file__).resolve().parents[2]
ABOUT = f"puresponse-{VERSION}.dist-info/"

HOOK = """
import os
import sys
from importlib import import_module
backend, path, folder, then, *hooks = sys.argv[1:]
sys.path.insert(0, path)
module = import_module(backend)
for hook in hooks:
    getattr(module, "get_requires_for_" + hook)()
    getattr(module, hook)(folder)
    if then:
        os.environ["SOURCE_DATE_EPOCH"] = then
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clone(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both archives, what the sdist unpacks to, and in `again` both built of that."""
    folder = tmp_path_factory.mktemp("built")
    build(tree, folder)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (folder / "again").mkdir()
    # As another machine would have it: other modes, other dates, another order of sets.
    for count, path in enumerate(sorted(unpacked(folder).rglob("*"))):
        path.chmod(0o700 if path.is_dir() or path.name == "run" else 0o600)
        os.utime(path, (1_500_000_000, 1_500_000_000 + count))
    build(unpacked(folder), folder / "again", ELSEWHERE, then="1700000000")
    return folder


ELSEWHERE = "umask 077; export TZ=Pacific/Kiritimati PYTHONHASHSEED=4711 LC_ALL=C.UTF-8; "
"""What a shell does first where another machine is meant."""


def build(source: Path, folder: Path, first: str = "", then: str = "") -> None:
    """Build both as pip does, by the backend that `pyproject.toml` names; the wheel of the date `then`, if any."""
    system = tomllib.loads((source / "pyproject.toml").read_text())["build-system"]
    (path,) = system["backend-path"]
    words = (sys.executable, "-c", HOOK, system["build-backend"], str(source / path), str(folder), then)
    shell("sh", "-ec", f'{first}exec "$@"', "sh", *words, "build_sdist", "build_wheel", cwd=source)


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


def files_in_repository(tree: Path) -> set[str]:
    return {name for name in files_of(tree) if not name.startswith("build/")}


def test_the_source_distribution_holds_all_that_a_clone_does(built: Path, tree: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    held = members(sdist)
    assert amiss_in_sdist(held, files_in_repository(tree)) == []
    names = {member.name.partition("/")[2] for member in held}
    wanted = {"LICENSE", "LICENSES/MIT.txt", "NOTICE", "REUSE.toml", "CHANGELOG.md", "MANIFEST.in", "tests/run"}
    assert names >= wanted | {"build_backend.py", "docs/examples/batch.py", "tests/codecs/openapi-responses.json"}
    assert amiss_in_sdist(held[1:], files_in_repository(tree)) != []


def test_the_wheel_holds_the_packages_and_nothing_else(built: Path, tree: Path) -> None:
    (wheel,) = built.glob("*.whl")
    project = tomllib.loads((tree / "pyproject.toml").read_text())
    expected = expected_in_wheel(project, files_in_repository(tree))
    assert amiss_in_wheel(members(wheel), expected) == []
    assert {"puresponse/core/py.typed", "puresponse_pytest/__init__.py", f"{ABOUT}METADATA"} <= expected


def test_built_elsewhere_from_the_source_distribution_the_archives_are_the_same(built: Path) -> None:
    (one,), (other,) = built.glob("*.tar.gz"), (built / "again").glob("*.tar.gz")
    assert verdict(one, other) == (True, f"{one.name}: the same bytes")
    (one,), (other,) = built.glob("*.whl"), (built / "again").glob("*.whl")
    # Whoever asks for a date has that.
    assert set(differences(one, other)) == {f"{member.name}: date" for member in members(one)}
    assert {member.date for member in members(other)} == {(2023, 11, 14, 22, 13, 20)}


def test_the_archives_do_not_tell_when_where_or_by_whom_they_were_built(built: Path, tree: Path) -> None:
    day = tomllib.loads((tree / "pyproject.toml").read_text())["tool"]["puresponse"]["release"]["date"]
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    (sdist,), (wheel,) = built.glob("*.tar.gz"), built.glob("*.whl")
    machine = socket.gethostname()
    assert traces(members(sdist), (int(moment.timestamp()),), (str(tree), str(built)), machine) == []
    assert traces(members(wheel), moment.timetuple()[:6], (str(tree), str(built)), machine) == []


def test_the_wheel_has_what_the_library_is_made_of_where_pep_770_says(built: Path) -> None:
    assert contents(built)[f"{ABOUT}sboms/puresponse.cdx.json"] == (ROOT / "puresponse.cdx.json").read_bytes()


def test_the_metadata_names_the_licence_and_the_files_that_have_its_text(built: Path) -> None:
    described = metadata(built)
    assert described["License-Expression"] == "MIT"
    assert described.get_all("License-File") == ["LICENSE", "NOTICE"]
    assert {f"{ABOUT}licenses/LICENSE", f"{ABOUT}licenses/NOTICE"} <= contents(built).keys()


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


INDEX = re.compile(rb"index-url|find-links")


def test_no_lock_file_and_no_setting_names_a_registry(tree: Path) -> None:
    settings = {".toml", ".cfg", ".ini", ".lock", ".txt", ".in", ".yaml", ".yml", ".npmrc"}
    read = [
        path
        for path in tree.rglob("*")
        if path.is_file()
        and (path.suffix in settings or path.name in {"run", ".npmrc", "package.json", "package-lock.json"})
    ]
    assert {"pyproject.toml", "package-lock.json", "run"} <= {path.name for path in read}
    named = [path.name for path in read for wrong in (REGISTRY, INDEX) if wrong.search(path.read_bytes())]
    assert named == []
