"""What became of each mutant, kept from one run to the next, and the survivors that are known to be no gap.

Law: what is known of a mutant holds for the file that it changes as it is. That one survived holds for the tests as
they are besides: after a change of the tests it is tried again, unless there is a reason why no test can notice it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .judging import Verdict
from .targets import Mutant

DETECTED = ("killed", "timeout")


@dataclass(frozen=True)
class Survivor:
    """A change that no test can notice, or need not: where, what, and why."""

    file: str
    function: str
    change: tuple[str, ...]
    reason: str


def read_survivors(path: Path) -> list[Survivor]:
    """The survivors of `survivors.toml`."""
    return [
        Survivor(each["file"], each["function"], tuple(each["change"].strip().splitlines()), each["reason"])
        for each in tomllib.loads(path.read_text()).get("survivor", [])
    ]


class Verdicts:
    """The verdicts of a file of JSON lines, by the keys of mutants; of several, the last holds."""

    def __init__(self, path: Path, tests: str, survivors: Sequence[Survivor] = ()) -> None:
        self.path, self.tests, self.survivors = path, tests, survivors
        self.by_key: dict[str, dict[str, Any]] = {}
        self.read()

    def read(self) -> None:
        """Read what has been added."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        self.by_key = {each["key"]: each for each in map(json.loads, lines)}

    def of(self, mutant: Mutant) -> dict[str, Any] | None:
        """What is known of a mutant; None where it is to be judged."""
        verdict = self.by_key.get(mutant.key)
        if verdict is None or verdict["end"] in DETECTED or verdict["of_tests"] == self.tests:
            return verdict
        return verdict if verdict["is_last"] and self.reason(mutant) else None

    def reason(self, mutant: Mutant) -> str | None:
        """Why this mutant may survive; None where it may not."""
        for each in self.survivors:
            if (each.file, each.function, each.change) == (mutant.file, mutant.function, mutant.change):
                return each.reason
        return None

    def is_open(self, mutant: Mutant) -> bool:
        """Whether the last verdict on a mutant is still to be passed."""
        verdict = self.of(mutant)
        return verdict is None or not verdict["is_last"]

    def add(self, mutant: Mutant, verdict: Verdict, *, is_last: bool) -> None:
        """Keep a verdict. Another follows where it is not the last."""
        known = {"key": mutant.key, "of_tests": self.tests, "is_last": is_last, **vars(verdict)}
        self.by_key[mutant.key] = known
        with self.path.open("a") as file:
            file.write(json.dumps(known) + "\n")


def report(mutants: Iterable[Mutant], verdicts: Verdicts, least: float) -> tuple[str, bool]:
    """The report, as text, and whether all is as it should be."""
    rows: dict[str, dict[str, int]] = {}
    told: list[str] = []
    unexplained = waiting = 0
    for mutant in mutants:
        verdict = verdicts.of(mutant)
        if verdict is None or verdicts.is_open(mutant):
            waiting += 1
            continue
        row = rows.setdefault(mutant.file, dict.fromkeys(("killed", "timeout", "survived"), 0))
        row[verdict["end"]] += 1
        if verdict["end"] == "survived":
            reason = verdicts.reason(mutant)
            unexplained += reason is None
            at = f"{mutant.name} (line {mutant.lines[0]}, {verdict['tests']} tests)"
            told.append("\n".join((at, *(f"    {line}" for line in mutant.change), f"  {reason or 'NOT EXPLAINED'}")))
    total = {end: sum(row[end] for row in rows.values()) for end in ("killed", "timeout", "survived")}
    judged = sum(total.values())
    share = (judged - total["survived"]) / judged if judged else 0.0
    lines = [f"{'file':45}  killed  timeout  survived"]
    lines += [
        f"{file:45}  {row['killed']:6}  {row['timeout']:7}  {row['survived']:8}" for file, row in sorted(rows.items())
    ]
    lines += ["", *told, ""]
    lines += [
        f"{judged} mutants: {total['killed']} killed, {total['timeout']} timed out, {total['survived']} survived,"
        f" {unexplained} of these not explained",
        f"{share:.1%} noticed; {least:.0%} must be",
    ]
    if waiting:
        lines.append(f"{waiting} are not judged yet")
    return "\n".join(lines), not unexplained and not waiting and share >= least
