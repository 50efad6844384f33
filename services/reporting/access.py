"""Who may do what in reporting: the one table. Figures are for everybody in the department.

A sheet's columns have owners, one row each: who enters points for the unit never appraises them.
"""

from collections.abc import Collection, Mapping
from typing import get_args
from uuid import UUID

from chassis.access import Actor, Right, Rights
from chassis.errors import NotAllowed
from chassis.words import N_, Sentence
from contracts.tasks import Role

_STAFF: frozenset[Role] = frozenset(get_args(Role)) - {"external_system"}
_COLUMNS: Mapping[str, frozenset[Role]] = {
    "self_score": frozenset({"office", "unit_head"}),
    "expected_score": frozenset({"office", "unit_head"}),
    "last_year_score": frozenset({"office"}),
    "not_applicable_reason": frozenset({"office", "unit_head"}),
    "not_applicable_accepted": frozenset({"appraiser"}),
    "ballots": frozenset({"office"}),
    "ballots_evidence": frozenset({"office"}),
    "ballots_accepted": frozenset({"appraiser"}),
    "appraised_1": frozenset({"appraiser"}),
    "appraised_2": frozenset({"appraiser"}),
}

# Who may act for a body of their own; whether it is theirs, `bodies.scope` says.
_FOR_A_BODY: frozenset[Role] = frozenset({"unit_head", "unit_officer", "office"})
_APPRAISER: frozenset[Role] = frozenset({"appraiser"})
_OFFICE: frozenset[Role] = frozenset({"office"})
_KEEPERS: frozenset[Role] = frozenset({"office", "admin"})

RIGHTS = Rights({
    "index.read": Right(_STAFF, partners="figures"),
    "index.export": Right(_STAFF),
    "index.explain": Right(_STAFF),
    "index.follow": Right(_STAFF),
    "index.read_steering": Right(frozenset({"director", "office"})),
    "index.publish_edition": Right(frozenset({"director"})),
    "criteria_set.read": Right(_STAFF),
    "criteria_set.create": Right(frozenset({"office", "admin"})),
    "criteria_set.revise": Right(frozenset({"office", "admin"})),
    "criteria_set.change": Right(frozenset({"office", "admin"})),
    "criteria_set.publish": Right(frozenset({"office", "admin"})),
    "criteria_set.link": Right(frozenset({"office"})),
    "score_sheet.read": Right(_STAFF),
    "responsibility.read": Right(
        frozenset({"director", "office", "auditor"}), own_unit=frozenset({"unit_head"})
    ),
    "ranking.read": Right(_STAFF, partners="rankings"),
    "ranking.read_version": Right(_STAFF),  # with its reasons, in words that people write freely
    "ranking.read_parts": Right(_STAFF),
    "ranking.export": Right(_STAFF),
    "ranking.preview": Right(frozenset({"director", "office", "appraiser"})),
    "ranking.prepare": Right(frozenset({"director", "office"})),
    "ranking.publish": Right(frozenset({"director", "office"})),
    "score_row.change": Right(frozenset[Role]().union(*_COLUMNS.values())),
    **{f"score_row.{column}": Right(roles) for column, roles in _COLUMNS.items()},
    "report_kind.read": Right(frozenset({"director", "office", "auditor", "admin"})),
    "report_kind.change": Right(_KEEPERS),
    "report_kind.restructure": Right(frozenset({"admin"})),
    "report_kind.confirm": Right(frozenset({"admin"})),
    # What is issued, all staff read: `reporting.reports.reading` says so.
    "report.read": Right(
        frozenset({"director", "office", "auditor"}),
        own_unit=frozenset({"unit_head", "unit_officer", "appraiser", "admin"}),
    ),
    "report.create": Right(_OFFICE),
    "report.retry": Right(_OFFICE),
    "report.change": Right(_OFFICE),
    "report.check": Right(_OFFICE),
    "report.discard": Right(_OFFICE),
    "report.sign": Right(frozenset({"director", "office"})),
    "report.send": Right(_OFFICE),
    "report.add_signed_copy": Right(_OFFICE),
    "report_template.read": Right(frozenset({"director", "office", "auditor", "admin"})),
    "report_template.create": Right(_KEEPERS),
    "job.read": Right(_STAFF),
    "block.read": Right(_STAFF),
    "block.create": Right(_KEEPERS),
    "block.change": Right(_KEEPERS),
    "block.open": Right(_OFFICE),
    "block.extend": Right(frozenset({"director", "office"})),
    "body.read": Right(_STAFF),
    "body.create": Right(_KEEPERS),
    "body.change": Right(_KEEPERS),
    "sheet.read": Right(_STAFF),
    "sheet.self_score": Right(_FOR_A_BODY),
    "sheet.answer": Right(_FOR_A_BODY),
    "sheet.prove": Right(_FOR_A_BODY),
    "sheet.lock": Right(_FOR_A_BODY | _APPRAISER),
    "sheet.appraise": Right(_APPRAISER),
    "sheet.ask": Right(_APPRAISER),
    "sheet.import_last_year": Right(_OFFICE),
    "sheet.count_ballots": Right(_OFFICE),
    "sheet.enter_survey": Right(frozenset({"director", "office"})),
    "sheet.approve": Right(frozenset({"director"})),
    "sheet.publish": Right(_OFFICE),
    "sheet.reopen": Right(frozenset({"director", "office"})),
    "sheet.extend": Right(frozenset({"director", "office"})),
}, seen_by={"sheet": _STAFF, "report": _STAFF})  # fmt: skip


def sees_unit(actor: Actor, unit_id: UUID | None) -> bool:
    """Tell whether the actor is told of a unit's figures: a partner of its units' only."""
    return actor.reach is None or actor.reach.covers([unit_id] if unit_id else [])


def check_columns(actor: Actor, columns: Collection[str]) -> None:
    """Raise NotAllowed for a column of the sheet that another role enters: author is not judge."""
    for column in sorted(columns):
        act = f"score_row.{column}"
        if not RIGHTS.may(actor, act):
            raise NotAllowed(Sentence(
                N_("Vai trò của bạn không được sửa cột {field}; cột này do {roles} nhập"),
                {"field": column, "roles": ", ".join(sorted(RIGHTS[act]))},
            ))  # fmt: skip
