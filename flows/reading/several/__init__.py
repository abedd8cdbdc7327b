"""The parts of reading several answers in one message."""
