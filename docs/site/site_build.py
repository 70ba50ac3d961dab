"""Builds the site into `build/site`, with the playground in it, and reaches for no network.

    python docs/site/site_build.py                  as `tests/run docs` does
    python docs/site/site_build.py --changed        the same, unless it is built and no page has changed
    python docs/site/site_build.py --out FOLDER     somewhere else

Law: a warning fails the build: a link or an anchor that leads nowhere, a page that the front page does not name, a
snippet that is not in the language that it says.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[1]
OUT = ROOT / "build" / "site"

sys.path.insert(0, str(SITE.parent / "playground"))


def build(out: Path = OUT, *, changed: bool = False) -> int:
    """Write the site into `out`, and return the exit code of Sphinx; one process at a time."""
    kept = out.with_name(f"{out.name}-read")  # what Sphinx has read: the site is to hold nothing but the site
    kept.mkdir(parents=True, exist_ok=True)
    stamp = kept / "sources"
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = fingerprint(made_of())
        if changed and stamp.is_file() and stamp.read_text() == sources:
            return 0
        from sphinx.cmd.build import build_main  # where there is nothing to do, it need not be loaded

        stamp.unlink(missing_ok=True)
        shutil.rmtree(out, ignore_errors=True)
        # All anew: Sphinx repeats no warning about what it has read, and keeps no entries of the index for the search.
        arguments = ["-b", "html", "-q", "-n", "-W", "--keep-going", "-E", "-a", "-c", str(SITE), "-d", str(kept)]
        code = build_main([*arguments, str(ROOT / "docs"), str(out)]) or add_playground(out)
        if not code:
            stamp.write_text(sources)
        return code


def fingerprint(paths: Iterable[Path]) -> str:
    """A word that changes when one of these files does."""
    seen = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts):
        status = path.stat()
        seen.update(f"{path}\0{status.st_mtime_ns}\0{status.st_size}\n".encode())
    return seen.hexdigest()


def made_of() -> Iterator[Path]:
    """Yield the pages, and the sources that they show, name or run."""
    yield from ROOT.glob("*.md")
    yield ROOT / "LICENSE"
    yield ROOT / "pyproject.toml"
    for folder in ("docs", "codecs", "core", "facade", "transports"):
        yield from (ROOT / folder).rglob("*")


def add_playground(out: Path) -> int:
    """Write the playground into its folder of the site."""
    from serve import NotInstalledError, assemble

    try:
        assemble(out / "playground")
    except NotInstalledError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says, and return the exit code."""
    parser = argparse.ArgumentParser(description="Build the site.")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FOLDER", help="where the site is written")
    parser.add_argument("--changed", action="store_true", help="build nothing where nothing has changed")
    given = parser.parse_args(arguments)
    out: Path = given.out.resolve()
    code = build(out, changed=given.changed)
    if not code:
        print(f"The site is in {out}.")
    return code


if __name__ == "__main__":
    sys.exit(main())
