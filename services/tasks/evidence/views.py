"""A file of evidence as the API shows it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.signatures.views import SignaturesView
from chassis.web import ResponseBody


class PlaceView(ResponseBody):
    """Where a file stands: with an assignment, as what `kind` says, or as a plan's signed copy.

    `number`, `title`: of the assignment or the plan. `at`: when it was handed in there.
    """

    kind: Literal["result", "commitment", "contribution", "answer", "plan"]
    id: UUID
    number: str
    title: str
    unit_id: UUID | None
    at: datetime | None


class SameFileView(ResponseBody):
    """Another file with the same content, and where it stands as far as the caller may see."""

    id: UUID
    name: str
    received_at: datetime
    received_from: str | None
    places: list[PlaceView]


class ReceiptView(ResponseBody):
    """What the server can attest of a file: what came, when and from whom.

    `sha256`: in hex, of the content. `received_at`: by the server's clock. `drawable`: its pages
    can be shown as pictures. `signatures`: null for what is no PDF.
    """

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    received_at: datetime
    received_from: str | None
    places: list[PlaceView]
    same: list[SameFileView]
    drawable: bool
    signatures: SignaturesView | None


class AssignmentEvidence(ResponseBody):
    """The files of an assignment's results and commitments, in the order they came."""

    data: list[ReceiptView]


class PagesView(ResponseBody):
    """How many pages of a file can be shown as pictures."""

    pages: int
