"""An audit with something of everything that is shown: what `docs/guides/showing.md` shows, and a browser is given."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from math import sin
from typing import Any


def png(width: int, height: int) -> bytes:
    """An image: hills of blue under a sky."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # no filter (PNG, section 9.2)
        for x in range(width):
            hill = height * 0.55 + height * 0.12 * sin(x / width * 7) + height * 0.05 * sin(x / width * 19)
            rows += bytes((40, 86 + x * 60 // width, 150)) if y > hill else bytes((196 + y * 50 // height, 222, 250))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(rows), 9)),
    ]
    chunks.append((b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def base64(data: bytes) -> str:
    return b64encode(data).decode()


ANSWER = (
    "The Rhône is 813 km long; 545 km of it are in France. This week it carries 1,450 cubic metres a second at Lyon."
)

RESPONSE: dict[str, Any] = {
    "id": "resp_0a41f2",
    "object": "response",
    "created_at": 1_764_211_200,
    "completed_at": 1_764_211_214,
    "status": "completed",
    "model": "gpt-5-mini",
    "previous_response_id": "resp_07bd11",
    "instructions": "You are a hydrologist. Cite what you use.",
    "metadata": {"customer": "rivers-42"},
    "output": [
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "I need the length, and today's discharge from the gauge."}],
            "encrypted_content": "gAAAAABo" * 40,
        },
        {
            "type": "web_search_call",
            "id": "ws_1",
            "status": "completed",
            "action": {
                "type": "search",
                "query": "Rhône length kilometres",
                "sources": [{"type": "url", "url": "https://rivers.example/rhone"}],
            },
        },
        {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "status": "completed",
            "name": "read_gauge",
            "arguments": '{"station":"Lyon","quantity":"discharge"}',
        },
        {
            "type": "function_call_output",
            "call_id": "call_1",
            "output": '{"cubic_metres_per_second":1450,"at":"2025-11-27T02:30:00Z"}',
        },
        {
            "type": "image_generation_call",
            "id": "ig_1",
            "status": "completed",
            "revised_prompt": "Hills above a river, flat colours",
            "result": base64(png(160, 90)),
            "output_format": "png",
        },
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [
                {
                    "type": "output_text",
                    "text": ANSWER,
                    "annotations": [
                        {
                            "type": "url_citation",
                            "start_index": 0,
                            "end_index": ANSWER.index(";"),
                            "title": "The Rhône",
                            "url": "https://rivers.example/rhone",
                        }
                    ],
                }
            ],
        },
    ],
    "tools": [
        {"type": "web_search"},
        {
            "type": "function",
            "name": "read_gauge",
            "description": "Reads a gauge of a river.",
            "parameters": {"type": "object", "properties": {"station": {"type": "string"}}},
            "strict": True,
        },
    ],
    "usage": {
        "input_tokens": 1_204,
        "input_tokens_details": {"cached_tokens": 1_024},
        "output_tokens": 356,
        "output_tokens_details": {"reasoning_tokens": 192},
        "total_tokens": 1_560,
    },
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
}

ITEMS: list[dict[str, Any]] = [
    {
        "type": "message",
        "id": "msg_0",
        "role": "user",
        "content": [
            {"type": "input_text", "text": "How long is the Rhône, and how much water does it carry today?"},
            {"type": "input_image", "detail": "auto", "image_url": "https://rivers.example/map.png"},
        ],
    }
]

AUDIT: dict[str, Any] = {"response": RESPONSE, "input_items": ITEMS}
