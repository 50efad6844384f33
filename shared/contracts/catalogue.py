"""Every event of the product: importing this module declares them all."""

from contracts import reporting, surveys, tasks
from contracts.events import declared, event_class

PRODUCERS = ("tasks", "surveys", "reporting")

__all__ = ["PRODUCERS", "declared", "event_class", "reporting", "surveys", "tasks"]
