"""Who is concerned: the people of the directory tied to an occasion by a rule."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from notifications.rules.model import Occasion, Rule
from notifications.rules.reasons import Reason

_ROLES_OF = {
    Reason.OFFICE_FOLLOWS: ("office",),
    Reason.DIRECTOR_IN_CHARGE: ("director",),
    Reason.MAIL_FAILED: ("admin", "office"),
}
_OF_THE_UNIT = {Reason.ACCOUNTABLE, Reason.HEAD_OF_UNIT, Reason.INSPECTED, Reason.SUBMITTER}
# As the tasks service lets people in: these everywhere, these where their unit leads or helps.
OVERSIGHT = frozenset({"director", "office", "appraiser", "auditor", "admin"})
STAFF = frozenset({"unit_head", "unit_officer"})
INSPECTING = frozenset({"director", "office", "auditor"})
_MAY_LEAD = STAFF | {"office", "director"}


@dataclass(frozen=True)
class Person:
    """An active person of the directory. `substitute_id`: who stands in today, while away."""

    id: UUID
    unit_id: UUID
    role: str
    has_address: bool
    substitute_id: UUID | None = None


@dataclass(frozen=True)
class Recipient:
    """One person who is told of an occasion, why, and whether also by mail."""

    person_id: UUID
    reason: Reason
    email: bool


class Directory:
    """The active people, findable by id, role and unit."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Index the people by their ids; inactive ones may not be among them."""
        self.people: Mapping[UUID, Person] = {person.id: person for person in people}

    def find(self, id_: UUID | None) -> list[Person]:
        """Return the person as a list of one, or nobody."""
        person = self.people.get(id_) if id_ else None
        return [person] if person else []

    def with_role(self, role: str) -> list[Person]:
        """Return everybody in a role."""
        return [person for person in self.people.values() if person.role == role]

    def heads(self, units: Sequence[UUID] | None) -> list[Person]:
        """Return the heads of some units; None: of all units that have a `unit_head`.

        A unit without one is led by its own people of the Office or the Director.
        """
        heads = [p for p in self.with_role("unit_head") if units is None or p.unit_id in units]
        led = {person.unit_id for person in heads}
        others = (p for p in self.people.values() if p.role in {"office", "director"})
        return heads + [p for p in others if p.unit_id in (units or ()) and p.unit_id not in led]


def may_open(person: Person, occasion: Occasion) -> bool:
    """Whether the person may open what the occasion is about; nobody is told of what stays shut."""
    if occasion.subject_type == "inspection":
        of_unit = person.role in STAFF and person.unit_id == occasion.lead_unit_id
        elsewhere = person.role in OVERSIGHT | STAFF and person.unit_id != occasion.lead_unit_id
        of_team = elsewhere and person.id in occasion.team_ids
        return of_unit or of_team or person.role in INSPECTING
    if occasion.subject_type != "assignment" or person.role in OVERSIGHT:
        return person.role in OVERSIGHT | STAFF
    helping = occasion.coordinating_unit_ids
    units = {occasion.lead_unit_id, *helping, *occasion.former_unit_ids}
    return person.role in STAFF and person.unit_id in units


def may_lead(person: Person, lead_unit_id: UUID | None) -> bool:
    """Whether the person can be accountable for what the unit leads: of the unit, and at work."""
    return person.unit_id == lead_unit_id and person.role in _MAY_LEAD


def may_stand_in(away: Person, substitute: Person) -> bool:
    """Whether somebody may stand in now, as the tasks service lets people be entered."""
    if away.role in STAFF:
        return substitute.role in STAFF and substitute.unit_id == away.unit_id
    return substitute.role == away.role


def recipients_of(
    rule: Rule,
    occasion: Occasion,
    directory: Directory,
    *,
    actor_id: UUID | None,
    submitter_id: UUID | None,
) -> list[Recipient]:
    """Return who is told: each person once, by the first of the rule's reasons that fits.

    Nobody is told of their own act, nor of what they may not open. Whoever stands in for one of
    them today is told, too. When a rule means people of the
    lead unit and the directory has none of them, everybody of the unit and the Office are told
    instead, so that somebody always knows.

    Args:
        rule: the line of the table for this occasion.
        occasion: what happened, with the ids it is tied to.
        directory: the active people.
        actor_id: whose act it was; None for the clock's.
        submitter_id: who submitted what it is about, if anybody is known.
    """
    found: dict[UUID, Recipient] = {}
    for audience in rule.audiences:
        for person, reason in _tied(audience.reason, occasion, directory, submitter_id):
            email = audience.email and person.has_address
            found.setdefault(person.id, Recipient(person.id, reason, email))
    if _nobody_of_the_unit(rule, found.values()):
        for person, reason in _instead(occasion, directory):
            found.setdefault(person.id, Recipient(person.id, reason, person.has_address))
    for recipient in list(found.values()) if not rule.named_only else ():
        for person in _standing_in(recipient, occasion, directory):
            email = recipient.email and person.has_address
            found.setdefault(person.id, Recipient(person.id, Reason.STANDS_IN, email))
    return [recipient for id_, recipient in found.items() if id_ != actor_id]


def _standing_in(recipient: Recipient, occasion: Occasion, directory: Directory) -> list[Person]:
    """Return who stands in for somebody who is away, where they may open it by themselves.

    Who has moved to another unit or role since stands in for nobody.
    """
    away = directory.people[recipient.person_id]
    found = directory.find(away.substitute_id)
    return [each for each in found if may_stand_in(away, each) and may_open(each, occasion)]


def _nobody_of_the_unit(rule: Rule, found: Iterable[Recipient]) -> bool:
    meant = any(audience.reason in _OF_THE_UNIT for audience in rule.audiences)
    return meant and not any(each.reason in _OF_THE_UNIT for each in found)


def _instead(occasion: Occasion, directory: Directory) -> list[tuple[Person, Reason]]:
    unit = [p for p in directory.people.values() if may_lead(p, occasion.lead_unit_id)]
    office = directory.with_role("office")
    return [(person, Reason.UNIT_WITHOUT_HEAD) for person in unit] + [
        (person, Reason.NOBODY_IN_UNIT) for person in office
    ]


def _tied(
    reason: Reason, occasion: Occasion, directory: Directory, submitter_id: UUID | None
) -> list[tuple[Person, Reason]]:
    """Return who is tied by a reason and may open it; the head stands in for nobody accountable."""
    people = _people(reason, occasion, directory, submitter_id)
    if reason is Reason.ACCOUNTABLE:
        people = [person for person in people if may_lead(person, occasion.lead_unit_id)]
        if not people:
            reason = Reason.HEAD_OF_UNIT
            people = _people(reason, occasion, directory, submitter_id)
    if reason is Reason.IN_TEAM:  # nobody inspects their own unit, should they have moved there
        people = [person for person in people if person.unit_id != occasion.lead_unit_id]
    return [(person, reason) for person in people if may_open(person, occasion)]


def _deciding(occasion: Occasion, directory: Directory) -> list[Person]:
    """Return who decides what a unit asks for: nobody about what is their own unit's."""
    office = directory.with_role("office")
    others = [person for person in office if person.unit_id != occasion.lead_unit_id]
    return others if len(others) == len(office) else others + directory.with_role("director")


def _addressed(occasion: Occasion, directory: Directory) -> list[Person]:
    return [p for p in directory.people.values() if p.unit_id in occasion.recipient_unit_ids]


_FOUND: Mapping[Reason, Callable[[Occasion, Directory], list[Person]]] = {
    Reason.DECIDES: _deciding,
    Reason.RECIPIENT: _addressed,
}


def _people(
    reason: Reason, occasion: Occasion, directory: Directory, submitter_id: UUID | None
) -> list[Person]:
    if reason in _FOUND:
        return _FOUND[reason](occasion, directory)
    if reason in _ROLES_OF:
        return [each for role in _ROLES_OF[reason] for each in directory.with_role(role)]
    named: Mapping[Reason, Sequence[UUID | None]] = {
        Reason.ACCOUNTABLE: (occasion.accountable_id,),
        Reason.SUBMITTER: (submitter_id,),
        Reason.ASKER: (occasion.asker_id or submitter_id,),
        Reason.CONTRIBUTOR: (occasion.contributor_id,),
        Reason.WRITER: (occasion.writer_id,),
        Reason.SENDER: (occasion.sender_id,),
        Reason.FOR_THE_BODY: occasion.body_people_ids,
        Reason.APPRAISER: occasion.appraiser_ids,
        Reason.URGED: (occasion.urged_id,),
        Reason.IN_TEAM: occasion.team_ids,
    }
    if reason in named:
        return [each for id_ in named[reason] for each in directory.find(id_)]
    if reason in {Reason.UNIT_ASKED, Reason.HEAD_REPORTS}:
        asked = (occasion.asked_unit_id,) if occasion.asked_unit_id else ()
        return directory.heads(asked) or [
            person for person in directory.people.values() if person.unit_id in asked
        ]
    if reason is Reason.HELPER:
        helpers = [each for id_ in occasion.helper_ids for each in directory.find(id_)]
        return [each for each in helpers if may_lead(each, occasion.lead_unit_id)]
    lead = (occasion.lead_unit_id,) if occasion.lead_unit_id else ()
    before = (occasion.previous_unit_id,) if occasion.previous_unit_id else ()
    units = {
        Reason.HEAD_OF_UNIT: lead,
        Reason.INSPECTED: lead,
        Reason.COORDINATING: occasion.coordinating_unit_ids,
        Reason.UNIT_BEFORE: before,
        Reason.UNIT_IN_SCOPE: occasion.scope_unit_ids,
    }
    return directory.heads(units[reason])
