"""The questions about the visit: city, hospitals, department, kind, originals [OP-Tb, OP-N4, OP-N5, OP-N6]."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.ids import ChatId
from flows.intake.questions import department, visit, visit_hospitals
from flows.intake.questions.department import Department
from flows.intake.questions.network import code_of, network
from flows.intake.questions.question import Answer, Choice, Context, PartialAnswer, Prompt, Question, Reading
from flows.intake.questions.visit import City, Originals, VisitKind
from flows.intake.questions.visit_hospitals import Hospitals
from flows.intake.questions.visit_words import TABLE
from flows.intake.texts import REFUSALS as COMMON
from flows.messages import DECLARED
from flows.reading.refusal import Refusal
from flows.session import Session
from tests.world import REFERENCE, TEXTS

TODAY = date(2026, 11, 23)
NETWORK = network(REFERENCE.hospitals)
QUESTIONS: tuple[Question, ...] = (City(), Hospitals(), Department(), VisitKind(), Originals())
REFUSALS = COMMON | visit.REFUSALS | visit_hospitals.REFUSALS | department.REFUSALS
ZHONGSHAN = "复旦大学附属中山医院"
RENJI = "上海交通大学医学院附属仁济医院"


def context(**answers: str) -> Context:
    return Context(Session(ChatId(1), answers={"service": "OP", **answers}), REFERENCE, TODAY)


def turned(before: Context, page: int) -> Context:
    return replace(before, page=page)


def missed(before: Context, code: str) -> Context:
    return replace(before, session=replace(before.session, failed_answers=1, missed=code))


def after(before: Context, reading: Reading) -> Context:
    """What the question sees next, as the conversation keeps it."""
    if isinstance(reading, Refusal):
        return missed(before, reading.code)
    kept = {**before.session.answers, **reading.also}
    return replace(before, page=1, session=replace(before.session, answers=kept))


def choices(prompt: Prompt) -> list[Choice]:
    return [choice for row in prompt.rows for choice in row]


def labels(prompt: Prompt) -> list[str]:
    return [TEXTS(choice.label) for choice in choices(prompt)]


def value(prompt: Prompt, label: str) -> str:
    return next(choice.value for choice in choices(prompt) if TEXTS(choice.label) == label)


def tap(question: Question, before: Context, label: str) -> Reading:
    return question.choose(value(question.ask(before), label), before)


# ---- all of them ----


@pytest.mark.parametrize(
    ("answers", "applies"),
    [
        ({"service": "OP"}, True),
        ({"service": "IP", "branch": "IP-B"}, True),
        ({"service": "IP", "branch": "IP-A"}, False),
        ({"service": "IP", "branch": "review"}, False),
        ({}, False),
    ],
)
def test_a_visit_is_asked_about_for_itself_and_on_the_way_to_an_admission(
    answers: dict[str, str], applies: object
) -> None:
    about = Context(Session(ChatId(1), answers=answers), REFERENCE, TODAY)
    assert {question.applies(about) for question in QUESTIONS} == {applies}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.state)
@given(
    text=st.text(max_size=40) | st.text("上海协和301、和瑞金医院 不去产科急诊妇肿瘤王主任专家3", max_size=20),
    again=st.booleans(),
)
def test_any_text_and_any_button_is_read_and_what_is_refused_has_a_sentence(
    question: Question, text: str, again: str
) -> None:
    refused = {"city": "city_unknown", "hospitals": "hospital_not_found"}.get(question.state, "")
    before = context(city="上海市", department_asked=again)
    before = missed(before, refused) if again else before
    for reading in (question.read(text, before), question.choose(text, before)):
        if isinstance(reading, Refusal):
            assert TEXTS(REFUSALS[reading.code]())
        else:
            assert set(reading.also) <= set(question.also)
            question.ask(after(before, reading))
        if isinstance(reading, Answer):
            assert reading.value
            kept = {question.state: reading.value, **reading.also}
            shown = question.shown(context(**kept))
            assert shown is not None
            assert TEXTS(shown)


def test_every_sentence_about_the_visit_stands_in_the_catalogue_and_every_one_is_declared() -> None:
    declared = [key for key in DECLARED.values() if key.key.startswith(("visit.", "visit_date."))]
    declared += [*visit.REFUSALS.values(), *visit_hospitals.REFUSALS.values(), *department.REFUSALS.values()]
    assert len(declared) > 50
    assert TEXTS.faults(declared) == []
    kept = {key for key in TEXTS.keys() if key.startswith(("visit.", "visit_date."))}  # noqa: SIM118
    assert kept <= {key.key for key in declared}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.state)
def test_buttons_are_short_and_what_they_carry_is_ascii_of_at_most_40_bytes(question: Question) -> None:
    prompt = question.ask(context(city="上海市"))
    assert choices(prompt)
    for choice in choices(prompt):
        assert len(TEXTS(choice.label)) <= 8
        assert len(choice.token().encode("ascii")) <= 40
    assert len(TEXTS(prompt.text)) <= 120


# ---- city ----


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("上海", "上海市"),
        ("上海市", "上海市"),
        ("我在杭州", "杭州市"),
        ("浙江杭州", "杭州市"),
        ("浙江", "浙江省"),
        ("吉林市", "吉林市"),
        ("义乌", "义乌市"),
        ("魔都", "上海市"),
        ("朝阳区", "北京市"),
        ("重慶", "重庆市"),
    ],
)
def test_a_city_or_a_province_is_read(text: str, city: str) -> None:
    assert City().read(text, context()) == Answer(city, {"city_offered": ""})


def test_cities_with_most_hospitals_come_first_and_every_city_is_on_some_page() -> None:
    seen: list[str] = []
    for page in range(1, 13):
        seen += [label for label in labels(City().ask(turned(context(), page))) if label != "更多城市"]
    assert seen[:2] == ["北京市", "上海市"]
    assert set(NETWORK.cities) == set(seen)
    assert tap(City(), context(), "上海市") == Answer("上海市", {"city_offered": ""})


def test_the_city_of_a_hospital_spoken_of_before_comes_first() -> None:
    assert labels(City().ask(context(record_hospital=ZHONGSHAN)))[0] == "上海市"
    assert labels(City().ask(context(record_hospital="一家小诊所")))[0] == "北京市"


def test_two_cities_are_asked_back() -> None:
    before = context()
    reading = City().read("上海或者杭州", before)
    assert isinstance(reading, PartialAnswer)
    assert labels(City().ask(after(before, reading))) == ["上海市", "杭州市"]
    assert tap(City(), after(before, reading), "杭州市") == Answer("杭州市", {"city_offered": ""})


def test_an_unknown_place_is_asked_for_once_more_and_then_kept_in_words() -> None:
    first = City().read("小王庄", context())
    assert first == Refusal("city_unknown")
    assert City().read("小王庄", after(context(), first)) == Answer("小王庄", {"city_offered": ""})
    assert City().read("香港", context()) == Refusal("city_outside")
    assert City().choose("shanghai", context()) == Refusal("pick_a_button")


# ---- hospitals ----


def test_one_hospital_and_done_answers() -> None:
    before = context(city="上海市")
    one = tap(Hospitals(), before, "中山医院")
    assert isinstance(one, PartialAnswer)
    chosen = after(before, one)
    assert "①中山医院" in labels(Hospitals().ask(chosen))
    assert "已选：①中山医院" in TEXTS(Hospitals().ask(chosen).text)
    done = tap(Hospitals(), chosen, "选好了")
    assert isinstance(done, Answer)
    assert (done.value, done.also["hospitals_network"]) == (ZHONGSHAN, "in_network")


def test_up_to_three_are_ranked_a_second_tap_takes_one_away_and_a_fourth_is_declined() -> None:
    now = context(city="上海市")
    for label in ("中山医院", "儿科医院", "仁济医院"):
        now = after(now, tap(Hospitals(), now, label))
    assert tap(Hospitals(), now, "妇产科医院") == Refusal("hospitals_three")
    now = after(now, tap(Hospitals(), now, "②儿科医院"))
    assert {"①中山医院", "儿科医院", "②仁济医院"} <= set(labels(Hospitals().ask(now)))
    done = tap(Hospitals(), now, "选好了")
    assert isinstance(done, Answer)
    assert done.value == f"{ZHONGSHAN}、{RENJI}"


def test_nothing_chosen_is_not_done() -> None:
    assert "选好了" not in labels(Hospitals().ask(context(city="上海市")))
    assert Hospitals().choose("done", context(city="上海市")) == Refusal("hospitals_none")


@pytest.mark.parametrize("text", ["推荐", "随便", "都可以", "你们定吧", "由客服推荐"])
def test_a_recommendation_may_be_asked_for(text: str) -> None:
    typed = Hospitals().read(text, context(city="上海市"))
    assert typed == tap(Hospitals(), context(city="上海市"), "由客服推荐")
    assert isinstance(typed, Answer)
    assert typed.value == "recommend"


@pytest.mark.parametrize(
    ("text", "city", "value"),
    [
        ("协和", "北京市", "北京协和医院"),
        ("仁济", "上海市", RENJI),
        ("协和、天坛", "北京市", "北京协和医院、首都医科大学附属北京天坛医院"),
        ("中山医院和仁济医院", "上海市", f"{ZHONGSHAN}、{RENJI}"),
        ("1 3", "北京市", "北京协和医院、北京大学人民医院"),
        ("3、1", "北京市", "北京大学人民医院、北京协和医院"),
    ],
)
def test_names_and_numbers_of_the_list_answer_at_once(text: str, city: str, value: str) -> None:
    reading = Hospitals().read(text, context(city=city))
    assert isinstance(reading, Answer)
    assert (reading.value, reading.also["hospitals_network"]) == (value, "in_network")


def test_a_number_that_the_list_does_not_have_is_declined() -> None:
    assert Hospitals().read("99", context(city="上海市")) == Refusal("hospital_not_found")


def test_an_ambiguous_name_is_asked_back_and_one_tap_settles_it() -> None:
    before = context(city="南京市")
    reading = Hospitals().read("中山医院", before)
    assert isinstance(reading, PartialAnswer)
    now = after(before, reading)
    assert "都不是" in labels(Hospitals().ask(now))
    answer = Hospitals().choose(code_of(ZHONGSHAN), now)
    assert isinstance(answer, Answer)
    assert answer.value == ZHONGSHAN
    none = after(now, tap(Hospitals(), now, "都不是"))
    assert "更多医院" in labels(Hospitals().ask(none))


def test_a_hospital_outside_the_network_is_a_wish_and_that_is_told_at_once() -> None:
    outside = next(h for h in REFERENCE.hospitals.hospitals if not h.network and h.city == "上海市")
    before = context(city="上海市")
    now = after(before, Hospitals().read(outside.name, before))
    assert "①不在服务网络内" in TEXTS(Hospitals().ask(now).text)
    done = tap(Hospitals(), now, "选好了")
    assert isinstance(done, Answer)
    assert (done.value, done.also["hospitals_network"]) == (outside.name, "outside")


def test_a_hospital_that_the_directory_does_not_hold_is_kept_for_an_agent() -> None:
    before = context(city="上海市")
    now = after(before, Hospitals().read("张三丰医院", before))
    assert "我查不到" in TEXTS(Hospitals().ask(now).text)
    done = tap(Hospitals(), now, "选好了")
    assert isinstance(done, Answer)
    assert (done.value, done.also["hospitals_network"]) == ("张三丰医院", "unknown")


def test_what_is_no_hospital_or_not_wanted_is_asked_again() -> None:
    assert Hospitals().read("有什么医院", context(city="上海市")) == Refusal("hospital_not_found")
    assert Hospitals().read("天气真好", context(city="上海市")) == Refusal("hospital_not_found")
    assert Hospitals().read("不去协和", context(city="北京市")) == Refusal("hospital_negated")


def test_a_city_without_a_network_hospital_is_told_so() -> None:
    prompt = Hospitals().ask(context(city="义乌市"))
    assert "邻近城市" in TEXTS(prompt.text)
    assert labels(prompt) == ["由客服推荐"]


def test_the_page_of_the_last_tap_stays_and_every_page_can_be_turned_to() -> None:
    before = turned(context(city="上海市"), 2)
    label = labels(Hospitals().ask(before))[0]
    now = after(before, tap(Hospitals(), before, label))
    assert f"①{label}" in labels(Hospitals().ask(now))
    following = [choice.page for choice in choices(Hospitals().ask(now)) if choice.page]
    assert following == [3]
    around = turned(now, 4)
    assert "中山医院" in labels(Hospitals().ask(around))


@pytest.mark.parametrize("city", NETWORK.cities)
def test_every_network_hospital_has_a_button_and_no_page_is_too_long(city: str) -> None:
    hospitals = NETWORK.of(city)
    offered: set[str] = set()
    for page in range(1, len(hospitals) // 6 + 2):
        prompt = Hospitals().ask(turned(context(city=city), page))
        assert len(TEXTS(prompt.text)) <= 120
        assert all(len(label) <= 8 for label in labels(prompt))
        offered |= {choice.value for choice in choices(prompt)}
    assert {code_of(hospital.name) for hospital in hospitals} <= offered


def test_no_two_hospitals_of_a_city_have_one_label_and_no_two_names_one_code() -> None:
    for city in NETWORK.cities:
        short = [NETWORK.short(hospital.name) for hospital in NETWORK.of(city)]
        assert len(set(short)) == len(short)
    names = [hospital.name for hospital in REFERENCE.hospitals.hospitals]
    assert len({code_of(name) for name in names}) == len(names) > 100


# ---- department ----


def test_a_department_by_button_or_in_words_is_covered() -> None:
    tapped = tap(Department(), context(), "肿瘤科")
    typed = Department().read("看肿瘤", context())
    assert tapped == typed
    assert isinstance(typed, Answer)
    assert (typed.value, typed.also["department_ground"], typed.also["department_insists"]) == ("肿瘤科", "covered", "")


def test_every_department_of_the_list_is_covered() -> None:
    for name in TABLE["departments"]:
        reading = Department().choose(code_of(name), context())
        assert isinstance(reading, Answer), name
        assert reading.also["department_ground"] == "covered"


def test_the_services_advice_leaves_the_department_out_of_the_decision() -> None:
    reading = tap(Department(), context(), "由客服建议")
    assert isinstance(reading, Answer)
    assert (reading.value, reading.also["department_ground"]) == ("recommend", "")
    assert Department().read("你们建议", context()) == reading


@pytest.mark.parametrize(
    ("text", "ground", "name"),
    [
        ("产科", "obstetrics", "产科"),
        ("急诊", "emergency", "急诊科"),
        ("B超室", "medical_technology", "医技科室"),
    ],
)
def test_an_excluded_department_is_declined_with_its_clause_and_may_be_insisted_on(
    text: str, ground: str, name: str
) -> None:
    before = context()
    reading = Department().read(text, before)
    assert reading == Refusal(f"department_{ground}")
    assert "OP-N4" in TEXTS(REFUSALS[reading.code]())
    assert Department().choose("insists", before) == Refusal("pick_a_button")
    insisted = tap(Department(), after(before, reading), "就要这个科室")
    assert isinstance(insisted, Answer)
    assert (insisted.value, insisted.also["department_ground"], insisted.also["department_insists"]) == (
        name,
        ground,
        "yes",
    )


def test_the_emergency_department_is_declined_with_the_number_to_call() -> None:
    assert "120" in TEXTS(REFUSALS["department_emergency"]())


def test_obstetrics_and_gynaecology_is_asked_back_with_both() -> None:
    before = context()
    now = after(before, Department().read("妇产科", before))
    assert labels(Department().ask(now))[:2] == ["妇科", "产科"]
    gynaecology = tap(Department(), now, "妇科")
    assert isinstance(gynaecology, Answer)
    assert gynaecology.also["department_ground"] == "covered"
    assert tap(Department(), now, "产科") == Refusal("department_obstetrics")


def test_nuclear_medicine_is_asked_back_with_treatment_and_examination() -> None:
    now = after(context(), Department().read("核医学科", context()))
    assert labels(Department().ask(now))[:2] == ["核医学治疗", "核医学检查"]
    assert isinstance(tap(Department(), now, "核医学治疗"), Answer)
    assert tap(Department(), now, "核医学检查") == Refusal("department_medical_technology")


@pytest.mark.parametrize("text", ["不知道挂什么科", "生殖中心", "妇产科", "肿瘤科或者外科"])
def test_what_stays_open_is_asked_back_once_and_then_kept_for_a_human(text: str) -> None:
    now = after(context(), Department().read(text, context()))
    assert TEXTS(Department().ask(now).text) != TEXTS(Department().ask(context()).text)
    again = Department().read(text, now)
    assert isinstance(again, Answer)
    assert (again.value, again.also["department_ground"]) == (text, "unclear")


def test_a_doctor_named_with_the_department_is_noted_and_declined() -> None:
    reading = Department().read("心内科王建国教授", context())
    assert isinstance(reading, Answer)
    assert (reading.value, reading.also["doctor_wish"]) == ("心内科", "declined")
    assert reading.also["doctor_words"] == "心内科王建国教授"


def test_a_doctor_named_before_the_department_is_not_forgotten() -> None:
    now = after(context(), Department().read("找王建国教授", context()))
    reading = tap(Department(), now, "肿瘤科")
    assert isinstance(reading, Answer)
    assert after(now, reading).session.answers["doctor_wish"] == "declined"


def test_a_department_by_itself_is_no_wish_for_a_doctor() -> None:
    reading = Department().read("心内科", context(doctor_wish="declined"))
    assert isinstance(reading, Answer)
    assert reading.also["doctor_wish"] == ""


def test_the_question_says_that_no_doctor_can_be_chosen() -> None:
    assert "医生不能指定" in TEXTS(Department().ask(context()).text)


# ---- kind, originals ----


@pytest.mark.parametrize(
    ("text", "kind"),
    [("特需", "vip"), ("我要专家号", "specialist"), ("都可以", "either"), ("特需或专家", "either"), ("随便", "either")],
)
def test_the_kind_of_visit_is_read(text: str, kind: str) -> None:
    assert VisitKind().read(text, context()) == Answer(kind)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("愿意", "yes"), ("可以的", None), ("不愿意", "no"), ("不", "no"), ("好的", "yes"), ("看情况", None)],
)
def test_willingness_is_a_plain_yes_or_no(text: str, answer: str | None) -> None:
    expected = Refusal("originals_unclear") if answer is None else Answer(answer)
    assert Originals().read(text, context()) == expected
