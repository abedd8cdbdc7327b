"""Cases that a supervisor carries every way there is through the stages."""

from flows.actors import SUPERVISOR
from flows.ids import ChatId
from flows.session import Agent
from tests.unit.desk.forms_filled_in import BED, BED_ESCORT, CALL, ESCORT, MISSED, MOVED, NUMBER, STOPPED
from tests.unit.play import AGENTS, Play, at, steered

LIN = ChatId(AGENTS[0].id)
CARRIED = (CALL, "核实完成", NUMBER)
VISITED = (*CARRIED, ESCORT, "客户已确认", "已见面", "已完成")


def carry_every_way() -> None:
    """A supervisor carries cases to every stage, back, and to their end."""
    for service, said in (
        ("门诊", (CALL,)),
        ("门诊", (*CARRIED, STOPPED)),
        ("门诊", (*CARRIED, ESCORT, ESCORT)),
        ("门诊", (*CARRIED, ESCORT, MOVED)),
        ("门诊", (*CARRIED, ESCORT, "已见面")),
        ("门诊", (*CARRIED, ESCORT, "已见面", STOPPED)),
        ("门诊", (*CARRIED, ESCORT, MISSED)),
        ("住院", (*VISITED, "已开通知单", BED, BED_ESCORT)),
    ):
        play = steered("branch") if service == "住院" else Play()
        play.store.add_agent(Agent(AGENTS[0].id, AGENTS[0].name, SUPERVISOR))
        at("submitted", play)
        play.say("/next", LIN)
        play.tap_nth(0, LIN)
        for words in said:
            play.say(words, LIN)
        play.close(LIN)
        assert not next(iter(play.cases.values())).is_open
