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
CLI_IMPORT_HOSPITALS = message("cli.import_hospitals")
CLI_IMPORT_ILLNESSES = message("cli.import_illnesses")
CLI_AGENTS = message("cli.agents")
CLI_AGENTS_ADD = message("cli.agents_add")
CLI_AGENTS_REMOVE = message("cli.agents_remove")
CLI_AGENTS_LIST = message("cli.agents_list")
CLI_READ = message("cli.read")
CLI_KIND = message("cli.kind", "kinds")
CLI_TEXT = message("cli.text")
CLI_TODAY = message("cli.today")
CLI_CONTEXT = message("cli.context", "contexts")
CLI_DECLARED = message("cli.declared", "kinds")
READ_UNDERSTOOD = message("read.understood")
READ_ASKED = message("read.asked")
READ_DOUBTED = message("read.doubted", "code")
READ_HUMAN = message("read.human")
READ_REFUSED = message("read.refused")
READ_NOTHING = message("read.nothing")
CLI_PORT = message("cli.port")
CLI_FILE = message("cli.file")
CLI_USER = message("cli.user")
CLI_NAME = message("cli.name")
CLI_ROLE = message("cli.role", "roles")
SETTINGS_FAULT = message("cli.settings_fault", "name", "fault")
IMPORTED = message("cli.imported", "rows", "made")
IMPORTED_HOSPITALS = message("cli.imported_hospitals", "rows", "made")
IMPORTED_ILLNESSES = message("cli.imported_illnesses", "rows", "made")
IMPORT_READING = message("cli.import_reading")
IMPORT_WRITING = message("cli.import_writing")
NOT_IMPORTED = message("cli.not_imported", "count")
ROW_FAULT = message("cli.row_fault", "line", "column", "reason")
LINE_FAULT = message("cli.line_fault", "line", "reason")
FILE_FAULT = message("cli.file_fault", "reason")
ROW_REASONS: dict[str, MessageKey] = {
    code: message(f"import.{code}")
    for code in (
        # the file, a line
        "bad_encoding", "old_xls", "bad_workbook", "no_rows", "column_missing", "column_twice", "bad_quotes",
        "too_many_cells",
        # a cell
        "empty", "twice", "too_long", "bad_date", "bad_number", "unknown_value", "before_start", "digits_lost",
        "turned_into_date", "cell_error", "bad_character", "bad_policy_number", "bad_phone", "bad_code",
        # a document number
        "bad_format", "bad_checksum", "bad_length", "bad_birth", "future_date", "too_old", "unknown_region",
        "wrong_type", "multiple", "old_15_digit", "manual_check",
    )
}  # fmt: skip
AGENT_ADDED = message("cli.agent_added", "role", "name")
AGENT_REMOVED = message("cli.agent_removed", "role", "name")
AGENT_UNKNOWN = message("cli.agent_unknown", "number")
ON_DUTY = message("cli.on_duty", "since")
OFF_DUTY = message("cli.off_duty")
NO_AGENTS = message("cli.no_agents")
ROLE_AGENT = message("cli.role_agent")
ROLE_SUPERVISOR = message("cli.role_supervisor")
ROLE_AUDITOR = message("cli.role_auditor")
MIGRATED = message("cli.migrated", "revision")
DEMO_READY = message("cli.demo_ready", "url")
SANDBOX_READY = message("cli.sandbox_ready", "url", "token")
NOT_MIGRATED = message("cli.not_migrated")
STOPPED = message("cli.stopped", "code")
CHECK_TOKEN = message("check.token")
CHECK_DATABASE = message("check.database")
CHECK_CATALOGUE = message("check.catalogue")
CHECK_CALENDAR = message("check.calendar")
CHECK_KEY = message("check.key")
CHECK_ILLNESSES = message("check.illnesses")
