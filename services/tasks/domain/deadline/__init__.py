"""Deadlines in words: what an appendix says about when, read by a table, never guessed."""

from tasks.domain.deadline.model import DaysAfter, Deadline, Frame, Occurrence
from tasks.domain.deadline.read import read_deadline

__all__ = ["DaysAfter", "Deadline", "Frame", "Occurrence", "read_deadline"]
