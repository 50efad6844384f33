"""Words for reports: their states, the ways they are sent."""

from portal.i18n import mark

REPORTS: dict[str, dict[str, str]] = {
    "report_state": {
        "preparing": mark("Being made"),
        "failed": mark("Could not be made"),
        "draft": mark("Draft"),
        "checked": mark("Checked"),
        "signed": mark("Signed"),
        "sent": mark("Sent"),
        "discarded": mark("Put aside"),
    },
    "composed_key": {
        "report_kind": mark("Kind of report"),
        "criteria_set": mark("Criteria set"),
        "questionnaire": mark("Questionnaire"),
    },
    "report_channel": {
        "document_axis": mark("Document exchange of the province"),
        "mail": mark("E-mail"),
        "paper": mark("On paper"),
        "portal": mark("A reporting portal"),
        "other": mark("Another way"),
    },
    "report_kind_field": {
        "name": mark("Name of the kind"),
        "active": mark("May be chosen for new reports"),
        "needs_plan": mark("It is about one plan"),
        "composed": mark("Composed, not official"),
        "indices_as_of": mark("As of when indices stand"),
        "source": mark("What it follows"),
        "parent": mark("Body above"),
        "issuer": mark("Issuing body"),
        "symbol": mark("Symbol behind the number"),
        "place": mark("Place"),
        "paper": mark("Paper"),
        "subject": mark("Title"),
        "opening": mark("Opening paragraph"),
        "closing": mark("Closing paragraph"),
        "addressed_to": mark("Addressed to"),
        "copies_to": mark("Copies to"),
        "signer_titles": mark("Titles of the signer"),
        "signer_name": mark("Signer's name"),
        "windows": mark("Periods"),
        "outline": mark("Wording of sections"),
        "annexes": mark("Annexes"),
    },
    "report_mail": {
        "queued": mark("The e-mail waits to be sent"),
        "sending": mark("The e-mail is being sent"),
        "sent": mark("The mail server has taken it"),
        "unknown": mark("The connection broke: it is sent again"),
        "failed": mark("The e-mail was not taken: enter it again with the right address"),
    },
}
