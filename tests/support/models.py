"""pydantic models of every kind that the tests of structured output need."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum, IntEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Generic, Literal, TypeVar

import pydantic.dataclasses
from pydantic import (
    UUID4,
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    HttpUrl,
    Json,
    NaiveDatetime,
    NonNegativeInt,
    PastDate,
    RootModel,
    SecretStr,
    StringConstraints,
    Tag,
    TypeAdapter,
    WithJsonSchema,
)

from puresponse.codecs.lossless.plain import is_object

T = TypeVar("T")


class Color(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Odd(Enum):
    ONE = 1
    TWO = "two"


class Point(BaseModel):
    """A place.

    In a plane.
    """

    x: int
    y: int


class Named(BaseModel):
    model_config = ConfigDict(title="A named thing")
    name: str = Field(title="The name", description="What it is called.")
    nick_name: str | None = Field(None, alias="nickName")
    count: int | None = None


class Nested(BaseModel):
    point: Point
    points: list[Point]
    maybe: Point | None
    set_of_sets: list[list[Point]]
    named: Annotated[Point, Field(description="Another place.")]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog", "wolf"]
    friend: Cat | None


class Pets(BaseModel):
    pet: Cat | Dog
    mixed: int | str | None
    several: list[Cat | Dog]


class Told(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind", description="The pet.")
    all: list[Annotated[Cat | Dog, Field(discriminator="kind")]]


def kind_of(value: Any) -> str:
    return "cat" if (value["kind"] if is_object(value) else value.kind) == "cat" else "dog"


class ToldByFunction(BaseModel):
    pet: Annotated[Annotated[Cat, Tag("cat")] | Annotated[Dog, Tag("dog")], Discriminator(kind_of)]


class Words(BaseModel):
    color: Color
    level: Level
    level_or_color: Level | Color
    one: Literal["a"]
    two: Literal["a", "b"]
    nothing: None
    described: Color = Field(description="The colour.")


class Uneven(BaseModel):
    odd: Odd
    mixed: Literal[1, "a", None]


class Tree(BaseModel):
    name: str
    children: list[Tree]
    parent: Tree | None


class Forest(BaseModel):
    trees: list[Tree]
    best: Tree = Field(description="The best tree.")


class DescribedTree(BaseModel):
    children: list[Annotated[DescribedTree, Field(description="A branch.")]]


class Bounds(BaseModel):
    at_least: int = Field(ge=1, le=9)
    between: float = Field(gt=0, lt=1)
    even: int = Field(multiple_of=2)
    few: list[int] = Field(min_length=1, max_length=3)
    code: str = Field(pattern="^[a-z]{2}$")
    positive: NonNegativeInt


class Lengths(BaseModel):
    short: str = Field(min_length=2, max_length=4)
    unique: set[int]
    mail: Annotated[str, WithJsonSchema({"type": "string", "format": "email"})]
    trimmed: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Times(BaseModel):
    moment: dt.datetime
    aware: AwareDatetime
    day: dt.date
    hour: dt.time
    length: dt.timedelta
    key: uuid.UUID
    v4: IPv4Address
    v6: IPv6Address


class Formats(BaseModel):
    key4: UUID4
    url: HttpUrl
    data: bytes
    secret: SecretStr
    price: Decimal


class Packed(BaseModel):
    inner: Json[list[int]]


class Defaults(BaseModel):
    count: int = 5
    names: list[str] = Field(default_factory=list[str])
    color: Color = Color.RED
    point: Point = Point(x=1, y=2)
    maybe: int | None = None


class LooksAround(BaseModel):
    code: Annotated[str, WithJsonSchema({"type": "string", "pattern": "^(?!x)[a-z]+$"})]
    paren: str = Field(pattern=r"^\(?=$")


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str


class Empty(BaseModel):
    pass


class Box(BaseModel, Generic[T]):
    content: T


class Aliased(BaseModel):
    model_config = ConfigDict(alias_generator=lambda name: name.upper(), validate_by_name=True)
    first: int
    second: int = Field(validation_alias=AliasChoices("two", "second"))


class ByName(BaseModel):
    model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)
    first: int = Field(alias="erste")


class Older(BaseModel):
    """What older versions of pydantic made of a reference with a description."""

    whole: Annotated[int, WithJsonSchema({"allOf": [{"type": "integer"}], "description": "Whole."})]


class Marked(BaseModel):
    old: int = Field(deprecated=True, examples=[1, 2])
    read: Annotated[str, Field(json_schema_extra={"readOnly": True})]


class Integers(RootModel[list[int]]):
    pass


class Pet(RootModel[Annotated[Cat | Dog, Field(discriminator="kind")]]):
    pass


class Wrapper(RootModel[Point]):
    pass


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    day: dt.date
    count: int


@pydantic.dataclasses.dataclass
class Record:
    """A record."""

    x: Annotated[int, Field(gt=5)]
    point: Point


class Ruled(BaseModel):
    """With rules that its schema does not tell."""

    when: NaiveDatetime
    past: PastDate


def even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even")
    return value


class Even(BaseModel):
    number: Annotated[int, AfterValidator(even)]
    other: int


RECORD: TypeAdapter[Record] = TypeAdapter(Record)
POINTS: TypeAdapter[list[Point]] = TypeAdapter(list[Point])
