"""Acts on one assignment, and what the clock announces about many."""

from tasks.actions.assignments.changing import change
from tasks.actions.assignments.clock import announce_due_soon, announce_overdue
from tasks.actions.assignments.deciding import accept_result, return_result
from tasks.actions.assignments.reporting import report_progress, submit_result
from tasks.actions.assignments.storing import Change, find

__all__ = [
    "Change",
    "accept_result",
    "announce_due_soon",
    "announce_overdue",
    "change",
    "find",
    "report_progress",
    "return_result",
    "submit_result",
]
