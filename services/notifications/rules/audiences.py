"""Who may be told, and when they need not hear it any more: the words that rules are made of."""

from notifications.rules.model import Audience
from notifications.rules.reasons import Reason

ACCOUNTABLE = Audience(Reason.ACCOUNTABLE, email=True)
HELPERS = Audience(Reason.HELPER, email=True)
HEAD = Audience(Reason.HEAD_OF_UNIT, email=True)
HEAD_IN_APP = Audience(Reason.HEAD_OF_UNIT)
COORDINATING = Audience(Reason.COORDINATING)
SUBMITTER = Audience(Reason.SUBMITTER, email=True)
UNITS = Audience(Reason.UNIT_IN_SCOPE)
UNITS_BY_MAIL = Audience(Reason.UNIT_IN_SCOPE, email=True)
RECIPIENTS = Audience(Reason.RECIPIENT)
UNIT_BEFORE = Audience(Reason.UNIT_BEFORE, email=True)
UNIT_ASKED = Audience(Reason.UNIT_ASKED, email=True)
UNIT_ASKED_IN_APP = Audience(Reason.UNIT_ASKED)
ASKER = Audience(Reason.ASKER, email=True)
CONTRIBUTOR = Audience(Reason.CONTRIBUTOR, email=True)
FOR_THE_BODY = Audience(Reason.FOR_THE_BODY, email=True)
FOR_THE_BODY_IN_APP = Audience(Reason.FOR_THE_BODY)
APPRAISERS = Audience(Reason.APPRAISER, email=True)
HEAD_REPORTS = Audience(Reason.HEAD_REPORTS, email=True)
HEAD_REPORTS_IN_APP = Audience(Reason.HEAD_REPORTS)
WRITER = Audience(Reason.WRITER, email=True)
SENDER = Audience(Reason.SENDER, email=True)
INSPECTED = Audience(Reason.INSPECTED, email=True)
TEAM = Audience(Reason.IN_TEAM, email=True)
DECIDES = Audience(Reason.DECIDES, email=True)
OFFICE = Audience(Reason.OFFICE_FOLLOWS, email=True)
OFFICE_IN_APP = Audience(Reason.OFFICE_FOLLOWS)
DIRECTOR = Audience(Reason.DIRECTOR_IN_CHARGE, email=True)
DIRECTOR_IN_APP = Audience(Reason.DIRECTOR_IN_CHARGE)

OVER = frozenset({"done", "cancelled", "carried"})
HANDED_IN = OVER | {"submitted"}
NOT_OWED = HANDED_IN | {"paused"}
NO_REMINDER = NOT_OWED | {"overdue"}
