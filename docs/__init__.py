"""What is drawn from the code: run `python -m docs.draw` (or `make docs`)."""
