"""What `pip` and `build` call to build this project: setuptools, asked for strict editable installs.

Law: a build holds what the tree holds, and nothing that an earlier build left. An editable install is strict unless its
caller asks for another kind: mypy and pyright follow no other where packages lie at the root of a project.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping

from setuptools import build_meta
from setuptools.build_meta import (
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Mapping[str, "str | list[str] | None"]


def build_editable(
    wheel_directory: str, config_settings: Settings | None = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel of an editable install; its modules are links in `build/`."""
    settings = {"editable_mode": "strict", **(config_settings or {})}
    return _built(build_meta.build_editable, wheel_directory, settings, metadata_directory)


def build_wheel(
    wheel_directory: str, config_settings: Settings | None = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel."""
    return _built(build_meta.build_wheel, wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Settings | None = None) -> str:
    """Build a source distribution."""
    return _built(build_meta.build_sdist, sdist_directory, config_settings)


def _built(build: Callable[..., str], *arguments: object) -> str:
    # setuptools would put modules that the tree has no more into a wheel, from build/lib.
    shutil.rmtree("build/lib", ignore_errors=True)
    try:
        return build(*arguments)
    finally:
        # pytest at the root would take this for an installed plugin named `codecs`.
        shutil.rmtree("puresponse.egg-info", ignore_errors=True)
