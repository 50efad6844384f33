"""Words about criteria sets: methods, what feeds a row, what differs, how sure a proposal is."""

from portal.i18n import mark

CRITERIA: dict[str, dict[str, str]] = {
    "criteria_status": {"draft": mark("Draft"), "published": mark("put into force")},
    "criteria_serves": {
        "par_index": mark("PAR index of the department"),
        "own_figure": mark("A figure of its own"),
    },
    "criteria_method": {
        "proportional": mark("By rate"),
        "boolean": mark("Holds or does not"),
        "tiered": mark("By tiers"),
        "deduction": mark("By deduction"),
        "survey_options": mark("Answer options of a survey"),
        "survey_index": mark("Satisfaction index of a factor"),
    },
    "criteria_feeds": {
        "tasks": mark("from tasks"),
        "surveys": mark("from surveys"),
        "reporting": mark("from reports"),
    },
    "difference": {
        "added": mark("New"),
        "removed": mark("Gone"),
        "changed": mark("Changed"),
    },
    "confidence": {
        "high": mark("fairly sure"),
        "low": mark("look closely"),
    },
    "proposal_basis": {
        "code": mark("its code stands in the task"),
        "wording": mark("the wording is alike"),
    },
    "carried": {
        "same": mark("the same"),
        "renamed": mark("called otherwise"),
        "gone": mark("not in this version"),
    },
}
