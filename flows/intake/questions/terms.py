"""The clauses to be acknowledged before a request is submitted, word for word, a few to a screen.

Above the clauses of one subject stands what they mean, in plain words. Each acknowledgement is kept clause by clause,
with the version and the hash of what was read; when the words change, they are shown anew.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from msgspec import Struct

from flows.cases.case import Consent
from flows.intake.questions.question import Choice, Context, Prompt, Question
from flows.messages import VERBATIM, Lines, MessageKey, Text, message
from flows.terms import catalogue
from flows.terms.catalogue import Terms

SCREEN = message("terms.screen", "groups")
SCREEN_OF = message("terms.screen_of", "number", "screens", "groups")
GROUP = message("terms.group", "meaning", "clauses")
ACCEPT = message("terms.accept")
DECLINE = message("terms.decline")
SUBJECTS = dict.fromkeys(subject for version in catalogue.versions() for subject in catalogue.load(version).subjects)
MEANINGS: dict[str, MessageKey] = {subject: message(f"terms.means_{subject}") for subject in SUBJECTS}

ROOM = 400  # characters of a screen
HEADING = 40  # of these, what stands above the groups: the step, and what to do
MEANING = 24  # at most, with its break: what a group of clauses means


class Group(Struct, frozen=True):
    """Clauses about one subject."""

    subject: str
    clauses: tuple[str, ...]


class Screen(Struct, frozen=True):
    """What is shown and acknowledged at once; the `number`-th of `screens`."""

    number: int
    screens: int
    groups: tuple[Group, ...]

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause on it, in order."""
        return tuple(clause for group in self.groups for clause in group.clauses)


def screens(clauses: Iterable[str], terms: Terms) -> tuple[Screen, ...]:
    """Put the clauses on as few screens as keep to 400 characters; a subject stays together where it can."""
    packed: list[list[Group]] = []
    room = 0
    for group in _groups(frozenset(clauses), terms):
        need = _length(group, terms)
        if need > room:
            packed.append([])
            room = ROOM - HEADING
        packed[-1].append(group)
        room -= need
    return tuple(Screen(number, len(packed), tuple(groups)) for number, groups in enumerate(packed, start=1))


def unacknowledged(context: Context) -> Screen | None:
    """Return the first screen with a clause that was not acknowledged in its present wording; None where all were."""
    terms = context.reference.terms
    known = {(consent.key, consent.version, consent.digest) for consent in context.session.acknowledged}
    for screen in _screens(context):
        if any((clause, terms.version, digest(terms.clauses[clause].text)) not in known for clause in screen.clauses):
            return screen
    return None


def acknowledge(screen: Screen, terms: Terms, now: datetime) -> tuple[Consent, ...]:
    """Return what is kept when a screen was taken note of: each clause with version, hash and time."""
    version, clauses = terms.version, terms.clauses
    return tuple(Consent(clause, version, digest(clauses[clause].text), now) for clause in screen.clauses)


def digest(text: str) -> str:
    """Return the hash of a clause's words."""
    return sha256(text.encode()).hexdigest()


class TermsQuestion(Question):
    """One screen at a time; all of them, or no request."""

    state: ClassVar[str] = "terms"
    keeps: ClassVar[bool] = False
    rests_on: ClassVar[tuple[str, ...]] = ("service", "branch")

    def answered(self, context: Context) -> bool:
        """Every clause of the service, and of its branch, was acknowledged."""
        return "service" in context.session.answers and unacknowledged(context) is None

    def shown(self, _context: Context) -> Text | None:
        """Return nothing: what was taken note of is no answer to be changed."""
        return None

    def ask(self, context: Context) -> Prompt:
        """Show the first screen that is open, else the last one again."""
        screen = unacknowledged(context) or _screens(context)[-1]
        rows = ((Choice(ACCEPT(), fires="accept"),), (Choice(DECLINE(), fires="decline_terms"),))
        return Prompt(shown(screen, context.reference.terms), rows, cites=screen.clauses)


def shown(screen: Screen, terms: Terms) -> Text:
    """Return the words of a screen."""
    groups = Lines(tuple(_said(group, terms) for group in screen.groups))
    if screen.screens == 1:
        return SCREEN(groups=groups)
    return SCREEN_OF(number=screen.number, screens=screen.screens, groups=groups)


def _screens(context: Context) -> tuple[Screen, ...]:
    terms, answers = context.reference.terms, context.session.answers
    service, branch = answers["service"], answers.get("branch", "")
    settled = branch if branch in terms.services[service].branches else ""
    return screens(terms.consents_of(service, settled), terms)


def _groups(clauses: frozenset[str], terms: Terms) -> Iterator[Group]:
    """The clauses by subject, in the order of the terms."""
    for subject, about in terms.subjects.items():
        if own := tuple(clause for clause in about if clause in clauses):
            yield Group(subject, own)


def _said(group: Group, terms: Terms) -> Text:
    clauses = tuple(VERBATIM(text=_line(clause, terms)) for clause in group.clauses)
    return GROUP(meaning=MEANINGS[group.subject](), clauses=Lines(clauses))


def _line(clause: str, terms: Terms) -> str:
    return f"[{clause}] {terms.clauses[clause].text}"


def _length(group: Group, terms: Terms) -> int:
    """How many characters a group needs at most."""
    return MEANING + sum(len(_line(clause, terms)) + 1 for clause in group.clauses)
