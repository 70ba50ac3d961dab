"""What `tests/run release` asks of archives: each thing that could be wrong is found, and named."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from clone import ROOT, VERSION, shell
from release.__main__ import written
from release.comparison import Member, differences, members, verdict
from release.contents import amiss_in_sdist, amiss_in_wheel, expected_in_wheel, traces
from write_sbom import project

OWNER = (0, 0, "", "")
DATE = (1_764_201_600,)
GOOD = Member("puresponse-1/core/steps.py", DATE, 0o644, OWNER, b"text")


def packed(folder: Path, *files: tuple[str, bytes], level: int = 9, mode: int = 0o644) -> Path:
    folder.mkdir(exist_ok=True)
    wheel = folder / "puresponse-1-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        for name, content in files:
            member = ZipInfo(name)
            member.external_attr = (0o100000 | mode) << 16
            archive.writestr(member, content, ZIP_DEFLATED, level)
    return wheel


FILES = (("a", b"one of the files " * 99), ("b", b"another"))


def test_archives_that_hold_the_same_are_told_from_those_that_are_the_same_bytes(tmp_path: Path) -> None:
    one, other = packed(tmp_path / "one", *FILES), packed(tmp_path / "other", *FILES)
    assert verdict(one, other) == (True, f"{one.name}: the same bytes")
    loosely = packed(tmp_path / "loosely", *FILES, level=0)
    told = f"{one.name}: the same files, dates and modes, which another zlib has packed"
    assert verdict(one, loosely) == (True, told)


def test_what_two_archives_do_not_have_in_common_is_named(tmp_path: Path) -> None:
    one = packed(tmp_path / "one", *FILES)
    less = packed(tmp_path / "less", FILES[0])
    assert differences(one, less) == [f"only {one}: b"]
    assert differences(less, one) == [f"only {one}: b"]
    assert differences(one, packed(tmp_path / "reversed", *FILES[::-1])) == ["the order of the files"]
    assert differences(one, packed(tmp_path / "changed", FILES[0], ("b", b"changed"))) == ["b: content"]
    assert differences(one, packed(tmp_path / "open", *FILES, mode=0o666)) == ["a: mode", "b: mode"]
    assert verdict(one, less) == (False, f"{one.name}: not the same\n  only {one}: b")


def test_a_source_distribution_tells_all_that_is_compared(tmp_path: Path) -> None:
    sdist = tmp_path / "puresponse-1.tar.gz"
    with tarfile.open(sdist, "w:gz") as archive:
        member = tarfile.TarInfo("puresponse-1/core/steps.py")
        member.mode, member.mtime, member.uid, member.uname, member.size = 0o600, 7, 1000, "somebody", 4
        archive.addfile(member, io.BytesIO(b"text"))
    told = Member("puresponse-1/core/steps.py", (7,), 0o600, (1000, 0, "somebody", ""), b"text")
    assert members(sdist) == [told]
    assert traces([told], DATE, (), "vm-4711") == [
        f"{told.name} is of (7,)",
        f"{told.name} has the mode 600 and the owner (1000, 0, 'somebody', '')",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("core/steps.py", b"made in /home/me/puresponse", "names /home/me/"),
        ("core/steps.py", b"from %sjs.example.org" % b"npm", f"names a registry: {'npm'}js"),
        ("about/WHEEL", b"vm-4711", "names the machine vm-4711"),
    ],
)
def test_an_archive_that_tells_where_it_was_built_is_found_out(name: str, content: bytes, told: str) -> None:
    member = GOOD._replace(name=f"puresponse-1/{name}", content=content)
    assert traces([GOOD, member], DATE, ("/home/me/",), "vm-4711") == [f"{member.name} {told}"]


def test_a_stray_file_and_one_that_is_missing_are_named() -> None:
    names = ("PKG-INFO", "core/steps.py", "core/notes.txt")
    held = [GOOD._replace(name=f"puresponse-1/{name}") for name in names]
    tracked = (".gitignore", ".ci/run", "core/steps.py", "core/errors.py")
    assert amiss_in_sdist(held, tracked) == ["stray: core/notes.txt", "missing: core/errors.py"]


def test_a_wheel_is_the_packages_with_their_types_and_what_describes_it() -> None:
    folders = {"puresponse": "facade", "puresponse.core": "core", "plugin": "core/entry"}
    project = {"project": {"version": "1"}, "tool": {"setuptools": {"package-dir": folders}}}
    files = ("facade/py.typed", "core/steps.py", "core/notes.txt", "core/entry/__init__.py", "tests/run.py")
    expected = expected_in_wheel(project, files)
    described = {name for name in expected if name.startswith("puresponse-1.dist-info/")}
    assert expected - described == {"puresponse/py.typed", "puresponse/core/steps.py", "plugin/__init__.py"}
    assert "puresponse-1.dist-info/sboms/puresponse.cdx.json" in described
    held = [GOOD._replace(name=name) for name in (expected - {"puresponse/core/steps.py"}) | {"codecs/left.py"}]
    assert amiss_in_wheel(held, expected) == [
        "stray: codecs/left.py",
        "missing: puresponse/core/steps.py",
        "not typed: codecs",
        "not typed: plugin",
    ]


PAGE = (ROOT / "docs" / "reference" / "releases.md").read_text()


def test_what_is_written_to_dist_is_what_the_page_lists_and_its_checksums_hold(tmp_path: Path) -> None:
    stem = f"puresponse-{VERSION}"
    wheel, sdist, left = (
        tmp_path / name for name in (f"{stem}-py3-none-any.whl", f"{stem}.tar.gz", "puresponse-0.0.1.whl")
    )
    wheel.write_bytes(b"wheel")
    sdist.write_bytes(b"sdist")
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / left.name).touch()
    told = written(sdist, wheel, dist)
    listed = re.findall(r"^\| `(\S+)` \|", PAGE, re.MULTILINE)
    assert sorted(path.name for path in dist.iterdir()) == sorted(listed)
    assert [line.split("  ")[1] for line in told] == sorted(set(listed) - {"SHA256SUMS"})
    assert f"{wheel.name}: OK" in shell("sha256sum", "--check", "SHA256SUMS", cwd=dist)


def test_the_page_names_modes_and_files_that_there_are_and_this_version() -> None:
    modes = re.findall(r"^  (\w+)\) ", (ROOT / "tests" / "run").read_text(), re.MULTILINE)
    assert [mode for mode in re.findall(r"tests/run (\w+)", PAGE) if mode not in modes] == []
    named = re.findall(r"\S*(tests/scripts/\S+\.py)", PAGE)
    assert len(named) > 2
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert set(re.findall(r"puresponse-(\d+\.\d+\.\d+)|\bv(\d+\.\d+\.\d+)", PAGE)) == {(VERSION, ""), ("", VERSION)}


def test_the_changelog_begins_with_this_version_and_its_date() -> None:
    date = project()["tool"]["puresponse"]["release"]["date"]
    first = re.search(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first is not None
    assert first[1] == f"[{VERSION}] - {date}"


def test_the_release_is_of_a_mode_of_its_own_that_says_what_it_does() -> None:
    run = (ROOT / "tests" / "run").read_text()
    assert "#   tests/run release  builds the release twice" in run
    assert '  release) shift; release "$@" ;;' in run
