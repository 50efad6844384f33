"""Words for measures against lost points and for instructions of the department's leaders."""

from portal.i18n import mark

LEADERS: dict[str, dict[str, str]] = {
    "measure_status": {
        "proposed": mark("Proposed, to be decided"),
        "accepted": mark("Accepted"),
        "returned": mark("Returned"),
    },
    "issuing_body": {
        "party_committee": mark("Party committee"),
        "government": mark("Government"),
    },
    "need": {
        "overdue": mark("Overdue"),
        "not_urged": mark("Overdue and not urged"),
        "report_late": mark("Unit report late"),
        "returned": mark("Returned, to be handed in again"),
        "needs_person": mark("Without a day"),
        "due": mark("Due, not handed in"),
    },
    "about_kind": {
        "figure": mark("A figure"),
        "row": mark("A row"),
        "report": mark("A report"),
    },
}
