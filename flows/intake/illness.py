"""Which illness of the contract's list [G3, G4, OP-N7]."""

from typing import ClassVar

from flows.intake.question import Answer, Asked, Choice, Pose, Question
from flows.messages import VERBATIM, message
from flows.reading.refusal import Refusal
from flows.reference import Illness
from flows.terms.facts import UNLISTED
from flows.words import plain

ASK_ILLNESS = message("ask.illness", "page", "pages")
MORE = message("illness.more")
OTHER = message("illness.other")

PAGE = 10


class IllnessQuestion(Question):
    """The illness by button, ten at a time, or typed; what is not on the list is a human's to decide."""

    state: ClassVar[str] = "illness"

    def pose(self, asked: Asked) -> Pose:
        """Show one page of the list, two a row."""
        listed = asked.reference.illnesses_of(asked.session.product)
        pages = max(1, -(-len(listed) // PAGE))
        page = min(max(asked.page, 1), pages)
        shown = listed[(page - 1) * PAGE : page * PAGE]
        buttons = [Choice(VERBATIM(text=illness.short), value=illness.code) for illness in shown]
        rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
        last = [Choice(OTHER(), value=UNLISTED)]
        if pages > 1:
            last.insert(0, Choice(MORE(), page=page % pages + 1))
        return Pose(ASK_ILLNESS(page=page, pages=pages), (*rows, tuple(last)))

    def read(self, text: str, asked: Asked) -> Answer | Refusal:
        """Read a name of the list as it is written there, or the first part of just one."""
        typed = plain(text).replace(" ", "")
        found = {i.code for i in asked.reference.illnesses_of(asked.session.product) if _means(typed, i)}
        return Answer(found.pop()) if len(found) == 1 else Refusal("illness_not_found")

    def choose(self, value: str, asked: Asked) -> Answer | Refusal:
        """Accept a code of the list."""
        known = {illness.code for illness in asked.reference.illnesses_of(asked.session.product)} | {UNLISTED}
        return Answer(value) if value in known else Refusal("pick_a_button")


def _means(typed: str, illness: Illness) -> bool:
    return typed in {illness.name, illness.short}
