"""The conversation that every row plays: from /start to a case number and a last word, and the people who play it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from io import BytesIO

from msgspec import Struct
from PIL import Image

import main
from bot.cli.help import TEXTS
from flows.cases.case import OP
from flows.ids import PolicyId
from flows.intake.questions.applicant import SELF, Applicant, ServiceQuestion
from flows.intake.questions.consents import AGREE
from flows.intake.questions.day_question import YESTERDAY
from flows.intake.questions.illness import Condition
from flows.intake.questions.record import RECORD_DONE, RecordKind
from flows.intake.questions.review import SUBMIT
from flows.intake.questions.terms import ACCEPT
from flows.intake.questions.visit import KINDS, WILLING
from flows.intake.questions.visit_date import SOON
from flows.messages import MessageKey
from flows.reading.illnesses import load_illnesses
from flows.terms import catalogue
from flows.terms.policy import IN_FORCE, Person, Policy

FIRST = 10_000  # the chat of the first player; the sandbox's own people are below
PHONE, HOSPITAL = "13900001234", "北京协和医院"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _picture() -> bytes:
    """Return a page large enough to be read, in a file of some 20 kB."""
    into = BytesIO()
    Image.new("L", (900, 1273), 235).save(into, "png")
    return into.getvalue() + bytes(20_000)


PICTURE = _picture()


class Step(Struct, frozen=True):
    """One update: `text` is typed, `label` tapped, else a photo is sent. `answers` is how many messages come back."""

    text: str = ""
    label: str = ""
    answers: int = 1


class Player(Struct, frozen=True):
    """Somebody with a policy of their own."""

    chat: int
    name: str
    number: str
    policy: str


def player(index: int) -> Player:
    """Return the player of this index: always the same one, made up, with a number that GB 11643 accepts."""
    head = f"110101{1950 + index // 999 % 40}0607{index % 999 + 1:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, _WEIGHTS, strict=True)) % 11]
    return Player(FIRST + index, "张桂兰", head + check, f"PB{index:08d}")


def chosen(options: Mapping[str, MessageKey], value: str) -> Step:
    """Tap what stands for a value."""
    return Step(label=TEXTS(options[value]()))


@cache
def steps() -> tuple[Step, ...]:
    """Return the conversation, an outpatient visit asked for step by step; in braces stands what differs."""
    return (
        Step(text="/start", answers=2),
        *[Step(label=TEXTS(AGREE())) for _ in catalogue.load().consents],
        chosen(ServiceQuestion.options, OP),
        chosen(Applicant.options, SELF),
        Step(text="{name}"),
        Step(text="{number}"),
        Step(text=PHONE, answers=2),
        Step(text="{policy}"),
        Step(label=load_illnesses().illnesses[0].short),
        chosen(Condition.options, "confirmed"),
        Step(),
        Step(label=TEXTS(RECORD_DONE())),
        Step(text=HOSPITAL),
        chosen(RecordKind.options, "outpatient_record"),
        Step(label=TEXTS(YESTERDAY())),
        Step(text="北京"),
        Step(text=HOSPITAL),
        Step(text="肿瘤科"),
        chosen(KINDS, "specialist"),
        Step(label=TEXTS(SOON())),
        chosen(WILLING, "yes"),
        Step(label=TEXTS(ACCEPT())),
        Step(label=TEXTS(SUBMIT()), answers=2),
        Step(text="我住在朝阳区"),
    )


def typed(step: Step, who: Player) -> str:
    """Return what this player types at a step."""
    return step.text.format(name=who.name, number=who.number, policy=who.policy)


def policy(index: int) -> Policy:
    """Return the policy of a player."""
    who = player(index)
    product, version = main.SAMPLE_PRODUCT
    person = Person(who.name, "resident_id", who.number, "13900001234")
    return Policy(
        id=PolicyId(index + 1),
        number=who.policy,
        product=product,
        version=version,
        status=IN_FORCE,
        starts=date(2024, 6, 1),
        ends=date(2054, 5, 31),
        holder=person,
        insured=person,
        limits={"OP": 1, "IP": 1},
    )
