"""The command line: a module a command, each entered in `bot.cli.app`. What it needs of the database is an argument."""
