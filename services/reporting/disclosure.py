"""What may be shown of citizens' answers: what small groups forbid. Pure."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from operator import sub
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)

STEP = 5  # counted answers between two releases of a finer cell, and the smallest group shown


def stands_at(n: int) -> int:
    """Return the number of answers to name beside a finer cell: full steps of 5 only."""
    return n - n % STEP


def may_release(n: int, released_n: int) -> bool:
    """Tell whether a finer cell with `n` counted answers may replace what it showed before.

    Two shown states never differ by fewer than 5 answers, so no single one can be read off.
    Source: composed, docs/indices.md 4.1.
    """
    return n - released_n >= STEP


def released(before: Sequence[int], counts: Sequence[int], size: int) -> list[int]:
    """Return what may be shown of finer cells of `size` numbers each, by what was shown before.

    A cell's numbers come out together. One that shrank below what it showed was mended: it shows
    what is true now.
    """
    after = list(before)
    held_back = list(map(sub, counts, before))
    for start in range(0, len(counts), size):
        more = sum(held_back[start : start + size])
        if more < 0 or may_release(more, 0):
            after[start : start + size] = counts[start : start + size]
    return after


def visible(
    groups: Mapping[Group, int], min_n: int, hidden_before: Collection[Group] = ()
) -> frozenset[Group]:
    """Return the groups whose figures may stand beside their common total.

    Args:
        groups: counted answers per group; together they are the total, so a group of answers that
            belong to no unit is one of them.
        min_n: smallest group whose figure may be shown.
        hidden_before: groups not shown last time. They stay hidden first, so that the choice does
            not wander between groups and let two moments be subtracted.

    Hides every group below `min_n`. When those together are fewer than `min_n`, total minus visible
    would tell about them: more groups join until they are enough (complementary suppression).
    """
    shown_groups = {group for group, n in groups.items() if n >= min_n}
    hidden = sum(n for group, n in groups.items() if group not in shown_groups)
    for group in sorted(shown_groups, key=lambda g: (g not in hidden_before, groups[g], str(g))):
        if hidden == 0 or hidden >= min_n:
            break
        shown_groups.remove(group)
        hidden += groups[group]
    return frozenset(shown_groups)
