"""Signed reports that leave by mail from here: a letter with the signed copy, tried for days.

Nobody knows whether a letter left when the connection breaks or the process ends meanwhile: it is
sent again under the same Message-ID, rather twice than never.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs, traces
from chassis.access import Actor
from chassis.clock import TIME_ZONE, database_now, local_date
from chassis.files import FileStore
from chassis.jobs import JobContext
from chassis.mail import Outcome, ServerAway, address_field, connected, hand_over, parted
from chassis.mail import text_field as field
from chassis.tables import person
from reporting.reports.domain import check_day, check_mail
from reporting.reports.events import lost
from reporting.reports.models import Report, Sending

MAIL_REPORT = "mail_report"
PATIENCE = timedelta(days=3)
"""With a mail server that does not take it; then it has failed."""
AGAIN_AFTER = timedelta(minutes=10)
_OPEN = ("queued", "sending", "unknown")
_WORDS = """Kính gửi: {recipient}

{organisation} gửi {title}, số {number} ngày {day}.

Tệp kèm theo: {file} (SHA-256: {sha256}).
"""


@dataclass(frozen=True)
class Post:
    """The mail server, and who writes: `Name <address>`."""

    smtp_url: str
    sender: str


@dataclass(frozen=True)
class Letter:
    """What is sent, to whom."""

    to: str
    content: bytes


async def enqueue(
    session: AsyncSession, actor: Actor, report: Report, sending: Sending, now: datetime
) -> None:
    """Have the newest signed copy mailed.

    Raises InputRefused, RuleBroken (`report_copy_missing`).
    """
    today = local_date(now)
    check_mail(sending.channel, has_copy=report.signed_copy_file_id is not None)
    check_day("/sent_on", sending.sent_on, today, today)
    sending.mail_state = "queued"
    await jobs.enqueue(session, MAIL_REPORT, {"sending_id": sending.id}, actor.person_id)


async def run(context: JobContext, files: FileStore, post: Post) -> dict[str, Any]:
    """Send one letter, unless it is out already."""
    id_ = UUID(context.payload["sending_id"])
    async with context.sessions.begin() as session:
        letter = await _claimed(session, id_, files, post)
    outcome = await _sent(letter, post) if letter is not None else None
    result = {"state": outcome.state if outcome else None}
    async with context.sessions.begin() as session:
        if outcome is not None:
            await _keep(session, id_, outcome)
        await context.complete(session, result)
    return result


async def _keep(session: AsyncSession, id_: UUID, outcome: Outcome) -> None:
    sending = await session.get_one(Sending, id_, with_for_update=True)
    if sending.mail_state not in _OPEN:
        return
    sending.mail_state, sending.mail_reply = outcome.state, outcome.reply[:500]
    if outcome.state == "failed":
        await _tell(session, sending, "refused", await database_now(session))


async def _tell(session: AsyncSession, sending: Sending, because: str, now: datetime) -> None:
    report = await session.get_one(Report, sending.report_id)
    await traces.leave(
        session, None, "report.mail_fail", report.id, lost(report, sending, because), now=now,
        after={"recipient": sending.recipient, "mail_to": sending.mail_to, "because": because,
               "reply": sending.mail_reply},
    )  # fmt: skip


async def try_again(session: AsyncSession, now: datetime) -> None:
    """Take up what was not taken, or broke off, ten minutes later; give up after three days."""
    tried_at = func.coalesce(Sending.mail_tried_at, Sending.sent_at)
    late = select(Sending).where(Sending.mail_state.in_(_OPEN), tried_at < now - AGAIN_AFTER)
    for sending in await session.scalars(late.with_for_update(skip_locked=True)):
        if sending.sent_at < now - PATIENCE:
            sending.mail_state = "failed"
            await _tell(session, sending, "given_up", now)
        else:
            await jobs.enqueue(session, MAIL_REPORT, {"sending_id": sending.id}, sending.sent_by)


async def _claimed(session: AsyncSession, id_: UUID, files: FileStore, post: Post) -> Letter | None:
    sending = await session.get(Sending, id_, with_for_update=True)
    if sending is None or sending.mail_state not in _OPEN or sending.mail_to is None:
        return None
    report = await session.get_one(Report, sending.report_id)
    now = await database_now(session)
    sending.mail_state, sending.mail_tried_at = "sending", now
    answers_to = await session.scalar(select(person.c.email).where(person.c.id == sending.sent_by))
    message = _message(report, sending, post.sender, answers_to, now)
    file = await files.find(session, cast("UUID", report.signed_copy_file_id))
    message.set_content(_WORDS.format(
        recipient=sending.recipient, organisation=parted(post.sender)[0] or "Sở Nội vụ",
        title=report.title, number=report.number, day=f"{report.signed_on:%d/%m/%Y}",
        file=file.name, sha256=file.sha256,
    ))  # fmt: skip
    content = await files.read(file)
    message.add_attachment(content, maintype="application", subtype="pdf", filename=file.name)
    return Letter(sending.mail_to, message.as_bytes())


def _message(
    report: Report, sending: Sending, sender: str, answers_to: str | None, now: datetime
) -> EmailMessage:
    name, address = parted(sender)
    fields = {
        "Subject": field("Subject", f"{report.number}: {report.title}"),
        "From": address_field("From", name, address),
        "To": address_field("To", sending.recipient, str(sending.mail_to)),
        "Date": format_datetime(now.astimezone(TIME_ZONE)),
        "Message-ID": f"<{sending.id}@{address.rpartition('@')[2] or 'localhost'}>",
        **({"Reply-To": f"<{answers_to}>"} if answers_to else {}),
    }
    message = EmailMessage(policy=SMTP.clone(refold_source="none"))
    for each, value in fields.items():
        message.set_raw(each, value)  # as written: the library's own folding loses spaces
    return message


async def _sent(letter: Letter, post: Post) -> Outcome:
    try:
        client = await connected(post.smtp_url)
    except ServerAway as error:
        return Outcome("queued", str(error))
    try:
        return await hand_over(client, parted(post.sender)[1], letter.to, letter.content)
    finally:
        client.close()
