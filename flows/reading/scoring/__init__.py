"""Scores the readers and rules on a file of cases, of the shapes of tests/examples/*.json."""

from flows.reading.scoring.file import score
from flows.reading.scoring.model import Judged, Report, Said, Scored
from flows.reading.scoring.page import miss, renewed, summary

__all__ = ["Judged", "Report", "Said", "Scored", "miss", "renewed", "score", "summary"]
