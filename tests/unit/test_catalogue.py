"""Every sentence is declared, stands in the catalogue, and leaves open just what it declares."""

from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import flows.intake.terms  # noqa: F401 - declares what the acknowledgements say
import main
from bot.texts import FOLDER, Texts, placeholders
from flows.messages import DECLARED

ROOT = Path(__file__).parents[2]
BUTTON = 8  # characters that a button of a choice has room for
OLDEST_EYES = 120  # characters of a question
CARDS = 400  # of a consent, a review or a decision


def messages() -> list[Message]:
    found = []
    for file in FOLDER.glob("*.po"):
        with file.open("rb") as stream:
            found += [m for m in read_po(stream) if m.id]
    return found


def catalogue() -> dict[str, str]:
    return {str(m.id): str(m.string) for m in messages()}


def test_what_extraction_finds_is_declared_and_in_the_catalogue() -> None:
    places = [(str(ROOT / folder), path) for folder in ("flows", "bot") for path in [folder]]
    found = {
        text
        for folder, _ in places
        for _, _, text, _, _ in extract_from_dir(folder, [("**.py", "python")], keywords={"message": None})
        if isinstance(text, str)
    }
    assert len(found) > 100
    assert found <= DECLARED.keys()
    assert found <= catalogue().keys()


def test_the_catalogue_has_every_declared_message_and_no_other() -> None:
    assert main.app.registered_commands, "importing main declares what the command line says"
    assert Texts.load().keys() == DECLARED.keys()


def test_each_sentence_leaves_open_what_its_message_declares() -> None:
    for key, text in catalogue().items():
        assert placeholders(text) == set(DECLARED[key].params), key


def test_no_sentence_is_fuzzy() -> None:
    assert [m.id for m in messages() if m.fuzzy] == []


def test_a_missing_sentence_and_another_placeholder_are_named() -> None:
    texts = Texts({"button.back": "上一步 {name}"})
    faults = texts.faults([DECLARED["button.back"], DECLARED["button.human"]])
    assert faults == ["button.back: name", "button.human: missing"]


def test_buttons_are_short_and_questions_fit_a_phone() -> None:
    texts = catalogue()
    assert [k for k, t in texts.items() if ".button" in k or k.startswith("button.") if len(t) > BUTTON] == []
    assert [k for k, t in texts.items() if k.startswith("ask.") and k != "ask.review" and len(t) > OLDEST_EYES] == []
    long = ("consent.", "decision.", "ask.review", "welcome", "help")
    assert [k for k, t in texts.items() if k.startswith(long) and len(t) > CARDS] == []
