"""Words of units' reports: where they stand."""

from portal.i18n import mark

UNIT_REPORTS: dict[str, dict[str, str]] = {
    "report_status": {
        "owed": mark("Not begun"),
        "draft": mark("Being written"),
        "submitted": mark("With the head of the unit"),
        "approved": mark("Handed in to the Office"),
        "returned": mark("Returned, to be handed in again"),
        "accepted": mark("Accepted by the Office"),
    },
    "report_count": {
        "all": mark("Assignments with a deadline"),
        "done": mark("Done"),
        "due": mark("Due so far"),
        "done_due": mark("Done of those due"),
        "overdue": mark("Overdue"),
        "waiting": mark("Waiting for acceptance"),
        "paused": mark("Paused"),
        "undated": mark("Continuous or without a day"),
        "contributions_asked": mark("Contributions asked for"),
        "contributions_given": mark("Contributions given"),
        "contributions_on_time": mark("Contributions given in time"),
    },
    "report_words": {
        "results": mark("Results"),
        "measures": mark("Measures against what falls short"),
        "proposals": mark("Proposals"),
    },
}
