"""Who may do what in surveys: the Office asks, everybody on the staff sees what is asked."""

from collections.abc import Mapping
from typing import Any, get_args

from sqlalchemy import Select

from chassis.access import Actor
from contracts.tasks import Role
from surveys.tables import Link, SurveyRound

STAFF: frozenset[Role] = frozenset(get_args(Role)) - {"external_system"}
OFFICE: frozenset[Role] = frozenset({"office", "admin"})
AT_A_COUNTER: frozenset[Role] = frozenset({"unit_head", "unit_officer"})

POLICIES: Mapping[str, frozenset[Role]] = {
    "questionnaire.read": STAFF,
    "questionnaire.write": OFFICE,
    "round.read": STAFF,
    "round.write": OFFICE,
    "ticket.issue": OFFICE,
    "link.read": OFFICE | AT_A_COUNTER,
    "link.write": OFFICE,
    "answers_count.read": STAFF,
}


def scope(query: Select[Any], actor: Actor) -> Select[Any]:
    """Narrow a query of rounds: drafts are the department's own business, not the units'."""
    return query if actor.is_department_wide else query.where(SurveyRound.status != "draft")


def scope_links(query: Select[Any], actor: Actor) -> Select[Any]:
    """Narrow a query of links: a unit sees the ones that hang at its own counter."""
    return query if actor.is_department_wide else query.where(Link.unit_id == actor.unit_id)
