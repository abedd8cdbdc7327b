"""Whatever is typed, the same question comes again, nothing given is lost, and no word comes back as markup."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from flows.intake.machine import ASKING
from tests.bot.applicant import Applicant
from tests.bot.newcomers import Newcomer, newcomer, told
from tests.bot.process import Town
from tests.bot.wording import part

pytestmark = pytest.mark.asyncio(loop_scope="module")

NONSENSE = {
    "longest": "啊" * 4096,
    "emoji": "😀👨‍👩‍👧‍👦🇨🇳",
    "controls": "\x07\x1b[31m\x7f\u200b?",
    "right_to_left": "\u202e\u2066?\u202e",
    "html": "<script>alert()</script><b>&amp;",
    "markdown": "*_[x](http://example.org)`~>#+",
    "sql": "'; DELETE FROM cases WHERE name LIKE '%'; --",
}
WORDY = ("name", "id_number", "phone", "policy_number", "illness", "record_date", "visit_date")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waiting(running_town: Town, places: Iterator[int]) -> AsyncIterator[dict[str, Applicant]]:
    """Somebody at each of these questions, to be said everything to."""
    people = [await newcomer(running_town, next(places)) for _ in WORDY]
    yield {state: await person.play(state) for state, person in zip(WORDY, people, strict=True)}


@pytest.mark.parametrize("state", WORDY)
@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
async def test_what_is_no_answer_is_asked_again_with_nothing_lost_and_never_shown(
    running_town: Town, waiting: dict[str, Applicant], state: str, text: str
) -> None:
    applicant = waiting[state]
    chat = applicant.player.person_id
    before = (await running_town.session(chat)).answers
    since = len(running_town.texts(chat))
    await applicant.player.say(text)
    if state == "phone":
        await applicant.player.wait_for(part("ask.phone"))
    else:
        await applicant.next_question()
    assert applicant.state == state
    assert (await running_town.session(chat)).answers == before
    assert not any(text[:20] in shown for shown in running_town.texts(chat)[since:])


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
async def test_the_policyholders_words_reach_the_case_as_they_were_and_no_message_is_markup(
    somebody: Newcomer, text: str
) -> None:
    applicant = await somebody.play("record_hospital")
    await applicant.say(text)
    calls = somebody.town.stand_in.journal.calls(chat_id=somebody.chat, method="sendMessage")
    assert all("parse_mode" not in call.params and call.status == 200 for call in calls)
    assert applicant.state in ASKING


async def test_another_persons_policy_number_is_a_mismatch_that_does_not_say_which_part(
    somebody: Newcomer, places: Iterator[int]
) -> None:
    other = await newcomer(somebody.town, next(places))
    applicant = await somebody.play("unmatched", policy_number=other.given.policy)
    text = applicant.question["text"]
    assert part("ask.unmatched") in text
    assert not re.search("保单号(不|没)|姓名(不|没)|证件号码(不|没)", text)
    assert (await somebody.session()).policy is None
    applicant.others.clear()
    await applicant.press("@policy_number")
    await applicant.come_to("illness")


async def test_after_three_misses_a_human_is_offered(somebody: Newcomer) -> None:
    applicant = await somebody.play("id_number")
    for _ in range(3):
        await applicant.say("不记得了")
    assert told(somebody, "missed_often") == 1
    assert applicant.state == "id_number"


async def test_statements_of_sql_that_pass_for_a_name_are_kept_as_one_and_do_nothing(somebody: Newcomer) -> None:
    applicant = await somebody.play("name")
    await applicant.say("'; DROP TABLE sessions; --")
    assert applicant.state == "id_number"
    await applicant.press("!back")
    await applicant.come_to("submitted")
    assert (await somebody.case()).answers["name"] == somebody.given.name
