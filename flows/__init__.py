"""What the service is: the conversation, the desk and the terms. No I/O, no clock, no randomness."""
