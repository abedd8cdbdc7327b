"""The policyholder's sentences, held against how an ill person of seventy reads: short, kind, and what to do next."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po

from bot.texts import FOLDER
from flows.effects import Message
from flows.intake.machine import ASKING
from flows.messages import DECLARED
from tests.unit.play import PATIENT, at
from tests.unit.stories import STORIES, played
from tests.world import REFERENCE, TEXTS

POLICYHOLDERS = ("intake", "visit", "admission", "record", "privacy", "terms", "arranging")

BREATH = 40  # characters between two breaks
QUESTION = 120
CARD = 400
LONGEST_CARD = 480  # of an admission by way of a visit: 27 lines, hospitals spelt out
BUTTON = 8

BREAK = re.compile(r"[，。！？；：、\n]")
LATIN = re.compile(r"[A-Za-z]{2,}")
KNOWN_LATIN = {"Telegram", "Messenger", "Inc", "telegram", "org", "support", "privacy", "PDF", "MB", "OP"}
JUDGES = re.compile(
    "建议您(吃|服|用药|手术|化疗|放疗)|应该(手术|住院|吃药|化疗|放疗)|需要(手术|化疗|放疗)|必须(手术|住院)|"
    "病情(严重|较重|稳定|恶化|好转)|没有大碍|不严重|能治好|治愈|治不好|晚期|早期|误诊|诊断为|疗效|停药|服药|偏方"
)
COLD = re.compile("非法|无效输入|错误代码|系统错误|操作失败|你")

TYPICAL = {
    "provider": "好人生（上海）健康科技有限公司",
    "hotline": "400-620-1800",
    "name": "首都医科大学附属北京天坛医院",
    "hospital": "首都医科大学附属北京天坛医院",
    "due": "11月25日（周三）",
    "until": "11月25日（周三）",
    "target": "11月25日（周三）",
    "at": "11月25日（周三） 10:00",
    "earliest": "11月25日（周三）",
    "wish": "11月25日（周三）",
    "number": "261123-000001",
    "owner": "林敏",
    "rule": "国内二级及以上公立医院",
    "sources": "境外（含港澳台）的医院",
}
"""What stands for a parameter; others are counted as three characters, those of whole sentences as a new line."""

WHOLE = {"lines", "groups", "reasons", "reason", "clauses", "things", "notices", "because", "before", "question",
         "text", "words", "meaning", "status", "filled", "listed", "told", "names", "parts"}  # fmt: skip

PARTS = re.compile(
    # buttons, and words of a choice
    r"button\.|menu\.|toast\.|consent\.(agree|decline)$|service\.|applicant\.|relation\.|authority\.|guardian\.|condition\.|phone\.|"
    r"unmatched\.|review\.|illness\.|record\.done$|kind\.|better\.|stay\.|wanted\.|issuer\.|notice_file\.|admission\.|"
    r"branch\.noted$|infectious\.|transfer\.|privacy\.button|day\.(today|yesterday|unknown|day)$|"
    r"hospital\.(neither|yes|no|more)$|terms\.(accept|decline)$|"
    r"visit\.(more|done|recommended|none_of_them|kind_|originals_|advised|insist)|"
    r"visit_date\.(one_day|days|on_day|instead|my_wish|another|soonest|earlier|later|month|weekday)|"
    # names of answers, and lines of a card
    r"label\.|visit\.label|visit_date\.label|branch\.(lines?$|shown|IP|unknown|other)|reason\.|decision\.(?!appealed$|refused$|bring$)|"
    r"status\.|arranging\.line|privacy\.(copy_line|copy_case|copy_consent|copy_files|consent_)|file\.counted$|pause\.filled$|"
    r"terms\.(means|group)|visit\.(listed|chosen|followed|ranked|not_)|visit_date\.provisional$|(verbatim|nothing|step)$"
)
"""Sentences that are never a message by themselves."""

NEXT = re.compile("请|点一下|点“|发“|直接打字|接着发|拨打|可以|等候|？|留意")
NEEDS_NO_STEP = {
    "several.understood_one": "the next question follows",
    "confirm.words": "to be forwarded as it is; what to do with it follows",
    "talk.says": "the agent's own words",
    "talk.corrects": "the agent's own words",
    "relay.file_kept": "it is the agent who reads it",
    "relay.changed": "it is the agent who reads it",
    "relay.card": "it is the agent who reads it",
}


@cache
def sentences() -> dict[str, str]:
    """Every sentence of the policyholder's catalogues."""
    found: dict[str, str] = {}
    for name in POLICYHOLDERS:
        with (FOLDER / f"{name}.po").open("rb") as stream:
            found |= {str(m.id): str(m.string) for m in read_po(stream) if m.id}
    return found


def filled(text: str) -> str:
    """A sentence with typical values for what it leaves open."""
    return re.sub(r"\{(\w+)\}", lambda m: "\n" if m[1] in WHOLE else TYPICAL.get(m[1], "123"), text)


@cache
def shown() -> tuple[Message, ...]:
    """Every message that a policyholder got, in every story and at every question."""
    plays = [played(story) for story in STORIES] + [at(state) for state in ASKING]
    return tuple(message for play in plays for message in play.messages if message.chat == PATIENT)


def questions() -> Iterator[tuple[str, str]]:
    """The key and the words of every question as it was posed."""
    for message in shown():
        inner = message.text.params.get("question")
        yield (inner if message.text.key == "step" else message.text).key, TEXTS(message.text)  # type: ignore[union-attr]


def test_there_are_sentences_and_all_are_declared() -> None:
    assert len(sentences()) > 400
    assert sentences().keys() <= DECLARED.keys()


@pytest.mark.parametrize("key", sentences())
def test_no_sentence_takes_more_than_a_breath(key: str) -> None:
    assert [part for part in BREAK.split(filled(sentences()[key])) if len(part) > BREATH] == []


def test_no_sentence_is_in_english_or_blunt_or_judges_an_illness() -> None:
    for key, text in sentences().items():
        words = re.sub(r"\{\w+\}", "", text)
        assert set(LATIN.findall(words)) <= KNOWN_LATIN, key
        assert not JUDGES.search(words), key
        assert not COLD.search(words), key


def test_a_part_is_named_as_such_only_where_there_is_one() -> None:
    for part in re.split(r"\|(?![^(]*\))", PARTS.pattern):
        assert any(re.match(part, key) for key in sentences()), part
    assert NEEDS_NO_STEP.keys() <= sentences().keys()


def test_every_message_says_what_to_do_next() -> None:
    whole = {key: text for key, text in sentences().items() if not PARTS.match(key) and key not in NEEDS_NO_STEP}
    assert len(whole) > 180
    assert [key for key, text in whole.items() if not NEXT.search(text)] == []


def test_what_counts_as_a_part_never_stands_alone() -> None:
    parts = {message.text.key for message in shown() if PARTS.match(message.text.key)}
    card, before_a_question = "decision.submitted", {"reason.doctor_title", "reason.doctor_declined"}
    assert parts - before_a_question <= {card, "step"}
    for story in ("title_asked", "doctor_named"):
        keys = [message.text.key for message in played(story).messages]
        for said in before_a_question & {*keys}:
            assert keys[keys.index(said) + 1] == "step"


def test_after_everything_a_person_does_something_is_there_to_go_on_with() -> None:
    """A play's newest message has buttons, a keyboard, or says what to do."""
    for story in STORIES:
        last = [message for message in played(story).messages if message.chat == PATIENT][-1]
        assert last.rows or last.contact or NEXT.search(TEXTS(last.text)), story


CARDS = ("consent.", "terms.", "decision.", "branch.", "welcome", "help", "privacy.")


def test_questions_and_cards_fit_a_phone_as_they_are_posed() -> None:
    seen = dict.fromkeys(questions())
    assert len({key for key, _ in seen}) > 50
    for key, words in seen:
        if key == "ask.review":
            assert len(words) <= LONGEST_CARD
        else:
            assert len(words) <= (CARD if key.startswith(CARDS) else QUESTION), key


@pytest.mark.parametrize("story", ["outpatient", "by_relative", "with_notice", "by_visit"])
def test_the_review_card_fits_a_phone(story: str) -> None:
    cards = [TEXTS(message.text) for message in played(story).messages if message.text.key == "ask.review"]
    assert cards
    assert all(len(card) <= CARD for card in cards)


def test_buttons_have_at_most_eight_characters() -> None:
    labels = {TEXTS(button.label) for message in shown() for row in message.rows for button in row}
    assert len(labels) > 100
    assert [label for label in labels if len(label) > BUTTON] == []


def test_consents_say_all_that_the_law_asks_for() -> None:
    """个人信息保护法 17, 23, 30, 39: who, what, what for, how, its effect, how long, the rights; 400 characters."""
    texts = {name: sentences()[f"consent.{name}"] for name in ("sensitive", "provider", "abroad")}
    assert all(len(filled(text)) <= CARD and "“隐私”" in text and "对您的影响" in text for text in texts.values())
    assert all("{hotline}" in text and text.endswith("您同意吗？") for text in texts.values())
    needed = {
        "sensitive": ("谁来处理", "需要什么", "用来做什么", "为什么需要", "保存多久", "您的权利", "撤回同意", "病历"),
        "provider": ("{provider}", "医院", "交什么", "做什么用", "怎么交", "您的权利"),
        "abroad": ("接收方：Telegram Messenger Inc.", "怎么联系它", "传什么", "做什么用", "您的权利"),
    }
    for name, words in needed.items():
        assert [word for word in words if word not in texts[name]] == []


def test_help_lists_what_can_be_typed() -> None:
    for word in ("上一步", "重复", "传完了", "改3", "进度", "隐私", "取消", "转人工", "120"):
        assert word in sentences()["help"]
    assert REFERENCE.terms.hotline in TEXTS(DECLARED["help"](hotline=REFERENCE.terms.hotline))
