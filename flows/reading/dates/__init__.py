"""Dates as people type them: 2026年11月3日, 上周三, 三个月前, 腊月初八, 3号到5号."""

from flows.reading.dates.model import DateContext, DateDoubt, DateReading, Period
from flows.reading.dates.reader import DateFound, find_dates, read_date

__all__ = ["DateContext", "DateDoubt", "DateFound", "DateReading", "Period", "find_dates", "read_date"]
