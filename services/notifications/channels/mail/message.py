"""What a mail says: pure, so that the same delivery is the same mail however often it is made."""

import re
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
from chassis.words import N_
from notifications.channels.mail.headers import address_field, parted, text_field
from notifications.ledger.views import NotificationText

LISTED = 50  # notifications of one mail that are written out; the rest is counted
PAGES = {"assignment": "/assignments/{}", "plan": "/plans/{}", "round": "/surveys/{}"}
SEVERAL = {
    "new_task": N_("Bạn có {n} nhiệm vụ mới"),
    "task_changed": N_("{n} nhiệm vụ của bạn được điều chỉnh"),
    "difficulty": N_("{n} nhiệm vụ gặp khó khăn, vướng mắc"),
    "result": N_("{n} kết quả nhiệm vụ cần xem"),
    "deadline": N_("{n} nhiệm vụ sắp đến hạn hoặc đã quá hạn"),
}
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
OF_SEVERAL_KINDS = N_("Bạn có {n} thông báo mới")

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
    """One mail to one person."""

    message_id: str
    name: str
    address: str
    created_at: datetime
    items: Sequence[NotificationText]


def subject_of(items: Sequence[NotificationText]) -> str:
    """Return the title of the only item, else how many there are."""
    if len(items) == 1:
        return items[0].title
    categories = {item.category for item in items}
    only = categories.pop() if len(categories) == 1 else ""
    return SEVERAL.get(only, OF_SEVERAL_KINDS).format(n=len(items))


def message_of(mail: Mail, sheet: Sheet) -> EmailMessage:
    """Return the message, text and HTML. Raises ValueError for an address nobody can have."""
    subject = _one_line(subject_of(mail.items))
    message = EmailMessage(policy=SMTP.clone(refold_source="none"))
    name, address = parted(sheet.sender)
    fields = {
        "Subject": text_field("Subject", f"[Nhịp CCHC] {subject}"),
        "From": address_field("From", _one_line(name), address),
        "To": address_field("To", _one_line(mail.name), mail_address(mail.address)),
        "Date": format_datetime(mail.created_at.astimezone(TIME_ZONE)),
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
    }
    for field, value in fields.items():
        message.set_raw(field, value)  # as written: the library's own folding loses spaces
    facts = {
        "subject": subject,
        "items": [(item, sheet.page(item)) for item in mail.items[:LISTED]],
        "more": max(0, len(mail.items) - LISTED),
        "all_page": sheet.public_base_url.rstrip("/") + "/notifications",
    }
    message.set_content(_templates.get_template("mail.txt").render(facts))
    message.add_alternative(_templates.get_template("mail.html").render(facts), subtype="html")
    return message


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
