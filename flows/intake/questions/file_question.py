"""A question that files answer: one at least, until 传完了."""

from typing import ClassVar

from flows.intake.questions.choice_question import answer_in
from flows.intake.questions.question import NEEDS_BUTTON, Answer, Asked, Question, Reading
from flows.messages import Text, message
from flows.reading.refusal import Refusal

DONE = "done"
COUNTED = message("file.counted", "count")


class FileQuestion(Question):
    """`nothing_yet` is what to say to 传完了 where no file has come."""

    nothing_yet: ClassVar[Refusal]

    def count(self, asked: Asked) -> int:
        """Say how many files were given to this question."""
        return sum(attachment.question == self.files for attachment in asked.session.attachments)

    def answered(self, asked: Asked) -> bool:
        """Say whether 传完了 was tapped, and a file is still there (one may be lost on its way)."""
        return self.state in asked.session.answers and self.count(asked) > 0

    def shown(self, asked: Asked) -> Text | None:
        """Give how many there are."""
        return COUNTED(count=self.count(asked))

    def read(self, text: str, asked: Asked) -> Reading:
        """Take 传完了 in words."""
        return self.choose(answer_in(text) or "", asked)

    def choose(self, value: str, asked: Asked) -> Reading:
        """Take 传完了 once there is a file."""
        count = self.count(asked)
        if not count:
            return self.nothing_yet
        return Answer(str(count)) if value == DONE else NEEDS_BUTTON
