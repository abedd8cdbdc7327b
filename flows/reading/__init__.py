"""What people type, read into values: each reader gives a value or a coded refusal, never an exception."""
