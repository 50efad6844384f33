"""How a body's sheet goes from opened to published: which act is whose, and when.

opened → self_scoring → locked (appraisal 1) → explaining → explained (appraisal 2) → approved →
published. Without a question nothing is to be explained. Source: the workflow of a province's
public code, docs/indices.md 8.
"""

from collections.abc import Collection, Mapping
from typing import Literal

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence

State = Literal[
    "opened", "self_scoring", "locked", "explaining", "explained", "approved", "published"
]
Act = Literal[
    "self_score", "prove", "answer", "lock", "appraise", "ask", "import_last_year",
    "count_ballots", "approve", "publish",
]  # fmt: skip
Party = Literal["body", "appraiser", "office", "director"]

STATES: Mapping[State, str] = {
    "opened": N_("đã mở, chưa ai nhập"),
    "self_scoring": N_("đang tự chấm"),
    "locked": N_("đã chốt tự chấm, đang thẩm định lần 1"),
    "explaining": N_("đang giải trình"),
    "explained": N_("đã chốt giải trình, đang thẩm định lần 2"),
    "approved": N_("đã duyệt"),
    "published": N_("đã công bố"),
}
OPEN: Mapping[Act, Mapping[State, Party]] = {
    "self_score": {"opened": "body", "self_scoring": "body"},
    "prove": {"opened": "body", "self_scoring": "body", "explaining": "body"},
    "answer": {"explaining": "body"},
    "lock": {
        "opened": "body", "self_scoring": "body", "locked": "appraiser", "explaining": "body",
    },
    "appraise": {"locked": "appraiser", "explained": "appraiser"},
    "ask": {"locked": "appraiser"},
    "count_ballots": {
        "opened": "office", "self_scoring": "office", "locked": "office", "explaining": "office",
        "explained": "office",
    },
    "import_last_year": {"opened": "office", "self_scoring": "office"},
    "approve": {"explained": "director"},
    "publish": {"approved": "office"},
}  # fmt: skip
"""Which act is open in which state, and to whom."""
BEGINS: frozenset[Act] = frozenset({"self_score", "prove"})
"""Acts that begin the self-scoring."""

_NOT_NOW = N_("Phiếu {state}: việc này chỉ làm được khi phiếu {right}")
_INELIGIBLE = N_("{name} không đủ điều kiện đánh giá ({reason}), nên phiếu chưa thể công bố")


def open_acts(state: State, parties: Collection[Party]) -> list[Act]:
    """Return what the parties may do with a sheet in a state."""
    return [act for act, states in OPEN.items() if states.get(state) in parties]


def check_state(act: Act, state: State) -> None:
    """Raise RuleBroken (`score_sheet_state`) for an act that a state has no room for."""
    if state in OPEN[act]:
        return
    right = Sentence(STATES[[*OPEN[act]][-1]])
    facts = {"state": Sentence(STATES[state]), "right": right}
    raise RuleBroken("score_sheet_state", Sentence(_NOT_NOW, facts))


_COLUMNS: Mapping[str, tuple[Act, frozenset[State]]] = {
    "self_score": ("self_score", frozenset({"opened", "self_scoring"})),
    "not_applicable_reason": ("self_score", frozenset({"opened", "self_scoring"})),
    "appraised_1": ("appraise", frozenset({"locked"})),
    "appraised_2": ("appraise", frozenset({"explained"})),
    "not_applicable_accepted": ("appraise", frozenset({"locked", "explained"})),
}


def check_columns_open(columns: Collection[str], state: State) -> None:
    """Raise RuleBroken (`score_sheet_state`) for a column that a sheet's state has no room for."""
    for column in sorted(columns):
        act, states = _COLUMNS.get(column, ("self_score", frozenset({state})))
        if state not in states:
            right = Sentence(STATES[[*OPEN[act]][-1]])
            facts = {"state": Sentence(STATES[state]), "right": right}
            raise RuleBroken("score_sheet_state", Sentence(_NOT_NOW, facts))


def after_lock(state: State, *, asked: bool) -> State:
    """Return where a lock leads. `asked`: the appraiser wants rows explained."""
    if state == "locked":
        return "explaining" if asked else "explained"
    return "explained" if state == "explaining" else "locked"


def check_eligible(name: str, reason: str | None) -> None:
    """Raise RuleBroken (`body_ineligible`): what cannot be assessed is not published."""
    if reason is not None:
        sentence = Sentence(_INELIGIBLE, {"name": name, "reason": reason})
        raise RuleBroken("body_ineligible", sentence)
