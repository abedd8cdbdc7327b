"""What the command line says."""

from flows.messages import MessageKey, message

CLI = message("cli.about")
CLI_RUN = message("cli.run")
CLI_DEMO = message("cli.demo")
CLI_SANDBOX = message("cli.sandbox")
CLI_MIGRATE = message("cli.migrate")
CLI_CHECK = message("cli.check")
CLI_KEYS = message("cli.keys")
CLI_IMPORT = message("cli.import")
CLI_IMPORT_POLICIES = message("cli.import_policies")
CLI_AGENTS = message("cli.agents")
CLI_AGENTS_ADD = message("cli.agents_add")
CLI_PORT = message("cli.port")
CLI_FILE = message("cli.file")
CLI_USER = message("cli.user")
CLI_NAME = message("cli.name")
SETTINGS_FAULT = message("cli.settings_fault", "name", "fault")
IMPORTED = message("cli.imported", "count", "new")
NOT_IMPORTED = message("cli.not_imported", "count")
ROW_FAULT = message("cli.row_fault", "line", "column", "reason")
ROW_REASONS: dict[str, MessageKey] = {
    code: message(f"import.{code}")
    for code in (
        "empty", "twice", "column_missing", "bad_date", "bad_number", "unknown_value", "before_start", "bad_format",
        "bad_checksum", "bad_length", "future_date", "too_old", "unknown_region", "wrong_type", "multiple",
        "old_15_digit", "manual_check",
    )
}  # fmt: skip
AGENT_ADDED = message("cli.agent_added", "name")
MIGRATED = message("cli.migrated", "revision")
DEMO_READY = message("cli.demo_ready", "url")
SANDBOX_READY = message("cli.sandbox_ready", "url", "token")
STOPPED = message("cli.stopped", "code")
CHECK_TOKEN = message("check.token")
CHECK_DATABASE = message("check.database")
CHECK_CATALOGUE = message("check.catalogue")
CHECK_CALENDAR = message("check.calendar")
CHECK_KEY = message("check.key")
