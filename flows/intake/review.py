"""The last look before the request is submitted; numbers are masked, as anybody may look over a shoulder."""

from typing import ClassVar

from flows.intake.question import Asked, Choice, Pose, Question
from flows.masking import masked, masked_name
from flows.messages import VERBATIM, message

REVIEW = message("ask.review", "name", "id_number", "policy_number", "illness", "records")
SUBMIT = message("review.submit")
ILLNESS_OTHER = message("illness.not_listed")


class Review(Question):
    """Every answer on one card; submit, or go back."""

    state: ClassVar[str] = "review"
    files: ClassVar[str] = "record"  # one more, remembered late

    def pose(self, asked: Asked) -> Pose:
        """Show the card."""
        answers = asked.session.answers
        name = asked.reference.illness_name(asked.session.product, answers["illness"]) or answers.get(
            "illness_words", ""
        )
        text = REVIEW(
            name=masked_name(answers["name"]),
            id_number=masked(answers["id_number"]),
            policy_number=masked(answers["policy_number"]),
            illness=VERBATIM(text=name) if name else ILLNESS_OTHER(),
            records=sum(attachment.question == "record" for attachment in asked.session.attachments),
        )
        return Pose(text, ((Choice(SUBMIT(), fires="submit"),),))
