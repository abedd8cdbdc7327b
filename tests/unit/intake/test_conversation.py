"""The policyholder's side, played without a database."""

import pytest
from msgspec.structs import replace

from flows.ids import AgentId, ChatId
from flows.intake.machine import ASKING, NAMES
from flows.terms.policy import ENDED
from tests.unit.play import AGENTS, PATIENT, Play, at
from tests.world import MONDAY, PERSON, POLICY, TEXTS, used


def said(play: Play, since: int = 0) -> list[str]:
    return [message.text.key for message in play.messages[since:] if message.chat == PATIENT]


def words(play: Play) -> str:
    return TEXTS(play.messages[-1].text)


def test_start_names_the_provider_and_the_hours_then_asks_for_the_first_consent() -> None:
    play = Play()
    play.say("/start")
    assert said(play) == ["welcome", "consent.sensitive"]
    assert "好人生（上海）健康科技有限公司" in TEXTS(play.messages[0].text)
    assert "08:00-20:00" in TEXTS(play.messages[0].text)


def test_each_consent_is_its_own_and_is_kept_with_version_time_and_hash() -> None:
    play = at("name")
    assert [consent.key for consent in play.session.consents] == ["sensitive", "provider", "abroad"]
    assert all(
        len(consent.digest) == 64 and consent.version and consent.at > MONDAY for consent in play.session.consents
    )


def test_refusing_a_consent_ends_kindly_with_the_hotline() -> None:
    play = at("consents")
    play.press("!decline")
    assert play.session.state == "declined"
    assert "400-620-1800" in words(play)


def test_a_consent_whose_words_changed_is_asked_for_again_and_the_others_are_not() -> None:
    play = at("review")
    play.cancel()
    play.say("/start")
    assert play.session.state == "service"
    play.cancel()
    play.change_consents()
    play.say("/start")
    assert play.session.state == "consents"


@pytest.mark.parametrize("state", ["new", *ASKING, "submitted"])
def test_a_human_is_called_from_every_state_and_the_state_stays(state: str) -> None:
    play = at(state)
    before = play.session.state
    play.say("转人工")
    assert play.session.state == before
    assert said(play)[-1] in {"human.called", "human.waiting"}


def test_calling_a_human_twice_makes_one_case() -> None:
    play = Play()
    play.say("人工客服")
    play.say("/human")
    assert [case.request_type for case in play.cases.values()] == ["help"]
    assert said(play)[-1] == "human.waiting"


@pytest.mark.parametrize("state", ["new", *ASKING, "submitted"])
def test_danger_is_answered_with_120_before_anything_else_in_every_state(state: str) -> None:
    play = at(state)
    since = len(play.messages)
    play.say("胸口剧痛喘不上气")
    assert said(play, since)[0] == "urgent.emergency"


def test_despair_is_answered_with_care_and_a_human_at_once() -> None:
    play = at("illness")
    since = len(play.messages)
    play.say("我不想活了")
    assert said(play, since) == ["urgent.despair", "human.called"]
    assert "12356" in TEXTS(play.messages[since].text)
    assert play.session.state == "illness"


def test_while_an_agent_has_the_conversation_danger_is_still_answered_and_alarms_the_owner() -> None:
    play = Play()
    play.say("转人工")
    agent = AGENTS[0].id
    play.say("/next", ChatId(agent))
    play.tap_nth(0, ChatId(agent))
    since = len(play.messages)
    play.say("他昏迷了，怎么叫都不醒")
    assert [(m.chat, m.text.key) for m in play.messages[since:]] == [
        (PATIENT, "urgent.emergency"),
        (agent, "desk.alarm"),
        (agent, "desk.from_policyholder"),
    ]


def test_a_mismatch_never_says_which_part_and_one_answer_is_corrected_alone() -> None:
    play = at("unmatched")
    assert not {"姓名不", "号码不", "保单号不"} & {words(play)[i : i + 3] for i in range(200)}
    play.press("@name")
    play.say(PERSON.name)
    assert play.session.state == "illness"


@pytest.mark.parametrize("answer", ["", " ", "12345", "你好吗？我想问一下", "😀", "\u202e", "<b>", "a" * 4096])
def test_what_is_no_answer_is_told_so_and_asked_again_with_nothing_lost(answer: str) -> None:
    play = at("id_number")
    since = len(play.messages)
    play.say(answer or "?")
    assert play.session.state == "id_number"
    assert play.session.answers["name"] == "张桂兰"
    assert [key.partition(".")[0] for key in said(play, since)] == ["refusal", "step"]


@pytest.mark.parametrize(
    ("start", "words", "state"),
    [
        ("name", "我叫张桂兰，身份证110101195503129931，手机13800001234，保单P2026000001", "illness"),
        ("name", "张桂兰 110101195503129931", "phone"),
        ("service", "给自己申请，想看门诊，张桂兰，身份证110101195503129931", "phone"),
        ("name", "保单号P2026000001，身份证号110101195503129931", "name"),
        ("id_number", "身份证110101195503129931，保单P2026000001，手机13800001234", "illness"),
    ],
)
def test_several_answers_in_one_message_are_all_kept_and_not_asked_again(start: str, words: str, state: str) -> None:
    play = at(start)
    play.say(words)
    assert play.session.state == state
    assert "several.understood" in said(play)
    for _ in range(4):
        if play.session.state != "illness":
            play.answer_right()
    assert play.session.state == "illness"
    assert play.session.answers["id_number"] == "110101195503129931"


@pytest.mark.parametrize("words", ["不记得了", "不清楚", "其他", "没有"])
@pytest.mark.parametrize("state", ["id_number", "phone", "policy_number"])
def test_words_that_answer_any_question_are_taken_for_none_but_the_open_one(state: str, words: str) -> None:
    play = at(state)
    before = play.session.answers
    play.say(words)
    assert (play.session.state, play.session.answers) == (state, before)


def test_one_doubtful_answer_among_several_is_not_taken() -> None:
    play = at("name")
    play.say("我叫张桂兰，身份证110101195503129932，保单P2026000001")
    assert "id_number" not in play.session.answers
    assert play.session.state == "id_number"


def test_an_old_button_shows_the_present_question_and_does_nothing_else() -> None:
    play = at("illness")
    old = play.used[PATIENT][0]
    before = play.session.answers
    play.tap(old)
    assert (play.session.state, play.session.answers) == ("illness", before)
    assert said(play)[-1] == "step"


def test_a_double_tap_does_nothing_twice_and_asks_nothing_again() -> None:
    play = at("consents")
    data = play.shown[PATIENT][0]
    play.tap(data)
    since = len(play.messages)
    play.tap(data)
    assert len(play.session.consents) == 1
    assert len(play.messages) == since


def test_the_way_back_leads_through_every_question() -> None:
    play = at("review")
    answered = [name for name in NAMES if name in play.session.answers]
    seen = []
    while play.session.state != "service":
        play.say("上一步")
        seen.append(play.session.state)
    assert seen == answered[::-1]
    assert len(seen) > 15


def test_a_cancelled_request_keeps_nothing_that_was_answered() -> None:
    play = at("review")
    play.cancel()
    assert (play.session.state, play.session.answers, play.session.attachments) == ("cancelled", {}, ())


@pytest.mark.parametrize(
    ("words", "code", "standing", "outcome"),
    [
        ("我爸肺癌二期", "cancer", "listed", "eligible"),
        ("甲状腺癌T1N0M0", "cancer_mild", "mild", "human"),
        ("系统性红斑狼疮", "other", "contract_dependent", "human"),
    ],
)
def test_an_illness_in_a_persons_own_words_is_read_and_kept_for_who_decides(
    words: str, code: str, standing: str, outcome: str
) -> None:
    play = at("illness")
    play.say(words)
    answers = play.session.answers
    assert (answers["illness"], answers["illness_standing"], answers["illness_words"]) == (code, standing, words)
    at("submitted", play)
    (case,) = play.cases.values()
    assert case.decision is not None
    assert case.decision["outcome"] == outcome


def test_what_is_only_suspected_is_pointed_at_once_and_is_enough() -> None:
    play = at("illness")
    play.say("医生怀疑是胃癌")
    assert (play.session.state, said(play)[-1]) == ("illness", "step")
    play.press("=cancer")
    answers = play.session.answers
    assert (answers["illness"], answers["illness_standing"], answers["condition"]) == ("cancer", "listed", "suspected")
    assert (answers["illness_words"], play.session.state) == ("医生怀疑是胃癌", "record")
    at("submitted", play)
    assert next(iter(play.cases.values())).decision["outcome"] == "eligible"  # type: ignore[index]


def test_of_two_illnesses_in_one_message_one_is_chosen_by_button() -> None:
    play = at("illness")
    play.say("中风或者心梗")
    assert play.session.state == "illness"
    play.tap_nth(0)
    assert play.session.state == "condition"
    assert play.session.answers["illness_words"] == "中风或者心梗"


def test_what_is_not_on_the_list_is_asked_once_more_and_then_a_human_decides() -> None:
    play = at("illness")
    play.say("感冒")
    assert (play.session.state, said(play)[-2]) == ("illness", "refusal.illness_not_found")
    play.say("上呼吸道感染")
    assert play.session.answers["illness"] == "other"
    assert play.session.state == "condition"


def test_words_that_name_no_illness_are_asked_back_and_never_taken_for_one() -> None:
    play = at("illness")
    for words in ("你好", "不舒服", "嗯"):
        play.say(words)
        assert play.session.state == "illness"


def test_each_file_is_acknowledged_by_its_number_and_a_double_is_named() -> None:
    play = at("record")
    play.photo(1)
    play.photo(1)
    play.photo(2)
    assert [m.text.key for m in play.messages[-4:]] == ["step", "file.sent_before", "step", "step"]
    assert "第 2 份" in words(play)
    assert len(play.files) == 2


def test_what_is_written_below_a_picture_is_kept_for_the_agent_and_heard_if_it_is_urgent() -> None:
    play = at("record")
    since = len(play.messages)
    play.photo(1, caption="上周在华山拍的，现在大口吐血")
    assert said(play, since) == ["urgent.emergency", "step"]
    at("submitted", play)
    (case,) = play.cases.values()
    assert [line.text for line in case.unread_messages] == ["上周在华山拍的，现在大口吐血"]


def test_a_file_that_is_lost_is_asked_for_again() -> None:
    play = at("review")
    play.lose_file(0)
    assert play.session.state == "record"
    assert said(play)[-2:] == ["file.lost", "step"]


def test_eligible_gets_a_number_and_until_when_the_call_comes() -> None:
    play = at("submitted")
    text = TEXTS(next(m.text for m in play.messages if m.text.key == "decision.submitted"))
    (case,) = play.cases.values()
    assert case.number in text
    assert "最晚 11月25日（周三）与您电话确认医院" in text


def test_not_in_force_is_refused_with_the_clause_and_a_review_in_one_tap() -> None:
    play = at("refused", Play(replace(POLICY, status=ENDED)))
    refusal = next(m for m in play.messages if m.text.key == "decision.refused")
    assert "[G2]" in TEXTS(refusal.text)
    assert "保单有效期内" in TEXTS(refusal.text)
    assert "400-620-1800" in TEXTS(refusal.text)
    assert play.cases == {}
    play.press("!appeal")
    assert [case.request_type for case in play.cases.values()] == ["appeal"]
    assert play.uses == []


def test_a_use_that_is_spent_is_refused() -> None:
    assert at("refused", Play(used(POLICY))).uses == []


def test_what_is_said_while_nobody_is_there_is_kept_and_shown_at_the_claim() -> None:
    play = at("submitted")
    play.say("我下周要去上海")
    agent = ChatId(AGENTS[0].id)
    play.say("/next", agent)
    play.tap_nth(0, agent)
    assert "我下周要去上海" in "".join(TEXTS(m.text) for m in play.messages if m.chat == agent)


def test_what_is_said_after_the_conversation_was_given_back_reaches_the_owner() -> None:
    play = at("submitted")
    agent = ChatId(AGENTS[0].id)
    play.say("/next", agent)
    play.tap_nth(0, agent)
    play.say("交还", agent)
    play.say("我改主意了，想周四去")
    assert [TEXTS(m.text) for m in play.messages if m.chat == agent][-1].endswith("留言：我改主意了，想周四去")
    play.press(f"desk:take_over:{next(iter(play.cases))}", agent)
    assert next(iter(play.cases.values())).agent_speaks


def test_an_agents_long_text_arrives_whole_in_parts_that_fit() -> None:
    play = at("submitted")
    agent = ChatId(AGENTS[0].id)
    play.say("/next", agent)
    play.tap_nth(0, agent)
    since = len(play.messages)
    play.say("长" * 4096, agent)
    texts = [TEXTS(m.text) for m in play.messages[since:] if m.chat == PATIENT]
    assert all(len(text) <= 4096 for text in texts)
    assert sum(text.count("长") for text in texts) == 4096


def test_a_state_of_another_release_is_derived_again_from_the_answers() -> None:
    play = at("record_kind")
    play.sessions[PATIENT] = replace(play.session, state="hospital_wish")
    play.say("重复")
    assert play.session.state == "record_kind"
    answers = {name: play.session.answers[name] for name in ("service", "applicant", "name", "id_number")}
    play.sessions[PATIENT] = replace(play.session, state="hospital_wish", answers=answers)
    play.say("重复")
    assert play.session.state == "phone"


def test_a_release_that_brings_a_question_asks_it_of_a_draft_under_way_and_of_a_finished_one() -> None:
    play = at("review")
    answers = {name: value for name, value in play.session.answers.items() if name not in {"condition", "city"}}
    play.sessions[PATIENT] = replace(play.session, answers=answers)
    play.press("!submit")
    assert play.session.state == "condition"
    play.answer_right()
    assert play.session.state == "city"
    at("submitted", play)
    assert len(play.cases) == 1


def with_agents(play: Play, *agents: int) -> Play:
    """Each of these agents claims the first case due."""
    for agent in agents:
        play.say("/next", ChatId(agent))
        play.tap_nth(0, ChatId(agent))
    return play


def heard(play: Play, since: int) -> list[tuple[int, str]]:
    return [(m.chat, TEXTS(m.text)) for m in play.messages[since:]]


def test_a_voice_message_to_an_agent_is_said_to_be_unreadable_and_never_called_a_kept_file() -> None:
    play = Play()
    play.say("转人工")
    with_agents(play, 7)
    since = len(play.messages)
    play.sticker()
    assert [(m.chat, m.text.key) for m in play.messages[since:]] == [(PATIENT, "refusal.unreadable_kind")]


def test_a_command_reaches_the_agent_who_has_the_conversation_as_it_was_typed() -> None:
    play = Play()
    play.say("转人工")
    with_agents(play, 7)
    since = len(play.messages)
    play.say("/human")
    ((chat, text),) = heard(play, since)
    assert chat == 7
    assert text.endswith("：/human")


def test_where_two_agents_have_cases_of_one_chat_both_hear_what_is_said() -> None:
    play = Play()
    play.say("转人工")
    with_agents(at("submitted", play), 7, 8)
    since = len(play.messages)
    play.say("您好")
    assert [chat for chat, _ in heard(play, since)] == [7, 8]


@pytest.mark.parametrize("state", ["record", "name", "submitted"])
def test_danger_is_heard_under_a_picture_too(state: str) -> None:
    play = at(state)
    since = len(play.messages)
    play.photo(9, caption="救命，喘不上气")
    assert said(play, since)[0] == "urgent.emergency"


@pytest.mark.parametrize("state", ["name", "id_number", "policy_number", "illness", "record"])
def test_who_calls_for_help_is_not_told_that_it_was_no_answer(state: str) -> None:
    play = at(state)
    since = len(play.messages)
    play.say("胸口剧痛喘不上气")
    assert said(play, since) == ["urgent.emergency"]
    assert play.session.state == state


def test_who_asks_how_far_a_request_is_while_filling_it_in_sees_the_open_question() -> None:
    play = at("policy_number")
    play.say("进度")
    assert said(play)[-1] == "step"


def test_after_the_last_case_is_closed_start_begins_a_new_request() -> None:
    play = with_agents(at("submitted"), 7)
    play.close(ChatId(7))
    play.say("开始")
    assert play.session.state == "service"


@pytest.mark.parametrize("words", ["转人工", "我不想活了"])
def test_a_human_is_called_within_minutes_although_a_request_waits_for_days(words: str) -> None:
    play = at("submitted")
    play.say(words)
    assert [case.service or case.request_type for case in play.cases.values()] == ["OP", "help"]
    first = min(play.cases.values(), key=lambda case: case.due_at)
    assert first.request_type == "help"
    play.say("转人工")
    assert len(play.cases) == 2


def test_the_owner_of_the_request_is_told_rather_than_a_stranger_called() -> None:
    play = with_agents(at("submitted"), 7)
    play.say("交还", ChatId(7))
    since = len(play.messages)
    play.say("转人工")
    assert [(m.chat, m.text.key) for m in play.messages[since:]] == [(7, "desk.called"), (PATIENT, "human.told")]


@pytest.mark.parametrize("state", ["declined", "refused", "cancelled", "submitted"])
def test_a_resting_card_has_the_way_to_a_human(state: str) -> None:
    play = Play(replace(POLICY, status=ENDED)) if state == "refused" else Play()
    if state == "declined":
        at("consents", play).press("!decline")
    elif state == "cancelled":
        at("name", play).cancel()
    else:
        at(state, play)
    play.say("重复")
    play.press("!human")
    assert [case.request_type for case in play.cases.values()][-1] == "help"


def test_words_kept_for_an_agent_are_acknowledged_with_the_way_to_one() -> None:
    play = at("submitted")
    play.say("谢谢")
    play.press("!human")
    assert said(play)[-1] == "human.called"


def test_an_owner_who_taps_the_old_claim_finds_what_may_be_done_with_the_case() -> None:
    play = with_agents(at("submitted"), 7)
    claim = next(data for data in play.used[ChatId(7)] if data.startswith("desk:claim"))
    play.say("交还", ChatId(7))
    play.tap(claim, ChatId(7))
    offered = {data.split(":")[1] for data in play.shown[ChatId(7)]}
    assert offered == {"take_over", "confirm_details", "log_call", "release", "close", "open_documents", "next"}


@pytest.mark.parametrize("data", ["desk:claim:" + "9" * 40, "desk::", "x", "desk:claim:-1", ""])
def test_a_button_that_an_agent_made_up_does_nothing(data: str) -> None:
    play = at("submitted")
    before = dict(play.cases)
    play.tap(data, ChatId(7))
    assert play.cases == before
    assert play.sessions[ChatId(7)].active_case is None


def test_an_agent_hears_nothing_odd_about_a_request_made_before_becoming_one() -> None:
    play = Play()
    play.say("转人工")
    with_agents(play, 7)
    play.store.add_agent(replace(AGENTS[1], id=AgentId(PATIENT)))
    since = len(play.messages)
    play.say("交还", ChatId(7))
    assert said(play, since) == ["talk.left"]
