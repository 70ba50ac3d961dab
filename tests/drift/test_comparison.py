"""The comparison with the official client sees what puresponse has no name for, wherever it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Required, TypedDict

import pytest
from official_client import Drift
from pydantic import BaseModel, Field

from puresponse.codecs import IncompleteDetails, InputContent, ItemList, Message, Prompt, TextConfig, Usage
from puresponse.codecs.lossless.forms import form_of


class Details(BaseModel):
    reason: Literal["max_output_tokens", "tired"] | None = None


class Mood(BaseModel):
    mood_: str = Field(alias="mood")


class Text(BaseModel):
    type: Literal["input_text"]
    text: str
    language: str | None = None


class Video(BaseModel):
    type: Literal["input_video"]
    url: str


class Said(BaseModel):
    role: str
    content: str | list[Annotated[Text | Video, "discriminated"]]


class Listed(BaseModel):
    data: list[Said]


class Template(TypedDict, total=False):
    id: Required[str]
    variables: dict[str, str | Text]
    tone: str


class Input(TypedDict, total=False):
    role: Required[str]
    content: Required[Iterable[Video]]


class Cost(BaseModel):
    input_tokens: int


@pytest.mark.parametrize(
    ("theirs", "ours", "missing"),
    [
        (Details, IncompleteDetails, {"IncompleteDetails.reason = tired": "here"}),
        (Mood, IncompleteDetails, {"IncompleteDetails.mood": "here"}),
        (Text, InputContent, {"InputText.language": "here<input_text>"}),
        (Video, InputContent, {"input_video {type, url}": "here"}),
        (
            Said,
            Message,
            {"InputText.language": "here.content[]<input_text>", "input_video {type, url}": "here.content[]"},
        ),
        (
            Listed,
            ItemList[Message],
            {
                "InputText.language": "here.data[].content[]<input_text>",
                "input_video {type, url}": "here.data[].content[]",
            },
        ),
        (Template, Prompt, {"InputText.language": "here.variables.*<input_text>", "Prompt.tone": "here"}),
        (Input, Message, {"input_video {type, url}": "here.content[]"}),
        (Said, TextConfig, {"TextConfig.role": "here", "TextConfig.content": "here"}),
        (Details, str, {"Details {reason}": "here"}),
        (Cost | None, Usage, {}),
    ],
)
def test_what_has_no_name_here_is_told_with_its_place(theirs: Any, ours: Any, missing: dict[str, str]) -> None:
    drift = Drift()
    drift.compare(theirs, form_of(ours), "here")
    assert drift.missing == missing
