"""Words of urging; `labels` holds them."""

from portal.i18n import mark

URGING: dict[str, dict[str, str]] = {
    "urging_reason": {
        "lead": mark("Who is accountable, else the head of the lead unit"),
        "coordinating": mark("The heads of coordinating units"),
        "any": mark("Both"),
        "ladder": mark("By the ladder"),
        "report": mark("Units that have not reported"),
    },
    "urging_origin": {"office": mark("By hand"), "ladder": mark("Automatic")},
    "urged_as": {
        "lead": mark("leads"),
        "coordinating": mark("coordinates"),
        "person": mark("leads"),
        "head": mark("head of the unit"),
        "office": mark("the Office follows"),
        "director": mark("the Director in charge"),
        "stands_in": mark("stands in"),
    },
    "ladder_told": {
        "person": mark("Who is accountable"),
        "head": mark("Head of the lead unit"),
        "office": mark("Office of the department"),
        "director": mark("Director in charge"),
    },
}
