"""The options of the commands that take an input: `create`, `stream`, `count-tokens` and `compact`."""

from __future__ import annotations

import click

from ..parameters import INCLUDE, Argument, Option, option

INPUT = Argument("text", "The input, a text; - takes it from standard input.", "[INPUT]", required=False)
INPUT_FILE = option("--input-file", "The input is the text of this file.", "FILE", type=click.Path())
MODEL = option("--model", "The model, such as gpt-5-mini.", "ID")
INSTRUCTIONS = option("--instructions", "A system message, put before the input.", "TEXT")
PREVIOUS = option("--previous", "The response that is continued.", "ID")
CONVERSATION = option("--conversation", "The conversation that it belongs to.", "ID")
TOOLS = option("--tools", "What the model may use: a file with a JSON array of tools.", "FILE", type=click.Path())
JSON_SCHEMA = option(
    "--json-schema",
    "The answer is to be JSON: a file with the JSON Schema that it fits.",
    "FILE",
    type=click.Path(),
)
BODY = option(
    "--body", "Any other parameters: a file with a JSON object. Options override it.", "FILE", type=click.Path()
)
PARAM = option("--param", "Any other parameter, such as temperature=0.2. May be repeated.", "NAME=JSON", multiple=True)
BACKGROUND = Option(["--background/--no-background"], default=None, help="Make it in the background.")
STORE = Option(["--store/--no-store"], default=None, help="Whether the service keeps it. Default: it does.")
IDEMPOTENCY_KEY = option(
    "--idempotency-key",
    "Repeat the request also where the server may have acted; without, a creation is never made twice.",
    "KEY",
)

OF_COMPACTION = (INPUT, INPUT_FILE, MODEL, INSTRUCTIONS, PREVIOUS, BODY, PARAM)
"""What every one of them takes."""

OF_COUNT = (INPUT, INPUT_FILE, MODEL, INSTRUCTIONS, PREVIOUS, CONVERSATION, TOOLS, JSON_SCHEMA, BODY, PARAM)
"""What a model reads."""

OF_CREATION = (
    INPUT,
    INPUT_FILE,
    MODEL,
    INSTRUCTIONS,
    BACKGROUND,
    STORE,
    PREVIOUS,
    CONVERSATION,
    TOOLS,
    JSON_SCHEMA,
    INCLUDE,
    BODY,
    PARAM,
    IDEMPOTENCY_KEY,
)
"""What a response is made from."""
