"""What becomes of a draft: checked, put aside, signed for good, sent."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.clock import database_now
from chassis.entered import MailAddress, readable_text
from chassis.files import Files
from chassis.rules import WrongValue
from chassis.web import (
    CurrentActor,
    Day,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from chassis.words import N_, Sentence
from reporting.reports import actions
from reporting.reports.doors import Checking, Discarding, SendingOf, Signing
from reporting.reports.outline import Line, Short, Text
from reporting.reports.views import ReportView, report_view

router = ServiceRouter(prefix="/v1/reports", tags=["reports"])

_NUMBER = r"^[0-9]{1,6}[A-Za-z]?$"
_NUMBER_SCHEMA: dict[str, Any] = {"pattern": _NUMBER, "maxLength": 7}
_NO_NUMBER = N_(
    "Số báo cáo “{value}” chưa đúng: chỉ ghi số, có thể thêm một chữ cái (15 hoặc 15a), không ghi "
    "ký hiệu sau dấu gạch chéo"
)
Channel = Literal["document_axis", "mail", "paper", "portal", "other"]


class CheckBody(RequestBody):
    """`remarks_read`: what the report's `remarks` say is known, and it is right nevertheless."""

    remarks_read: bool = False


def _check_number(value: str) -> str:
    """Return the number itself. Raises WrongValue for one with its symbol."""
    if not re.fullmatch(_NUMBER, value):
        raise WrongValue(Sentence(_NO_NUMBER, {"value": value[:40]}))
    return value


class DiscardBody(RequestBody):
    """Why the report is put aside."""

    reason: Reason


class SignatureBody(RequestBody):
    """How the report was signed. `number`: "15", without the symbol. Titles: as on the paper."""

    number: Annotated[str, AfterValidator(_check_number), Field(json_schema_extra=_NUMBER_SCHEMA)]
    signed_on: Day
    signer_titles: Annotated[list[Short], Field(min_length=1, max_length=4)]
    signer_name: Short


class SendingBody(RequestBody):
    """To whom the signed report was sent. `number`: under which the recipient finds it.

    `mail_to`: it is mailed from here to this address, today, with the newest signed copy.
    """

    recipient: Line
    sent_on: Day
    channel: Channel
    number: Short | None = None
    note: Annotated[Text, AfterValidator(readable_text)] | None = None
    mail_to: MailAddress | None = None


@router.post("/{id}/check", policy="report.check")
async def check_report(
    report: Checking,
    body: CheckBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> ReportView:
    """Say that the text was read and is right. 409 `report_not_now`, 412 stale.

    409 `report_remarks_unread`: there are `remarks`, and `remarks_read` does not say so.
    """
    now, read = await database_now(session), body.remarks_read
    await actions.check(session, actor, report, expected, now, remarks_read=read)
    set_etag(response, report.version)
    return await report_view(session, report, actor)


@router.post("/{id}/discard", policy="report.discard")
async def discard_report(
    report: Discarding,
    body: DiscardBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> ReportView:
    """Put a report aside that is not to be signed. 409 `report_not_now` once it is, 412 stale.

    It is kept with who, when and why, and listed where `state=discarded` asks for it.
    """
    now = await database_now(session)
    await actions.discard(session, actor, report, body.reason, expected, now)
    set_etag(response, report.version)
    return await report_view(session, report, actor)


@router.post("/{id}/sign", policy="report.sign")
async def sign_report(
    report: Signing,
    body: SignatureBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    files: Files,
    response: Response,
) -> ReportView:
    """Enter how it was signed; from now on it never changes. 412 stale.

    422 `report_invalid` for a number or a day that cannot be.
    409 `report_source_unconfirmed` names composed data that no administrator has confirmed,
    `report_not_now`, `report_number_taken`.
    """
    now = await database_now(session)
    await actions.sign(session, actor, files, report, body.model_dump(), expected, now)
    set_etag(response, report.version)
    return await report_view(session, report, actor)


@router.post("/{id}/send", policy="report.send", status_code=201)
async def send_report(
    report: SendingOf,
    body: SendingBody,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> ReportView:
    """Enter to whom the signed report was sent, how and when; or mail it from here (`mail_to`).

    409 `report_not_now`, `report_copy_missing`; 422 `report_invalid`. What is entered already, to
    the last word, is not entered twice, unless its mail failed.
    """
    await actions.send(session, actor, report, body.model_dump(), await database_now(session))
    set_etag(response, report.version)
    return await report_view(session, report, actor)
