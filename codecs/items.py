"""The items that responses are made from and consist of, as one union each."""

from __future__ import annotations

from typing import TypeAlias

from .messages import Message
from .wire import Unknown

InputItem: TypeAlias = Message | Unknown
"""An item that a response was made from, as `list_input_items` gives it. Schema `ItemResource`."""

OutputItem: TypeAlias = Message | Unknown
"""An item that a response consists of. Schema `OutputItem`."""
