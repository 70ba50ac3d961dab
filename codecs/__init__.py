"""Bytes to values and back: wire structs, JSON, error envelope. Knows nothing of HTTP exchanges."""

from .envelope import ErrorBody as ErrorBody
from .envelope import decode_error_body as decode_error_body
from .errors import DecodeError as DecodeError
from .items import InputItem as InputItem
from .items import OutputItem as OutputItem
from .lossless import Codec as Codec
from .lossless import encode as encode
from .lossless import to_plain as to_plain
from .messages import ContentPart as ContentPart
from .messages import InputText as InputText
from .messages import Message as Message
from .messages import OutputText as OutputText
from .response import DeletedResponse as DeletedResponse
from .response import ItemList as ItemList
from .response import Response as Response
from .response import decode_deleted_response as decode_deleted_response
from .response import decode_input_items as decode_input_items
from .response import decode_response as decode_response
from .wire import Kept as Kept
from .wire import Unknown as Unknown
from .wire import Wire as Wire
