"""Editing files by patches: the tool, the call and its output."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire
from ..callers import Caller


class ApplyPatchTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="apply_patch"):
    """Lets the model edit files by patches. Schema `ApplyPatchToolParam`.

    `allowed_callers`: `direct` or `programmatic`.
    """

    type: ClassVar[Literal["apply_patch"]] = "apply_patch"
    allowed_callers: tuple[str, ...] | UnsetType | None = UNSET


class CreateFile(Wire, frozen=True, kw_only=True, tag_field="type", tag="create_file"):
    """Create a file. Schemas `ApplyPatchCreateFileOperation` and `ApplyPatchCreateFileOperationParam`."""

    type: ClassVar[Literal["create_file"]] = "create_file"
    diff: str
    path: str


class UpdateFile(Wire, frozen=True, kw_only=True, tag_field="type", tag="update_file"):
    """Change a file. Schemas `ApplyPatchUpdateFileOperation` and `ApplyPatchUpdateFileOperationParam`."""

    type: ClassVar[Literal["update_file"]] = "update_file"
    diff: str
    path: str


class DeleteFile(Wire, frozen=True, kw_only=True, tag_field="type", tag="delete_file"):
    """Delete a file. Schemas `ApplyPatchDeleteFileOperation` and `ApplyPatchDeleteFileOperationParam`."""

    type: ClassVar[Literal["delete_file"]] = "delete_file"
    path: str


class ApplyPatchCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="apply_patch_call"):
    """The model wants a file edited. Schemas `ApplyPatchToolCall` and `ApplyPatchToolCallItemParam`.

    `status`: `in_progress` or `completed`.
    """

    type: ClassVar[Literal["apply_patch_call"]] = "apply_patch_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    call_id: str
    operation: PatchOperation
    caller: Caller | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


class ApplyPatchCallOutput(Wire, frozen=True, kw_only=True, tag_field="type", tag="apply_patch_call_output"):
    """The result of an `ApplyPatchCall`. Schemas `ApplyPatchToolCallOutput` and `ApplyPatchToolCallOutputItemParam`.

    `status`: `completed` or `failed`.
    """

    type: ClassVar[Literal["apply_patch_call_output"]] = "apply_patch_call_output"
    id: str | UnsetType | None = UNSET
    call_id: str
    caller: Caller | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    output: str | UnsetType | None = UNSET
    created_by: str | UnsetType | None = UNSET


PatchOperation: TypeAlias = CreateFile | DeleteFile | UpdateFile | Unknown
"""How a file is to be edited. Schema `ApplyPatchOperationParam`."""
