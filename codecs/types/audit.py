"""What is known of a response in all: not in the specification, but made by `audit_response`."""

from __future__ import annotations

from ..lossless.wire import Wire
from .items import InputItem
from .response import Response


class ResponseAudit(Wire, frozen=True, kw_only=True):
    """A response and all the items that it was made from, oldest first. `encode` writes both as they were received."""

    response: Response
    input_items: tuple[InputItem, ...]

    def _repr_html_(self) -> str:
        """Both as people read them, for a notebook: what `to_html` shows, without a script."""
        from ..rendering.rendered import for_notebooks

        return for_notebooks(self)
