"""What leads to assignments: by plan, unit, person, day, and what lists and one's own day count."""

from sqlalchemy import Index, text

EARLIEST, LATEST = "1000-01-01", "9000-01-01"
"""Stand for a day that is not there, where lists are sorted by it: last both ways."""
_OPEN = text("status IN ('not_started', 'in_progress', 'returned')")
_REQUESTED, _PAUSED = text("requested_due_on IS NOT NULL"), text("paused_on IS NOT NULL")
_SUBMITTED = text("status = 'submitted' AND carried_to_id IS NULL")
_UNDATED = text(
    "deadline_kind = 'needs_person' AND status IN ('not_started', 'in_progress')"
    " AND carried_to_id IS NULL"
)
_LIVE = text(
    "status IN ('not_started', 'in_progress', 'submitted', 'returned') AND carried_to_id IS NULL"
)
_LED_BEFORE = text("former_unit_ids <> '{}'")
INDEXES = (
    Index(  # what `lists.count` counts, so that it need not read the rows
        "ix_assignment_counted", "plan_id", "status", "deadline_kind", "due_on", "paused_on",
        "requested_due_on", "first_due_on",
    ),
    Index(None, "plan_id", "year", "sequence", "id"),
    Index(None, "unit_id", "year", "sequence", "id"),
    Index("ix_assignment_coordinating", "coordinating_unit_ids", postgresql_using="gin"),
    Index(
        "ix_assignment_former", "former_unit_ids", postgresql_using="gin",
        postgresql_where=_LED_BEFORE,
    ),
    Index("ix_assignment_open_due", "due_on", postgresql_where=_OPEN),
    Index("ix_assignment_requested", "id", postgresql_where=_REQUESTED),
    Index("ix_assignment_paused", "id", postgresql_where=_PAUSED),
    Index("ix_assignment_due_rising", text(f"COALESCE(due_on, '{LATEST}'::date)"), "id"),
    Index("ix_assignment_due_falling", text(f"COALESCE(due_on, '{EARLIEST}'::date)"), "id"),
    Index(None, "accountable_person_id"),
    Index("ix_assignment_submitted", "plan_id", postgresql_where=_SUBMITTED),
    Index("ix_assignment_undated", "plan_id", postgresql_where=_UNDATED),
    Index(
        "ix_assignment_accountable_live", "accountable_person_id", "unit_id", "plan_id",
        postgresql_where=_LIVE,
    ),
)  # fmt: skip
