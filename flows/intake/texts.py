"""What the intake says besides its questions."""

from flows.messages import MessageKey, message

WELCOME = message("welcome", "provider", "hotline", "opens", "closes")
STEP = message("step", "step", "steps", "question")
BACK = message("button.back")
HUMAN = message("button.human")
HELP = message("help", "hotline")
WAS_AWAY = message("was_away")
APOLOGY = message("apology", "hotline")
UNREADABLE = message("unreadable", "hotline")
PRIVATE_ONLY = message("private_only")
ALREADY_TAPPED = message("toast.already_tapped")
OLD_BUTTON = message("toast.old_button")
FILE_LOST = message("file.lost")

EMERGENCY = message("urgent.emergency")
DESPAIR = message("urgent.despair")

APPEALED = message("decision.appealed", "number", "due")
APPEAL = message("button.appeal")
NOTHING = message("nothing")

STATUS_QUEUED = message("status.queued", "number", "due")
STATUS_OWNED = message("status.owned", "number", "owner", "due")

CARD_NEW = message("card.new")
CARD_DECLINED = message("card.declined", "hotline")
CARD_CANCELLED = message("card.cancelled")
CARD_REFUSED = message("card.refused", "hotline")
CARD_SUBMITTED = message("card.submitted", "status")
CARD_SETTLED = message("card.settled")
START = message("button.start")
RENEW = message("button.renew")

HUMAN_CALLED = message("human.called", "at", "hotline")
HUMAN_CALLED_CLOSED = message("human.called_closed", "at", "hotline")
HUMAN_WAITING = message("human.waiting", "number", "due")
HUMAN_TOLD = message("human.told", "owner")
FILE_TO_AGENT = message("relay.file_kept")
AGENT_TALKING = message("toast.agent_talking")
NOTED = message("relay.noted", "number")
FILE_NOTED = message("relay.file_noted", "number")


REFUSALS: dict[str, MessageKey] = {
    code: message(f"refusal.{code}")
    for code in (
        "unclear",
        "pick_a_button",
        "answer_in_words",
        "no_file_here",
        "double_file",
        "unreadable_kind",
        "bad_name",
        "full_name",
        "several_names",
        "bad_policy_number",
        "is_id_number",
        "is_phone",
        "illness_not_found",
        "illness_unclear",
        # identity numbers
        "bad_checksum",
        "bad_date",
        "bad_format",
        "bad_length",
        "empty",
        "future_date",
        "manual_check",
        "multiple",
        "old_15_digit",
        "too_old",
        "unknown_region",
        "wrong_type",
    )
}
