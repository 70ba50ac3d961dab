"""What a release must be before it is written: each check ends the program, and says what is wrong."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from packaging.metadata import Metadata
from write_sbom import ROOT, SBOM, mistakes, project, read_parts, sbom

from . import installs
from .builds import ran
from .comparison import Member, members
from .contents import LARGEST, amiss_in_sdist, amiss_in_wheel, expected_in_wheel, traces


def require(holds: bool, *wrong: str) -> None:
    """End the release with what is wrong, unless a condition holds."""
    if not holds:
        raise SystemExit("\n".join(("not released:", *wrong)))


def check_contents(sdist: Path, wheel: Path, tracked: Iterable[str], places: Iterable[str]) -> None:
    """All that should be in the archives is, nothing else, and nothing of who built them."""
    about = project()
    day = about["tool"]["puresponse"]["release"]["date"]
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    packed, zipped = members(sdist), members(wheel)
    wrong = amiss_in_sdist(packed, tracked) + amiss_in_wheel(zipped, expected_in_wheel(about, tracked))
    wrong += traces(packed, (int(moment.timestamp()),), places, socket.gethostname())
    wrong += traces(zipped, moment.timetuple()[:6], places, socket.gethostname())
    sizes = {file: file.stat().st_size for file in (sdist, wheel)}
    wrong += [f"{file.name} is of {size} bytes" for file, size in sizes.items() if size > LARGEST[file.suffix]]
    require(not wrong, *wrong)


def check_metadata(sdist: Path, wheel: Path) -> None:
    """The metadata is what the packaging specifications allow, the same in both; an index can show the README."""
    told = [described(members(sdist), "PKG-INFO"), described(members(wheel), "METADATA")]
    require(told[0] == told[1], "PKG-INFO is not METADATA")
    about, wanted = Metadata.from_email(told[0], validate=True), project()["project"]
    require((about.name, str(about.version)) == (wanted["name"], wanted["version"]), f"{about.name} {about.version}")
    ran(Path(sys.executable).with_name("twine"), "check", "--strict", sdist, wheel, cwd=sdist.parent)


def described(archive: Iterable[Member], name: str) -> bytes:
    """The content of a file that lies in a folder at the top of an archive."""
    (content,) = (one.content for one in archive if one.name.split("/")[1:] == [name])
    return content


def check_sbom(wheel: Path) -> str:
    """The bill of materials is valid, that of this release, and in the wheel."""
    document = SBOM.read_bytes()
    wrong = mistakes(document.decode())
    require(not wrong, *wrong)
    this = sbom(read_parts(document)) == document.decode()
    require(this, f"{SBOM.name} is not of this version: write it anew by tests/scripts/write_sbom.py")
    inside = {one.name.partition("/")[2]: one.content for one in members(wheel) if ".dist-info/" in one.name}
    require(inside.get(f"sboms/{SBOM.name}") == document, "the wheel has another SBOM")
    return ", ".join(f"{part.name} {part.version} ({part.licence})" for part in read_parts(document))


def check_install(python: Path, sdist: Path, wheel: Path, folder: Path, constraints: tuple[str, ...]) -> Iterator[str]:
    """Installed into bare environments, both archives do what the README and the tutorial say."""
    folder.mkdir()
    own = installs.bare(python, folder / "wheel", str(wheel), *constraints)
    needed = {part.name for part in read_parts(SBOM.read_bytes())}
    have = installs.installed(own)
    require(have.keys() == {*needed, "puresponse"}, f"installed are {', '.join(sorted(have))}")
    yield f"the wheel alone: {', '.join(f'{name} {number}' for name, number in sorted(have.items()))}"
    told = installs.types(Path(sys.executable), own, folder / "typed")
    require(len(told) == 4 and not any("Any" in one or "Unknown" in one for one in told), *told)
    yield "a user's program is typed, by mypy --strict and pyright"
    full = installs.bare(python, folder / "full", f"puresponse[{installs.EXTRAS}] @ {wheel.as_uri()}", *constraints)
    _, *words = installs.first_command((ROOT / "README.md").read_text())[-1].split()
    shown = ran(full.with_name("puresponse"), *words, cwd=folder)
    (folder / "sdist").mkdir()
    again, from_sdist = installs.does_the_readmes_command(sdist, python, folder / "sdist")
    require(shown == again and '"status":"cancelled"' in shown, shown, again)
    yield "the README's first command, from the wheel, and word for word from the source distribution: cancelled"
    one, other = installs.recorded(from_sdist), installs.recorded(full)
    require(one == other, *sorted(one ^ other))
    yield f"the same {len(one)} files are installed from both"
    yield ran(full, ROOT / "tests" / "support" / "tutorial.py", full, cwd=folder).strip()
