"""A batch by Dask, on a cluster of real processes, of which some are killed."""

from __future__ import annotations

import os
import signal
from collections import Counter
from importlib import import_module
from typing import Any

import pytest
from killing_service import killing
from machine_workers import failed

from puresponse.core import ApiError, Interrupted, create_response, delete_response, retrieve_response
from puresponse.transports import DaskExecutor, run_many_on

distributed: Any = import_module("distributed")
configuration: Any = import_module("dask.config")

QUICK = {
    "distributed.worker.multiprocessing-method": "forkserver",
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.logging.distributed": "error",
}


def test_workers_of_a_cluster_are_killed_and_nothing_that_must_not_be_is_sent_twice() -> None:
    operations = {
        "created": create_response(model="gpt-5", input="created"),
        "killed": create_response(model="gpt-5", input="die"),
        "deleted": delete_response("resp_chat"),
        "read": retrieve_response("resp_completed"),
        "other": create_response(model="gpt-5", input="other"),
    }
    with (
        killing(lambda request: b"die" in (request.body or b"") or request.method == "DELETE") as service,
        configuration.set(QUICK),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        outcomes: dict[str, Any] = {}
        for key, result in run_many_on(DaskExecutor(client), operations.items(), "machine_workers:marked_transport", 1):
            outcomes[key] = result
            if key == "created":  # so that the result is lost with it, were the task not forgotten
                os.kill(service.senders[0], signal.SIGKILL)
    assert outcomes.keys() == operations.keys()
    assert isinstance(failed(outcomes["killed"]), Interrupted)
    assert outcomes["read"].unwrap().id == "resp_completed"
    assert outcomes["created"].unwrap().output_text == "created"
    again = failed(outcomes["deleted"])
    assert isinstance(again, ApiError)
    assert (again.status, again.after_interruption) == (404, True)
    times = Counter((method, body) for method, _, body in service.asked)
    assert {asked: number for asked, number in times.items() if asked[0] == "POST"} == dict.fromkeys(
        [("POST", f'{{"model":"gpt-5","input":"{text}"}}'.encode()) for text in ("created", "die", "other")], 1
    )
    assert times["DELETE", None] == 2


def test_a_client_itself_is_no_executor() -> None:
    client: Any = object.__new__(distributed.Client)
    with pytest.raises(TypeError, match=r"DaskExecutor\(client\)"):
        run_many_on(client, [delete_response("resp_1")], "puresponse:MemoryTransport")
