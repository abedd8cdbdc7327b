"""Whatever is a command of either side: the words and names that are typed, and the labels of buttons."""

from functools import cache

from flows.desk.typed_commands import ORDINARY
from flows.desk.typed_commands import TYPED_COMMANDS as OF_AGENTS
from flows.intake.typed_commands import TYPED_COMMANDS as OF_POLICYHOLDERS
from flows.reading.near_phrases import NearPhrases


@cache
def commands_of(button_labels: frozenset[str]) -> NearPhrases:
    """Return the commands, as they are recognised in spite of a slip."""
    return NearPhrases((*OF_AGENTS, *OF_POLICYHOLDERS, *sorted(button_labels)), ORDINARY)
