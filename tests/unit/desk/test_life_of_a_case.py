"""Whole cases, played in the chats of a policyholder and an agent, from /start to 办结."""

from datetime import timedelta

from flows.cases.case import Case
from flows.ids import ChatId
from flows.terms.policy import CONSUMED, RELEASED, RESERVED
from tests.unit.desk.forms_filled_in import BED, BED_ESCORT, CALL, ESCORT, NUMBER, STOPPED
from tests.unit.play import AGENT_ONE, AGENTS, PATIENT, Play, at
from tests.world import TEXTS

OTHER = ChatId(AGENTS[1].id)


def the_case(play: Play) -> Case:
    (case,) = play.cases.values()
    return case


def told(play: Play, chat: ChatId = AGENT_ONE) -> str:
    """What a chat was told last."""
    return TEXTS([message for message in play.messages if message.chat == chat][-1].text)


def words(play: Play, chat: ChatId) -> list[str]:
    return [TEXTS(message.text) for message in play.messages if message.chat == chat]


def stands(play: Play) -> tuple[str, list[str]]:
    """The stage, and the state of every booking."""
    case = the_case(play)
    return case.stage, [booking.state for booking in case.bookings]


def settled(play: Play) -> dict[str, str]:
    """The state of each use."""
    assert play.policy is not None
    return {use.service: use.state for use in play.policy.uses}


def claimed(**right: str) -> Play:
    play = Play(reload=True)
    play.right |= right
    at("submitted", play)
    play.say("/next", AGENT_ONE)
    play.tap_nth(0, AGENT_ONE)
    return play


def act(play: Play, *said: str) -> None:
    """Type commands, each by its name or as a form."""
    for text in said:
        play.now += timedelta(minutes=5)
        play.say(text, AGENT_ONE)


def test_an_outpatient_case_is_carried_to_its_end() -> None:
    play = claimed()
    assert (stands(play), settled(play)) == (("verifying", []), {"OP": RESERVED})
    act(play, "核实完成")
    assert "请先记录一次接通的电话" in told(play)
    act(play, CALL, "核实完成")
    assert stands(play) == ("arranging", ["to_book"])
    act(play, "已申请\n医院：北京协和\n科室：神经外科")
    assert stands(play) == ("arranging", ["requested"])
    act(play, NUMBER)
    assert stands(play) == ("arranging", ["obtained"])
    act(play, ESCORT)
    assert stands(play) == ("booked", ["told"])
    assert "您的就诊约好了" in told(play, PATIENT)
    play.say("/status")
    assert "进度：已约好\n就诊：12月2日（周三） 09:30，北京协和医院" in told(play, PATIENT)
    act(play, "客户已确认", "已见面")
    assert stands(play) == ("in_progress", ["met"])
    act(play, "已完成")
    assert (stands(play), settled(play)) == (("after_visit", ["done"]), {"OP": CONSUMED})
    act(play, "办结\n结果：完成\n原因：就诊顺利")
    assert told(play).endswith("以“完成”办结？办结后不能再改。")
    assert the_case(play).is_open
    play.press_confirmation(AGENT_ONE)
    assert (stands(play), the_case(play).outcome) == (("closed", ["done"]), "completed")
    assert settled(play) == {"OP": CONSUMED}
    assert play.illegal == 0


def test_an_admission_without_a_notice_passes_the_process_twice() -> None:
    play = claimed(service="住院", notice="没有")
    assert settled(play) == {"OP": RESERVED, "IP": RESERVED}
    act(play, CALL, "核实完成", "已申请\n医院：北京协和", NUMBER, ESCORT, "客户已确认", "已见面", "已完成")
    assert (stands(play), settled(play)) == (("after_visit", ["done"]), {"OP": CONSUMED, "IP": RESERVED})
    act(play, "已开通知单")
    assert stands(play) == ("arranging", ["done", "to_book"])
    act(play, BED, BED_ESCORT)
    assert "您的住院安排好了" in told(play, PATIENT)
    play.say("/status")
    assert "住院：12月8日（周二），北京协和医院" in told(play, PATIENT)
    act(play, "已见面", "已完成")
    assert (stands(play), settled(play)) == (("after_visit", ["done", "done"]), {"OP": CONSUMED, "IP": CONSUMED})
    play.close(AGENT_ONE, "完成")
    assert the_case(play).outcome == "completed"
    assert play.illegal == 0


def test_an_admission_without_indication_frees_its_use() -> None:
    play = claimed(service="住院", notice="没有")
    act(play, CALL, "核实完成", NUMBER, ESCORT, "已见面", "已完成")
    play.close(AGENT_ONE, "无指征")
    assert settled(play) == {"OP": CONSUMED, "IP": RELEASED}
    assert any("没有住院或手术指征" in text for text in words(play, PATIENT))


def test_an_admission_with_a_notice_goes_straight_to_the_bed() -> None:
    play = claimed(service="住院", notice="有")
    assert the_case(play).answers["branch"] == "IP-A"
    act(play, CALL, "核实完成", BED, BED_ESCORT, "已见面", "已完成")
    play.close(AGENT_ONE, "完成")
    assert (stands(play), settled(play)) == (("closed", ["done"]), {"IP": CONSUMED})


def test_a_stopped_clinic_leads_back_to_arranging_and_costs_no_use() -> None:
    play = claimed()
    act(play, CALL, "核实完成", NUMBER, ESCORT, STOPPED)
    assert (stands(play), settled(play)) == (("arranging", ["stopped", "to_book"]), {"OP": RESERVED})
    assert any("这不算使用次数" in text for text in words(play, PATIENT))
    act(play, NUMBER, ESCORT)
    assert stands(play) == ("booked", ["stopped", "told"])
    play.say("交还", AGENT_ONE)
    play.press(f"release:{the_case(play).id}", AGENT_ONE)
    assert the_case(play).stage == "booked", "a released case keeps its stage"
    play.say("/next", OTHER)
    play.tap_nth(0, OTHER)
    assert (the_case(play).stage, the_case(play).owner) == ("booked", AGENTS[1].id)
    assert "预约2：就诊（已告知、12月2日（周三） 09:30、北京协和医院" in "\n".join(words(play, OTHER))


# ---- forms ----


def test_what_is_missing_is_asked_for_with_a_form_and_what_was_given_is_kept() -> None:
    play = claimed()
    act(play, CALL, "核实完成", "已出号")
    form = told(play)
    assert form.endswith(
        "已出号\n医院：\n院区：\n科室：\n职称：副主任医师/主任医师\n时间：\n取号地点：\n取号证件：\n诊室：\n取消截止："
    )
    act(play, NUMBER.replace("职称：主任\n", "职称：主治医师\n"))
    assert told(play).split("\n")[1:] == ["职称须是副主任医师或主任医师。", "已出号", "职称：副主任医师/主任医师"]
    assert stands(play)[1] == ["to_book"]
    act(play, "已出号\n职称：副主任医师")
    assert stands(play)[1] == ["obtained"]
    assert the_case(play).bookings[0].title == "副主任医师"


def test_nothing_of_a_form_reaches_the_policyholder() -> None:
    play = claimed()
    before = len(words(play, PATIENT))
    act(play, CALL, "核实完成", "已出号\n号拿到了", NUMBER, "停诊", "办结", "办结\n结果：好了")
    assert len(words(play, PATIENT)) == before
    assert "结果：完成/无指征/" in told(play)
    act(play, "您好，号拿到了")
    assert told(play, PATIENT) == "客服林敏：您好，号拿到了"


def test_a_command_that_does_not_suit_the_stage_is_refused_with_what_is_possible() -> None:
    play = claimed()
    act(play, "已见面")
    assert "现在不能这样操作" in told(play)
    act(play, CALL, "核实完成", STOPPED)
    assert told(play).endswith("现在是安排中，还不能这样做。")
    assert stands(play) == ("arranging", ["to_book"])


def test_buttons_give_what_is_possible_next() -> None:
    play = claimed()
    act(play, CALL, "核实完成", NUMBER, "交还")
    offered = [data.split(":")[1] for data in play.shown[AGENT_ONE]]
    assert offered == [
        "take_over",
        *(
            "request_booking",
            "tell_details",
            "clinic_stopped",
            "move_booking",
            "cancel_booking",
            "mistaken",
            "log_call",
            "open_documents",
        ),
        *("release", "close", "next"),
    ]
    play.press(f"tell_details:{the_case(play).id}", AGENT_ONE)
    assert told(play).endswith("已告知\n陪同人：\n陪同电话：\n碰面地点：\n碰面时间：")
    act(play, ESCORT)
    assert stands(play) == ("booked", ["told"]), "the form is that of the case whose button was tapped"


def test_an_old_confirmation_closes_nothing() -> None:
    play = claimed()
    act(play, "办结\n结果：客户取消\n原因：不需要了")
    confirm = next(data for data in play.shown[AGENT_ONE] if data.startswith("desk:confirm:"))
    act(play, CALL)
    play.tap(confirm, AGENT_ONE)
    assert the_case(play).is_open


def test_words_for_the_policyholder_leave_an_open_form_as_it_is() -> None:
    play = claimed()
    act(play, CALL, "核实完成", NUMBER.replace("职称：主任\n", ""), "请稍等", "已出号\n职称：主任")
    assert stands(play)[1] == ["obtained"]


def test_a_form_of_another_case_waits_until_the_conversation_is_given_back() -> None:
    play = claimed()
    first = the_case(play).id
    act(play, CALL, "核实完成", NUMBER, "交还")
    play.say("转人工", ChatId(300))
    assert len(play.cases) == 2
    play.say("/next", AGENT_ONE)
    play.press(f"claim:{max(play.cases)}", AGENT_ONE)
    play.tap(f"desk:tell_details:{first}", AGENT_ONE)
    assert "您手上还有一件在谈" in told(play)
    act(play, ESCORT)
    assert play.cases[first].bookings[0].state == "obtained", "what is typed is about the case of the conversation"
