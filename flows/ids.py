"""The identifiers, each a type of its own, and the source of new ones."""

from typing import NewType, Protocol

ChatId = NewType("ChatId", int)  # a private chat; equal to its user's id (Bot API, Chat)
AgentId = NewType("AgentId", int)  # equal to the Telegram id of the agent's own account
MessageId = NewType("MessageId", int)  # counted by Telegram within one chat
CaseId = NewType("CaseId", int)
PolicyId = NewType("PolicyId", int)
DocumentId = NewType("DocumentId", int)
RowId = NewType("RowId", int)  # an outbox, audit, transcript or dead-letter row


class Ids(Protocol):
    """Where new ids come from. They exist before the insert, since encryption binds each value to its row."""

    def new(self) -> int:
        """Return a positive integer below 2**63, greater than every one given before by this source."""

    def code(self) -> str:
        """Return eight digits that nobody can guess."""
