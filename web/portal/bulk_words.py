"""Words of what is done to many assignments at once, and of rows by hand; `labels` holds them."""

from portal.i18n import mark

KPI_GROUPS: dict[str, str] = {
    "A": mark("A – leadership"),
    "B": mark("B – shared professional work"),
    "C": mark("C – work of the unit alone"),
    "D": mark("D – other"),
}
BULK_ACTS: dict[str, str] = {
    "accept": mark("Accept the results"),
    "return": mark("Return the results to the units"),
    "begin": mark("Mark as in progress"),
    "submit": mark("Hand in the results"),
    "set_person": mark("Set the accountable person"),
    "set_deadline": mark("Set the deadline where the plan left it open"),
    "pause": mark("Pause"),
    "resume": mark("Resume"),
    "cancel": mark("End"),
}
OUTCOMES: dict[str, str] = {
    "done": mark("done"),
    "unchanged": mark("was so already"),
    "not_found": mark("not there, or not yours to see"),
    "not_allowed": mark("not yours to do"),
    "stale": mark("changed by somebody since"),
    "refused": mark("not possible"),
}
