"""The inputs of the forms about reports, by the pointers that the service names them with."""

from portal.fields import TITLE, Field, named
from portal.i18n import mark

OF_REPORT = named(
    Field("kind", mark("Kind of report")),
    Field("from", mark("From"), is_day=True),
    Field("to", mark("Up to"), is_day=True),
    Field("plan_id", mark("Plan")),
    TITLE,
)
OF_REPORT_SIGNING = named(
    Field("number", mark("Document number")),
    Field("signed_on", mark("Signed on"), is_day=True),
    Field("signer_titles", mark("Titles of the signer")),
    Field("signer_name", mark("Signer's name")),
)
OF_DISCARDING = named(Field("reason", mark("Why it is not to be signed")))
OF_REPORT_SENDING = {
    **named(
        Field("recipient", mark("Recipient")),
        Field("sent_on", mark("Sent on"), is_day=True),
        Field("channel", mark("Sent by")),
        Field("note", mark("Note")),
    ),
    "/number": Field("number", mark("Number at the recipient's"), own_id="sent-number"),
}
OF_REPORT_MAIL = {
    "/recipient": Field("mail_recipient", mark("Recipient")),
    "/mail_to": Field("mail_to", mark("E-mail address")),
    "/note": Field("mail_note", mark("Note (not in the letter)")),
}
