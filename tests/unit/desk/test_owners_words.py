"""Whatever people do between claim and return, only the owner's words reach the policyholder, and what they ask for."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.messages import Text
from tests.unit.intake.test_random_walks import AGENT_EDITS, LIN, ZHOU, Act, acts, walk
from tests.unit.play import PATIENT, Play

FROM_AN_OWNER = ("talk.says", "talk.corrects", "talk.joined", "talk.left", "talk.released", "talk.closed")
ANSWERED = re.compile(
    r"(?:urgent|privacy|status|cancel|card|confirm|file)\.|refusal\.unreadable_kind$|"  # commands, files, words for 120
    r"(?:ask|consent|pause)\.|step$"  # the question that waits, after /privacy
)
"""What the bot itself may answer a policyholder, or tell of their files, while an owner has the conversation."""
OF_AGENTS = ("agent", "agent_tap", "agent_old", "claim", "serve", "agent_edit")


def speaking(play: Play) -> set[str]:
    """The names of those who have a conversation with the policyholder."""
    return {case.owner_name for case in play.cases.values() if case.chat == PATIENT and case.agent_speaks}


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 30), acts)
def test_between_claim_and_return_only_the_owner_s_words_reach_the_policyholder(head: int, taken: list[Act]) -> None:
    play = Play()
    walk(play, [("right", 0)] * head)
    for act in taken:
        owners, since, held = speaking(play), len(play.messages), {play.sessions[chat].held for chat in (LIN, ZHOU)}
        walk(play, [act])
        told = [message.text for message in play.messages[since:] if message.chat == PATIENT]
        for text in told:
            if text.key in {"talk.says", "talk.corrects"}:
                words = text.params["text"]
                assert text.params["owner"] in owners
                assert isinstance(words, Text)
                confirmed = {each.said.text for each in held if each is not None}
                assert words.params["text"] in {"您好，我来帮您", *AGENT_EDITS, *confirmed}
            elif owners and speaking(play) == owners:
                assert text.key in FROM_AN_OWNER or (act[0] not in OF_AGENTS and ANSWERED.match(text.key)), text.key
