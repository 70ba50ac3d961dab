"""A module that makes a text format while it is imported, once somebody else waits for that import."""

import names_on_demand
from msgspec import Struct

from puresponse.core import text_format_of


class Place(Struct):
    """Where something is."""

    name: str


names_on_demand.begun.set()
names_on_demand.asked.wait(10)
FORMAT = text_format_of(Place)
