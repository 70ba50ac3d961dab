"""Replay by Temporal's own core, which needs no server for it, with a record of what goes in and out of the sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

SANDBOXED = SandboxRestrictions.default
"""Everything that is not the standard library's or Temporal's is imported anew into each run, under restrictions."""

PASSED_THROUGH = SANDBOXED.with_passthrough_modules("puresponse", "returns", "msgspec", "programs", "temporal_host")
"""The core and what it stands on are imported once, outside."""

_DEFINITION = "__temporal_workflow_definition"
"""Where `workflow.defn` leaves what it knows of a workflow."""


class Exchange(Struct, frozen=True):
    """What the core told a workflow, and what the workflow answered."""

    activation: WorkflowActivation
    completion: WorkflowActivationCompletion


class Recording(WorkflowRunner):
    """A sandbox that keeps what went in and out."""

    def __init__(self, restrictions: SandboxRestrictions) -> None:
        self._sandbox = SandboxedWorkflowRunner(restrictions=restrictions)
        self.exchanges: list[Exchange] = []
        self.details: list[WorkflowInstanceDetails] = []

    def prepare_workflow(self, defn: Any) -> None:
        """Import the workflow, to see whether that is possible."""
        self._sandbox.prepare_workflow(defn)

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        """Tell which exceptions are failures of the workflow."""
        self._sandbox.set_worker_level_failure_exception_types(types)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Import the workflow into a new sandbox."""
        self.details.append(det)
        return _RecordedInstance(self._sandbox.create_instance(det), self.exchanges)


class _RecordedInstance(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance, exchanges: list[Exchange]) -> None:
        self._instance = instance
        self._exchanges = exchanges

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        completion = self._instance.activate(act)
        if not act.jobs[0].HasField("remove_from_cache"):
            self._exchanges.append(Exchange(act, completion))
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Any:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


async def replay(
    workflow: type, history: WorkflowHistory, restrictions: SandboxRestrictions = PASSED_THROUGH
) -> Recording:
    """Let Temporal's core replay a history. Raises `NondeterminismError` where the workflow does not do the same."""
    runner = Recording(restrictions)
    await Replayer(workflows=[workflow], workflow_runner=runner).replay_workflow(history)
    return runner


def name_of(workflow: type) -> str:
    """What Temporal calls a workflow."""
    definition: Any = getattr(workflow, _DEFINITION)
    name: str = definition.name
    return name


def commands_of(exchanges: Sequence[Exchange]) -> list[WorkflowCommand]:
    """All that the workflow wanted done, in order."""
    return [command for exchange in exchanges for command in exchange.completion.successful.commands]
