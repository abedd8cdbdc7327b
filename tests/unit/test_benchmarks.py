"""The benchmarks play what the bot asks for: a change of the conversation must not leave them behind."""

from msgspec.structs import replace

from benchmarks.script import player, policy, steps, typed
from flows.effects import Message
from tests.unit.play import PATIENT, Play
from tests.world import TEXTS


def button(messages: list[Message], label: str) -> str:
    """Return the data of the newest button with this label."""
    buttons = [b for message in messages for row in message.rows for b in row if TEXTS(b.label) == label]
    return buttons[-1].data


def test_the_benchmarks_conversation_ends_in_a_submitted_request() -> None:
    play = Play(replace(policy(0), product="sample", version="1"))
    for step in steps():
        before = len(play.messages)
        if step.label:
            play.tap(button(play.messages, step.label))
        elif step.text:
            play.say(typed(step, player(0)))
        else:
            play.photo(1)
        assert len([m for m in play.messages[before:] if m.chat == PATIENT]) == step.answers, step
    assert play.session.state == "submitted"
