"""Who may give which command, in which stage, under which ownership: by hand here, and compared with what happens."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from flows.actors import ROLES, Actor
from flows.cases.case import AGENT as AGENT_AS_SPEAKER
from flows.cases.case import APPLICATION, BOT, HELP, Case
from flows.cases.stages import STAGES
from flows.desk.commands import COMMANDS, FACTS, carry_out
from flows.desk.registry import Done, Invocation, Refused, Result
from flows.effects import CaseChange, Nudge
from flows.ids import AgentId
from tests.fakes import Counter
from tests.unit.desk.samples import ARGUMENTS, NOW, case_for
from tests.world import MONDAY, REFERENCE

ME, OTHER = AgentId(7), AgentId(8)
UNASSIGNED, MINE, MINE_BOT, ANOTHER_S = "unassigned", "own_agent_speaks", "own_bot_speaks", "other's"
RELATIONS = (UNASSIGNED, MINE, MINE_BOT, ANOTHER_S)
WORKING = ("agent", "supervisor")
YES = "allowed"

# command, stages -> for somebody who may work on cases, by the actor's relation to the case
#                                                        unassigned   own_agent_speaks  own_bot_speaks   other's
TABLE = """
    claim            received,verifying,arranging        allowed      already_claimed   already_claimed  already_claimed
    claim            booked,in_progress,after_visit      allowed      already_claimed   already_claimed  already_claimed
    take_over        received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    take_over        verifying,arranging,booked          not_owner    wrong_ownership   allowed          not_owner
    take_over        in_progress,after_visit             not_owner    wrong_ownership   allowed          not_owner
    return_to_bot    received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    return_to_bot    verifying,arranging,booked          not_owner    allowed           wrong_ownership  not_owner
    return_to_bot    in_progress,after_visit             not_owner    allowed           wrong_ownership  not_owner
    release          received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    release          verifying,arranging,booked          not_owner    allowed           allowed          not_owner
    release          in_progress,after_visit             not_owner    allowed           allowed          not_owner
    close            received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    close            verifying,arranging,booked          not_owner    allowed           allowed          not_owner
    close            in_progress,after_visit             not_owner    allowed           allowed          not_owner
    say              received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    say              verifying,arranging,booked          not_owner    allowed           wrong_ownership  not_owner
    say              in_progress,after_visit             not_owner    allowed           wrong_ownership  not_owner
    log_call         received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    log_call         verifying,arranging,booked          not_owner    allowed           allowed          not_owner
    log_call         in_progress,after_visit             not_owner    allowed           allowed          not_owner
    confirm_details  verifying                           not_owner    allowed           allowed          not_owner
    confirm_details  received,arranging,booked           wrong_stage  wrong_stage       wrong_stage      wrong_stage
    confirm_details  in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    request_booking  arranging                           not_owner    allowed           allowed          not_owner
    request_booking  received,verifying,booked           wrong_stage  wrong_stage       wrong_stage      wrong_stage
    request_booking  in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    record_number    arranging                           not_owner    allowed           allowed          not_owner
    record_number    received,verifying,booked           wrong_stage  wrong_stage       wrong_stage      wrong_stage
    record_number    in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    record_bed       arranging                           not_owner    allowed           allowed          not_owner
    record_bed       received,verifying,booked           wrong_stage  wrong_stage       wrong_stage      wrong_stage
    record_bed       in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    not_obtained     arranging,booked                    not_owner    allowed           allowed          not_owner
    not_obtained     received,verifying                  wrong_stage  wrong_stage       wrong_stage      wrong_stage
    not_obtained     in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    tell_details     arranging,booked                    not_owner    allowed           allowed          not_owner
    tell_details     received,verifying                  wrong_stage  wrong_stage       wrong_stage      wrong_stage
    tell_details     in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    confirm_booking  booked                              not_owner    allowed           allowed          not_owner
    confirm_booking  received,verifying,arranging        wrong_stage  wrong_stage       wrong_stage      wrong_stage
    confirm_booking  in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    meet             booked                              not_owner    allowed           allowed          not_owner
    meet             received,verifying,arranging        wrong_stage  wrong_stage       wrong_stage      wrong_stage
    meet             in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    complete         in_progress                         not_owner    allowed           allowed          not_owner
    complete         received,verifying,arranging        wrong_stage  wrong_stage       wrong_stage      wrong_stage
    complete         booked,after_visit                  wrong_stage  wrong_stage       wrong_stage      wrong_stage
    miss             booked                              not_owner    allowed           allowed          not_owner
    miss             received,verifying,arranging        wrong_stage  wrong_stage       wrong_stage      wrong_stage
    miss             in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    record_notice    after_visit                         not_owner    allowed           allowed          not_owner
    record_notice    received,verifying,arranging        wrong_stage  wrong_stage       wrong_stage      wrong_stage
    record_notice    booked,in_progress                  wrong_stage  wrong_stage       wrong_stage      wrong_stage
    clinic_stopped   arranging,booked,in_progress        not_owner    allowed           allowed          not_owner
    clinic_stopped   received,verifying,after_visit      wrong_stage  wrong_stage       wrong_stage      wrong_stage
    move_booking     arranging,booked                    not_owner    allowed           allowed          not_owner
    move_booking     received,verifying                  wrong_stage  wrong_stage       wrong_stage      wrong_stage
    move_booking     in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    cancel_booking   arranging,booked                    not_owner    allowed           allowed          not_owner
    cancel_booking   received,verifying                  wrong_stage  wrong_stage       wrong_stage      wrong_stage
    cancel_booking   in_progress,after_visit             wrong_stage  wrong_stage       wrong_stage      wrong_stage
    mistaken         arranging,booked,in_progress        not_owner    allowed           allowed          not_owner
    mistaken         received,verifying,after_visit      wrong_stage  wrong_stage       wrong_stage      wrong_stage
    open_documents   received                            wrong_stage  wrong_stage       wrong_stage      wrong_stage
    open_documents   verifying,arranging,booked          not_owner    allowed           allowed          not_owner
    open_documents   in_progress,after_visit             not_owner    allowed           allowed          not_owner
    note             received,verifying,arranging        not_owner    allowed           allowed          not_owner
    note             booked,in_progress,after_visit      not_owner    allowed           allowed          not_owner
"""
EVERY_COMMAND_ON_A_CLOSED_CASE = "closed"
OF_SUPERVISORS = {"miss"}


class Tried(NamedTuple):
    command: str
    stage: str
    role: str
    relation: str


def by_hand() -> dict[Tried, str]:
    """What the table says; who only reads is refused whatever the case, and so is a role that nobody knows."""
    rows = [line.split() for line in TABLE.strip().splitlines()]
    told = {
        (command, stage): dict(zip(RELATIONS, cells, strict=True))
        for command, stages, *cells in rows
        for stage in stages.split(",")
    }
    told |= {(row[0], "closed"): dict.fromkeys(RELATIONS, EVERY_COMMAND_ON_A_CLOSED_CASE) for row in rows}
    return {
        Tried(command, stage, role, relation): cells[relation] if role in entitled(command) else "not_for_role"
        for (command, stage), cells in told.items()
        for role, relation in product((*ROLES, "visitor"), RELATIONS)
    }


def entitled(command: str) -> tuple[str, ...]:
    return ("supervisor",) if command in OF_SUPERVISORS else WORKING


EXPECTED = by_hand()


def case(stage: str, relation: str, command: str = "say", request_type: str = APPLICATION) -> Case:
    """A case that has what the command needs."""
    made = replace(case_for(command, stage), request_type=request_type)
    if relation == UNASSIGNED:
        return made
    speaker = BOT if relation == MINE_BOT else AGENT_AS_SPEAKER
    owner = OTHER if relation == ANOTHER_S else ME
    return replace(made, owner=owner, owner_name="林敏", claimed_at=MONDAY, speaker=speaker)


def given(command: str, its: Case, *, role: str = "agent", text: str = "您好") -> tuple[Result, Invocation]:
    arguments = {"text": text, **ARGUMENTS.get(command, {})}
    invocation = Invocation(Actor(ME, "王莉", role), its, NOW, Counter(), REFERENCE, arguments)
    return carry_out(command, invocation), invocation


def happened(tried: Tried) -> str:
    result, _ = given(tried.command, case(tried.stage, tried.relation, tried.command), role=tried.role)
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
    assert len(EXPECTED) == 24 * 7 * 4 * 4


def test_the_registry_allows_what_the_table_allows() -> None:
    allowed = {tried for tried, outcome in EXPECTED.items() if outcome == YES}
    assert set(in_registry()) == allowed
    assert len(allowed) == 236


def test_whatever_is_tried_is_allowed_or_refused_as_the_table_says() -> None:
    assert {tried: happened(tried) for tried in EXPECTED} == EXPECTED


@pytest.mark.parametrize("tried", EXPECTED)
def test_a_command_reads_the_case_and_changes_nothing_of_it(tried: Tried) -> None:
    its = case(tried.stage, tried.relation, tried.command)
    before = msgspec.json.encode(its)
    result, _ = given(tried.command, its, role=tried.role)
    assert msgspec.json.encode(its) == before
    if isinstance(result, Done) and result.case != its:
        assert result.case.version == its.version + 1
        assert [effect.case for effect in result.effects if isinstance(effect, CaseChange)] == [result.case]


HELPING = ("claim", "take_over", "return_to_bot", "release", "close", "say", "log_call")
ALLOWED = [tried for tried, outcome in EXPECTED.items() if outcome == YES]


@pytest.mark.parametrize(
    ("tried", "request_type"),
    [(tried, APPLICATION) for tried in ALLOWED] + [(tried, HELP) for tried in ALLOWED if tried.command in HELPING],
)
def test_the_same_invocation_gives_the_same_result(tried: Tried, request_type: str) -> None:
    its = case(tried.stage, tried.relation, tried.command, request_type)
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
