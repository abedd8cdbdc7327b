"""The policyholder's conversation: one transition table, one file a topic."""
