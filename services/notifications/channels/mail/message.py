"""What a mail says: pure. The same delivery has one Message-ID, however often it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chassis.clock import TIME_ZONE
from chassis.entered import mail_address, readable
from chassis.mail import CONTROL, address_field, parted, text_field
from notifications.ledger.views import NotificationText

LISTED = 50  # notifications of one mail that are written out; the rest is counted
PAGES = {"assignment": "/assignments/{}", "question": "/questions/{}",
         "measure": "/measures?id={}", "instruction": "/instructions/{}",
         "inspection": "/inspections/{}",
         "plan": "/plans/{}", "round": "/surveys/{}", "sheet": "/score_sheets",
         "unit_report": "/unit_reports/{}",
         "subscription": "/subscriptions/{}",
         "partner": "/partners/{}"}  # fmt: skip

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Sheet:
    """Who writes, and where the links lead. `sender`: `Name <address>`."""

    sender: str
    public_base_url: str

    def __post_init__(self) -> None:
        """Raise ValueError for a sender no mail can come from; `localhost` is for one machine."""
        readable(self.sender)
        if not self.address.endswith("@localhost"):
            mail_address(self.address)

    @property
    def address(self) -> str:
        """The bare address of the sender."""
        return parted(self.sender)[1]

    def message_id(self, delivery_id: UUID) -> str:
        """Return the one Message-ID of a delivery: a mail that comes twice can be recognised."""
        return f"<{delivery_id}@{self.address.rpartition('@')[2] or 'localhost'}>"

    def page(self, item: NotificationText) -> str:
        """Return where the subject of a notification can be seen."""
        path = PAGES.get(item.subject_type, "/").format(item.subject_id)
        return self.public_base_url.rstrip("/") + path


@dataclass(frozen=True)
class Mail:
    """One mail to one person, as said `at` the moment of sending.

    `inside`: to somebody who can open our pages; else it leads to none.
    """

    message_id: str
    name: str
    address: str
    at: datetime
    subject: str
    items: Sequence[NotificationText]
    inside: bool = True


def message_of(mail: Mail, sheet: Sheet) -> EmailMessage:
    """Return the message, text and HTML. Raises ValueError for an address nobody can have."""
    subject = _one_line(mail.subject)
    message = EmailMessage(policy=SMTP.clone(refold_source="none"))
    name, address = parted(sheet.sender)
    fields = {
        "Subject": text_field("Subject", f"[Nhịp CCHC] {subject}"),
        "From": address_field("From", _one_line(name), address),
        "To": address_field("To", _one_line(mail.name), mail_address(mail.address)),
        "Date": format_datetime(mail.at.astimezone(TIME_ZONE)),
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
    }
    for field, value in fields.items():
        message.set_raw(field, value)  # as written: the library's own folding loses spaces
    facts = {
        "subject": subject,
        "items": [(item, sheet.page(item) if mail.inside else "") for item in mail.items[:LISTED]],
        "more": max(0, len(mail.items) - LISTED),
        "all_page": sheet.public_base_url.rstrip("/") + "/notifications" if mail.inside else "",
    }
    message.set_content(_templates.get_template("mail.txt").render(facts))
    message.add_alternative(_templates.get_template("mail.html").render(facts), subtype="html")
    return message


def _one_line(text: str) -> str:
    return " ".join(CONTROL.sub(" ", text).split())
