"""Changes to the library that must not survive its tests: those that once did, named in the issue on laws.

`run_mutants.py` applies each, one at a time, and runs the test files that are to fail. The old text is as short as
names one place: what is not found exactly once is told, here and by tests/core/test_mutants.py.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """`old` becomes `new` in `file`, and one of `tests` fails."""

    name: str
    file: str
    old: str
    new: str
    tests: str


MUTANTS = (
    Mutant(
        "a batch that has met its limit goes on",
        "transports/batch/book.py",
        "                    self._given = iter(())\n",
        "                    pass\n",
        "transports/test_batch_limits.py",
    ),
    Mutant(
        "in the order given, others are held without end behind a slow one",
        "transports/batch/book.py",
        " or len(self.held) >= self._most",
        "",
        "transports/test_batch_order.py",
    ),
    Mutant(
        "what ended and was not yielded is not recorded",
        "transports/batch/book.py",
        "self.record([taken for taken in held if not taken.left and not taken.is_recorded])",
        "pass",
        "transports/test_batch_recorder.py",
    ),
    Mutant(
        "a body that was read to its end is given up when it is closed",
        "transports/bodies.py",
        "self._given_up = bool(self._rest)",
        "self._given_up = True",
        "transports/test_bodies.py",
    ),
    Mutant(
        "the replay of a background stream forgets what the stream options of a struct say",
        "core/programs/event_stream.py",
        "else getattr(stream_options, name, None)",
        "else None",
        "core/test_event_streams.py",
    ),
    Mutant(
        "reads of bodies queue behind the openings of others",
        "transports/threads.py",
        'reads = executor or DaemonThreads(_MOST_THREADS, "puresponse-body")',
        "reads = calls",
        "transports/test_bodies.py",
    ),
    Mutant(
        "the exchange of a cancelled task is not given up",
        "transports/threads.py",
        "            exchange.give_up()\n",
        "",
        "transports/test_threads.py",
    ),
    Mutant(
        "an exchange that begins while all is given up goes on",
        "transports/workers.py",
        "                    if self._is_given_up:\n",
        "                    if False:\n",
        "transports/test_giving_up.py",
    ),
    Mutant(
        "connections are not kept alive",
        "transports/http1/socket_options.py",
        "    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),\n",
        "",
        "transports/test_urllib3_pool.py",
    ),
    Mutant(
        "a connection is looked after once in a hundred minutes",
        "transports/http1/socket_options.py",
        '("TCP_KEEPIDLE", 60)',
        '("TCP_KEEPIDLE", 6000)',
        "transports/test_urllib3_pool.py",
    ),
    Mutant(
        "the reason of a failure is as long as the text of the exception",
        "transports/http1/failures.py",
        "type(error).__name__)[:_LONGEST_REASON]",
        "type(error).__name__)",
        "transports/test_urllib3_failures.py",
    ),
    Mutant(
        "all rules of a service that has faults draw the same lots",
        "transports/memory/faults.py",
        "{self.seed}:{index}:",
        "{self.seed}:",
        "transports/test_faults.py",
    ),
    Mutant(
        "a request that a faulty service acted on is counted twice",
        "transports/memory/apply_faults.py",
        "state = replace(acted, served=state.served)",
        "state = acted",
        "transports/test_faults.py",
    ),
    Mutant(
        "a checkpoint may hold seconds below zero",
        "core/interchange/reader.py",
        "bool(0 <= field <= (",
        "bool(field <= (",
        "core/test_checkpoints_forged.py",
    ),
    Mutant(
        "a checkpoint may hold base64 with anything in between",
        "core/interchange/reader.py",
        "strict_mode=True",
        "strict_mode=False",
        "core/test_checkpoints_forged.py",
    ),
    Mutant(
        "a wait that is as long as the deadline is far is drawn at random",
        "core/programs/polling.py",
        "if ahead <= delay:",
        "if ahead < delay:",
        "core/test_wait_deadline.py",
    ),
    Mutant(
        "a query parameter may be an integer of any size",
        "core/combinators/additions.py",
        "-_LARGEST_INTEGER <= value <= _LARGEST_INTEGER",
        "True",
        "core/test_requests.py",
    ),
    Mutant(
        "a command's index below zero counts from the end",
        "core/programs/event_folding.py",
        "commands[index] if 0 <= index < len(commands)",
        "commands[index] if index < len(commands)",
        "core/test_snapshots.py",
    ),
    Mutant(
        "a command's index below zero counts from the end, where commands are put",
        "core/programs/event_folding.py",
        "return values if index < 0 else (",
        "return (",
        "core/test_snapshots.py",
    ),
    Mutant(
        "the environment is asked whether a server goes without a proxy, and not told its port",
        "transports/network/environment.py",
        'proxy_bypass(f"{host}:{port}")',
        "proxy_bypass(host)",
        "transports/test_urllib3_proxy.py",
    ),
    Mutant(
        "a signature is no credential",
        "core/credentials.py",
        '    "signature",\n',
        "",
        "core/test_credentials.py",
    ),
    Mutant(
        "a chain that is one frame too long to be shown whole is shown whole",
        "core/frame_trees.py",
        "if len(row) > _SHOWN_FRAMES:",
        "if len(row) > _SHOWN_FRAMES + 1:",
        "core/test_steps.py",
    ),
    Mutant(
        "of a long chain one frame too many is said to be left out",
        "core/frame_trees.py",
        "{len(row) - _SHOWN_FRAMES:,} more",
        "{len(row) - _SHOWN_FRAMES + 1:,} more",
        "core/test_steps.py",
    ),
    Mutant(
        "what a pydantic model is about is told with the names of types before it",
        "codecs/lossless/self_reading.py",
        'plain, path, rest = plain[step], f"{path}.{step}", []',
        'plain, path = plain[step], f"{path}.{step}"',
        "core/test_structured_models.py",
    ),
    Mutant(
        "structs beside others in a union do not say the formats of their times",
        "codecs/lossless/described.py",
        'behind[0].get("anyOf", behind)',
        "behind",
        "core/test_structured_formats.py",
    ),
    Mutant(
        "a model that was refused is refused when it is complete",
        "core/endpoints/output_schema.py",
        "        raise _Refused(made)\n",
        "        return made\n",
        "core/test_structured_refusals.py",
    ),
    Mutant(
        "what a struct raises in `__post_init__` goes through",
        "core/endpoints/output_reader.py",
        "except Exception as error:",
        "except ValueError as error:",
        "core/test_structured.py",
    ),
)
