"""Several answers in one message: 「我叫张伟，身份证…，手机…，保单…，确诊肺癌」 fills in what it says, in any order.

Numbers and names are found wherever they stand; the rest is cut into pieces, and each open question may take the
piece that can mean nothing else. What is doubtful is not taken: it is asked for in its turn.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from flows.intake.questions.question import Answer, Context, Question
from flows.reading.all import Found, PartKind, read_all
from flows.reading.fold import plain
from flows.reading.hospital_names import HospitalIndex
from flows.reading.id_numbers import IdNumber

SHORTEST: Final = 4  # characters; two answers do not fit into fewer
LONGEST: Final = 1000  # characters; a longer text is a story, and read for numbers alone
PARTS: Final[dict[PartKind, str]] = {
    PartKind.NAME: "name",
    PartKind.ID_NUMBER: "id_number",
    PartKind.PHONE: "phone",
    PartKind.POLICY_NUMBER: "policy_number",
}
_NOWHERE: Final = HospitalIndex((), ())  # hospitals are read by the questions that ask for one
_BETWEEN: Final = re.compile(r"[\s，,。；;、！!]+")


def several_answers(text: str, context: Context) -> dict[str, Answer]:
    """Return what a message answers without doubt, by question, in the order of asking; empty where it is nothing."""
    if len(text) < SHORTEST:
        return {}
    found = [part for part in read_all(text, today=context.today, hospitals=_NOWHERE) if part.kind in PARTS]
    sure = {PARTS[part.kind]: _answer(part) for part in found if part.doubt is None}
    return dict(_in_order(sure, list(pieces(text, found)), context))


def pieces(text: str, found: list[Found]) -> Iterator[str]:
    """Cut a text into what may be an answer by itself, without the parts that were found in it."""
    for part in found:
        text = text[: part.start] + " " * (part.end - part.start) + text[part.end :]
    if len(text) <= LONGEST:
        yield from (piece for piece in _BETWEEN.split(plain(text)) if piece)


def has_several_pieces(text: str) -> bool:
    """Return True if a text is more than one piece, so that one may answer beside the other."""
    return len([piece for piece in _BETWEEN.split(plain(text)) if piece]) > 1


def _in_order(sure: dict[str, Answer], left: list[str], context: Context) -> Iterator[tuple[str, Answer]]:
    """Go through the questions as they would be asked, each answer known to those after it."""
    for question in context.questions:
        taken = _given(question, sure, left, context)
        if taken is not None:
            yield question.state, taken
            after = {**context.session.answers, question.state: taken.value, **taken.also}
            context = replace(context, session=replace(context.session, answers=after))


def _given(question: Question, sure: dict[str, Answer], left: list[str], context: Context) -> Answer | None:
    if question.state in sure:
        free = not question.answered(context) or context.session.state in {question.state, "unmatched"}
        return sure[question.state] if free else None
    if not left or not question.applies(context) or question.answered(context):
        return None
    for piece in left:
        answer = question.volunteer(piece, context)
        if answer is not None:
            if not question.in_passing:
                left.remove(piece)
            return answer
    return None


def _answer(part: Found) -> Answer:
    also = {"id_kind": str(part.reading.kind)} if isinstance(part.reading, IdNumber) else {}
    return Answer(part.value, also)
