"""Who may do what in surveys: the Office asks, everybody on the staff sees what is asked.

The routes' policies are the acts of this table, so that a door lets in whom its row names. What a
row allows with things of some units only is narrowed by the noun's own `scope`.
"""

from typing import get_args

from chassis.access import Right, Rights
from chassis.words import N_, Sentence
from contracts.tasks import Role

STAFF: frozenset[Role] = frozenset(get_args(Role)) - {"external_system"}
OFFICE: frozenset[Role] = frozenset({"office", "admin"})
OFFICE_ALONE: frozenset[Role] = frozenset({"office"})
"""For single ballots, with which an administrator has no business."""
AT_A_COUNTER: frozenset[Role] = frozenset({"unit_head", "unit_officer"})

_OTHER_UNITS = Sentence(N_("Bạn chỉ được nhập phiếu về đơn vị mình"))

RIGHTS = Rights(
    {
        "questionnaire.read": Right(STAFF),
        # A correction comes in by the door of `create`: `change` is for nobody who lacks that.
        "questionnaire.create": Right(OFFICE),
        "questionnaire.change": Right(OFFICE),
        "questionnaire.publish": Right(OFFICE),
        "round.read": Right(STAFF),
        "round.count_answers": Right(STAFF),
        "round.create": Right(OFFICE),
        "round.open": Right(OFFICE),
        "round.change": Right(OFFICE),
        "round.close": Right(OFFICE),
        "round.cancel": Right(OFFICE),
        "round.issue_tickets": Right(OFFICE),
        "round.void_tickets": Right(OFFICE),
        "round.create_link": Right(OFFICE),
        "round.read_links": Right(OFFICE | AT_A_COUNTER),
        "round.enter_ballot": Right(OFFICE_ALONE, own_unit=AT_A_COUNTER, elsewhere=_OTHER_UNITS),
        "round.review": Right(OFFICE_ALONE),
    }
)
