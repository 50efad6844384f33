"""Words for the codes of the services; each is a message of the catalogue."""

from collections.abc import Callable

from portal.i18n import mark

LABELS: dict[str, dict[str, str]] = {
    "status": {
        "not_started": mark("Not started"),
        "in_progress": mark("In progress"),
        "submitted": mark("Awaiting acceptance"),
        "returned": mark("Returned"),
        "done": mark("Done"),
        "cancelled": mark("Cancelled"),
    },
    "deadline_kind": {
        "fixed": mark("Fixed day"),
        "recurring": mark("Recurring"),
        "continuous": mark("Continuous"),
        "triggered": mark("From an event"),
        "needs_person": mark("Needs a person"),
    },
    "plan_status": {
        "draft": mark("Draft"),
        "active": mark("In force"),
        "closed": mark("Closed"),
        "cancelled": mark("Cancelled"),
    },
    "questionnaire_status": {"draft": mark("Draft"), "published": mark("Published")},
    "round_status": {
        "draft": mark("Being prepared"),
        "open": mark("Taking answers"),
        "closed": mark("Closed"),
        "cancelled": mark("Cancelled"),
    },
    "method": {
        "share": mark("Share of satisfied answers (4 and 5)"),
        "mean5": mark("Mean of 5, as percent"),
    },
    "aggregator": {
        "mean_of_items": mark("Mean of the questions"),
        "pooled": mark("All answers pooled"),
        "general_question": mark("The general question"),
    },
    "par_figure": {
        "secured": mark("Secured"),
        "projected": mark("Projected"),
        "official": mark("Official"),
    },
    "value_source": {
        "live": mark("live"),
        "appraised_2": mark("second appraisal"),
        "appraised_1": mark("first appraisal"),
        "self_score": mark("self-score"),
        "expected": mark("expected by the unit"),
        "last_year": mark("last year"),
        "none": mark("no value"),
        "not_applicable": mark("not applicable"),
        "secured": mark("secured points"),
        "projected": mark("projected points"),
        "official": mark("official points"),
    },
    "target_index": {"satisfaction": mark("Satisfaction index"), "par": mark("PAR index")},
    "role": {
        "director": mark("Director"),
        "office": mark("Office of the department"),
        "unit_head": mark("Head of unit"),
        "unit_officer": mark("Officer"),
        "appraiser": mark("Appraiser"),
        "auditor": mark("Auditor"),
        "admin": mark("Administrator"),
        "external_system": mark("External system"),
    },
    "result_status": {
        "submitted": mark("Awaiting acceptance"),
        "accepted": mark("Accepted"),
        "returned": mark("Returned"),
    },
    "event": {
        "created": mark("Assignment created"),
        "progress": mark("Progress updated"),
        "result_submitted": mark("Result submitted"),
        "result_accepted": mark("Result accepted"),
        "result_returned": mark("Result returned"),
        "changed": mark("Details changed"),
        "overdue": mark("Became overdue"),
        "due_soon": mark("Deadline is near"),
        "cancelled": mark("Cancelled with its plan"),
    },
    "field": {
        "due_on": mark("Due day"),
        "triggered_on": mark("Day of the event"),
        "accountable_person_id": mark("Accountable person"),
        "status": mark("Status"),
        "last_working_day": mark("Last working day"),
        "progress_percent": mark("Progress"),
    },
    "column": {
        "stt": mark("No."),
        "section": mark("Section"),
        "subject_matter": mark("Subject"),
        "content": mark("Measures, tasks"),
        "product": mark("Product"),
        "lead": mark("Lead unit"),
        "coordinating": mark("Coordinating units"),
        "deadline": mark("Deadline"),
        "accountable": mark("Accountable"),
    },
    "service": {
        "tasks": mark("Tasks service"),
        "surveys": mark("Surveys service"),
        "notifications": mark("Notifications service"),
        "reporting": mark("Reporting service"),
        "issuer": mark("Sign-in service"),
    },
    "lane": {
        "ticket": mark("With a ticket"),
        "supervised": mark("Entered by staff without a ticket"),
        "open": mark("Open links"),
    },
    "scale": {
        "1": mark("Very dissatisfied"),
        "2": mark("Dissatisfied"),
        "3": mark("Neutral"),
        "4": mark("Satisfied"),
        "5": mark("Very satisfied"),
    },
    "done": {
        "edition": mark("Published anew."),
        "progress": mark("Progress saved. The index is being updated."),
        "result": mark("Result submitted to the Office."),
        "accepted": mark("Result accepted: the assignment is done."),
        "returned": mark("Result returned to the unit."),
        "changed": mark("Assignment updated."),
        "plan_created": mark("Plan created."),
        "plan_changed": mark("Plan corrected."),
        "plan_cancelled": mark("The plan is cancelled."),
        "round_changed": mark("Survey round corrected."),
        "round_cancelled": mark("The survey round is cancelled."),
        "voided": mark("The batch of tickets is void: issue a new one."),
        "targets": mark("Targets saved."),
        "activated": mark("The plan is in force: its assignments count from now on."),
        "row": mark("Row corrected."),
        "round_created": mark("Survey round created."),
        "links": mark("Links confirmed. The index is being updated."),
        "opened": mark("The round is open: answers are taken from now on."),
        "closed": mark("The round is closed."),
        "link": mark("Link created."),
        "signed_out": mark("You are signed out."),
        "read": mark("All notifications are marked as read."),
    },
}


def label(translate: Callable[[str], str], kind: str, code: object) -> str:
    """Return the words for a code; an unknown code is shown as it is, never hidden."""
    message = LABELS.get(kind, {}).get(str(code))
    return translate(message) if message else str(code)
