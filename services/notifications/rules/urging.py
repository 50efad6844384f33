"""What is said to those who are urged: exactly the people that tasks names, each in own words."""

from chassis.words import N_
from contracts import tasks
from contracts.tasks import UnitUrged, UrgedPerson
from notifications.rules.model import Audience, Occasion, Rule
from notifications.rules.reasons import Reason
from notifications.rules.wording import day_text

_NAMED = (Audience(Reason.URGED, email=True),)
_KNOW = N_("Tính đến ngày {day}. Hãy mở danh sách và xử lý.")

URGING = (
    Rule(
        tasks.UnitUrged, "office", category="urging", severity="warning",
        title=N_("Bạn được đôn đốc {count} nhiệm vụ"),
        body="{words}",
        audiences=_NAMED, asks=True, named_only=True, must_acknowledge=True,
    ),
    Rule(
        tasks.UnitUrged, "report", category="urging", severity="warning",
        title=N_("Đơn vị của bạn được đôn đốc gửi báo cáo"),
        body="{words}",
        audiences=_NAMED, asks=True, named_only=True, must_acknowledge=True,
    ),
    Rule(
        tasks.UnitUrged, "ladder", category="urging", severity="warning",
        title=N_("Nhiệm vụ {number} quá hạn {days} ngày làm việc"),
        body=_KNOW,
        audiences=_NAMED, asks=True, named_only=True,
    ),
    Rule(
        tasks.UnitUrged, "ladder_many", category="urging", severity="warning",
        title=N_("{count} nhiệm vụ quá hạn, lâu nhất {days} ngày làm việc"),
        body=_KNOW,
        audiences=_NAMED, asks=True, named_only=True,
    ),
)  # fmt: skip


def occasions_of_urging(event: UnitUrged) -> list[Occasion]:
    """Return what it means for each person named; the subject is the urging, whoever is told.

    A person stands in one event of an urging, so that type, urging and person are one obligation.
    """
    return [_of(event, person) for person in event.people]


def _of(event: UnitUrged, person: UrgedPerson) -> Occasion:
    return Occasion(
        event_type=event.type,
        case=_case(event, person),
        subject_type="urging",
        subject_id=event.urging_id,
        version=event.version,
        step="",
        urged_id=person.person_id,
        facts={
            "count": str(person.count),
            "number": person.number,
            "days": str(person.days_late),
            "day": day_text(event.on),
            "words": person.words,
        },
    )


def _case(event: UnitUrged, person: UrgedPerson) -> str:
    if event.about == "report":
        return "report"
    many = "ladder_many" if person.count > 1 else "ladder"
    return "office" if event.origin == "office" else many
