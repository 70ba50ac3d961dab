"""Where shell commands and code run."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from .skills import LocalSkill, Skill


class NetworkPolicyDomainSecret(Wire, frozen=True, kw_only=True):
    """A secret that is put into requests to one domain. Schema `ContainerNetworkPolicyDomainSecretParam`."""

    domain: str
    name: str
    value: str


class NetworkPolicyAllowlist(Wire, frozen=True, kw_only=True, tag_field="type", tag="allowlist"):
    """A container reaches only these domains. Schema `ContainerNetworkPolicyAllowlistParam`."""

    type: ClassVar[Literal["allowlist"]] = "allowlist"
    allowed_domains: tuple[str, ...]
    domain_secrets: tuple[NetworkPolicyDomainSecret, ...] | UnsetType | None = UNSET


class NetworkPolicyDisabled(Wire, frozen=True, kw_only=True, tag_field="type", tag="disabled"):
    """A container reaches no network. Schema `ContainerNetworkPolicyDisabledParam`."""

    type: ClassVar[Literal["disabled"]] = "disabled"


class ContainerAuto(Wire, frozen=True, kw_only=True, tag_field="type", tag="container_auto"):
    """A container that the service makes. Schema `ContainerAutoParam`.

    `memory_limit`: `1g`, `4g`, `16g` or `64g`.
    """

    type: ClassVar[Literal["container_auto"]] = "container_auto"
    file_ids: tuple[str, ...] | UnsetType | None = UNSET
    memory_limit: str | UnsetType | None = UNSET
    network_policy: NetworkPolicy | UnsetType | None = UNSET
    skills: tuple[Skill, ...] | UnsetType | None = UNSET


class ContainerReference(Wire, frozen=True, kw_only=True, tag_field="type", tag="container_reference"):
    """A container that is there already. Schemas `ContainerReferenceParam` and `ContainerReferenceResource`."""

    type: ClassVar[Literal["container_reference"]] = "container_reference"
    container_id: str


class LocalEnvironment(Wire, frozen=True, kw_only=True, tag_field="type", tag="local"):
    """The caller's own machine. Schemas `LocalEnvironmentParam` and `LocalEnvironmentResource`."""

    type: ClassVar[Literal["local"]] = "local"
    skills: tuple[LocalSkill, ...] | UnsetType | None = UNSET


NetworkPolicy: TypeAlias = NetworkPolicyDisabled | NetworkPolicyAllowlist | Unknown
"""What a container reaches."""


ShellEnvironment: TypeAlias = ContainerAuto | LocalEnvironment | ContainerReference | Unknown
"""Where shell commands run."""
