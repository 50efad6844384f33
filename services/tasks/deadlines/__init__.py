"""Deadlines in words: what an appendix says about when, read by a table, never guessed."""

from tasks.deadlines.domain import DaysAfter, Deadline, Frame, Occurrence
from tasks.deadlines.wordings import read_deadline, refers_to_above, words_above

__all__ = [
    "DaysAfter",
    "Deadline",
    "Frame",
    "Occurrence",
    "read_deadline",
    "refers_to_above",
    "words_above",
]
