"""A request that is interrupted: by a restart of the bot, by an outage, by days of silence."""

from collections.abc import Iterator

import pytest

from tests.bot.newcomers import newcomer
from tests.bot.process import PATIENCE, Town, Watch, running
from tests.bot.wording import part


@pytest.mark.parametrize("state", ["name", "record", "visit_date", "review"])
async def test_a_request_goes_on_where_it_was_after_a_restart(town: Town, places: Iterator[int], state: str) -> None:
    person, watch = await newcomer(town, next(places)), Watch()
    async with running(town.settings, clock=watch):
        applicant = await person.play(state)
    async with running(town.settings, clock=watch):
        await applicant.come_to("submitted")
    assert len(town.audit("consent_given")) == 3
    assert (await person.case()).answers["name"] == person.given.name


async def test_after_an_outage_the_question_comes_again_and_takes_its_answer(town: Town, places: Iterator[int]) -> None:
    person = await newcomer(town, next(places))
    watch = Watch()
    async with running(town.settings, clock=watch) as process:
        applicant = await person.play("condition")
        await process.show_again(watch())
        await person.player.wait_for(part("was_away"))
        await applicant.next_question()
        await applicant.come_to("record")


async def test_a_draft_left_alone_is_reminded_of_warned_about_and_deleted(town: Town, places: Iterator[int]) -> None:
    person, watch = await newcomer(town, next(places)), Watch()
    async with running(town.settings, clock=watch) as process:
        await person.play("condition")
        for days, key in ((1, "pause.nudge"), (26, "pause.last_call"), (3, "pause.expired")):
            watch.turn_on(days=days, minutes=1)
            await process.upkeep.notice_silence()
            await person.player.wait_for(part(key), PATIENCE)
    session = await person.session()
    assert (session.state, session.answers) == ("cancelled", {})


async def test_who_comes_back_the_next_day_is_told_what_is_filled_in_and_goes_on(
    town: Town, places: Iterator[int]
) -> None:
    person, watch = await newcomer(town, next(places)), Watch()
    async with running(town.settings, clock=watch):
        applicant = await person.play("condition")
        watch.turn_on(hours=20)
        await applicant.say("您好")
        assert any(part("pause.welcome_back") in text for text in town.texts(person.chat))
        await applicant.come_to("record")
