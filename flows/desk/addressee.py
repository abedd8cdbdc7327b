"""Whom an agent's words go to: named beside the first line of a conversation, and after a pause."""

from datetime import timedelta
from typing import Final

from flows.cases.case import Case
from flows.desk import texts
from flows.desk.step import DeskStep
from flows.masking import masked_name
from flows.messages import VERBATIM, Text

QUIET: Final = timedelta(minutes=10)  # without a line either way; then whom one talks to may have been forgotten


def name_addressee(step: DeskStep, before: Case) -> None:
    """Say whom a line went to, if it was the first of its conversation, or followed a pause.

    `before` is the case as it was before the line.
    """
    if before.spoken_at is None or step.now - before.spoken_at > QUIET:
        step.say(texts.SENT_TO(whom=whom(before)))


def whom(case: Case) -> Text:
    """Return the case's number, with the masked name where there is one that may be shown."""
    number, name = VERBATIM(text=case.number), case.answers.get("name", "")
    if not name or case.restricted_at is not None:
        return number
    return texts.WITH_MORE(value=number, more=VERBATIM(text=masked_name(name)))
