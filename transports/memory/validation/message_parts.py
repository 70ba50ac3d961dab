"""Which parts a message may have, by whose it is: the table reads all messages as one, as the service was recorded to.

Public: https://community.openai.com/t/how-to-chat-with-an-ai-generated-image-via-responses-api/1365014
"""

from __future__ import annotations

from collections.abc import Sequence

from ....codecs.lossless.plain import JsonObject
from .refused_values import wrong_value

_SAID = ("output_text", "refusal")
"""The parts of the model's own messages."""


def check_parts(items: Sequence[JsonObject], name: str) -> None:
    """Refuse a message of the assistant's with parts that only others may have. The table has read `items`."""
    for index, item in enumerate(items):
        if item.get("role") != "assistant" or isinstance(item.get("content"), str):
            continue
        for number, part in enumerate(item.get("content") or ()):
            if part["type"] not in _SAID:
                raise wrong_value(f"{name}[{index}].content[{number}]", part["type"], _SAID)
