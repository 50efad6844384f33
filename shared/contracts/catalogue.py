"""Every event of the product: importing this module declares them all."""

from contracts import notifications, reporting, surveys, tasks
from contracts.events import declared, event_class

PRODUCERS = ("tasks", "surveys", "notifications", "reporting")

__all__ = [
    "PRODUCERS",
    "declared",
    "event_class",
    "notifications",
    "reporting",
    "surveys",
    "tasks",
]
