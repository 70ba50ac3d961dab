"""What `pip` and `build` call to build this project: setuptools, whose archives are then packed anew.

Law: a build holds what the tree holds, and nothing that an earlier build left. An editable install is strict unless its
caller asks for another kind: mypy and pyright follow no other where packages lie at the root of a project.

Law: the same tree is the same bytes. No archive tells when, where, by whom or with which umask it was built: its files
are in the order of their names, belong to nobody, and have the date of the release, or that of `SOURCE_DATE_EPOCH`.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import tarfile
import time
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from gzip import GzipFile
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from setuptools import build_meta
from setuptools.build_meta import (
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
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

SBOM = "puresponse.cdx.json"
"""What the library is made of, in CycloneDX's form: a wheel has it where PEP 770 says."""

NOTES = re.compile(r"^[^/]+/(setup\.cfg|puresponse\.egg-info/.*)$")
"""What setuptools notes in a source distribution for itself, and does without; it differs by what was built before."""

GENERATOR = b"puresponse build_backend (setuptools)"
"""Which setuptools it was makes no difference to what is built, and so none to the bytes."""


def build_editable(
    wheel_directory: str, config_settings: Settings | None = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel of an editable install; its modules are links in `build/`."""
    settings = {"editable_mode": "strict", **(config_settings or {})}
    return _built(build_meta.build_editable, wheel_directory, settings, metadata_directory)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings | None = None) -> str:
    """Write the metadata that the wheel will have."""
    name: str = build_meta.prepare_metadata_for_build_wheel(metadata_directory, config_settings)
    folder = Path(metadata_directory, name, "sboms")
    folder.mkdir()
    shutil.copy(SBOM, folder)
    return name


def build_wheel(
    wheel_directory: str, config_settings: Settings | None = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel."""
    name = _built(build_meta.build_wheel, wheel_directory, config_settings, metadata_directory)
    wheel = Path(wheel_directory, name)
    wheel.write_bytes(_packed_wheel(wheel.read_bytes(), _epoch()))
    return name


def build_sdist(sdist_directory: str, config_settings: Settings | None = None) -> str:
    """Build a source distribution."""
    name = _built(build_meta.build_sdist, sdist_directory, config_settings)
    sdist = Path(sdist_directory, name)
    sdist.write_bytes(_packed_sdist(sdist.read_bytes(), _epoch()))
    return name


def _built(build: Callable[..., str], *arguments: object) -> str:
    # setuptools would put modules that the tree has no more into a wheel, from build/lib.
    shutil.rmtree("build/lib", ignore_errors=True)
    try:
        return build(*arguments)
    finally:
        # pytest at the root would take this for an installed plugin named `codecs`.
        shutil.rmtree("puresponse.egg-info", ignore_errors=True)


def _epoch() -> int:
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    day = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["puresponse"]["release"]["date"]
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _packed_wheel(wheel: bytes, epoch: int) -> bytes:
    with ZipFile(io.BytesIO(wheel)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    (record,) = (name for name in files if name.endswith(".dist-info/RECORD"))
    about = record.removesuffix("RECORD")
    files[f"{about}WHEEL"] = re.sub(rb"(?m)^Generator: .*$", b"Generator: " + GENERATOR, files[f"{about}WHEEL"])
    files[f"{about}sboms/{SBOM}"] = Path(SBOM).read_bytes()
    # As the format recommends: the metadata last, and of them the list of all that was packed.
    names = sorted(files.keys() - {record}, key=lambda name: (name.startswith(about), name))
    files[record] = _record(record, {name: files[name] for name in names})
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name in (*names, record):
            member = ZipInfo(name, time.gmtime(epoch)[:6])
            member.create_system = 3  # Unix, whose modes are in the upper half of what follows
            member.external_attr = 0o100644 << 16
            archive.writestr(member, files[name], ZIP_DEFLATED, 9)
    return packed.getvalue()


def _record(name: str, files: Mapping[str, bytes]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for other, content in files.items():
        digest = urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()
        rows.writerow((other, f"sha256={digest}", len(content)))
    rows.writerow((name, "", ""))
    return text.getvalue().encode()


def _packed_sdist(sdist: bytes, epoch: int) -> bytes:
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(sdist)) as archive,
        GzipFile("", "wb", 9, packed, mtime=epoch) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as anew,
    ):
        for member in sorted(archive.getmembers(), key=lambda one: one.name):
            if member.isdir() or NOTES.search(member.name):  # a file's name tells its folders
                continue
            again = tarfile.TarInfo(member.name)
            again.size, again.mtime = member.size, epoch
            again.mode = 0o755 if member.mode & 0o100 else 0o644
            content = archive.extractfile(member)
            if content is None:
                raise ValueError(f"{member.name} is no file: what is published has no links")
            anew.addfile(again, content)
    return packed.getvalue()
