"""Somebody of the sandbox who makes a request: right answers to whatever is asked, and what was asked, in its order."""

from collections.abc import Sequence
from typing import Final

from bot.sandbox.player import Player
from bot.sandbox.screen import Json
from tests.bot.process import PATIENCE, PICTURE, Patient
from tests.bot.wording import part
from tests.right import Act, answers, right_act

MOST_ANSWERS: Final = 60
# What has no buttons is known by its words: a question that shows a key for the own number, and a request's end.
BY_WORDS: Final = {
    part("ask.phone"): "phone",
    part("decision.submitted"): "submitted",
    part("decision.appealed"): "submitted",
}

# What is sent to who asks for an outpatient visit step by step, in order, each by a part of its text.
ASKED: Final = tuple(
    part(key)
    for key in (
        "welcome", "consent.sensitive", "consent.provider", "consent.abroad",
        "ask.service", "ask.applicant", "ask.name", "ask.id_number", "ask.phone", "going_on", "ask.policy_number",
        "ask.illness", "ask.condition", "ask.record", "ask.record_more",
        "ask.record_hospital", "ask.record_kind", "ask.record_date",
        "visit.ask_city", "visit.ask_hospitals", "visit.ask_department", "visit.ask_kind", "visit_date.ask",
        "visit.ask_originals", "terms.screen", "ask.review", "decision.submitted", "decision.bring",
    )
)  # fmt: skip


def place(message: Json) -> tuple[str, tuple[str, ...]]:
    """Return the state that a message waits in, and its buttons' data; empty for one that asks nothing."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    data = tuple(str(button.get("callback_data", "")) for row in rows for button in row)
    if data and data[0].count(":") >= 3:
        return data[0].split(":")[1], data
    return next((state for words, state in BY_WORDS.items() if words in str(message.get("text", ""))), ""), data


class Applicant:
    """A player who gives right answers. `right` are those that are typed, by state; `state` is what is open.

    Of `others` several may be given to one question, one after the other. A question that comes again as its fate was
    unknown is not answered again.
    """

    def __init__(
        self, player: Player, given: Patient, picture: bytes = PICTURE, **others: str | tuple[str, ...]
    ) -> None:
        self.player = player
        self.right = answers(*given)
        self.others = {state: [each] if isinstance(each, str) else list(each) for state, each in others.items()}
        self.picture = picture
        self.state = "new"
        self.question: Json = {}
        self._seen: set[object] = set()

    async def come_to(self, *states: str) -> Json:
        """Return right answers until one of these is open; give the message that asks."""
        for _ in range(MOST_ANSWERS):
            if self.state in states:
                return self.question
            await self.answer()
        raise AssertionError(self.state)

    async def answer(self) -> Json:
        """Return the right answer to the open question; give the next."""
        offered = [data.rpartition(":")[2] for data in place(self.question)[1]]
        other = self.others.get(self.state, [])
        typed = {**self.right, self.state: other[0]} if other else self.right
        if len(other) > 1:
            del other[0]
        act = right_act(self.state, offered, typed)
        if act is None:
            raise AssertionError(self.state)
        await self._do(act)
        return await self.next_question(again=False)

    async def say(self, text: str) -> Json:
        """Type; give what is asked next."""
        await self.player.say(text)
        return await self.next_question()

    async def press(self, token: str) -> Json:
        """Tap the open question's button with this token; give what is asked next."""
        await self._press(token)
        return await self.next_question()

    async def next_question(self, *, again: bool = True) -> Json:
        """Wait for what is asked after the last act; one that has no buttons to tell it by may come `again`."""
        self.question = await self.player.wait_for(lambda message: self._is_new(message, again=again), PATIENCE)
        self.state, data = place(self.question)
        self._seen.add((self.state, data))
        return self.question

    def _is_new(self, message: Json, *, again: bool) -> bool:
        state, data = place(message)
        return bool(state) and ((again and not data) or (state, data) not in self._seen)

    async def _do(self, act: Act) -> None:
        if act.text:
            await self.player.say(act.text)
        elif act.token:
            await self._press(act.token)
        else:
            await self.player.send_photo(self.picture)

    async def _press(self, token: str) -> None:
        """Tap the newest such button: the question may have come again in the meantime, as after an outage."""
        for message in reversed(await self.player.messages()):
            found = [data for data in place(message)[1] if data.endswith(token)]
            if found:
                await self.player.tap_data(message["message_id"], found[0])
                return
        raise AssertionError(token, place(self.question))


async def consent(player: Player, given: Patient) -> Applicant:
    """/start, and every consent."""
    return await come_to(player, given, "service")


async def come_to(player: Player, given: Patient, *states: str, **others: str | tuple[str, ...]) -> Applicant:
    """Return right answers, some of them others, until one of these states; give who goes on from there."""
    applicant = Applicant(player, given, PICTURE, **others)
    await applicant.come_to(*states)
    return applicant


async def identify(player: Player, given: Patient) -> None:
    """Everything up to the policy's number."""
    await come_to(player, given, "policy_number")
    await player.say(given.policy)


async def fill_in(player: Player, given: Patient) -> None:
    """Everything up to the review card."""
    await come_to(player, given, "review")


async def apply(player: Player, given: Patient) -> Json:
    """Make a whole request; give what the bot says to it."""
    applicant = await come_to(player, given, "submitted")
    await player.wait_for(ASKED[-1], PATIENCE)
    return applicant.question


def first_times(texts: Sequence[str]) -> list[str]:
    """Return the texts in order, each repeat left out."""
    return list(dict.fromkeys(texts))
