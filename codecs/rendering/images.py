"""What data says of itself: images by their first bytes, other data by size.

Law: only the beginning of an image is decoded, and nothing is loaded from anywhere. What is no image that browsers show
is none here, whatever it is called.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64

from msgspec import Struct

from .visible import one_line

_HEAD = 400_000
"""Characters of base64 that are decoded: the size of a JPEG follows what cameras write of themselves."""

_BASE64 = r"[A-Za-z0-9+/]++={0,2}"

_LONGEST_WORD = 60
"""Characters of a media type that are shown."""


class Data(Struct, frozen=True):
    """Data that was sent in base64: what it is called, its bytes, and what is known of an image.

    `source` is a data URL that holds an image of the media type that its first bytes say; else it is empty.
    """

    media_type: str
    size: int
    source: str = ""
    width: int = 0
    height: int = 0

    @property
    def about(self) -> str:
        """An image in a few words: `PNG, 640 x 480, 12,345 bytes`; of what is none, what it is called."""
        name = _NAMES[self.media_type] if self.source else f"of {self.media_type or 'an unknown type'}"
        size = f"{self.width} x {self.height}, " if self.width and self.height else ""
        return f"{name}, {size}{self.size:,} bytes"


_NAMES = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/svg+xml": "SVG",
}


def data_in(text: str) -> Data | None:
    """Read a data URL in base64, or base64 itself; None for what is neither."""
    called, payload = "", text
    if text[:5].lower() == "data:":
        head, comma, payload = text[5:].partition(",")
        called, *settings = head.lower().split(";")
        if not comma or "base64" not in (setting.strip() for setting in settings):
            return None
    if not re.fullmatch(_BASE64, payload):
        payload = "".join(payload.split())
        if not re.fullmatch(_BASE64, payload):
            return None
    size = len(payload.rstrip("=")) * 3 // 4
    called = one_line(called.strip())[:_LONGEST_WORD]
    try:
        cut = len(payload) if len(payload) <= _HEAD else _HEAD
        head = payload[:cut].rstrip("=")
        begin = a2b_base64(head[: len(head) // 4 * 4] + _padded(head[len(head) // 4 * 4 :]))
    except Error:
        return None
    kind, width, height = _image(begin)
    if not kind:
        return Data(called, size)
    return Data(kind, size, f"data:{kind};base64,{payload}", width, height)


def _padded(last: str) -> str:
    """The last characters of base64, padded; a single one says nothing."""
    return last + "=" * (4 - len(last)) if len(last) > 1 else ""


def _image(data: bytes) -> tuple[str, int, int]:
    """The media type of an image, with width and height in pixels, 0 where they are not known; else nothing."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", *(_big(data, 16, 4), _big(data, 20, 4))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif", _little(data, 6, 2), _little(data, 8, 2)
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", *_jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", *_webp(data)
    if re.match(rb"\s*(?:<\?xml[^>]{0,200}>\s*|<!--[^>]{0,1000}-->\s*)*<svg[\s>]", data[:2_000]):
        return "image/svg+xml", 0, 0
    return "", 0, 0


def _jpeg(data: bytes) -> tuple[int, int]:
    """The size is in the frame header, behind segments of any length."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return _big(data, at + 7, 2), _big(data, at + 5, 2)
        at += 1 if marker == 0xFF else 2 + max(_big(data, at + 2, 2), 2)
    return 0, 0


def _webp(data: bytes) -> tuple[int, int]:
    match data[12:16]:
        case b"VP8X":
            return _little(data, 24, 3) + 1, _little(data, 27, 3) + 1
        case b"VP8L" if len(data) >= 25:
            bits = _little(data, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF
        case _:
            return 0, 0


def _big(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "big")


def _little(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "little")
