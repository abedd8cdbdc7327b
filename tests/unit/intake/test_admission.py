"""An admission: the hospital wanted, the notice, the branch told with reasons [IP-T, IP-P2, IP-N2, IP-N6, IP-N8]."""

from itertools import product
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from flows.cases.case import Attachment
from flows.ids import ChatId, DocumentId
from flows.intake.questions import admission as adm
from flows.intake.questions import record
from flows.intake.questions.admission import (
    Branch,
    HasNotice,
    Infectious,
    Issuer,
    NoticeDate,
    NoticeFile,
    OfAdmission,
    Stay,
    Transfer,
    Wanted,
    notice_of,
    told,
)
from flows.intake.questions.places import Place
from flows.intake.questions.question import Answer, Context, PartialAnswer, Question, Reading
from flows.messages import Text
from flows.reading.refusal import Refusal
from flows.session import Session
from flows.terms.branch import OTHER_CAMPUS, AdmissionNotice, Placement, place
from tests.world import MONDAY, REFERENCE, TEXTS

ALL: tuple[OfAdmission, ...] = (
    Stay(), Wanted(), HasNotice(), Issuer(), NoticeDate(), NoticeFile(), Branch(), Infectious(), Transfer(),
)  # fmt: skip
TIANTAN = "首都医科大学附属北京天坛医院"
ZHENGZHOU = "郑州大学第一附属医院"


def context(*, notices: int = 0, **answers: str) -> Context:
    files = tuple(Attachment(DocumentId(n), f"u{n}", "notice") for n in range(notices))
    session = Session(chat=ChatId(1), answers={"service": "IP", **answers}, attachments=files)
    return Context(session, REFERENCE, MONDAY.date())


def after(before: Context, question: Question, reading: Reading) -> Context:
    assert isinstance(reading, Answer | PartialAnswer), reading
    kept = {question.state: reading.value} if isinstance(reading, Answer) else {}
    return replace(before, session=replace(before.session, answers={**before.session.answers, **kept, **reading.also}))


def given_notice(wanted: str, issuer: str, *, notices: int = 1) -> Context:
    """Answer by typing: the hospital wanted, that there is a notice, and who issued it."""
    where = context(notices=notices)
    for question, text in ((Wanted(), wanted), (HasNotice(), "有"), (Issuer(), issuer)):
        where = after(where, question, question.read(text, where))
    return where


def tokens(question: Question, where: Context) -> list[str]:
    return [choice.token() for row in question.ask(where).rows for choice in row]


# ---- when they are asked ----


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
def test_an_outpatient_request_asks_for_none_of_it(question: Question) -> None:
    assert not question.applies(context(service="OP", notice="yes"))
    assert not question.applies(Context(Session(chat=ChatId(1)), REFERENCE, MONDAY.date()))


@pytest.mark.parametrize("question", [Issuer(), NoticeDate(), NoticeFile()], ids=lambda q: q.state)
def test_a_notice_is_asked_about_only_where_there_is_one(question: Question) -> None:
    assert question.applies(context(notice="yes"))
    assert not question.applies(context(notice="no"))
    assert not question.applies(context(notice="unknown"))


# ---- the hospital wanted ----


@pytest.mark.parametrize(
    ("words", "name", "network"),
    [("天坛", TIANTAN, None), ("青山镇利民医院", "青山镇利民医院", "unknown")],
)
def test_the_hospital_wanted_is_kept_with_the_network(words: str, name: str, network: str | None) -> None:
    reading = Wanted().read(words, context())
    assert isinstance(reading, Answer)
    assert reading.value == name
    known = REFERENCE.hospitals.hospital(name)
    assert reading.also["wanted_network"] == (network or ("yes" if known and known.network else "no"))


@pytest.mark.parametrize("words", ["由客服推荐", "随便", "都可以"])
def test_a_hospital_left_to_us_will_be_one_of_the_network(words: str) -> None:
    where = context()
    assert Wanted().read(words, where) == Wanted().choose("recommend", where)
    assert after(where, Wanted(), Wanted().read(words, where)).session.answers["wanted_network"] == "yes"


def test_an_ambiguous_hospital_is_asked_back_and_its_campus_is_not_lost() -> None:
    where = after(context(), Wanted(), Wanted().read("协和东院", context()))
    reading = Wanted().choose("0", where)
    assert isinstance(reading, Answer)
    assert reading.also["wanted_campus"] == "东院"


# ---- the notice ----


@pytest.mark.parametrize(
    ("words", "value"), [("有", "yes"), ("还没有", "no"), ("不知道", "unknown"), ("有，上周开的", "yes")]
)
def test_whether_there_is_a_notice_may_be_typed(words: str, value: str) -> None:
    assert HasNotice().read(words, context()) == Answer(value)


def test_yes_and_no_at_once_are_not_guessed() -> None:
    assert isinstance(HasNotice().read("是的，没有", context()), Refusal)


@pytest.mark.parametrize("words", ["就是这家", "是的", "天坛医院"])
def test_the_issuer_is_the_hospital_wanted_by_button_by_word_and_by_name(words: str) -> None:
    answers = given_notice("天坛", words).session.answers
    assert (answers["issuer"], answers["issuer_is_wanted"]) == (TIANTAN, "yes")
    assert Issuer().read(words, given_notice("天坛", "天坛")) == Issuer().choose("same", given_notice("天坛", "天坛"))


@pytest.mark.parametrize(
    ("wanted", "issuer", "same"),
    [
        ("天坛", "北京天坛医院", "yes"),
        ("天坛", "郑大一附院", "no"),
        ("郑大一附院郑东院区", "郑大一附院郑东院区", "yes"),
        ("郑大一附院郑东院区", "郑大一附院河医院区", "other_campus"),
        ("郑大一附院郑东院区", "郑大一附院", "other_campus"),
        ("青山镇利民医院", "青山镇 利民医院", "yes"),
        ("青山镇利民医院", "青山镇康民医院", "unknown"),
        ("青山镇利民医院", "天坛", "unknown"),
        ("由客服推荐", "天坛", "unknown"),
    ],
)
def test_the_issuer_is_compared_with_the_hospital_wanted(wanted: str, issuer: str, same: str) -> None:
    assert given_notice(wanted, issuer).session.answers["issuer_is_wanted"] == same


@pytest.mark.parametrize(("one", "other"), [("东院", "东院区"), ("东区", "东院区"), ("", "")])
def test_a_campus_is_known_by_its_name_however_it_ends(one: str, other: str) -> None:
    hospital = REFERENCE.hospitals.hospital(ZHENGZHOU)
    assert hospital
    assert adm.compared(Place(ZHENGZHOU, hospital, one), Place(ZHENGZHOU, hospital, other)) == "yes"


def test_where_no_hospital_is_wanted_none_can_be_the_same() -> None:
    where = context(wanted="recommend", wanted_network="yes", notice="yes")
    assert tokens(Issuer(), where) == []
    assert Issuer().choose("same", where) == Refusal("hospital_unclear")
    assert tokens(Issuer(), context(wanted=TIANTAN, notice="yes")) == ["=same"]


def test_the_notice_may_come_later_and_a_file_ends_with_done() -> None:
    question = NoticeFile()
    assert question.choose("later", context()) == question.read("暂时没有", context()) == Answer("later")
    assert question.choose("done", context()) == Refusal("notice_first")
    assert question.read("传完了", context(notices=2)) == Answer("2")
    assert (tokens(question, context()), tokens(question, context(notices=1))) == (["=later"], ["=done"])


def test_a_notice_is_answered_by_its_file_or_by_later() -> None:
    question = NoticeFile()
    assert question.answered(context(notice_file="later"))
    assert question.answered(context(notice_file="1", notices=1))
    assert not question.answered(context(notice_file="1"))  # the file was lost on its way
    assert not question.answered(context(notices=1))


def test_a_notice_of_a_day_to_come_is_refused() -> None:
    assert NoticeDate().read("明天", context()) == Refusal("day_in_future")
    assert NoticeDate().read("不清楚", context()) == Answer("unknown", {"notice_date_options": ""})


# ---- the branch ----

HAS: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
SAME: dict[str, bool | Literal["other campus"] | None] = {
    "yes": True,
    "no": False,
    "other_campus": OTHER_CAMPUS,
    "unknown": None,
}


def test_the_branch_agrees_with_the_terms_for_every_combination() -> None:
    seen = set()
    for notice, same, wanted, issuer in product(HAS, SAME, HAS, HAS):
        with_issuer = notice == "yes"
        expected = place(
            AdmissionNotice(
                HAS[notice], SAME[same] if with_issuer else None, HAS[wanted], HAS[issuer] if with_issuer else None
            )
        )
        where = context(notice=notice, wanted_network=wanted, issuer_network=issuer, issuer_is_wanted=same)
        assert place(notice_of(where.session.answers)) == expected
        assert tokens(Branch(), where) == [f"={expected.branch}"]
        assert (
            Branch().choose(expected.branch, where) == Branch().read("明白了，继续", where) == Answer(expected.branch)
        )
        text = TEXTS(Branch().ask(where).text)
        assert all(TEXTS(adm.REASONS[reason]()) in text for reason in expected.because)
        assert len(text) <= 400
        seen |= {expected.branch, *expected.because}
    assert seen == {"IP-A", "IP-B", "review", *adm.REASONS}


def test_a_branch_is_answered_only_while_it_is_the_one_that_comes_out() -> None:
    where = given_notice("天坛", "就是这家")
    assert notice_of(where.session.answers).has_notice
    now = Branch().read("好的", where)
    assert isinstance(now, Answer)
    assert Branch().answered(after(where, Branch(), now))
    for other in {"IP-A", "IP-B", "review"} - {now.value}:
        assert not Branch().answered(after(where, Branch(), Answer(other)))
        assert isinstance(Branch().choose(other, where), Refusal)


def test_a_hospital_left_to_us_goes_by_visit_without_a_notice_and_to_a_human_with_one() -> None:
    left = context(wanted="recommend", wanted_network="yes", notice="no")
    assert adm.placement(left) == Placement("IP-B", ("IP-N8.1",))
    inside = next(h.name for h in REFERENCE.hospitals.hospitals if h.network)
    outside = next(h.name for h in REFERENCE.hospitals.hospitals if not h.network)
    assert adm.placement(given_notice("由客服推荐", inside)) == Placement("review", ("unknown_issuer",))
    assert adm.placement(given_notice("由客服推荐", outside)) == Placement("IP-B", ("IP-N8.4",))


def test_the_way_by_visit_tells_the_offer_the_visit_and_the_second_use() -> None:
    text = TEXTS(told(Placement("IP-B", ("IP-N8.1", "IP-N8.3")), context()))
    assert all(words in text for words in ("2-3 家", "三甲", "3 个工作日", "同时使用一次", "特需、专家门诊协调"))


@pytest.mark.parametrize("notices", [0, 1])
def test_the_way_with_a_notice_tells_the_working_days_and_what_is_still_missing(notices: int) -> None:
    text = TEXTS(told(Placement("IP-A"), context(notices=notices)))
    assert "8-10 个工作日" in text
    assert ("还没有发来" in text) is (notices == 0)


def test_the_branch_rests_on_every_answer_behind_it() -> None:
    owners = {name: q.state for q in ALL for name in (q.state, *q.also)}
    behind = ("notice", "wanted_network", "issuer_network", "issuer_is_wanted")
    assert {owners[name] for name in behind} == {*Branch.rests_on}


# ---- the last two ----


def test_an_infectious_disease_need_not_be_said() -> None:
    assert tokens(Infectious(), context()) == ["=no", "=yes", "=skipped"]
    assert Infectious().read("不想说", context()) == Answer("skipped")
    assert Infectious().read("没有", context()) == Answer("no")


def test_a_transfer_is_accepted_or_not() -> None:
    assert Transfer().read("接受", context()) == Answer("yes")
    assert Transfer().read("不接受", context()) == Answer("no")


@pytest.mark.parametrize(("words", "value"), [("住院", "admission"), ("做手术", "surgery")])
def test_to_be_treated_or_operated_on(words: str, value: str) -> None:
    assert Stay().read(words, context()) == Answer(value)


def test_the_flags_of_the_terms_are_answers_here() -> None:
    assert {*REFERENCE.terms.services["IP"].flags} == {Infectious.state, Transfer.state}


# ---- every one of them ----


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
@settings(max_examples=40)
@given(text=st.text(max_size=40) | st.sampled_from(["人民医院", "同济", "协和", "1", "0", "²", "same", "none", "IP-B"]))
def test_whatever_is_typed_or_made_up_is_read_refused_or_asked_back(question: Question, text: str) -> None:
    where = context(wanted=TIANTAN, wanted_network="yes", notice="yes", notices=1)
    unsure = after(after(where, Wanted(), Wanted().read("同济", where)), Issuer(), Issuer().read("协和", where))
    for before in (where, unsure):
        for reading in (question.read(text, before), question.choose(text, before)):
            if isinstance(reading, Refusal):
                assert reading.code in {*adm.REFUSALS, *record.REFUSALS, "pick_a_button"}
            else:
                assert {*reading.also} <= {*question.also}
                assert TEXTS(question.ask(after(before, question, reading)).text)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
def test_each_has_a_line_on_the_card_and_clauses_that_exist(question: Question) -> None:
    assert question.label is not None
    assert question.cites
    assert {*question.cites} <= REFERENCE.terms.clauses.keys()
    where = context(wanted="recommend", wanted_network="yes", notice="unknown")
    assert isinstance(question.shown(after(where, question, Answer("unknown"))), Text)


@pytest.mark.parametrize("question", ALL, ids=lambda q: q.state)
def test_a_question_fits_a_phone_and_its_buttons_are_short(question: Question) -> None:
    for where in (context(wanted=TIANTAN, notice="yes"), context(wanted=TIANTAN, notice="no", notices=1)):
        prompt = question.ask(where)
        assert isinstance(question, Branch) or len(TEXTS(prompt.text)) <= 120
        assert all(len(TEXTS(choice.label)) <= 8 for row in prompt.rows for choice in row)
