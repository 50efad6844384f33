"""What each event that other systems may have says, in a few words."""

from portal.i18n import mark

EVENT_TYPES: dict[str, str] = {
    "reporting.criteria_set_published.v1": mark("A scoring sheet is in force for a year"),
    "reporting.index_changed.v1": mark("A figure moved"),
    "reporting.target_missed.v1": mark("A figure misses its target"),
    "reporting.target_recovered.v1": mark("A figure reaches its target again"),
    "surveys.questionnaire_published.v1": mark("A questionnaire may be used"),
    "surveys.round_changed.v1": mark("An open survey round changed"),
    "surveys.round_closed.v1": mark("A survey round ended"),
    "surveys.round_opened.v1": mark("A survey round takes answers"),
    "tasks.assignment_cancelled.v1": mark("An assignment ended, alone or with its plan"),
    "tasks.assignment_changed.v1": mark("Deadline or person of an assignment was set"),
    "tasks.assignment_created.v1": mark("A unit was given an assignment"),
    "tasks.assignment_due_soon.v1": mark("The deadline of an assignment is near"),
    "tasks.assignment_handed_over.v1": mark("Another unit leads an assignment"),
    "tasks.assignment_overdue.v1": mark("An assignment became overdue"),
    "tasks.assignment_paused.v1": mark("An assignment is not owed for now"),
    "tasks.assignment_resumed.v1": mark("A paused assignment is owed again"),
    "tasks.commitment_made.v1": mark("A late unit committed itself in writing"),
    "tasks.deadline_extended.v1": mark("A deadline was put off"),
    "tasks.extension_refused.v1": mark("A later deadline was refused"),
    "tasks.extension_requested.v1": mark("A unit asks for a later deadline"),
    "tasks.plan_activated.v1": mark("A plan took effect"),
    "tasks.plan_changed.v1": mark("A plan changed, was closed or cancelled"),
    "tasks.plan_replaced.v1": mark("A plan gave way to another in mid-year"),
    "tasks.progress_reported.v1": mark("A unit reported progress"),
    "tasks.result_accepted.v1": mark("A result was accepted"),
    "tasks.result_returned.v1": mark("A result was returned"),
    "tasks.result_submitted.v1": mark("A result was handed in"),
}
