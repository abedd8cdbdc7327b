"""How a step of the conversation is carried out: functions by topic over one working copy."""
