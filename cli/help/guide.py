"""What help says of each command in a line, and shows by examples: data, so that help loads no command.

Law: every command has two to four examples, which work as they are: on the service in memory, in an empty folder, one
after the other. A test runs them all, and holds each line to what the command itself says.
"""

from __future__ import annotations

from typing import NamedTuple

import click

from .examples import EXAMPLES, Row

SUMMARIES = {
    "delete": "Delete stored responses permanently.",
    "cancel": "Cancel responses that were created with `background`. One that has ended already is no failure.",
    "retrieve": "Show stored responses.",
    "wait": "Wait until responses that were created with `background` have ended, however that is.",
    "audit": "Show stored responses with all the input items that they were made from.",
    "show": "Show responses as people read them: messages, tool calls, reasoning, images, citations, usage.",
    "input-items": "List the items that a response was made from: a page of them, or all.",
    "list": "List stored responses. Azure AI Foundry, Fireworks and OGX have such a list, OpenAI has none.",
    "create": "Create a response, and show its text on a terminal, or all of it as JSON in a pipe.",
    "stream": "Create a response, or follow one, and show its text, or in a pipe its events as JSON, as they arrive.",
    "models": "List the models that can be used, or show some of them.",
    "conversations": "Create, show, change and delete conversations, and their items.",
    "count-tokens": "Count the tokens that an input would take. Nothing is made, and nothing is kept.",
    "compact": "Make a conversation shorter, to be given to the next response in its place.",
    "export": "Write responses with all their input items into a file: JSON Lines, SQLite or Parquet. `import` reads "
    "it back.",
    "import": "Read back what `export` wrote: check it, show it, convert it, or serve it. It puts nothing back: no API "
    "can.",
    "ledger": "Show, settle and prove what a run with --ledger has written of each response.",
    "services": "List the services of the configuration, and whether the variable with the key of each is set.",
    "samples": "Show the responses of the service in memory, to try the other commands with.",
    "serve": "Serve the service in memory, or recordings, over HTTP, for clients in any language. "
    "Ctrl-C and SIGTERM end it.",
    "record": "Pass requests on with your key, and record them, for clients in any language. "
    "Ctrl-C and SIGTERM end and save.",
    "cassette": "Show, check, compare, clean, convert and verify recordings: cassettes, and those of VCR.py, HAR and "
    "others.",
}
"""The help of the commands of the program. Those of a group, and any that is not here, are loaded to be listed."""


class Example(NamedTuple):
    """What is done, the line or the lines that do it, and a part of what the last one prints, for the test."""

    does: str
    line: str
    prints: str
    code: int = 0


def examples_of(path: str) -> tuple[Example, ...]:
    """The examples of the command at `path`, such as `cassette show`; those of the program, for an empty one."""
    return tuple(map(_example, EXAMPLES.get(path, ())))


def write_examples(context: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the examples of the command that is being asked about. Lines are whole, however narrow the terminal is."""
    _, _, path = context.command_path.partition(" ")
    shown = examples_of(path)
    if shown:
        with formatter.section("Examples"):
            for example in shown:
                lines = example.line.replace("\n", "\n  ")
                formatter.write(f"  # {example.does}\n  {lines}\n")


def _example(row: Row) -> Example:
    does, line, prints = row[:3]
    return Example(does, line, prints, row[3] if len(row) == 4 else 0)
