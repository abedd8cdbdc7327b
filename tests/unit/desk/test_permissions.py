"""Who may give which command, in which stage, under which ownership: by hand here, and compared with what happens."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from flows.actors import ROLES, Actor
from flows.cases.case import AGENT as AGENT_AS_SPEAKER
from flows.cases.case import APPLICATION, BOT, HELP, Attachment, Case
from flows.cases.stages import STAGES
from flows.desk.commands import COMMANDS, FACTS, carry_out
from flows.desk.registry import Done, Invocation, Refused, Result
from flows.effects import CaseChange, Nudge
from flows.ids import AgentId, CaseId, ChatId, DocumentId
from tests.fakes import Counter
from tests.world import MONDAY

ME, OTHER = AgentId(7), AgentId(8)
UNASSIGNED, MINE, MINE_BOT, ANOTHER_S = "unassigned", "own_agent_speaks", "own_bot_speaks", "other's"
RELATIONS = (UNASSIGNED, MINE, MINE_BOT, ANOTHER_S)
WORKING = ("agent", "supervisor")
YES = "allowed"

# command, stage -> for somebody who may work on cases, by the actor's relation to the case
#                                 unassigned         own_agent_speaks   own_bot_speaks     other's
TABLE = """
    claim          received       allowed            already_claimed    already_claimed    already_claimed
    claim          verifying      allowed            already_claimed    already_claimed    already_claimed
    claim          closed         closed             closed             closed             closed
    take_over      received       wrong_stage        wrong_stage        wrong_stage        wrong_stage
    take_over      verifying      not_owner          wrong_ownership    allowed            not_owner
    take_over      closed         closed             closed             closed             closed
    return_to_bot  received       wrong_stage        wrong_stage        wrong_stage        wrong_stage
    return_to_bot  verifying      not_owner          allowed            wrong_ownership    not_owner
    return_to_bot  closed         closed             closed             closed             closed
    release        received       wrong_stage        wrong_stage        wrong_stage        wrong_stage
    release        verifying      not_owner          allowed            allowed            not_owner
    release        closed         closed             closed             closed             closed
    close          received       wrong_stage        wrong_stage        wrong_stage        wrong_stage
    close          verifying      not_owner          allowed            allowed            not_owner
    close          closed         closed             closed             closed             closed
    say            received       wrong_stage        wrong_stage        wrong_stage        wrong_stage
    say            verifying      not_owner          allowed            wrong_ownership    not_owner
    say            closed         closed             closed             closed             closed
    open_documents received       wrong_stage        wrong_stage        wrong_stage        wrong_stage
    open_documents verifying      not_owner          allowed            allowed            not_owner
    open_documents closed         closed             closed             closed             closed
    note           received       not_owner          allowed            allowed            not_owner
    note           verifying      not_owner          allowed            allowed            not_owner
    note           closed         closed             closed             closed             closed
"""


class Tried(NamedTuple):
    command: str
    stage: str
    role: str
    relation: str


def by_hand() -> dict[Tried, str]:
    """What the table says; who only reads is refused whatever the case, and so is a role that nobody knows."""
    rows = [line.split() for line in TABLE.strip().splitlines()]
    told = {(command, stage): dict(zip(RELATIONS, cells, strict=True)) for command, stage, *cells in rows}
    return {
        Tried(command, stage, role, relation): cells[relation] if role in WORKING else "not_for_role"
        for (command, stage), cells in told.items()
        for role, relation in product((*ROLES, "visitor"), RELATIONS)
    }


EXPECTED = by_hand()


def case(stage: str, relation: str, request_type: str = APPLICATION) -> Case:
    made = Case(
        id=CaseId(1),
        number="261123-000001",
        request_type=request_type,
        service="OP" if request_type == APPLICATION else "",
        chat=ChatId(1),
        created_at=MONDAY,
        due_at=MONDAY,
        stage=stage,
        attachments=(Attachment(DocumentId(5), "unique", "record"),),
    )
    if relation == UNASSIGNED:
        return made
    speaker = BOT if relation == MINE_BOT else AGENT_AS_SPEAKER
    owner = OTHER if relation == ANOTHER_S else ME
    return replace(made, owner=owner, owner_name="林敏", claimed_at=MONDAY, speaker=speaker)


def given(command: str, its: Case, *, role: str = "agent", text: str = "您好") -> tuple[Result, Invocation]:
    invocation = Invocation(Actor(ME, "王莉", role), its, MONDAY, Counter(), {"text": text})
    return carry_out(command, invocation), invocation


def happened(tried: Tried) -> str:
    result, _ = given(tried.command, case(tried.stage, tried.relation), role=tried.role)
    return result.code if isinstance(result, Refused) else YES


def in_registry() -> Iterator[Tried]:
    """Every combination that the registry allows."""
    for found in COMMANDS.values():
        ways = {way for way in found.ownership if way != "unassigned"}
        relations = [UNASSIGNED] * ("unassigned" in found.ownership) + [f"own_{way}" for way in sorted(ways)]
        for stage, role, relation in product(found.stages, found.roles, relations):
            yield Tried(found.name, stage, role, relation)


def test_the_table_is_complete() -> None:
    every = product(COMMANDS, STAGES, (*ROLES, "visitor"), RELATIONS)
    assert EXPECTED.keys() == {Tried(*each) for each in every}
    assert len(EXPECTED) == 8 * 3 * 4 * 4


def test_the_registry_allows_what_the_table_allows() -> None:
    allowed = {tried for tried, outcome in EXPECTED.items() if outcome == YES}
    assert set(in_registry()) == allowed
    assert len(allowed) == 30


def test_whatever_is_tried_is_allowed_or_refused_as_the_table_says() -> None:
    assert {tried: happened(tried) for tried in EXPECTED} == EXPECTED


@pytest.mark.parametrize("tried", EXPECTED)
def test_a_command_reads_the_case_and_changes_nothing_of_it(tried: Tried) -> None:
    its = case(tried.stage, tried.relation)
    before = msgspec.json.encode(its)
    result, _ = given(tried.command, its, role=tried.role)
    assert msgspec.json.encode(its) == before
    if isinstance(result, Done) and result.case != its:
        assert result.case.version == its.version + 1
        assert [effect.case for effect in result.effects if isinstance(effect, CaseChange)] == [result.case]


@pytest.mark.parametrize("tried", [tried for tried, outcome in EXPECTED.items() if outcome == YES])
@pytest.mark.parametrize("request_type", [APPLICATION, HELP])
def test_the_same_invocation_gives_the_same_result(tried: Tried, request_type: str) -> None:
    its = case(tried.stage, tried.relation, request_type)
    first, invocation = given(tried.command, its, role=tried.role)
    again, _ = given(tried.command, its, role=tried.role)
    assert first == again
    assert isinstance(first, Done)
    assert first.effects
    assert invocation.case is its


@pytest.mark.parametrize(
    ("command", "told"), [("return_to_bot", 1), ("close", 1), ("release", 0), ("say", 0), ("note", 0)]
)
def test_the_conversation_is_told_that_it_is_the_bot_s_again(command: str, told: int) -> None:
    result, _ = given(command, case("verifying", MINE))
    assert isinstance(result, Done)
    assert sum(isinstance(effect, Nudge) for effect in result.effects) == told


@pytest.mark.parametrize("command", ["", "delete", "Claim", "say "])
def test_a_command_that_is_not_in_the_registry_is_refused(command: str) -> None:
    result, _ = given(command, case("received", UNASSIGNED))
    assert result == Refused("unknown_command")


def test_facts_that_are_missing_are_listed() -> None:
    result, _ = given("say", case("verifying", MINE), text="")
    assert result == Refused("facts_missing", {"missing": ("words",)})
    assert all(need in FACTS for found in COMMANDS.values() for need in found.needs)


@pytest.mark.parametrize(
    ("command", "its", "role", "refused"),
    [
        ("claim", ("verifying", ANOTHER_S), "agent", {"owner": "林敏", "at": MONDAY, "mine": False}),
        ("claim", ("verifying", MINE), "agent", {"owner": "林敏", "at": MONDAY, "mine": True}),
        ("say", ("verifying", ANOTHER_S), "agent", {"owner": "林敏"}),
        ("say", ("verifying", MINE_BOT), "agent", {"ownership": "bot_speaks"}),
        ("say", ("received", UNASSIGNED), "agent", {"stage": "received"}),
        ("close", ("closed", MINE), "agent", {"stage": "closed"}),
        ("close", ("verifying", MINE), "auditor", {"role": "auditor"}),
    ],
)
def test_a_refusal_says_what_stands_in_the_way(
    command: str, its: tuple[str, str], role: str, refused: dict[str, object]
) -> None:
    result, _ = given(command, case(*its), role=role)
    assert isinstance(result, Refused)
    assert result.params == refused
