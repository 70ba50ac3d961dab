"""Write what the library is made of, as CycloneDX has it: `puresponse.cdx.json`, which wheels carry (PEP 770).

    python tests/scripts/write_sbom.py

The library and what it cannot be installed without: each with the version that is installed here, and so that the tests
were run with, its licence, and the SHA-256 of its source distribution, which is one for all platforms (its name is in
the `purl`). It is written anew for each release. Nothing in it tells when, where or by whom: the same release is the
same bytes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx import model
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, bom, component
from cyclonedx.model.component import ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from msgspec import Struct, json
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# mypy sees these classes, and pyright what their decorators say that they return.
Bom: Any = bom.Bom
Component: Any = component.Component
HashType: Any = model.HashType

ROOT = Path(__file__).resolve().parents[2]
SBOM = ROOT / "puresponse.cdx.json"


class Part(Struct, frozen=True):
    """A distribution that the library needs: its source distribution's file, that file's hash, and what it needs."""

    name: str
    version: str
    licence: str
    file: str
    digest: str
    needs: tuple[str, ...]


def project() -> dict[str, Any]:
    """What `pyproject.toml` says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def needed_by(requirements: Iterable[str]) -> tuple[str, ...]:
    """The names of requirements that hold here, whichever extras are asked for."""
    wanted = [Requirement(line) for line in requirements]
    return tuple(
        sorted(
            canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})
        )
    )


def installed_parts() -> tuple[Part, ...]:
    """All that the library needs, and what that needs, as it is installed here; source distributions are downloaded."""
    names, parts = list(needed_by(project()["project"]["dependencies"])), dict[str, Part]()
    while names:
        name = names.pop()
        if name not in parts:
            parts[name] = part_of(name, distribution(name))
            names.extend(parts[name].needs)
    return tuple(parts[name] for name in sorted(parts))


def part_of(name: str, installed: Distribution) -> Part:
    """What is installed under a name."""
    about = installed.metadata
    licences = [about[field] for field in ("License-Expression", "License") if field in about]
    if not licences:
        raise ValueError(f"{name} {installed.version} does not say its licence")
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"{name}=={installed.version}"
        words = ("-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder, wanted)
        subprocess.run((sys.executable, *words), check=True)
        (file,) = Path(folder).iterdir()
        digest = sha256(file.read_bytes()).hexdigest()
    return Part(name, installed.version, licences[0], file.name, digest, needed_by(installed.requires or ()))


def sbom(parts: tuple[Part, ...]) -> str:
    """The document for the library of this tree, with these parts; it is valid by the schema of CycloneDX 1.6."""
    about = project()
    name, version = about["project"]["name"], about["project"]["version"]
    day = about["tool"]["puresponse"]["release"]["date"]
    address = PackageURL("pypi", name=name, version=version)
    licences = LicenseFactory()
    library = Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=str(address),
        purl=address,
        description=about["project"]["description"],
        licenses=(licences.make_from_string(about["project"]["license"]),),
    )
    document = Bom(serial_number=uuid5(NAMESPACE_URL, str(address)))
    document.metadata.component = library
    document.metadata.timestamp = datetime(day.year, day.month, day.day, tzinfo=UTC)
    components = {
        part.name: Component(
            name=part.name,
            version=part.version,
            type=ComponentType.LIBRARY,
            scope=ComponentScope.REQUIRED,
            bom_ref=str(PackageURL("pypi", name=part.name, version=part.version)),
            purl=PackageURL("pypi", name=part.name, version=part.version, qualifiers={"file_name": part.file}),
            licenses=(licences.make_from_string(part.licence),),
            hashes=(HashType(alg=HashAlgorithm.SHA_256, content=part.digest),),
        )
        for part in parts
    }
    for one in components.values():
        document.components.add(one)
    direct = needed_by(about["project"]["dependencies"])
    document.register_dependency(library, [components[one] for one in direct])
    for part in parts:
        document.register_dependency(components[part.name], [components[one] for one in part.needs])
    text = JsonV1Dot6(document).output_as_string(indent=2)
    return f"{text}\n"


def mistakes(document: str) -> list[str]:
    """What CycloneDX's schema has against a document."""
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(document)
    return [] if found is None else [str(found)]


def read_parts(document: bytes) -> tuple[Part, ...]:
    """The parts that a document lists."""
    written = json.decode(document)
    needs = {one["ref"]: one.get("dependsOn", []) for one in written["dependencies"]}
    names = {one["bom-ref"]: one["name"] for one in written["components"]}
    return tuple(
        Part(
            one["name"],
            one["version"],
            one["licenses"][0].get("expression") or one["licenses"][0]["license"]["id"],
            PackageURL.from_string(one["purl"]).qualifiers["file_name"],
            one["hashes"][0]["content"],
            tuple(names[ref] for ref in needs[one["bom-ref"]]),
        )
        for one in written["components"]
    )


if __name__ == "__main__":
    written = sbom(installed_parts())
    if wrong := mistakes(written):
        sys.exit("\n".join(wrong))
    SBOM.write_text(written, encoding="utf-8")
