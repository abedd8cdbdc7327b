"""What an owner looks at: the documents of their case, as copies in their chat that do not stay there."""

from flows.cases.case import AGENT_SPEAKS, BOT_SPEAKS, ShownDocument
from flows.cases.changes import changed
from flows.cases.stages import WORKED_ON
from flows.desk.documents import CaseDocument, caption, documents_of
from flows.desk.registry import Done, Invocation, command, fact
from flows.desk.showing import SHOWN_FOR, removals
from flows.effects import AuditEntry, CaseChange, DocumentCopy
from flows.ids import RowId


@fact
def unrestricted(given: Invocation) -> bool:
    """Return True unless the case's data may only be kept [PIPL 47]."""
    return given.case.restricted_at is None


@fact
def stored_documents(given: Invocation) -> bool:
    """Return True if the case has a document, or the one that was named by its number."""
    return bool(_named(given))


@command(stages=WORKED_ON, ownership=(AGENT_SPEAKS, BOT_SPEAKS), needs=("unrestricted", "stored_documents"))
def open_documents(given: Invocation) -> Done:
    """Show the owner the documents of the case for a while (看资料), each of them audited.

    Arguments: `number` (from 1: this document alone; all of them without it, or with 0). One that is open already is
    shown anew, in place of its earlier copy.
    """
    copies = tuple(_copy(given, each) for each in _named(given))
    anew = {copy.document for copy in copies}
    renewed = tuple(each for each in given.case.shown if each.document in anew)
    kept = (each for each in given.case.shown if each.document not in anew)
    case = changed(given.case, shown=(*kept, *(_shown(given, copy) for copy in copies)))
    entries = (_audited(given, copy) for copy in copies)
    return Done(case, (CaseChange(case=case), *entries, *removals(renewed), *copies))


def _named(given: Invocation) -> tuple[CaseDocument, ...]:
    number = given.arguments.get("number") or 0
    return tuple(each for each in documents_of(given.case) if number in {0, each.number})


def _copy(given: Invocation, document: CaseDocument) -> DocumentCopy:
    row, words = RowId(given.ids.new()), caption(given.case, document)
    return DocumentCopy(id=row, agent=given.actor.id, document=document.document, caption=words)


def _shown(given: Invocation, copy: DocumentCopy) -> ShownDocument:
    return ShownDocument(copy.id, given.actor.id, copy.document, given.now + SHOWN_FOR)


def _audited(given: Invocation, copy: DocumentCopy) -> AuditEntry:
    codes = {"document": copy.document}
    return AuditEntry(
        action="document_shown", chat=given.case.chat, case=given.case.id, actor=given.actor.id, codes=codes
    )
