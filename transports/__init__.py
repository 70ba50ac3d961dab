"""All that touches the world: the transport contract, the drivers, and the transports.

Everything public can be imported from here, and is loaded when it is first asked for: who runs in memory loads neither
urllib3 nor threads nor an event loop.
"""

_PUBLIC = {
    "batch.limits": "RunStopped TooManyFailures",
    "batch.many": "run_many run_many_async",
    "batch.outcomes": "Outcome Unfinished",
    "batch.progress": "Progress UsageSum",
    "batch.recorder": "Recorder",
    "archive.formats": "ArchiveDamage ArchiveFormat",
    "archive.opening": "open_archive read_archive",
    "archive.writer": "ArchiveWriter",
    "batch.shared_errors": "hopeless",
    "aiohttp.transport": "AiohttpTransport",
    "cassette.canned_answers": "StreamedResponse",
    "cassette.format": "Recording",
    "cassette.formats.carried": "Exported Imported NotCarried",
    "cassette.formats.other_formats": "export_recordings import_recordings",
    "cassette.leaks": "SecretFound",
    "cassette.matching": "Matching",
    "cassette.sessions.modes": "StaleCassette use_cassette",
    "cassette.normalising": "Normalising",
    "cassette.partial_file": "LeftOverRecording",
    "cassette.recorder": "AsyncCassetteRecorder CassetteRecorder",
    "cassette.redaction": "Redaction",
    "cassette.transport": "AsyncCassetteTransport CassetteTransport",
    "cassette.sessions.verifying": "Verification verify_cassette verify_cassette_async",
    "clock": "Clock SystemClock VirtualClock WakingClock",
    "contract": (
        "AbandonableStreamingTransport AbandonableTransport AsyncBody AsyncStreamingTransport AsyncTransport Body "
        "Exchange StreamingTransport Transport"
    ),
    "control.client": (
        "ClockReading ControlRefused JournalEntry JournalEvent JournalRequest JournalResponse ServiceControl"
    ),
    "control.clock": "SteeredClock",
    "control.endpoint": "ControlEndpoint",
    "control.scopes": "Scopes",
    "drivers": "run run_async",
    "iteration": "iterate iterate_async",
    "layers.keyed": "many_keys",
    "fetch.transport": "FetchTransport",
    "layers.layer": "Attempt Layer Turn",
    "layers.layered": (
        "LayeredAbandonableStreamingTransport LayeredAbandonableTransport LayeredStreamingTransport LayeredTransport"
    ),
    "layers.layered_async": "LayeredAsyncStreamingTransport LayeredAsyncTransport",
    "layers.logs": "logging_exchanges set_up_logging",
    "layers.observed": "BodyRead observing",
    "layers.paced": "pacing",
    "layers.pacer": "Pacer",
    "ledger.fates": "Damaged Fate FateName Receipt Settled Verified",
    "ledger.hold": "LedgerInUse LedgerRefused",
    "ledger.ledger": "Ledger",
    "machines.dask": "DaskExecutor",
    "machines.executors": "HandedOut MarkingExecutor WorkerLost",
    "machines.many_on": "run_many_on",
    "machines.marks": "Mark Marks",
    "machines.parcels": "CannotTravel",
    "memory.faults": (
        "CutStream Delay FaultPlan Garbage QuotaUsedUp RateLimited Refused Reset Rule ServerError SlowStream "
        "Truncated Unsent load_faults"
    ),
    "memory.scripts.model_input": "ModelInput",
    "memory.scripts.replies": "Life Reply",
    "memory.scripts.script": "Scripted",
    "memory.scripts.script_file": "load_script",
    "memory.scripts.when": "Match ToolOutput When",
    "memory.service": (
        "AZURE_AGENT_SERVER AZURE_FOUNDRY CancelUndone Change Dialect FIREWORKS LateConsistency Listing OGX OPENAI "
        "respond sample_state SGLANG State stored Streaming VLLM VLLM_STORING"
    ),
    "memory.transport": "MemoryTransport",
    "observers.opentelemetry": "OpenTelemetry",
    "run_events": (
        "AttemptAnswered AttemptBegan AttemptRaised BodyEnded ForkBegan Observer RunBegan RunEnded RunEvent RunRaised "
        "ValuesEmitted WaitBegan"
    ),
    "network.named_key": "NamedKey",
    "network.secret": "Secret",
    "network.token_services": "entra_token managed_identity TokenFile workload_identity",
    "network.tokens": "AccessToken RefreshingToken",
    "serving.asgi": "AsgiApplication",
    "serving.server": "serve",
    "serving.wsgi": "WsgiApplication",
    "testing.capture": "assert_asked assert_not_asked CaptureTransport",
    "testing.exploration.claims": "always Broken Claim eventually finally_ Moment",
    "testing.exploration.deletion_claims": "deleted_is_gone gone_is_reported",
    "testing.exploration.event_claims": "every_event_once",
    "testing.exploration.failure_claims": "may_have_acted_is_true",
    "testing.exploration.ready_claims": "ends_in_time every_life_ends USUAL_CLAIMS",
    "testing.exploration.repetitions": "never_twice nothing_unsafe_twice",
    "testing.exploration.alternatives": "EVERY_FAULT",
    "testing.lives.findings": "Ending Exploration Violation",
    "testing.lives.life_file": "life_json load_life WrittenLife WrittenStep",
    "testing.lives.lives": "Dies LifeStep OtherWait",
    "testing.exploration.searching": "explore",
    "testing.replays.course": "NotTheSame",
    "testing.replays.life": "ProcessEnded ReplayedLife",
    "testing.replays.replaying": "FailedLife replay_lives Replays",
    "testing.walks.swarms": "Swarm",
    "testing.walks.walking": "walk",
    "testing.walks.walked": "Errand Strayed Walk Walked",
    "testing.forbidden": "ForbiddenTransport",
    "testing.stub": "json_response ScriptedTransport StubTransport",
    "threads": "in_threads",
    "urllib3.transport": "Urllib3Transport",
}
"""What is public, by the module that holds it; `__init__.pyi` is made of this, for type-checkers."""

_HOME = {name: module for module, names in _PUBLIC.items() for name in names.split()}

# Not assigned as usual: pyright takes no list that is worked out. It has the names from `__init__.pyi`.
globals()["__all__"] = list(_HOME)


def __getattr__(name: str) -> object:
    from ..codecs.on_demand import public_name

    return public_name(globals(), name)


def __dir__() -> list[str]:
    from ..codecs.on_demand import public_names

    return public_names(globals())
