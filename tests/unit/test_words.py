"""Ordinary words at a question are no answer by mistake, and usual words for an answer are understood."""

import pytest

from tests.unit.play import PATIENT, PRIVATE, Play, at


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
