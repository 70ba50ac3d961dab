"""How much sooner audits are decoded and exported by two workers than by one process."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from machine_workers import EXPORTING, Exporting, big_audits
from returns.result import Result

from puresponse import (
    DaskExecutor,
    Error,
    Operation,
    audit_response,
    run_many,
    run_many_on,
    value_or_raise,
)

AUDITS = 200
BOUND = 1.4
Export = Iterable[tuple[str, Operation[int]]]


def exports(folder: Path, number: int = AUDITS) -> Export:
    """Audits of a thousand items each, decoded, and written as lines by whoever carries them out."""
    return [(f"resp_{one}", audit_response("resp_big").map(Exporting(str(folder)))) for one in range(number)]


def written(outcomes: Iterable[tuple[Any, Result[int, Error]]]) -> int:
    """How many bytes the lines have."""
    return sum(value_or_raise(result) for _, result in outcomes)


@contextmanager
def processes() -> Generator[Any, None, None]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def cluster() -> Generator[Any, None, None]:
    distributed: Any = import_module("distributed")
    configuration: Any = import_module("dask.config")
    with (
        configuration.set({"distributed.logging.distributed": "error"}),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as workers,
        distributed.Client(workers) as client,
    ):
        yield DaskExecutor(client)


@pytest.mark.deep
@pytest.mark.parametrize(("workers", "bound"), [(processes, BOUND), (cluster, 0.0)])
def test_two_workers_audit_sooner_than_one_process(workers: Callable[[], Any], bound: float, tmp_path: Path) -> None:
    """A cluster is measured, and held to no figure: its scheduler and its own threads share the two processors."""
    transport, there = big_audits(), "machine_workers:big_audits"
    with workers() as executor:
        written(run_many_on(executor, exports(tmp_path, 8), there, names=EXPORTING))  # so that all is loaded
        written(run_many(exports(tmp_path, 2), transport, 1))
        ratios: list[float] = []
        for _ in range(3):
            began = time.perf_counter()
            alone = written(run_many(exports(tmp_path), transport, 1))
            between = time.perf_counter()
            together = written(run_many_on(executor, exports(tmp_path), there, 40, names=EXPORTING, chunk=5, threads=1))
            ended = time.perf_counter()
            assert alone == together > AUDITS * 500_000
            ratios.append((between - began) / (ended - between))
            print(f"{workers.__name__}: one {between - began:.2f} s, two {ended - between:.2f} s, {ratios[-1]:.2f} x")
    assert len(list(tmp_path.iterdir())) == 3
    assert max(ratios) >= bound
