"""The worked examples of CONTRIBUTING.md, each carried out in a copy of the project."""
