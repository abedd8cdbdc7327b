"""Scores the readers and rules on a file of cases, of the shapes of tests/examples/*.json."""

from benchmarks.accuracy.file import score
from benchmarks.accuracy.model import Judged, Report, Said, Scored
from benchmarks.accuracy.page import miss, renewed, summary

__all__ = ["Judged", "Report", "Said", "Scored", "miss", "renewed", "score", "summary"]
