"""Words around a date that make it inexact: 大概, 左右, 之前, 不行; such a date is asked back."""

import re

from flows.reading.dates.model import DateContext, DateDoubt, DateReading
from flows.reading.dates.vocabulary import WORDS, has

CLAUSE = re.compile(r"[,.;?!、() ]")
WITHIN = re.compile("^(?:[之以]?内|期间|里|中)(?!科)")
SINCE = re.compile("[从自]$")
ANYWHERE = has("approximate_anywhere")
ABOUT_BEFORE = has("approximate_before")
ABOUT_AFTER = has("approximate_after", before="^[的,]?")
NOT_BEFORE = has("negated_before")
NOT_AFTER = has("negated_after")
OPEN_BEFORE = has("open_before")
OPEN_AFTER = has("open_after", before="^")
ABOUT_PAST_BEFORE = re.compile(WORDS["approximate_past"]["before"])
ABOUT_PAST_AFTER = re.compile("^" + WORDS["approximate_past"]["after"])


def doubt_about(
    reading: DateReading, before: str, after: str, *, joined: bool, context: DateContext
) -> DateDoubt | None:
    """Return why the words beside a date leave it open, None when they do not.

    `joined` is a stretch with both ends typed, before which 从 is in order; 内 is behind any stretch.
    """
    before = SINCE.sub("", before) if joined else before
    after = WITHIN.sub("", after) if reading.kind == "range" else after
    clause_before, clause_after = CLAUSE.split(before)[-1], CLAUSE.split(after)[0]
    if NOT_BEFORE.search(clause_before) or NOT_AFTER.search(clause_after):
        return DateDoubt("negated")
    if OPEN_BEFORE.search(clause_before) or OPEN_AFTER.match(after):
        return DateDoubt("open_ended")
    if _approximate(before, after, clause_before, past=context is not DateContext.FUTURE):
        return DateDoubt("approximate", (reading,))
    return None


def _approximate(before: str, after: str, clause_before: str, *, past: bool) -> bool:
    """Whether the person is not sure, or says about when."""
    return bool(
        ANYWHERE.search(before)
        or ANYWHERE.search(after)
        or ABOUT_BEFORE.search(clause_before)
        or ABOUT_AFTER.match(after)
        or (past and (ABOUT_PAST_BEFORE.search(before) or ABOUT_PAST_AFTER.match(after)))
    )
