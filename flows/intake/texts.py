"""What the intake says besides its questions."""

from flows.cases.stages import STAGES
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
UNDERSTOOD = message("several.understood", "parts")
UNDERSTOOD_ONE = message("several.understood_one", "parts")
MISSED_OFTEN = message("missed_often")
NOTHING = message("nothing")
MENU: dict[str, MessageKey] = {
    name: message(f"menu.{name}")
    for name in ("start", "status", "back", "repeat", "human", "help", "privacy", "cancel")
}
GOING_ON = message("going_on")
DECLINED_TERMS = message("terms.declined", "hotline")
KEPT_ENOUGH = message("kept_enough")
ASK_CANCEL = message("cancel.ask")
SURE_CANCEL = message("button.sure_cancel")
GO_ON = message("button.go_on")
KEPT_UNREAD = message("kept_unread")
EDIT_UNREAD = message("edit_unread")
LOCKED = message("locked", "hotline")

WELCOME_BACK = message("pause.welcome_back", "filled")
FILLED = message("pause.filled", "parts")
NUDGE = message("pause.nudge", "until")
LAST_CALL = message("pause.last_call", "until")
EXPIRED = message("pause.expired")

RECORD_KEPT = message("file.record_kept", "count")
NOTICE_KEPT = message("file.notice_kept", "count")
VOICE_KEPT = message("file.voice_kept")
FILE_LOST = message("file.lost", "number")
FILE_LOST_LATER = message("file.lost_later")
FILE_TOO_BIG = message("file.too_big", "number")
FILE_TOO_BIG_LATER = message("file.too_big_later")
CHANGED_WORDS = message("relay.changed", "text")
CARD_TO_AGENT = message("relay.card", "phone")
SENT_BEFORE = message("file.sent_before", "number")
SAME_FILE = message("file.same", "number", "first")
FILE_FAULTS: dict[str, MessageKey] = {
    code: message(f"file.{code}", "number")
    for code in ("empty", "needs_password", "not_a_picture", "damaged", "too_small", "too_dark")
}
STILL_KEPT = frozenset({"too_small", "too_dark"})  # a human may read what a measure calls hard to read

EMERGENCY = message("urgent.emergency")
DESPAIR = message("urgent.despair")

APPEALED = message("decision.appealed", "number", "due")
APPEAL = message("button.appeal")

STATUS_QUEUED = message("status.queued", "number", "due")
STATUS_OWNED = message("status.owned", "number", "owner", "due")
STATUS_FREE = message("status.free", "number")
STATUS_CARRIED = message("status.carried", "number", "owner")
STATUS_LINES = message("status.lines", "lines")
STATUS_STAGES = {stage: message(f"status.stage_{stage}") for stage in STAGES}
STATUS_VISIT = message("status.visit", "at", "hospital")
STATUS_ADMISSION = message("status.admission", "day", "hospital")

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
        "too_big",
        "too_many_files",
        "unreadable_kind",
        "bad_name",
        "full_name",
        "several_names",
        "bad_policy_number",
        "is_id_number",
        "is_phone",
        "phone_invalid",
        "phone_multiple",
        "phone_service",
        "phone_unassigned_prefix",
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
