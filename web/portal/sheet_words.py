"""Words for bodies' score sheets: their states, what a row lacks, who did what."""

from portal.i18n import mark

SHEETS: dict[str, dict[str, str]] = {
    "sheet_state": {
        "opened": mark("Open, nothing entered yet"),
        "self_scoring": mark("Being self-scored"),
        "locked": mark("Locked, in its first appraisal"),
        "explaining": mark("To be explained"),
        "explained": mark("In its second appraisal"),
        "approved": mark("Approved"),
        "published": mark("Published"),
    },
    "sheet_lack": {
        "score": mark("points missing"),
        "evidence": mark("evidence or a note missing"),
        "appraisal": mark("not appraised yet"),
        "answer": mark("not explained yet"),
    },
    "sheet_step": {
        "lock_opened": mark("Locking ends the self-scoring: nothing of it changes afterwards."),
        "lock_self_scoring": mark(
            "Locking ends the self-scoring: nothing of it changes afterwards."
        ),
        "lock_locked": mark(
            "Locking ends the first appraisal and tells the body what it has to explain."
        ),
        "lock_explaining": mark("Locking ends the explanations and hands the sheet back."),
        "approve_explained": mark("Approving keeps the figures as they are now, for good."),
        "publish_approved": mark("Publishing lets everybody in the department read this sheet."),
    },
    "sheet_ask": {
        "lock_opened": mark("Lock the self-scores?"),
        "lock_self_scoring": mark("Lock the self-scores?"),
        "lock_locked": mark("End the first appraisal?"),
        "lock_explaining": mark("Lock the explanations?"),
        "approve_explained": mark("Approve the sheet?"),
        "publish_approved": mark("Publish the sheet?"),
    },
    "sheet_undone": {
        "reopen": mark("reopened"),
        "extend": mark("last day moved"),
    },
    "evidence_kind": {
        "result": mark("Accepted result"),
        "report": mark("Report"),
        "inspection": mark("Inspection"),
        "finding": mark("Finding of an inspection"),
        "document": mark("Document"),
        "link": mark("Address"),
    },
    "sheet_act": {
        "self_score": mark("self-scored"),
        "prove": mark("evidence"),
        "answer": mark("explained"),
        "appraise": mark("appraised"),
        "ask": mark("asked"),
        "import_last_year": mark("entered last year's points"),
        "count_ballots": mark("entered counted ballots"),
        "enter_survey": mark("entered a published figure"),
        "change": mark("changed"),
    },
    "sheet_field": {
        "self_score": mark("Self-score"),
        "self_done": mark("Numerator"),
        "self_due": mark("Denominator"),
        "self_note": mark("How it was scored"),
        "not_applicable_reason": mark("Not applicable, because"),
        "not_applicable_accepted": mark("Left out"),
        "appraised_1": mark("Appraisal 1"),
        "appraised_2": mark("Appraisal 2"),
        "appraised_done": mark("Appraised numerator"),
        "appraised_due": mark("Appraised denominator"),
        "appraisal_note": mark("Why it differs"),
        "appraisal_note_2": mark("Why it differs, second appraisal"),
        "question": mark("To be explained"),
        "answer": mark("Explanation"),
        "evidence": mark("Evidence"),
        "ballots": mark("Ballots"),
        "ballots_evidence": mark("What proves it"),
        "ballots_accepted": mark("accepted"),
        "survey_index": mark("Published satisfaction index"),
        "survey_source": mark("Where it is published"),
        "survey_dated_on": mark("Its day"),
        "last_year_score": mark("Last year's points"),
        "last_year_max": mark("Last year's maximum"),
    },
    "block_kind": {
        "internal_units": mark("Units of the department"),
        "departments": mark("Departments of the province"),
        "vertical_agencies": mark("Vertical agencies"),
        "communes": mark("Communes"),
    },
    "without_survey": {
        "left_out": mark("leaves the sum: points are counted of the rest"),
        "zero": mark("counts 0 points"),
    },
}
