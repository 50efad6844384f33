"""Words for the codes of the services; each is a message of the catalogue."""

from collections.abc import Callable

from portal.i18n import mark as N_

LABELS: dict[str, dict[str, str]] = {
    "status": {
        "not_started": N_("Not started"),
        "in_progress": N_("In progress"),
        "submitted": N_("Awaiting acceptance"),
        "returned": N_("Returned"),
        "done": N_("Done"),
        "cancelled": N_("Cancelled"),
    },
    "deadline_kind": {
        "fixed": N_("Fixed day"),
        "recurring": N_("Recurring"),
        "continuous": N_("Continuous"),
        "triggered": N_("From an event"),
        "needs_person": N_("Needs a person"),
    },
    "plan_status": {"draft": N_("Draft"), "active": N_("In force"), "closed": N_("Closed")},
    "round_status": {
        "draft": N_("Being prepared"),
        "open": N_("Taking answers"),
        "closed": N_("Closed"),
    },
    "method": {
        "share": N_("Share of satisfied answers (4 and 5)"),
        "mean5": N_("Mean of 5, as percent"),
    },
    "aggregator": {
        "mean_of_items": N_("Mean of the questions"),
        "pooled": N_("All answers pooled"),
        "general_question": N_("The general question"),
    },
    "par_figure": {
        "secured": N_("Secured"),
        "projected": N_("Projected"),
        "official": N_("Official"),
    },
    "projected_source": {
        "live": N_("live"),
        "self": N_("self-score"),
        "expected": N_("expected by the unit"),
        "last_year": N_("last year"),
        "none": N_("no value"),
    },
    "target_index": {"satisfaction": N_("Satisfaction index"), "par": N_("PAR index")},
    "role": {
        "director": N_("Director"),
        "office": N_("Office of the department"),
        "unit_head": N_("Head of unit"),
        "unit_officer": N_("Officer"),
        "appraiser": N_("Appraiser"),
        "auditor": N_("Auditor"),
        "admin": N_("Administrator"),
        "external_system": N_("External system"),
    },
    "result_status": {
        "submitted": N_("Awaiting acceptance"),
        "accepted": N_("Accepted"),
        "returned": N_("Returned"),
    },
    "event": {
        "created": N_("Assignment created"),
        "progress": N_("Progress updated"),
        "result_submitted": N_("Result submitted"),
        "result_accepted": N_("Result accepted"),
        "result_returned": N_("Result returned"),
        "changed": N_("Details changed"),
        "overdue": N_("Became overdue"),
        "due_soon": N_("Deadline is near"),
    },
    "field": {
        "due_on": N_("Due day"),
        "triggered_on": N_("Day of the event"),
        "accountable_person_id": N_("Accountable person"),
        "status": N_("Status"),
        "progress_percent": N_("Progress"),
    },
    "column": {
        "stt": N_("No."),
        "section": N_("Section"),
        "subject_matter": N_("Subject"),
        "content": N_("Measures, tasks"),
        "product": N_("Product"),
        "lead": N_("Lead unit"),
        "coordinating": N_("Coordinating units"),
        "deadline": N_("Deadline"),
        "accountable": N_("Accountable"),
    },
    "service": {
        "tasks": N_("Tasks service"),
        "surveys": N_("Surveys service"),
        "notifications": N_("Notifications service"),
        "reporting": N_("Reporting service"),
        "issuer": N_("Sign-in service"),
    },
    "severity": {"info": N_("Notice"), "warning": N_("Warning"), "critical": N_("Urgent")},
    "scale": {
        "1": N_("Very dissatisfied"),
        "2": N_("Dissatisfied"),
        "3": N_("Neutral"),
        "4": N_("Satisfied"),
        "5": N_("Very satisfied"),
    },
    "done": {
        "progress": N_("Progress saved. The index is being updated."),
        "result": N_("Result submitted to the Office."),
        "accepted": N_("Result accepted: the assignment is done."),
        "returned": N_("Result returned to the unit."),
        "changed": N_("Assignment updated."),
        "plan_created": N_("Plan created."),
        "targets": N_("Targets saved."),
        "activated": N_("The plan is in force: its assignments count from now on."),
        "row": N_("Row corrected."),
        "round_created": N_("Survey round created."),
        "opened": N_("The round is open: answers are taken from now on."),
        "closed": N_("The round is closed."),
        "link": N_("Link created."),
        "signed_out": N_("You are signed out."),
        "read": N_("All notifications are marked as read."),
    },
}


def label(translate: Callable[[str], str], kind: str, code: object) -> str:
    """Return the words for a code; an unknown code is shown as it is, never hidden."""
    message = LABELS.get(kind, {}).get(str(code))
    return translate(message) if message else str(code)
