"""Which ballots may be excluded and restored: all that are named, or none."""

from uuid import UUID, uuid4

import pytest

from chassis.rules import InputRefused
from surveys.review.domain import Standing, check

COUNTED, EXCLUDED, RESTORED = (
    Standing("counted", 1),
    Standing("excluded", 2),
    Standing("counted", 3),
)
INVALID, HELD = Standing("excluded", 1), Standing("held", 1)


def refused(to: str, *ballots: Standing | None) -> list[str]:
    ids = [uuid4() for _ in ballots]
    found = {id_: one for id_, one in zip(ids, ballots, strict=True) if one}
    with pytest.raises(InputRefused) as error:
        check(to, ids, found)
    assert error.value.code == "ballots_refused"
    for problem in error.value.problems:
        assert str(ids[int(problem.pointer.rpartition("/")[2])]) in str(problem.sentence)
    return [problem.pointer for problem in error.value.problems]


def allowed(to: str, *ballots: Standing) -> None:
    ids = [uuid4() for _ in ballots]
    check(to, ids, dict(zip(ids, ballots, strict=True)))


def test_what_counts_may_be_excluded_and_what_was_excluded_restored() -> None:
    allowed("excluded", COUNTED, RESTORED)
    allowed("counted", EXCLUDED)


def test_what_does_not_count_cannot_be_excluded() -> None:
    assert refused("excluded", COUNTED, EXCLUDED, INVALID, HELD, None) == [
        f"/ballot_ids/{at}" for at in (1, 2, 3, 4)
    ]


def test_what_is_not_excluded_or_never_counted_cannot_be_restored() -> None:
    assert refused("counted", EXCLUDED, COUNTED, INVALID, HELD, None) == [
        f"/ballot_ids/{at}" for at in (1, 2, 3, 4)
    ]


def test_a_ballot_named_twice_is_refused_the_second_time() -> None:
    id_ = UUID(int=7)
    with pytest.raises(InputRefused) as error:
        check("excluded", [id_, id_], {id_: COUNTED})

    assert [problem.pointer for problem in error.value.problems] == ["/ballot_ids/1"]
