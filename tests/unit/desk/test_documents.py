"""An owner opens the documents of a case: who may, what is shown, and when it is taken out of the chat again."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from flows.actors import Actor
from flows.cases.case import AGENT, APPLICATION, HELP, Attachment, Case, ShownDocument
from flows.cases.changes import restricted
from flows.cases.stages import VERIFYING
from flows.desk.buttons import buttons_for
from flows.desk.card import full_card
from flows.desk.commands import carry_out
from flows.desk.due import end_showing
from flows.desk.registry import Done, Invocation, Refused
from flows.desk.typed_commands import command_in, document_in
from flows.effects import AuditEntry, CaseChange, CopyRemoval, DocumentCopy
from flows.events import CommandReceived, TextReceived
from flows.ids import AgentId, CaseId, ChatId, DocumentId, MessageId, RowId
from tests.fakes import Counter
from tests.unit.desk.samples import ARGUMENTS
from tests.world import MONDAY, REFERENCE, TEXTS

LIN = AgentId(7)
FILES = (
    Attachment(DocumentId(5), "a", "record", MONDAY),
    Attachment(DocumentId(6), "b", "voice"),
    Attachment(DocumentId(5), "a", "notice", MONDAY),
    Attachment(DocumentId(8), "c", "chat", MONDAY),
)
CASE = Case(
    id=CaseId(1), number="261123-000001", request_type=APPLICATION, service="OP", chat=ChatId(1), created_at=MONDAY,
    due_at=MONDAY, stage=VERIFYING, owner=LIN, owner_name="林敏", claimed_at=MONDAY, speaker=AGENT, attachments=FILES,
)  # fmt: skip
UNTIL = MONDAY + timedelta(minutes=30)
OPEN = tuple(ShownDocument(RowId(100 + n), LIN, DocumentId(n), UNTIL) for n in (5, 6))


def given(command: str, case: Case, number: int = 0, *, by: AgentId = LIN, role: str = "agent") -> Done | Refused:
    ids = Counter()
    return carry_out(command, Invocation(Actor(by, "林敏", role), case, MONDAY, ids, REFERENCE, {"number": number}))


def done(command: str, case: Case, number: int = 0) -> Done:
    result = given(command, case, number)
    assert isinstance(result, Done)
    return result


def of(kind: type[Any], result: Done) -> list[Any]:
    return [effect for effect in result.effects if isinstance(effect, kind)]


def test_all_documents_are_shown_each_once_by_number_and_kind_each_audited() -> None:
    result = done("open_documents", CASE)
    copies = of(DocumentCopy, result)
    assert [(copy.agent, copy.document) for copy in copies] == [(LIN, 5), (LIN, 6), (LIN, 8)]
    assert [TEXTS(copy.caption) for copy in copies] == [
        "261123-000001  资料 1：病历、通知单",
        "261123-000001  资料 2：语音或视频",
        "261123-000001  资料 3：聊天中发来",
    ]
    entries = of(AuditEntry, result)
    assert [entry.codes for entry in entries] == [{"document": 5}, {"document": 6}, {"document": 8}]
    assert {(entry.action, entry.case, entry.actor) for entry in entries} == {("document_shown", CASE.id, LIN)}
    assert result.case.shown == tuple(ShownDocument(copy.id, LIN, copy.document, UNTIL) for copy in copies)


def test_one_document_is_shown_by_its_number() -> None:
    assert [copy.document for copy in of(DocumentCopy, done("open_documents", CASE, 3))] == [8]


def test_one_that_is_open_is_shown_anew_in_place_of_its_earlier_copy() -> None:
    result = done("open_documents", replace(CASE, shown=OPEN), 2)
    assert [removal.row for removal in of(CopyRemoval, result)] == [106]
    assert [shown.document for shown in result.case.shown] == [5, 6]
    assert result.case.shown[0] == OPEN[0]


@pytest.mark.parametrize("number", [4, 99])
def test_a_number_that_no_document_has_is_refused(number: int) -> None:
    assert given("open_documents", CASE, number) == Refused("facts_missing", {"missing": ("stored_documents",)})


def test_of_a_case_without_documents_nothing_is_shown_or_offered() -> None:
    bare = replace(CASE, attachments=())
    assert given("open_documents", bare) == Refused("facts_missing", {"missing": ("stored_documents",)})
    assert "desk:open_documents:1" not in data(bare)
    assert "desk:open_documents:1" in data(CASE)


def test_of_a_restricted_case_nothing_is_shown_or_offered_any_more() -> None:
    held = replace(CASE, restricted_at=MONDAY)
    assert given("open_documents", held) == Refused("facts_missing", {"missing": ("unrestricted",)})
    assert "desk:open_documents:1" not in data(held)


@pytest.mark.parametrize(
    ("by", "role", "code"), [(8, "agent", "not_owner"), (8, "supervisor", "not_owner"), (7, "auditor", "not_for_role")]
)
def test_nobody_but_the_owner_sees_one(by: int, role: str, code: str) -> None:
    result = given("open_documents", CASE, by=AgentId(by), role=role)
    assert isinstance(result, Refused)
    assert result.code == code


def data(case: Case) -> list[str]:
    return [button.data for row in buttons_for(case, LIN) for button in row]


# ---- how it ends ----


@pytest.mark.parametrize("command", ["return_to_bot", "release", "close"])
def test_who_leaves_the_case_keeps_no_copy(command: str) -> None:
    case = replace(CASE, shown=OPEN)
    result = carry_out(
        command, Invocation(Actor(LIN, "林敏"), case, MONDAY, Counter(), REFERENCE, ARGUMENTS.get(command, {}))
    )
    assert isinstance(result, Done)
    assert [(removal.agent, removal.row) for removal in of(CopyRemoval, result)] == [(LIN, 105), (LIN, 106)]
    assert result.case.shown == ()
    assert [change.case for change in of(CaseChange, result)] == [result.case]


@pytest.mark.parametrize("command", ["take_over", "open_documents"])
def test_who_stays_keeps_them(command: str) -> None:
    result = done(command, replace(CASE, shown=OPEN, speaker="bot"), 3)
    assert set(OPEN) <= set(result.case.shown)
    assert of(CopyRemoval, result) == []


def test_after_half_an_hour_copies_are_taken_out_once_and_younger_ones_stay() -> None:
    younger = replace(OPEN[1], until=UNTIL + timedelta(minutes=1))
    result = end_showing(replace(CASE, shown=(OPEN[0], younger)), UNTIL)
    assert isinstance(result, Done)
    assert [removal.row for removal in of(CopyRemoval, result)] == [105]
    assert (result.case.shown, result.case.shown_until) == ((younger,), younger.until)
    assert end_showing(result.case, UNTIL) == Refused("not_due")


def test_when_the_policyholder_restricts_the_case_every_showing_is_over_at_once() -> None:
    assert restricted(replace(CASE, shown=OPEN), MONDAY).shown_until == MONDAY
    assert {shown.until for shown in restricted(replace(CASE, shown=OPEN), MONDAY).shown} == {MONDAY}


# ---- what is typed, and the card ----


@pytest.mark.parametrize(
    ("words", "number"),
    [("资料", 0), ("看资料。", 0), ("资料 2", 2), ("资料２", 2), ("看资料12", 12), ("资料 2。", 2)],
)
def test_the_documents_are_asked_for_in_words(words: str, number: int) -> None:
    assert command_in(words) == "open_documents"
    assert document_in(TextReceived(chat=ChatId(7), message=MessageId(1), at=MONDAY, text=words)) == number


@pytest.mark.parametrize("words", ["资料 2 份够了", "您的资料收到了", "2", "资料 2000", "下一件 2", "资料二"])
def test_other_words_are_for_the_policyholder(words: str) -> None:
    assert command_in(words) is None


@pytest.mark.parametrize(("argument", "number"), [("", 0), ("2", 2), (" 2", 2), ("２", 2), ("x", 0), ("9999", 0)])
def test_a_number_may_stand_behind_the_typed_command(argument: str, number: int) -> None:
    event = CommandReceived(chat=ChatId(7), message=MessageId(1), at=MONDAY, name="documents", argument=argument)
    assert document_in(event) == number


def test_the_card_lists_each_document_with_its_number_kind_and_day() -> None:
    lines = TEXTS(full_card(CASE, REFERENCE)).split("\n")
    at = lines.index("资料：病历 1 份，通知单 1 份")
    assert lines[at + 1 : at + 4] == [
        "1. 病历、通知单，11月23日（周一）收到",
        "2. 语音或视频",
        "3. 聊天中发来，11月23日（周一）收到",
    ]


def test_the_card_of_a_wish_to_talk_lists_what_was_sent_since_unless_it_is_restricted() -> None:
    wish = replace(CASE, request_type=HELP, attachments=FILES[3:])
    assert "1. 聊天中发来，11月23日（周一）收到" in TEXTS(full_card(wish, REFERENCE))
    assert "聊天中发来" not in TEXTS(full_card(replace(wish, restricted_at=MONDAY), REFERENCE))


def test_a_card_with_very_many_documents_lists_the_first_and_says_how_many_follow() -> None:
    many = tuple(Attachment(DocumentId(n), str(n), "record", MONDAY) for n in range(1, 61))
    text = TEXTS(full_card(replace(CASE, attachments=many), REFERENCE))
    assert "20. 病历" in text
    assert "21. 病历" not in text
    assert "还有 40 份，点“看资料”看全部" in text
