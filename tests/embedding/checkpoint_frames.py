"""What checkpoints are made of: the fields of every struct of the core that one may hold."""

from __future__ import annotations

from msgspec import Struct

import puresponse.core
from puresponse.core.interchange import names as checkpoint_names
from puresponse.core.interchange.names import library_value


def frames() -> dict[str, list[str]]:
    """The fields of each, by its name."""
    public = {name for name in dir(puresponse.core) if isinstance(getattr(puresponse.core, name), type)}
    structs = {name: library_value(name) for name in sorted(public | set(vars(checkpoint_names)["_FRAME_HOMES"]))}
    return {name: [*struct.__struct_fields__] for name, struct in structs.items() if issubclass(struct, Struct)}
