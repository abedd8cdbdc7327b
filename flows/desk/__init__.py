"""The life of a case: one transition table, what an agent may do, what is due and when."""
