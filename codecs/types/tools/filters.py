"""Filters on the attributes of files, by which a file search narrows what it looks at."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from ...lossless.wire import Unknown, Wire


class ComparisonFilter(Wire, frozen=True, kw_only=True):
    """Compares an attribute with a value: see the subclasses, one for each comparison. Schema `ComparisonFilter`."""

    key: str
    value: str | bool | int | float | tuple[str | int | float, ...]


class EqFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="eq"):
    """The attribute equals the value. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["eq"]] = "eq"


class NeFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="ne"):
    """The attribute differs from the value. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["ne"]] = "ne"


class GtFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="gt"):
    """The attribute is greater than the value. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["gt"]] = "gt"


class GteFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="gte"):
    """The attribute is greater than the value or equals it. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["gte"]] = "gte"


class LtFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="lt"):
    """The attribute is less than the value. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["lt"]] = "lt"


class LteFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="lte"):
    """The attribute is less than the value or equals it. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["lte"]] = "lte"


class InFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="in"):
    """The attribute is one of the values. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["in"]] = "in"


class NinFilter(ComparisonFilter, frozen=True, kw_only=True, tag_field="type", tag="nin"):
    """The attribute is none of the values. Schema `ComparisonFilter`."""

    type: ClassVar[Literal["nin"]] = "nin"


class CompoundFilter(Wire, frozen=True, kw_only=True):
    """Combines filters: see the subclasses. Schema `CompoundFilter`."""

    filters: tuple[Filter, ...]


class AndFilter(CompoundFilter, frozen=True, kw_only=True, tag_field="type", tag="and"):
    """All of the filters hold. Schema `CompoundFilter`."""

    type: ClassVar[Literal["and"]] = "and"


class OrFilter(CompoundFilter, frozen=True, kw_only=True, tag_field="type", tag="or"):
    """At least one of the filters holds. Schema `CompoundFilter`."""

    type: ClassVar[Literal["or"]] = "or"


Filter: TypeAlias = (
    EqFilter
    | NeFilter
    | GtFilter
    | GteFilter
    | LtFilter
    | LteFilter
    | InFilter
    | NinFilter
    | AndFilter
    | OrFilter
    | Unknown
)
"""A condition on the attributes of files. Schema `Filters`."""
