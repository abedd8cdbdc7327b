"""A request is made in full: the new question is asked in its turn, and its answer stands on the agent's card.

Run in a copy of the project to which the example was applied.
"""

from flows.desk.card import full_card
from tests.unit.play import Play
from tests.world import REFERENCE, TEXTS

play = Play()
play.right["companion"] = "我一个人去"
states: list[str] = []
while not play.cases and len(states) < 60:
    states.append(play.session.state)
    play.answer_right()
place = states.index("companion")
assert states[place - 1 : place + 2] == ["visit_date", "companion", "originals"], states
(case,) = play.cases.values()
assert case.answers["companion"] == "no"
assert "家人陪同：没有" in TEXTS(full_card(case, REFERENCE))
