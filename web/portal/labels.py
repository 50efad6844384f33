"""Words for the codes of the services; each is a message of the catalogue."""

from collections.abc import Callable

from portal.bulk_words import BULK_ACTS, KPI_GROUPS, OUTCOMES
from portal.criteria_words import CRITERIA
from portal.delivery_words import DELIVERIES
from portal.directory_words import DIRECTORY
from portal.done import DONE
from portal.event_words import EVENT_TYPES
from portal.figure_words import FIGURES
from portal.file_words import FILE_WORDS
from portal.i18n import mark
from portal.inspection_words import INSPECTIONS, INSPECTIONS_DONE
from portal.leaders_words import LEADERS
from portal.ranking_words import RANKING
from portal.report_words import REPORTS
from portal.sheet_words import SHEETS
from portal.unit_report_words import UNIT_REPORTS
from portal.urging_words import URGING
from portal.work_words import WAITING

LABELS: dict[str, dict[str, str]] = {
    "status": {
        "not_started": mark("Not started"),
        "in_progress": mark("In progress"),
        "submitted": mark("Awaiting acceptance"),
        "returned": mark("Returned"),
        "done": mark("Done"),
        "cancelled": mark("Cancelled"),
    },
    "standing": {
        "on_time": mark("Done on time"),
        "late": mark("Done late"),
        "paused": mark("Paused"),
        "no_longer_applicable": mark("No longer applicable"),
    },
    "contribution_status": {
        "asked": mark("Asked for"),
        "given": mark("Given, to be looked at"),
        "accepted": mark("Accepted"),
        "returned": mark("Returned"),
        "withdrawn": mark("Not needed any more"),
    },
    "kpi_group": KPI_GROUPS,
    "bulk_act": BULK_ACTS,
    "outcome": OUTCOMES,
    "extension_status": {
        "open": mark("Undecided"),
        "approved": mark("Extended"),
        "refused": mark("Refused"),
        "withdrawn": mark("Withdrawn"),
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
    "plan_event": {
        "created": mark("Drafted"),
        "changed": mark("Changed"),
        "issued": mark("Put into force"),
        "closed": mark("Closed"),
        "replaced": mark("Replaced"),
        "rolled_over": mark("Rolled over"),
        "cancelled": mark("Cancelled"),
    },
    "plan_field": {
        "title": mark("Title"),
        "year": mark("Year"),
        "number": mark("Document number"),
        "issued_on": mark("Issued on"),
        "closes_on": mark("Last allowed day of the units' reports"),
        "signer_authority": mark("Signed on whose behalf"),
        "signer_post": mark("Signer's post"),
        "signer_name": mark("Signer's name"),
        "signed_copy_id": mark("Signed copy"),
        "legal_bases": mark("Legal bases"),
        "targets": mark("Targets"),
        "recipient_unit_ids": mark("Recipients"),
        "objectives": mark("Objectives"),
    },
    "questionnaire_status": {"draft": mark("Draft"), "published": mark("Published")},
    "round_status": {
        "draft": mark("Being prepared"),
        "open": mark("Taking answers"),
        "closed": mark("Closed"),
        "cancelled": mark("Cancelled"),
    },
    **FIGURES,
    **INSPECTIONS,
    **RANKING,
    **URGING,
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
    "partner_state": {
        "active": mark("May read"),
        "expired": mark("Expired"),
        "revoked": mark("Revoked"),
    },
    "read_api": {
        "figures": mark("Figures"),
        "rankings": mark("Rankings"),
        "assignments": mark("Assignments"),
    },
    "transport": {
        "webhook": mark("Webhook: we call an address of the partner"),
        "amqp": mark("Queue (AMQP): the partner reads a queue of its own here"),
        "feed": mark("Feed: the partner asks by HTTP when it wants"),
    },
    "transport_short": {"webhook": mark("Webhook"), "amqp": mark("Queue"), "feed": mark("Feed")},
    "subscription_state": {
        "active": mark("Running"),
        "paused": mark("Paused"),
        "disabled": mark("Stopped by the system"),
    },
    **DELIVERIES,
    "producer": {
        "tasks": mark("Plans and assignments"),
        "surveys": mark("Surveys"),
        "reporting": mark("Figures"),
    },
    "event_type": EVENT_TYPES,
    **FILE_WORDS,
    **LEADERS,
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
        "cancelled": mark("Cancelled"),
        "extension_requested": mark("Extension asked for"),
        "extension_refused": mark("Extension refused"),
        "deadline_extended": mark("Deadline extended"),
        "paused": mark("Paused"),
        "resumed": mark("Resumed"),
        "handed_over": mark("Handed over to another unit"),
        "committed": mark("Written commitment"),
        "update_missed": mark("Nothing reported in a quarter"),
        "urged": mark("Urged"),
        "contribution_asked": mark("Contribution asked for"),
        "contribution_due_soon": mark("Contribution is due soon"),
        "contribution_given": mark("Contribution given"),
        "contribution_accepted": mark("Contribution accepted"),
        "contribution_returned": mark("Contribution returned"),
        "contribution_withdrawn": mark("Contribution not needed any more"),
    },
    "field": {
        "due_on": mark("Due day"),
        "triggered_on": mark("Day of the event"),
        "trigger_document": mark("Document that set it off"),
        "contribution_unit_id": mark("Coordinating unit"),
        "contribution_due_on": mark("Last day for it"),
        "accountable_person_id": mark("Accountable person"),
        "helper_ids": mark("Who works on it, too"),
        "source_number": mark("Number of the document that gives the task"),
        "source_issued_on": mark("Day of the document"),
        "source_title": mark("What the document is about"),
        "kpi_group": mark("KPI group"),
        "kpi_code": mark("KPI code"),
        "status": mark("Status"),
        "last_working_day": mark("Last working day"),
        "progress_percent": mark("Progress"),
        "requested_due_on": mark("Day asked for"),
        "unit_id": mark("Unit in charge"),
        "coordinating_unit_ids": mark("Coordinating units"),
        "document_number": mark("Document number"),
        "document_date": mark("Day of the document"),
        "promised_on": mark("Will be finished by"),
        "carried_to": mark("Carried over to"),
        "carried_from": mark("Carried over from"),
        "letter_number": mark("Number of the letter"),
        "letter_issued_on": mark("Day of the letter"),
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
    "row_standing": {
        "any": mark("All rows"),
        "open": mark("Open"),
        "complete": mark("Clear"),
        "confirmed": mark("Confirmed"),
        "already_planned": mark("Already in the plan"),
        "left_out": mark("Not taken"),
    },
    "import_state": {
        "reading": mark("Being read"),
        "ready": mark("Waits for confirmation"),
        "confirmed": mark("Confirmed"),
        "failed": mark("Could not be read"),
        "discarded": mark("Taken back"),
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
    "waiting": WAITING,
    "filter": {
        "overdue": mark("Overdue"),
        "late": mark("Late: overdue or handed in after the day"),
        "no_evidence": mark("Handed in without a file"),
        "needs_person": mark("Needs a person"),
        "accountable_lost": mark("Accountable person left or moved"),
        "in_force": mark("Of plans in force, not carried over"),
        "extension_requested": mark("Extension asked for"),
        "extension_to_decide": mark("Extension asked for that I may decide"),
        "extended": mark("Extended"),
        "paused": mark("Paused"),
        "not_paused": mark("Not paused"),
        "contribution_given": mark("With a contribution to look at"),
        "unanswered": mark("With a question not answered"),
        "update_owed": mark("Continuous, nothing reported last quarter"),
    },
    "shared_with": {
        "nobody": mark("Only me"),
        "unit": mark("My unit"),
        "department": mark("The whole department"),
    },
    "done": {**DONE, **INSPECTIONS_DONE},
    **CRITERIA,
    **DIRECTORY,
    **SHEETS,
    **UNIT_REPORTS,
    **REPORTS,
}


def label(translate: Callable[[str], str], kind: str, code: object) -> str:
    """Return the words for a code; an unknown code is shown as it is, never hidden."""
    message = LABELS.get(kind, {}).get(str(code))
    return translate(message) if message else str(code)
