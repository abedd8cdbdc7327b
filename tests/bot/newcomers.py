"""Somebody new in a running town, with a policy of their own, and what became of their request."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.player import Player
from flows.cases.case import Case
from flows.ids import ChatId
from flows.ports.unit_of_work import Changes
from flows.session import Session
from main import open_database
from tests.bot.applicant import Applicant
from tests.bot.process import MONDAY, PICTURE, Patient, Town, patient
from tests.bot.wording import part

Answers = Mapping[str, str | tuple[str, ...]]


class Newcomer:
    """A person of the town; `given` is what they type to say who they are."""

    def __init__(self, town: Town, player: Player, given: Patient) -> None:
        self.town = town
        self.player = player
        self.given = given
        self.chat = player.person_id

    async def play(self, *states: str, **others: str | tuple[str, ...]) -> Applicant:
        """Return right answers but for some, until one of these states, or until it is decided."""
        applicant = Applicant(self.player, self.given, PICTURE, **others)
        await applicant.come_to(*(states or ("submitted", "refused")))
        return applicant

    async def case(self) -> Case:
        """Return the one case there is."""
        (case,) = await self.town.cases(self.chat)
        return case

    async def session(self) -> Session:
        """Return what is stored of the chat."""
        return await self.town.session(self.chat)

    async def change_session(self, session: Session) -> None:
        """Store another session, as an earlier release may have left it."""
        database = open_database(self.town.settings)
        try:
            async with database.begin() as work:
                await work.sessions([ChatId(self.chat)])
                await work.save(Changes(sessions=[session]), MONDAY)
                await work.commit()
        finally:
            await database.close()

    def reserved(self) -> list[str]:
        """Name the services of which a use is reserved for this chat's cases."""
        sql = "SELECT u.service FROM uses u JOIN cases ON cases.id = u.case_id WHERE chat_id = ? ORDER BY u.service"
        return [row["service"] for row in self.town.rows(sql, self.chat)]

    def refusals(self) -> list[str]:
        """Name what was found when this chat was refused, as clause:code."""
        mine = [entry for entry in self.town.audit("refused") if entry["chat_id"] == self.chat]
        return [code for entry in mine for code in entry["codes"]["findings"].split(",")]


async def newcomer(town: Town, place: int, **policy: Any) -> Newcomer:  # noqa: ANN401 - as msgspec's replace
    """Let somebody come, whose policy is in force with a use of each service but for what differs."""
    given = patient(place)
    await town.insure(given, **policy)
    return Newcomer(town, await town.player(place, given.name), given)


def found(case: Case) -> set[str]:
    """Name the clause and code of everything that a case's decision found."""
    assert case.decision is not None
    return {f"{finding['clause']}:{finding['code']}" for finding in case.decision["findings"]}


def told(person: Newcomer, key: str) -> int:
    """Count how often a person was told the sentence of this key."""
    return sum(part(key) in text for text in person.town.texts(person.chat))
