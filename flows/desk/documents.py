"""The documents of a case as an agent sees them: numbered, each with what it is and when it came."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec import Struct

from flows.cases.case import CHAT, Case
from flows.ids import DocumentId
from flows.messages import Lines, Listed, MessageKey, Text, message
from flows.terms.calendar import in_shanghai

LISTED: Final = 20  # of a case's documents, the most that a card lists; all of them can be opened
KINDS: Final[dict[str, MessageKey]] = {
    "record": message("desk.document_record"),
    "notice": message("desk.document_notice"),
    "voice": message("desk.document_voice"),
    CHAT: message("desk.document_chat"),
}
KIND = message("desk.document_kind", "kinds")
LINE = message("desk.document", "number", "kind")
LINE_WITH_DAY = message("desk.document_with_day", "number", "kind", "day")
LEFT_OUT = message("desk.documents_left_out", "count")
CAPTION = message("desk.document_caption", "case", "number", "kind")
LIST = message("desk.documents", "summary", "lines")


class CaseDocument(Struct, frozen=True):
    """A document under its number in the case, from 1; one that serves two purposes has a kind for each."""

    number: int
    document: DocumentId
    kinds: tuple[str, ...]
    at: datetime | None

    @property
    def kind(self) -> Text:
        """Return what it is, in words; of a kind that this release does not know, that it was sent."""
        known = (KINDS.get(kind, KINDS[CHAT]) for kind in self.kinds)
        return KIND(kinds=Listed(tuple(each() for each in known)))


def documents_of(case: Case) -> tuple[CaseDocument, ...]:
    """Return the documents of a case in the order in which they came."""
    kinds: dict[DocumentId, list[str]] = {}
    times: dict[DocumentId, datetime | None] = {}
    for each in case.attachments:
        kinds.setdefault(each.document, []).append(each.question)
        times.setdefault(each.document, each.at)
    return tuple(
        CaseDocument(number, document, tuple(theirs), times[document])
        for number, (document, theirs) in enumerate(kinds.items(), start=1)
    )


def listed(case: Case, summary: Text) -> Text:
    """Return the summary with a line for each document of the case below it."""
    lines = tuple(_lines(documents_of(case)))
    return LIST(summary=summary, lines=Lines(lines)) if lines else summary


def caption(case: Case, document: CaseDocument) -> Text:
    """Return what stands under a copy of a document."""
    return CAPTION(case=case.number, number=document.number, kind=document.kind)


def _lines(documents: tuple[CaseDocument, ...]) -> Iterator[Text]:
    for each in documents[:LISTED]:
        yield _line(each)
    if len(documents) > LISTED:
        yield LEFT_OUT(count=len(documents) - LISTED)


def _line(document: CaseDocument) -> Text:
    if document.at is None:
        return LINE(number=document.number, kind=document.kind)
    return LINE_WITH_DAY(number=document.number, kind=document.kind, day=in_shanghai(document.at).date())
