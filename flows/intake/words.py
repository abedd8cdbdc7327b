"""What a policyholder may type in place of a button or a command, in every state."""

from pathlib import Path

from flows.words import Table, Words

command_in = Words(Path(__file__).parent / "data" / "words.json").command_in

triggers_in = Table(Path(__file__).parent / "data" / "triggers.json").meanings
"""The triggers of buttons that a text may be another word for; which is meant, the state's buttons say."""
