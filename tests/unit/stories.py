"""Whole conversations as people have them, played by the real code: for the counts, the clauses, and docs/.

A story is played once and then only read. Each act of the person counts: a command, a message, a file, a tap.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from typing import Final

from msgspec.structs import replace

from flows.effects import Button
from flows.terms.policy import ENDED, SUSPENDED
from tests.unit.play import CHILD, PATIENT, PRIVATE, Play
from tests.world import PERSON, POLICY, TEXTS, used

FIRST: Final = f"我是{PERSON.name}，身份证{PERSON.number}，手机13800001234，保单{POLICY.number}，想看门诊，给本人申请"
CAPTION: Final = "北京协和医院，门诊病历，昨天"
WISHES: Final = "北京，北京协和医院，肿瘤科，专家，尽快"

Taps = Mapping[str, tuple[str, ...]]

OUTSIDE: Final = "首都医科大学附属北京同仁医院"  # of the directory, not of the network

TAPS: Final[Taps] = {
    "consents": ("同意",),
    "service": ("特需、专家门诊",),
    "applicant": ("我是患者本人",),
    "relation": ("子女",),
    "authority": ("患者本人同意",),
    "guardian": ("我是，同意",),
    "illness": ("恶性肿瘤",),
    "condition": ("已经确诊",),
    "better_record": ("没有别的了",),
    "record_kind": ("门诊病历",),
    "record_date": ("昨天",),
    "stay": ("住院",),
    "notice": ("没有",),
    "issuer": ("就是这家",),
    "notice_date": ("昨天",),
    "branch": ("明白了，继续",),
    "city": ("北京市",),
    "hospitals": ("北京协和医院", "选好了"),
    "department": ("肿瘤科",),
    "visit_kind": ("专家",),
    "visit_date": ("尽快",),
    "originals": ("愿意",),
    "infectious": ("没有",),
    "transfer": ("接受",),
    "terms": ("我已知悉，同意",),
    "review": ("提交申请",),
}
"""What a person taps at each question; where nothing stands, they type or send a file."""


def labelled(play: Play, label: str) -> Button:
    """Return the newest button with this label. Raises AssertionError where there is none."""
    for message in reversed(play.messages):
        if message.chat == PATIENT and (found := [b for row in message.rows for b in row if TEXTS(b.label) == label]):
            return found[0]
    raise AssertionError((play.session.state, label))


def tap(play: Play, label: str) -> None:
    """Tap the newest button with this label."""
    play.tap(labelled(play, label).data)


def answer(play: Play, taps: Taps = TAPS) -> None:
    """Answer the open question by itself: with its buttons where it has some, else in words, or with a file."""
    state = play.session.state
    if state in taps:
        for label in taps[state]:
            tap(play, label)
    else:
        play.answer_right()


def through(play: Play, taps: Taps = TAPS, *, until: str = "submitted") -> Play:
    """Answer question by question until a state is reached."""
    for _ in range(60):
        if play.session.state == until:
            return play
        answer(play, taps)
    raise AssertionError(play.session.state)


# ---- what is asked for ----


def outpatient(**answers: str) -> Play:
    """A visit, every question answered by itself. `answers` are typed in place of a tap, by question."""
    return _requested({}, answers)


def with_notice() -> Play:
    """An admission with a notice that counts, its photo given."""
    return _noticed(Play(), ADMISSION_TAPS | NOTICED)


def by_visit(**answers: str) -> Play:
    """An admission without a notice."""
    return _requested(ADMISSION, answers)


def by_relative(**answers: str) -> Play:
    """A daughter asks for a visit for her mother."""
    return _requested({"applicant": ("我替家人申请",)}, answers)


def for_child() -> Play:
    """A mother asks for her son, who is under fourteen."""
    play = Play(replace(POLICY, insured=CHILD))
    play.right |= {"name": CHILD.name, "id_number": CHILD.number}
    return through(play, {**TAPS, "applicant": ("我替家人申请",)})


def at_once(first: str = FIRST) -> Play:
    """A visit, asked for in three messages; only what they leave open is answered by itself."""
    play = Play()
    play.say(first)
    through(play, until="record")
    play.photo(900, caption=CAPTION)
    play.press("=done")
    through(play, until="city")
    play.say(WISHES)
    return through(play)


def by_visit_at_once() -> Play:
    """An admission without a notice, asked for in three messages."""
    return at_once(FIRST.replace("想看门诊", "想住院"))


def with_notice_at_once() -> Play:
    """An admission with a notice, asked for in two messages."""
    play = Play()
    play.say(FIRST.replace("想看门诊", "想住院"))
    through(play, until="record")
    play.photo(900, caption=CAPTION)
    play.press("=done")
    return _noticed(play, ADMISSION_TAPS | NOTICED)


# ---- what becomes of it ----


def policy_ended() -> Play:
    """The policy is no longer in force: refused."""
    return through(Play(replace(POLICY, status=ENDED)), until="refused")


def use_spent() -> Play:
    """The visit of this policy year was used: refused."""
    return through(Play(used(POLICY)), until="refused")


def second_use_spent() -> Play:
    """An admission without a notice, and the visit that it takes was used: it cannot be, and a human is asked."""
    return through(Play(used(POLICY)), ADMISSION_TAPS, until="submitted")


def patient_other() -> Play:
    """The patient is not the insured: refused."""
    return through(Play(), {**TAPS, "applicant": ("患者不是被保险人",)}, until="refused")


def record_private() -> Play:
    """The record is a private hospital's, and there is no other: refused."""
    return _requested({}, {"record_hospital": PRIVATE}, until="refused")


def department_insisted() -> Play:
    """A department that the service does not cover, insisted on: refused."""
    play = through(Play(), until="department")
    play.say("急诊科")
    tap(play, "就要这个科室")
    return through(play, until="refused")


def appealed() -> Play:
    """A refusal that a human looks at again."""
    play = policy_ended()
    tap(play, "申请人工复核")
    return play


def policy_suspended() -> Play:
    """The policy is suspended: a human decides."""
    return through(Play(replace(POLICY, status=SUSPENDED)))


def illness_open() -> Play:
    """An illness that is not on the list: a human decides."""
    return _requested({"illness": ("都不是，不确定",)}, {})


def branch_open() -> Play:
    """Nobody knows whether there is a notice: a human decides."""
    return _requested(ADMISSION | {"notice": ("不清楚",)}, {})


def issuer_elsewhere() -> Play:
    """The notice is another hospital's than the one wanted: by way of a visit."""
    return _requested(ADMISSION | NOTICED, {"issuer": "上海瑞金医院", "notice_file": "以后补"})


def wanted_outside() -> Play:
    """The hospital wanted is not in the network: by way of a visit."""
    return _requested(ADMISSION, {"wanted": OUTSIDE})


def issuer_outside() -> Play:
    """The hospital that issued the notice is not in the network: by way of a visit."""
    return _requested(ADMISSION | NOTICED, {"wanted": OUTSIDE, "notice_file": "以后补"})


def title_asked() -> Play:
    """A lower title is asked for than is promised."""
    return outpatient(department="肿瘤科，主治医师就行")


def doctor_named() -> Play:
    """A doctor is named: declined, kept as a wish."""
    return outpatient(department="肿瘤科，想挂张伟主任的号")


def doctor_named_for_admission() -> Play:
    """A doctor is named for the visit that leads to an admission."""
    return by_visit(department="肿瘤科，想挂张伟主任的号")


def hospital_outside() -> Play:
    """A hospital outside of the network, a day too early, originals withheld: taken all the same."""
    play = through(Play(), until="hospitals")
    play.say(OUTSIDE)
    tap(play, "选好了")
    through(play, until="visit_date")
    play.say("明天")
    tap(play, "仍按我的心愿")
    tap(play, "不愿意")
    return through(play)


def at_night() -> Play:
    """A request outside of the service hours."""
    play = Play()
    play.now += timedelta(hours=12)
    return through(play)


ADMISSION: Final = {"service": ("住院、手术",)}
NOTICED: Final = {"notice": ("有",)}
ADMISSION_TAPS: Final = {**TAPS, **ADMISSION}


def _requested(taps: Taps, answers: Mapping[str, str], *, until: str = "submitted") -> Play:
    return through(_typing(Play(), answers), _taps(taps, answers), until=until)


def _noticed(play: Play, taps: Taps) -> Play:
    through(play, taps, until="notice_file")
    play.photo(901)
    play.press("=done")
    return through(play, taps)


def _typing(play: Play, answers: Mapping[str, str]) -> Play:
    play.right |= answers
    return play


def _taps(taps: Taps, answers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {state: labels for state, labels in {**TAPS, **taps}.items() if state not in answers}


STORIES: Final[Mapping[str, Callable[[], Play]]] = {
    play.__name__: play
    for play in (
        outpatient, with_notice, by_visit, by_relative, for_child, at_once, by_visit_at_once, with_notice_at_once,
        policy_ended, use_spent, second_use_spent, patient_other, record_private, department_insisted, appealed,
        policy_suspended, illness_open, branch_open, issuer_elsewhere, wanted_outside, issuer_outside,
        title_asked, doctor_named, doctor_named_for_admission, hospital_outside,
        at_night,
    )
}  # fmt: skip


@cache
def played(name: str) -> Play:
    """Return a story, played once; read it, and do nothing more in it."""
    return STORIES[name]()
