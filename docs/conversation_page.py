"""Writes docs/conversation.md: the whole conversation with the policyholder, for somebody who reads every sentence.

Nothing on it is made up: the real code is played (tests/unit/stories.py), and what nobody was told in a play is listed
from the catalogues at the end, so that no sentence is missing.
"""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from babel.messages.pofile import read_po

from bot.texts import FOLDER
from docs.decision_table import table
from flows.cases.case import Case
from flows.effects import Message
from flows.intake.questions.choice_question import CHOICES, ChoiceQuestion
from flows.intake.questions.ordered import ALL, ORDERED, QUESTIONS
from flows.intake.questions.question import Question
from flows.intake.questions.terms import screens, shown
from flows.messages import Lines, Listed, Text, Value
from flows.terms import catalogue
from tests.unit.play import PATIENT, Play, at
from tests.unit.stories import STORIES, played
from tests.world import TEXTS

SOURCE: Final = "flows/intake/machine.py, flows/intake/questions/ordered.py, the catalogues and tests/unit/stories.py"
CATALOGUES: Final = {
    "intake": "受理",
    "visit": "就诊",
    "admission": "住院",
    "record": "病历",
    "terms": "条款",
    "privacy": "隐私",
    "arranging": "安排",
}

TITLE: Final = "# 对话全文"
NAMES: Final = {  # of the questions that have no line on the review card
    "consents": "同意书",
    "authority": "代办确认",
    "guardian": "监护人",
    "terms": "条款确认",
    "unmatched": "信息对不上",
    "review": "核对",
}
ALWAYS: Final = "每次"
WHEN: Final = {  # whose `applies` it is; what is not here is told by its docstring
    "Relation": "家人代填时",
    "Guardian": "患者不满 14 周岁时",
    "BetterRecord": "病历的来源不合要求时",
    "OfAdmission": "申请住院时",
    "OfNotice": "申请住院，有通知单时",
    "VisitQuestion": "申请门诊，或住院要先看门诊时",
}
COUNTED: Final = {
    "门诊，一题一答": "outpatient",
    "门诊，几项一起说": "at_once",
    "门诊，家人代办": "by_relative",
    "门诊，监护人代办": "for_child",
    "住院，有通知单，一题一答": "with_notice",
    "住院，有通知单，几项一起说": "with_notice_at_once",
    "住院，没有通知单，一题一答": "by_visit",
    "住院，没有通知单，几项一起说": "by_visit_at_once",
}
SCREENS: Final = {
    "门诊": ("OP", ""),
    "住院，有通知单": ("IP", "IP-A"),
    "住院，没有通知单": ("IP", "IP-B"),
    "住院，怎样安排未定": ("IP", ""),
}
RESULTS: Final = {
    "门诊，受理": "outpatient",
    "门诊，休息时间": "at_night",
    "门诊，指名医生": "doctor_named",
    "门诊，网络外医院，日期太近，不出示原件": "hospital_outside",
    "住院，有通知单，受理": "with_notice",
    "住院，没有通知单，受理": "by_visit",
    "家人代办": "by_relative",
    "病名待核实": "illness_open",
    "保单中止": "policy_suspended",
    "怎样安排未定": "branch_open",
    "不受理：保单终止": "policy_ended",
    "不受理：次数用完": "use_spent",
    "不受理：门诊次数用完": "second_use_spent",
    "不受理：患者不是被保险人": "patient_other",
    "不受理：病历来源": "record_private",
    "不受理：科室": "department_insisted",
    "申请人工复核": "appealed",
}
WRONG: Final = ("？", "你好", "12345", "不知道", "明天", "昨天", "香港", "急诊科", "超声科", "产科", "张", "感冒",
                "110101195503129932", "13800001234", "P2026000001", "2020年1月1日", "2099年1月1日", "2月30日",
                "不要协和", "协和", "妇产科", "A"*31)  # fmt: skip
AT_ANY_TIME: Final = {
    "帮助": ("帮助",),
    "重复": ("重复",),
    "进度": ("进度",),
    "上一步": ("上一步",),
    "取消": ("取消",),
    "转人工": ("转人工", "转人工"),
    "隐私": ("隐私",),
    "危急": ("胸口剧痛喘不上气",),
    "难受": ("我不想活了",),
    "确认码": ("确认 12345678",),
}


class Book:
    """The page in the making; it remembers which sentences it has."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def said(self, text: Text) -> str:
        """A sentence as a person reads it, quoted; its keys are had."""
        self.keys |= {*keys_of(text)}
        return quoted(TEXTS(text))

    def message(self, message: Message) -> str:
        """A message with its buttons."""
        lines = [self.said(message.text)]
        rows = [[button.label for button in row] for row in message.rows]
        rows += [[*row] for row in message.keyboard]
        rows += [[message.contact]] if message.contact else []
        for row in rows:
            for label in row:
                self.keys |= {*keys_of(label)}
        if rows:
            lines.append("按钮：" + " · ".join(TEXTS(label) for row in rows for label in row))
        return "\n\n".join(lines)


def keys_of(value: Value) -> Iterator[str]:
    """The keys of a text and of those in it, in their order."""
    if isinstance(value, Text):
        yield value.key
        for inner in value.params.values():
            yield from keys_of(inner)
    elif isinstance(value, Listed | Lines):
        for each in value.texts:
            yield from keys_of(each)


def quoted(words: str) -> str:
    """Words as a quotation, line by line."""
    return "\n".join(f"> {line}  ".rstrip() + "  " for line in words.split("\n")).rstrip()


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Every sentence of the policyholder's catalogues, by catalogue and key."""
    found: dict[str, dict[str, str]] = {}
    for name in CATALOGUES:
        with (FOLDER / f"{name}.po").open("rb") as stream:
            found[name] = {str(m.id): str(m.string) for m in read_po(stream) if m.id}
    return found


def page() -> Iterator[str]:
    """Every paragraph of the page, without title and note."""
    book = Book()
    yield "本页由程序自动生成：每一句都是真实程序说的，按顺序排列。方括号里是条款编号，见 flows/terms。"
    yield from _order()
    yield from _counts()
    yield from _questions(book)
    yield from _terms(book)
    yield from _whole(book)
    yield from _results(book)
    yield from _any_time(book)
    yield from _rest(book)


# ---- order and counts ----


def name_of(question: Question) -> str:
    """What a question is called, in Chinese."""
    return TEXTS(question.label()) if question.label else NAMES[question.state]


def _order() -> Iterator[str]:
    yield "## 一、先后顺序"
    rows = [
        (str(n), name_of(QUESTIONS[s]), f"`{s}`", _when(QUESTIONS[s]))
        for n, s in enumerate((q.state for q in ORDERED), 1)
    ]
    yield table(("序", "问题", "代号", "什么时候问"), rows)
    yield "答完一题，回到表头，问第一个该问而没有答案的；都有了，就核对、提交。"


def _when(question: Question) -> str:
    applies = type(question).applies
    owner = applies.__qualname__.partition(".")[0]
    return ALWAYS if applies is Question.applies else WHEN.get(owner) or _about(applies)


def _about(method: object) -> str:
    return " ".join((inspect.getdoc(method) or "").split())


def _counts() -> Iterator[str]:
    yield "## 二、要点几下，发几条"
    yield "从打招呼算起，同意书、文件、“传完了”、条款确认和提交都在内。"
    rows = []
    for title, story in COUNTED.items():
        play = played(story)
        taps = play.taps
        rows.append((title, str(play.last_message), str(taps), str(play.last_message - taps)))
    yield table(("怎样申请", "一共", "点按钮", "发消息或文件"), rows)


# ---- the questions ----


def _questions(book: Book) -> Iterator[str]:
    yield "## 三、每个问题"
    by_state = _posed()
    for number, question in enumerate(ALL, 1):
        yield f"### {number}. {name_of(question)}（`{question.state}`）"
        if question.cites:
            yield "条款：" + " ".join(f"[{clause}]" for clause in question.cites)
        for message in by_state.get(question.state, ()):
            yield book.message(message)
        if words := _typed(question):
            yield f"也可以打字：{words}"
        yield from _refused(question, book)


def _plays() -> Iterator[Play]:
    yield from (played(story) for story in STORIES)
    yield from (at(question.state) for question in ALL)
    yield from (play for _, play, _ in _wrong())


@cache
def _wrong() -> tuple[tuple[str, Play, int], ...]:
    """At every question, answers that may be none: the question, the play, and how many messages it had before."""
    plays = []
    for question in ALL:
        for words in WRONG:
            play = at(question.state)
            since = len(play.messages)
            play.say(words)
            plays.append((question.state, play, since))
    return tuple(plays)


def _posed() -> dict[str, list[Message]]:
    """Every way in which a question was posed, once for each choice of sentences."""
    found: dict[str, dict[tuple[str, ...], Message]] = {}
    for play in _plays():
        for message in play.messages:
            if message.chat == PATIENT and (state := _state(message)) and _poses(message, state):
                found.setdefault(state, {}).setdefault(tuple(dict.fromkeys(keys_of(message.text))), message)
    return {state: list(several.values()) for state, several in found.items()}


def _state(message: Message) -> str:
    """The question that a message poses, by its buttons."""
    if message.contact is not None:
        return "phone"
    data = next((button.data for row in message.rows for button in row), "")
    state = [*data.split(":"), "", ""][1]
    return state if state in QUESTIONS else ""


def _poses(message: Message, state: str) -> bool:
    return message.text.key == "step" or not QUESTIONS[state].counted


def _typed(question: Question) -> str:
    words = [f"“{word}”" for word in list(CHOICES.get(question.state, {}))[:12]]
    if words:
        return "、".join(words) + " 等"
    if type(question).read is Question.read:
        return "（这一步只用按钮）"
    return "和按钮一样的意思" if type(question).read is ChoiceQuestion.read else _about(type(question).read)


def _refused(question: Question, book: Book) -> Iterator[str]:
    texts: dict[str, Text] = {}
    new = (m for state, play, since in _wrong() if state == question.state for m in play.messages[since:])
    for message in new:
        if message.chat == PATIENT and message.text.key.startswith("refusal."):
            texts.setdefault(message.text.key, message.text)
    if texts:
        yield "没答对时："
        yield from (f"`{key}`\n\n{book.said(text)}" for key, text in texts.items())


# ---- terms, whole conversations, results ----


def _terms(book: Book) -> Iterator[str]:
    yield "## 四、条款确认，逐字"
    terms = catalogue.load()
    for title, (service, branch) in SCREENS.items():
        yield f"### {title}"
        for screen in screens(terms.consents_of(service, branch), terms):
            yield book.said(shown(screen, terms))


def _whole(book: Book) -> Iterator[str]:
    yield "## 五、从头到尾看一次（门诊）"
    yield from _told(played("outpatient").messages, book)


def _told(messages: Iterable[Message], book: Book) -> Iterator[str]:
    for message in messages:
        if message.chat == PATIENT:
            yield book.message(message)


def _results(book: Book) -> Iterator[str]:
    yield "## 六、结果"
    for title, story in RESULTS.items():
        yield f"### {title}"
        play = played(story)
        ends = [m for m in play.messages if m.chat == PATIENT and m.text.key.startswith(("decision.", "confirm."))]
        yield from _told(ends, book)
        if cases := list(play.cases.values()):
            yield _reserved(play, cases[-1])


def _reserved(play: Play, case: Case) -> str:
    used = " ".join(use.service for use in play.uses) or "无"
    return f"案件：{case.service or case.request_type}；预留次数：{used}"


# ---- at any time, and the rest ----


def _any_time(book: Book) -> Iterator[str]:
    yield "## 七、随时"
    for title, words in AT_ANY_TIME.items():
        yield f"### {title}"
        play = at("illness")
        since = len(play.messages)
        for each in words:
            play.say(each)
        yield from (f"客户：{each}" for each in words[:1])
        yield from _told(play.messages[since:], book)
    yield "### 放着不填"
    play = at("illness")
    since = len(play.messages)
    play.be_silent(days=31)
    yield from _told(play.messages[since:], book)


def _rest(book: Book) -> Iterator[str]:
    yield "## 八、其余的句子"
    yield "花括号里的，到时候换成实际内容。"
    for name, title in CATALOGUES.items():
        left = {key: text for key, text in sentences()[name].items() if key not in book.keys and text}
        if left:
            yield f"### {title}"
            yield table(("代号", "句子"), [(f"`{key}`", _cell(text)) for key, text in left.items()])


def _cell(text: str) -> str:
    return text.strip("\n").replace("|", "\\|").replace("\n", "<br>")


def missing(page_text: str) -> Sequence[str]:
    """The keys of sentences of which some words do not stand on a page."""
    flat = page_text.replace("<br>", "\n").replace("  \n> ", "\n").replace("\\|", "|")
    lost = []
    for several in sentences().values():
        for key, text in several.items():
            if any(words not in flat for words in _literal(text)):
                lost.append(key)
    return lost


def _literal(text: str) -> Iterator[str]:
    """The words of a sentence between what it leaves open, line by line."""
    plain, depth = [""], 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char in "{}\n":
            plain.append("")
        elif not depth:
            plain[-1] += char
    return (words.strip() for words in plain if words.strip())
