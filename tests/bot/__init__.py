"""The edge towards people, tested from outside over HTTP."""
