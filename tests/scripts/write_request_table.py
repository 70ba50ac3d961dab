"""Write what the service in memory knows of requests: `transports/memory/validation/request_table.json`.

    python tests/scripts/write_request_table.py

The table is the specification's schemas of what is sent, in JSON Schema's own words, without prose, with these
readings:

- `oneOf` is `anyOf`: by the letter, the service would refuse nearly all that it was recorded to take. A union's
  members lie flat in one list; of objects that tell themselves apart by `type`, `byType` has the places in that list,
  and `untyped` the places of those that need no `type`.
- `nullable` is true where null is a member of the union.
- `allOf` is one object. An object that names properties has no others, unless `additionalProperties` says so.
- A name that is required of nothing (two schemas have one) is not required.
- A string that may be one of a list or anything else is a string.

What was recorded goes before the specification (`RECORDED`), and what the official client of November has, and the
specification of August lacks, is added (`NOVEMBER`).
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from msgspec import json

from puresponse.codecs.lossless.plain import is_array, is_object

ROOT = Path(__file__).parents[2]
SPECIFICATION = ROOT / "tests/codecs/openapi-responses.json"
TABLE = ROOT / "transports/memory/validation/request_table.json"

Node: TypeAlias = dict[str, Any]

BODIES = {
    "create": "/responses",
    "compact": "/responses/compact",
    "count": "/responses/input_tokens",
    "conversation": "/conversations",
    "update": "/conversations/{conversation_id}",
    "items": "/conversations/{conversation_id}/items",
}
"""The paths to which bodies are posted, by the names that the table has for them."""

KEPT = (
    *("enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "maxProperties"),
    "propertyNames",
)
"""The constraints that are taken over as they are."""


def _text(*values: str, nullable: bool = False) -> Node:
    node: Node = {"type": "string"} | ({"enum": [*values]} if values else {})
    return node | ({"nullable": True} if nullable else {})


def _object(required: tuple[str, ...] = (), /, **properties: Node) -> Node:
    node: Node = {"type": "object", "properties": properties}
    return node | ({"required": [*required]} if required else {})


def _ref(name: str) -> Node:
    return {"$ref": name}


_INTEGER: Node = {"type": "integer"}
_BOOLEAN: Node = {"type": "boolean"}
IMAGE_FORMATS = ("png", "webp", "jpeg", "gif", "svg")
IMAGE_QUALITIES = ("low", "medium", "high", "xhigh", "max", "auto")
_STATUS = _text("in_progress", "completed", "incomplete", nullable=True)

MESSAGES = ("EasyInputMessage", "InputMessage", "OutputMessage")
"""The three schemas of messages, which the service was recorded to read as one."""

CONTENT = {
    "input_text": "InputTextContent",
    "input_image": "InputImageContent",
    "input_audio": "InputAudioContent",
    "output_text": "OutputTextContent",
    "refusal": "RefusalContent",
    "input_file": "InputFileContent",
    "computer_screenshot": "ComputerScreenshotContent",
    "summary_text": "SummaryTextContent",
    "encrypted_content": "EncryptedContent",
}
"""The parts of a message, in the order of the service's own words."""

RECORDED: dict[str, Node] = {
    "Message": _object(
        ("role", "content"),
        type=_text("message"),
        id=_text(nullable=True),
        role=_text("assistant", "system", "developer", "user"),
        status=_STATUS,
        content={"anyOf": [_text(), {"type": "array", "items": _ref("MessageContent")}]},
        phase=_text("commentary", "final_answer", nullable=True),
    ),
    "MessageContent": {"anyOf": [_ref(name) for name in CONTENT.values()]},
    # The words of the service name it; what is in it is not public.
    "EncryptedContent": _object(
        ("type", "encrypted_content"), type=_text("encrypted_content"), encrypted_content=_text()
    ),
}
"""What the recordings and the words of the service tell otherwise than the specification."""

OPTIONAL = {
    "InputImageContent": ("detail",),
    "OutputTextContent": ("annotations", "logprobs"),
    "FunctionTool": ("parameters", "strict"),
}
"""What the specification requires and the service does without: recorded, but for functions.

Of these no recording lacks `parameters` or `strict`; but the specification's other schema of a function, which is that
of namespaces, requires neither, and says what `strict` is by default.
"""

NOVEMBER: dict[str, dict[str, Node]] = {
    "create": {
        "access_programs": _object(cyber=_text("standard", "daybreak_blue", "daybreak_red")) | {"nullable": True},
        "background_options": _object(completion_window=_text("soonest", "2h", "8h"), continuation_id=_text()),
        "image": _object(context_compression=_text("auto", "enabled", "disabled")),
        "top_logprobs": _INTEGER | {"minimum": 0, "maximum": 20, "nullable": True},
    },
    "compact": {"image": _object(context_compression=_text("auto", "enabled", "disabled"))},
    "PromptCacheOptionsParam": {
        "comparison_response_id": _text(nullable=True),
        "prewarm": _BOOLEAN,
        "ttl": _text("30m", "12h"),
    },
    "PromptCacheBreakpointConfig": {"ttl": _text("30m", "12h")},
    "PromptCacheBreakpointParam": {"ttl": _text("30m", "12h")},
    "ImageGenTool": {
        "complexity": _text("low", "medium", "high"),
        "frame_count": _INTEGER,
        "frame_duration_ms": _INTEGER,
        "output_format": _text(*IMAGE_FORMATS),
        "quality": _text(*IMAGE_QUALITIES),
        "svg": _object(model=_text(), reasoning=_ref("Reasoning") | {"nullable": True}),
    },
    "ImageGenToolCall": {
        "action": _text("generate", "edit", "auto", nullable=True),
        "background": _text("transparent", "opaque", "auto", nullable=True),
        "error": _object(
            ("code", "message", "param", "type"),
            code=_text(nullable=True),
            message=_text(),
            param=_text(nullable=True),
            type=_text(),
            moderation_details=_object(
                ("categories", "moderation_stage"),
                categories={"type": "array", "items": _text()},
                moderation_stage=_text("input", "output", "unknown"),
            ),
        ),
        "output_format": _text(*IMAGE_FORMATS, nullable=True),
        "quality": _text(*IMAGE_QUALITIES, nullable=True),
        "revised_prompt": _text(nullable=True),
        "size": _text(nullable=True),
        "svg_usage": _object(
            ("input_tokens", "model", "output_tokens", "reasoning_tokens", "total_tokens"),
            input_tokens=_INTEGER,
            model=_text(),
            output_tokens=_INTEGER,
            reasoning_tokens=_INTEGER,
            total_tokens=_INTEGER,
        ),
    },
    "ComputerToolCallOutputResource": {"status": _text("completed", "incomplete", "failed", "in_progress")},
    "WebSearchToolCall": {"status": _text("in_progress", "searching", "completed", "failed", "incomplete")},
    "FunctionTool": {"async": _BOOLEAN},
    "FunctionToolParam": {"async": _BOOLEAN},
    "CustomToolParam": {"async": _BOOLEAN},
    "FunctionToolCall": {"async": _BOOLEAN},
    "CustomToolCall": {"async": _BOOLEAN},
    "CompactionTriggerItemParam": {"id": _text(nullable=True)},
    "LocalShellToolCallOutput": {"call_id": _text()},
}
"""What schemas have in November that they had not in August: more properties, or properties that take more.

The `call_id` of a local shell's output is required of August's schema, which forgot to name it.
"""

SIGNED = (
    "ApplyPatchToolCallItemParam",
    "ApplyPatchToolCallOutputItemParam",
    "CompactionSummaryItemParam",
    "ComputerCallOutputItemParam",
    "FunctionCallOutputItemParam",
    "FunctionShellCallItemParam",
    "FunctionShellCallOutputContentParam",
    "FunctionShellCallOutputItemParam",
    "FunctionToolCall",
    "ToolSearchCallItemParam",
    "ToolSearchOutputItemParam",
)
"""The items of which the service says who made them."""

RETURNED: dict[str, dict[str, Node]] = {
    **{name: {"created_by": _text()} for name in SIGNED},
    "CustomToolCall": {"created_by": _text(), "status": _STATUS},
    "CustomToolCallOutput": {"created_by": _text(), "status": _STATUS},
    "WebSearchActionSearch": {"sources": {"type": "array", "items": _ref("WebSearchSource")}},
}
"""What the service itself says of items, which clients send back as they are: more properties."""

NEW: dict[str, Node] = {
    "WebSearchSource": {"anyOf": [_ref("WebSearchURL"), _ref("WebSearchAPI")]},
    "WebSearchURL": _object(("type", "url"), type=_text("url"), url=_text()),
    "WebSearchAPI": _object(("type",), type=_text("api"), name=_text()),
    "InputAudioContent": _object(
        ("type", "input_audio"),
        type=_text("input_audio"),
        input_audio=_object(("data", "format"), data=_text(), format=_text("mp3", "wav")),
    ),
    "ConfigurationUpdate": _object(
        ("type",),
        type=_text("configuration_update"),
        id=_text(nullable=True),
        reasoning=_ref("Reasoning"),
        text=_ref("ResponseTextParam"),
    ),
    "GrammarFormat": _object(("type", "grammar"), type=_text("grammar"), grammar=_text()),
    "PythonFormat": _object(("type",), type=_text("python")),
}
"""Schemas that August's specification lacks."""

MEMBERS: dict[str, tuple[str, ...]] = {
    "InputItem": ("ConfigurationUpdate",),
    "TextResponseFormatConfiguration": ("GrammarFormat", "PythonFormat"),
}
"""The schemas that unions have in November besides."""

BOUNDS: dict[str, Node] = {
    "Metadata": {
        "type": "object",
        "nullable": True,
        "maxProperties": 16,
        "propertyNames": {"maxLength": 64},
        "additionalProperties": {"type": "string", "maxLength": 512},
    }
}
"""Schemas whose prose bounds what their constraints do not."""


class Table:
    """The schemas that the bodies need, by name, as they are read."""

    messages: ClassVar[tuple[str, ...]] = MESSAGES
    optional: ClassVar[dict[str, tuple[str, ...]]] = OPTIONAL

    def __init__(self, specification: dict[str, Any]) -> None:
        self._schemas: dict[str, Node] = specification["components"]["schemas"]
        self.definitions: dict[str, Node] = {}
        self.roots = {name: self._root(name, specification["paths"][path]["post"]) for name, path in BODIES.items()}

    def _root(self, name: str, operation: Node) -> Node:
        node = self._read(operation["requestBody"]["content"]["application/json"]["schema"])
        root = deepcopy(self._resolved(node))
        root["properties"] |= NOVEMBER.get(name, {})
        return root

    def _define(self, name: str) -> Node:
        """The schema of that name, read once."""
        if name in self.definitions:
            return self.definitions[name]
        node = RECORDED.get(name) or NEW.get(name) or BOUNDS.get(name)
        if node is not None:
            self.definitions[name] = deepcopy(node)
            for referred in _references(node):
                self._define(referred)
            return self.definitions[name]
        self.definitions[name] = {}
        node = self._read(self._schemas[name], name)
        for more in (NOVEMBER.get(name), RETURNED.get(name)):
            if more is not None:
                node["properties"] |= deepcopy(more)
                for referred in _references(more):
                    self._define(referred)
        if name in self.optional:
            node["required"] = [each for each in node["required"] if each not in self.optional[name]]
        self.definitions[name].update(node)
        return self.definitions[name]

    def _resolved(self, node: Node) -> Node:
        return self._define(node["$ref"]) if "$ref" in node else node

    def _read(self, schema: Node, name: str = "") -> Node:
        if "$ref" in schema:
            return self._referred(schema["$ref"].rpartition("/")[2])
        if "$recursiveRef" in schema:
            return _ref("CompoundFilter")
        if "allOf" in schema:
            return self._all_of([self._resolved(self._read(part)) for part in schema["allOf"]])
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._any_of(name, [self._read(member) for member in schema[word]])
        node: Node = {"type": schema["type"]} if "type" in schema else {}
        if "enum" in schema:
            node["type"] = "string"
        if "properties" in schema:
            node["type"] = "object"
        node |= {word: schema[word] for word in KEPT if word in schema}
        if "items" in schema:
            node["items"] = self._read(schema["items"])
        if node.get("type") == "object":
            node |= self._members(schema)
        return node

    def _members(self, schema: Node) -> Node:
        node: Node = {}
        properties = {name: self._read(member) for name, member in schema.get("properties", {}).items()}
        others = schema.get("additionalProperties", not properties)
        if properties:
            node["properties"] = properties
        if required := [name for name in schema.get("required", ()) if name in properties]:
            node["required"] = required
        if is_object(others):
            others = self._read(others) or True
        return node | ({"additionalProperties": others} if others else {})

    def _referred(self, name: str) -> Node:
        """A schema by its name if it is an object or a union, itself if it is less."""
        if name in self.messages:
            name = "Message"
        node = self._define(name)
        # A schema that is being read now is an object that contains itself.
        return _ref(name) if not node or "properties" in node or "anyOf" in node else deepcopy(node)

    def _all_of(self, parts: list[Node]) -> Node:
        merged: Node = {"type": "object", "properties": {}}
        for part in parts:
            merged["properties"] |= part["properties"]
            if "required" in part:
                merged["required"] = [*merged.get("required", ()), *part["required"]]
        return merged

    def _any_of(self, name: str, members: list[Node]) -> Node:
        members += [_ref(more) for more in MEMBERS.get(name, ()) if self._define(more)]
        flat: list[Node] = []
        nullable = False
        for member in members:
            meant = self._resolved(member)
            nullable = nullable or meant.get("type") == "null" or meant.get("nullable", False)
            found = meant.get("anyOf", [member])
            flat += [each for each in found if each not in flat and each.get("type") != "null"]
        if {"type": "string"} in flat:
            flat = [each for each in flat if "enum" not in each]
        node: Node = dict(flat[0]) if len(flat) == 1 else {"anyOf": flat}
        return node | ({"nullable": True} if nullable else {})


def _references(node: Any) -> list[str]:
    """The names of the schemas that a node refers to."""
    if is_array(node):
        return [name for each in node for name in _references(each)]
    if not is_object(node):
        return []
    if "$ref" in node:
        return [node["$ref"]]
    return [name for each in node.values() for name in _references(each)]


def _tell_apart(node: Any, definitions: dict[str, Node]) -> None:
    """Note in every union which of its objects have which `type`."""
    if is_array(node):
        for each in node:
            _tell_apart(each, definitions)
    elif is_object(node):
        for each in node.values():
            _tell_apart(each, definitions)
        if "anyOf" in node:
            tags: dict[str, list[int]] = {}
            untyped: list[int] = []
            for place, member in enumerate(node["anyOf"]):
                meant: Node = definitions[member["$ref"]] if "$ref" in member else member
                if meant.get("type") != "object":
                    continue
                tag = meant.get("properties", {}).get("type", {})
                for value in tag.get("enum", ()):
                    tags.setdefault(value, []).append(place)
                if "type" not in meant.get("required", ()):
                    untyped.append(place)
            if tags:
                node["byType"] = tags
            if untyped:
                node["untyped"] = untyped


def request_table(specification: bytes) -> bytes:
    """The table of a specification, a schema a line."""
    table = Table(json.decode(specification))
    return write_lines(table, _references(table.roots))


def write_lines(table: Table, waiting: list[str]) -> bytes:
    """The roots of a table, and the schemas that those names refer to, a schema a line."""
    used: dict[str, Node] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in used:
            used[name] = table.definitions[name]
            waiting += _references(used[name])
    everything = {**table.roots, **dict(sorted(used.items()))}
    _tell_apart(everything, used)
    lines = (f"{json.encode(name).decode()}: {json.encode(node).decode()}" for name, node in everything.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


if __name__ == "__main__":
    TABLE.write_bytes(request_table(SPECIFICATION.read_bytes()))
