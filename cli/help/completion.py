"""Teaching a shell to complete the command line: click's script for it, shown or installed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete


class _Shell(NamedTuple):
    """How a shell is taught: what makes the script, where it belongs, and what has the shell read it.

    Places are below the home directory.
    """

    made_by: type[ShellComplete]
    script: str
    settings: str | None = None
    line: str = ""


_SHELLS = {
    "bash": _Shell(BashComplete, ".bash_completions/{name}.sh", ".bashrc", "source ~/.bash_completions/{name}.sh"),
    "zsh": _Shell(ZshComplete, ".zfunc/_{name}", ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit"),
    "fish": _Shell(FishComplete, ".config/fish/completions/{name}.fish"),
}


def shell_named(name: str | None, environ: Mapping[str, str]) -> str:
    """The shell of that name, or the one that the user has. Raises `ValueError` for any that cannot be taught."""
    shell = Path(environ.get("SHELL", "")).name if name is None else name
    if shell not in _SHELLS:
        raise ValueError(f"name one of {', '.join(_SHELLS)}")
    return shell


def script(program: click.Command, name: str, variable: str, shell: str) -> str:
    """What `shell` has to read so that it completes `program`, which is called `name` and is asked by `variable`."""
    return _SHELLS[shell].made_by(program, {}, name, variable).source().strip() + "\n"


def install(program: click.Command, name: str, variable: str, shell: str, home: Path) -> Path:
    """Put the script where `shell` finds it, once it is started anew, and return the place."""
    known = _SHELLS[shell]
    path = home / known.script.format(name=name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(program, name, variable, shell))
    if known.settings is not None:
        _ensure(home / known.settings, known.line.format(name=name).encode())
    return path


def _ensure(settings: Path, line: bytes) -> None:
    """Add `line` to a file, unless it is there."""
    before = settings.read_bytes() if settings.exists() else b""
    if line not in before.splitlines():
        apart = b"" if before.endswith(b"\n") or not before else b"\n"
        with settings.open("ab") as file:  # what a user has there is never written anew
            file.write(apart + line + b"\n")
