"""How each kind of word is weighed; what cancers.py does not."""

from collections.abc import Callable

from flows.reading.illnesses.cancers import (
    organ_before,
    weigh_benign,
    weigh_cancer,
    weigh_in_situ,
    weigh_marker,
    weigh_mass,
    weigh_nodule,
    weigh_rads,
)
from flows.reading.illnesses.context import CUES, Scene
from flows.reading.illnesses.finding import (
    CONTRACT,
    NOT_LISTED,
    UNCLEAR,
    WEAK,
    Finding,
    IllnessStatus,
    listed,
    mild,
    review,
)
from flows.reading.illnesses.lexicon import Mention

_BURNT_SHARE = 20
"""严重Ⅲ度烧伤 begins at so many percent of the body's surface."""
_STAGE_WITHIN = 8


def weigh(scene: Scene, one: Mention) -> Finding | None:
    """Return what one mention amounts to, or None for a word that only says where, or nothing."""
    weigher = WEIGHERS.get(one.entry.kind)
    return weigher(scene, one) if weigher else None


def _stands(scene: Scene, one: Mention) -> Finding:
    status = IllnessStatus(one.entry.status)
    if status is IllnessStatus.LISTED and _has("early_degree", _rest(scene, one)):
        status = IllnessStatus.REVIEW
    return Finding(status, one.entry.codes, one.entry.item)


def _has(cue: str, text: str) -> bool:
    return CUES[cue].search(text) is not None


def _rest(scene: Scene, one: Mention) -> str:
    """Return the clause without the mention itself, so that its own letters are no cue."""
    start, end = scene.clause(one)
    return scene.text[start : one.start] + "，" + scene.text[one.end : end]


def _stroke(scene: Scene, one: Mention) -> Finding:
    rest = scene.text[: one.start] + scene.text[one.end :]
    effects = _has("after_effects", rest) or "后遗" in one.word
    if _has("recovered", rest):
        return review("stroke")
    if one.entry.group == "lacunar":
        return mild("stroke_mild") if effects and _has("lesser", rest) else review("stroke")
    if _has("lesser", rest) and not _has("grave", rest):
        return mild("stroke_mild")
    return listed("stroke")


def _ami(scene: Scene, one: Mention) -> Finding:
    return mild("ami_mild") if _has("lesser", _rest(scene, one)) else listed("ami")


def _ckd(scene: Scene, one: Mention) -> Finding:
    after = scene.text[one.end : one.end + _STAGE_WITHIN]
    if _has("stage_five", after):
        return listed("ckd")
    bare = one.word.startswith("肾") and "不全" not in one.word
    return UNCLEAR if bare and not _has("stage_low", after) else review("ckd")


def _level(scene: Scene, one: Mention) -> Finding:
    rest = _rest(scene, one)
    raised = _has("high", rest) or _has("level", rest) or _has("low", rest)
    return review("ckd") if raised and not _has("normal", rest) else UNCLEAR


def _copd(scene: Scene, one: Mention) -> Finding:
    rest = scene.text[: one.start] + "，" + scene.text[one.end :]
    failing = _has("failure", one.word)
    late = _has("chronic_failure", rest) if failing else _has("late_copd", rest)
    return listed("resp") if late and not _has("acute", one.word) else review("resp")


def _burn(scene: Scene, _: Mention) -> Finding:
    share = CUES["percent"].search(scene.text)
    small = share is not None and int(share["n"]) < _BURNT_SHARE
    return review("burn") if small else listed("burn")


def _amputation(scene: Scene, one: Mention) -> Finding:
    rest = _rest(scene, one)
    if _has("digits", rest):
        return NOT_LISTED
    if _has("both", rest):
        return listed("limbs")
    return CONTRACT if _has("single", rest) else review("limbs")


def _inflammation(scene: Scene, one: Mention) -> Finding:
    return review("encephalitis") if organ_before(scene, one) == "brain" else NOT_LISTED


def _pain(scene: Scene, one: Mention) -> Finding:
    return NOT_LISTED if _has("limb_before", scene.text[: one.start]) else WEAK


def _vague(_: Scene, __: Mention) -> Finding:
    return UNCLEAR


def _situation(_: Scene, __: Mention) -> Finding:
    return WEAK


WEIGHERS: dict[str, Callable[[Scene, Mention], Finding]] = {
    "stands": _stands,
    "coma": _stands,
    "stroke": _stroke,
    "ami": _ami,
    "ckd": _ckd,
    "level": _level,
    "copd": _copd,
    "burn": _burn,
    "amputation": _amputation,
    "inflammation": _inflammation,
    "pain": _pain,
    "vague": _vague,
    "situation": _situation,
    "cancer": weigh_cancer,
    "in_situ": weigh_in_situ,
    "mass": weigh_mass,
    "nodule": weigh_nodule,
    "benign": weigh_benign,
    "rads": weigh_rads,
    "marker": weigh_marker,
}
