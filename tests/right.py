"""The right answer to each question, in one place: for the fakes, the world in memory, and the sandbox's people."""

from collections.abc import Collection, Mapping
from typing import Final

from msgspec import Struct

BEGIN: Final = frozenset({"new", "declined", "cancelled"})
TOKENS: Final = {  # where a tap answers: what its button's data ends with
    "consents": "!agree",
    "unmatched": "@name",
    "better_record": "=no",
    "terms": "!accept",
    "review": "!submit",
}
DONE: Final = "=done"


class Act(Struct, frozen=True):
    """What answers a question: `text` is typed, or a button with this token tapped, or else a photo sent."""

    text: str = ""
    token: str = ""


def answers(name: str, id_number: str, policy_number: str, **others: str) -> dict[str, str]:
    """Return what is typed at each question, by its state, in a request for an outpatient visit; `others` differ."""
    return {
        "service": "门诊",
        "applicant": "本人",
        "relation": "女儿",
        "authority": "是的",
        "name": name,
        "id_number": id_number,
        "guardian": "是的",
        "phone": "13800001234",
        "policy_number": policy_number,
        "illness": "恶性肿瘤",
        "condition": "确诊",
        "record_hospital": "北京协和医院",
        "record_kind": "门诊病历",
        "record_date": "昨天",
        "stay": "住院",
        "wanted": "北京协和医院",
        "notice": "没有",
        "issuer": "就是这家",
        "notice_date": "昨天",
        "notice_file": "以后补",
        "branch": "明白了",
        "city": "北京",
        "hospitals": "北京协和医院",
        "department": "肿瘤科",
        "visit_kind": "专家",
        "visit_date": "尽快",
        "originals": "愿意",
        "infectious": "没有",
        "transfer": "接受",
        **others,
    }


def right_act(state: str, offered: Collection[str], typed: Mapping[str, str]) -> Act | None:
    """Say what answers the question of this state, whose buttons carry these tokens; None where nothing is asked.

    What is typed stands in `typed`; an answer that begins as a token does (=done) is tapped.
    """
    if state in BEGIN:
        return Act(text="/start")
    if answer := typed.get(state):
        return Act(token=answer) if answer[0] in "=!@" else Act(text=answer)
    if state in TOKENS:
        return Act(token=TOKENS[state])
    if state == "record":
        return Act(token=DONE) if DONE in offered else Act()
    return None
