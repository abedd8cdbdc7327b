"""The record or report of a public hospital of the second grade or above [OP-N1]."""

from typing import ClassVar

from flows.intake.question import Answer, Asked, Choice, Pose, Question, Reading
from flows.messages import message

ASK_RECORD = message("ask.record")
RECORD_MORE = message("ask.record_more", "count")
RECORD_DONE = message("record.done")


class Record(Question):
    """One picture or file at least; each is acknowledged by its number as it arrives."""

    state: ClassVar[str] = "record"
    files: ClassVar[str] = "record"

    def pose(self, asked: Asked) -> Pose:
        """Ask for the first, or whether there are more."""
        count = sum(attachment.question == self.state for attachment in asked.session.attachments)
        if not count:
            return Pose(ASK_RECORD())
        return Pose(RECORD_MORE(count=count), ((Choice(RECORD_DONE(), value="done"),),))

    def answered(self, asked: Asked) -> bool:
        """It was said that all are sent, and there is one at least."""
        return self.state in asked.session.answers and bool(asked.session.attachments)

    def choose(self, _value: str, asked: Asked) -> Reading:
        """All are sent."""
        return Answer(str(len(asked.session.attachments)))
