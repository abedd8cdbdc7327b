"""What a person may do at any time and what may go wrong meanwhile, through the real python-telegram-bot."""

import asyncio
from io import BytesIO
from zipfile import ZipFile

import pytest
from msgspec.structs import replace

from bot.sandbox.screen import Json
from tests.bot.applicant import Applicant, place
from tests.bot.newcomers import Newcomer, told
from tests.bot.papers import drawn, encoded, locked_pdf, page, pages, pdf
from tests.bot.process import MONDAY, PATIENCE, PICTURE, Town, patient
from tests.bot.wording import part

pytestmark = pytest.mark.asyncio(loop_scope="module")

MB = 1024 * 1024
STORED = "SELECT 1 WHERE (SELECT count(*) FROM documents WHERE chat_id = ? AND state = 'stored') = ?"


# ---- back and forth ----


async def test_one_answer_is_changed_from_the_review_card_and_what_rests_on_it_is_asked_again(
    somebody: Newcomer,
) -> None:
    applicant = await somebody.play("review")
    assert "改7" in str(applicant.question["reply_markup"])
    await applicant.say("改7")
    assert applicant.state == "illness"
    applicant.right["illness"] = "急性心梗"
    context = [applicant.state]
    while applicant.state != "review":
        await applicant.answer()
        context.append(applicant.state)
    assert context == ["illness", "condition", "review"]
    assert (await somebody.session()).answers["illness"] == "ami"
    assert (await applicant.come_to("submitted"))["text"]


async def test_a_change_from_the_review_card_is_given_up_by_the_way_back(somebody: Newcomer) -> None:
    applicant = await somebody.play("review")
    before = (await somebody.session()).answers
    await applicant.press("@name")
    await applicant.press("!back")
    assert applicant.state == "review"
    assert (await somebody.session()).answers == before


async def test_the_way_back_leads_from_the_review_to_the_first_question_and_nothing_is_lost(somebody: Newcomer) -> None:
    applicant = await somebody.play("review")
    before, passed = (await somebody.session()).answers, []
    while applicant.state != "service":
        await (applicant.say("上一步") if applicant.state == "phone" else applicant.press("!back"))
        passed.append(applicant.state)
    assert {"illness", "phone", "name"} <= {*passed}
    assert (await somebody.session()).answers == before


# ---- releases ----


async def test_a_release_that_brings_a_question_asks_it_of_a_finished_draft(somebody: Newcomer) -> None:
    applicant = await somebody.play("review")
    session = await somebody.session()
    old = {name: value for name, value in session.answers.items() if name != "originals"}
    await somebody.change_session(replace(session, answers=old))
    await applicant.press("!submit")
    assert applicant.state == "originals"
    await applicant.answer()
    assert applicant.state == "review"


async def test_a_state_that_this_release_does_not_know_is_derived_from_the_answers(somebody: Newcomer) -> None:
    applicant = await somebody.play("visit_kind")
    await somebody.change_session(replace(await somebody.session(), state="of_another_release"))
    await applicant.say("您好")
    assert applicant.state == "visit_kind"


# ---- files ----


def zipped() -> bytes:
    """A zip that calls itself a picture."""
    into = BytesIO()
    with ZipFile(into, "w") as archive:
        archive.writestr("record.txt", "病历")
    return into.getvalue()


GOOD = {
    "pdf": (pdf(pages(2)), "record.pdf", "application/pdf"),
    "heic": (page(kind="heic"), "IMG_0001.HEIC", "image/heic"),
    "png": (page(), "record.png", "image/png"),
    "jpg_named_pdf": (page(kind="jpg"), "record.pdf", "application/pdf"),
}
BAD = {
    "zip_named_jpg": (zipped(), "photo.jpg", "file.not_a_picture"),
    "password": (locked_pdf("secret"), "record.pdf", "file.needs_password"),
    "cut_off": (PICTURE[: len(PICTURE) // 2], "photo.png", "file.damaged"),
}


@pytest.mark.parametrize("file", GOOD.values(), ids=GOOD)
async def test_the_content_of_a_file_decides_and_not_its_name(somebody: Newcomer, file: tuple[bytes, str, str]) -> None:
    content, name, kind = file
    applicant = await somebody.play("record")
    await somebody.player.send_document(content, name, kind)
    await applicant.next_question()
    await somebody.town.until(STORED, somebody.chat, 1)
    await applicant.press("=done")
    assert applicant.state == "record_hospital"


@pytest.mark.parametrize("file", BAD.values(), ids=BAD)
async def test_a_file_that_nobody_can_read_is_said_so_and_another_one_asked_for(
    somebody: Newcomer, file: tuple[bytes, str, str]
) -> None:
    content, name, key = file
    applicant = await somebody.play("record")
    await somebody.player.send_document(content, name, "image/jpeg")
    await somebody.player.wait_for(part(key))
    await applicant.next_question()
    await somebody.player.wait_for(part("ask.record"))
    assert (await somebody.session()).attachments == ()
    assert await come_again(somebody)


async def come_again(person: Newcomer) -> Json:
    """Send what can be read after what could not, and go on to the end."""
    again = Applicant(person.player, person.given)
    await again.come_to("record")
    return await again.come_to("submitted")


async def test_a_file_over_20_mb_is_explained_and_not_fetched(somebody: Newcomer) -> None:
    await somebody.play("record")
    await somebody.player.send_document(bytes(21 * MB), "scan.pdf")
    await somebody.player.wait_for(part("refusal.too_big"))
    assert (await somebody.session()).attachments == ()
    assert somebody.town.rows("SELECT 1 FROM documents WHERE chat_id = ?", somebody.chat) == []


async def test_a_picture_that_is_hard_to_read_is_said_so_and_kept(somebody: Newcomer) -> None:
    await somebody.play("record")
    await somebody.player.send_photo(encoded(drawn(exposure=0.1)))
    await somebody.player.wait_for(part("file.too_dark"))
    assert len((await somebody.session()).attachments) == 1


async def test_an_album_counts_each_picture_and_all_are_kept(somebody: Newcomer) -> None:
    await somebody.play("record")
    await somebody.player.send_album([page((900, 1200 + n)) for n in range(3)])
    await somebody.town.until(STORED, somebody.chat, 3)
    assert len((await somebody.session()).attachments) == 3


async def test_the_same_picture_twice_is_kept_once(somebody: Newcomer) -> None:
    await somebody.play("record")
    await somebody.player.send_photo(PICTURE)
    await somebody.town.until(STORED, somebody.chat, 1)
    await somebody.player.send_document(PICTURE, "again.png", "image/png")
    await somebody.player.wait_for(part("file.same"))
    assert len((await somebody.session()).attachments) == 1


@pytest.mark.parametrize("state", ["name", "record", "city"])
async def test_a_voice_message_is_kept_for_the_agent_and_words_are_asked_for(somebody: Newcomer, state: str) -> None:
    applicant = await somebody.play(state)
    await somebody.player.send_voice()
    await somebody.player.wait_for(part("file.voice_kept"))
    await applicant.next_question()
    assert applicant.state == state
    assert "voice" in {attachment.question for attachment in (await somebody.session()).attachments}


async def test_a_picture_at_another_question_is_kept_as_a_record(somebody: Newcomer) -> None:
    applicant = await somebody.play("condition")
    await somebody.player.send_photo(PICTURE)
    await applicant.next_question()
    assert applicant.state == "condition"
    assert [each.question for each in (await somebody.session()).attachments] == ["record"]
    await applicant.come_to("submitted")


# ---- messages of other kinds, edits, old buttons ----


async def test_an_edited_message_is_read_again_as_the_answer_it_gave(somebody: Newcomer) -> None:
    applicant = await somebody.play("name")
    typed = await somebody.player.say("王错")
    await applicant.next_question()
    await somebody.player.edit(typed["message"]["message_id"], somebody.given.name)
    await applicant.next_question()
    assert applicant.state == "id_number"
    assert (await somebody.session()).answers["name"] == somebody.given.name


async def test_a_deleted_question_is_shown_again_on_demand(somebody: Newcomer) -> None:
    applicant = await somebody.play("condition")
    await somebody.player.delete(applicant.question["message_id"])
    await applicant.say("重复")
    assert applicant.state == "condition"
    await applicant.come_to("record")


async def test_a_sticker_is_answered_with_what_can_be_read_and_the_question(somebody: Newcomer) -> None:
    applicant = await somebody.play("illness")
    town = somebody.town
    message = {
        "message_id": 900_001,
        "date": int(MONDAY.timestamp()),
        "chat": {"id": somebody.chat, "type": "private", "first_name": "x"},
        "from": {"id": somebody.chat, "is_bot": False, "first_name": "x"},
        "sticker": {
            "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 512, "height": 512,
            "is_animated": False, "is_video": False,
        },
    }  # fmt: skip
    town.stand_in.state.queue.inject({"message": message})
    await somebody.player.wait_for(part("refusal.unreadable_kind"))
    await applicant.next_question()
    assert applicant.state == "illness"


@pytest.mark.parametrize("words", ["/start", "/start@{bot}"])
async def test_a_group_is_declined_without_a_word_about_anybody(running_town: Town, words: str) -> None:
    queue, chat = running_town.stand_in.state.queue, -4000 - len(words)
    text = words.format(bot=running_town.stand_in.state.bot_user["username"])
    message = {
        "message_id": 5,
        "date": int(MONDAY.timestamp()),
        "chat": {"id": chat, "type": "group", "title": "家人群"},
        "from": {"id": 77, "is_bot": False, "first_name": "x"},
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}],
    }
    queue.inject({"message": message})
    sent = await running_town.until("SELECT chat_id FROM outbox WHERE chat_id = ? AND done_at IS NOT NULL", chat)
    assert len(sent) == 1
    calls = running_town.stand_in.journal.calls(chat_id=chat, method="sendMessage")
    assert {str(call.params["text"]) for call in calls} == {part("private_only")}


async def test_an_old_button_says_so_and_shows_the_present_question(somebody: Newcomer) -> None:
    applicant = await somebody.play("service")
    old = applicant.question
    await applicant.come_to("condition")
    before = (await somebody.session()).answers
    person = {"id": somebody.chat, "is_bot": False, "first_name": "x"}
    data = next(data for data in place(old)[1] if data.endswith("=IP"))
    tap = {"id": f"old{somebody.chat}", "from": person, "message": old, "chat_instance": "1", "data": data}
    somebody.town.stand_in.state.queue.inject({"callback_query": tap})
    await applicant.next_question()
    assert applicant.state == "condition"
    assert (await somebody.session()).answers == before
    answers = somebody.town.stand_in.journal.calls(method="answerCallbackQuery")
    said = [call.params.get("text") for call in answers if call.params["callback_query_id"] == tap["id"]]
    assert said == [part("toast.old_button")]


async def test_a_double_tap_submits_once(somebody: Newcomer) -> None:
    applicant = await somebody.play("review")
    data = next(data for data in place(applicant.question)[1] if data.endswith("!submit"))
    message = applicant.question["message_id"]
    first, second = [await somebody.player.tap_data(message, data) for _ in range(2)]
    toasts = [(await somebody.player.wait_for_toast(tap["query_id"]))["text"] for tap in (first, second)]
    assert toasts == ["", part("toast.already_tapped")]
    assert somebody.reserved() == ["OP"]


# ---- several answers, and words before the consents ----


async def test_several_answers_in_one_message_are_all_kept_and_none_is_asked_again(somebody: Newcomer) -> None:
    applicant, given = await somebody.play("name"), somebody.given
    await applicant.say(f"我叫{given.name}，身份证{given.number}，手机13812345678，保单{given.policy}")
    assert applicant.state == "illness"
    assert told(somebody, "several.understood") == 1
    assert told(somebody, "ask.id_number") == 0
    await applicant.come_to("submitted")


async def test_what_is_said_before_the_consents_is_read_after_them(somebody: Newcomer) -> None:
    given = somebody.given
    applicant = Applicant(somebody.player, given)
    await applicant.say(f"我叫{given.name}，身份证{given.number}")
    assert applicant.state == "consents"
    session = await somebody.session()
    assert (session.answers, len(session.pre_consent)) == ({}, 1)
    await applicant.come_to("phone")
    session = await somebody.session()
    assert (session.answers["name"], session.pre_consent) == (given.name, ())
    assert told(somebody, "ask.name") == 0


async def test_what_is_said_before_the_consents_is_deleted_when_they_are_refused(somebody: Newcomer) -> None:
    applicant = Applicant(somebody.player, somebody.given)
    await applicant.say(f"我叫{somebody.given.name}，身份证{somebody.given.number}")
    await applicant.press("!decline")
    session = await somebody.session()
    assert (session.state, session.pre_consent, session.answers) == ("declined", (), {})


@pytest.mark.parametrize(("phone", "whose"), [("13900001234", "insured"), ("13800005678", "")])
async def test_a_shared_contact_is_verified_only_if_its_number_is_on_file(
    somebody: Newcomer, phone: str, whose: str
) -> None:
    applicant = await somebody.play("phone")
    await somebody.player.send_contact(phone, somebody.given.name, user_id=somebody.chat)
    await applicant.next_question()
    await applicant.come_to("illness")
    assert (await somebody.session()).answers["phone_verified"] == whose


async def test_the_key_that_shares_the_own_number_answers_the_question(somebody: Newcomer) -> None:
    applicant = await somebody.play("phone")
    await somebody.player.tap(part("phone.share"))
    await applicant.next_question()
    assert applicant.state == "policy_number"


async def test_forwarded_words_are_read_as_the_persons_own(somebody: Newcomer) -> None:
    applicant = await somebody.play("name")
    await somebody.player.forward(somebody.given.name, name="女儿")
    await applicant.next_question()
    assert applicant.state == "id_number"


async def test_messages_that_come_faster_than_they_are_answered_are_answered_in_order(somebody: Newcomer) -> None:
    applicant, given = await somebody.play("name"), somebody.given
    for text in (given.name, given.number, "13812345678", given.policy):
        await somebody.player.say(text)
    async with asyncio.timeout(PATIENCE):
        while (await somebody.session()).state != "illness":  # noqa: ASYNC110 - announces nothing
            await asyncio.sleep(0.02)
    assert (await somebody.session()).answers["policy_number"] == patient(somebody.chat).policy
    assert applicant.right
