"""Skills: files that teach the model a task."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire


class InlineSkillSource(Wire, frozen=True, kw_only=True, tag_field="type", tag="base64"):
    """The files of a skill, as a base64 archive. Schema `InlineSkillSourceParam`.

    `media_type`: `application/zip`.
    """

    type: ClassVar[Literal["base64"]] = "base64"
    media_type: str
    data: str


class InlineSkill(Wire, frozen=True, kw_only=True, tag_field="type", tag="inline"):
    """A skill given with the request. Schema `InlineSkillParam`."""

    type: ClassVar[Literal["inline"]] = "inline"
    name: str
    description: str
    source: InlineSkillSource | Unknown


class SkillReference(Wire, frozen=True, kw_only=True, tag_field="type", tag="skill_reference"):
    """A skill that the service holds. Schema `SkillReferenceParam`."""

    type: ClassVar[Literal["skill_reference"]] = "skill_reference"
    skill_id: str
    version: str | UnsetType | None = UNSET


class LocalSkill(Wire, frozen=True, kw_only=True):
    """A skill on the caller's own machine. Schema `LocalSkillParam`."""

    name: str
    description: str
    path: str


Skill: TypeAlias = SkillReference | InlineSkill | Unknown
"""A skill for a container."""
