"""Builds the site into `build/site`, with the playground in it, and reaches for no network.

    python docs/site/site_build.py                  all of it anew, as `tests/run docs` does
    python docs/site/site_build.py --changed        only the pages that have changed
    python docs/site/site_build.py --out FOLDER     somewhere else

Law: a warning fails the build: a link or an anchor that leads nowhere, a page that the front page does not name, a
snippet that is not in the language that it says.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[1]
OUT = ROOT / "build" / "site"

sys.path.insert(0, str(SITE.parent / "playground"))


def build(out: Path = OUT, *, changed: bool = False) -> int:
    """Write the site into `out`, and return the exit code of Sphinx."""
    arguments = ["-b", "html", "-q", "-n", "-W", "--keep-going", "-c", str(SITE), "-d", str(doctrees(out))]
    if not changed:
        arguments += ["-E", "-a"]
    code = build_main([*arguments, str(ROOT / "docs"), str(out)])
    return code or add_playground(out)


def doctrees(out: Path) -> Path:
    """Where Sphinx keeps what it has read: beside the site, which is to hold nothing but the site."""
    return out.with_name(f"{out.name}-read")


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
    parser.add_argument("--changed", action="store_true", help="read only the pages that have changed")
    given = parser.parse_args(arguments)
    out: Path = given.out.resolve()
    code = build(out, changed=given.changed)
    if not code:
        print(f"The site is in {out}.")
    return code


if __name__ == "__main__":
    sys.exit(main())
