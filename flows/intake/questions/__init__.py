"""What is asked: one file a topic, one class a question."""
