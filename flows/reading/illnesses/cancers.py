"""Cancers, growths whose nature is unknown, and harmless ones: what the definition of 2020 makes of them.

恶性肿瘤——轻度 is six things: thyroid stage I, prostate T1N0M0, skin (no melanoma) without spread, CLL
Binet A, Hodgkin Ann Arbor I, and a neuroendocrine tumour G1 without spread. In situ, borderline and benign
is neither.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flows.reading.illnesses.context import CUES, Scene
from flows.reading.illnesses.finding import (
    CANCER,
    CANCER_MILD,
    CANCER_REVIEW,
    CANCER_STAGE,
    CONTRACT,
    NOT_LISTED,
    UNCLEAR,
    WEAK,
    Finding,
    IllnessStatus,
    listed,
    review,
)
from flows.reading.illnesses.lexicon import Mention

_STAGED = frozenset({"thyroid", "prostate", "skin"})
_NEAR = 10
"""So many characters may stand between an organ and what is said of it."""
_ELSEWHERE = "elsewhere"
_LATIN = 2


@dataclass(frozen=True, slots=True)
class _Tnm:
    """T, N and M as written, each empty where it is not given."""

    t: str = ""
    n: str = ""
    m: str = ""


def weigh_cancer(scene: Scene, one: Mention) -> Finding:
    """Weigh a malignant word by its organ and whatever stage, grade or spread the text gives."""
    subject = _subject(scene, one)
    told = CUES["scheme"].sub("，", _told_of(scene, one, subject))
    if CUES["stage_zero"].search(told) or CUES["in_situ_typed"].search(told):
        in_situ = any(other.entry.kind == "in_situ" for other in scene.mentions)
        return CANCER_REVIEW if in_situ else NOT_LISTED
    finding = _BY_SUBJECT.get(subject, _any_cancer)(told)
    if finding == CANCER and _has("bare_cancer", one.word) and _unexplained_before(scene, one):
        return CANCER_REVIEW
    if one.word.isascii() and len(one.word) <= _LATIN and not subject:
        return CANCER_REVIEW
    inherited = subject in _STAGED and not _own_subject(scene, one)
    unsure = not subject and _hints_at_mild(told)
    if (inherited and finding.status is IllnessStatus.MILD) or (unsure and finding == CANCER):
        return CANCER_STAGE
    return finding


def _unexplained_before(scene: Scene, one: Mention) -> bool:
    """Return True if a character that no word explains touches a bare 「癌」: of another organ it may weigh less."""
    before = scene.text[: one.start]
    touched = before and one.start not in scene.folded.gaps and before[-1] >= "\u4e00"
    explained = any(other.start < one.start <= other.end for other in scene.mentions)
    return bool(touched) and not explained and not _has("leads_in", before)


def _subject(scene: Scene, one: Mention) -> str:
    own = _own_subject(scene, one)
    if own:
        return own
    groups = [other.entry.group for other in scene.mentions if other.entry.group in _STAGED]
    return groups[0] if groups else ""


def _own_subject(scene: Scene, one: Mention) -> str:
    group = one.entry.group
    if group and group not in {"papillary", "lung", "breast"}:
        return group
    kind_before = _joined_kind(scene, one)
    if kind_before:
        return kind_before
    organ = organ_before(scene, one)
    if organ:
        return organ if organ in _STAGED else _ELSEWHERE
    return "thyroid" if group == "papillary" else ""


def _joined_kind(scene: Scene, one: Mention) -> str:
    """Return the kind of cancer that a general word is the end of: 「慢淋」 in 「慢淋白血病」."""
    groups = [m.entry.group for m in scene.mentions if m.end == one.start and m.entry.kind == "cancer"]
    return groups[0] if groups else ""


def organ_before(scene: Scene, one: Mention) -> str:
    """Return the group of the organ that stands just before a mention in its clause, or ''."""
    start, _ = scene.clause(one)
    for other in reversed(scene.mentions):
        if other.end > one.start:
            continue
        if other.start < start or one.start - other.end > _NEAR or other.entry.kind == "cancer":
            break
        if other.entry.group and other.entry.kind in {"organ", "nodule", "mass"}:
            return other.entry.group
    return ""


def organ_of(scene: Scene, one: Mention) -> str:
    """Return the group of the organ a mention is about: its own, the one before, or any in its clause."""
    if one.entry.group or (before := organ_before(scene, one)) == "":
        start, end = scene.clause(one)
        inside = [m.entry.group for m in scene.mentions if m.entry.kind == "organ" and start <= m.start < end]
        return one.entry.group or (inside[0] if inside else "")
    return before


def _told_of(scene: Scene, one: Mention, subject: str) -> str:
    """Return the part of the text whose stages may be this cancer's: all of it, unless there is another."""
    start, end = 0, len(scene.text)
    for other in scene.mentions:
        if other.entry.kind == "cancer" and _own_subject(scene, other) not in {"", subject}:
            if other.end <= one.start:
                start = other.end
            elif other.start >= one.end:
                end = min(end, other.start)
    return scene.text[start:end]


def _tnm(told: str) -> _Tnm:
    found = CUES["tnm"].search(told)
    if found:
        return _Tnm(found["t"], found["n"], found["m"] or "")
    found = CUES["tumour"].search(told)
    return _Tnm(found["t"]) if found else _Tnm()


def _has(cue: str, told: str) -> bool:
    return CUES[cue].search(told) is not None


def _spread(told: str, cue: str = "spread") -> bool:
    return _has(cue, CUES["no_spread"].sub("", told))


def _hints_at_mild(told: str) -> bool:
    return any(_has(cue, told) for cue in ("stage_one", "early", "binet_a", "grade_one", "no_spread"))


def _unstaged(told: str) -> Finding:
    if _hints_at_mild(told):
        return CANCER_STAGE
    return Finding(IllnessStatus.LISTED, ("cancer",), stage=True)


def _thyroid(told: str) -> Finding:
    tnm = _tnm(told)
    if tnm.m == "1" or _spread(told, "distant"):
        return CANCER
    if tnm.t in {"3", "4"} or tnm.n in {"1", "2", "3"}:
        return CANCER_STAGE
    if tnm.t in {"1", "2"} or _has("stage_one", told):
        return CANCER_MILD
    return CANCER_STAGE if _spread(told, "nodal") else _unstaged(told)


def _prostate(told: str) -> Finding:
    tnm = _tnm(told)
    if tnm.t in {"2", "3", "4"} or tnm.n in {"1", "2", "3"} or tnm.m == "1":
        return CANCER
    if _spread(told, "distant") or _spread(told, "nodal") or _has("stage_later", told):
        return CANCER
    return CANCER_MILD if tnm.t == "1" else _unstaged(told)


def _skin(told: str) -> Finding:
    if _spread(told):
        return CANCER
    return CANCER_MILD if _has("no_spread", told) else CANCER_STAGE


def _basal(told: str) -> Finding:
    return CANCER if _spread(told) else CANCER_MILD


def _cll(told: str) -> Finding:
    if _has("binet_later", told):
        return CANCER
    return CANCER_MILD if _has("binet_a", told) else CANCER_STAGE


def _hodgkin(told: str) -> Finding:
    if _has("stage_later", told) or _spread(told):
        return CANCER
    return CANCER_MILD if _has("stage_one", told) else CANCER_STAGE


def _neuroendocrine(told: str) -> Finding:
    if _has("grade_later", told) or _spread(told):
        return CANCER
    return CANCER_MILD if _has("grade_one", told) else CANCER_STAGE


def _stromal(told: str) -> Finding:
    return CANCER if _spread(told, "high_risk") else CANCER_REVIEW


def _glioma(told: str) -> Finding:
    return CANCER if _has("high_grade", told) else review("cancer", "brain_tumour")


def _doubtful(_: str) -> Finding:
    return CANCER_REVIEW


def _any_cancer(told: str) -> Finding:
    return CANCER_REVIEW if _has("benign", told) and not _has("malignant_instead", told) else CANCER


_BY_SUBJECT: dict[str, Callable[[str], Finding]] = {
    "thyroid": _thyroid,
    "prostate": _prostate,
    "skin": _skin,
    "basal": _basal,
    "cll": _cll,
    "hodgkin": _hodgkin,
    "net": _neuroendocrine,
    "gist": _stromal,
    "glioma": _glioma,
    "doubtful": _doubtful,
}


def weigh_in_situ(scene: Scene, one: Mention) -> Finding:
    """In situ, intraepithelial, borderline: outside the list, unless more than that is suspected."""
    rest = scene.text.replace(one.word, "")
    more = _has("invasive", rest) or any(m.entry.kind == "cancer" for m in scene.mentions)
    return CANCER_REVIEW if more else NOT_LISTED


def weigh_mass(scene: Scene, one: Mention) -> Finding:
    """Weigh a growth of unknown nature: by what is said of its nature, then by where it is."""
    if _has("eaten", scene.text[: one.start]):
        return WEAK
    where = organ_of(scene, one)
    if not _has("not_benign", scene.text):
        if _has("benign", scene.text):
            return _harmless(where)
        if _has("malignant", scene.around(one)):
            return weigh_cancer(scene, one)
    return _unknown_growth(where, one.word, scene.text)


def _harmless(where: str) -> Finding:
    if where == "brain":
        return listed("brain_tumour")
    return CONTRACT if where in {"spine", "heart"} else NOT_LISTED


def _unknown_growth(where: str, word: str, around: str) -> Finding:
    if where == "brain":
        return review("cancer", "brain_tumour")
    if where in {"spine", "heart"}:
        return CONTRACT if "瘤" in word else UNCLEAR
    if where in {"skin", "surface"}:
        return CANCER_REVIEW if "瘤" in word else UNCLEAR
    if where or _has("worrying", around):
        return CANCER_REVIEW
    return UNCLEAR


def weigh_nodule(scene: Scene, one: Mention) -> Finding:
    """Weigh a nodule: thyroid and breast by their class, others inside the body for a human."""
    where = organ_of(scene, one)
    rest = scene.text[: one.start] + scene.text[one.end :]
    if _has("benign", rest) and not _has("not_benign", rest):
        return NOT_LISTED
    if _has("suspect_nodule", rest):
        return CANCER_REVIEW
    if where in {"thyroid", "breast"}:
        return NOT_LISTED
    return CANCER_REVIEW if where in {"lung", "deep", "prostate", "brain"} else UNCLEAR


def weigh_benign(scene: Scene, one: Mention) -> Finding:
    """Weigh a word for something harmless: inside the skull it may be on the list all the same."""
    rest = scene.text.replace(one.word, "")
    if _has("malignant", rest) and not _has("not_malignant", rest):
        return CANCER_REVIEW
    where = organ_before(scene, one)
    if where == "brain" and _has("solid", one.word):
        return listed("brain_tumour") if _has("sheath", one.word) else review("brain_tumour")
    return CONTRACT if where == "spine" and _has("solid", one.word) else NOT_LISTED


def weigh_rads(scene: Scene, one: Mention) -> Finding:
    """Weigh an imaging class: BI- and TI-RADS from 4, the others from 3 on are suspected."""
    after, before = scene.text[one.end : one.end + _NEAR], scene.text[: one.start]
    found = CUES["rads_grade"].search(after) or CUES["rads_grade"].search(before)
    if not found:
        return UNCLEAR
    grade = _GRADES.get(found["g"], 0)
    from_three = re.match("[plo]", one.word) is not None
    if grade >= (3 if from_three else 4):
        return CANCER_REVIEW
    return NOT_LISTED if grade else UNCLEAR


_GRADES = {char: grade for grade in range(7) for char in (str(grade), "零一二三四五六"[grade])} | {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
}


def weigh_marker(scene: Scene, one: Mention) -> Finding:
    """Weigh a tumour marker: raised it is suspected, otherwise it says nothing."""
    around = scene.around(one).replace(one.word, "")
    if _has("high", around) and not _has("normal", around):
        return CANCER_REVIEW
    return UNCLEAR
