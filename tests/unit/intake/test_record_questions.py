"""The record: its files, the hospital behind it, what falls short, its kind and its day [OP-N1, IP-N1]."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.cases.case import Attachment
from flows.ids import ChatId, DocumentId
from flows.intake.questions.question import Answer, Context, PartialAnswer, Question, Reading
from flows.intake.questions.record import (
    REFUSALS,
    SHORT_OF,
    BetterRecord,
    Record,
    RecordDate,
    RecordHospital,
    RecordKind,
    refused_sources,
)
from flows.messages import Text
from flows.reading.hospital_names import Hospital, HospitalIndex
from flows.reading.refusal import Refusal
from flows.session import Session
from flows.terms.facts import Record as RecordFact
from tests.world import MONDAY, REFERENCE, TEXTS

TODAY = MONDAY.date()
ALL: tuple[Question, ...] = (Record(), RecordHospital(), BetterRecord(), RecordKind(), RecordDate())
SMALL = HospitalIndex(
    (
        Hospital("青山县人民医院", "湖北省", "武汉市", "一级甲等", "公立"),
        Hospital("白云社区卫生服务中心", "广东省", "广州市", "社区", "公立"),
        Hospital("北京和康医院", "北京市", "北京市", "三级", "民营"),
    ),
    (),
)


def context(*, files: int = 0, service: str = "OP", small: bool = False, **answers: str) -> Context:
    attachments = tuple(Attachment(DocumentId(n), f"u{n}", "record") for n in range(files))
    session = Session(chat=ChatId(1), answers={"service": service, **answers}, attachments=attachments)
    reference = replace(REFERENCE, hospitals=SMALL) if small else REFERENCE
    return Context(session, reference, TODAY)


def after(before: Context, reading: Reading, state: str = "") -> Context:
    assert isinstance(reading, Answer | PartialAnswer), reading
    kept = {state: reading.value} if isinstance(reading, Answer) else {}
    return replace(before, session=replace(before.session, answers={**before.session.answers, **kept, **reading.also}))


def answer(reading: Reading) -> Answer:
    assert isinstance(reading, Answer), reading
    return reading


def values(question: Question, where: Context) -> list[str]:
    return [choice.value for row in question.ask(where).rows for choice in row]


# ---- the files ----


def test_done_counts_the_files_and_without_one_asks_for_one() -> None:
    assert Record().choose("done", context()) == Refusal("record_first")
    assert Record().read("传完了", context()) == Refusal("record_first")
    assert Record().choose("done", context(files=2)) == Answer("2")


@pytest.mark.parametrize("words", ["传完了", "好了", "没有了", "完了", "传完了。"])
def test_done_may_be_typed(words: str) -> None:
    assert Record().read(words, context(files=1)) == Answer("1")


def test_a_record_is_answered_only_while_a_file_is_there() -> None:
    assert not Record().answered(context(files=1))
    assert not Record().answered(context(record="1"))
    assert Record().answered(context(files=1, record="1"))


def test_a_file_for_another_question_is_no_record() -> None:
    notice = Attachment(DocumentId(1), "u1", "notice")
    where = context(record="1")
    assert not Record().answered(replace(where, session=replace(where.session, attachments=(notice,))))


def test_the_button_done_comes_with_the_first_file() -> None:
    assert values(Record(), context()) == []
    assert values(Record(), context(files=1)) == ["done"]


# ---- the hospital ----


def test_a_hospital_of_the_directory_is_kept_by_its_official_name_with_the_verdict() -> None:
    reading = answer(RecordHospital().read("天坛", context()))
    assert reading.value == "首都医科大学附属北京天坛医院"
    assert reading.also["record_source"] == "qualifies"


def test_an_ambiguous_hospital_is_asked_back_and_chosen_by_its_number() -> None:
    question, start = RecordHospital(), context()
    where = after(start, question.read("同济", start))
    assert values(question, where) == ["0", "1", "none"]
    assert answer(question.choose("1", where)) == answer(question.read("2", where))
    assert answer(question.choose("1", where)).value == "华中科技大学同济医学院附属同济医院"
    assert set(question.also) >= where.session.answers.keys() - start.session.answers.keys()


@pytest.mark.parametrize("words", ["2", "二", "第二个", "第2家", "２"])
def test_a_name_may_be_pointed_at_in_words(words: str) -> None:
    where = after(context(), RecordHospital().read("同济", context()))
    assert answer(RecordHospital().read(words, where)).value == "华中科技大学同济医学院附属同济医院"


def test_what_was_in_doubt_is_gone_with_the_answer() -> None:
    question, start = RecordHospital(), context()
    where = after(start, question.read("同济", start))
    settled = after(where, question.choose("0", where), "record_hospital")
    assert question.ask(settled) == question.ask(start)


def test_the_city_narrows_down_what_was_asked_back() -> None:
    question, start = RecordHospital(), context()
    where = after(start, question.read("同济", start))
    assert answer(question.read("上海", where)).value == "上海市同济医院"


def test_another_name_may_be_typed_in_place_of_a_number() -> None:
    question, start = RecordHospital(), context()
    where = after(start, question.read("同济", start))
    assert answer(question.read("北京天坛医院", where)).value == "首都医科大学附属北京天坛医院"


@pytest.mark.parametrize("words", ["都不是", "不是"])
def test_none_of_those_asked_back_keeps_the_words_for_a_human(words: str) -> None:
    question, start = RecordHospital(), context()
    where = after(start, question.read("同济", start))
    assert answer(question.read(words, where)).value == "同济"
    assert answer(question.choose("none", where)).also["record_source"] == "level_unknown,ownership_unknown"


def test_many_names_are_shown_five_at_a_time_and_each_can_be_chosen() -> None:
    question, start = RecordHospital(), context()
    where = after(start, question.read("人民医院", start))
    count = len(question.doubted(where))
    assert count > 20
    shown = [v for page in range(1, count // 5 + 2) for v in values(question, replace(where, page=page))]
    assert {v for v in shown if v.isdecimal()} == {str(n) for n in range(count)}
    assert all(isinstance(question.choose(str(n), where), Answer) for n in range(count))


def test_one_that_only_may_be_meant_is_asked_with_yes_and_no() -> None:
    question = RecordHospital()
    where = context(record_hospital_options="北京医院", record_hospital_words="北京")
    assert values(question, where) == ["0", "none"]
    assert answer(question.read("是的", where)).value == "北京医院"


def test_a_hospital_nobody_knows_is_kept_in_the_persons_words() -> None:
    reading = answer(RecordHospital().read("青山镇利民医院", context()))
    assert (reading.value, reading.also["record_source"]) == ("青山镇利民医院", "level_unknown,ownership_unknown")


@pytest.mark.parametrize("words", ["香港玛丽医院", "在境外的医院看的", "国外"])
def test_words_that_name_a_place_abroad_are_abroad(words: str) -> None:
    assert answer(RecordHospital().read(words, context())).also["record_source"] == "outside_mainland"


@pytest.mark.parametrize("words", ["林口县利民医院", "上海台湾利民医院"])
def test_a_place_abroad_that_may_lie_in_the_mainland_is_for_a_human(words: str) -> None:
    assert answer(RecordHospital().read(words, context(service="IP"))).also["record_source"] == "region_unknown"


def test_a_street_named_after_a_place_abroad_is_not_abroad() -> None:
    source = answer(RecordHospital().read("香港路利民医院", context())).also["record_source"]
    assert source == "level_unknown,ownership_unknown"


@pytest.mark.parametrize("words", ["", "？？？", "😀", "不知道", "\u202e\u200b"])
def test_what_names_nothing_is_asked_again(words: str) -> None:
    assert RecordHospital().read(words, context()) == Refusal("hospital_unclear")


@pytest.mark.parametrize("number", ["0", "3", "㉑" * 4096, "9" * 4096])
def test_a_number_that_stands_for_no_name_chooses_none(number: str) -> None:
    where = after(context(), RecordHospital().read("同济", context()))
    assert isinstance(RecordHospital().choose(number, where), Answer) is (number == "0")
    reading = RecordHospital().read(number, where)
    assert not isinstance(reading, Answer) or "同济医院" not in reading.value


# ---- what falls short ----


@pytest.mark.parametrize(
    ("name", "code"),
    [("青山县人民医院", "level_too_low"), ("白云社区卫生服务中心", "primary_care"), ("北京和康医院", "private")],
)
@pytest.mark.parametrize("service", ["OP", "IP"])
def test_a_source_that_falls_short_is_kept_told_why_and_asked_about(name: str, code: str, service: str) -> None:
    start = context(service=service, small=True)
    where = after(start, RecordHospital().read(name, start), "record_hospital")
    assert refused_sources(where) == (code,)
    assert BetterRecord().applies(where)
    assert TEXTS(SHORT_OF[code]()) in TEXTS(BetterRecord().ask(where).text)


def test_a_record_from_abroad_falls_short_for_an_admission_only() -> None:
    assert BetterRecord().applies(context(service="IP", record_source="outside_mainland"))
    assert not BetterRecord().applies(context(service="OP", record_source="outside_mainland"))
    assert "国内" in TEXTS(BetterRecord().asks(context(service="IP", record_source="private")))


@pytest.mark.parametrize("source", ["qualifies", "level_unknown,ownership_unknown", "region_unknown", "not_a_hospital"])
def test_what_is_good_or_unknown_is_not_asked_about(source: str) -> None:
    assert not BetterRecord().applies(context(service="IP", record_source=source))


def test_another_record_is_a_trigger_and_none_is_an_answer() -> None:
    where = context(record_source="private")
    (row,) = BetterRecord().ask(where).rows
    assert [choice.token() for choice in row] == ["!replace_record", "=no"]
    assert BetterRecord().read("没有别的了", where) == BetterRecord().choose("no", where) == Answer("no")
    assert isinstance(BetterRecord().choose("yes", where), Refusal)


def test_every_code_that_a_service_refuses_has_its_words() -> None:
    for service in REFERENCE.terms.services.values():
        rules = {**service.record.levels, **service.record.ownerships, **service.record.regions}
        assert {code for code, verdict in rules.items() if verdict == "refused"} <= SHORT_OF.keys()


# ---- kind and day ----


def test_the_kinds_are_those_the_terms_know_and_other() -> None:
    assert {*RecordKind.options} == {*REFERENCE.terms.services["IP"].record.kinds, "other"}
    assert RecordFact(kind=values(RecordKind(), context())[0]).kind == "outpatient_record"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("门诊病历", "outpatient_record"),
        ("出院记录", "discharge_summary"),
        ("病理报告", "examination_report"),
        ("诊断证明", "diagnosis_report"),
        ("不知道", "other"),
    ],
)
def test_a_kind_may_be_typed(words: str, kind: str) -> None:
    assert RecordKind().read(words, context()) == Answer(kind)


def test_two_kinds_at_once_are_not_guessed() -> None:
    assert isinstance(RecordKind().read("门诊病历、出院小结", context()), Refusal)


@pytest.mark.parametrize(
    ("words", "day"),
    [("今天", "2026-11-23"), ("昨天", "2026-11-22"), ("上个月", "2026-10-01"), ("2020年", "2020-01-01"),
     ("10月3日到10月8日", "2026-10-03"), ("不清楚", "unknown")],
)  # fmt: skip
def test_a_day_a_month_or_a_stretch_is_kept_by_its_first_day(words: str, day: str) -> None:
    assert answer(RecordDate().read(words, context())).value == day


def test_the_buttons_of_a_day() -> None:
    assert values(RecordDate(), context()) == ["2026-11-23", "2026-11-22", "unknown"]


def test_only_a_day_to_come_is_refused() -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert RecordDate().read("明天", context()) == Refusal("day_in_future")
    assert RecordDate().choose(tomorrow, context()) == Refusal("day_in_future")
    assert answer(RecordDate().choose("1999-01-02", context())).value == "1999-01-02"


def test_a_day_in_doubt_is_asked_back() -> None:
    question, start = RecordDate(), context()
    where = after(start, question.read("11月3号左右", start))
    assert values(question, where) == ["2026-11-03", "unknown"]
    assert answer(question.read("是的", where)).value == "2026-11-03"
    assert question.ask(after(where, question.choose("2026-11-03", where), "record_date")) == question.ask(start)


def test_a_day_that_does_not_exist_and_words_without_one_are_told_apart() -> None:
    assert RecordDate().read("2月30日", context()) == Refusal("no_such_day")
    assert RecordDate().read("好久以前", context()) == Refusal("day_unclear")
    assert RecordDate().choose("yesterday", context()) == Refusal("day_unclear")


def test_the_card_shows_the_day_with_its_year() -> None:
    shown = RecordDate().shown(context(record_date="2025-03-05"))
    assert isinstance(shown, Text)
    assert TEXTS(shown) == "2025年3月5日"


# ---- every one of them ----


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
@settings(max_examples=40)
@given(text=st.text(max_size=40) | st.sampled_from(["人民医院", "同济", "协和", "1", "0", "99999999999", "²", "none"]))
def test_whatever_is_typed_or_made_up_is_read_refused_or_asked_back(question: Question, text: str) -> None:
    where = context(files=1, record_source="private")
    again = after(where, RecordHospital().read("同济", where))
    for place in (where, again):
        for reading in (question.read(text, place), question.choose(text, place)):
            if isinstance(reading, Refusal):
                assert reading.code in {*REFUSALS, "pick_a_button", "answer_in_words"}
            else:
                assert {*reading.also} <= {*question.also}
                after_it = after(place, reading, question.state)
                assert TEXTS(question.ask(after_it).text)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
def test_each_has_a_line_on_the_card_and_clauses_that_exist(question: Question) -> None:
    assert question.label is not None
    assert question.cites
    assert {*question.cites} <= REFERENCE.terms.clauses.keys()
    assert isinstance(question.shown(after(context(), Answer("unknown"), question.state)), Text)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
def test_a_question_fits_a_phone_and_a_choices_buttons_are_short(question: Question) -> None:
    for where in (context(record_source="level_too_low,private", service="IP"), context(files=1, service="IP")):
        prompt = question.ask(where)
        assert len(TEXTS(prompt.text)) <= 120
        assert all(len(TEXTS(choice.label)) <= 8 for row in prompt.rows for choice in row)


def test_five_long_names_fit_a_phone() -> None:
    start = context()
    where = after(start, RecordHospital().read("人民医院", start))
    assert len(TEXTS(RecordHospital().ask(where).text)) <= 120
