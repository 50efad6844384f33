"""Words for what is known of a file: where it stands, who signed it."""

from portal.i18n import mark

FILE_WORDS: dict[str, dict[str, str]] = {
    "signature": {
        "good": mark("Intact, and vouched for by a trusted root"),
        "broken": mark(
            "Broken: what was signed has been changed, or this certificate did not sign it"
        ),
        "unclear": mark("It cannot be told: signed by an old procedure, or by one not known here"),
        "changed_after": mark("Changed after signing: what you see is not what was signed"),
        "no_roots": mark("Intact; no trusted root yet, so nobody vouches for the signer"),
        "untrusted": mark("Intact, but no trusted root vouches for the signer"),
    },
    "file_place": {
        "result": mark("evidence of a result"),
        "commitment": mark("written commitment"),
        "contribution": mark("contribution of a coordinating unit"),
        "answer": mark("the Office's answer to a question"),
        "plan": mark("signed copy of the plan"),
    },
    "coverage": {
        "whole_file": mark("the whole file as it is"),
        "earlier_version": mark("the file as it was when signed; more was added later"),
        "unclear": mark("only part of the file"),
    },
    "additions": {
        "signatures": mark("only further signatures"),
        "forms": mark("form fields"),
        "other": mark("other content"),
    },
}
