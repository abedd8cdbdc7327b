"""The edge towards people: Telegram, the sandbox that stands in for it, and the settings."""
