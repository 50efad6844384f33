"""What a browser sends in: forms with the session's token, their fields, addresses of pages."""

import hmac
import re
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from chassis.clock import TIME_ZONE
from portal.format import day_problem, iso_day
from portal.problems import AmbiguousNumber, FormRefused
from portal.visit import COOKIE, Visit, Visitor, portal_of

MOST_DIGITS = 15  # nothing here counts further, and Python reads no number of 4301 digits
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")
_GROUPED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+,\d+")
LARGEST_FORM = 50_000_000  # bytes: two of the largest files that the services take


async def read_form(request: Request) -> FormData:
    """Return what was sent; read once, it is there for pages about what went wrong, too.

    Raises HTTPException: 413 for more than LARGEST_FORM, 400 for what is no form.
    """
    if not hasattr(request.state, "form"):
        request.state.form = await request.form()
    form: FormData = request.state.form
    return form


async def checked_form(request: Request, visit: Visitor) -> FormData:
    """Return the form if it carries the session's own token. Raises FormRefused."""
    form = await read_form(request)
    token = text(form, "csrf_token")
    if not hmac.compare_digest(token.encode(), visit.csrf_token.encode()):
        await _check_earlier(request, visit, token)
    if visit.kept and visit.kept["action"] == request.url.path:
        await portal_of(request).sessions.drop_kept(request.cookies[COOKIE])
    return form


async def _check_earlier(request: Request, visit: Visit, sent: str) -> None:
    """Take a form of an earlier session of the same person: a tab that was open meanwhile."""
    sessions = portal_of(request).sessions
    if not sent or not await sessions.is_of(sent, str(visit.me.get("person_id"))):
        raise FormRefused


Form = Annotated[FormData, Depends(checked_form)]


def text(form: FormData, name: str) -> str:
    """Return a field as stripped text; a missing one, or a file, is empty.

    Forms travel with the line ends of old terminals, whatever was shown: here lines end as stored.
    """
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def whole(form: FormData, name: str) -> int | str:
    """Return a field as a whole number; what is none stays text, for the service to refuse."""
    written = text(form, name)
    return int(written) if written.isdecimal() and len(written) <= MOST_DIGITS else written


def number(form: FormData, name: str) -> str | None:
    """Return a field as a number with a decimal point: 1.234,5 is 1234.5; None when left blank.

    What is none stays text, for the service to refuse. Raises AmbiguousNumber for 1.000, which is
    one thousand to some and one to others.
    """
    written = text(form, name)
    if _AMBIGUOUS.fullmatch(written):
        raise AmbiguousNumber(written)
    if _GROUPED.fullmatch(written):
        written = written.replace(".", "")
    return written.replace(",", ".") or None


def count(form: FormData, name: str) -> int | str:
    """Return a field as a whole number, as `whole` does. Raises AmbiguousNumber."""
    if _AMBIGUOUS.fullmatch(text(form, name)):
        raise AmbiguousNumber(text(form, name))
    return whole(form, name)


def day(form: FormData, name: str) -> str:
    """Return a day field, written 30/11/2025, as 2025-11-30; empty when left blank.

    What is no day goes to the service as it was written, marked as words: so it refuses that
    together with everything else, and `fields.placed` says what is wrong about it.
    """
    written = text(form, name)
    if not written or day_problem(written) is None:
        return iso_day(written) if written else ""
    return f"“{written}”"


def instant(form: FormData, name: str) -> str:
    """Return a day field with its `…_time`, 30/11/2025 and 14:30, as an instant; empty when blank.

    Without a time the day's beginning. What is no instant goes to the service as it was written.
    """
    written = day(form, name)
    if not written:
        return ""
    given = f"{written}T{text(form, f'{name}_time') or '00:00'}"
    try:
        return datetime.fromisoformat(given).replace(tzinfo=TIME_ZONE).isoformat()
    except ValueError:
        return given
