"""What a policyholder may type in place of a button or a command, in every state."""

from pathlib import Path

from flows.words import Words

command_in = Words(Path(__file__).parent / "data" / "words.json").command_in
