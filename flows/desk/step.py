"""The working copy of one step in an agent's chat; what is done with it stands in `chat` and what that calls."""

from datetime import datetime

from flows.errors import IllegalEvent
from flows.ids import Ids
from flows.reading.near_phrases import NearPhrases
from flows.reference import Reference
from flows.session import Agent, Session
from flows.step import Step


class DeskStep(Step):
    """A step in an agent's chat. `commands`: whatever commands of either side look like, also with a slip."""

    def __init__(
        self, session: Session, *, now: datetime, ids: Ids, reference: Reference, commands: NearPhrases
    ) -> None:
        super().__init__(session, now=now, ids=ids, reference=reference)
        self.commands = commands

    @property
    def agent(self) -> Agent:
        """Return who this is. Raises IllegalEvent where the chat is no agent's."""
        if self.session.agent is None:
            raise IllegalEvent("desk", self.state)
        return self.session.agent
