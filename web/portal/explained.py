"""What each page is for, in two sentences, and the guide of the reader's role."""

from collections.abc import Mapping
from typing import Any

from portal.i18n import mark

_PARTNERS = mark(
    "Systems of other organisations that may read events and figures. Administrators enter them, "
    "give them keys and can revoke both."
)
_SUBSCRIPTIONS = mark(
    "What is handed over to a partner, how, and what became of each delivery. Nothing is lost "
    "while a partner is away: it goes on from where it stopped."
)
_CRITERIA = mark(
    "What earns points, how many and by which method, version by version. A draft is changed, "
    "compared and put into force; what is in force stays as it is."
)
_HANDLING = mark(
    "What the Office proposes about a person, with what proves it, and what the Director decided. "
    "Only the Office, the Director and the auditor see it, and nothing follows by itself."
)
_REPORTS = mark(
    "A report made from one frozen snapshot: text, tables and documents all come from it. Select a "
    "sentence to see its figures, and mend its words until the report is checked and signed."
)
_KINDS = mark(
    "What each kind of report is made of: its outline, periods, wordings and recipients. What is "
    "changed here holds for new reports; those that were made stay as they are."
)
_TEMPLATES = mark(
    "How reports look in Word: take a template away, edit it and upload it as a new version. Each "
    "is checked first, and every mistake is named with its place."
)
_EVENT_TYPES = mark(
    "Every kind of event that a partner can receive, with its fields and an example. Look for it "
    "by the name of what happened."
)
_INSTRUCTION = mark(
    "What the department's leaders tell units to do, with its document and what gave rise to it. "
    "Each instruction is an assignment from the moment it is issued."
)
_ENTRY = mark(
    "Adds a row to a plan beside its appendix. How its deadline is understood is shown before "
    "anything is kept."
)
EXPLAINED: dict[str, str] = {
    "dashboard.html": mark(
        "What waits for you and your unit stands first, below it the figures of the year as they "
        "are now. Select a figure to see where it comes from."
    ),
    "assignments.html": mark(
        "Every task given to a unit, with its deadline and how far it is. Filter and sort the "
        "list, save it as a view, or take it away as an Excel file."
    ),
    "assignments/": mark(
        "The same list in another form, under the same filters. Go back to the table to change "
        "what is shown."
    ),
    "assignments/entry.html": _ENTRY,
    "assignments/entered.html": _ENTRY,
    "assignments/bulk.html": mark(
        "One act for all that was ticked. What will happen to each is shown first, and what "
        "refuses it stays as it is."
    ),
    "assignment.html": mark(
        "One task given to one unit: who does it, until when, what was handed in and what "
        "happened. What your role can do with it stands at the top."
    ),
    "file.html": mark(
        "What the server attests of this file: what came, when, from whom and for which task. "
        "Print the receipt, see who signed, and compare the fingerprint of a copy with this one."
    ),
    "plans.html": mark(
        "Every plan of the department by year. Open one to see its document, its objectives and "
        "its assignments."
    ),
    "plan.html": mark(
        "One plan: its document, its recipients, its objectives and what became of its tasks. "
        "Whoever may change it finds the steps at the top, and each says first what it touches."
    ),
    "plans/": mark(
        "This step changes a plan and is kept in its history. Read what it touches before you "
        "confirm."
    ),
    "directory.html": mark(
        "The units and people of the department, as every other page knows them. Open one to "
        "change it, or take all of it away as an Excel file."
    ),
    "directory/": mark(
        "Units, people and groups are kept here, each change with who made it. What ends, ends "
        "with a reason, and its history stays."
    ),
    "calendar.html": mark(
        "The days off and the days worked instead, by which every deadline is counted. "
        "Administrators change it, after seeing which deadlines would move."
    ),
    "calendar/": mark(
        "This step changes the working calendar. Look at the deadlines that would move before "
        "you store it."
    ),
    "questions.html": mark(
        "What units ask the Office about their tasks, the longest waiting first. Open one to "
        "read or give the answer."
    ),
    "question.html": mark(
        "One question about a task and what the Office answered. An answer may be made known to "
        "all units of the plan."
    ),
    "measures/criterion.html": mark(
        "Which sub-criterion is weak though no published score sheet says so, and why. Units then "
        "propose measures against it as against what lost points."
    ),
    "measures.html": mark(
        "What lost points in the department's published score sheet, and what is done about each. "
        "Units propose measures, the Office takes them into a plan as assignments."
    ),
    "office_month.html": mark(
        "What the Office follows in a month: who reports when, what is late and urged, which units "
        "need attention and why. Select a reason to act on what it counts."
    ),
    "instructions.html": _INSTRUCTION,
    "instruction.html": _INSTRUCTION,
    "instructions/new.html": _INSTRUCTION,
    "unit_reports.html": mark(
        "The reports that units owe under the plans in force: who has handed in, who has not, who "
        "was late. Open your own to write it, or take all of them away as one document."
    ),
    "unit_report.html": mark(
        "One unit's report, begun from the figures of its assignments and written by people. What "
        "your role can do with it stands below the text."
    ),
    "unit_reports/": mark(
        "What holds for the reports of all units until somebody changes it. Each change is kept "
        "with who made it."
    ),
    "import.html": mark(
        "The appendix as the system has read it, row by row, beside the words of the file. Correct "
        "what is wrong, then confirm: only then assignments are made."
    ),
    "imports/": mark(
        "An appendix is uploaded, read and looked at before anything is made of it. What is "
        "unclear is asked, not guessed."
    ),
    "surveys.html": mark(
        "Rounds in which people say how satisfied they are with the service. Open a round to see "
        "how many have answered."
    ),
    "survey.html": mark(
        "One survey round: its links and tickets, and its figures once enough have answered. No "
        "answer can be led back to a person."
    ),
    "surveys/": mark(
        "This page belongs to a survey round or its questionnaire. What is published does not "
        "change afterwards without saying so."
    ),
    "indices/": mark(
        "Where a figure comes from, down to the single facts. Every step can be worked out again "
        "by hand."
    ),
    "indices/links.html": mark(
        "Which tasks serve which sub-criteria of this set. Proposals wait for a person, and only "
        "what is confirmed here is counted."
    ),
    "criteria_sets.html": _CRITERIA,
    "criteria_set.html": _CRITERIA,
    "criteria/": _CRITERIA,
    "rankings.html": mark(
        "Where the bodies of a block stand in a year, with grades and the change since last year. "
        "What is published never changes; a mistake is corrected by a new version that says why."
    ),
    "rankings/": mark(
        "The same ranking seen in another way: by area, body beside body, or year beside year. "
        "Every picture stands beside its table."
    ),
    "heads/": mark(
        "What the head of a unit answers for: open and late work, weaknesses that came back, "
        "points held. Select a figure to see what it is made of."
    ),
    "score_sheets.html": mark(
        "The score sheets of a year, block by block: your own, those you appraise and those that "
        "are published. Open one to score, prove, appraise or explain its rows."
    ),
    "body_sheet.html": mark(
        "One body's score sheet, row by row, each with its evidence and its history. Who may enter "
        "what depends on the step it has reached; the last figures are those of the appraisal."
    ),
    "score_sheets/": mark(
        "One row of a score sheet with what proves it. Everything that was changed is kept, with "
        "who did it and why."
    ),
    "bodies.html": mark(
        "The bodies that are scored, in the blocks in which they are ranked. Administrators and "
        "the Office say here who acts for a body and who appraises a block."
    ),
    "bodies/": mark(
        "Facts of a block or of a body. What was scored under them before stays as it was."
    ),
    "urgings.html": mark(
        "Every urging that concerns you, by hand and by the ladder. Open one to see who was told, "
        "who has seen it and who says that they know."
    ),
    "urging.html": mark(
        "One urging: whom it reached, how far it has come with each, and which assignments it is "
        "about. The official letter is made here, and its number entered."
    ),
    "urgings/": mark(
        "Urges the people of what was ticked, by the reason you choose. Who gets what is shown "
        "before it is sent, and it is sent once."
    ),
    "urging_ladder.html": mark(
        "How many working days before and after a due day the clock tells somebody, and whom. The "
        "Office and administrators change it, with a reason."
    ),
    "inspections.html": mark(
        "Every inspection of a year, whichever body makes it, with what it found and what meets "
        "on the calendar. Below stands what units repeat, for those who may know."
    ),
    "inspection.html": mark(
        "One inspection from its plan to its conclusion: team, records, findings, what is to be "
        "remedied. The next step stands at the bottom, for whoever may take it."
    ),
    "inspections/": mark(
        "Inspections of all bodies are planned together here. Overlaps are warned of and never "
        "forbidden."
    ),
    "handling_proposals.html": _HANDLING,
    "handling_proposal.html": _HANDLING,
    "handling/": _HANDLING,
    "reports.html": mark(
        "The department's reports: drafts, and what was signed and sent, with its number and hash. "
        "Find one by words of its title, its kind or its year."
    ),
    "reports/": _REPORTS,
    "reports/kinds.html": _KINDS,
    "reports/kind_form.html": _KINDS,
    "reports/confirm.html": _KINDS,
    "reports/templates.html": _TEMPLATES,
    "reports/fields.html": _TEMPLATES,
    "notifications.html": mark(
        "What concerns you: deadlines, results, indices. Each line says why you are told, and "
        "leads to the page it is about."
    ),
    "partners.html": _PARTNERS,
    "partner.html": _PARTNERS,
    "partners/": _PARTNERS,
    "subscriptions.html": _SUBSCRIPTIONS,
    "subscription.html": _SUBSCRIPTIONS,
    "subscriptions/": _SUBSCRIPTIONS,
    "event_types.html": _EVENT_TYPES,
    "event_type.html": _EVENT_TYPES,
    "trusted_roots.html": mark(
        "Certificates of the authorities whose signatures the department trusts. An administrator "
        "adds and removes them, and every change is kept in the audit."
    ),
}
GUIDES = {
    "unit_officer": "chuyen-vien",
    "unit_head": "lanh-dao-don-vi",
    "office": "van-phong",
    "director": "giam-doc",
    "appraiser": "tham-dinh",
    "auditor": "kiem-tra-vien",
    "admin": "quan-tri",
}
"""The guide of each role; who has none of these finds the list of guides."""


def explained(template: str) -> str | None:
    """Return what a page is for, of itself or of its kind; None for errors and guides."""
    return EXPLAINED.get(template) or EXPLAINED.get(template.rpartition("/")[0] + "/")


def guide_of(me: Mapping[str, Any]) -> str:
    """Return the address of the guide that somebody reads first."""
    name = GUIDES.get(str(me.get("role")))
    return f"/guides/{name}" if name else "/guides"
