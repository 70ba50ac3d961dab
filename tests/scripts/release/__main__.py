"""Builds a release of the commit that is checked out, tries it, and writes it to `dist/`.

`tests/run release [--python PYTHON] … [--wheels FOLDER]` does so. Packages are fetched as pip is set up to, or, without
any network, taken from a folder of wheels. Where anything is not as it should be, the exit code is 1, and `dist/` is as
it was.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from write_sbom import ROOT, SBOM, project, read_parts

from .builds import WAYS, built, ran
from .checks import check_contents, check_install, check_metadata, check_sbom, require
from .comparison import members, verdict
from .installs import bare

DIST = ROOT / "dist"
VERSIONS = "import sys, zlib; print('Python', sys.version.split()[0], 'with zlib', zlib.ZLIB_RUNTIME_VERSION)"


@contextmanager
def step(name: str) -> Generator[Callable[[str], None]]:
    """A step of the release, and how long it took; what it has to tell is printed below its name."""
    began = time.monotonic()
    print(f"\n== {name}", flush=True)
    yield lambda told: print(f"   {told}", flush=True)
    print(f"   ({time.monotonic() - began:.0f} s)", flush=True)


def archives(folder: Path) -> tuple[Path, Path]:
    """The source distribution and the wheel that a build wrote."""
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def release(folder: Path, pythons: list[Path]) -> None:
    """Build the commit in a folder, check what was built, and write it to `dist/`."""
    commit = ran("git", "rev-parse", "HEAD", cwd=ROOT).strip()
    outs: list[Path] = []
    for way, python in zip(WAYS, (pythons[0], pythons[-1]), strict=True):
        words = " ".join((f"umask {way.umask:03o}", *(f"{name}={value}" for name, value in way.variables.items())))
        with step(f"build of {commit[:12]} in {way.folder!r}, {words}") as tell:
            own = bare(python, folder / f"builder {len(outs)}", "build", "setuptools>=77")
            outs.append(built(ROOT, commit, own, way, folder))
            tell(f"{ran(own, '-c', VERSIONS, cwd=folder).strip()}; build {' '.join(way.words)}")
    sdist, wheel = archives(outs[0])
    with step("both builds are the same") as tell:
        for one, other in zip(archives(outs[0]), archives(outs[1]), strict=True):
            require(one.read_bytes() == other.read_bytes(), verdict(one, other)[1])
            tell(f"{one.name}: {one.stat().st_size:,} bytes, each the same")
    with step("contents: nothing stray, nothing missing, nothing of who built it") as tell:
        tracked = ran("git", "ls-files", "-z", cwd=ROOT).strip("\0").split("\0")
        check_contents(sdist, wheel, tracked, (str(folder), str(ROOT), f"{Path.home()}/"))
        tell(f"{len(members(sdist))} files in the source distribution, {len(members(wheel))} in the wheel")
    with step("metadata, and the README on an index") as tell:
        check_metadata(sdist, wheel)
        tell("valid, and twine check --strict passed")
    with step("SBOM") as tell:
        tell(check_sbom(wheel))
    pinned = folder / "constraints.txt"
    pinned.write_text("".join(f"{part.name}=={part.version}\n" for part in read_parts(SBOM.read_bytes())))
    for number, python in enumerate(pythons):
        # The first has the versions that the SBOM lists, the others the newest.
        constraints = () if number else ("--constraint", str(pinned))
        with step(f"bare environments of {ran(python, '--version', cwd=folder).strip()}") as tell:
            for told in check_install(python, sdist, wheel, folder / f"bare {number}", constraints):
                tell(told)
    with step(f"{DIST.name}/") as tell:
        for line in written(sdist, wheel, DIST):
            tell(line)


def written(sdist: Path, wheel: Path, folder: Path) -> Iterable[str]:
    """Write the release to a folder, in place of an earlier one; return the lines of its checksums."""
    folder.mkdir(exist_ok=True)
    for left in (*folder.glob("puresponse-*"), folder / "SHA256SUMS"):
        left.unlink(missing_ok=True)
    for file in (sdist, wheel):
        shutil.copyfile(file, folder / file.name)
    shutil.copyfile(SBOM, folder / f"puresponse-{project()['project']['version']}.cdx.json")
    lines = [f"{sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(folder.glob("puresponse-*"))]
    (folder / "SHA256SUMS").write_text("".join(f"{line}\n" for line in lines))
    return lines


def main() -> None:
    """Make the release."""
    words = argparse.ArgumentParser(prog="tests/run release", description=__doc__)
    words.add_argument("--python", action="append", help="an interpreter to build and install with; may be repeated")
    words.add_argument("--wheels", type=Path, help="take every package from this folder, and nothing from a network")
    given = words.parse_args()
    if given.wheels is not None:
        os.environ.update(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(given.wheels.resolve()))
    uncommitted = ran("git", "status", "--porcelain", cwd=ROOT).splitlines()
    require(not uncommitted, *(f"not committed: {line}" for line in uncommitted))
    asked = given.python or [sys.executable]
    pythons = [Path(ran(one, "-c", "import sys; print(sys.executable)", cwd=ROOT).strip()) for one in asked]
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        release(Path(name), pythons)


if __name__ == "__main__":
    main()
