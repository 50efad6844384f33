"""Events of instructions that leaders write; `contracts.tasks` has them by these names."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.events import Event, OfStaff, Payload

IssuingBody = Literal["party_committee", "government"]


class InstructionState(Payload):
    """What a leader tells a unit to do. The words stay in tasks.

    `issuing_body`: cấp ủy or chính quyền. `on_behalf_of_id`: the Director for whom it was written
    down, None where the Director wrote it. `assignment_ids`: all that it became, one for each time
    its deadline falls due; `assignment_id`, `assignment_number`: the first of them.
    """

    instruction_id: UUID
    version: int
    unit_id: UUID
    issuing_body: IssuingBody
    document_number: str | None
    document_issued_on: date | None
    issued_by_id: OfStaff
    on_behalf_of_id: OfStaff
    plan_id: UUID
    assignment_id: UUID
    assignment_number: str
    deadline_text: str
    assignment_ids: list[UUID] = Field(default=[])


class InstructionIssued(
    Event, type="tasks.instruction_issued.v1", aggregate="instruction", audience="internal"
):
    """A leader instructs a unit: it is an assignment of a plan now."""

    instruction: InstructionState

    @property
    def subject(self) -> UUID:
        """Id of the instruction."""
        return self.instruction.instruction_id

    @property
    def version(self) -> int:
        """Version of the instruction."""
        return self.instruction.version
