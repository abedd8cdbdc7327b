"""A question that files answer: one at least, until 传完了."""

from typing import ClassVar

from flows.intake.questions.choice_question import answer_in
from flows.intake.questions.question import NEEDS_BUTTON, Answer, Context, Question, Reading
from flows.messages import Text, message
from flows.reading.refusal import Refusal

DONE = "done"
COUNTED = message("file.counted", "count")


class FileQuestion(Question):
    """`nothing_yet` is what to say to 传完了 where no file has come."""

    nothing_yet: ClassVar[Refusal]

    def count(self, context: Context) -> int:
        """Say how many files were given to this question."""
        return sum(attachment.question == self.files for attachment in context.session.attachments)

    def answered(self, context: Context) -> bool:
        """Return True if 传完了 was tapped, and a file is still there (one may be lost on its way)."""
        return self.state in context.session.answers and self.count(context) > 0

    def shown(self, context: Context) -> Text | None:
        """Return how many there are."""
        return COUNTED(count=self.count(context))

    def read(self, text: str, context: Context) -> Reading:
        """Take 传完了 in words."""
        return self.choose(answer_in(text) or "", context)

    def choose(self, value: str, context: Context) -> Reading:
        """Take 传完了 once there is a file."""
        count = self.count(context)
        if not count:
            return self.nothing_yet
        return Answer(str(count)) if value == DONE else NEEDS_BUTTON
