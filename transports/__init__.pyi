"""Written by tests/scripts/write_stubs.py; what is public is said in `__init__.py`."""

from .aiohttp.transport import AiohttpTransport as AiohttpTransport
from .archive.formats import ArchiveDamage as ArchiveDamage, ArchiveFormat as ArchiveFormat
from .archive.opening import open_archive as open_archive, read_archive as read_archive
from .archive.writer import ArchiveWriter as ArchiveWriter
from .batch.limits import RunStopped as RunStopped, TooManyFailures as TooManyFailures
from .batch.many import run_many as run_many, run_many_async as run_many_async
from .batch.outcomes import Outcome as Outcome, Unfinished as Unfinished
from .batch.progress import Progress as Progress, UsageSum as UsageSum
from .batch.recorder import Recorder as Recorder
from .batch.shared_errors import hopeless as hopeless
from .cassette.canned_answers import StreamedResponse as StreamedResponse
from .cassette.format import Recording as Recording
from .cassette.formats.carried import Exported as Exported, Imported as Imported, NotCarried as NotCarried
from .cassette.formats.other_formats import (
    export_recordings as export_recordings,
    import_recordings as import_recordings,
)
from .cassette.leaks import SecretFound as SecretFound
from .cassette.matching import Matching as Matching
from .cassette.normalising import Normalising as Normalising
from .cassette.partial_file import LeftOverRecording as LeftOverRecording
from .cassette.recorder import AsyncCassetteRecorder as AsyncCassetteRecorder, CassetteRecorder as CassetteRecorder
from .cassette.redaction import Redaction as Redaction
from .cassette.sessions.modes import StaleCassette as StaleCassette, use_cassette as use_cassette
from .cassette.sessions.verifying import (
    Verification as Verification,
    verify_cassette as verify_cassette,
    verify_cassette_async as verify_cassette_async,
)
from .cassette.transport import AsyncCassetteTransport as AsyncCassetteTransport, CassetteTransport as CassetteTransport
from .clock import Clock as Clock, SystemClock as SystemClock, VirtualClock as VirtualClock, WakingClock as WakingClock
from .contract import (
    AbandonableStreamingTransport as AbandonableStreamingTransport,
    AbandonableTransport as AbandonableTransport,
    AsyncBody as AsyncBody,
    AsyncStreamingTransport as AsyncStreamingTransport,
    AsyncTransport as AsyncTransport,
    Body as Body,
    Exchange as Exchange,
    StreamingTransport as StreamingTransport,
    Transport as Transport,
)
from .control.client import (
    ClockReading as ClockReading,
    ControlRefused as ControlRefused,
    JournalEntry as JournalEntry,
    JournalEvent as JournalEvent,
    JournalRequest as JournalRequest,
    JournalResponse as JournalResponse,
    ServiceControl as ServiceControl,
)
from .control.clock import SteeredClock as SteeredClock
from .control.endpoint import ControlEndpoint as ControlEndpoint
from .control.scopes import Scopes as Scopes
from .drivers import run as run, run_async as run_async
from .fetch.transport import FetchTransport as FetchTransport
from .iteration import iterate as iterate, iterate_async as iterate_async
from .layers.keyed import many_keys as many_keys
from .layers.layer import Attempt as Attempt, Layer as Layer, Turn as Turn
from .layers.layered import (
    LayeredAbandonableStreamingTransport as LayeredAbandonableStreamingTransport,
    LayeredAbandonableTransport as LayeredAbandonableTransport,
    LayeredStreamingTransport as LayeredStreamingTransport,
    LayeredTransport as LayeredTransport,
)
from .layers.layered_async import (
    LayeredAsyncStreamingTransport as LayeredAsyncStreamingTransport,
    LayeredAsyncTransport as LayeredAsyncTransport,
)
from .layers.logs import logging_exchanges as logging_exchanges, set_up_logging as set_up_logging
from .layers.observed import BodyRead as BodyRead, observing as observing
from .layers.paced import pacing as pacing
from .layers.pacer import Pacer as Pacer
from .ledger.fates import (
    Damaged as Damaged,
    Fate as Fate,
    FateName as FateName,
    Receipt as Receipt,
    Settled as Settled,
    Verified as Verified,
)
from .ledger.hold import LedgerInUse as LedgerInUse, LedgerRefused as LedgerRefused
from .ledger.ledger import Ledger as Ledger
from .machines.dask import DaskExecutor as DaskExecutor
from .machines.executors import HandedOut as HandedOut, MarkingExecutor as MarkingExecutor, WorkerLost as WorkerLost
from .machines.many_on import run_many_on as run_many_on
from .machines.marks import Mark as Mark, Marks as Marks
from .machines.parcels import CannotTravel as CannotTravel
from .memory.faults import (
    CutStream as CutStream,
    Delay as Delay,
    FaultPlan as FaultPlan,
    Garbage as Garbage,
    QuotaUsedUp as QuotaUsedUp,
    RateLimited as RateLimited,
    Refused as Refused,
    Reset as Reset,
    Rule as Rule,
    ServerError as ServerError,
    SlowStream as SlowStream,
    Truncated as Truncated,
    Unsent as Unsent,
    load_faults as load_faults,
)
from .memory.scripts.model_input import ModelInput as ModelInput
from .memory.scripts.replies import Life as Life, Reply as Reply
from .memory.scripts.script import Scripted as Scripted
from .memory.scripts.script_file import load_script as load_script
from .memory.scripts.when import Match as Match, ToolOutput as ToolOutput, When as When
from .memory.service import (
    AZURE_AGENT_SERVER as AZURE_AGENT_SERVER,
    AZURE_FOUNDRY as AZURE_FOUNDRY,
    CancelUndone as CancelUndone,
    Change as Change,
    Dialect as Dialect,
    FIREWORKS as FIREWORKS,
    LateConsistency as LateConsistency,
    Listing as Listing,
    OGX as OGX,
    OPENAI as OPENAI,
    SGLANG as SGLANG,
    State as State,
    Streaming as Streaming,
    VLLM as VLLM,
    VLLM_STORING as VLLM_STORING,
    respond as respond,
    sample_state as sample_state,
    stored as stored,
)
from .memory.transport import MemoryTransport as MemoryTransport
from .network.named_key import NamedKey as NamedKey
from .network.secret import Secret as Secret
from .network.token_services import (
    TokenFile as TokenFile,
    entra_token as entra_token,
    managed_identity as managed_identity,
    workload_identity as workload_identity,
)
from .network.tokens import AccessToken as AccessToken, RefreshingToken as RefreshingToken
from .observers.opentelemetry import OpenTelemetry as OpenTelemetry
from .run_events import (
    AttemptAnswered as AttemptAnswered,
    AttemptBegan as AttemptBegan,
    AttemptRaised as AttemptRaised,
    BodyEnded as BodyEnded,
    ForkBegan as ForkBegan,
    Observer as Observer,
    RunBegan as RunBegan,
    RunEnded as RunEnded,
    RunEvent as RunEvent,
    RunRaised as RunRaised,
    ValuesEmitted as ValuesEmitted,
    WaitBegan as WaitBegan,
)
from .serving.asgi import AsgiApplication as AsgiApplication
from .serving.server import serve as serve
from .serving.wsgi import WsgiApplication as WsgiApplication
from .testing.capture import (
    CaptureTransport as CaptureTransport,
    assert_asked as assert_asked,
    assert_not_asked as assert_not_asked,
)
from .testing.exploration.alternatives import EVERY_FAULT as EVERY_FAULT
from .testing.exploration.claims import (
    Broken as Broken,
    Claim as Claim,
    Moment as Moment,
    always as always,
    eventually as eventually,
    finally_ as finally_,
)
from .testing.exploration.deletion_claims import (
    deleted_is_gone as deleted_is_gone,
    gone_is_reported as gone_is_reported,
)
from .testing.exploration.event_claims import every_event_once as every_event_once
from .testing.exploration.failure_claims import may_have_acted_is_true as may_have_acted_is_true
from .testing.exploration.ready_claims import (
    USUAL_CLAIMS as USUAL_CLAIMS,
    ends_in_time as ends_in_time,
    every_life_ends as every_life_ends,
)
from .testing.exploration.repetitions import never_twice as never_twice, nothing_unsafe_twice as nothing_unsafe_twice
from .testing.exploration.searching import explore as explore
from .testing.forbidden import ForbiddenTransport as ForbiddenTransport
from .testing.lives.findings import Ending as Ending, Exploration as Exploration, Violation as Violation
from .testing.lives.life_file import (
    WrittenLife as WrittenLife,
    WrittenStep as WrittenStep,
    life_json as life_json,
    load_life as load_life,
)
from .testing.lives.lives import Dies as Dies, LifeStep as LifeStep, OtherWait as OtherWait
from .testing.replays.course import NotTheSame as NotTheSame
from .testing.replays.life import ProcessEnded as ProcessEnded, ReplayedLife as ReplayedLife
from .testing.replays.replaying import FailedLife as FailedLife, Replays as Replays, replay_lives as replay_lives
from .testing.stub import (
    ScriptedTransport as ScriptedTransport,
    StubTransport as StubTransport,
    json_response as json_response,
)
from .testing.walks.swarms import Swarm as Swarm
from .testing.walks.walked import Errand as Errand, Strayed as Strayed, Walk as Walk, Walked as Walked
from .testing.walks.walking import walk as walk
from .threads import in_threads as in_threads
from .urllib3.transport import Urllib3Transport as Urllib3Transport
