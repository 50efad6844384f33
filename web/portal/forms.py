"""What a browser sends in: forms with the session's token, their fields, addresses of pages."""

import hmac
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from portal.format import iso_day
from portal.problems import FormRefused, Problem
from portal.visit import Visitor

LARGEST_FORM = 50_000_000  # bytes: two of the largest files that the services take


async def checked_form(request: Request, visit: Visitor) -> FormData:
    """Return the form if it carries the session's own token. Raises FormRefused."""
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
        raise Problem(413, {"code": "form_too_large"})
    form = await request.form()
    sent = form.get("csrf_token")
    if not isinstance(sent, str) or not hmac.compare_digest(sent, visit.csrf_token):
        raise FormRefused
    return form


Form = Annotated[FormData, Depends(checked_form)]


def text(form: FormData, name: str) -> str:
    """Return a field as stripped text; a missing one, or a file, is empty."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def whole(form: FormData, name: str) -> int | str:
    """Return a field as a whole number; what is none stays text, for the service to refuse."""
    written = text(form, name)
    return int(written) if written.isdecimal() else written


def day(form: FormData, name: str) -> str:
    """Return a day field, written 30/11/2025, as 2025-11-30; empty when left blank.

    Raises Problem `day_unreadable` for what is no such day.
    """
    written = text(form, name)
    if not written:
        return ""
    try:
        return iso_day(written)
    except ValueError as error:
        pointer = {"pointer": f"/{name}", "message": ""}
        raise Problem(422, {"code": "day_unreadable", "errors": [pointer]}) from error


def own_page(address: str, otherwise: str = "/") -> str:
    """Return an address if it is a page of ours: one with a host would lead people elsewhere."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside else otherwise
