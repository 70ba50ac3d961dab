"""Two workflows: one ends a response and deletes it, the other counts what went into a response.

The library is imported once, outside of the sandbox, because that is faster; it need not be.
"""

from __future__ import annotations

from returns.result import Failure
from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from temporal_host import give, iterate_in_workflow, run_in_workflow

    from puresponse import WaitPolicy, all_input_items, cancel_and_wait, delete_response, retrying

PATIENCE = WaitPolicy(deadline=3600.0)


@workflow.defn
class EndAndDelete:
    """Cancels a response where it still runs, waits until it has ended, and deletes it."""

    @workflow.run
    async def run(self, response_id: str) -> RawValue:
        ended = cancel_and_wait(response_id, PATIENCE)
        operation = ended.bind(lambda response: delete_response(response.id))
        return give(await run_in_workflow(retrying(operation)))


@workflow.defn
class CountInput:
    """Counts the items that went into a response, page by page."""

    @workflow.run
    async def run(self, response_id: str) -> int:
        count = 0
        async for item in iterate_in_workflow(retrying(all_input_items(response_id))):
            if isinstance(item, Failure):
                give(item)
            count += 1
        return count
