"""Ordinary words at a question are no answer by mistake, and usual words for an answer are understood."""

import pytest
from msgspec.structs import replace

from flows.intake.questions.ordered import ALL
from flows.intake.questions.review import LABELS
from flows.terms.policy import Person
from tests.unit.play import PATIENT, PRIVATE, Play, at, steered
from tests.world import POLICY, TEXTS


def shown(play: Play) -> list[str]:
    """The keys of what the person was told, in order."""
    return [message.text.key for message in play.messages if message.chat == PATIENT]


# ---- a hospital ----


NO_HOSPITAL = ("我不知道", "谢谢", "什么意思？", "这个要钱吗", "我想问一下门诊怎么收费", "报告在医生那里",
               "我女儿在深圳上班", "我妈住院了", "医院还没给我")  # fmt: skip


@pytest.mark.parametrize("state", ["record_hospital", "wanted", "issuer"])
@pytest.mark.parametrize("words", NO_HOSPITAL)
def test_a_sentence_is_no_hospital(state: str, words: str) -> None:
    play = at(state)
    play.say(words)
    assert play.session.state == state
    assert "refusal.hospital_unclear" in shown(play)


@pytest.mark.parametrize("words", NO_HOSPITAL[:5])
def test_a_question_or_thanks_is_no_hospital_the_second_time_either(words: str) -> None:
    play = at("record_hospital")
    play.say(words)
    play.say(words)
    assert play.session.state == "record_hospital"


@pytest.mark.parametrize("words", ["青山骨科", "浦东人民", "Mayo Rochester"])
def test_a_name_nobody_knows_is_kept_when_it_is_said_again(words: str) -> None:
    play = at("record_hospital")
    play.say(words)
    assert play.session.state == "record_hospital"
    play.say(words)
    assert play.session.answers["record_hospital"] == words


@pytest.mark.parametrize(
    "words", ["北京协和", "华山", "301", "青山县仁爱骨科医院", "东京大学医学部附属病院", "白云社区卫生站", PRIVATE]
)
def test_a_hospital_is_taken_at_once_known_or_not(words: str) -> None:
    play = at("record_hospital")
    play.say(words)
    assert "record_hospital" in play.session.answers


def test_a_name_in_doubt_is_still_asked_back_when_thanks_come_in_between() -> None:
    play = at("record_hospital")
    play.say("同济")
    play.say("谢谢")
    play.say("第二个")
    assert play.session.answers["record_hospital"] == "华中科技大学同济医学院附属同济医院"


# ---- a city, and the kind of visit ----


@pytest.mark.parametrize("words", ["我女儿在深圳上班，没人陪我去", "我女儿在深圳上班", "孩子们都在上海忙着呢回不来了"])
def test_a_city_in_a_sentence_about_something_else_is_no_answer(words: str) -> None:
    play = at("city")
    play.say(words)
    assert play.session.state == "city"
    assert "refusal.city_unknown" in shown(play)


@pytest.mark.parametrize(
    "words",
    [
        "上海",
        "上海吧，谢谢",
        "内蒙古自治区呼和浩特市",
        "我女儿在广州上班，所以想去上海看病",
        "我现在人在上海，就在上海住院",
    ],
)
def test_a_city_is_read_where_it_is_short_or_said_to_be_that_of_the_visit(words: str) -> None:
    play = at("city")
    play.say(words)
    assert play.session.state != "city" or "city_offered" in play.session.answers


@pytest.mark.parametrize("words", ["谢谢", "这个要钱吗"])
def test_ordinary_words_said_twice_are_no_city(words: str) -> None:
    play = at("city")
    play.say(words)
    play.say(words)
    assert play.session.state == "city"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("不要特需", "specialist"),
        ("不用特需，专家就行", "specialist"),
        ("不要专家，要特需", "vip"),
        ("特需", "vip"),
        ("专家", "specialist"),
        ("特需专家都可以", "either"),
        ("不要专家", None),
        ("不要特需也不要专家", None),
    ],
)
def test_the_kind_that_is_not_wanted_is_not_kept(words: str, kind: str | None) -> None:
    play = at("visit_kind")
    play.say(words)
    assert play.session.answers.get("visit_kind") == kind


# ---- days ----


@pytest.mark.parametrize(
    "words", ["报告下周三才能拿到", "周三出结果", "下周三复查，医生说的", "我妈下周三才能从医院出院"]
)
def test_a_day_of_something_else_is_no_wish_for_a_visit(words: str) -> None:
    play = at("city")
    play.say(f"上海，{words}")
    assert "visit_date" not in play.session.answers
    assert play.session.answers["city"] == "上海市"


@pytest.mark.parametrize("words", ["12月15号", "最好12月15号上午", "想12月15号去看", "尽快"])
def test_a_day_given_before_it_is_asked_for_is_a_wish_where_hardly_more_is_said(words: str) -> None:
    play = at("city")
    play.say(f"上海，专家，{words}")
    assert ("visit_date" in play.session.answers) == (words != "尽快")
    assert play.session.answers["visit_kind"] == "specialist"


@pytest.mark.parametrize(("words", "kept"), [("11月3号的", True), ("结果11月3号才出来的", False)])
def test_the_day_of_a_record_is_volunteered_only_by_itself(words: str, *, kept: bool) -> None:
    play = at("record_hospital")
    play.say(f"北京协和医院，{words}")
    assert ("record_date" in play.session.answers) is kept


# ---- a department ----


@pytest.mark.parametrize("words", ["谢谢", "好的", "这个要钱吗", "我不知道", "医生说要尽快"])
def test_ordinary_words_are_no_department_however_often(words: str) -> None:
    play = at("department")
    for _ in range(3):
        play.say(words)
    assert play.session.state == "department"
    assert not play.session.answers.get("doctor_wish")


def test_a_department_that_nobody_knows_is_kept_when_it_is_said_again() -> None:
    play = at("department")
    play.say("怪病专病部")
    play.say("谢谢")
    play.say("怪病专病部")
    assert play.session.answers["department"] == "怪病专病部"


@pytest.mark.parametrize(
    ("words", "told"),
    [("医生说要尽快", False), ("大夫让我看肿瘤科", False), ("医生建议看肿瘤科", False), ("肿瘤科的王主任", True),
     ("医生让我找王建国主任", True)],
)  # fmt: skip
def test_what_a_doctor_said_is_no_wish_for_one(words: str, *, told: bool) -> None:
    play = at("department")
    play.say(words)
    assert bool(play.session.answers.get("doctor_wish")) is told


# ---- the review, and the terms ----


@pytest.mark.parametrize(
    "words", ["没问题", "没问题谢谢", "没问题，谢谢您", "谢谢，没问题", "提交，谢谢！", "确认无误，辛苦了"]
)
def test_thanks_beside_clear_words_stand_in_no_way_of_submitting(words: str) -> None:
    play = at("review")
    play.say(words)
    assert play.session.state == "submitted"


@pytest.mark.parametrize("words", ["谢谢", "好的", "知道了", "好的谢谢", "没问题吗", "可以", "谢谢您谢谢您"])
def test_nothing_else_submits(words: str) -> None:
    play = at("review")
    play.say(words)
    assert play.session.state == "review"
    assert not play.cases


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("改3", "name"),
        ("第3项错了", "name"),
        ("第3项不对", "name"),
        ("3错了", "name"),
        ("第3项写错了。", "name"),
        ("改姓名", "name"),
        ("姓名写错了", "name"),
        ("我要改名字", "name"),
        ("电话错了", "phone"),
        ("改电话", "phone"),
        ("我的手机号不对", "phone"),
        ("修改保单号", "policy_number"),
        ("身份证填错了", "id_number"),
        ("改一下科室", "department"),
        ("医院不对", "hospitals"),
        ("换医院", "hospitals"),
        ("改天气", "review"),
        ("都错了", "review"),
        ("第99项错了", "review"),
        ("改通知单", "review"),
    ],
)
def test_a_line_of_the_card_is_opened_by_its_number_or_its_name(words: str, state: str) -> None:
    play = at("review")
    play.say(words)
    assert play.session.state == state


def test_every_line_of_the_card_can_be_named_as_it_is_written_there() -> None:
    labels = {question.state: TEXTS(question.label()) for question in ALL if question.label}
    assert labels.keys() == LABELS.keys()
    assert [state for state, label in labels.items() if label not in LABELS[state]] == []


@pytest.mark.parametrize("words", ["好的", "知道了", "明白了", "同意", "好的，谢谢"])
def test_usual_words_take_note_of_the_terms(words: str) -> None:
    play = at("terms")
    before = len(play.session.acknowledged)
    play.say(words)
    assert len(play.session.acknowledged) > before


@pytest.mark.parametrize("state", ["consents", "review", "name"])
def test_ok_neither_declines_nor_submits(state: str) -> None:
    play = at(state)
    play.say("好的")
    assert play.session.state == state


# ---- words for a button ----


@pytest.mark.parametrize(
    ("state", "words", "value"),
    [
        ("applicant", "给我妈妈申请", "relative"),
        ("applicant", "我妈妈病了", "relative"),
        ("applicant", "我老公要住院", "relative"),
        ("applicant", "我是她女儿", "relative"),
        ("applicant", "我是患者家属", "relative"),
        ("relation", "我是她女儿", "child"),
        ("relation", "我是他爸爸", "parent"),
        ("relation", "我是孩子妈妈", "parent"),
        ("relation", "她是我妈妈", "child"),
        ("relation", "他是我老公", "spouse"),
        ("relation", "患者是我儿子", "parent"),
        ("relation", "我是他姐姐", "sibling"),
        ("relation", "我是我妈的女儿", "child"),
        ("relation", "我是他儿子的妈妈", None),
        ("authority", "他同意", "yes"),
        ("authority", "我妈同意", "yes"),
        ("authority", "本人同意", "yes"),
        ("authority", "我妈不同意", None),
        ("guardian", "我是他爸爸", "yes"),
        ("guardian", "我是孩子妈妈", "yes"),
        ("guardian", "我是监护人", "yes"),
        ("guardian", "我是他爷爷，不是他爸爸", None),
        ("infectious", "没有传染病", "no"),
        ("infectious", "没得过", "no"),
        ("infectious", "无传染病", "no"),
        ("infectious", "没有乙肝", "no"),
        ("infectious", "有乙肝", "yes"),
        ("infectious", "得过肺结核", "yes"),
        ("infectious", "有没有乙肝要查吗", None),
        ("notice", "医生说要开还没开", "no"),
        ("notice", "还没开", "no"),
        ("notice", "医生准备开", "no"),
        ("notice", "没拿到", "no"),
        ("notice", "开了", "yes"),
        ("notice", "拿到了", "yes"),
        ("notice", "医生开了", "yes"),
        ("notice", "昨天已经拿到通知单了", "yes"),
    ],
)
def test_a_sentence_that_tells_one_answer_is_taken_for_it(state: str, words: str, value: str | None) -> None:
    play = at(state)
    play.say(words)
    assert play.session.answers.get(state) == value


def test_what_only_an_open_question_may_read_is_not_taken_in_passing() -> None:
    play = at("service")
    play.say("想看门诊，我爸有肝病史")
    assert play.session.answers == {"service": "OP"}


# ---- the record ----


@pytest.mark.parametrize(
    "words", ["明天发", "还没拿到", "我不会发照片", "在医生那里", "没有", "怎么发照片？", "我不知道"]
)
def test_whoever_has_no_record_yet_is_told_that_there_is_time(words: str) -> None:
    play = at("record")
    play.say(words)
    assert play.session.state == "record"
    assert "refusal.record_later" in shown(play)


def test_with_a_file_sent_the_words_for_done_still_end_the_files() -> None:
    play = at("record")
    play.photo(1)
    play.say("没有了")
    assert play.session.state == "record_hospital"


# ---- a guardian ----


def abroad() -> Play:
    """Somebody insured by a passport, which does not say how old they are."""
    play = steered("guardian")
    play.policy = replace(POLICY, insured=Person("张小兰", "cn_passport", "EA1234567"))
    play.right |= {"name": "张小兰", "id_number": "护照EA1234567"}
    return at("guardian", play)


@pytest.mark.parametrize(
    ("words", "value"),
    [("满了", "of_age"), ("是的", "of_age"), ("不满，我是监护人，同意", "yes"), ("我是监护人", "yes"),
     ("我是他爸爸", None), ("不满", None),
     ("没满，我是她妈妈", "yes"), ("62岁了", "of_age"), ("今年6岁", None), ("没满14岁", None),
     ("同意", None)],
)  # fmt: skip
def test_a_passport_does_not_say_the_age_so_it_is_asked_for(words: str, value: str | None) -> None:
    play = abroad()
    assert shown(play)[-1] == "step"
    play.say(words)
    assert play.session.answers.get("guardian") == value


def test_a_child_with_a_passport_needs_a_guardian_too() -> None:
    play = abroad()
    assert [data.rpartition(":")[2] for data in play.shown[PATIENT]][:3] == ["=of_age", "=yes", "!decline"]
    play.press("!decline")
    assert play.session.state == "declined"
    play = abroad()
    play.say("不满，我不是监护人")
    assert play.session.state == "declined"


def test_who_is_a_child_by_the_number_is_not_of_age_by_a_made_up_button() -> None:
    play = at("guardian")
    forged = next(data for data in play.shown[PATIENT] if data.endswith("=yes")).replace("=yes", "=of_age")
    play.tap(forged)
    assert play.session.state == "guardian"


def test_the_age_is_asked_again_when_another_document_is_given() -> None:
    play = abroad()
    play.say("满了")
    play.say("上一步")
    play.say("上一步")
    play.say("护照EA7654321")
    assert play.session.state == "guardian"
    assert "guardian" not in play.session.answers
