"""What a person, or an agent, is told of a finding: one sentence for each code that the rules can give."""

from flows.messages import MessageKey, message
from flows.terms.eligibility import codes_told

REASONS: dict[str, MessageKey] = {code: message(f"reason.{code}") for code in codes_told()}
