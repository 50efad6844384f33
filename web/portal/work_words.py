"""What waits for somebody, by the codes of their day."""

from portal.i18n import mark

WAITING: dict[str, str] = {
    "accept": mark("Results to accept or return"),
    "extend": mark("Extensions to decide"),
    "correct": mark("Results returned: to correct"),
    "report": mark("To report on: due this week or overdue"),
    "answer": mark("Assignments with questions to answer"),
    "contribute": mark("Assignments my unit owes a contribution to"),
    "take_contribution": mark("Assignments with contributions to look at"),
    "update": mark("Continuous: last quarter's update owed"),
    "set_deadline": mark("Deadlines to set"),
    "name_person": mark("Accountable persons to name"),
}
