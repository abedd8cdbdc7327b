"""The synthetic people of the database: names, document numbers and policies are computed from an index."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from flows.ids import PolicyId
from flows.terms.policy import IN_FORCE, Policy, Use
from flows.terms.policy import Person as Insured

PRODUCT: Final = ("康健一生", "2024")
_SURNAMES: Final = "王李张刘陈杨赵黄周吴"
_GIVEN: Final = ("桂兰", "建国", "秀英", "志强", "淑珍", "海燕", "文华", "玉梅", "永康", "晓红", "国平", "丽萍")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Person(Struct, frozen=True):
    """An insured person with a policy, who talks to the bot in a chat of their own (or whose relative does)."""

    index: int
    name: str
    id_number: str
    phone: str
    policy_number: str


def person(index: int, *, child: bool = False) -> Person:
    """Return the person of this index, always the same one. The document number satisfies GB 11643."""
    born = f"{2015 + index % 4}0312" if child else f"{1950 + index % 40}0607"
    head = f"110101{born}{index % 999 + 1:03d}"
    check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(head, _WEIGHTS, strict=True)) % 11]
    name = _SURNAMES[index % len(_SURNAMES)] + _GIVEN[index // len(_SURNAMES) % len(_GIVEN)]
    return Person(index, name, head + check, f"139{index:08d}", f"P2026{index:06d}")


def policy(who: Person, *, status: str = IN_FORCE, limits: dict[str, int] | None = None, uses: Sequence[Use]) -> Policy:
    """Return the policy of a person, who is its holder as well."""
    insured = Insured(who.name, "resident_id", who.id_number, who.phone)
    return Policy(
        id=PolicyId(5000 + who.index),
        number=who.policy_number,
        product=PRODUCT[0],
        version=PRODUCT[1],
        status=status,
        starts=date(2024, 6, 1),
        ends=date(2054, 5, 31),
        holder=insured,
        insured=insured,
        limits=limits or {"OP": 1, "IP": 1},
        uses=tuple(uses),
    )
