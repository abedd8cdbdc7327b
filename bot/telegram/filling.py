"""What a payload lacks until it is sent: the message that a row is about, and the file that it shows."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from flows.ids import RowId
from flows.ports.outbox import FileReference, OutboxRow
from flows.ports.rendering import Payload

NO_MESSAGE: Final = "no_message"  # the earlier row that this one is about never became a message
NO_DOCUMENT: Final = "no_document"  # it was dropped, or deleted with its case

METHODS: Final = {
    "photo": "sendPhoto",
    "document": "sendDocument",
    "voice": "sendVoice",
    "audio": "sendAudio",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
    "animation": "sendAnimation",
}
"""The method that sends each kind of file; the file stands in the parameter that is named like the kind."""


def filled(row: OutboxRow, messages: Mapping[RowId, int]) -> Payload | str:
    """Return the payload as it is posted, or the code of what it lacks; `messages` are what earlier rows became."""
    if row.refers is not None:
        message = row.message or messages.get(row.refers)
        return NO_MESSAGE if message is None else _with(row.payload, row.payload.method, message_id=message)
    if row.document is not None:
        return NO_DOCUMENT if row.file is None else _with_file(row.payload, row.file)
    return row.payload


def _with_file(payload: Payload, file: FileReference) -> Payload:
    return _with(payload, METHODS[file.kind], **{file.kind: file.file_id})


def _with(payload: Payload, method: str, **more: Any) -> Payload:  # noqa: ANN401 - JSON
    return Payload(method, msgspec.json.encode({**msgspec.json.decode(payload.body), **more}))
