"""Words of inspections, their findings, and handling proposals."""

from portal.i18n import mark

INSPECTIONS: dict[str, dict[str, str]] = {
    "inspection_body": {
        "government": mark("Government"),
        "party_committee": mark("Party committee"),
        "joint": mark("Joint team"),
    },
    "inspection_method": {
        "planned": mark("As planned"),
        "unannounced": mark("Unannounced"),
        "documents": mark("On documents"),
        "system_data": mark("On the system's data"),
        "citizen_feedback": mark("From citizens' feedback"),
    },
    "inspection_state": {
        "planned": mark("Planned"),
        "announced": mark("Announced"),
        "visited": mark("Carried out"),
        "concluded": mark("Concluded"),
        "cancelled": mark("Cancelled"),
    },
    "finding_kind": {
        "shortcoming": mark("Shortcoming"),
        "limitation": mark("Limitation"),
    },
    "inspection_duty": {
        "head": mark("Head of the team"),
        "member": mark("Member"),
        "substitute": mark("Substitute"),
    },
}
INSPECTIONS_DONE: dict[str, str] = {
    "inspection_planned": mark("The inspection is in the plan."),
    "inspection_changed": mark("Inspection updated."),
    "inspection_announce": mark("Announced: the unit sees what it is asked for."),
    "inspection_visit": mark("Carried out. Findings can be written down now."),
    "inspection_findings": mark("Finding written down. The Office is told."),
    "inspection_finding_closed": mark("Finding closed. The unit reads why."),
    "inspection_conclude": mark("Concluded: what is to be remedied became assignments."),
    "inspection_cancel": mark("The inspection is cancelled."),
    "inspection_rule": mark("Rule changed."),
    "handling_kinds": mark("List of kinds changed."),
    "handling_proposed": mark("Proposal written down. Nobody is told."),
    "handling_decided": mark("Decision written down. Nobody is told."),
}
