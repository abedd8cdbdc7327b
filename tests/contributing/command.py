"""An agent taps the new command's button: the policyholder is told, and so is the agent.

Run in a copy of the project to which the example was applied.
"""

from tests.unit.play import AGENT_ONE, PATIENT, Play
from tests.world import TEXTS

play = Play()
while not play.cases:
    play.answer_right()
play.say("下一件", AGENT_ONE)
for command in ("claim", "return_to_bot", "ask_patience"):
    play.press(f"{command}:{next(iter(play.cases))}", AGENT_ONE)
told = [(message.chat, TEXTS(message.text)) for message in play.messages[-2:]]
(case,) = play.cases.values()
assert told == [
    (PATIENT, f"编号 {case.number} 正在为您办理，请您稍候，有消息马上告诉您。"),
    (AGENT_ONE, f"{case.number} 已告诉客户正在办理，请稍候。"),
], told
