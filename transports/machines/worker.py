"""What a worker does with a parcel: carry each of its operations on, and say how far.

Law: it raises nothing that a program, a transport or a value of theirs raises: that is in what it returns. What it does
raise is for the executor to tell: the parcel has not been carried out then.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import Any

from msgspec import structs
from returns.result import Result

from ...core.errors import Error
from ...core.interchange.checkpoints import load_operation, save_checkpoint
from ...core.results import is_failure
from ...core.steps import Done, Send
from .carrying import Journey, Way, carried, next_request
from .equipped import SHELF, Equipped
from .marks import Mark
from .parcels import Back, CannotTravel, Carried, Held, Parcel, packed, unpacked


def carry_out(data: bytes) -> bytes:
    """Carry out a parcel: what an executor calls in a worker."""
    parcel: Parcel = unpacked(data)
    try:
        equipped = SHELF.of(parcel.equipment)
    except Exception as error:
        raised = Carried(raised=_packed_exception(error))
        return packed("a parcel", Back(carried=(raised,) * len(parcel.held)))
    mark = None if parcel.mark is None else _Once(parcel.mark)
    carry = partial(_carry, parcel, equipped, mark)
    at_once = min(len(parcel.held), parcel.threads)
    if at_once == 1:
        carried_all = tuple(map(carry, parcel.held))
    else:
        with ThreadPoolExecutor(at_once) as threads:
            carried_all = tuple(threads.map(carry, parcel.held))
    back = Back(carried=carried_all, is_marked=mark is not None and mark.is_left)
    try:
        return packed("a result", back)  # all of it in one go: a second copy of a large result costs as much again
    except CannotTravel:
        return packed("a result", structs.replace(back, carried=tuple(map(_as_it_travels, carried_all))))


class _Once:
    """Leaves a mark once, whoever of a parcel sends first."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self._lock = Lock()
        self._was_left: bool | None = None

    def __call__(self) -> bool:
        with self._lock:
            if self._was_left is None:
                self._was_left = self._mark()
            return self._was_left

    @property
    def is_left(self) -> bool:
        """Whether it is there."""
        return self._was_left is not None


def _carry(parcel: Parcel, equipped: Equipped, mark: Callable[[], bool] | None, held: Held) -> Carried:
    try:
        loaded = load_operation(held.program, names=equipped.names)
        if is_failure(loaded):
            return _ended(loaded)
        began = time.monotonic() - held.elapsed
        way = Way(
            transport=equipped.transport,
            elapsed=lambda: time.monotonic() - began,
            requests=parcel.requests,
            mark=mark,
            is_again=held.is_again,
        )
        return _returned(carried(loaded.unwrap().program, way), way, equipped)
    except Exception as error:
        return Carried(raised=_packed_exception(error))


def _returned(journey: Journey, way: Way, equipped: Equipped) -> Carried:
    step, heard = journey.step, tuple(journey.heard)
    if step is None:
        return Carried(is_left=True, heard=heard)
    if isinstance(step, Done):
        return _ended(step.result, heard)
    saved = save_checkpoint(step, elapsed=way.elapsed(), names=equipped.names)
    if is_failure(saved):
        return _ended(saved, heard)
    if isinstance(step, Send):
        return Carried(program=saved.unwrap(), next=next_request(step.request), heard=heard)
    return Carried(program=saved.unwrap(), wait=(step.seconds, step.spread), heard=heard)


def _ended(result: Result[Any, Error], heard: tuple[Any, ...] = ()) -> Carried:
    return Carried(result=result, heard=heard)


def _as_it_travels(carried: Carried) -> Carried:
    """How far an operation was carried; with what says why its result does not travel, where it does not."""
    try:
        packed("a result", carried)
    except CannotTravel as error:
        return Carried(raised=_packed_exception(error), heard=carried.heard)
    return carried


def _packed_exception(error: Exception) -> bytes:
    """An exception with its traceback as a note; where it does not pickle, a `CannotTravel` in its place."""
    note = "".join(traceback.format_exception(error)).rstrip()
    try:
        unpacked(packed("an exception", error))
    except Exception:
        error = CannotTravel(f"a worker raised {type(error).__name__}, which cannot travel: {error}")
    error.add_note(f"in a worker:\n{note}")
    return packed("an exception", error)
