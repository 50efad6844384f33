"""What routes of several nouns need."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from chassis.web import RequestBody
from surveys.answers.reception import Reception
from surveys.codes.signer import Codes


class Nothing(RequestBody):
    """An empty object."""


async def _reception(request: Request) -> Reception:
    reception: Reception = request.app.state.reception
    return reception


async def _codes(request: Request) -> Codes:
    codes: Codes = request.app.state.reception.codes
    return codes


TheReception = Annotated[Reception, Depends(_reception)]
TheCodes = Annotated[Codes, Depends(_codes)]
