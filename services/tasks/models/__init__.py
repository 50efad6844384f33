"""The tables of the tasks service, by noun."""

from tasks.models.appendix import AppendixImport, AppendixRow
from tasks.models.assignment import Assignment, Entry, NumberSeries, Result, ResultFile
from tasks.models.base import Base
from tasks.models.calendar import CalendarYear
from tasks.models.directory import Person, Unit
from tasks.models.plan import Plan, Task

__all__ = [
    "AppendixImport",
    "AppendixRow",
    "Assignment",
    "Base",
    "CalendarYear",
    "Entry",
    "NumberSeries",
    "Person",
    "Plan",
    "Result",
    "ResultFile",
    "Task",
    "Unit",
]
