"""Which hospitals the person wishes for: up to three of the network, in order, or whichever is recommended [OP-Tb]."""

import re
from collections.abc import Sequence
from typing import ClassVar

from flows.cases.answers import NAMES, RECOMMEND, UNKNOWN
from flows.intake.questions.network import BUTTON, code_of, network
from flows.intake.questions.places import Place, known_place, read_place
from flows.intake.questions.question import (
    NEEDS_BUTTON,
    Answer,
    Choice,
    Context,
    PartialAnswer,
    Prompt,
    Reading,
    in_rows,
)
from flows.intake.questions.visit_question import VisitQuestion
from flows.intake.questions.visit_words import holds, kept_words, plausible, says, sounds_like_hospital
from flows.intake.texts import NOTHING
from flows.messages import VERBATIM, MessageKey, Text, message
from flows.reading.hospital_names import Hospital, read_hospital
from flows.reading.refusal import Refusal
from flows.terms.facts import IN_NETWORK, OUTSIDE

ASK_HOSPITALS = message("visit.ask_hospitals", "city", "listed", "told")
ASK_ANY_HOSPITAL = message("visit.ask_any_hospital", "city", "told")
WHICH_HOSPITAL = message("visit.which_hospital", "listed")
LISTED = message("visit.listed", "number", "name")
CHOSEN = message("visit.chosen", "names")
NOT_IN_NETWORK = message("visit.not_in_network", "names")
NOT_KNOWN = message("visit.not_known", "names")
FOLLOWED = message("visit.followed", "first", "rest")
RANKED = message("visit.ranked", "rank", "name")
DONE = message("visit.done")
RECOMMENDED = message("visit.recommended")
NONE_OF_THEM = message("visit.none_of_them")
MORE_HOSPITALS = message("visit.more_hospitals")

REFUSALS: dict[str, MessageKey] = {
    code: message(f"refusal.{code}")
    for code in ("hospital_not_found", "hospital_negated", "hospitals_three", "hospitals_none")
}

FINISHED, NONE = "done", "none"
RANKS = "①②③"
PAGE = 6
MOST_OFFERED = 4
NAME = 25  # characters of a hospital's name, with its city
SPELT = 10  # characters of a chosen hospital's name

_NUMBERS = re.compile(r"[\s、,，;；.．和]+")
_FIGURES = re.compile(r"\d{1,2}")
_JOINTS = (re.compile(r"[、,，;；/／\n]+|\s+"), re.compile(r"和|或者?|还有|以及|跟|[、,，;；/／\n]+|\s+"))


class Hospitals(VisitQuestion):
    """Up to three hospitals in order of preference, or `recommend`.

    `hospitals_network` is that of the wish as a whole: in_network where one of them is. `hospitals_chosen`,
    `hospitals_offered` and `hospitals_page` are what is chosen so far, what was typed may mean, and what is shown.
    """

    state: ClassVar[str] = "hospitals"
    also: ClassVar[tuple[str, ...]] = (
        "hospitals_network",
        "hospitals_chosen",
        "hospitals_offered",
        "hospitals_page",
    )
    rests_on: ClassVar[tuple[str, ...]] = ("city",)
    cites: ClassVar[tuple[str, ...]] = ("OP-Tb",)
    label: ClassVar[MessageKey | None] = message("visit.label_hospitals")

    def shown(self, context: Context) -> Text | None:
        """Return the names in their order."""
        value = context.session.answers.get(self.state, "")
        return RECOMMENDED() if value == RECOMMEND else VERBATIM(text=value)

    def ask(self, context: Context) -> Prompt:
        """Show a page of the city's hospitals, or those that what was typed may mean."""
        if offered := NAMES.decode(context.session.answers.get("hospitals_offered", "")):
            return _ask_offered(offered)
        return _ask_list(context)

    def read(self, text: str, context: Context) -> Reading:
        """Read names, numbers of the list, or that anything will do."""
        if says("recommend", text):
            return _recommended()
        if says("done", text):
            return _finished(context)
        numbers = [part for part in _NUMBERS.split(text.strip()) if part]
        if numbers and all(_FIGURES.fullmatch(number) for number in numbers):
            return _by_number([int(number) for number in numbers], context)
        return _by_name(text, context)

    def tells(self, piece: str) -> bool:
        """It may be a hospital's name."""
        return holds("names_hospital", piece)

    def choose(self, value: str, context: Context) -> Reading:
        """Choose a hospital, take it back, or finish."""
        if value == RECOMMEND:
            return _recommended()
        if value == FINISHED:
            return _finished(context)
        if value == NONE:
            return PartialAnswer({"hospitals_offered": ""})
        offered, chosen = NAMES.decode(context.session.answers.get("hospitals_offered", "")), _chosen(context)
        known = {code_of(name): name for name in (*(h.name for h in _listed(context)), *offered, *chosen)}
        if value not in known:
            return NEEDS_BUTTON
        return _tapped(known[value], context, settles=bool(offered) and not chosen)


def _listed(context: Context) -> tuple[Hospital, ...]:
    return network(context.reference.hospitals).of(context.session.answers.get("city", ""))


def _chosen(context: Context) -> tuple[str, ...]:
    return NAMES.decode(context.session.answers.get("hospitals_chosen", ""))


# ---- how it asks ----


def _ask_list(context: Context) -> Prompt:
    listed, chosen = _listed(context), _chosen(context)
    city, told = VERBATIM(text=context.session.answers.get("city", "")), _told(context)
    last = [Choice(RECOMMENDED(), value=RECOMMEND)]
    if chosen:
        last.insert(0, Choice(DONE(), value=FINISHED))
    if not listed:
        return Prompt(ASK_ANY_HOSPITAL(city=city, told=told), (tuple(last),))
    pages = -(-len(listed) // PAGE)
    page = _page(context, pages)
    first = (page - 1) * PAGE
    shown = {number: h.name for number, h in enumerate(listed[first : first + PAGE], start=first + 1)}
    long = {number: name for number, name in shown.items() if not _label(name, context)}
    rows = in_rows([_button(number, name, context) for number, name in shown.items()], 2)
    if pages > 1:  # the first page turned to has a number of its own: page 1 is the one that was shown last
        rows = (*rows, (Choice(MORE_HOSPITALS(), page=page + 1),))
    return Prompt(ASK_HOSPITALS(city=city, listed=_lines(long), told=told), (*rows, tuple(last)))


def _ask_offered(offered: tuple[str, ...]) -> Prompt:
    """Offer hospitals of any city: a short name says too little there, so a long one is spelt out with a number."""
    long = {number: name for number, name in enumerate(offered, start=1) if len(name) > BUTTON}
    buttons = [
        Choice(VERBATIM(text=str(number) if number in long else name), value=code_of(name))
        for number, name in enumerate(offered, start=1)
    ]
    return Prompt(WHICH_HOSPITAL(listed=_lines(long)), (*in_rows(buttons, 2), (Choice(NONE_OF_THEM(), value=NONE),)))


def _page(context: Context, pages: int) -> int:
    kept = context.session.answers.get("hospitals_page", "")
    page = int(kept) if context.page <= 1 and kept.isdecimal() else context.page
    return (max(page, 1) - 1) % pages + 1


def _label(name: str, context: Context) -> str:
    """Return the name for a button; empty where none is short enough."""
    short = network(context.reference.hospitals).short(name)
    return short if len(short) <= BUTTON else ""


def _button(number: int, name: str, context: Context) -> Choice:
    label, chosen = _label(name, context) or str(number), _chosen(context)
    rank = RANKS[chosen.index(name)] if name in chosen else ""
    return Choice(RANKED(rank=rank, name=label) if rank else VERBATIM(text=label), value=code_of(name))


def _lines(long: dict[int, str]) -> Text:
    """Spell out the hospitals that a button has no room for, each with the number that its button shows."""
    return _joined([LISTED(number=number, name=name) for number, name in long.items()])


def _told(context: Context) -> Text:
    """Say what is chosen so far, and of what lies outside the network that it cannot be promised."""
    chosen = _chosen(context)
    names = [f"{rank}{_spelt(name, context)}" for rank, name in zip(RANKS, chosen, strict=False)]
    standing = {rank: known_place(name, context).network for rank, name in zip(RANKS, chosen, strict=False)}
    outside = "".join(rank for rank, within in standing.items() if within is False)
    unknown = "".join(rank for rank, within in standing.items() if within is None)
    told = [CHOSEN(names=" ".join(names))] if chosen else []
    told += [NOT_IN_NETWORK(names=outside)] if outside else []
    told += [NOT_KNOWN(names=unknown)] if unknown else []
    return _joined(told)


def _spelt(name: str, context: Context) -> str:
    short = _label(name, context) or name
    return short if len(short) <= SPELT else f"{short[:SPELT]}…"


def _joined(texts: list[Text]) -> Text:
    """Put texts one behind the other."""
    whole = NOTHING()
    for text in reversed(texts):
        whole = FOLLOWED(first=text, rest=whole)
    return whole


# ---- what comes of an answer ----


def _recommended() -> Answer:
    return Answer(RECOMMEND, _kept((), IN_NETWORK))


def _finished(context: Context) -> Reading:
    chosen = _chosen(context)
    return _answer(chosen, context) if chosen else Refusal("hospitals_none")


def _answer(names: tuple[str, ...], context: Context) -> Answer:
    return Answer(NAMES.encode(names), _kept(names, _standing(names, context)))


def _kept(names: tuple[str, ...], standing: str) -> dict[str, str]:
    return {
        "hospitals_network": standing,
        "hospitals_chosen": NAMES.encode(names),
        "hospitals_offered": "",
        "hospitals_page": "",
    }


def _standing(names: tuple[str, ...], context: Context) -> str:
    """Say how the wish as a whole stands to the network: one hospital within it is enough to go on."""
    standings = {known_place(name, context).network for name in names}
    return IN_NETWORK if True in standings else OUTSIDE if False in standings else UNKNOWN


def _tapped(name: str, context: Context, *, settles: bool) -> Reading:
    """Choose a hospital or take it back. `settles`: it says which one was meant by what was typed."""
    chosen = _chosen(context)
    if settles and known_place(name, context).network:
        return _answer((name,), context)
    if name in chosen:
        return _gathered(tuple(other for other in chosen if other != name), name, context)
    return _gathered((*chosen, name), name, context) if len(chosen) < len(RANKS) else Refusal("hospitals_three")


def _gathered(chosen: tuple[str, ...], last: str, context: Context) -> PartialAnswer:
    """Keep the choice, and show the page on which the last tap was."""
    place = next((at for at, hospital in enumerate(_listed(context)) if hospital.name == last), 0)
    kept = {"hospitals_chosen": NAMES.encode(chosen), "hospitals_offered": "", "hospitals_page": str(place // PAGE + 1)}
    return PartialAnswer(kept)


def _by_number(numbers: list[int], context: Context) -> Reading:
    """Take numbers of the list, or of those that were offered."""
    offered = NAMES.decode(context.session.answers.get("hospitals_offered", ""))
    names = offered or tuple(hospital.name for hospital in _listed(context))
    if any(not 0 < number <= len(names) for number in numbers):
        return Refusal("hospital_not_found")
    return _together([Place(names[number - 1]) for number in dict.fromkeys(numbers)], context)


def _by_name(text: str, context: Context) -> Reading:
    places = _named(text, context)
    words = [place.name for place in places if isinstance(place, Place) and place.hospital is None]
    if _negated([text, *words], context):
        return Refusal("hospital_negated")
    again = context.session.failed_answers > 0 and context.session.missed == "hospital_not_found"
    if not kept_words(text) or any(
        not ((again and plausible(word, NAME)) or sounds_like_hospital(word)) for word in words
    ):
        return Refusal("hospital_not_found")
    return _together(places, context)


def _negated(texts: list[str], context: Context) -> bool:
    return any(read_hospital(text, context.reference.hospitals).negated for text in texts)


def _together(places: Sequence[Place | tuple[str, ...]], context: Context) -> Reading:
    """Put what was named behind what is chosen already; a new answer begins anew."""
    before = () if Hospitals.state in context.session.answers else _chosen(context)
    sure = (place.name.replace(NAMES.between, " ") for place in places if isinstance(place, Place))
    chosen = tuple(dict.fromkeys((*before, *sure)))
    doubtful = [names for names in places if isinstance(names, tuple)]
    if len(chosen) + len(doubtful) > len(RANKS):
        return Refusal("hospitals_three")
    if doubtful:
        return PartialAnswer(
            {"hospitals_chosen": NAMES.encode(chosen), "hospitals_offered": _offer(doubtful[0], context)}
        )
    if all(known_place(name, context).network for name in chosen):
        return _answer(chosen, context)
    return _gathered(chosen, chosen[-1], context)


def _offer(names: tuple[str, ...], context: Context) -> str:
    """Return the likeliest few: those of the city first, then those of the network."""
    here = {hospital.name for hospital in _listed(context)}
    likely = sorted(names, key=lambda name: (name not in here, not known_place(name, context).network))
    return NAMES.encode(tuple(likely[:MOST_OFFERED]))


def _named(text: str, context: Context) -> list[Place | tuple[str, ...]]:
    """Read one hospital, or several with joints between them: 协和、301; the plainest reading first."""
    city = context.session.answers.get("city")
    whole = read_place(text, context, city=city)
    if isinstance(whole, Place) and whole.hospital is not None:
        return [whole]
    for joints in _JOINTS:
        parts = [part for part in joints.split(text) if part.strip()]
        read = [read_place(part, context, city=city) for part in parts[:MOST_OFFERED]]
        known = [isinstance(place, tuple) or place.hospital is not None for place in read]
        if len(parts) > 1 and all(known):
            return read
    return [whole]
