"""What the questions about the visit share: they are asked for a visit, and for an admission by way of one."""

from flows.desk.case import OP
from flows.intake.question import Asked, Choice, Question
from flows.terms.branch import BY_VISIT

BETWEEN = "、"  # as flows.intake.visit.Hospitals joins names; no official name holds it


class VisitQuestion(Question):
    """A question about the visit [OP-Tb, IP-B4, IP-N10]."""

    def applies(self, asked: Asked) -> bool:
        """Say whether a visit is to be arranged: the service itself, or the way to an admission."""
        answers = asked.session.answers
        return answers.get("service") == OP or answers.get("branch") == BY_VISIT


def in_rows(choices: list[Choice], across: int) -> tuple[tuple[Choice, ...], ...]:
    """Give the buttons in rows of `across`."""
    return tuple(tuple(choices[at : at + across]) for at in range(0, len(choices), across))


def names_in(joined: str) -> tuple[str, ...]:
    """Give the names of a list that was kept as one answer."""
    return tuple(name for name in joined.split(BETWEEN) if name)
