"""Several things said in one line: how many of each kind, what asks for an act first."""

from collections import Counter
from collections.abc import Callable, Iterable

from chassis.words import N_

KINDS = {
    "overdue": N_("{n} nhiệm vụ đã quá hạn"),
    "due_soon": N_("{n} nhiệm vụ sắp đến hạn"),
    "result": N_("{n} kết quả nhiệm vụ cần xem"),
    "extension": N_("{n} việc gia hạn nhiệm vụ"),
    "contribution": N_("{n} việc đóng góp phối hợp"),
    "difficulty": N_("{n} nhiệm vụ gặp khó khăn, vướng mắc"),
    "accountable": N_("{n} nhiệm vụ không còn người chịu trách nhiệm"),
    "task_changed": N_("{n} nhiệm vụ được điều chỉnh"),
    "new_task": N_("{n} nhiệm vụ mới"),
    "other": N_("{n} thông báo khác"),
}
"""In the order in which they are said."""
BODY = N_("Mở để xem từng nhiệm vụ; đọc mục này là đã đọc tất cả các nhiệm vụ trong đó.")


def summary(kinds: Iterable[str], say: Callable[..., str]) -> str:
    """Return how many there are of each kind, as `3 nhiệm vụ đã quá hạn, 57 nhiệm vụ mới`.

    `kinds`: one per thing; what is no key of KINDS counts as other. `say`: a template, and `n`.
    """
    counted = Counter(kind if kind in KINDS else "other" for kind in kinds)
    return ", ".join(say(KINDS[kind], n=counted[kind]) for kind in KINDS if counted[kind])
