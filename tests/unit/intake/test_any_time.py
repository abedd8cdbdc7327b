"""What may happen at any step: early words, edits, overtaking, pauses, locks, privacy, and a code from the insured."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from flows.effects import Confirmation, UseReservation
from flows.events import ButtonTapped, TextReceived
from flows.ids import ChatId, MessageId
from flows.session import Session
from flows.terms.policy import ENDED, Policy
from tests.unit.play import AGENTS, PATIENT, Play, at, steered
from tests.world import PERSON, POLICY, TEXTS, used

INSURED = ChatId(200)
EVERYTHING = "我叫张桂兰，身份证110101195503129931，手机13900001234，保单P2026000001"


def said(play: Play, since: int = 0) -> list[str]:
    return [m.text.key for m in play.messages[since:] if m.chat == PATIENT]


def words(play: Play, since: int = -1) -> str:
    return "\n".join(TEXTS(m.text) for m in play.messages[since:])


# ---- before the consents ----


def test_what_is_said_before_the_consents_is_not_read_until_they_are_given() -> None:
    play = Play()
    play.say(EVERYTHING)
    assert (play.session.state, play.session.answers) == ("consents", {})
    assert [type(early).__name__ for early in play.session.pre_consent] == ["TextReceived"]
    for _ in range(3):
        play.press("!agree")
    assert play.session.pre_consent == ()
    assert play.session.answers["policy_number"] == "P2026000001"
    play.say("门诊")
    play.say("本人")
    assert play.session.state == "illness"


def test_a_picture_sent_before_the_consents_is_fetched_only_after_them() -> None:
    play = Play()
    play.photo(1)
    assert play.files == []
    for _ in range(3):
        play.press("!agree")
    assert len(play.files) == 1
    assert [a.question for a in play.session.attachments] == ["record"]


def test_what_was_said_before_the_consents_is_deleted_when_they_are_refused() -> None:
    play = Play()
    play.say(EVERYTHING)
    play.press("!decline")
    assert (play.session.state, play.session.pre_consent, play.session.answers) == ("declined", (), {})


def test_a_call_for_help_is_heard_even_before_the_consents() -> None:
    play = Play()
    play.say("胸口剧痛喘不上气")
    assert said(play)[0] == "urgent.emergency"


# ---- edits, overtaking ----


def test_an_edited_message_is_read_again_as_the_answer_it_gave() -> None:
    play = at("name")
    play.say("张桂芳")
    message = play.last_message
    play.answer_right()
    play.edit(message, "张桂兰")
    assert play.session.answers["name"] == "张桂兰"
    assert play.session.state == "phone"


def test_an_edit_of_what_gave_several_answers_corrects_them_all() -> None:
    play = at("name")
    play.say("我叫张桂芳，身份证110101195503129931，手机13900001234")
    play.edit(play.last_message, "我叫张桂兰，身份证110101195503129931，手机13900001235")
    assert play.session.answers["name"] == "张桂兰"
    assert play.session.answers["phone"] == "+8613900001235"


def test_an_edit_that_says_nothing_new_to_anybody_is_answered_with_what_to_do() -> None:
    play = at("illness")
    play.edit(1, "别的")
    assert "edit_unread" in said(play)
    assert play.session.state == "illness"


def test_a_message_that_overtook_a_tap_is_read_after_it() -> None:
    play = at("applicant")
    data = next(d for d in play.shown[PATIENT] if d.endswith("=self"))
    play.say("张桂兰")
    assert play.session.state == "applicant"
    play.tap(data)
    assert play.session.answers["applicant"] == "self"
    assert play.session.answers["name"] == "张桂兰"
    assert play.session.state == "id_number"


def test_an_old_submit_button_never_submits_what_was_changed_since() -> None:
    play = at("review")
    submit = next(d for d in play.shown[PATIENT] if d.endswith("!submit"))
    play.say("改1")
    play.say("门诊")
    play.tap(submit)
    assert play.session.state == "review"
    assert play.cases == {}


# ---- answers out of order, changes ----


def test_an_answer_to_a_later_question_is_kept_and_the_open_one_asked_again() -> None:
    play = at("name")
    play.say("保单号P2026000001")
    assert play.session.answers["policy_number"] == "P2026000001"
    assert play.session.state == "name"


def test_a_picture_at_any_question_is_kept_as_a_record() -> None:
    play = at("name")
    play.photo(1)
    assert play.session.state == "name"
    assert "file.record_kept" in said(play)


def test_one_answer_is_changed_from_the_review_card_and_only_what_rests_on_it_is_asked_again() -> None:
    play = at("review")
    before = dict(play.session.answers)
    play.press("@illness")
    assert play.session.state == "illness"
    play.say("上一步")
    assert (play.session.state, play.session.answers) == ("review", before)
    play.say("改3")
    assert play.session.state == "name"


def test_changing_the_illness_asks_again_whether_it_is_confirmed() -> None:
    play = at("review")
    play.press("@illness")
    play.say("急性心肌梗塞")
    assert play.session.state == "condition"
    play.answer_right()
    assert play.session.state == "review"


# ---- identity ----


def test_after_five_mismatches_in_a_day_a_chat_is_locked_and_offered_a_human_until_the_next_day() -> None:
    play = at("name")
    play.say("李四")
    for _ in range(4):
        at("unmatched", play)
        play.press("@name")
        play.say("王五")
    assert play.session.state == "locked"
    assert "转人工" in words(play)
    play.say("/start")
    assert play.session.state == "locked"
    play.now += timedelta(days=1)
    play.say("/start")
    assert play.session.state == "unmatched" or play.session.state in {"name", "matching"}


def test_a_policy_described_wrongly_five_times_sends_later_attempts_to_a_human_and_says_nothing_of_it() -> None:
    guarded = at("policy_number", Play(replace(POLICY, identity_failures=(Play().now,) * 5)))
    nowhere = at("policy_number")
    nowhere.right["policy_number"] = "P2026000099"
    told = []
    for play in (guarded, nowhere):
        since = len(play.messages)
        play.answer_right()
        told.append([TEXTS(message.text) for message in play.messages[since:]])
        assert len(play.session.identity_failures) == 1
        play.say("进度")
        play.say("转人工")
        told[-1] += [message.text.key for message in play.messages[since:]]
    assert told[0] == told[1], "nobody learns whether there is such a policy"
    assert [case.identity_review for case in guarded.cases.values()] == [True, False]
    assert [case.identity_review for case in nowhere.cases.values()] == [False]


def test_a_policy_described_wrongly_five_times_never_locks_out_a_verified_contact() -> None:
    play = at("phone", Play(replace(POLICY, identity_failures=(Play().now,) * 5)))
    play.share_phone("+86" + PERSON.phone)
    at("illness", play)
    assert play.session.answers["phone_verified"] == "insured"


def test_mismatches_count_for_a_day_even_if_a_right_identity_comes_between() -> None:
    play = at("unmatched")
    play.press("@name")
    play.say(PERSON.name)
    assert play.session.state == "illness"
    assert len(play.session.identity_failures) == 1


@pytest.mark.parametrize("policy", [POLICY, used(POLICY), replace(POLICY, status=ENDED)])
def test_of_a_strangers_policy_nothing_is_told_without_an_identity(policy: Policy) -> None:
    play = at("applicant", Play(policy))
    play.say("保单号P2026000001，我不是被保险人")
    play.press("=other")
    assert play.session.state == "refused"
    assert "有效期" not in words(play).replace("保单有效期内，您可以", "")
    assert "次数" not in words(play)
    assert "uses_left" not in play.session.answers


# ---- what several answers may not do ----


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("condition", "不是确诊，是怀疑"),
        ("record_hospital", "北京协和医院 010-69156114"),
        ("illness", "肺癌，我女儿叫李娜，她电话13911112222"),
        ("record", "这是张伟医生开的报告，编号A20261234"),
    ],
)
def test_an_identity_that_is_known_is_never_changed_by_words_in_passing(state: str, text: str) -> None:
    play = at(state)
    before = {name: play.session.answers[name] for name in ("name", "id_number", "phone", "policy_number")}
    play.say(text)
    assert play.session.answers.items() >= before.items()
    assert play.session.state != "unmatched"


def test_a_question_typed_at_a_choice_is_not_the_next_answer() -> None:
    play = at("stay")
    play.say("我不知道该选哪个")
    play.press("=admission")
    assert play.session.state == "wanted"


def test_a_notice_sent_with_the_records_serves_as_the_notice_too() -> None:
    play = at("record", steered("notice_file"))
    play.photo(1)
    play.photo(2)
    at("notice_file", play)
    play.photo(2)
    assert [a.question for a in play.session.attachments] == ["record", "record", "notice"]
    assert len(play.files) == 2


def test_what_was_said_before_the_consents_and_answers_nothing_is_kept_for_the_agent() -> None:
    play = Play()
    play.say("您好，我爸爸查出肺部结节，要轮椅")
    play.file("document", "big", size=30_000_000)
    for _ in range(3):
        play.press("!agree")
    assert [line.text for line in play.session.notes] == ["您好，我爸爸查出肺部结节，要轮椅"]
    assert "refusal.too_big" in said(play)
    assert play.session.attachments == ()


def test_a_second_request_may_begin_while_the_first_is_open() -> None:
    play = at("submitted")
    play.say("重复")
    play.press("!renew")
    assert play.session.state == "service"
    assert len(play.session.cases) == 1


def test_words_go_to_the_request_and_not_to_a_call_for_a_human() -> None:
    play = at("submitted")
    play.say("转人工")
    play.say("周三能入院吗")
    waiting = {
        case.service or case.request_type: [line.text for line in case.unread_messages] for case in play.cases.values()
    }
    assert waiting == {"OP": ["周三能入院吗"], "help": []}


def test_what_was_submitted_is_kept_by_the_case_alone() -> None:
    play = at("submitted")
    assert (play.session.answers, play.session.attachments, play.session.notes) == ({}, (), ())


def test_a_request_that_was_refused_is_deleted_after_thirty_days_too() -> None:
    play = at("refused", Play(replace(POLICY, status=ENDED)))
    play.be_silent(days=31)
    assert (play.session.state, play.session.answers) == ("cancelled", {})


def test_to_cancel_is_asked_once_more_where_something_would_be_lost() -> None:
    play = at("illness")
    before = play.session.answers
    play.say("取消")
    assert (play.session.state, play.session.answers, said(play)[-1]) == ("illness", before, "cancel.ask")
    play.press("#1")
    assert play.session.state == "illness"
    play.answer_right()
    assert play.session.state == "condition"
    play.say("取消")
    play.say("取消")
    assert (play.session.state, play.session.answers) == ("cancelled", {})


@pytest.mark.parametrize(("own", "whose"), [(True, "insured"), (False, "")])
def test_a_shared_contact_is_verified_only_if_it_is_the_senders_own(*, own: bool, whose: str) -> None:
    play = at("phone")
    play.share_phone(f"86{PERSON.phone}", own=own)
    at("illness", play)
    assert play.session.answers["phone_verified"] == whose


def test_a_patient_who_is_not_the_insured_is_refused_at_once_with_the_clause() -> None:
    play = at("applicant")
    play.say("患者不是被保险人")
    assert play.session.state == "refused"
    assert "[G3]" in words(play)


def test_a_child_needs_a_guardians_consent() -> None:
    play = at("guardian")
    play.press("!decline")
    assert play.session.state == "declined"
    play = at("guardian")
    at("illness", play)
    assert play.session.answers["guardian"] == "yes"


# ---- misses ----


def test_after_three_misses_a_human_is_offered_and_nothing_is_lost() -> None:
    play = at("id_number")
    for _ in range(3):
        play.say("不知道")
    assert said(play)[-3:] == ["refusal.empty", "missed_often", "step"]
    assert play.session.answers["name"] == PERSON.name


# ---- pauses ----


def test_who_comes_back_the_next_day_is_told_what_is_filled_in_and_goes_on() -> None:
    play = at("illness")
    play.now += timedelta(days=3)
    play.say("恶性肿瘤")
    assert "pause.welcome_back" in said(play)
    assert play.session.state == "condition"


def test_a_silent_draft_is_reminded_of_warned_about_and_deleted_after_thirty_days() -> None:
    play = at("illness")
    since = len(play.messages)
    play.be_silent(days=31)
    told = [key for key in said(play, since) if key.startswith("pause.")]
    assert told == ["pause.nudge", "pause.last_call", "pause.expired"]
    assert (play.session.state, play.session.answers) == ("cancelled", {})
    assert play.session.wake_at is None


def test_nobody_is_reminded_after_writing_again_or_after_submitting() -> None:
    play = at("illness")
    play.be_silent(hours=20)
    play.answer_right()
    since = len(play.messages)
    play.be_silent(hours=20)
    assert said(play, since) == []
    at("submitted", play)
    assert play.session.wake_at is None


# ---- files ----


def test_a_file_over_20_mb_is_explained_and_not_fetched() -> None:
    play = at("record")
    play.file("document", "big", size=21 * 1024 * 1024)
    assert said(play)[-2] == "refusal.too_big"
    assert play.files == []


@pytest.mark.parametrize("fault", ["empty", "needs_password", "not_a_picture", "damaged"])
def test_a_file_of_no_use_is_said_by_its_number_and_asked_for_again(fault: str) -> None:
    play = at("record")
    play.photo(1)
    play.press("=done")
    play.inspect(0, fault)
    assert f"file.{fault}" in said(play)
    assert play.session.state == "record"
    assert play.session.attachments == ()


@pytest.mark.parametrize("fault", ["too_small", "too_dark"])
def test_a_picture_that_is_hard_to_read_is_said_so_and_kept(fault: str) -> None:
    play = at("record")
    play.photo(1)
    play.inspect(0, fault)
    assert f"file.{fault}" in said(play)
    assert len(play.session.attachments) == 1


def test_the_same_bytes_under_another_name_are_named_by_both_numbers() -> None:
    play = at("record")
    play.photo(1)
    play.photo(2)
    since = len(play.messages)
    play.inspect(1, same_as=0)
    assert "第 2 份和第 1 份" in words(play, since)
    assert len(play.session.attachments) == 1


def test_a_voice_message_is_kept_for_the_agent_and_the_question_asked_again() -> None:
    play = at("name")
    play.file("voice", "v1", size=1000)
    assert said(play)[-2:] == ["file.voice_kept", "step"]
    assert [a.question for a in play.session.attachments] == ["voice"]


# ---- a relative, and the insured's confirmation ----


def relative() -> Play:
    play = at("applicant")
    play.say("家人")
    return at("submitted", play)


def from_insured(play: Play, text: str) -> None:
    play.sessions.setdefault(INSURED, Session(chat=INSURED))
    play.feed(TextReceived(chat=INSURED, message=MessageId(1), at=play.now, text=text))


def code_of(play: Play) -> Confirmation:
    return next(iter(play.confirmations.values()))


def test_a_relatives_request_says_so_until_the_insured_confirms_from_an_account_of_their_own() -> None:
    play = relative()
    (case,) = play.cases.values()
    assert (case.answers["relation"], case.confirmed_at) == ("child", None)
    play.say(f"确认 {code_of(play).code}")
    assert play.cases[case.id].confirmed_at is None
    assert said(play)[-1] == "confirm.own_account"
    from_insured(play, f"确认 {code_of(play).code}")
    assert play.cases[case.id].confirmed_at is not None
    assert [m.text.key for m in play.messages if m.chat == INSURED] == ["confirm.done"]
    assert said(play)[-1] == "confirm.done_for_relative"


def test_guessing_codes_ends_after_five() -> None:
    play = relative()
    for n in range(6):
        from_insured(play, f"确认 9999999{n}")
    told = [m.text.key for m in play.messages if m.chat == INSURED]
    assert told == ["confirm.unknown"] * 5 + ["confirm.too_often"]


# ---- privacy ----


def privacy(play: Play, action: str) -> None:
    play.say("/privacy")
    data = next(d for d in play.shown[PATIENT] if d.endswith(f"%{action}"))
    play.tap(data)


def test_everything_that_is_kept_of_a_person_can_be_copied_unmasked() -> None:
    play = at("review")
    privacy(play, "copy")
    assert PERSON.number in words(play)
    assert POLICY.number in words(play)


def test_a_draft_is_deleted_at_once() -> None:
    play = at("review")
    privacy(play, "delete")
    play.press("%delete_now")
    assert (play.session.answers, play.session.attachments, play.session.state) == ({}, (), "declined")


def test_a_submitted_case_that_nobody_owns_is_withdrawn_restricted_and_forgotten_later() -> None:
    play = at("submitted")
    privacy(play, "withdraw")
    play.press("%withdraw_now")
    (case,) = play.cases.values()
    assert not case.is_open
    assert case.restricted_at is not None
    assert case.forget_at == case.restricted_at + timedelta(days=30)
    assert play.session.consents == ()


def test_the_owner_of_a_case_is_told_that_it_is_restricted_and_it_is_forgotten_after_its_end() -> None:
    play = at("submitted")
    agent = ChatId(AGENTS[0].id)
    play.say("/next", agent)
    play.tap_nth(0, agent)
    privacy(play, "delete")
    play.press("%delete_now")
    (case,) = play.cases.values()
    assert (case.agent_speaks, case.forget_at) == (True, None)
    assert [m.text.key for m in play.messages if m.chat == agent][-1] == "desk.tell_restricted"
    play.close(agent)
    (case,) = play.cases.values()
    assert case.forget_at is not None


def test_a_case_that_ended_before_is_forgotten_too() -> None:
    play = at("submitted")
    agent = ChatId(AGENTS[0].id)
    play.say("/next", agent)
    play.tap_nth(0, agent)
    play.close(agent)
    play.say("进度")
    privacy(play, "delete")
    play.press("%delete_now")
    (case,) = play.cases.values()
    assert case.forget_at is not None


def test_taking_the_consents_back_asks_for_them_again_before_anything_else() -> None:
    play = at("illness")
    privacy(play, "withdraw")
    play.press("%withdraw_now")
    play.say("/start")
    assert play.session.state == "consents"


def test_uses_are_reserved_only_by_what_was_submitted() -> None:
    play = at("review")
    assert play.uses == []
    play.answer_right()
    assert [type(use) for use in play.uses] == [UseReservation]


def test_a_double_tap_on_the_card_of_privacy_is_harmless() -> None:
    play = at("review")
    privacy(play, "delete")
    data = next(d for d in play.shown[PATIENT] if d.endswith("%delete_now"))
    for _ in range(2):
        play.feed(ButtonTapped(chat=PATIENT, query="q", message=MessageId(1), data=data))
    assert play.session.state == "declined"


@pytest.mark.parametrize("text", [PERSON.name, f"名字写错了，我叫{PERSON.name}"])
def test_a_correction_of_an_identity_may_be_typed(text: str) -> None:
    play = at("unmatched")
    play.say(text)
    assert play.session.state == "illness"


@pytest.mark.parametrize("between", ["重复", "帮助", "/status", "转人工"])
def test_what_is_said_between_means_that_the_request_is_not_cancelled(between: str) -> None:
    play = at("illness")
    play.say("取消")
    play.say(between)
    play.say("取消")
    assert (play.session.state, said(play)[-1]) == ("illness", "cancel.ask")


def test_a_request_can_be_cancelled_while_an_agent_talks() -> None:
    play = at("illness")
    play.say("转人工")
    play.say("/next", ChatId(7))
    play.tap_nth(0, ChatId(7))
    play.say("/cancel")
    play.press("!cancel")
    assert play.session.state == "cancelled"


def test_an_old_button_to_delete_deletes_no_later_draft() -> None:
    play = at("illness")
    privacy(play, "delete")
    old = next(d for d in play.shown[PATIENT] if d.endswith("%delete_now"))
    play.tap(old)
    at("review", play)
    play.tap(old)
    assert play.session.state == "review"


def test_a_notice_that_was_sent_as_a_record_outlives_the_record_being_replaced() -> None:
    play = at("record", steered("notice_file"))
    play.photo(1)
    play.photo(2)
    at("notice_file", play)
    play.photo(2)
    play.press("=done")
    at("review", play)
    play.press("@record_hospital")
    play.say("北京和睦家医院")
    play.press("!replace_record")
    assert [a.question for a in play.session.attachments] == ["notice"]


def test_answers_of_another_way_are_no_part_of_the_request() -> None:
    play = at("review", steered("stay"))
    play.press("@notice")
    play.right["notice"] = "有"
    play.say("有")
    at("submitted", play)
    (case,) = play.cases.values()
    assert case.answers["branch"] == "IP-A"
    assert not {"city", "hospitals", "department", "originals"} & case.answers.keys()
    assert case.decision is not None
    assert case.decision["facts"]["flags"] == {"infectious": False, "transfer": True}


def test_danger_in_an_edited_message_is_heard() -> None:
    play = at("illness")
    since = len(play.messages)
    play.edit(1, "胸口剧痛喘不上气")
    assert said(play, since)[0] == "urgent.emergency"


def test_the_way_back_from_a_mismatch_leads_to_the_identity() -> None:
    play = at("review")
    play.press("@name")
    play.say("李四")
    assert play.session.state == "unmatched"
    play.say("上一步")
    assert play.session.state == "policy_number"
