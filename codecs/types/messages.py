"""Messages to and from the model."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ..lossless.wire import Wire
from .content import ContentPart, InputText


class Message(Wire, frozen=True, kw_only=True, tag_field="type", tag="message"):
    """A message to or from the model.

    Schemas `Message`, `OutputMessage`, `InputMessage`, `InputMessageResource` and `EasyInputMessage`.

    `status`: `in_progress`, `completed` or `incomplete`. `role`: `unknown`, `user`, `assistant`, `system`,
    `critic`, `discriminator`, `developer` or `tool`. `phase`: `commentary` or `final_answer`.
    """

    type: ClassVar[Literal["message"]] = "message"
    untagged_by: ClassVar[str | None] = "role"

    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    role: str
    content: str | tuple[ContentPart, ...]
    phase: str | UnsetType | None = UNSET

    @property
    def parts(self) -> tuple[ContentPart, ...]:
        """The content as parts, also where it was given as a string."""
        return (InputText(text=self.content),) if isinstance(self.content, str) else self.content
