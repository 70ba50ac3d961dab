"""The service in memory, as a pure function: `respond(state, request, now) -> (state, response)`."""

from .dialect import AZURE_AGENT_SERVER as AZURE_AGENT_SERVER
from .dialect import DIALECTS as DIALECTS
from .dialect import OGX as OGX
from .dialect import OPENAI as OPENAI
from .dialect import Dialect as Dialect
from .endpoint import Answered as Answered
from .endpoint import CancelUndone as CancelUndone
from .endpoint import IdSource as IdSource
from .endpoint import LateConsistency as LateConsistency
from .endpoint import Quirk as Quirk
from .endpoint import numbered_id as numbered_id
from .event_chunks import EventChunks as EventChunks
from .event_chunks import TimedChunk as TimedChunk
from .samples import sample_models as sample_models
from .samples import sample_state as sample_state
from .service import begin as begin
from .service import refuse as refuse
from .service import respond as respond
from .state import Change as Change
from .state import State as State
from .state import StoredConversation as StoredConversation
from .state import StoredResponse as StoredResponse
from .state import Streaming as Streaming
from .state import stored as stored
