"""Who may do what in reporting. Figures are for everybody in the department; sheets have owners."""

from collections.abc import Mapping
from typing import get_args

from chassis.access import Actor
from chassis.errors import NotAllowed
from contracts.tasks import Role

_ALL: tuple[Role, ...] = get_args(Role)
_STAFF: tuple[Role, ...] = tuple(role for role in _ALL if role != "external_system")

POLICIES: Mapping[str, tuple[Role, ...]] = {
    "index.read": _STAFF,
    "criteria_set.read": _STAFF,
    "criteria_set.write": ("office", "admin"),
    "link.write": ("office",),
    "score_sheet.read": _STAFF,
    "score_row.write": ("office", "unit_head", "appraiser"),
}

_FIELDS: Mapping[str, tuple[Role, ...]] = {
    "self_score": ("office", "unit_head"),
    "expected_score": ("office", "unit_head"),
    "last_year_score": ("office",),
    "not_applicable_reason": ("office", "unit_head"),
    "not_applicable_accepted": ("appraiser",),
    "appraised_1": ("appraiser",),
    "appraised_2": ("appraiser",),
}


def check_fields(actor: Actor, fields: set[str]) -> None:
    """Refuse changes to columns of the sheet that belong to another role: author is not judge."""
    for field in sorted(fields):
        if actor.role not in _FIELDS[field]:
            raise NotAllowed(
                "Vai trò của bạn không được sửa cột {field}; cột này do {roles} nhập",
                field=field,
                roles=", ".join(_FIELDS[field]),
            )
