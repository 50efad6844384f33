"""A service's table of rights: who may do what, and with whose things. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.access.actor import Actor
from chassis.errors import NotAllowed
from chassis.words import N_, Sentence
from contracts.tasks import Role

_NOBODY: frozenset[Role] = frozenset()
_NO_PARTNERS = Sentence(N_("Địa chỉ này không dành cho hệ thống đối tác"))
_SCOPE_MISSING = N_(
    "Hệ thống đối tác này chưa được cấp phạm vi «{scope}»: hãy đề nghị quản trị viên cấp"
)
_NOT_YOURS = Sentence(N_("Bạn chỉ được làm việc này với nội dung của đơn vị mình"))
_YOURS = Sentence(N_("Bạn không được làm việc này với nội dung của đơn vị mình"))


@dataclass(frozen=True, slots=True)
class Right:
    """Who may do one thing.

    Attributes:
        roles: those who may do it wherever they see it.
        own_unit: those who may do it with what is their own unit's.
        elsewhere: what one of `own_unit` is told about another unit's.
        other_units: those who may do it with all but what is their own unit's.
        at_home: what one of `other_units` is told about their own unit's.
        partners: the scope by which a partner may do it; None: no partner may, whatever its role.
    """

    roles: frozenset[Role] = _NOBODY
    own_unit: frozenset[Role] = _NOBODY
    elsewhere: Sentence = _NOT_YOURS
    other_units: frozenset[Role] = _NOBODY
    at_home: Sentence = _YOURS
    partners: str | None = None


class Rights(Mapping[str, frozenset[Role]]):
    """The table, by `noun.act`. As a mapping: the roles each door lets in (the routes' policies).

    `seen_by`: for nouns whose scope hides single things, the roles that may see any of them. Their
    doors let all of those in: what is hidden is 404 first, and only what is seen can be 403.
    """

    def __init__(
        self, table: Mapping[str, Right], seen_by: Mapping[str, frozenset[Role]] | None = None
    ) -> None:
        self._table, self._seen_by = dict(table), dict(seen_by or {})

    def __getitem__(self, act: str) -> frozenset[Role]:
        """Return the roles that the door of an act lets in. KeyError: nobody declared the act."""
        right = self._table[act]
        seen_by = self._seen_by.get(act.partition(".")[0], _NOBODY)
        return seen_by | right.roles | right.own_unit | right.other_units

    def __iter__(self) -> Iterator[str]:
        """Iterate over the acts, in the order of the table."""
        return iter(self._table)

    def __len__(self) -> int:
        """Return how many acts there are."""
        return len(self._table)

    def may(self, actor: Actor, act: str, unit_id: UUID | None = None) -> bool:
        """Tell whether the actor may do this with something of a unit (None: of no unit)."""
        right = self._table[act]
        if actor.reach is not None:
            within = unit_id is None or actor.reach.covers([unit_id])
            return right.partners in actor.reach.scopes and within
        own = unit_id is not None and actor.unit_id == unit_id
        return actor.role in right.roles | (right.own_unit if own else right.other_units)

    def check(self, actor: Actor, act: str, unit_id: UUID | None = None) -> None:
        """Raise NotAllowed unless the actor may do this with something they can see."""
        if self.may(actor, act, unit_id):
            return
        right = self._table[act]
        if actor.reach is not None:
            raise out_of_scope(right)
        if actor.role in right.own_unit:
            raise NotAllowed(right.elsewhere)
        if actor.role in right.other_units:
            raise NotAllowed(right.at_home)
        raise NotAllowed

    def check_partner(self, actor: Actor, act: str) -> None:
        """Raise NotAllowed unless a partner's scopes open this door; of what comes after."""
        if not self.may(actor, act):
            raise out_of_scope(self._table[act])

    def allowed(
        self, actor: Actor, noun: str, among: Iterable[str], unit_id: UUID | None = None
    ) -> list[str]:
        """Return what the actor may do with this thing now, for the `allowed` of its view.

        `among`: the acts its state allows, without the noun; the answer keeps their order.
        """
        return [act for act in among if self.may(actor, f"{noun}.{act}", unit_id)]


def out_of_scope(right: Right) -> NotAllowed:
    """Return what a partner is told whose scopes do not name what a right needs (RFC 6750)."""
    if right.partners is None:
        return NotAllowed(_NO_PARTNERS)
    challenge = f'Bearer realm="cchc", error="insufficient_scope", scope="{right.partners}"'
    return NotAllowed(
        Sentence(_SCOPE_MISSING, {"scope": right.partners}), code="scope_missing",
        headers={"WWW-Authenticate": challenge},
    )  # fmt: skip
